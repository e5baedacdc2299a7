namespace PolicyLint.Core.Logic.Proving;

/// <summary>
/// Equality with functions, order and membership (PROVER 2.6): whether the atoms assigned so far can be true together. NULL is a value
/// like any other here, but no function of a strict kind keeps it out and no order touches it.
/// </summary>
internal sealed class Theory
{
    private readonly TermTable _terms;
    private readonly List<Prop?> _atoms;
    private readonly List<int> _relevant;
    private readonly List<(int Term, int Value)> _inverses = [];
    private readonly Dictionary<int, int> _parents = [];
    private readonly List<int> _functions = [];
    private readonly List<int> _constants = [];

    public Theory(TermTable terms, List<Prop?> atoms, List<int> relevant)
    {
        _terms = terms;
        _atoms = atoms;
        _relevant = relevant;
        // What is cast to text and back is itself.
        foreach (var term in relevant.ToArray())
        {
            var node = terms[term];
            if (node.Kind == ValueKind.Function && node.Name is "cast:uuid>text" or "cast:integer>text" or "cast:boolean>text")
            {
                var back = terms[node.Arguments[0]].Type;
                _inverses.Add((terms.Function("cast:text>" + back, [term], back), node.Arguments[0]));
            }
        }
        foreach (var (term, _) in _inverses)
        {
            if (!relevant.Contains(term))
                relevant.Add(term);
        }
    }

    /// <summary>The representative of a term's class; a constant or NULL where the class has one.</summary>
    public int Find(int term)
    {
        if (!_parents.TryGetValue(term, out var parent))
            return term;
        while (_parents[parent] != parent)
            parent = _parents[parent];
        _parents[term] = parent;
        return parent;
    }

    public bool IsConsistent(sbyte[] values)
    {
        Reset();
        foreach (var (term, value) in _inverses)
            Union(term, value);
        for (var i = 1; i < _atoms.Count; i++)
        {
            if (_atoms[i] is { Kind: PropKind.Same } same && values[i] > 0 && !Union(same.A, same.B))
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
        _parents.Clear();
        _functions.Clear();
        _constants.Clear();
        foreach (var term in _relevant)
        {
            _parents[term] = term;
            var node = _terms[term];
            if (node.Kind == ValueKind.Function)
                _functions.Add(term);
            else if (node.Kind == ValueKind.Constant)
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
            var signatures = new Dictionary<string, int>(StringComparer.Ordinal);
            for (var i = 0; i < _functions.Count; i++)
            {
                var term = _functions[i];
                var node = _terms[term];
                var key = node.Name + "|" + node.Type;
                bool isNull = false, isConstant = node.Arguments.Length > 0;
                var arguments = new TermNode[node.Arguments.Length];
                for (var a = 0; a < node.Arguments.Length; a++)
                {
                    var representative = Find(node.Arguments[a]);
                    arguments[a] = _terms[representative];
                    isNull |= representative == Find(TermTable.Null);
                    isConstant &= arguments[a].Kind == ValueKind.Constant;
                    key += "," + representative.ToString(System.Globalization.CultureInfo.InvariantCulture);
                }
                var value = signatures.TryGetValue(key, out var same) ? same : -1;
                if (value < 0)
                    signatures.Add(key, term);
                if (isNull && Functions.IsStrict(node.Name))
                    value = TermTable.Null;
                if (value >= 0 && Find(value) != Find(term))
                {
                    if (!Union(value, term))
                        return false;
                    again = true;
                }
                if (isConstant && Functions.Fold(node.Name, arguments) is { } folded)
                {
                    var result = folded.Text is null ? TermTable.Null : _terms.Constant(folded.Type, folded.Text);
                    if (!_parents.ContainsKey(result))
                    {
                        _parents[result] = result;
                        Register(result);
                    }
                    if (Find(result) != Find(term))
                    {
                        if (!Union(result, term))
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

    private bool Order(sbyte[] values, ref bool changed)
    {
        var edges = new List<(int From, int To, bool IsStrict)>();
        var nodes = new List<int>();
        var isNull = Find(TermTable.Null);
        for (var i = 1; i < _atoms.Count; i++)
        {
            if (_atoms[i] is not { Kind: PropKind.Less } less || values[i] == 0)
                continue;
            int a = Find(less.A), b = Find(less.B);
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
        var membership = new Dictionary<(int, int), bool>();
        for (var i = 1; i < _atoms.Count; i++)
        {
            if (_atoms[i] is not { } atom || values[i] == 0)
                continue;
            switch (atom.Kind)
            {
                case PropKind.Same when values[i] < 0 && Find(atom.A) == Find(atom.B):
                    return true;
                case PropKind.Member:
                {
                    var key = (Find(atom.A), Find(atom.B));
                    if (membership.TryGetValue(key, out var known) && known != values[i] > 0)
                        return true;
                    membership[key] = values[i] > 0;
                    break;
                }
            }
        }
        for (var i = 1; i < _atoms.Count; i++)
        {
            if (_atoms[i] is not { Kind: PropKind.Empty } empty || values[i] <= 0)
                continue;
            foreach (var pair in membership)
            {
                if (pair.Value && pair.Key.Item2 == Find(empty.A))
                    return true;
            }
        }
        return false;
    }
}
