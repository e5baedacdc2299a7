namespace PolicyLint.Core.Logic;

/// <summary>
/// Decides whether a premise implies a goal by going through all patterns of equality and NULL that the terms can have, and through all truth
/// values of the conditions that are not looked into. Finitely many patterns stand for all rows and sessions, because the predicates
/// only compare: PROVEN iff no pattern makes the premise true and the goal not. REFUTED only by a pattern that is certain to exist:
/// other tables empty, and whatever the conditions are that are not looked into. Everything else is UNKNOWN.
/// </summary>
internal sealed class EntailmentSearch
{
    private const int MaximumConditions = 10;

    private readonly Formula _premise;
    private readonly Formula _goal;
    private readonly IReadOnlyCollection<string> _nullAliases;
    private readonly CancellationToken _cancellation;
    private readonly List<Term> _terms = [];
    private readonly List<List<int>> _compared = [];
    private readonly Dictionary<Term, int> _index = [];
    private readonly List<string> _otherRows = [];
    private readonly List<string> _opaque = [];
    private readonly List<string> _free = [];
    private readonly Dictionary<string, IReadOnlyList<string>?> _decidedBy = new(StringComparer.Ordinal);
    private readonly HashSet<Term> _booleans = [];
    private int _steps;

    // Per term: 0 is NULL, any other number a value; equal numbers are equal values.
    private int[] _values = [];
    private readonly Dictionary<string, Truth> _conditions = new(StringComparer.Ordinal);
    private int[]? _witness;
    private bool _possible;

    private EntailmentSearch(Formula premise, Formula goal, IReadOnlyCollection<string> nullAliases, int steps, CancellationToken cancellation)
    {
        _premise = premise;
        _goal = goal;
        _nullAliases = nullAliases;
        _steps = steps;
        _cancellation = cancellation;
        Collect(goal);
        var goalColumns = new HashSet<string>(StringComparer.Ordinal);
        foreach (var term in _terms)
            goalColumns.Add(term.Key);
        Collect(premise);
        foreach (var pair in _decidedBy)
            (IsFree(pair.Value, goalColumns) ? _free : _opaque).Add(pair.Key);
    }

    // Decided by columns that nothing else in the question speaks of: it can be had both ways beside every pattern.
    private bool IsFree(IReadOnlyList<string>? columns, HashSet<string> goalColumns)
    {
        if (columns is null)
            return false;
        foreach (var column in columns)
        {
            if (goalColumns.Contains(column) || _index.ContainsKey(new(column, TermKind.Column, IsNotNull: false)))
                return false;
        }
        return true;
    }

    /// <summary>Whether the goal is true whenever the premise is.</summary>
    /// <param name="premise">What is given.</param>
    /// <param name="goal">What must follow.</param>
    /// <param name="nullAliases">Relations whose columns are all NULL here: the missing side of an outer join.</param>
    /// <param name="steps">Patterns to look at before giving up.</param>
    /// <param name="cancellation">Stops the search.</param>
    public static EntailmentAnswer Decide(Formula premise, Formula goal, IReadOnlyCollection<string> nullAliases, int steps, CancellationToken cancellation) =>
        new EntailmentSearch(premise, goal, nullAliases, steps, cancellation).Run();

    private EntailmentAnswer Run()
    {
        if (_otherRows.Count + _opaque.Count + _free.Count > MaximumConditions)
            return new(EntailmentKind.Unknown, UnknownReason.Budget, "too many conditions that are not looked into", []);
        _values = new int[_terms.Count];
        if (!Assign(0, 0))
            return new(EntailmentKind.Unknown, UnknownReason.Budget, "too many patterns of equality", []);
        if (_witness is { } witness)
            return new(EntailmentKind.Refuted, default, "", Describe(witness));
        if (!_possible)
            return new(EntailmentKind.Proven, default, "", []);
        return _opaque.Count > 0
            ? new(EntailmentKind.Unknown, UnknownReason.OpaqueFunction, "it depends on " + _opaque[0], [])
            : new(EntailmentKind.Unknown, UnknownReason.UnsupportedSyntax, "it depends on rows of other tables", []);
    }

    private void Collect(Formula formula)
    {
        switch (formula)
        {
            case Formula.And and:
                foreach (var operand in and.Operands)
                    Collect(operand);
                break;
            case Formula.Or or:
                foreach (var operand in or.Operands)
                    Collect(operand);
                break;
            case Formula.Not not:
                Collect(not.Operand);
                break;
            case Formula.Is test:
                Collect(test.Operand);
                break;
            case Formula.Equal equal:
                Compare(equal.Left, equal.Right);
                break;
            case Formula.Same same:
                Compare(same.Left, same.Right);
                break;
            case Formula.IsNull isNull:
                Add(isNull.Operand);
                break;
            case Formula.Holds holds:
                _booleans.Add(holds.Operand);
                Compare(holds.Operand, FormulaBuilder.TrueTerm);
                Compare(holds.Operand, FormulaBuilder.FalseTerm);
                break;
            case Formula.OtherRows other when !_otherRows.Contains(other.Key):
                _otherRows.Add(other.Key);
                break;
            case Formula.Opaque opaque when !_decidedBy.ContainsKey(opaque.Key):
                _decidedBy.Add(opaque.Key, opaque.Columns);
                break;
        }
    }

    private int Add(Term term)
    {
        if (_index.TryGetValue(term, out var known))
            return known;
        _index.Add(term, _terms.Count);
        _terms.Add(term);
        _compared.Add([]);
        return _terms.Count - 1;
    }

    private void Compare(Term left, Term right)
    {
        int a = Add(left), b = Add(right);
        _compared[a].Add(b);
        _compared[b].Add(a);
    }

    // Each term is NULL, equal to an earlier term that a chain of comparisons connects it with, or new. False: the budget is spent.
    private bool Assign(int position, int highest)
    {
        if (_witness is not null)
            return true;
        if (position == _terms.Count)
            return Check();
        if (--_steps < 0)
            return false;
        _cancellation.ThrowIfCancellationRequested();
        var term = _terms[position];
        if (IsForcedNull(term))
            return Try(position, 0, highest);
        if (!term.IsNotNull && !Try(position, 0, highest))
            return false;
        if (term.Kind == TermKind.Null)
            return true;
        for (var value = 1; value <= highest; value++)
        {
            if (MayEqual(position, value) && !Try(position, value, highest))
                return false;
        }
        return Try(position, highest + 1, highest + 1);
    }

    private bool Try(int position, int value, int highest)
    {
        _values[position] = value;
        return Assign(position + 1, highest);
    }

    private bool IsForcedNull(Term term)
    {
        if (term.Kind == TermKind.Null)
            return true;
        if (term.Kind != TermKind.Column || _nullAliases.Count == 0)
            return false;
        var dot = term.Key.IndexOf('.');
        return dot > 0 && Contains(_nullAliases, term.Key.Substring(0, dot));
    }

    private static bool Contains(IReadOnlyCollection<string> values, string value)
    {
        foreach (var candidate in values)
        {
            if (candidate == value)
                return true;
        }
        return false;
    }

    private bool MayEqual(int position, int value)
    {
        var isConnected = false;
        for (var earlier = 0; earlier < position; earlier++)
        {
            if (_values[earlier] != value)
                continue;
            if (_terms[earlier].Kind == TermKind.Literal && _terms[position].Kind == TermKind.Literal && AreDistinct(_terms[earlier].Key, _terms[position].Key))
                return false;
            isConnected |= AreConnected(earlier, position);
        }
        return isConnected;
    }

    // 1 and 1.0, or a uuid in capitals, are one value written in two ways.
    private static bool AreDistinct(string left, string right)
    {
        if (IsNumber(left.Trim('\''), out var x) && IsNumber(right.Trim('\''), out var y))
            return x != y;
        return !string.Equals(Bare(left), Bare(right), StringComparison.OrdinalIgnoreCase);

        static bool IsNumber(string text, out decimal number) =>
            decimal.TryParse(text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out number);

        static string Bare(string text) => text.Trim('\'').Replace("-", "").Trim('{', '}', ' ');
    }

    // Whether a pattern takes two spellings for one value, which some types do and others do not.
    private bool MergesLiterals()
    {
        for (var i = 0; i < _terms.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (_values[i] == _values[j] && _terms[i].Kind == TermKind.Literal && _terms[j].Kind == TermKind.Literal)
                    return true;
            }
        }
        return false;
    }

    private bool AreConnected(int from, int to)
    {
        var seen = new bool[_terms.Count];
        var pending = new Stack<int>();
        pending.Push(from);
        seen[from] = true;
        while (pending.Count > 0)
        {
            var current = pending.Pop();
            if (current == to)
                return true;
            foreach (var next in _compared[current])
            {
                if (!seen[next])
                {
                    seen[next] = true;
                    pending.Push(next);
                }
            }
        }
        return false;
    }

    // A pattern is complete: is there a way for the conditions that lets the premise hold and the goal fail? And one for the free conditions
    // that does so whatever the others are, in a database whose other tables are empty?
    private bool Check()
    {
        var freeWays = Power(3, _free.Count);
        var otherWays = Power(2, _otherRows.Count) * Power(3, _opaque.Count);
        _steps -= freeWays * otherWays;
        if (_steps < 0)
            return false;
        for (var free = 0; free < freeWays; free++)
        {
            Set(_free, free);
            var isCertain = true;
            var isPossible = false;
            for (var other = 0; other < otherWays; other++)
            {
                var areOthersEmpty = SetConditions(other);
                var fails = Evaluate(_premise) == Truth.True && Evaluate(_goal) != Truth.True;
                isPossible |= fails;
                if (areOthersEmpty)
                    isCertain &= fails;
            }
            _possible |= isPossible;
            if (isPossible && isCertain && BooleansAreBoolean() && !MergesLiterals())
            {
                _witness = (int[])_values.Clone();
                return true;
            }
        }
        return true;
    }

    private static int Power(int number, int exponent)
    {
        var result = 1;
        for (var i = 0; i < exponent; i++)
            result *= number;
        return result;
    }

    private void Set(List<string> keys, int combination)
    {
        foreach (var key in keys)
        {
            _conditions[key] = (Truth)(combination % 3);
            combination /= 3;
        }
    }

    private bool SetConditions(int combination)
    {
        var areOthersEmpty = true;
        foreach (var key in _otherRows)
        {
            _conditions[key] = combination % 2 == 0 ? Truth.False : Truth.True;
            areOthersEmpty &= combination % 2 == 0;
            combination /= 2;
        }
        Set(_opaque, combination);
        return areOthersEmpty;
    }

    private bool BooleansAreBoolean()
    {
        foreach (var term in _booleans)
        {
            var value = Value(term);
            if (value != 0 && value != Value(FormulaBuilder.TrueTerm) && value != Value(FormulaBuilder.FalseTerm))
                return false;
        }
        return true;
    }

    private int Value(Term term) => _values[_index[term]];

    private Truth Evaluate(Formula formula)
    {
        switch (formula)
        {
            case Formula.Constant constant:
                return constant.Value;
            case Formula.And and:
            {
                var result = Truth.True;
                foreach (var operand in and.Operands)
                {
                    var value = Evaluate(operand);
                    if (value < result)
                        result = value;
                }
                return result;
            }
            case Formula.Or or:
            {
                var result = Truth.False;
                foreach (var operand in or.Operands)
                {
                    var value = Evaluate(operand);
                    if (value > result)
                        result = value;
                }
                return result;
            }
            case Formula.Not not:
                return (Truth)(Truth.True - Evaluate(not.Operand));
            case Formula.Equal equal:
            {
                int left = Value(equal.Left), right = Value(equal.Right);
                return left == 0 || right == 0 ? Truth.Unknown : left == right ? Truth.True : Truth.False;
            }
            case Formula.Same same:
                return Value(same.Left) == Value(same.Right) ? Truth.True : Truth.False;
            case Formula.IsNull isNull:
                return Value(isNull.Operand) == 0 ? Truth.True : Truth.False;
            case Formula.Holds holds:
            {
                var value = Value(holds.Operand);
                return value == Value(FormulaBuilder.TrueTerm) ? Truth.True : value == Value(FormulaBuilder.FalseTerm) ? Truth.False : Truth.Unknown;
            }
            case Formula.Is test:
                return Evaluate(test.Operand) == test.Value ? Truth.True : Truth.False;
            case Formula.OtherRows other:
                return _conditions[other.Key];
            case Formula.Opaque opaque:
                return _conditions[opaque.Key];
            default:
                throw new InvalidOperationException("a formula that the search does not know");
        }
    }

    private List<KeyValuePair<Term, string>> Describe(int[] values)
    {
        var literals = new Dictionary<int, string>();
        for (var i = 0; i < values.Length; i++)
        {
            if (_terms[i].Kind == TermKind.Literal)
                literals[values[i]] = _terms[i].Key;
        }
        var described = new List<KeyValuePair<Term, string>>();
        for (var i = 0; i < values.Length; i++)
        {
            if (_terms[i].Kind is TermKind.Literal or TermKind.Null)
                continue;
            var text = values[i] == 0 ? "NULL" : literals.TryGetValue(values[i], out var literal) ? literal : "'…" + (char)('a' + ((values[i] - 1) % 26)) + "'";
            described.Add(new(_terms[i], text));
        }
        return described;
    }
}

/// <summary>How a search ended.</summary>
internal enum EntailmentKind
{
    Proven,
    Refuted,
    Unknown,
}

/// <summary>The end of a search; values of the terms where it refutes.</summary>
internal sealed record EntailmentAnswer(EntailmentKind Kind, UnknownReason Reason, string Detail, IReadOnlyList<KeyValuePair<Term, string>> Values);
