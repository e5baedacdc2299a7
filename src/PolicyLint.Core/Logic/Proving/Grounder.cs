using PolicyLint.Core.Catalog;

namespace PolicyLint.Core.Logic.Proving;

/// <summary>
/// Rows that a formula asks for become constants; what it says of all rows is said of each of them (PROVER 2.4). Constraints of the tables
/// are said of every row.
/// </summary>
internal sealed class Grounder(ICatalog catalog, Clauses clauses, Func<int, TableConstraint, Prop> checkOf, CancellationToken cancellation)
{
    private const int MaximumRows = 64;
    private const int MaximumInstances = 2000;
    private const int ForeignKeyDepth = 3;

    private readonly List<int> _rows = [];
    private readonly Dictionary<int, int> _depth = [];
    private readonly Dictionary<RowSource, List<int>> _bySource = [];
    private readonly List<Universal> _universals = [];
    private readonly List<(Prop Prop, bool IsPositive, RowChoice? Rows)> _later = [];
    private readonly HashSet<(int, int)> _keyed = [];
    private int _constrained;
    private int _instances;
    private int _target = -1;
    private bool _isTargetNew;
    private bool _isConstraint;

    /// <summary>
    /// Takes every atom about a function that is not looked into for false, whichever way it is asked: what is satisfiable then is so
    /// whatever these functions say.
    /// </summary>
    public bool IsCautious { get; init; }

    /// <summary>The only rows that may exist, besides parents of foreign keys; null for no such bound.</summary>
    public HashSet<int>? Given { get; init; }

    /// <summary>Rows in the order in which they were asked for, the target first.</summary>
    public IReadOnlyList<int> Rows => _rows;

    /// <summary>Makes the clauses such that they hold together iff the formula does.</summary>
    /// <param name="formula">The formula.</param>
    /// <param name="target">The row that it is about; -1 for none.</param>
    /// <param name="isTargetNew">The row is about to be written, so no subquery finds it in its table.</param>
    public void Run(Prop formula, int target, bool isTargetNew)
    {
        clauses.Clear();
        _target = target;
        _isTargetNew = isTargetNew;
        clauses.Target = target;
        if (target >= 0)
            Add(target, 0);
        Assert(formula, true, null);
        AssertLater();
        bool changed;
        do
        {
            changed = Constrain();
            changed |= Instantiate();
        }
        while (changed && !clauses.IsContradictory);
        AddVisibility();
    }

    private int InTable(int row) => row != _target ? clauses.Literal(PropKind.Row, row) : _isTargetNew ? -Clauses.Always : Clauses.Always;

    private void Add(int row, int depth)
    {
        if (_rows.Count >= MaximumRows)
            throw new UndecidedException(UnknownReason.Budget, "too many rows");
        _rows.Add(row);
        _depth[row] = depth;
        var source = clauses.Terms.SourceOf(row);
        if (!_bySource.TryGetValue(source, out var rows))
            _bySource.Add(source, rows = []);
        rows.Add(row);
    }

    private static bool IsConjunction(Prop prop, bool isPositive) => prop.Kind == (isPositive ? PropKind.And : PropKind.Or);

    private static bool IsDisjunction(Prop prop, bool isPositive) => prop.Kind == (isPositive ? PropKind.Or : PropKind.And);

    // What single atoms say comes first: much of the rest is settled by it.
    private void Assert(Prop prop, bool isPositive, RowChoice? rows)
    {
        if (prop.Kind == PropKind.Not)
        {
            Assert(prop.Items[0], !isPositive, rows);
        }
        else if (IsConjunction(prop, isPositive))
        {
            foreach (var item in prop.Items)
                Assert(item, isPositive, rows);
        }
        else if (prop.HasQuantifier || IsDisjunction(prop, isPositive))
        {
            _later.Add((prop, isPositive, rows));
        }
        else
        {
            clauses.Assert(Literal(prop, isPositive, rows));
        }
    }

    // Rows that exist, then what is said of rows that are there, then what is said of all rows.
    private void AssertLater()
    {
        for (var turn = 0; turn < 3 && !clauses.IsContradictory; turn++)
        {
            for (var i = 0; i < _later.Count; i++)
            {
                var (prop, isPositive, rows) = _later[i];
                if (turn != (prop.Kind == PropKind.Exists && isPositive ? 0 : prop.HasQuantifier ? 2 : 1))
                    continue;
                _later.RemoveAt(i--);
                if (prop.Kind == PropKind.Exists && isPositive)
                {
                    AssertExists(prop, rows);
                }
                else if (prop.Kind == PropKind.Exists)
                {
                    _universals.Add(new(prop, rows, Clauses.Always));
                }
                else
                {
                    var start = clauses.Begin();
                    if (AddDisjuncts(prop, isPositive, rows))
                        clauses.End(start);
                    else
                        clauses.Drop(start);
                }
            }
        }
        _later.Clear();
    }

    private void AssertExists(Prop prop, RowChoice? rows)
    {
        if (IsExcluded(prop))
        {
            clauses.Assert(-Clauses.Always);
            return;
        }
        var chosen = NewRows(prop, rows);
        foreach (var row in chosen.Rows)
            clauses.Assert(InTable(row));
        Assert(prop.Items[0], true, chosen);
    }

    private bool IsExcluded(Prop prop) => Given is not null && !Array.TrueForAll(prop.Rows, Given.Contains);

    private RowChoice NewRows(Prop prop, RowChoice? outer)
    {
        var rows = new int[prop.Rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = clauses.Terms.NewRow(clauses.Terms.SourceOf(prop.Rows[i]));
            Add(rows[i], 0);
        }
        return new(prop.Rows, rows, outer);
    }

    // Adds a literal for each part of a disjunction to the clause begun last. False: the clause holds anyway.
    private bool AddDisjuncts(Prop prop, bool isPositive, RowChoice? rows)
    {
        if (prop.Kind == PropKind.Not)
            return AddDisjuncts(prop.Items[0], !isPositive, rows);
        if (!IsDisjunction(prop, isPositive))
            return clauses.Add(Literal(prop, isPositive, rows));
        foreach (var hasQuantifier in (bool[])[false, true])
        {
            foreach (var item in prop.Items)
            {
                if (item.HasQuantifier == hasQuantifier && !AddDisjuncts(item, isPositive, rows))
                    return false;
            }
        }
        return true;
    }

    // Adds a literal for each part of a conjunction. False: one of them never holds.
    private bool AddConjuncts(Prop prop, bool isPositive, RowChoice? rows)
    {
        if (prop.Kind == PropKind.Not)
            return AddConjuncts(prop.Items[0], !isPositive, rows);
        if (!IsConjunction(prop, isPositive))
            return AddConjunct(Literal(prop, isPositive, rows));
        foreach (var hasQuantifier in (bool[])[false, true])
        {
            foreach (var item in prop.Items)
            {
                if (item.HasQuantifier == hasQuantifier && !AddConjuncts(item, isPositive, rows))
                    return false;
            }
        }
        return true;
    }

    private bool AddConjunct(int literal) => literal == Clauses.Always || (literal != -Clauses.Always && clauses.Add(literal));

    // A literal that is true only where the formula is.
    private int Literal(Prop prop, bool isPositive, RowChoice? rows)
    {
        switch (prop.Kind)
        {
            case PropKind.True:
                return isPositive ? Clauses.Always : -Clauses.Always;
            case PropKind.False:
                return isPositive ? -Clauses.Always : Clauses.Always;
            case PropKind.Not:
                return Literal(prop.Items[0], !isPositive, rows);
            case PropKind.And or PropKind.Or when IsDisjunction(prop, isPositive):
            {
                var start = clauses.Begin();
                if (AddDisjuncts(prop, isPositive, rows))
                    return clauses.Any(start);
                clauses.Drop(start);
                return Clauses.Always;
            }
            case PropKind.And or PropKind.Or:
            {
                var start = clauses.Begin();
                if (AddConjuncts(prop, isPositive, rows))
                    return clauses.All(start);
                clauses.Drop(start);
                return -Clauses.Always;
            }
            case PropKind.Exists when isPositive:
            {
                if (IsExcluded(prop))
                    return -Clauses.Always;
                var chosen = NewRows(prop, rows);
                var start = clauses.Begin();
                foreach (var row in chosen.Rows)
                    AddConjunct(InTable(row));
                if (AddConjuncts(prop.Items[0], true, chosen))
                    return clauses.All(start);
                clauses.Drop(start);
                return -Clauses.Always;
            }
            case PropKind.Exists:
            {
                var gate = clauses.NewGate();
                _universals.Add(new(prop, rows, gate));
                return gate;
            }
            case PropKind.Row:
            {
                var literal = InTable(rows?.Of(prop.A) ?? prop.A);
                return isPositive ? literal : -literal;
            }
            case PropKind.Visible:
            {
                var literal = clauses.Literal(PropKind.Visible, rows?.Of(prop.A) ?? prop.A);
                return isPositive ? literal : -literal;
            }
            case PropKind.Subquery:
            {
                var literal = clauses.Literal(PropKind.Subquery, prop.A);
                return isPositive ? literal : -literal;
            }
            default:
            {
                int a = clauses.Terms.Substitute(prop.A, rows), b = prop.B < 0 ? prop.B : clauses.Terms.Substitute(prop.B, rows);
                var isSame = prop.Kind == PropKind.Same ? Prop.AreSame(clauses.Terms, a, b) : null;
                if (isSame is null && IsCautious && (IsOpaque(a) || (b >= 0 && IsOpaque(b))))
                    return _isConstraint ? Clauses.Always : -Clauses.Always;
                var literal = isSame is { } known ? known ? Clauses.Always : -Clauses.Always : clauses.Literal(prop.Kind, a, b);
                return isPositive ? literal : -literal;
            }
        }
    }

    private bool IsOpaque(int term)
    {
        var node = clauses.Terms[term];
        return node.Kind == ValueKind.Function && (!Functions.IsInterpreted(node.Name) || Array.Exists(node.Arguments, IsOpaque));
    }

    private bool Instantiate()
    {
        var changed = false;
        for (var i = 0; i < _universals.Count && !clauses.IsContradictory; i++)
        {
            var universal = _universals[i];
            var candidates = Array.ConvertAll(universal.Prop.Rows, variable => _bySource.TryGetValue(clauses.Terms.SourceOf(variable), out var rows) ? rows : []);
            var counts = Array.ConvertAll(candidates, static rows => rows.Count);
            if (Array.IndexOf(counts, 0) >= 0)
                continue;
            var places = new int[counts.Length];
            do
            {
                if (!universal.IsNew(places))
                    continue;
                cancellation.ThrowIfCancellationRequested();
                if (++_instances > MaximumInstances)
                    throw new UndecidedException(UnknownReason.Budget, "too many combinations of rows");
                changed = true;
                var chosen = new int[places.Length];
                for (var r = 0; r < chosen.Length; r++)
                    chosen[r] = candidates[r][places[r]];
                Instantiate(universal, chosen);
            }
            while (IsNext(places, counts));
            universal.Done = counts;
        }
        return changed;
    }

    private static bool IsNext(int[] places, int[] counts)
    {
        for (var i = places.Length - 1; i >= 0; i--)
        {
            if (++places[i] < counts[i])
                return true;
            places[i] = 0;
        }
        return false;
    }

    // The rows are not there, or the body does not hold of them.
    private void Instantiate(Universal universal, int[] chosen)
    {
        var start = clauses.Begin();
        var isOpen = clauses.Add(-universal.Gate);
        foreach (var row in chosen)
            isOpen = isOpen && clauses.Add(-InTable(row));
        if (isOpen && AddDisjuncts(universal.Prop.Items[0], false, new(universal.Prop.Rows, chosen, universal.Rows)))
            clauses.End(start);
        else
            clauses.Drop(start);
    }

    private bool Constrain()
    {
        var changed = false;
        while (_constrained < _rows.Count)
        {
            var row = _rows[_constrained++];
            changed = true;
            if (clauses.Terms.SourceOf(row).Table is not { } table)
                continue;
            foreach (var constraint in table.Constraints)
            {
                if (constraint is { Kind: ConstraintKind.Check, IsValidated: true, Condition: not null })
                    SayCheck(row, checkOf(row, constraint));
            }
            if (_depth[row] < ForeignKeyDepth)
            {
                foreach (var constraint in table.Constraints)
                    AddParent(row, constraint);
            }
        }
        foreach (var rows in _bySource.Values)
        {
            for (var i = 0; i < rows.Count; i++)
            {
                for (var j = i + 1; j < rows.Count; j++)
                {
                    if (_keyed.Add((rows[i], rows[j])))
                    {
                        changed = true;
                        Key(rows[i], rows[j]);
                    }
                }
            }
        }
        return changed;
    }

    // What a constraint asks of functions that are not looked into is no part of the question.
    private void SayCheck(int row, Prop check)
    {
        _isConstraint = true;
        var start = clauses.Begin();
        if ((row == _target || clauses.Add(-InTable(row))) && AddDisjuncts(check, true, null))
            clauses.End(start);
        else
            clauses.Drop(start);
        _isConstraint = false;
    }

    private void AddParent(int row, TableConstraint constraint)
    {
        if (constraint is not { Kind: ConstraintKind.ForeignKey, IsValidated: true, ReferencedTable: { } referenced } || constraint.ReferencedColumns.Count != constraint.Columns.Count)
            return;
        if (!catalog.Relations.TryGetValue(referenced, out var relation) || relation is not Table parentTable || parentTable.IsAccessTainted)
            return;
        // A parent that nothing asks about constrains nothing.
        var source = clauses.Terms.Source(referenced.ToString(), parentTable);
        if (!_bySource.ContainsKey(source) && !_universals.Exists(universal => Array.Exists(universal.Prop.Rows, variable => clauses.Terms.SourceOf(variable) == source)))
            return;
        var parent = clauses.Terms.NewRow(source);
        Add(parent, _depth[row] + 1);
        var start = clauses.Begin();
        var isOpen = row == _target || clauses.Add(-InTable(row));
        foreach (var column in constraint.Columns)
            isOpen = isOpen && clauses.Add(clauses.Literal(PropKind.Same, clauses.Terms.Column(row, column), TermTable.Null));
        if (isOpen)
        {
            var match = clauses.Begin();
            var isPossible = AddConjunct(InTable(parent));
            for (var i = 0; i < constraint.Columns.Count; i++)
                isPossible = isPossible && AddConjunct(clauses.Literal(PropKind.Same, clauses.Terms.Column(row, constraint.Columns[i]), clauses.Terms.Column(parent, constraint.ReferencedColumns[i])));
            if (!isPossible)
                clauses.Drop(match);
            else
                isOpen = clauses.Add(clauses.All(match));
        }
        if (isOpen)
            clauses.End(start);
        else
            clauses.Drop(start);
    }

    // Rows with the same key are the same row.
    private void Key(int left, int right)
    {
        var source = clauses.Terms.SourceOf(left);
        if (source.Table is not { } table || (_isTargetNew && (left == _target || right == _target)))
            return;
        foreach (var key in TableKeys.Of(table))
        {
            for (var place = 0; place < source.Columns.Count; place++)
            {
                if (!Contains(key, source.Columns[place]))
                    SaySame(left, right, key, clauses.Literal(PropKind.Same, clauses.Terms.Column(left, place), clauses.Terms.Column(right, place)), -Clauses.Always);
            }
        }
    }

    private void SaySame(int left, int right, IReadOnlyList<string> key, int either, int or)
    {
        var start = clauses.Begin();
        var isOpen = clauses.Add(-InTable(left)) && clauses.Add(-InTable(right));
        foreach (var column in key)
        {
            int a = clauses.Terms.Column(left, column), b = clauses.Terms.Column(right, column);
            isOpen = isOpen && clauses.Add(-clauses.Literal(PropKind.Same, a, b)) && clauses.Add(clauses.Literal(PropKind.Same, a, TermTable.Null));
        }
        if (isOpen && clauses.Add(either) && clauses.Add(or))
            clauses.End(start);
        else
            clauses.Drop(start);
    }

    // Whoever sees a row sees it by whatever name.
    private void AddVisibility()
    {
        foreach (var (left, right) in _keyed)
        {
            if (clauses.Terms.SourceOf(left).Table is not { } table || (_isTargetNew && (left == _target || right == _target))
                || (clauses.Find(PropKind.Visible, left) == 0 && clauses.Find(PropKind.Visible, right) == 0))
                continue;
            foreach (var key in TableKeys.Of(table))
            {
                var (seesLeft, seesRight) = (clauses.Literal(PropKind.Visible, left), clauses.Literal(PropKind.Visible, right));
                SaySame(left, right, key, -seesLeft, seesRight);
                SaySame(left, right, key, seesLeft, -seesRight);
            }
        }
    }

    private static bool Contains(IReadOnlyList<string> columns, string column)
    {
        foreach (var candidate in columns)
        {
            if (candidate == column)
                return true;
        }
        return false;
    }

    /// <param name="prop">Rows, and what does not hold of any of them.</param>
    /// <param name="rows">What stands in the place of the rows of the quantifiers around.</param>
    /// <param name="gate">Where it holds.</param>
    private sealed class Universal(Prop prop, RowChoice? rows, int gate)
    {
        public Prop Prop { get; } = prop;

        public RowChoice? Rows { get; } = rows;

        public int Gate { get; } = gate;

        /// <summary>How many rows there were of each kind when it was last said of all of them.</summary>
        public int[] Done { private get; set; } = new int[prop.Rows.Length];

        public bool IsNew(int[] places)
        {
            for (var i = 0; i < places.Length; i++)
            {
                if (places[i] >= Done[i])
                    return true;
            }
            return false;
        }
    }
}
