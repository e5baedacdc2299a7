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
    // Of each element and set the atom that says first whether the one is in the other.
    private readonly Dictionary<(int, int), int> _membership = [];
    private readonly List<int> _folded = [];
    private readonly MergeProof _proof = new();
    private int[] _parents = [];
    private int _count;

    public Theory(Clauses clauses)
    {
        _clauses = clauses;
        _terms = clauses.Terms;
        _atoms = clauses.Atoms;
    }

    /// <summary>Atoms that cannot be together as they are, after they were found not to be consistent.</summary>
    public IReadOnlyList<int> Conflict => _proof.Atoms;

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
        {
            Array.Resize(ref _parents, Math.Max(count, _parents.Length * 2));
            _proof.Grow(_parents.Length);
        }
        for (; _count < count; _count++)
        {
            _parents[_count] = _count;
            _proof.Reset(_count);
        }
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
            Union(term, value, MergeReason.Always);
        foreach (var i in _equalities)
        {
            if (values[i] > 0 && !Union(_atoms[i].A, _atoms[i].B, MergeReason.OfAtom(i)))
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
            Free(term);
        foreach (var term in _folded)
            Free(term);
        _folded.Clear();
        foreach (var term in _relevant)
        {
            if (_terms[term].Kind == ValueKind.Constant)
                Register(term);
        }
    }

    private void Free(int term)
    {
        _parents[term] = term;
        _proof.Reset(term);
    }

    private void Register(int constant)
    {
        foreach (var other in _constants)
        {
            if (Constants.AreEqual(_terms[other], _terms[constant]))
                Union(other, constant, MergeReason.Always);
        }
        _constants.Add(constant);
    }

    // False: two values that differ would be one.
    private bool Union(int left, int right, MergeReason reason)
    {
        int a = Find(left), b = Find(right);
        if (a == b)
            return true;
        TermNode first = _terms[a], second = _terms[b];
        bool isFirstFixed = first.Kind is ValueKind.Null or ValueKind.Constant, isSecondFixed = second.Kind is ValueKind.Null or ValueKind.Constant;
        if (isFirstFixed && isSecondFixed)
        {
            if (first.Kind == ValueKind.Null || second.Kind == ValueKind.Null || Constants.AreDistinct(first, second))
            {
                _proof.Merge(left, right, reason);
                _proof.Begin();
                _proof.Explain(a, b);
                return false;
            }
            // Keep the constant that tells more: one whose type keeps constants apart.
            if (!TypeFamily.HasDistinctConstants(first.Type) && TypeFamily.HasDistinctConstants(second.Type))
                (a, b) = (b, a);
        }
        else if (isSecondFixed)
            (a, b) = (b, a);
        _proof.Merge(left, right, reason);
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
                var equal = isNull && function.IsStrict ? -1 : EqualBefore(i);
                var value = isNull && function.IsStrict ? TermTable.Null : equal < 0 ? -1 : _functions[equal].Term;
                if (value >= 0 && Find(value) != Find(function.Term))
                {
                    var reason = equal < 0
                        ? MergeReason.OfNull(function.Node.Arguments, Array.IndexOf(function.Values, TermTable.Null))
                        : MergeReason.OfArguments(function.Node.Arguments, _functions[equal].Node.Arguments);
                    if (!Union(value, function.Term, reason))
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
                        if (!Union(result, function.Term, MergeReason.OfArguments(function.Node.Arguments, (int[])function.Values.Clone())))
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

    // The place of the same function of the same values; -1: there is none.
    private int EqualBefore(int index)
    {
        var function = _functions[index];
        for (var i = 0; i < index; i++)
        {
            if (_functions[i].Node.Place == function.Node.Place && SequenceComparer.Instance.Equals(_functions[i].Values, function.Values))
                return i;
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
            {
                ExplainOrder(values);
                return false;
            }
        }
        int[]? reason = null;
        foreach (var pair in reach)
        {
            var (from, to) = pair.Key;
            if (from != to && reach.ContainsKey((to, from)) && Find(from) != Find(to))
            {
                if (reason is null)
                {
                    ExplainOrder(values);
                    reason = [.. _proof.Atoms];
                }
                if (!Union(from, to, MergeReason.OfAtoms(reason)))
                    return false;
                changed = true;
            }
        }
        return true;
    }

    private void ExplainOrder(sbyte[] values)
    {
        _proof.Begin();
        foreach (var i in _orders)
        {
            int a = Find(_atoms[i].A), b = Find(_atoms[i].B);
            if (values[i] == 0 || a == TermTable.Null || b == TermTable.Null)
                continue;
            _proof.Add(i);
            _proof.Explain(_atoms[i].A, a);
            _proof.Explain(_atoms[i].B, b);
        }
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
            if (values[i] >= 0 || Find(_atoms[i].A) != Find(_atoms[i].B))
                continue;
            _proof.Begin();
            _proof.Add(i);
            _proof.Explain(_atoms[i].A, _atoms[i].B);
            return true;
        }
        _membership.Clear();
        foreach (var i in _members)
        {
            if (values[i] == 0)
                continue;
            var key = (Find(_atoms[i].A), Find(_atoms[i].B));
            if (!_membership.TryGetValue(key, out var known))
            {
                _membership.Add(key, i);
            }
            else if (values[known] > 0 != values[i] > 0)
            {
                _proof.Begin();
                _proof.Add(i);
                _proof.Add(known);
                _proof.Explain(_atoms[i].A, _atoms[known].A);
                _proof.Explain(_atoms[i].B, _atoms[known].B);
                return true;
            }
        }
        foreach (var i in _empties)
        {
            if (values[i] <= 0)
                continue;
            foreach (var member in _members)
            {
                if (values[member] <= 0 || Find(_atoms[member].B) != Find(_atoms[i].A))
                    continue;
                _proof.Begin();
                _proof.Add(i);
                _proof.Add(member);
                _proof.Explain(_atoms[i].A, _atoms[member].B);
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
