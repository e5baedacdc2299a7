namespace PolicyLint.Core.Logic.Proving;

/// <summary>
/// Equality with functions, order and membership (PROVER 2.6): whether the atoms assigned so far can be true together. NULL is a value
/// like any other here, but no function of a strict kind keeps it out and no order touches it.
/// </summary>
internal sealed class Theory
{
    private readonly Clauses _clauses;
    private readonly TermTable _terms;
    private readonly List<Atom> _atoms;
    private readonly List<int> _relevant = [];
    private readonly List<(int Term, int Value)> _inverses = [];
    private readonly List<Function> _functions = [];
    private readonly List<int> _constants = [];
    private readonly List<int> _equalities = [];
    private readonly List<int> _orders = [];
    private readonly List<int> _members = [];
    private readonly List<int> _empties = [];
    private readonly Dictionary<(int, int), bool> _membership = [];
    private readonly List<int> _folded = [];
    private int[] _parents = [];
    private int _count;

    public Theory(Clauses clauses)
    {
        _clauses = clauses;
        _terms = clauses.Terms;
        _atoms = clauses.Atoms;
    }

    /// <summary>Takes up the atoms that the clauses have now.</summary>
    public void Prepare()
    {
        _relevant.Clear();
        _inverses.Clear();
        _functions.Clear();
        _equalities.Clear();
        _orders.Clear();
        _members.Clear();
        _empties.Clear();
        _folded.Clear();
        _relevant.AddRange(_clauses.Relevant);
        foreach (var term in (int[])[TermTable.Null, TermTable.True, TermTable.False])
        {
            if (!_clauses.IsRelevant(term))
                _relevant.Add(term);
        }
        // What is cast to text and back is itself.
        foreach (var term in _clauses.Relevant)
        {
            var node = _terms[term];
            if (node.Kind == ValueKind.Function && node.Name is "cast:uuid>text" or "cast:integer>text" or "cast:boolean>text")
            {
                var back = _terms[node.Arguments[0]].Type;
                var inverse = _terms.Function("cast:text>" + back, [term], back);
                _inverses.Add((inverse, node.Arguments[0]));
                if (!_relevant.Contains(inverse))
                    _relevant.Add(inverse);
            }
        }
        foreach (var term in _relevant)
        {
            if (_terms[term].Kind == ValueKind.Function)
                _functions.Add(new(term, _terms[term]));
        }
        for (var i = 1; i < _atoms.Count; i++)
        {
            switch (_atoms[i].Kind)
            {
                case PropKind.Same:
                    _equalities.Add(i);
                    break;
                case PropKind.Less:
                    _orders.Add(i);
                    break;
                case PropKind.Member:
                    _members.Add(i);
                    break;
                case PropKind.Empty:
                    _empties.Add(i);
                    break;
            }
        }
        _count = 0;
        Cover(_terms.Count);
    }

    // Terms that came up since stand for themselves.
    private void Cover(int count)
    {
        if (count > _parents.Length)
            Array.Resize(ref _parents, Math.Max(count, _parents.Length * 2));
        for (; _count < count; _count++)
            _parents[_count] = _count;
    }

    /// <summary>The representative of a term's class; a constant or NULL where the class has one.</summary>
    public int Find(int term)
    {
        if (term >= _count)
            return term;
        var root = term;
        while (_parents[root] != root)
            root = _parents[root];
        _parents[term] = root;
        return root;
    }

    public bool IsConsistent(sbyte[] values)
    {
        Reset();
        foreach (var (term, value) in _inverses)
            Union(term, value);
        foreach (var i in _equalities)
        {
            if (values[i] > 0 && !Union(_atoms[i].A, _atoms[i].B))
                return false;
        }
        bool changed;
        do
        {
            changed = false;
            if (!Close(ref changed) || !Order(values, ref changed))
                return false;
        }
        while (changed);
        return !HasConflict(values);
    }

    private void Reset()
    {
        _constants.Clear();
        foreach (var term in _relevant)
            _parents[term] = term;
        foreach (var term in _folded)
            _parents[term] = term;
        _folded.Clear();
        foreach (var term in _relevant)
        {
            if (_terms[term].Kind == ValueKind.Constant)
                Register(term);
        }
    }

    private void Register(int constant)
    {
        foreach (var other in _constants)
        {
            if (Constants.AreEqual(_terms[other], _terms[constant]))
                Union(other, constant);
        }
        _constants.Add(constant);
    }

    // False: two values that differ would be one.
    private bool Union(int left, int right)
    {
        int a = Find(left), b = Find(right);
        if (a == b)
            return true;
        TermNode first = _terms[a], second = _terms[b];
        bool isFirstFixed = first.Kind is ValueKind.Null or ValueKind.Constant, isSecondFixed = second.Kind is ValueKind.Null or ValueKind.Constant;
        if (isFirstFixed && isSecondFixed)
        {
            if (first.Kind == ValueKind.Null || second.Kind == ValueKind.Null || Constants.AreDistinct(first, second))
                return false;
            // Keep the constant that tells more: one whose type keeps constants apart.
            if (!TypeFamily.HasDistinctConstants(first.Type) && TypeFamily.HasDistinctConstants(second.Type))
                (a, b) = (b, a);
        }
        else if (isSecondFixed)
            (a, b) = (b, a);
        _parents[b] = a;
        return true;
    }

    private bool Close(ref bool changed)
    {
        bool again;
        do
        {
            again = false;
            for (var i = 0; i < _functions.Count; i++)
            {
                var function = _functions[i];
                bool isNull = false, isConstant = function.Node.Arguments.Length > 0;
                for (var a = 0; a < function.Values.Length; a++)
                {
                    var representative = Find(function.Node.Arguments[a]);
                    function.Values[a] = representative;
                    isNull |= representative == TermTable.Null;
                    isConstant &= _terms[representative].Kind == ValueKind.Constant;
                }
                var value = isNull && function.IsStrict ? TermTable.Null : EqualBefore(i);
                if (value >= 0 && Find(value) != Find(function.Term))
                {
                    if (!Union(value, function.Term))
                        return false;
                    again = true;
                }
                if (isConstant && Functions.Fold(function.Node.Name, Array.ConvertAll(function.Values, argument => _terms[argument])) is { } folded)
                {
                    var result = folded.Text is null ? TermTable.Null : _terms.Constant(folded.Type, folded.Text);
                    if (!IsKnown(result))
                        Learn(result);
                    if (Find(result) != Find(function.Term))
                    {
                        if (!Union(result, function.Term))
                            return false;
                        again = true;
                    }
                }
            }
            changed |= again;
        }
        while (again);
        return true;
    }

    // The same function of the same values; -1: there is none.
    private int EqualBefore(int index)
    {
        var function = _functions[index];
        for (var i = 0; i < index; i++)
        {
            if (_functions[i].Node.Place == function.Node.Place && SequenceComparer.Instance.Equals(_functions[i].Values, function.Values))
                return _functions[i].Term;
        }
        return -1;
    }

    private bool IsKnown(int term) => term == TermTable.Null || _relevant.Contains(term) || _folded.Contains(term);

    private void Learn(int constant)
    {
        Cover(_terms.Count);
        _folded.Add(constant);
        Register(constant);
    }

    private bool Order(sbyte[] values, ref bool changed)
    {
        if (_orders.Count == 0)
            return true;
        var edges = new List<(int From, int To, bool IsStrict)>();
        var nodes = new List<int>();
        var isNull = Find(TermTable.Null);
        foreach (var i in _orders)
        {
            if (values[i] == 0)
                continue;
            int a = Find(_atoms[i].A), b = Find(_atoms[i].B);
            if (a == isNull || b == isNull)
                continue;
            if (!nodes.Contains(a))
                nodes.Add(a);
            if (!nodes.Contains(b))
                nodes.Add(b);
            edges.Add(values[i] > 0 ? (a, b, true) : (b, a, false));
        }
        if (edges.Count == 0)
            return true;
        AddNumberEdges(nodes, edges);
        var reach = new Dictionary<(int, int), bool>();
        foreach (var (from, to, isStrict) in edges)
            reach[(from, to)] = isStrict || (reach.TryGetValue((from, to), out var known) && known);
        foreach (var middle in nodes)
        {
            foreach (var from in nodes)
            {
                if (!reach.TryGetValue((from, middle), out var first))
                    continue;
                foreach (var to in nodes)
                {
                    if (!reach.TryGetValue((middle, to), out var second))
                        continue;
                    reach[(from, to)] = first || second || (reach.TryGetValue((from, to), out var known) && known);
                }
            }
        }
        foreach (var node in nodes)
        {
            if (reach.TryGetValue((node, node), out var isStrict) && isStrict)
                return false;
        }
        foreach (var pair in reach)
        {
            var (from, to) = pair.Key;
            if (from != to && reach.ContainsKey((to, from)) && Find(from) != Find(to))
            {
                if (!Union(from, to))
                    return false;
                changed = true;
            }
        }
        return true;
    }

    private void AddNumberEdges(List<int> nodes, List<(int From, int To, bool IsStrict)> edges)
    {
        var numbers = new List<(decimal Value, int Term)>();
        foreach (var node in nodes)
        {
            var term = _terms[node];
            if (term.Kind == ValueKind.Constant && TypeFamily.IsNumber(term.Type) && Constants.TryNumber(term.Name, out var value))
                numbers.Add((value, node));
        }
        numbers.Sort(static (x, y) => x.Value.CompareTo(y.Value));
        for (var i = 1; i < numbers.Count; i++)
            edges.Add((numbers[i - 1].Term, numbers[i].Term, true));
    }

    private bool HasConflict(sbyte[] values)
    {
        foreach (var i in _equalities)
        {
            if (values[i] < 0 && Find(_atoms[i].A) == Find(_atoms[i].B))
                return true;
        }
        _membership.Clear();
        foreach (var i in _members)
        {
            if (values[i] == 0)
                continue;
            var key = (Find(_atoms[i].A), Find(_atoms[i].B));
            if (_membership.TryGetValue(key, out var known) && known != values[i] > 0)
                return true;
            _membership[key] = values[i] > 0;
        }
        foreach (var i in _empties)
        {
            if (values[i] <= 0)
                continue;
            foreach (var pair in _membership)
            {
                if (pair.Value && pair.Key.Item2 == Find(_atoms[i].A))
                    return true;
            }
        }
        return false;
    }

    private sealed class Function(int term, TermNode node)
    {
        public int Term { get; } = term;

        public TermNode Node { get; } = node;

        public bool IsStrict { get; } = Functions.IsStrict(node.Name);

        /// <summary>Representatives of the arguments.</summary>
        public int[] Values { get; } = new int[node.Arguments.Length];
    }
}
