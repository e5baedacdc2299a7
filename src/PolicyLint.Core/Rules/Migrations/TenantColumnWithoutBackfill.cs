using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Findings;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.Migrations;

internal sealed class TenantColumnWithoutBackfill : MigrationRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL3005",
        Name = "tenant-column-without-backfill",
        Severity = Severity.Warning,
        Title = "Tenancy column that older rows never get",
        What = "Reports a nullable tenancy column without a default that a migration adds to a table of an earlier one and that no statement of any migration fills. A block or function that may fill it counts as doing so, and a table with another tenancy column from the start is left alone.",
        Why = "The rows that are there belong to nobody. Policies hide them from everyone, or a policy that lets NULL pass shows them to all.",
        Fix = "Backfill the column from what the rows are tied to, check that none is left, then set it NOT NULL.",
        Bad = """
            -- file: 1.sql
            create table public.notes (id uuid primary key, author uuid not null);
            -- file: 2.sql
            alter table public.notes add column tenant_id uuid;
            --                                  ^^^^^^^^^^^^^^ PL3005: tenant_id of public.notes is never filled
            """,
        Good = """
            -- file: 1.sql
            create table public.notes (id uuid primary key, author uuid not null);
            -- file: 2.sql
            alter table public.notes add column tenant_id uuid;
            update public.notes set tenant_id = '00000000-0000-0000-0000-000000000001' where tenant_id is null;
            alter table public.notes alter column tenant_id set not null;
            create index concurrently notes_tenant_id on public.notes (tenant_id);
            alter table public.notes enable row level security;
            alter table public.notes force row level security;
            create policy own on public.notes using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
            """,
        Sources = ["PostgreSQL manual, ALTER TABLE, ADD COLUMN"],
    };

    public override void Check(MigrationRuleContext context)
    {
        foreach (var table in context.Replay.Catalog.TablesInOrder())
        {
            if (table.IsAssumed || table.IsForeignOwned || table.Taints.Count > 0 || !context.Tenancy.IsTenantTable(table))
                continue;
            var keys = context.Tenancy.KeysOf(table);
            // A table with an older or filled tenancy column has rows that belong to someone already.
            if (HasOther(table, keys))
                continue;
            foreach (var key in keys)
            {
                if (IsFilled(context.Scripts, key.Column))
                    continue;
                context.Report(
                    this, Location.Of(key.Column.CreatedAt), $"{table.Id}/{key.Column.Name}", $"{key.Column.Name} of {table.Id} is never filled: rows that were there before belong to nobody",
                    [new(Location.Of(table.CreatedAt), "the table is older than this migration")]);
            }
        }
    }

    private static bool HasOther(Table table, IReadOnlyList<TenantKey> keys)
    {
        foreach (var key in keys)
        {
            if (!IsAddedEmpty(table, key.Column))
                return true;
        }
        return false;
    }

    private static bool IsAddedEmpty(Table table, Column column) =>
        column is { Default: null, IsIdentity: false, IsGenerated: false, IsNotNull: { Value: false, IsKnown: true } }
        && column.CreatedAt.Source is not null && table.CreatedAt.Source is not null && !ReferenceEquals(column.CreatedAt.Source, table.CreatedAt.Source);

    private static bool IsFilled(IReadOnlyList<Script> scripts, Column column)
    {
        var functions = new HashSet<string>(StringComparer.Ordinal);
        var isBehind = false;
        foreach (var script in scripts)
        {
            if (script.Role != ScriptRole.Migration)
                continue;
            isBehind |= ReferenceEquals(script.Tree.Source, column.CreatedAt.Source);
            foreach (var statement in script.Tree.Statements)
            {
                if (statement is CreateFunctionStatement function && ColumnFilling.IsFilledBy(function, column.Name))
                    functions.Add(function.Function.Name.Text);
                else if (isBehind && ColumnFilling.MayFill(statement, column.Name, functions))
                    return true;
            }
        }
        return false;
    }
}
