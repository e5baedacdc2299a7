using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;

namespace PolicyLint.Core.Rules.RowLevelSecurityState;

internal sealed class TenantColumnNullable : CatalogRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL1005",
        Name = "tenant-column-nullable",
        Severity = Severity.Warning,
        Title = "Tenancy column that may be NULL",
        What = "Reports a tenancy column without NOT NULL. Where tenancy is inferred, a table that has another tenancy column with NOT NULL is left alone: its rows have an owner.",
        Why = "A row without an owner is nobody's: it vanishes for everyone, or shows to everyone where a policy is written with IS NULL or IS NOT DISTINCT FROM.",
        Fix = "Backfill the column, then `ALTER TABLE … ALTER COLUMN … SET NOT NULL`.",
        Bad = """
            create table public.notes (id uuid primary key, user_id uuid);
            --                                              ^^^^^^^^^^^^ PL1005: The tenancy column user_id of public.notes may be NULL
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            alter table public.notes force row level security;
            create policy own on public.notes using (user_id = (select current_setting('app.user_id', true)::uuid));
            """,
        Good = """
            create table public.notes (id uuid primary key, user_id uuid not null);
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            alter table public.notes force row level security;
            create policy own on public.notes using (user_id = (select current_setting('app.user_id', true)::uuid));
            """,
        Sources = ["pgrls SEC030"],
        IsLive = true,
    };

    public override void Check(CatalogRuleContext context) => context.CheckEach(context.Tables, table =>
    {
        if (table.Taints.Count > 0 || !context.Tenancy.IsTenantTable(table))
            return;
        var keys = context.Tenancy.KeysOf(table);
        var hasOwner = false;
        foreach (var key in keys)
            hasOwner |= key.IsInferred && key.Column.IsNotNull.Value;
        foreach (var key in keys)
        {
            if (hasOwner || key.Column.IsNotNull.Value || !key.Column.IsNotNull.IsKnown)
                continue;
            context.Report(this, Location.Of(key.Column.CreatedAt), $"{table.Id}/{key.Column.Name}", $"The tenancy column {key.Column.Name} of {table.Id} may be NULL: such a row has no owner");
        }
    });
}
