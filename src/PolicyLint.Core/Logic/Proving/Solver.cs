namespace PolicyLint.Core.Logic.Proving;

/// <summary>
/// Searches for an assignment of the atoms that satisfies the clauses and that equality, order and membership allow. Unit propagation over two watched
/// literals of each clause; branching on the shortest open clause. What a conflict comes from is kept as a clause, and the search goes back to where that
/// settles something. Steps are counted, so the answer is reproducible.
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
    // Of each atom how many decisions stood before it was assigned, and the clause that left it no choice; -1: none did.
    private int[] _levels = [];
    private int[] _reasons = [];
    private bool[] _isSeen = [];
    // How far the trail was at each decision.
    private readonly List<int> _decisions = [];
    private readonly List<int> _conflict = [];
    private readonly List<int> _learned = [];
    // Of each clause the places of two literals that are not false, unless it is settled; the watches of one literal form a list.
    private int[] _watched = [];
    private int[] _next = [];
    private int[] _first = [];
    private int _numbers;
    private int _clauseCount;
    private int _literalCount;
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
        _decisions.Clear();
        _numbers = _clauses.Atoms.Count;
        _clauseCount = _clauses.Ends.Count;
        _literalCount = _clauses.Literals.Count;
        Grow(ref _literals, _literalCount);
        _clauses.Literals.CopyTo(_literals);
        Grow(ref _ends, _clauseCount);
        _clauses.Ends.CopyTo(_ends);
        Grow(ref _watched, _clauseCount * 2);
        Grow(ref _next, _clauseCount * 2);
        Grow(ref _trail, _numbers);
        Grow(ref _levels, _numbers);
        Grow(ref _reasons, _numbers);
        Grow(ref _isSeen, _numbers);
        // A search that ran out of steps while it learned left its marks.
        Array.Clear(_isSeen, 0, _numbers);
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
            Array.Resize(ref array, Math.Max(length, array.Length * 2));
    }

    private bool Search()
    {
        while (true)
        {
            _cancellation.ThrowIfCancellationRequested();
            if (!Propagate() || !IsAllowed())
            {
                if (!Learn())
                    return false;
                continue;
            }
            var literal = Choose();
            if (literal == 0)
                return true;
            _decisions.Add(_count);
            Assign(literal, -1);
        }
    }

    // From the literals of the conflict, all false, back along what forced them until one of the last decision's is left: that one must be false where the
    // others are what they are. False: no decision led here.
    private bool Learn()
    {
        var level = 0;
        foreach (var literal in _conflict)
            level = Math.Max(level, _levels[Math.Abs(literal)]);
        if (level == 0)
            return false;
        if (level < _decisions.Count)
            Undo(level);
        _learned.Clear();
        _learned.Add(0);
        var open = 0;
        foreach (var literal in _conflict)
            See(literal, ref open);
        var place = _count;
        while (true)
        {
            do
                place--;
            while (!_isSeen[Math.Abs(_trail[place])]);
            var forced = _trail[place];
            _isSeen[Math.Abs(forced)] = false;
            if (--open == 0)
            {
                _learned[0] = -forced;
                break;
            }
            var reason = _reasons[Math.Abs(forced)];
            for (var i = reason == 0 ? 0 : _ends[reason - 1]; i < _ends[reason]; i++)
            {
                if (_literals[i] != forced)
                    See(_literals[i], ref open);
            }
        }
        var back = 0;
        for (var i = 1; i < _learned.Count; i++)
        {
            _isSeen[Math.Abs(_learned[i])] = false;
            if (_levels[Math.Abs(_learned[i])] is var other && other > back)
            {
                back = other;
                (_learned[1], _learned[i]) = (_learned[i], _learned[1]);
            }
        }
        Undo(back);
        Assign(_learned[0], _learned.Count == 1 ? -1 : Keep());
        return true;
    }

    private void See(int literal, ref int open)
    {
        var number = Math.Abs(literal);
        Step();
        if (_isSeen[number] || _levels[number] == 0)
            return;
        _isSeen[number] = true;
        if (_levels[number] == _decisions.Count)
            open++;
        else
            _learned.Add(literal);
    }

    // The learned clause, its first two literals watched.
    private int Keep()
    {
        var clause = _clauseCount++;
        var start = _literalCount;
        Grow(ref _literals, start + _learned.Count);
        _learned.CopyTo(_literals, start);
        _literalCount += _learned.Count;
        Grow(ref _ends, _clauseCount);
        _ends[clause] = _literalCount;
        Grow(ref _watched, _clauseCount * 2);
        Grow(ref _next, _clauseCount * 2);
        Watch(clause * 2, start);
        Watch((clause * 2) + 1, start + 1);
        return clause;
    }

    private void Step()
    {
        if (--_steps < 0)
            throw new UndecidedException(UnknownReason.Budget, "too many steps of search");
    }

    private static int IndexOf(int literal) => literal > 0 ? literal * 2 : (-literal * 2) + 1;

    private int ValueOf(int literal) => literal > 0 ? _values[literal] : -_values[-literal];

    private void Assign(int literal, int reason)
    {
        var number = Math.Abs(literal);
        _values[number] = (sbyte)(literal > 0 ? 1 : -1);
        _levels[number] = _decisions.Count;
        _reasons[number] = reason;
        _trail[_count++] = literal;
    }

    // Back to where so many decisions stood.
    private void Undo(int level)
    {
        var mark = _decisions[level];
        for (var i = mark; i < _count; i++)
            _values[Math.Abs(_trail[i])] = 0;
        _decisions.RemoveRange(level, _decisions.Count - level);
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
                    Assign(_literals[start], -1);
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
                Step();
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
                {
                    _conflict.Clear();
                    var clause = watch >> 1;
                    for (var i = clause == 0 ? 0 : _ends[clause - 1]; i < _ends[clause]; i++)
                        _conflict.Add(_literals[i]);
                    return false;
                }
                if (value == 0)
                    Assign(other, watch >> 1);
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
        if (_theory.IsConsistent(_values))
            return true;
        _conflict.Clear();
        foreach (var atom in _theory.Conflict)
            _conflict.Add(_values[atom] > 0 ? -atom : atom);
        return false;
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
