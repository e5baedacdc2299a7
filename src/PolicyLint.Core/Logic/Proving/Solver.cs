namespace PolicyLint.Core.Logic.Proving;

/// <summary>
/// Searches for an assignment of the atoms that satisfies the formulas and that equality, order and membership allow. Clauses after
/// Plaisted and Greenbaum; unit propagation; branching on the shortest open clause. Steps are counted, so the answer is reproducible.
/// </summary>
internal sealed class Solver
{
    private readonly TermTable _terms;
    private readonly CancellationToken _cancellation;
    private readonly List<int[]> _clauses = [];
    private readonly List<Prop?> _atoms = [null];
    private readonly Dictionary<(PropKind, int, int), int> _index = [];
    private readonly List<int> _trail = [];
    private readonly Theory _theory;
    private readonly HashSet<int> _relevant;
    private sbyte[] _values = [];
    private int _steps;
    private bool _isContradictory;

    public Solver(TermTable terms, IEnumerable<Prop> formulas, int steps, CancellationToken cancellation)
    {
        _terms = terms;
        _steps = steps;
        _cancellation = cancellation;
        foreach (var formula in formulas)
            Assert(formula);
        AddDomains();
        var relevant = RelevantTerms();
        _relevant = [.. relevant];
        _theory = new Theory(terms, _atoms, relevant);
        _values = new sbyte[_atoms.Count];
    }

    /// <summary>The classes of equal terms in the assignment found.</summary>
    public Theory Theory => _theory;

    /// <summary>Whether there is an assignment.</summary>
    public bool IsSatisfiable() => !_isContradictory && Search();

    /// <summary>Truth of an atom in the assignment found; null where it does not matter.</summary>
    public bool? ValueOf(PropKind kind, int a, int b = -1) =>
        _index.TryGetValue((kind, a, b), out var variable) && _values[variable] != 0 ? _values[variable] > 0 : null;

    /// <summary>Atoms that are true in the assignment found.</summary>
    public IEnumerable<Prop> TrueAtoms()
    {
        foreach (var (atom, isTrue) in AssignedAtoms())
        {
            if (isTrue)
                yield return atom;
        }
    }

    /// <summary>Atoms of the assignment found.</summary>
    public IEnumerable<(Prop Atom, bool IsTrue)> AssignedAtoms()
    {
        for (var i = 1; i < _atoms.Count; i++)
        {
            if (_atoms[i] is { } atom && _values[i] != 0)
                yield return (atom, _values[i] > 0);
        }
    }

    /// <summary>Whether an atom speaks of the term.</summary>
    public bool IsRelevant(int term) => _relevant.Contains(term);

    private bool Search()
    {
        _cancellation.ThrowIfCancellationRequested();
        if (!Propagate() || !_theory.IsConsistent(_values))
            return false;
        var literal = Choose();
        if (literal == 0)
            return true;
        var mark = _trail.Count;
        Assign(literal);
        if (Search())
            return true;
        Undo(mark);
        Assign(-literal);
        return Search();
    }

    private void Assign(int literal)
    {
        _values[Math.Abs(literal)] = (sbyte)(literal > 0 ? 1 : -1);
        _trail.Add(Math.Abs(literal));
    }

    private void Undo(int mark)
    {
        for (var i = _trail.Count - 1; i >= mark; i--)
            _values[_trail[i]] = 0;
        _trail.RemoveRange(mark, _trail.Count - mark);
    }

    private bool Propagate()
    {
        bool changed;
        do
        {
            changed = false;
            foreach (var clause in _clauses)
            {
                if (--_steps < 0)
                    throw new UndecidedException(UnknownReason.Budget, "too many steps of search");
                int open = 0, last = 0;
                var isSatisfied = false;
                foreach (var literal in clause)
                {
                    var value = _values[Math.Abs(literal)];
                    if (value == 0)
                    {
                        open++;
                        last = literal;
                    }
                    else if (value > 0 == literal > 0)
                    {
                        isSatisfied = true;
                        break;
                    }
                }
                if (isSatisfied)
                    continue;
                if (open == 0)
                    return false;
                if (open == 1)
                {
                    Assign(last);
                    changed = true;
                }
            }
        }
        while (changed);
        return true;
    }

    // The first open literal of the shortest clause that is not satisfied; 0: all are.
    private int Choose()
    {
        int best = 0, shortest = int.MaxValue;
        foreach (var clause in _clauses)
        {
            int open = 0, first = 0;
            foreach (var literal in clause)
            {
                var value = _values[Math.Abs(literal)];
                if (value == 0)
                {
                    open++;
                    if (first == 0)
                        first = literal;
                }
                else if (value > 0 == literal > 0)
                {
                    open = -1;
                    break;
                }
            }
            if (open > 0 && open < shortest)
            {
                shortest = open;
                best = first;
            }
        }
        return best;
    }

    private void Assert(Prop formula)
    {
        if (formula.Kind == PropKind.And)
        {
            foreach (var item in formula.Items)
                Assert(item);
            return;
        }
        var literals = new List<int>();
        if (formula.Kind == PropKind.True)
            return;
        if (formula.Kind != PropKind.False)
        {
            foreach (var item in formula.Kind == PropKind.Or ? formula.Items : [formula])
                literals.Add(Literal(item));
        }
        AddClause(literals);
    }

    private void AddClause(List<int> literals)
    {
        if (literals.Count == 0)
            _isContradictory = true;
        else
            _clauses.Add([.. literals]);
    }

    // A literal that is true only where the formula is.
    private int Literal(Prop prop)
    {
        switch (prop.Kind)
        {
            case PropKind.Not:
                return -Literal(prop.Items[0]);
            case PropKind.And:
            {
                var gate = NewVariable(null);
                foreach (var item in prop.Items)
                    _clauses.Add([-gate, Literal(item)]);
                return gate;
            }
            case PropKind.Or:
            {
                var gate = NewVariable(null);
                var clause = new List<int> { -gate };
                foreach (var item in prop.Items)
                    clause.Add(Literal(item));
                _clauses.Add([.. clause]);
                return gate;
            }
            case PropKind.Same or PropKind.Less or PropKind.Member or PropKind.Empty or PropKind.HasNull or PropKind.Row or PropKind.Visible or PropKind.Tag:
            {
                var key = (prop.Kind, prop.A, prop.B);
                if (!_index.TryGetValue(key, out var variable))
                    _index.Add(key, variable = NewVariable(prop));
                return variable;
            }
            default:
                throw new UndecidedException(UnknownReason.UnsupportedSyntax, "a formula that is not ground");
        }
    }

    private int NewVariable(Prop? atom)
    {
        _atoms.Add(atom);
        return _atoms.Count - 1;
    }

    // A boolean is true, false or NULL; a total function of values is a value.
    private void AddDomains()
    {
        foreach (var term in RelevantTerms())
        {
            var node = _terms[term];
            if (node.Type == TypeFamily.Boolean && node.Kind is ValueKind.Column or ValueKind.Session or ValueKind.Function && node.Type == TypeFamily.Boolean)
                Assert(Prop.Or(Prop.Same(_terms, term, TermTable.True), Prop.Same(_terms, term, TermTable.False), Prop.IsNull(_terms, term)));
            if (node.Kind == ValueKind.Function && Functions.IsTotal(node.Name))
            {
                var parts = new List<Prop> { Prop.IsNotNull(_terms, term) };
                foreach (var argument in node.Arguments)
                    parts.Add(Prop.IsNull(_terms, argument));
                Assert(Prop.Or([.. parts]));
            }
        }
    }

    private List<int> RelevantTerms()
    {
        var seen = new SortedSet<int> { TermTable.Null, TermTable.True, TermTable.False };
        foreach (var atom in _atoms)
        {
            if (atom is null || atom.Kind is PropKind.Row or PropKind.Visible or PropKind.Tag)
                continue;
            Visit(atom.A);
            if (atom.B >= 0)
                Visit(atom.B);
        }
        return [.. seen];

        void Visit(int term)
        {
            if (!seen.Add(term))
                return;
            foreach (var argument in _terms[term].Arguments)
                Visit(argument);
        }
    }
}
