using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Sql;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Logic.Proving;

/// <summary>A row of a model.</summary>
internal sealed class ModelRow(string source, Relation? relation)
{
    public string Source { get; } = source;

    public Relation? Relation { get; } = relation;

    public SortedDictionary<string, Datum> Values { get; } = new(StringComparer.Ordinal);

    /// <summary>What its own policies show where the role is not known.</summary>
    public bool IsVisible { get; init; } = true;

    /// <summary>There for a foreign key alone: nothing reads the table.</summary>
    public bool IsParent { get; init; }

    /// <summary>Columns that nothing asks for: any value will do that the table allows.</summary>
    public HashSet<string> MadeUp { get; } = new(StringComparer.Ordinal);
}

/// <summary>Rows and a session; without a target where the question is about a query.</summary>
internal sealed record Model(ModelRow? Target, bool IsTargetNew, IReadOnlyList<ModelRow> Others, IReadOnlyDictionary<string, Datum> Session)
{
    /// <summary>All rows, the target first.</summary>
    public IReadOnlyList<ModelRow> Rows => Target is null ? Others : [Target, .. Others];

    /// <summary>What functions that are not looked into are taken to say, by <see cref="CallOf"/>.</summary>
    public IReadOnlyDictionary<string, Datum> Assumed { get; init; } = new Dictionary<string, Datum>();

    /// <summary>A call with its arguments' values.</summary>
    public static string CallOf(string name, IReadOnlyList<Datum> arguments)
    {
        var call = name.Substring(name.IndexOf(':') + 1);
        var open = call.IndexOf('(');
        call = (open < 0 ? call : call.Substring(0, open)) + "(";
        for (var i = 0; i < arguments.Count; i++)
            call += (i == 0 ? "" : ", ") + (arguments[i].Kind == DatumKind.Value ? "'" + arguments[i].Text + "'" : arguments[i].Text);
        return call + ")";
    }
}

/// <summary>
/// SQL's three-valued logic over concrete rows, straight from the tree. It evaluates by itself and shares with the encoder only what names
/// mean (session keys, constants, which policies apply): no witness is reported that it does not confirm. What it does not know is Open, and Open confirms nothing.
/// </summary>
internal sealed partial class Interpreter(Reading reading, TermTable types, Model model)
{
    private const int MaximumCalls = 500;
    private readonly ICatalog _catalog = reading.Catalog;
    private readonly IPolicySource _policies = reading.Policies;
    private readonly Dictionary<string, Datum> _assumed = new(StringComparer.Ordinal);
    private int _calls;

    /// <summary>What functions that are not looked into were taken to say, by call.</summary>
    public IReadOnlyDictionary<string, Datum> Assumed => _assumed;

    /// <summary>
    /// Something raised an error: a text that its type does not accept, a scalar subquery of two rows. The server may have come by without evaluating it,
    /// and may not have: such a model shows nothing.
    /// </summary>
    public bool HasRaised { get; private set; }

    /// <summary>Truth of a claim for the model's target row.</summary>
    public Datum Evaluate(Claim claim)
    {
        switch (claim)
        {
            case Claim.Everything:
                return Datum.True;
            case Claim.Nothing:
                return Datum.False;
            case Claim.AllOf all:
            {
                var result = Datum.True;
                foreach (var item in all.Claims)
                    result = Datum.And(result, Evaluate(item));
                return result;
            }
            case Claim.Condition condition:
                return Evaluate(condition.Expression, TargetFrame(condition.Sight));
            case Claim.AnyOf any:
            {
                var result = Datum.False;
                foreach (var item in any.Claims)
                    result = Datum.Or(result, Evaluate(item));
                return result;
            }
            case Claim.Policies combined:
                return Combine(combined.Applying, combined.Clause, TargetFrame(Sight.Role));
            default:
                return Datum.Open;
        }
    }

    /// <summary>Whether the rows satisfy what the schema says of them, as far as that can be read.</summary>
    public bool SatisfiesConstraints()
    {
        foreach (var row in model.Rows)
        {
            if (row.Relation is not Table table)
                continue;
            foreach (var column in table.Columns)
            {
                if (column.IsNotNull.Value && (!row.Values.TryGetValue(column.Name, out var value) || value.Kind == DatumKind.Null))
                    return false;
            }
            foreach (var constraint in table.Constraints)
            {
                if (IsRefused(row, constraint))
                    return false;
            }
        }
        return true;
    }

    /// <summary>Whether a check constraint of its table is FALSE of a row.</summary>
    public bool IsRefused(ModelRow row, TableConstraint constraint)
    {
        if (constraint is not { Kind: ConstraintKind.Check, IsValidated: true, Condition: { } condition })
            return false;
        var frame = new Frame(null, Sight.Everything, null);
        frame.Rows.Add((row.Relation!.Id.Name, row));
        return Evaluate(condition.Tree, frame).IsFalse;
    }

    private Frame TargetFrame(Sight sight)
    {
        var frame = new Frame(null, sight, null);
        if (model.Target is { } target)
            frame.Rows.Add((target.Relation?.Id.Name ?? target.Source, target));
        return frame;
    }

    private Datum Combine(IReadOnlyList<Policy> applying, PolicyClause clause, Frame frame)
    {
        Datum permissive = Datum.False, restrictive = Datum.True;
        foreach (var policy in applying)
        {
            if (AccessModel.PredicateOf(policy, clause) is not { } predicate)
                continue;
            var value = Evaluate(predicate.Tree, frame);
            if (policy.IsPermissive)
                permissive = Datum.Or(permissive, value);
            else
                restrictive = Datum.And(restrictive, value);
        }
        return Datum.And(permissive, restrictive);
    }

    private Datum Evaluate(Expression expression, Frame frame)
    {
        if (SessionKeys.Of(expression) is { } session)
            return OfSession(session.Key == "current_user" && frame.Sight == Sight.Owner ? "current_user of the owner" : session.Key, session.Type);
        switch (expression)
        {
            case Literal literal:
                return literal.Kind switch
                {
                    LiteralKind.Null => Datum.Null,
                    LiteralKind.True => Datum.True,
                    LiteralKind.False => Datum.False,
                    LiteralKind.String => Datum.Of(TypeFamily.Unknown, literal.GetText()),
                    LiteralKind.Integer or LiteralKind.Float when Constants.TryNumber(literal.GetText(), out var number) => Datum.Of(literal.Kind == LiteralKind.Integer ? TypeFamily.Integer : TypeFamily.Numeric, Constants.Number(number)),
                    _ => Datum.Open,
                };
            case LogicalExpression logical:
            {
                var isAnd = logical.Operator == LogicalOperator.And;
                var result = Datum.Of(isAnd);
                foreach (var operand in logical.Operands)
                {
                    var value = Condition(operand, frame);
                    result = isAnd ? Datum.And(result, value) : Datum.Or(result, value);
                }
                return result;
            }
            case NotExpression not:
                return Datum.Not(Condition(not.Operand, frame));
            case IsTest test:
                return Test(test, frame);
            case IsDistinctFrom distinct:
            {
                var same = Same(Evaluate(distinct.Left, frame), Evaluate(distinct.Right, frame));
                return distinct.IsNegated ? same : Datum.Not(same);
            }
            case InList list:
            {
                var result = Datum.False;
                foreach (var item in list.Items)
                    result = Datum.Or(result, Compare("=", list.Operand, frame, item, frame));
                return list.IsNegated ? Datum.Not(result) : result;
            }
            case BetweenExpression { IsSymmetric: false } between:
            {
                var result = Datum.And(Compare(">=", between.Operand, frame, between.Lower, frame), Compare("<=", between.Operand, frame, between.Upper, frame));
                return between.IsNegated ? Datum.Not(result) : result;
            }
            case InSubquery membership:
            {
                var result = Membership("=", membership.Operand, frame, membership.Query);
                return membership.IsNegated ? Datum.Not(result) : result;
            }
            case ExistsSubquery exists:
                return Existence(exists.Query, frame);
            case QuantifiedComparison quantified:
                return Quantified(quantified, frame);
            case PatternMatch { Kind: MatchKind.Like, Escape: null } match:
            {
                var result = Like(Evaluate(match.Operand, frame), Evaluate(match.Pattern, frame));
                return match.IsNegated ? Datum.Not(result) : result;
            }
            case CaseExpression choice:
                return Choice(choice, frame);
            case ConditionalExpression conditional:
                return Conditional(conditional, frame);
            case CastExpression cast:
                return Cast(cast, frame);
            case ColumnReference { IsStar: false } column:
                return Column(column, frame);
            case ParameterReference parameter:
                for (var current = frame; current is not null; current = current.Outer)
                {
                    if (current.Parameters is { } arguments && parameter.Style == ParameterStyle.Positional)
                        return arguments.TryGetValue("$" + parameter.Number, out var argument) ? argument : Datum.Open;
                }
                return OfSession("@" + SqlPrinter.Print(parameter), TypeFamily.Any);
            case ScalarSubquery subquery:
                return Scalar(subquery.Query, frame);
            case ArrayConstructor array:
                return new Datum(DatumKind.Value, "array", "") { Items = Array.ConvertAll(array.Items, item => Evaluate(item, frame)) };
            case FunctionCall call:
                return Call(call, frame);
            case OperatorExpression { Left: { } left, IsOperatorSyntax: false } binary:
                return Operator(binary.Operator.Name.Text, left, binary.Right, frame);
            default:
                return Datum.Open;
        }
    }

    private Datum OfSession(string key, string type)
    {
        if (model.Session.TryGetValue(key, out var value))
            return value;
        // The user is what the claim says, and the other way round.
        if (key == "jwt:sub" && model.Session.TryGetValue(SessionKeys.UserId, out var user))
            return user.Kind == DatumKind.Value ? Datum.Of(TypeFamily.Text, user.Text) : user;
        return type == TypeFamily.Any ? Datum.Open : Datum.Null;
    }

    private Datum Condition(Expression expression, Frame frame)
    {
        var value = Evaluate(expression, frame);
        return value.Kind == DatumKind.Value && value.Type != TypeFamily.Boolean ? Coerce(value, TypeFamily.Boolean) : value;
    }

    private Datum Test(IsTest test, Frame frame)
    {
        if (test.Operand is RowConstructor)
            return Datum.Open;
        var value = test.Test == TestKind.Null ? Evaluate(test.Operand, frame) : Condition(test.Operand, frame);
        if (value.Kind == DatumKind.Open)
            return Datum.Open;
        var result = test.Test switch
        {
            TestKind.Null or TestKind.Unknown => Datum.Of(value.Kind == DatumKind.Null),
            TestKind.True => Datum.Of(value.IsTrue),
            TestKind.False => Datum.Of(value.IsFalse),
            _ => Datum.Open,
        };
        return test.IsNegated ? Datum.Not(result) : result;
    }

    private static Datum Same(Datum left, Datum right)
    {
        if (left.Kind == DatumKind.Open || right.Kind == DatumKind.Open)
            return Datum.Open;
        return left.Kind == DatumKind.Null || right.Kind == DatumKind.Null ? Datum.Of(left.Kind == right.Kind) : Datum.Equal(left, right);
    }

    // PostgreSQL manual 9.7.1: % is any text, _ any character; a backslash takes the next one for what it is, and is not read here.
    private static Datum Like(Datum value, Datum pattern)
    {
        if (value.Kind == DatumKind.Null || pattern.Kind == DatumKind.Null)
            return Datum.Null;
        if (!IsText(value) || !IsText(pattern) || pattern.Text.IndexOf('\\') >= 0)
            return Datum.Open;
        int at = 0, next = 0, any = -1, retry = 0;
        while (at < value.Text.Length)
        {
            if (next < pattern.Text.Length && pattern.Text[next] == '%')
                (any, retry) = (next++, at);
            else if (next < pattern.Text.Length && (pattern.Text[next] == '_' || pattern.Text[next] == value.Text[at]))
                (at, next) = (at + 1, next + 1);
            else if (any >= 0)
                (at, next) = (++retry, any + 1);
            else
                return Datum.False;
        }
        while (next < pattern.Text.Length && pattern.Text[next] == '%')
            next++;
        return Datum.Of(next == pattern.Text.Length);
    }

    private static bool IsText(Datum value) => value is { Kind: DatumKind.Value, Items: null } && value.Type is TypeFamily.Text or TypeFamily.Unknown;

    private Datum Compare(string name, Expression left, Frame leftFrame, Expression right, Frame rightFrame)
    {
        if (left is RowConstructor a && right is RowConstructor b)
        {
            if (name != "=" || a.Items.Length != b.Items.Length)
                return Datum.Open;
            var result = Datum.True;
            for (var i = 0; i < a.Items.Length; i++)
                result = Datum.And(result, Datum.Equal(Evaluate(a.Items[i], leftFrame), Evaluate(b.Items[i], rightFrame)));
            return result;
        }
        return Compare(name, Evaluate(left, leftFrame), Evaluate(right, rightFrame));
    }

    private static Datum Compare(string name, Datum left, Datum right) => name switch
    {
        "=" => Datum.Equal(left, right),
        "<>" or "!=" => Datum.Not(Datum.Equal(left, right)),
        "<" => Datum.Less(left, right),
        ">" => Datum.Less(right, left),
        "<=" => Datum.Not(Datum.Less(right, left)),
        ">=" => Datum.Not(Datum.Less(left, right)),
        _ => Datum.Open,
    };

    private Datum Quantified(QuantifiedComparison quantified, Frame frame)
    {
        if (quantified.IsOperatorSyntax || quantified.IsPatternKeyword)
            return Datum.Open;
        var name = quantified.Operator.Name.Text;
        var isAny = quantified.Quantifier == Quantifier.Any;
        var query = quantified.Query ?? (quantified.Array as ArraySubquery)?.Query;
        if (query is not null)
            return isAny ? Membership(name, quantified.Operand, frame, query) : Datum.Open;
        var array = Evaluate(quantified.Array!, frame);
        if (array.Kind == DatumKind.Null)
            return Datum.Null;
        if (array.Items is null)
            return Datum.Open;
        var operand = Evaluate(quantified.Operand, frame);
        var result = Datum.Of(!isAny);
        foreach (var item in array.Items)
        {
            var compared = Compare(name, operand, item);
            result = isAny ? Datum.Or(result, compared) : Datum.And(result, compared);
        }
        return result;
    }

    private Datum Choice(CaseExpression choice, Frame frame)
    {
        foreach (var branch in choice.Branches)
        {
            var condition = choice.Operand is { } operand ? Compare("=", operand, frame, branch.Condition, frame) : Condition(branch.Condition, frame);
            if (condition.Kind == DatumKind.Open)
                return Datum.Open;
            if (condition.IsTrue)
                return Evaluate(branch.Result, frame);
        }
        return choice.Otherwise is { } otherwise ? Evaluate(otherwise, frame) : Datum.Null;
    }

    private Datum Conditional(ConditionalExpression conditional, Frame frame)
    {
        switch (conditional.Function)
        {
            case ConditionalFunction.Coalesce:
                foreach (var argument in conditional.Arguments)
                {
                    var value = Evaluate(argument, frame);
                    if (value.Kind != DatumKind.Null)
                        return value;
                }
                return Datum.Null;
            case ConditionalFunction.NullIf when conditional.Arguments.Length == 2:
            {
                var value = Evaluate(conditional.Arguments[0], frame);
                var equal = Datum.Equal(value, Evaluate(conditional.Arguments[1], frame));
                return equal.Kind == DatumKind.Open ? Datum.Open : equal.IsTrue ? Datum.Null : value;
            }
            default:
                return Datum.Open;
        }
    }

    private Datum Cast(CastExpression cast, Frame frame)
    {
        var value = Evaluate(cast.Operand, frame);
        if (value.Kind != DatumKind.Value || cast.Type.Modifiers.Length > 0 || cast.Type.IsSetOf || cast.Type.IsColumnType)
            return value.Kind == DatumKind.Value ? Datum.Open : value;
        if (cast.Type.ArrayDimensions > 0)
            return value.Items is not null ? value : ArrayOf(value.Text, types.TypeOf(cast.Type.Name.Name.Text));
        var type = types.TypeOf(cast.Type.Name.Name.Text);
        if (value.Type == type || value.Type == TypeFamily.Any)
            return value;
        if (value.Type is TypeFamily.Unknown or TypeFamily.Text || (value.Type == TypeFamily.Integer && type == TypeFamily.Numeric))
            return Coerce(value, type);
        return type == TypeFamily.Text && value.Type is TypeFamily.Uuid or TypeFamily.Integer or TypeFamily.Boolean ? Datum.Of(TypeFamily.Text, value.Text) : Datum.Open;
    }

    private Datum Coerce(Datum value, string type)
    {
        var coerced = Datum.Coerce(value, type);
        HasRaised |= value.Kind == DatumKind.Value && coerced.Kind == DatumKind.Open;
        return coerced;
    }

    // `{a,b}` without quotes or nesting.
    private Datum ArrayOf(string text, string type)
    {
        if (text.Length < 2 || text[0] != '{' || text[text.Length - 1] != '}' || text.IndexOfAny(['"', '\\', '{'], 1) >= 0)
            return Datum.Open;
        var items = new List<Datum>();
        foreach (var part in text.Length == 2 ? [] : text.Substring(1, text.Length - 2).Split(','))
            items.Add(part == "NULL" ? Datum.Null : Coerce(Datum.Of(TypeFamily.Text, part.Trim()), type));
        return new Datum(DatumKind.Value, "array", "") { Items = items };
    }

    private Datum Column(ColumnReference column, Frame frame)
    {
        var name = column.Name.Name.Text;
        for (var current = frame; current is not null; current = current.Outer)
        {
            ModelRow? found = null;
            var count = 0;
            foreach (var (alias, row) in current.Rows)
            {
                var fits = column.Name.Qualifier.IsEmpty
                    ? row.Relation?.FindColumn(name) is not null || (row.Relation?.AreColumnsKnown != true && row.Values.ContainsKey(name))
                    : column.Name.Qualifier == alias;
                if (!fits)
                    continue;
                found = row;
                count++;
            }
            if (count > 1)
                return Datum.Open;
            if (found is not null)
                return found.Values.TryGetValue(name, out var value) ? value : Datum.Null;
            if (current.Parameters is { } arguments && arguments.TryGetValue(name, out var argument))
                return argument;
        }
        return column.Name.Qualifier.IsEmpty && model.Session.TryGetValue("@" + name, out var variable) ? variable : Datum.Open;
    }

    private Datum Operator(string name, Expression left, Expression right, Frame frame)
    {
        if (name is "=" or "<>" or "!=" or "<" or ">" or "<=" or ">=")
        {
            return name is "<>" or "!=" && left is RowConstructor
                ? Datum.Not(Compare("=", left, frame, right, frame))
                : Compare(name, left, frame, right, frame);
        }
        Datum a = Evaluate(left, frame), b = Evaluate(right, frame);
        if (a.Kind == DatumKind.Null || b.Kind == DatumKind.Null)
            return Datum.Null;
        if (name is "+" or "-" && a.Type == TypeFamily.Integer && b.Type == TypeFamily.Integer && Constants.TryNumber(a.Text, out var x) && Constants.TryNumber(b.Text, out var y))
            return Math.Abs(name == "+" ? x + y : x - y) <= int.MaxValue ? Datum.Of(TypeFamily.Integer, Constants.Number(name == "+" ? x + y : x - y)) : Datum.Open;
        if (name != "@>" || a.Items is null || b.Items is null)
            return Datum.Open;
        var result = Datum.True;
        foreach (var wanted in b.Items)
        {
            var isThere = Datum.False;
            foreach (var item in a.Items)
            {
                var equal = Datum.Equal(item, wanted);
                isThere = Datum.Or(isThere, equal.Kind == DatumKind.Null ? Datum.False : equal);
            }
            result = Datum.And(result, isThere);
        }
        return result;
    }

    private Datum Call(FunctionCall call, Frame frame)
    {
        var functions = _catalog.FindFunctions(call.Name);
        if (functions.Count == 0 && call.Name.Schema is null or "pg_catalog" && call.Arguments.Length == 1 && call.Name.Name.Text is "lower" or "upper")
        {
            var text = Evaluate(call.Arguments[0], frame);
            if (text.Kind != DatumKind.Value)
                return text;
            return Datum.Of(TypeFamily.Text, call.Name.Name == "lower" ? text.Text.ToLowerInvariant() : text.Text.ToUpperInvariant());
        }
        if (functions.Count == 0)
            return Assume(Functions.Opaque(call), call.Arguments, frame);
        if (functions.Count != 1 || functions[0].Returns.StartsWith("setof", StringComparison.OrdinalIgnoreCase) || ++_calls > MaximumCalls)
            return Datum.Open;
        return reading.Bodies.Of(functions[0]) is null
            ? Assume(Functions.Opaque(functions[0], frame.Sight), call.Arguments, frame)
            : Inside(call, functions[0], frame, static (self, query, inner) => self.Scalar(query, inner));
    }

    // What the model takes a function to say that is not looked into.
    private Datum Assume(string name, Expression[] arguments, Frame frame)
    {
        if (model.Assumed.Count == 0)
            return Datum.Open;
        var values = Array.ConvertAll(arguments, argument => Evaluate(argument is NamedArgument named ? named.Value : argument, frame));
        var call = Model.CallOf(name, values);
        if (!model.Assumed.TryGetValue(call, out var value))
            return Datum.Open;
        _assumed[call] = value;
        return value;
    }

    private Datum Inside(FunctionCall call, Function function, Frame frame, Func<Interpreter, QueryStatement, Frame, Datum> read)
    {
        var arguments = new Dictionary<string, Datum>(StringComparer.Ordinal);
        var position = 0;
        foreach (var parameter in function.Parameters)
        {
            if (parameter.Mode is not ParameterMode.In || position >= call.Arguments.Length || call.Arguments[position] is NamedArgument)
                return Datum.Open;
            var value = Evaluate(call.Arguments[position++], frame);
            if (value.Type == TypeFamily.Unknown)
                value = Coerce(value, types.TypeOf(parameter.Type));
            if (function.IsStrict && value.Kind == DatumKind.Null)
                return Datum.Null;
            arguments["$" + position] = value;
            if (parameter.Name.Length > 0)
                arguments[parameter.Name] = value;
        }
        var inner = new Frame(null, function.IsSecurityDefiner && frame.Sight == Sight.Role ? Sight.Owner : frame.Sight, arguments);
        return reading.Bodies.Of(function) switch
        {
            { Value: { } value } => Evaluate(value, inner),
            { Query: { } query } => read(this, query, inner),
            _ => Datum.Open,
        };
    }

    private sealed class Frame(Frame? outer, Sight sight, Dictionary<string, Datum>? parameters)
    {
        public Frame? Outer { get; } = outer;

        public Sight Sight { get; } = sight;

        public Dictionary<string, Datum>? Parameters { get; } = parameters;

        public WithClause? With { get; init; }

        public List<(string Alias, ModelRow Row)> Rows { get; } = [];
    }
}
