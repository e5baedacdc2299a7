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
                return FirstKnown(conditional.Arguments);
            case CaseExpression branch:
                return OfCase(branch);
            case ScalarSubquery subquery:
                return Quiet().Bind(subquery.Query) is { Columns: [var column] } ? column.Type : "";
            case ArraySubquery subquery:
                return Quiet().Bind(subquery.Query) is { Columns: [{ Type.Length: > 0 } element] } ? element.Type + "[]" : "";
            case ArrayConstructor array:
                return FirstKnown(array.Items) is { Length: > 0 } item && !item.EndsWith("[]", StringComparison.Ordinal) ? item + "[]" : "";
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
        var right = TypeOf(operation.Right);
        if (operation.Left is null)
            return right;
        var left = TypeOf(operation.Left);
        if (symbol is "->" or "#>")
            return left;
        if (symbol == "||")
            return left is "jsonb" or "bytea" || left.EndsWith("[]", StringComparison.Ordinal) ? left : "text";
        if (symbol is "+" or "-" && (left.StartsWith("timestamp", StringComparison.Ordinal) || left == "date"))
            return right == "interval" ? left == "date" ? "timestamp without time zone" : left : symbol == "-" && left == "date" ? "integer" : symbol == "-" ? "interval" : left;
        return Wider(left, right);
    }

    private static string Wider(string left, string right)
    {
        if (left.Length == 0 || right.Length == 0)
            return "";
        string[] order = ["smallint", "integer", "bigint", "numeric", "real", "double precision"];
        var l = Array.IndexOf(order, WithoutModifiers(left));
        var r = Array.IndexOf(order, WithoutModifiers(right));
        return l < 0 || r < 0 ? left == right ? left : "" : order[Math.Max(l, r)];
    }

    private static string WithoutModifiers(string type)
    {
        var open = type.IndexOf('(');
        return open < 0 ? type : type.Substring(0, open);
    }

    private string FirstKnown(Expression[] candidates)
    {
        var weak = "";
        foreach (var candidate in candidates)
        {
            if (candidate is Literal { Kind: LiteralKind.Null })
                continue;
            var type = TypeOf(candidate);
            if (candidate is Literal)
            {
                if (weak.Length == 0)
                    weak = type;
            }
            else
                return type;
        }
        return weak;
    }

    private string OfCase(CaseExpression branch)
    {
        var results = new Expression[branch.Branches.Length + (branch.Otherwise is null ? 0 : 1)];
        for (var i = 0; i < branch.Branches.Length; i++)
            results[i] = branch.Branches[i].Result;
        if (branch.Otherwise is { } otherwise)
            results[results.Length - 1] = otherwise;
        return FirstKnown(results);
    }

    private string OfCall(FunctionCall call)
    {
        if (Catalog.FindFunctions(call.Name) is { Count: > 0 } overloads)
            return overloads[0].Returns is var type && type.StartsWith("setof ", StringComparison.Ordinal) ? type.Substring(6) : type;
        var argument = call.Arguments.Length > 0 ? TypeOf(call.Arguments[0]) : "";
        return SystemFunctions.Result(call.Name.Name.Text, argument);
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
