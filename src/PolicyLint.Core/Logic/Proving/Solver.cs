namespace PolicyLint.Core.Logic.Proving;

/// <summary>
/// Searches for an assignment of the atoms that satisfies the clauses and that equality, order and membership allow. Unit propagation over two watched
/// literals of each clause; branching on the shortest open clause. Steps are counted, so the answer is reproducible.
/// </summary>
internal sealed class Solver
{
    // A look at all open clauses costs as much as following so many of them.
    private const int ClausesInStep = 8;

    private readonly Clauses _clauses;
    private readonly CancellationToken _cancellation;
    private readonly Theory _theory;
    private int[] _literals = [];
    private int[] _ends = [];
    private sbyte[] _values = [];
    private int[] _trail = [];
    // Of each clause the places of two literals that are not false, unless it is settled; the watches of one literal form a list.
    private int[] _watched = [];
    private int[] _next = [];
    private int[] _first = [];
    private int _numbers;
    private int _count;
    private int _followed;
    private int _checked;
    private int _steps;
    private bool _isTheoryCurrent;

    public Solver(Clauses clauses, CancellationToken cancellation)
    {
        _clauses = clauses;
        _cancellation = cancellation;
        _theory = new(clauses);
    }

    /// <summary>The classes of equal terms in the assignment found.</summary>
    public Theory Theory => _theory;

    /// <summary>Whether there is an assignment to the clauses as they are now.</summary>
    public bool IsSatisfiable(int steps)
    {
        if (_clauses.IsContradictory)
            return false;
        _steps = steps;
        Prepare();
        if (!Watch() || !Search())
            return false;
        if (!_isTheoryCurrent)
            _theory.IsConsistent(_values);
        return true;
    }

    /// <summary>Truth of an atom in the assignment found; null where it does not matter.</summary>
    public bool? ValueOf(PropKind kind, int a, int b = -1) => _clauses.Find(kind, a, b) is > 0 and var number && _values[number] != 0 ? _values[number] > 0 : null;

    /// <summary>Atoms that are true in the assignment found.</summary>
    public IEnumerable<Atom> TrueAtoms()
    {
        foreach (var (atom, isTrue) in AssignedAtoms())
        {
            if (isTrue)
                yield return atom;
        }
    }

    /// <summary>Atoms of the assignment found.</summary>
    public IEnumerable<(Atom Atom, bool IsTrue)> AssignedAtoms()
    {
        for (var i = 1; i < _numbers; i++)
        {
            if (_clauses.Atoms[i].Kind != PropKind.True && _values[i] != 0)
                yield return (_clauses.Atoms[i], _values[i] > 0);
        }
    }

    /// <summary>Whether an atom speaks of the term.</summary>
    public bool IsRelevant(int term) => _clauses.IsRelevant(term);

    private void Prepare()
    {
        (_count, _followed, _checked, _isTheoryCurrent) = (0, 0, 0, false);
        _numbers = _clauses.Atoms.Count;
        Grow(ref _literals, _clauses.Literals.Count);
        _clauses.Literals.CopyTo(_literals);
        Grow(ref _ends, _clauses.Ends.Count);
        _clauses.Ends.CopyTo(_ends);
        Grow(ref _watched, _clauses.Ends.Count * 2);
        Grow(ref _next, _clauses.Ends.Count * 2);
        Grow(ref _trail, _numbers);
        Grow(ref _values, _numbers);
        Array.Clear(_values, 0, _numbers);
        Grow(ref _first, _numbers * 2);
        for (var i = 0; i < _numbers * 2; i++)
            _first[i] = -1;
        _theory.Prepare();
    }

    private static void Grow<T>(ref T[] array, int length)
    {
        if (array.Length < length)
            array = new T[Math.Max(length, array.Length * 2)];
    }

    private bool Search()
    {
        _cancellation.ThrowIfCancellationRequested();
        if (!Propagate() || !IsAllowed())
            return false;
        var literal = Choose();
        if (literal == 0)
            return true;
        var mark = _count;
        Assign(literal);
        if (Search())
            return true;
        Undo(mark);
        Assign(-literal);
        return Search();
    }

    private static int IndexOf(int literal) => literal > 0 ? literal * 2 : (-literal * 2) + 1;

    private int ValueOf(int literal) => literal > 0 ? _values[literal] : -_values[-literal];

    private void Assign(int literal)
    {
        _values[Math.Abs(literal)] = (sbyte)(literal > 0 ? 1 : -1);
        _trail[_count++] = literal;
    }

    private void Undo(int mark)
    {
        for (var i = mark; i < _count; i++)
            _values[Math.Abs(_trail[i])] = 0;
        _count = mark;
        _followed = mark;
        _checked = Math.Min(_checked, mark);
        _isTheoryCurrent = false;
    }

    // False: two clauses of one literal contradict each other.
    private bool Watch()
    {
        var start = 0;
        for (var clause = 0; clause < _clauses.Ends.Count; clause++)
        {
            var end = _ends[clause];
            if (end - start == 1)
            {
                var value = ValueOf(_literals[start]);
                if (value < 0)
                    return false;
                if (value == 0)
                    Assign(_literals[start]);
            }
            else
            {
                Watch(clause * 2, start);
                Watch((clause * 2) + 1, start + 1);
            }
            start = end;
        }
        return true;
    }

    private void Watch(int watch, int place)
    {
        _watched[watch] = place;
        ref var first = ref _first[IndexOf(_literals[place])];
        _next[watch] = first;
        first = watch;
    }

    private bool Propagate()
    {
        while (_followed < _count)
        {
            var falsified = IndexOf(-_trail[_followed++]);
            var watch = _first[falsified];
            var previous = -1;
            while (watch >= 0)
            {
                if (--_steps < 0)
                    throw new UndecidedException(UnknownReason.Budget, "too many steps of search");
                var next = _next[watch];
                var other = _literals[_watched[watch ^ 1]];
                var value = ValueOf(other);
                if (value <= 0 && NewPlace(watch) is >= 0 and var place)
                {
                    if (previous < 0)
                        _first[falsified] = next;
                    else
                        _next[previous] = next;
                    Watch(watch, place);
                    watch = next;
                    continue;
                }
                if (value < 0)
                    return false;
                if (value == 0)
                    Assign(other);
                previous = watch;
                watch = next;
            }
        }
        return true;
    }

    // A literal of the clause that is not false and that is not watched yet; -1: there is none.
    private int NewPlace(int watch)
    {
        var clause = watch >> 1;
        int first = _watched[watch], second = _watched[watch ^ 1];
        for (var place = clause == 0 ? 0 : _ends[clause - 1]; place < _ends[clause]; place++)
        {
            if (place != first && place != second && ValueOf(_literals[place]) >= 0)
                return place;
        }
        return -1;
    }

    private bool IsAllowed()
    {
        var hasTheory = false;
        for (; _checked < _count; _checked++)
            hasTheory |= _clauses.Atoms[Math.Abs(_trail[_checked])].Kind is PropKind.Same or PropKind.Less or PropKind.Member or PropKind.Empty;
        if (!hasTheory)
            return true;
        _isTheoryCurrent = true;
        return _theory.IsConsistent(_values);
    }

    // The first open literal of the shortest clause that is not satisfied; 0: all are.
    private int Choose()
    {
        var count = _clauses.Ends.Count;
        _steps -= count / ClausesInStep;
        int best = 0, shortest = int.MaxValue, start = 0;
        for (var clause = 0; clause < count; clause++)
        {
            int open = 0, first = 0, end = _ends[clause];
            for (var place = start; place < end; place++)
            {
                var value = ValueOf(_literals[place]);
                if (value > 0)
                {
                    open = -1;
                    break;
                }
                if (value == 0 && ++open == 1)
                    first = _literals[place];
            }
            start = end;
            if (open > 0 && open < shortest)
            {
                shortest = open;
                best = first;
            }
        }
        return best;
    }
}
