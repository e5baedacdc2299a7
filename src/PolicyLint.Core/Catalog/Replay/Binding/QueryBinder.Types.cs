using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog.Replay.Binding;

/// <content>Types of expressions, as far as they follow from columns, casts, literals and well-known functions; empty where they do not.</content>
internal partial class QueryBinder
{
    private string TypeText(TypeName type) => Catalog is CatalogState state ? new TypeNames(state).OfColumn(type) : "";

    private string TypeOf(Expression expression)
    {
        switch (expression)
        {
            case ColumnReference reference:
                return Resolve(reference, out _)?.Type ?? "";
            case CastExpression cast:
                return TypeText(cast.Type);
            case Literal literal:
                return OfLiteral(literal);
            case LogicalExpression or NotExpression or IsTest or IsDistinctFrom or BetweenExpression or InList or InSubquery or PatternMatch
                or QuantifiedComparison or ExistsSubquery or IsJson or IsNormalized:
                return "boolean";
            case OperatorExpression operation:
                return OfOperator(operation);
            case CollateExpression collate:
                return TypeOf(collate.Operand);
            case ConditionalExpression conditional:
                return OfConditional(conditional);
            case CaseExpression branch:
                return OfCase(branch);
            case ScalarSubquery subquery:
                return Quiet().Bind(subquery.Query) is { Columns: [var column] } ? column.Type : "";
            case ArraySubquery subquery:
                return Quiet().Bind(subquery.Query) is { Columns: [{ Type.Length: > 0 } element] } ? element.Type + "[]" : "";
            case ArrayConstructor array:
                return Common(array.Items) is { Length: > 0 } item && !item.EndsWith("[]", StringComparison.Ordinal) ? item + "[]" : "";
            case FunctionCall call:
                return OfCall(call);
            case SqlValueFunction value:
                return OfValueFunction(value.Kind);
            case AtTimeZone zone:
                return TypeOf(zone.Operand) == "timestamp with time zone" ? "timestamp without time zone" : "timestamp with time zone";
            default:
                return "";
        }
    }

    private QueryBinder Quiet() => new(Catalog, this);

    private static string OfLiteral(Literal literal) => literal.Kind switch
    {
        LiteralKind.Integer => "integer",
        LiteralKind.Float => "numeric",
        LiteralKind.String or LiteralKind.Null => "text",
        LiteralKind.True or LiteralKind.False => "boolean",
        LiteralKind.Bit or LiteralKind.Hex => "bit",
        _ => "",
    };

    private string OfOperator(OperatorExpression operation)
    {
        var symbol = operation.Operator.Name.Text;
        switch (symbol)
        {
            case "=" or "<>" or "<" or ">" or "<=" or ">=" or "@>" or "<@" or "&&" or "?" or "?|" or "?&" or "~" or "~*" or "!~" or "!~*" or "~~" or "@@":
                return "boolean";
            case "->>" or "#>>":
                return "text";
        }
        var right = CommonTypes.WithoutModifiers(TypeOf(operation.Right));
        if (operation.Left is null)
            return right;
        var left = CommonTypes.WithoutModifiers(TypeOf(operation.Left));
        if (symbol is "->" or "#>")
            return left;
        if (symbol == "||")
            return left is "jsonb" or "bytea" || left.EndsWith("[]", StringComparison.Ordinal) ? left : "text";
        if (symbol is "+" or "-" && (left.StartsWith("timestamp", StringComparison.Ordinal) || left == "date"))
            return right == "interval" ? left == "date" ? "timestamp without time zone" : left : symbol == "-" && left == "date" ? "integer" : symbol == "-" ? "interval" : left;
        return CommonTypes.WiderNumber(left, right) ?? (left == right ? left : "");
    }

    // Text and NULL between quotes take the type of the others, which then lose their modifiers.
    private string Common(Expression[] candidates)
    {
        string? common = null;
        var hasOpen = false;
        foreach (var candidate in candidates)
        {
            if (candidate is Literal { Kind: LiteralKind.Null or LiteralKind.String })
                hasOpen = true;
            else
                common = common is null ? TypeOf(candidate) : CommonTypes.Of(common, TypeOf(candidate));
        }
        return common is null ? "text" : hasOpen ? CommonTypes.WithoutModifiers(common) : common;
    }

    private string OfConditional(ConditionalExpression conditional)
    {
        if (conditional.Function != ConditionalFunction.NullIf || conditional.Arguments.Length != 2)
            return Common(conditional.Arguments);

        // The first argument as the operator = takes it (parse_expr.c, transformAExprNullIf).
        var type = TypeOf(conditional.Arguments[0]);
        if (CommonTypes.WithoutModifiers(type) == "character varying")
            return "text";
        return CommonTypes.WiderNumber(type, TypeOf(conditional.Arguments[1])) is { } wider && wider != CommonTypes.WithoutModifiers(type) ? wider : type;
    }

    private string OfCase(CaseExpression branch)
    {
        var results = new Expression[branch.Branches.Length + (branch.Otherwise is null ? 0 : 1)];
        for (var i = 0; i < branch.Branches.Length; i++)
            results[i] = branch.Branches[i].Result;
        if (branch.Otherwise is not { } otherwise)
            return CommonTypes.WithoutModifiers(Common(results));
        results[results.Length - 1] = otherwise;
        return Common(results);
    }

    private string OfCall(FunctionCall call)
    {
        if (Catalog.FindFunctions(call.Name) is { Count: > 0 } overloads)
            return overloads[0].Returns is var type && type.StartsWith("setof ", StringComparison.Ordinal) ? type.Substring(6) : type;
        var argument = call.Arguments.Length > 0 ? TypeOf(call.Arguments[0]) : "";
        return SystemFunctions.Result(call.Name.Name.Text, CommonTypes.WithoutModifiers(argument), call.Arguments.Length);
    }

    private static string OfValueFunction(SqlValueFunctionKind kind) => kind switch
    {
        SqlValueFunctionKind.CurrentDate => "date",
        SqlValueFunctionKind.CurrentTime => "time with time zone",
        SqlValueFunctionKind.CurrentTimestamp => "timestamp with time zone",
        SqlValueFunctionKind.LocalTime => "time without time zone",
        SqlValueFunctionKind.LocalTimestamp => "timestamp without time zone",
        SqlValueFunctionKind.SystemUser => "text",
        _ => "name",
    };
}
