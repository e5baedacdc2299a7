using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog.Replay.PlPgSql;

/// <summary>
/// Values of PL/pgSQL expressions: literals, variables, text functions, tests on the catalog. What is beyond it is Unknown, never a guess.
/// </summary>
internal sealed partial class Evaluator(ReplayContext context, Variables variables)
{
    private const int DepthLimit = 200;

    private readonly List<List<(string Alias, PlRow Row)>> _scopes = [];
    private int _depth;

    private TypeNames Types => context.Types;

    public object? Evaluate(Expression expression)
    {
        if (_depth >= DepthLimit)
            return Unknown.Value;
        _depth++;
        var value = EvaluateCore(expression);
        _depth--;
        return value;
    }

    private object? EvaluateCore(Expression expression)
    {
        switch (expression)
        {
            case Literal literal:
                return OfLiteral(literal);
            case ColumnReference { IsStar: false } reference:
                return OfName(reference);
            case ParameterReference parameter:
                return OfParameter(parameter);
            case CastExpression cast:
                return Cast(Evaluate(cast.Operand), cast.Type);
            case CollateExpression collate:
                return Evaluate(collate.Operand);
            case OperatorExpression operation:
                return OfOperator(operation);
            case LogicalExpression logical:
                return OfLogical(logical);
            case NotExpression not:
                return Negate(Evaluate(not.Operand));
            case IsTest test:
                return OfTest(test);
            case IsDistinctFrom distinct:
                return OfDistinct(distinct);
            case InList list:
                return NegateIf(list.IsNegated, OfAny(Evaluate(list.Operand), list.Items));
            case InSubquery query:
                return NegateIf(query.IsNegated, OfInSubquery(query));
            case PatternMatch match:
                return NegateIf(match.IsNegated, OfMatch(match));
            case QuantifiedComparison quantified:
                return OfQuantified(quantified);
            case BetweenExpression between:
                return OfBetween(between);
            case ExistsSubquery exists:
                return Exists(exists.Query);
            case ScalarSubquery query:
                return Scalar(query.Query);
            case ArraySubquery query:
                return ArrayOf(query.Query);
            case ArrayConstructor array:
                return new PlArray(Array.ConvertAll(array.Items, Evaluate));
            case CaseExpression branch:
                return OfCase(branch);
            case ConditionalExpression conditional:
                return OfConditional(conditional);
            case FunctionCall call:
                return OfCall(call);
            case SqlValueFunction value:
                return OfValueFunction(value);
            case FieldSelection field:
                return Evaluate(field.Operand) is PlRow fields ? Known(fields.Get(field.Field.Text)) : Unknown.Value;
            case Subscript { IsSlice: false, Upper: { } index } subscript:
                return Evaluate(subscript.Operand) is PlArray items && Values.Number(Evaluate(index)) is { } at
                    ? at >= 1 && at <= items.Items.Count ? items.Items[(int)at - 1] : null
                    : Unknown.Value;
            case RowConstructor row:
                return RowOf(row);
            default:
                return Unknown.Value;
        }
    }

    private static object? Known(object? value) => ReferenceEquals(value, PlRow.NoColumn) ? Unknown.Value : value;

    private PlRow RowOf(RowConstructor row)
    {
        var values = Array.ConvertAll(row.Items, Evaluate);
        return new(name => name.Length > 1 && name[0] == 'f' && int.TryParse(name.Substring(1), out var at) && at >= 1 && at <= values.Length ? values[at - 1] : PlRow.NoColumn);
    }

    private static object? OfLiteral(Literal literal)
    {
        switch (literal.Kind)
        {
            case LiteralKind.String:
                return literal.GetText();
            case LiteralKind.True:
                return true;
            case LiteralKind.False:
                return false;
            case LiteralKind.Null:
                return null;
            case LiteralKind.Integer or LiteralKind.Float:
                var text = literal.Source.GetText(literal.Span);
                if (long.TryParse(text, System.Globalization.NumberStyles.Integer, System.Globalization.CultureInfo.InvariantCulture, out var whole))
                    return whole;
                return decimal.TryParse(text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var number)
                    ? number
                    : Unknown.Value;
            default:
                return Unknown.Value;
        }
    }

    private object? OfParameter(ParameterReference parameter) =>
        parameter.Number >= 1 && parameter.Number <= variables.Positional.Count ? variables.Positional[parameter.Number - 1] : Unknown.Value;

    private object? OfName(ColumnReference reference)
    {
        var name = reference.Name.Name.Text;
        if (reference.Name.PartCount == 1)
        {
            for (var i = _scopes.Count - 1; i >= 0; i--)
            {
                foreach (var (alias, row) in _scopes[i])
                {
                    var value = row.Get(name);
                    if (!ReferenceEquals(value, PlRow.NoColumn))
                        return value;
                    if (alias == name)
                        return row;
                }
            }
            if (!variables.TryGet(name, out var variable))
                return Unknown.Value;
            return variable is PlRow { Names: { Count: 1 } names } single ? single.Get(names[0]) : variable;
        }
        var qualifier = reference.Name.Qualifier.Text;
        for (var i = _scopes.Count - 1; i >= 0; i--)
        {
            foreach (var (alias, row) in _scopes[i])
            {
                if (alias == qualifier)
                    return Known(row.Get(name));
            }
        }
        return variables.TryGet(qualifier, out var record) && record is PlRow fields ? Known(fields.Get(name)) : Unknown.Value;
    }

    private object? Cast(object? value, TypeName type)
    {
        if (value is null or Unknown)
            return value;
        var name = type.Name.Name.Text;
        if (type.ArrayDimensions > 0)
            return value is string text && text.StartsWith("{", StringComparison.Ordinal) ? Values.ParseArray(text) : value is PlArray ? value : Unknown.Value;
        switch (name)
        {
            case "text" or "varchar" or "bpchar" or "name":
                return Values.Text(value, Types) ?? (object)Unknown.Value;
            case "regclass":
                return value is Oid ? value : value is string relation && FindRelation(relation) is { } id ? new Oid("class", id) : Unknown.Value;
            case "regprocedure" or "regproc":
                return value is Oid ? value : value is string function && FindFunction(function) is { } procedure ? procedure : Unknown.Value;
            case "regnamespace":
                return value is Oid ? value : value is string schema ? new Oid("namespace", new(schema, "")) : Unknown.Value;
            case "regrole":
                return value is Oid ? value : value is string role ? new Oid("role", new("", role)) : Unknown.Value;
            case "oid":
                return value;
            case "int2" or "int4" or "int8" or "numeric":
                return Values.Number(value) is { } number ? number == decimal.Truncate(number) ? (long)number : number : Unknown.Value;
            case "bool":
                return Values.Boolean(value) is { } flag ? flag : Unknown.Value;
            default:
                return value is string ? value : Unknown.Value;
        }
    }

    /// <summary>The relation or index that a text names, as to_regclass reads it.</summary>
    private QualifiedId? FindRelation(string text)
    {
        var name = SplitName(text);
        if (context.State.FindRelation(name) is { } relation)
            return relation.Id;
        IReadOnlyList<string> schemas = name.Schema is { } schema ? [schema] : context.State.SearchPath;
        foreach (var searched in schemas)
        {
            if (context.State.IndexOwners.ContainsKey(new(searched, name.Name.Text)))
                return new(searched, name.Name.Text);
        }
        return null;
    }

    /// <summary>The function that `name` or `name(types)` means; null where there is none.</summary>
    private Oid? FindFunction(string text)
    {
        var open = text.IndexOf('(');
        var name = SplitName(open < 0 ? text : text.Substring(0, open).Trim());
        var overloads = context.State.FindFunctions(name);
        var types = new List<string>();
        foreach (var type in open < 0 ? [] : text.Substring(open + 1).TrimEnd(' ', ')').Split(','))
        {
            if (type.Trim().Length > 0)
                types.Add(Sql.SqlParser.ParseTypeName(new Sql.Text.SourceText(type.Trim()), out _) is { } parsed ? Types.OfParameter(parsed) : type.Trim());
        }
        foreach (var function in overloads)
        {
            if (open < 0 || Lists.AreEqual(types, [.. function.InputTypes]))
                return new Oid("proc", function.Id, FunctionStatements.Signature(function));
        }
        return null;
    }

    private static ObjectName SplitName(string text)
    {
        var dot = text.IndexOf('.');
        return dot < 0 ? new(Part(text)) : new(Part(text.Substring(dot + 1)), Part(text.Substring(0, dot)));

        static Name Part(string part)
        {
            part = part.Trim();
            return part.Length > 1 && part[0] == '"' ? new(part.Substring(1, part.Length - 2).Replace("\"\"", "\"")) : new(part.ToLowerInvariant());
        }
    }

    private object? OfLogical(LogicalExpression logical)
    {
        var isAnd = logical.Operator == LogicalOperator.And;
        object? result = isAnd;
        foreach (var operand in logical.Operands)
        {
            var value = Evaluate(operand);
            if (value is bool flag)
            {
                if (flag != isAnd)
                    return flag;
            }
            else if (value is Unknown)
                result = ReferenceEquals(value, Unknown.Absent) && result is true ? value : Unknown.Value;
            else if (result is not Unknown)
                result = null;
        }
        return result;
    }

    private static object? Negate(object? value) => value switch
    {
        bool flag => !flag,
        Unknown unknown => ReferenceEquals(unknown, Unknown.Absent) ? true : unknown,
        _ => null,
    };

    private static object? NegateIf(bool isNegated, object? value) => isNegated ? Negate(value) : value;

    private object? OfTest(IsTest test)
    {
        var value = Evaluate(test.Operand);
        if (ReferenceEquals(value, Unknown.Present) && test.Test == TestKind.Null)
            return test.IsNegated;
        if (value is Unknown)
            return Unknown.Value;
        bool? result = test.Test switch
        {
            TestKind.Null => value is null,
            TestKind.True => value is true,
            TestKind.False => value is false,
            TestKind.Unknown => value is null,
            _ => null,
        };
        return result is { } flag ? flag != test.IsNegated : Unknown.Value;
    }

    private object? OfDistinct(IsDistinctFrom distinct)
    {
        var left = Evaluate(distinct.Left);
        var right = Evaluate(distinct.Right);
        if (left is Unknown || right is Unknown)
            return Unknown.Value;
        bool? equal = left is null || right is null ? left is null && right is null : Values.AreEqual(left, right, Types);
        return equal is { } same ? same == distinct.IsNegated : Unknown.Value;
    }

    private object? OfAny(object? value, Expression[] items)
    {
        object? result = false;
        foreach (var item in items)
        {
            var equal = Compare("=", value, Evaluate(item));
            if (equal is true)
                return true;
            if (equal is not false)
                result = equal;
        }
        return result;
    }

    private object? OfInSubquery(InSubquery query)
    {
        var value = Evaluate(query.Operand);
        if (Run(query.Query) is not { } rows)
            return Unknown.Value;
        object? result = rows.IsCertain ? false : Unknown.Value;
        foreach (var row in rows.Items)
        {
            var equal = Compare("=", value, First(row));
            if (equal is true)
                return true;
            if (equal is not false)
                result = equal;
        }
        return result;
    }

    private object? OfQuantified(QuantifiedComparison quantified)
    {
        var value = Evaluate(quantified.Operand);
        var array = quantified.Array is { } expression ? Evaluate(expression) : ArrayOf(quantified.Query!);
        if (array is string text && text.StartsWith("{", StringComparison.Ordinal))
            array = Values.ParseArray(text);
        if (array is not PlArray items)
            return array is null ? null : Unknown.Value;
        var isAny = quantified.Quantifier == Quantifier.Any;
        object? result = !isAny;
        foreach (var item in items.Items)
        {
            var compared = Compare(quantified.Operator.Name.Text, value, item);
            if (compared is bool flag && flag == isAny)
                return isAny;
            if (compared is not bool)
                result = compared;
        }
        return result;
    }

    private object? OfBetween(BetweenExpression between)
    {
        var value = Evaluate(between.Operand);
        var low = Compare(">=", value, Evaluate(between.Lower));
        var high = Compare("<=", value, Evaluate(between.Upper));
        return low is bool l && high is bool h ? (l && h) != between.IsNegated : Unknown.Value;
    }

    private object? OfCase(CaseExpression branch)
    {
        foreach (var when in branch.Branches)
        {
            var condition = branch.Operand is { } operand ? Compare("=", Evaluate(operand), Evaluate(when.Condition)) : Evaluate(when.Condition);
            if (condition is Unknown)
                return Unknown.Value;
            if (condition is true)
                return Evaluate(when.Result);
        }
        return branch.Otherwise is { } otherwise ? Evaluate(otherwise) : null;
    }

    private object? OfConditional(ConditionalExpression conditional)
    {
        var values = Array.ConvertAll(conditional.Arguments, Evaluate);
        if (conditional.Function == ConditionalFunction.Coalesce)
        {
            foreach (var value in values)
            {
                if (value is not null)
                    return value;
            }
            return null;
        }
        if (conditional.Function == ConditionalFunction.NullIf)
            return Compare("=", values[0], values[1]) switch { true => null, Unknown => Unknown.Value, _ => values[0] };
        return Unknown.Value;
    }

    private object? OfValueFunction(SqlValueFunction function) => function.Kind switch
    {
        SqlValueFunctionKind.CurrentUser or SqlValueFunctionKind.CurrentRole or SqlValueFunctionKind.User => context.CurrentRole,
        SqlValueFunctionKind.SessionUser => context.SessionRole,
        SqlValueFunctionKind.CurrentSchema => context.CreationSchema,
        SqlValueFunctionKind.CurrentCatalog => "postgres",
        _ => Unknown.Value,
    };
}
