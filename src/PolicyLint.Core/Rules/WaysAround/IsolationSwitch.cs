using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.WaysAround;

internal sealed class IsolationSwitch : CatalogRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL4013",
        Name = "isolation-switch",
        Severity = Severity.Error,
        Title = "Setting that turns isolation off",
        What = "Reports a policy, or a function that is not a trigger's, that reads a setting whose name says that it switches isolation off, as `app.bypass_rls` or `app.disable_tenant_isolation`. A condition that asks for the role in the same AND is left alone. In C#, reports a configuration key or environment variable of such a name where it is read (`DISABLE_TENANT_ISOLATION`, `Security:BypassRls`), but for development.",
        Why = "Any session may set a parameter of its own: `SET app.bypass_rls = 'on'`, or an injection that runs set_config, and the policies are gone. The switch also looks to every test like a policy that works.",
        Fix = "Give the work that must see all rows a role of its own, with BYPASSRLS or a policy `TO` that role, and connect as it.",
        Bad = """
            create table public.notes (id uuid primary key, user_id uuid not null);
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            alter table public.notes force row level security;
            create policy own on public.notes using (user_id = (select current_setting('app.user_id', true)::uuid));
            create policy maintenance on public.notes using ((select current_setting('app.bypass_rls', true)) = 'on');
            --                                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PL4013: app.bypass_rls switches the isolation of public.notes off
            """,
        Good = """
            create role maintenance login bypassrls;
            create table public.notes (id uuid primary key, user_id uuid not null);
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            alter table public.notes force row level security;
            create policy own on public.notes using (user_id = (select current_setting('app.user_id', true)::uuid));
            """,
        Sources = ["PostgreSQL manual 20.16, Customized Options: any user may set them"],
        IsLive = true,
    };

    public override void Check(CatalogRuleContext context)
    {
        context.CheckEachPolicy(context.KnownTables, (table, policy) =>
        {
            if (policy.IsPermissive && !policy.IsTainted && !CheckPredicate(context, table, policy, policy.Using))
                CheckPredicate(context, table, policy, policy.WithCheck);
        });
        foreach (var function in context.Catalog.FunctionsInOrder())
            CheckFunction(context, function);
    }

    private bool CheckPredicate(CatalogRuleContext context, Table table, Policy policy, SqlFragment<Expression>? predicate)
    {
        var search = new SwitchSearch();
        search.Visit(predicate?.Tree);
        if (search.Found is not { } call)
            return false;
        context.Report(
            this, Location.Within(policy.ChangedAt, predicate!.Source, call.Span), $"{table.Id}/{policy.Name}",
            $"{search.Setting} switches the isolation of {table.Id} off for any session that sets it");
        return true;
    }

    private void CheckFunction(CatalogRuleContext context, Function function)
    {
        if (function.IsForeignOwned || function.IsTainted || function.Returns is "trigger" or "event_trigger")
            return;
        var search = new SwitchSearch();
        foreach (var root in FunctionBodies.Of(function) ?? [])
            search.Visit(root);
        if (search.Found is { } call)
        {
            context.Report(
                this, Location.Within(function.DefinedAt, function.Body!.Source, call.Span), $"{function.Id}({string.Join(",", function.InputTypes)})",
                $"{search.Setting} switches isolation off in {function.Id} for any session that sets it");
        }
    }

    private sealed class SwitchSearch : SqlVisitor
    {
        public FunctionCall? Found { get; private set; }

        public string Setting { get; private set; } = "";

        public override void VisitFunctionCall(FunctionCall node)
        {
            if (Found is null && SessionTerms.SettingReadBy(node) is { } setting && IsSwitch(setting))
                (Found, Setting) = (node, setting);
            base.VisitFunctionCall(node);
        }

        public override void VisitLogicalExpression(LogicalExpression node)
        {
            if (node.Operator == LogicalOperator.And && Array.Exists(node.Operands, AsksForRole))
                return;
            base.VisitLogicalExpression(node);
        }

        private static bool AsksForRole(Expression operand)
        {
            var search = new RoleSearch();
            search.Visit(operand);
            return search.Found;
        }

        // `bypass_rls`, `disable_tenant_isolation`, `skip-rls`: a verb that takes away, and what it takes away.
        private static bool IsSwitch(string setting)
        {
            var name = setting.ToLowerInvariant().Replace('-', '_');
            return (name.Contains("bypass") || name.Contains("disable") || name.Contains("skip") || name.Contains("ignore"))
                && (name.Contains("rls") || name.Contains("isolation") || name.Contains("tenan") || name.Contains("row_security") || name.Contains("policy") || name.Contains("policies"));
        }
    }

    private sealed class RoleSearch : SqlVisitor
    {
        public bool Found { get; private set; }

        public override void VisitSqlValueFunction(SqlValueFunction node) =>
            Found |= node.Kind is SqlValueFunctionKind.CurrentUser or SqlValueFunctionKind.CurrentRole or SqlValueFunctionKind.SessionUser or SqlValueFunctionKind.User;

        public override void VisitFunctionCall(FunctionCall node)
        {
            Found |= node.Name.Name == "pg_has_role";
            base.VisitFunctionCall(node);
        }
    }
}
