using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;

namespace PolicyLint.Core.Rules.RowLevelSecurityState;

internal sealed class PoliciesWithoutRls : CatalogRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL1004",
        Name = "policies-without-rls",
        Severity = Severity.Error,
        Title = "Policies on a table whose row-level security is not enabled",
        What = "Reports a table that has policies and no `ENABLE ROW LEVEL SECURITY` at the end of the migrations.",
        Why = "PostgreSQL keeps such policies and ignores them: every row stays visible, and the policies look as if they guarded it.",
        Fix = "`ALTER TABLE … ENABLE ROW LEVEL SECURITY` in the migration that makes the policies; or drop the policies where it is off on purpose.",
        Bad = """
            create table public.notes (id uuid primary key, user_id uuid not null);
            create index on public.notes (user_id);
            create policy own on public.notes using (user_id = (select current_setting('app.user_id', true)::uuid));
            -- ^^^ PL1004: The policy own on public.notes does nothing
            """,
        Good = """
            create table public.notes (id uuid primary key, user_id uuid not null);
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            alter table public.notes force row level security;
            create policy own on public.notes using (user_id = (select current_setting('app.user_id', true)::uuid));
            """,
        Sources = ["PostgreSQL manual 5.9, Row Security Policies", "splinter 0007", "pgrls SEC032"],
        IsLive = true,
    };

    public override void Check(CatalogRuleContext context)
    {
        foreach (var table in context.Tables)
        {
            var enabled = table.RowSecurityEnabled;
            if (table.Policies.Count == 0 || table.IsForeignOwned || table.IsAssumed || table.Taints.Count > 0 || enabled.Value || !enabled.IsKnown)
                continue;
            var policies = table.Policies.Count == 1 ? $"The policy {table.Policies[0].Name} on {table.Id} does nothing" : $"The {table.Policies.Count} policies on {table.Id} do nothing";
            RelatedLocation[] related = enabled.Origin.Source is not null && !ReferenceEquals(enabled.Origin, table.CreatedAt)
                ? [new(Location.Of(enabled.Origin), "row-level security was last changed here")]
                : [];
            context.Report(this, Location.Of(table.Policies[0].CreatedAt), table.Id.ToString(), policies + ": row-level security is not enabled", related);
        }
    }
}
