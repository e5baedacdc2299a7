using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.RowLevelSecurityState;

internal sealed class RlsNotEnabled : CatalogRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL1001",
        Name = "rls-not-enabled",
        Severity = Severity.Error,
        Title = "Tenant table without row-level security",
        What = "Reports a table with a tenancy column that has no row-level security at the end of the migrations. Tables with policies are PL1004's, partitions PL1010's.",
        Why = "Without row-level security every role that may read the table reads everybody's rows, and one forgotten filter in the application shows them.",
        Fix = "`ALTER TABLE … ENABLE ROW LEVEL SECURITY`, with a policy for each command that the application runs. Where it is off on purpose, exempt the table in `policylint.yml` with a reason.",
        Bad = """
            create table public.notes (id uuid primary key, user_id uuid not null, body text);
            -- ^^^ PL1001: Table public.notes holds rows of many users (user_id) and has no row-level security
            """,
        Good = """
            create table public.notes (id uuid primary key, user_id uuid not null, body text);
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            alter table public.notes force row level security;
            create policy own on public.notes
              using (user_id = (select current_setting('app.user_id', true)::uuid));
            """,
        Sources = ["PostgreSQL manual 5.9, Row Security Policies", "splinter 0013", "pgrls SEC001"],
        IsLive = true,
    };

    public override void Check(CatalogRuleContext context)
    {
        foreach (var table in context.Tables)
        {
            if (table.IsAssumed || table.Taints.Count > 0 || table.Policies.Count > 0 || table.PartitionOf is not null)
                continue;
            if (table.Kind == TableKind.Foreign || table.Persistence == Persistence.Temporary)
                continue;
            var enabled = table.RowSecurityEnabled;
            if (enabled.Value || !enabled.IsKnown || !context.Tenancy.IsTenantTable(table) || !context.Tenancy.IsExposed(table))
                continue;
            var keys = context.Tenancy.KeysOf(table);
            var column = keys.Count > 0 ? $" ({keys[0].Column.Name})" : "";
            RelatedLocation[] related = enabled.Origin.Source is not null && !ReferenceEquals(enabled.Origin, table.CreatedAt)
                ? [new(Location.Of(enabled.Origin), "row-level security was last changed here")]
                : [];
            context.Report(this, Location.Of(table.CreatedAt), table.Id.ToString(), $"Table {table.Id} holds rows of many users{column} and has no row-level security", related);
        }
    }
}
