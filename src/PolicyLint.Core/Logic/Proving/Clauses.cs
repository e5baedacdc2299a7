namespace PolicyLint.Core.Logic.Proving;

/// <summary>What is true or false of terms and rows.</summary>
internal readonly record struct Atom(PropKind Kind, int A, int B);

/// <summary>
/// A question without quantifiers: clauses of literals, a literal being the number of an atom, or its negative. What single literals say is known from
/// then on: clauses that it makes true are not kept.
/// </summary>
internal sealed class Clauses(TermTable terms)
{
    /// <summary>The literal that always holds; its negative never does.</summary>
    public const int Always = int.MaxValue;

    private const int None = 0;

    private readonly List<Atom> _atoms = [default];
    private readonly Dictionary<long, int> _index = [];
    private readonly List<sbyte> _known = [0];
    private readonly List<int> _literals = [];
    private readonly List<int> _ends = [];
    private readonly List<int> _relevant = [];
    private readonly List<int> _pending = [];
    private readonly List<int> _constant = [];
    // Of each term: whether an atom speaks of it, and one more than the constant that it is known to be.
    private bool[] _isRelevant = new bool[64];
    private int[] _constants = new int[64];

    public TermTable Terms => terms;

    /// <summary>Atoms by number, from 1; a number that only stands for a part of a formula is of the kind True.</summary>
    public List<Atom> Atoms => _atoms;

    /// <summary>All literals, clause after clause.</summary>
    public List<int> Literals => _literals;

    /// <summary>Where each clause ends.</summary>
    public List<int> Ends => _ends;

    /// <summary>Terms that atoms speak of, and their arguments.</summary>
    public List<int> Relevant => _relevant;

    /// <summary>The row that the question is about: its columns keep to their constraints whether it is in its table yet or not.</summary>
    public int Target { get; set; } = -1;

    /// <summary>No assignment satisfies them.</summary>
    public bool IsContradictory { get; private set; }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _atoms.RemoveRange(1, _atoms.Count - 1);
        _known.RemoveRange(1, _known.Count - 1);
        _index.Clear();
        _literals.Clear();
        _ends.Clear();
        _pending.Clear();
        foreach (var term in _relevant)
            _isRelevant[term] = false;
        _relevant.Clear();
        foreach (var term in _constant)
            _constants[term] = None;
        _constant.Clear();
        Target = -1;
        IsContradictory = false;
    }

    public bool IsRelevant(int term) => term < _isRelevant.Length && _isRelevant[term];

    /// <summary>The number of an atom that a clause speaks of; 0: none does.</summary>
    public int Find(PropKind kind, int a, int b = -1) => _index.TryGetValue(KeyOf(kind, a, b), out var number) ? number : 0;

    /// <summary>A literal for a part of a formula.</summary>
    public int NewGate() => NewNumber(default);

    /// <summary>The literal of an atom, or of what is known of it.</summary>
    public int Literal(PropKind kind, int a, int b = -1)
    {
        if (kind is not (PropKind.Row or PropKind.Visible or PropKind.Subquery))
        {
            Use(a);
            if (b >= 0)
                Use(b);
        }
        if (kind == PropKind.Same)
        {
            if ((Prop.AreSame(terms, a, b) ?? Prop.AreSame(terms, ConstantOf(a), ConstantOf(b))) is { } isSame)
                return isSame ? Always : -Always;
            if (a > b)
                (a, b) = (b, a);
        }
        var key = KeyOf(kind, a, b);
        if (_index.TryGetValue(key, out var number))
            return _known[number] == 0 ? number : _known[number] * Always;
        number = NewNumber(new(kind, a, b));
        _index.Add(key, number);
        return number;
    }

    /// <summary>Begins a clause; what is added until <see cref="End"/> belongs to it, clauses that begin and end in between aside.</summary>
    public int Begin() => _pending.Count;

    /// <summary>Adds a literal to the clause begun last. False: the clause holds anyway.</summary>
    public bool Add(int literal)
    {
        if (literal == Always)
            return false;
        if (literal != -Always)
            _pending.Add(literal);
        return true;
    }

    /// <summary>Literals that were added since a clause began.</summary>
    public int CountSince(int start) => _pending.Count - start;

    /// <summary>Drops the clause.</summary>
    public void Drop(int start) => _pending.RemoveRange(start, _pending.Count - start);

    /// <summary>A literal that is true only where all of those added since are; they are taken away.</summary>
    public int All(int start)
    {
        var count = _pending.Count - start;
        if (count <= 1)
        {
            var only = count == 0 ? Always : _pending[start];
            Drop(start);
            return only;
        }
        var gate = NewGate();
        for (var i = start; i < start + count; i++)
        {
            var literal = _pending[i];
            AddBoth(-gate, literal);
        }
        Drop(start);
        return gate;
    }

    /// <summary>A literal that is true only where one of those added since is; they are taken away.</summary>
    public int Any(int start)
    {
        var count = _pending.Count - start;
        if (count <= 1)
        {
            var only = count == 0 ? -Always : _pending[start];
            Drop(start);
            return only;
        }
        var gate = NewGate();
        _pending.Insert(start, -gate);
        End(start);
        return gate;
    }

    /// <summary>Keeps the clause.</summary>
    public void End(int start)
    {
        var first = _literals.Count;
        for (var i = start; i < _pending.Count; i++)
        {
            var literal = _pending[i];
            var known = _known[Math.Abs(literal)];
            if (known == 0)
            {
                _literals.Add(literal);
            }
            else if (known > 0 == literal > 0)
            {
                _literals.RemoveRange(first, _literals.Count - first);
                Drop(start);
                return;
            }
        }
        Drop(start);
        _ends.Add(_literals.Count);
        if (_literals.Count == first)
            IsContradictory = true;
        else if (_literals.Count == first + 1)
            Know(_literals[first]);
    }

    /// <summary>Keeps a clause of one literal.</summary>
    public void Assert(int literal)
    {
        var start = Begin();
        if (Add(literal))
            End(start);
    }

    private void AddBoth(int first, int second)
    {
        var start = Begin();
        if (Add(first) && Add(second))
            End(start);
        else
            Drop(start);
    }

    private void Know(int literal)
    {
        var number = Math.Abs(literal);
        _known[number] = (sbyte)(literal > 0 ? 1 : -1);
        if (literal < 0 || _atoms[number] is not { Kind: PropKind.Same } same)
            return;
        if (IsConstant(same.A))
            KnowConstant(same.B, same.A);
        else if (IsConstant(same.B))
            KnowConstant(same.A, same.B);
    }

    private bool IsConstant(int term) => terms[term].Kind is ValueKind.Null or ValueKind.Constant;

    private void KnowConstant(int term, int constant)
    {
        if (term >= _constants.Length)
            Array.Resize(ref _constants, Math.Max(term + 1, _constants.Length * 2));
        if (_constants[term] != None)
            return;
        _constants[term] = constant + 1;
        _constant.Add(term);
    }

    private int ConstantOf(int term) => term < _constants.Length && _constants[term] != None ? _constants[term] - 1 : term;

    private static long KeyOf(PropKind kind, int a, int b) => ((long)kind << 58) | ((long)(a + 1) << 29) | (uint)(b + 1);

    private int NewNumber(Atom atom)
    {
        _atoms.Add(atom);
        _known.Add(0);
        return _atoms.Count - 1;
    }

    // What holds of a value whatever is asked of it.
    private void Use(int term)
    {
        if (term >= _isRelevant.Length)
            Array.Resize(ref _isRelevant, Math.Max(term + 1, _isRelevant.Length * 2));
        if (_isRelevant[term])
            return;
        _isRelevant[term] = true;
        _relevant.Add(term);
        var node = terms[term];
        foreach (var argument in node.Arguments)
            Use(argument);
        if (node.Kind == ValueKind.Column && terms.SourceOf(node.Row).IsNotNullAt(node.Place))
            SayNotNull(term, node.Row);
        if (node.Type == TypeFamily.Boolean && node.Kind is ValueKind.Column or ValueKind.Session or ValueKind.Function)
            SayBoolean(term);
        if (node.Kind == ValueKind.Function && Functions.IsTotal(node.Name))
            SayTotal(term, node.Arguments);
    }

    private void SayNotNull(int term, int row)
    {
        var start = Begin();
        if ((row == Target || Add(-Literal(PropKind.Row, row))) && Add(-Literal(PropKind.Same, term, TermTable.Null)))
            End(start);
        else
            Drop(start);
    }

    // A boolean is true, false or NULL.
    private void SayBoolean(int term)
    {
        var start = Begin();
        if (Add(Literal(PropKind.Same, term, TermTable.True)) && Add(Literal(PropKind.Same, term, TermTable.False)) && Add(Literal(PropKind.Same, term, TermTable.Null)))
            End(start);
        else
            Drop(start);
    }

    // A total function of values is a value.
    private void SayTotal(int term, int[] arguments)
    {
        var start = Begin();
        var isOpen = Add(-Literal(PropKind.Same, term, TermTable.Null));
        foreach (var argument in arguments)
            isOpen = isOpen && Add(Literal(PropKind.Same, argument, TermTable.Null));
        if (isOpen)
            End(start);
        else
            Drop(start);
    }
}
