namespace PolicyLint.Core.Logic.Proving;

/// <summary>Why two terms became one class.</summary>
internal readonly struct MergeReason
{
    private MergeReason(MergeKind kind, int number = 0, int[]? left = null, int[]? right = null) => (Kind, Number, Left, Right) = (kind, number, left ?? [], right ?? []);

    public enum MergeKind
    {
        /// <summary>They are equal whatever is asked.</summary>
        Always,

        /// <summary>An atom says so.</summary>
        Atom,

        /// <summary>They are one function of equal arguments, or what a function folds to.</summary>
        Arguments,

        /// <summary>A strict function has an argument that is NULL.</summary>
        NullArgument,

        /// <summary>Several atoms together say so.</summary>
        Atoms,
    }

    public static MergeReason Always => new(MergeKind.Always);

    public MergeKind Kind { get; }

    /// <summary>The atom, or the place of the argument.</summary>
    public int Number { get; }

    /// <summary>Terms that equal those on the right, or the atoms.</summary>
    public int[] Left { get; }

    public int[] Right { get; }

    public static MergeReason OfAtom(int atom) => new(MergeKind.Atom, atom);

    public static MergeReason OfArguments(int[] left, int[] right) => new(MergeKind.Arguments, 0, left, right);

    public static MergeReason OfNull(int[] arguments, int place) => new(MergeKind.NullArgument, place, arguments);

    public static MergeReason OfAtoms(int[] atoms) => new(MergeKind.Atoms, 0, atoms);
}

/// <summary>
/// The merges of classes as a forest: the way from one term to another is why they are equal, and does not change while more is merged.
/// </summary>
internal sealed class MergeProof
{
    private readonly List<int> _atoms = [];
    private readonly HashSet<int> _known = [];
    private readonly Queue<(int Left, int Right)> _open = new();
    private int[] _next = [];
    private MergeReason[] _reasons = [];
    // Of each term the number of the search that met it last.
    private int[] _met = [];
    private int[] _told = [];
    private int _search;
    private int _telling;

    /// <summary>Atoms that explain what was asked about since <see cref="Begin"/>, each once.</summary>
    public IReadOnlyList<int> Atoms => _atoms;

    public void Grow(int length)
    {
        var before = _next.Length;
        Array.Resize(ref _next, length);
        Array.Resize(ref _reasons, length);
        Array.Resize(ref _met, length);
        Array.Resize(ref _told, length);
        for (var i = before; i < length; i++)
            _next[i] = -1;
    }

    /// <summary>The term is in a class of its own.</summary>
    public void Reset(int term) => _next[term] = -1;

    /// <summary>Terms of two classes are merged.</summary>
    public void Merge(int left, int right, MergeReason reason)
    {
        // The way from the left term to its root is turned round.
        var (term, next) = (left, right);
        while (term >= 0)
        {
            (var following, _next[term]) = (_next[term], next);
            (var before, _reasons[term]) = (_reasons[term], reason);
            (term, next, reason) = (following, term, before);
        }
    }

    public void Begin()
    {
        _atoms.Clear();
        _known.Clear();
        _telling++;
    }

    public void Add(int atom)
    {
        if (_known.Add(atom))
            _atoms.Add(atom);
    }

    /// <summary>Adds the atoms that make two terms of one class equal.</summary>
    public void Explain(int left, int right)
    {
        _open.Enqueue((left, right));
        while (_open.Count > 0)
        {
            var (a, b) = _open.Dequeue();
            if (a == b)
                continue;
            _search++;
            for (var term = a; term >= 0; term = _next[term])
                _met[term] = _search;
            var common = b;
            while (_met[common] != _search)
                common = _next[common];
            Tell(a, common);
            Tell(b, common);
        }
    }

    private void Tell(int from, int to)
    {
        for (var term = from; term != to; term = _next[term])
        {
            if (_told[term] == _telling)
                continue;
            _told[term] = _telling;
            var reason = _reasons[term];
            switch (reason.Kind)
            {
                case MergeReason.MergeKind.Atom:
                    Add(reason.Number);
                    break;
                case MergeReason.MergeKind.Arguments:
                    for (var i = 0; i < reason.Left.Length; i++)
                        _open.Enqueue((reason.Left[i], reason.Right[i]));
                    break;
                case MergeReason.MergeKind.NullArgument:
                    _open.Enqueue((reason.Left[reason.Number], TermTable.Null));
                    break;
                case MergeReason.MergeKind.Atoms:
                    foreach (var atom in reason.Left)
                        Add(atom);
                    break;
            }
        }
    }
}
