using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Access;

/// <summary>Tells expressions whose value is the session's from those that depend on the row.</summary>
internal static class SessionTerms
{
    /// <summary>`auth.uid()` and its kin of Supabase, `current_setting(…)`.</summary>
    public static bool IsSessionFunction(FunctionCall call)
    {
        var schema = call.Name.Schema;
        var name = call.Name.Name.Text;
        return schema == "auth" ? name is "uid" or "jwt" or "role" or "email" : schema is null or "pg_catalog" && name == "current_setting";
    }

    /// <summary>The setting that a call of current_setting reads, as written; null for another call or a name that is not constant.</summary>
    public static string? SettingReadBy(FunctionCall call) =>
        call.Name is { Name.Text: "current_setting", Schema: null or "pg_catalog" } && call.Arguments.Length > 0 ? ConstantText(call.Arguments[0]) : null;

    /// <summary>The text of a string constant, which a server prints with its type: `'app.user_id'::text`; null for anything else.</summary>
    public static string? ConstantText(Expression expression) => expression switch
    {
        CastExpression cast => ConstantText(cast.Operand),
        Literal { Kind: LiteralKind.String } literal => literal.GetText(),
        _ => null,
    };

    /// <summary>Reads the session and no column of the row: a session function, or a call without arguments, perhaps cast, wrapped or picked from.</summary>
    public static bool IsSessionExpression(Expression expression)
    {
        switch (expression)
        {
            case CastExpression cast:
                return IsSessionExpression(cast.Operand);
            case FunctionCall call:
                if (IsSessionFunction(call))
                    return true;
                if (call.Arguments.Length == 0)
                    return call.Over is null && !call.IsStar && !IsClockOrRandom(call.Name.Name.Text);
                return AnySession(call.Arguments);
            case SqlValueFunction value:
                return value.Kind is SqlValueFunctionKind.CurrentUser or SqlValueFunctionKind.CurrentRole or SqlValueFunctionKind.SessionUser or SqlValueFunctionKind.User;
            case ScalarSubquery { Query: SelectQuery { From.Length: 0, Targets.Length: 1 } select }:
                return IsSessionExpression(select.Targets[0].Value);
            case OperatorExpression { Left: { } left } path:
                return IsSessionExpression(left) && path.Right is Literal or CastExpression { Operand: Literal };
            case ConditionalExpression conditional:
                return AnySession(conditional.Arguments);
            default:
                return false;
        }
    }

    /// <summary>Holds only where a column equals something of the session: true for some rows, and never for all of them.</summary>
    public static bool TiesColumn(Expression predicate) => predicate switch
    {
        LogicalExpression { Operator: LogicalOperator.And } conjunction => Array.Exists(conjunction.Operands, TiesColumn),
        OperatorExpression { Left: { } left } comparison when comparison.Operator.Name == "=" =>
            (left is ColumnReference && IsSessionExpression(comparison.Right)) || (comparison.Right is ColumnReference && IsSessionExpression(left)),
        _ => false,
    };

    /// <summary>Whether a session function is called anywhere below.</summary>
    public static bool Contains(SqlNode node)
    {
        var search = new Search();
        search.Visit(node);
        return search.Found;
    }

    // Every argument constant or of the session, and at least one of the session.
    private static bool AnySession(Expression[] arguments)
    {
        var found = false;
        foreach (var argument in arguments)
        {
            if (IsSessionExpression(argument))
                found = true;
            else if (argument is not (Literal or CastExpression { Operand: Literal }))
                return false;
        }
        return found;
    }

    private static bool IsClockOrRandom(string name) =>
        name is "now" or "random" or "gen_random_uuid" or "clock_timestamp" or "statement_timestamp" or "transaction_timestamp" or "timeofday" or "uuid_generate_v4" or "version" or "count";

    private sealed class Search : SqlVisitor
    {
        public bool Found { get; private set; }

        public override void VisitFunctionCall(FunctionCall node)
        {
            Found |= IsSessionFunction(node);
            base.VisitFunctionCall(node);
        }

        public override void VisitSqlValueFunction(SqlValueFunction node) => Found |= IsSessionExpression(node);
    }
}
