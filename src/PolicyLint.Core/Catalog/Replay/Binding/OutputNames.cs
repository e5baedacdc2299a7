using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Catalog.Replay.Binding;

/// <summary>The name of an output column without an alias (parse_target.c, FigureColname).</summary>
internal static class OutputNames
{
    public static string Of(Expression expression) => Strong(expression) ?? Weak(expression) ?? "?column?";

    /// <summary>The name of an index column that is an expression (indexcmds.c, ChooseIndexColumnNames).</summary>
    public static string OfIndexKey(Expression expression) => Strong(expression) ?? Weak(expression) ?? "expr";

    private static string? Strong(Expression expression)
    {
        switch (expression)
        {
            case ColumnReference { IsStar: false } reference:
                return reference.Name.Name.Text;
            case FieldSelection { Field.IsEmpty: false } field:
                return field.Field.Text;
            case FieldSelection field:
                return Strong(field.Operand);
            case Subscript subscript:
                return Strong(subscript.Operand);
            case FunctionCall call:
                return call.Name.Name.Text;
            case CollateExpression collate:
                return Strong(collate.Operand);
            case CastExpression cast:
                return Strong(cast.Operand);
            case AtTimeZone:
                return "timezone";
            case ConditionalExpression conditional:
                return conditional.Function switch
                {
                    ConditionalFunction.Coalesce => "coalesce",
                    ConditionalFunction.Greatest => "greatest",
                    ConditionalFunction.Least => "least",
                    _ => "nullif",
                };
            case ExistsSubquery:
                return "exists";
            case ArraySubquery or ArrayConstructor:
                return "array";
            case RowConstructor { IsExplicit: true }:
                return "row";
            case ScalarSubquery { Query: SelectQuery { Targets: [var target] } }:
                return target.Alias.IsEmpty ? Strong(target.Value) ?? Weak(target.Value) : target.Alias.Text;
            case CaseExpression branch:
                return branch.Otherwise is { } otherwise ? Strong(otherwise) : null;
            case GroupingCall:
                return "grouping";
            case SqlValueFunction value:
                return ValueFunction(value.Kind);
            default:
                return null;
        }
    }

    private static string? Weak(Expression expression) => expression switch
    {
        CastExpression cast => Weak(cast.Operand) ?? cast.Type.Name.Name.Text,
        CaseExpression => "case",
        CollateExpression collate => Weak(collate.Operand),
        Literal { Kind: LiteralKind.True or LiteralKind.False } => "bool",
        _ => null,
    };

    private static string ValueFunction(SqlValueFunctionKind kind) => kind switch
    {
        SqlValueFunctionKind.CurrentDate => "current_date",
        SqlValueFunctionKind.CurrentTime => "current_time",
        SqlValueFunctionKind.CurrentTimestamp => "current_timestamp",
        SqlValueFunctionKind.LocalTime => "localtime",
        SqlValueFunctionKind.LocalTimestamp => "localtimestamp",
        SqlValueFunctionKind.CurrentRole => "current_role",
        SqlValueFunctionKind.CurrentUser => "current_user",
        SqlValueFunctionKind.User => "user",
        SqlValueFunctionKind.SessionUser => "session_user",
        SqlValueFunctionKind.SystemUser => "system_user",
        SqlValueFunctionKind.CurrentCatalog => "current_catalog",
        _ => "current_schema",
    };
}
