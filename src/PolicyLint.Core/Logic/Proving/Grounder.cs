using PolicyLint.Core.Catalog;

namespace PolicyLint.Core.Logic.Proving;

/// <summary>
/// Rows that a formula asks for become constants; what it says of all rows is said of each of them (PROVER 2.4). Constraints of the tables
/// are said of every row.
/// </summary>
internal sealed class Grounder(ICatalog catalog, TermTable terms, Func<int, TableConstraint, Prop> checkOf, CancellationToken cancellation)
{
    private const int MaximumRows = 64;
    private const int MaximumInstances = 2000;
    private const int ForeignKeyDepth = 3;

    private readonly List<int> _rows = [];
    private readonly Dictionary<int, int> _depth = [];
    private readonly Dictionary<string, List<int>> _bySource = new(StringComparer.Ordinal);
    private readonly List<Universal> _universals = [];
    private readonly List<Prop> _output = [];
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

    /// <summary>Formulas without quantifiers that hold together iff the given one does.</summary>
    /// <param name="formula">The formula.</param>
    /// <param name="target">The row that it is about; -1 for none.</param>
    /// <param name="isTargetNew">The row is about to be written, so no subquery finds it in its table.</param>
    public List<Prop> Run(Prop formula, int target, bool isTargetNew)
    {
        _target = target;
        _isTargetNew = isTargetNew;
        if (target >= 0)
            Add(target, 0);
        _output.Add(Skolemize(Normalize(formula, true)));
        bool changed;
        do
        {
            changed = Constrain();
            changed |= Instantiate();
        }
        while (changed);
        return _output;
    }

    private Prop InTable(int row) => row != _target ? Prop.Atom(PropKind.Row, row) : _isTargetNew ? Prop.False : Prop.True;

    private void Add(int row, int depth)
    {
        if (_rows.Count >= MaximumRows)
            throw new UndecidedException(UnknownReason.Budget, "too many rows");
        _rows.Add(row);
        _depth[row] = depth;
        var key = terms.SourceOf(row).Key;
        if (!_bySource.TryGetValue(key, out var rows))
            _bySource.Add(key, rows = []);
        rows.Add(row);
    }

    // Negations move to the atoms; a negated "some row" is "all rows not".
    private static Prop Normalize(Prop prop, bool positive)
    {
        switch (prop.Kind)
        {
            case PropKind.True or PropKind.False:
                return positive ? prop : Prop.Not(prop);
            case PropKind.Not:
                return Normalize(prop.Items[0], !positive);
            case PropKind.And or PropKind.Or:
            {
                var items = new Prop[prop.Items.Length];
                for (var i = 0; i < items.Length; i++)
                    items[i] = Normalize(prop.Items[i], positive);
                return (prop.Kind == PropKind.And) == positive ? Prop.And(items) : Prop.Or(items);
            }
            case PropKind.Exists:
                return positive ? Prop.Exists(prop.Rows, Normalize(prop.Items[0], true)) : Prop.ForAll(prop.Rows, Normalize(prop.Items[0], false));
            default:
                return positive ? prop : Prop.Not(prop);
        }
    }

    private Prop Skolemize(Prop prop)
    {
        switch (prop.Kind)
        {
            case PropKind.And or PropKind.Or:
            {
                var items = new Prop[prop.Items.Length];
                for (var i = 0; i < items.Length; i++)
                    items[i] = Skolemize(prop.Items[i]);
                return prop.Kind == PropKind.And ? Prop.And(items) : Prop.Or(items);
            }
            case PropKind.Exists when Given is not null && !Array.TrueForAll(prop.Rows, Given.Contains):
                return Prop.False;
            case PropKind.Exists:
            {
                var map = new Dictionary<int, int>();
                var parts = new List<Prop>();
                foreach (var row in prop.Rows)
                {
                    var constant = terms.NewRow(terms.SourceOf(row));
                    Add(constant, 0);
                    map[row] = constant;
                    parts.Add(InTable(constant));
                }
                parts.Add(Skolemize(prop.Items[0].Substitute(terms, map)));
                return Prop.And([.. parts]);
            }
            case PropKind.ForAll:
            {
                var tag = Prop.Atom(PropKind.Tag, _universals.Count);
                _universals.Add(new(prop, tag));
                return tag;
            }
            default:
                return !IsCautious || !MentionsOpaque(prop) ? prop : _isConstraint ? Prop.True : Prop.False;
        }
    }

    private bool MentionsOpaque(Prop literal)
    {
        var atom = literal.Kind == PropKind.Not ? literal.Items[0] : literal;
        return atom.Kind is PropKind.Same or PropKind.Less or PropKind.Member or PropKind.Empty or PropKind.HasNull && (IsOpaque(atom.A) || (atom.B >= 0 && IsOpaque(atom.B)));
    }

    private bool IsOpaque(int term)
    {
        var node = terms[term];
        return node.Kind == ValueKind.Function && (!Functions.IsInterpreted(node.Name) || Array.Exists(node.Arguments, IsOpaque));
    }

    private bool Instantiate()
    {
        var changed = false;
        for (var i = 0; i < _universals.Count; i++)
        {
            var universal = _universals[i];
            foreach (var choice in Choices(universal.Prop.Rows))
            {
                if (!universal.Done.Add(string.Join(",", choice)))
                    continue;
                cancellation.ThrowIfCancellationRequested();
                if (++_instances > MaximumInstances)
                    throw new UndecidedException(UnknownReason.Budget, "too many combinations of rows");
                changed = true;
                var map = new Dictionary<int, int>();
                var parts = new List<Prop> { Prop.Not(universal.Tag) };
                for (var r = 0; r < choice.Length; r++)
                {
                    map[universal.Prop.Rows[r]] = choice[r];
                    parts.Add(Prop.Not(InTable(choice[r])));
                }
                if (parts.Exists(static part => part.Kind == PropKind.True))
                    continue;
                parts.Add(Skolemize(Normalize(universal.Prop.Items[0].Substitute(terms, map), true)));
                _output.Add(Prop.Or([.. parts]));
            }
        }
        return changed;
    }

    private List<int[]> Choices(int[] variables)
    {
        var choices = new List<int[]> { Array.Empty<int>() };
        foreach (var variable in variables)
        {
            var next = new List<int[]>();
            if (_bySource.TryGetValue(terms.SourceOf(variable).Key, out var rows))
            {
                foreach (var choice in choices)
                {
                    foreach (var row in rows)
                        next.Add([.. choice, row]);
                }
            }
            if (next.Count > MaximumInstances)
                throw new UndecidedException(UnknownReason.Budget, "too many combinations of rows");
            choices = next;
        }
        return choices;
    }

    private bool Constrain()
    {
        var changed = false;
        while (_constrained < _rows.Count)
        {
            var row = _rows[_constrained++];
            changed = true;
            if (terms.SourceOf(row).Table is not { } table)
                continue;
            foreach (var column in table.Columns)
            {
                if (column.IsNotNull is { Value: true, IsKnown: true })
                    Say(row, Prop.IsNotNull(terms, terms.Column(row, column.Name)));
            }
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
        Say(row, Skolemize(Normalize(check, true)));
        _isConstraint = false;
    }

    private void Say(int row, Prop prop) => _output.Add(row == _target ? prop : Prop.Or(Prop.Not(InTable(row)), prop));

    private void AddParent(int row, TableConstraint constraint)
    {
        if (constraint is not { Kind: ConstraintKind.ForeignKey, IsValidated: true, ReferencedTable: { } referenced } || constraint.ReferencedColumns.Count != constraint.Columns.Count)
            return;
        if (!catalog.Relations.TryGetValue(referenced, out var relation) || relation is not Table parentTable || parentTable.Taints.Count > 0)
            return;
        // A parent that nothing asks about constrains nothing.
        var source = terms.Source(referenced.ToString(), parentTable);
        if (!_bySource.ContainsKey(source.Key) && !_universals.Exists(universal => Array.Exists(universal.Prop.Rows, variable => terms.SourceOf(variable).Key == source.Key)))
            return;
        var parent = terms.NewRow(source);
        Add(parent, _depth[row] + 1);
        var alternatives = new List<Prop>();
        var match = new List<Prop> { InTable(parent) };
        for (var i = 0; i < constraint.Columns.Count; i++)
        {
            var own = terms.Column(row, constraint.Columns[i]);
            alternatives.Add(Prop.IsNull(terms, own));
            match.Add(Prop.Same(terms, own, terms.Column(parent, constraint.ReferencedColumns[i])));
        }
        alternatives.Add(Prop.And([.. match]));
        Say(row, Prop.Or([.. alternatives]));
    }

    // Rows with the same key are the same row.
    private void Key(int left, int right)
    {
        var source = terms.SourceOf(left);
        if (source.Table is not { } table || (_isTargetNew && (left == _target || right == _target)))
            return;
        foreach (var key in TableKeys.Of(table))
        {
            var differ = new List<Prop> { Prop.Not(InTable(left)), Prop.Not(InTable(right)) };
            foreach (var column in key)
            {
                int a = terms.Column(left, column), b = terms.Column(right, column);
                differ.Add(Prop.Not(Prop.Same(terms, a, b)));
                if (table.FindColumn(column)?.IsNotNull is not { Value: true, IsKnown: true })
                    differ.Add(Prop.IsNull(terms, a));
            }
            foreach (var column in source.Columns.ToArray())
            {
                if (!Contains(key, column))
                    _output.Add(Prop.Or([.. differ, Prop.Same(terms, terms.Column(left, column), terms.Column(right, column))]));
            }
            Prop seesLeft = Prop.Atom(PropKind.Visible, left), seesRight = Prop.Atom(PropKind.Visible, right);
            _output.Add(Prop.Or([.. differ, Prop.Not(seesLeft), seesRight]));
            _output.Add(Prop.Or([.. differ, Prop.Not(seesRight), seesLeft]));
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

    private sealed class Universal(Prop prop, Prop tag)
    {
        public Prop Prop { get; } = prop;

        public Prop Tag { get; } = tag;

        public HashSet<string> Done { get; } = new(StringComparer.Ordinal);
    }
}
