using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.Policies;

internal sealed class ServicePolicyForEveryone : CatalogRule
{
    private static readonly string[] FewNames = ["service", "service_role", "servicerole", "admin", "admins", "administrators", "backend", "internal", "system", "cron", "webhook", "webhooks"];

    public override RuleInfo Info { get; } = new()
    {
        Id = "PL2022",
        Name = "service-policy-for-everyone",
        Severity = Severity.Error,
        Title = "Policy that is named for a service or for admins and lets everyone in",
        What = "Reports a permissive policy for every role whose name or comment gives it to a service, the system or admins, and whose predicate asks neither who is there nor another table.",
        Why = "A name decides nothing. Without TO the policy is for PUBLIC, the anonymous role included, and `service_role` did not need it: it bypasses row-level security.",
        Fix = "Drop the policy if the service bypasses row-level security; otherwise name its role: `TO service_role`. For admins, ask: `USING ((select is_admin()))`.",
        Bad = """
            create table public.jobs (id uuid primary key, payload jsonb);
            alter table public.jobs enable row level security;
            create policy "Service role can manage jobs" on public.jobs for insert with check (true);
            -- ^^^ PL2022: The policy Service role can manage jobs on public.jobs is for every role
            grant select on public.jobs to service_role;
            """,
        Good = """
            create table public.jobs (id uuid primary key, payload jsonb);
            alter table public.jobs enable row level security;
            create policy "Service role can manage jobs" on public.jobs for insert to service_role with check (true);
            """,
        Sources = ["PostgreSQL manual, CREATE POLICY, TO"],
        IsLive = true,
    };

    public override void Check(CatalogRuleContext context)
    {
        foreach (var table in context.Tables)
        {
            if (!table.RowSecurityEnabled.Value || table.Taints.Count > 0)
                continue;
            foreach (var policy in table.Policies)
            {
                if (!policy.IsPermissive || policy.IsTainted || !policy.Roles.Contains("public") || !(NamesFew(policy.Name, table) || NamesFew(policy.Comment, table)))
                    continue;
                if (Asks(policy.Using) || Asks(policy.WithCheck))
                    continue;
                context.Report(
                    this, Location.Of(policy.ChangedAt), $"{table.Id}/{policy.Name}",
                    $"The policy {policy.Name} on {table.Id} is for every role, the anonymous one included, and its predicate asks for nobody");
            }
        }
    }

    // The words of the text that are not the table's own: a policy of service_orders is for no service.
    private static bool NamesFew(string? text, Table table)
    {
        if (text is null)
            return false;
        foreach (var word in Words(text))
        {
            if (Array.IndexOf(FewNames, word) >= 0 && Words(table.Id.Name) is var own && Array.IndexOf(own, word) < 0 && Array.IndexOf(own, word + "s") < 0)
                return true;
        }
        return false;
    }

    private static string[] Words(string text) => text.ToLowerInvariant().Split(' ', '_', '-', '.', ',', ':', '/', '(', ')', '"', '\'');

    private static bool Asks(SqlFragment<Expression>? predicate)
    {
        if (predicate is null)
            return false;
        var search = new Questions();
        search.Visit(predicate.Tree);
        return search.Found;
    }

    // Anything but constants and columns may be the question; so may `false`.
    private sealed class Questions : SqlVisitor
    {
        public bool Found { get; private set; }

        public override void VisitFunctionCall(FunctionCall node) => Found = true;

        public override void VisitSqlValueFunction(SqlValueFunction node) => Found = true;

        public override void VisitSelectQuery(SelectQuery node) => Found = true;

        public override void VisitLiteral(Literal node) => Found |= node.Kind is LiteralKind.False or LiteralKind.Null;
    }
}
