using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Findings;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.WaysAround;

internal sealed class RowSecurityOff : StatementRule, ICatalogCheck
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL4010",
        Name = "row-security-off",
        Severity = Severity.Error,
        Title = "Setting that steps around row-level security or triggers",
        What = "Reports `row_security = off`, `session_replication_role = replica` and SET ROLE to a role that bypasses row-level security: in migrations, in ALTER ROLE and ALTER DATABASE, and in functions. A setting that the same script puts back is left alone, and so is the header of a dump made by pg_dump.",
        Why = "`session_replication_role = replica` switches off the triggers and foreign keys that fill and check tenancy columns. A role that bypasses row-level security sees everybody's rows. `row_security = off` switches nothing off for a role that policies bind: its queries fail instead.",
        Fix = "Leave it out. Work that must touch all rows belongs to a role of its own; a load that must not fire triggers disables them by name and enables them again in the same transaction.",
        Bad = """
            create table public.notes (id uuid primary key, body text);
            alter table public.notes enable row level security;
            set session_replication_role = replica;
            -- ^^^ PL4010: session_replication_role = replica
            update public.notes set body = '' where body is null;
            """,
        Good = """
            create table public.notes (id uuid primary key, body text);
            alter table public.notes enable row level security;
            set session_replication_role = replica;
            update public.notes set body = '' where body is null;
            reset session_replication_role;
            """,
        Sources = ["PostgreSQL manual 20.11.1, row_security, session_replication_role", "PostgreSQL manual, SET ROLE"],
        IsLive = true,
    };

    public override bool Concerns(Statement statement) => statement is SetStatement or AlterRoleSetStatement or AlterDatabaseSetStatement;

    public override void Check(StatementRuleContext context)
    {
        switch (context.Statement)
        {
            case SetStatement set when WayAround(context.Catalog, set) is { } way && set.Scope != SetScope.Local && !IsPutBack(context.Step.Script, set) && !IsDumpHeader(context.Step.Script, set):
                context.Report(this, context.At(set.Span), $"migration/{set.Setting}", $"{way} for the rest of the session");
                break;
            case AlterRoleSetStatement { Setting: var setting } alter when WayAround(context.Catalog, setting) is { } way:
                context.Report(this, context.At(alter.Span), $"{alter.Role?.Name.Text ?? "all"}/{setting.Setting}", $"{way} for every session of {alter.Role?.Name.Text ?? "every role"}");
                break;
            case AlterDatabaseSetStatement { Setting: var setting } alter when WayAround(context.Catalog, setting) is { } way:
                context.Report(this, context.At(alter.Span), $"{alter.Database}/{setting.Setting}", $"{way} for every session of the database");
                break;
        }
    }

    public void Check(CatalogRuleContext context)
    {
        foreach (var function in context.Catalog.FunctionsInOrder())
        {
            if (function.IsForeignOwned || function.IsTainted || function.IsAssumed)
                continue;
            var subject = $"{function.Id}({string.Join(",", function.InputTypes)})";
            foreach (var pair in function.Settings)
            {
                if (WayAround(context.Catalog, pair.Key, pair.Value.Trim('\'')) is { } way && !IsIdle(function, pair.Key))
                    context.Report(this, Location.Of(function.DefinedAt), subject, $"{way} while {function.Id} runs");
            }
            var search = new SettingsInBody(context.Catalog, function);
            foreach (var root in FunctionBodies.Of(function) ?? [])
                search.Visit(root);
            if (search.Found is { } found)
                context.Report(this, Location.Within(function.DefinedAt, function.Body!.Source, found.Span), subject, $"{search.Way} in {function.Id}");
        }
    }

    // The owner of a definer function is bound by no policy, or the function would fail: the setting changes nothing.
    private static bool IsIdle(Function function, string setting) => function.IsSecurityDefiner && setting == "row_security";

    private static string? WayAround(ICatalog catalog, SetStatement set) =>
        set.Kind == SetKind.Value && set.Values.Length == 1 && set.Setting.Schema is null ? WayAround(catalog, set.Setting.Name.Text, WordOf(set.Values[0])) : null;

    private static string? WayAround(ICatalog catalog, string setting, string value)
    {
        switch (setting)
        {
            case "row_security" when value.ToLowerInvariant() is "off" or "false" or "no" or "0":
                return "row_security = off makes queries that a policy would filter fail";
            case "session_replication_role" when string.Equals(value, "replica", StringComparison.OrdinalIgnoreCase):
                return "session_replication_role = replica switches triggers and foreign keys off";
            case "role" when catalog.Roles.TryGetValue(value, out var role) && (role.IsSuperuser || role.BypassesRowSecurity) && IsForWork(role):
                return $"SET ROLE {value} leaves row-level security behind";
            default:
                return null;
        }
    }

    // Migrations run as the role that owns the tables, and say so: that is not a way around.
    private static bool IsForWork(Role role) => !role.IsForeignOwned || role.Name == "service_role";

    private static string WordOf(Expression value) => value switch
    {
        Literal literal => literal.GetText(),
        ColumnReference column => column.Name.Name.Text,
        _ => "",
    };

    private static bool IsPutBack(Script script, SetStatement set)
    {
        foreach (var statement in script.Tree.Statements)
        {
            if (statement is SetStatement later && later.Start > set.End && (later.Kind == SetKind.ResetAll || later.Setting.Name == set.Setting.Name))
                return true;
        }
        return false;
    }

    // pg_dump begins each script with a run of settings, row_security among them, for the server that restores it.
    private static bool IsDumpHeader(Script script, SetStatement set)
    {
        if (set.Setting.Name != "row_security")
            return false;
        foreach (var statement in script.Tree.Statements)
        {
            if (statement is SetStatement other && other.Setting.Name.Text is "check_function_bodies" or "xmloption" or "default_table_access_method")
                return true;
        }
        return false;
    }

    private sealed class SettingsInBody(ICatalog catalog, Function function) : SqlVisitor
    {
        public SqlNode? Found { get; private set; }

        public string Way { get; private set; } = "";

        public override void VisitSetStatement(SetStatement node)
        {
            if (WayAround(catalog, node) is { } way && !IsIdle(function, node.Setting.Name.Text))
                Note(node, way);
        }

        public override void VisitFunctionCall(FunctionCall node)
        {
            if (node.Name is { Name.Text: "set_config", Schema: null or "pg_catalog" } && node.Arguments.Length > 1
                && SessionTerms.ConstantText(node.Arguments[0]) is { } name && SessionTerms.ConstantText(node.Arguments[1]) is { } value
                && WayAround(catalog, name.ToLowerInvariant(), value) is { } way && !IsIdle(function, name.ToLowerInvariant()))
                Note(node, way);
            base.VisitFunctionCall(node);
        }

        private void Note(SqlNode node, string way)
        {
            if (Found is null)
                (Found, Way) = (node, way);
        }
    }
}
