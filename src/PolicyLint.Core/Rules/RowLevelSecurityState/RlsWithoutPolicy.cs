using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;

namespace PolicyLint.Core.Rules.RowLevelSecurityState;

internal sealed class RlsWithoutPolicy : CatalogRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL1003",
        Name = "rls-without-policy",
        Severity = Severity.Information,
        Title = "Row-level security without a policy: nobody but the owner gets in",
        What = "Reports an exposed table that has row-level security and no policy at the end of the migrations. Partitions are left alone: their rows are reached through the parent, by the parent's policies.",
        Why = "With no policy the default is to deny. That is safe, and right for tables that only the owner or a service role touches; where the application is meant to read the table, every query returns nothing and no error says why.",
        Fix = "Write a policy for each command that the application runs, or `REVOKE ALL` from the application's roles where the table is not theirs, which says so.",
        Bad = """
            create table public.webhook_events (id bigint primary key, payload jsonb not null);
            alter table public.webhook_events enable row level security;
            -- ^^^ PL1003: Row-level security of public.webhook_events is enabled and there is no policy
            """,
        Good = """
            create table public.webhook_events (id bigint primary key, payload jsonb not null);
            alter table public.webhook_events enable row level security;
            create policy ingest on public.webhook_events for select to worker using (true);
            """,
        Sources = ["PostgreSQL manual 5.9, Row Security Policies", "splinter 0008", "pgrls SEC009"],
        IsLive = true,
    };

    public override void Check(CatalogRuleContext context)
    {
        // What a statement of unknown effect did may have been to write the policies.
        if (context.Catalog.UnknownEffects.Count > 0)
            return;
        foreach (var table in context.KnownTables)
        {
            var enabled = table.RowSecurityEnabled;
            if (table.Policies.Count > 0 || !enabled.Value || !enabled.IsKnown || table.PartitionOf is not null || !context.Tenancy.IsExposed(table))
                continue;
            context.Report(
                this, Location.Of(enabled.Origin), table.Id.ToString(),
                $"Row-level security of {table.Id} is enabled and there is no policy: only the owner and roles that bypass it reach its rows");
        }
    }
}
