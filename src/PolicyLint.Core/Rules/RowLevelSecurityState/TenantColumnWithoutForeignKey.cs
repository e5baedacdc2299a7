using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;

namespace PolicyLint.Core.Rules.RowLevelSecurityState;

internal sealed class TenantColumnWithoutForeignKey : CatalogRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL1008",
        Name = "tenant-column-without-foreign-key",
        Severity = Severity.Information,
        Title = "Tenancy column that nothing ties to its principals",
        What = "Reports a tenancy column in no foreign key, where it is known what it should point to: the configuration's `references` says so, or the columns of that name in other tables do. A column that other tables point to is the principal's own key and left alone.",
        Why = "A row may carry the key of a user who never existed or is gone. Policies hide such rows from everyone, and a key that is given out again gives the rows with it.",
        Fix = "`ALTER TABLE … ADD FOREIGN KEY (column) REFERENCES … NOT VALID`, then `VALIDATE CONSTRAINT`.",
        Bad = """
            create table public.users (id uuid primary key);
            create table public.notes (id uuid primary key, user_id uuid not null references public.users (id));
            create table public.tags (id uuid primary key, user_id uuid not null);
            --                                             ^^^^^^^^^^^^^^^^ PL1008: user_id of public.tags has no foreign key
            """,
        Good = """
            create table public.users (id uuid primary key);
            create table public.tags (id uuid primary key, user_id uuid not null references public.users (id));
            create index on public.tags (user_id);
            alter table public.tags enable row level security;
            alter table public.tags force row level security;
            create policy own on public.tags using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));
            """,
        Sources = ["PostgreSQL manual 5.5.5, Foreign Keys"],
        IsLive = true,
    };

    public override void Check(CatalogRuleContext context)
    {
        var principals = Principals(context);
        var referenced = ReferencedColumns(context.Catalog);
        foreach (var table in context.KnownTables)
        {
            if (table.PartitionOf is not null || table.Kind == TableKind.Foreign || !context.Tenancy.IsTenantTable(table))
                continue;
            foreach (var key in context.Tenancy.KeysOf(table))
            {
                if (!principals.TryGetValue(key.Column.Name, out var principal) || referenced.Contains((table.Id, key.Column.Name)) || IsInForeignKey(table, key))
                    continue;
                context.Report(
                    this, Location.Of(key.Column.CreatedAt), $"{table.Id}/{key.Column.Name}",
                    $"The tenancy column {key.Column.Name} of {table.Id} has no foreign key: nothing ties its rows to {principal}");
            }
        }
    }

    private static Dictionary<string, string> Principals(CatalogRuleContext context)
    {
        var principals = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var option in context.Options.Tenancy)
        {
            if (option.References.Length > 0)
                principals[option.Column] = option.References;
        }
        foreach (var table in context.Tables)
        {
            foreach (var constraint in table.Constraints)
            {
                if (constraint is { Kind: ConstraintKind.ForeignKey, Columns.Count: 1, ReferencedTable: { } target } && !principals.ContainsKey(constraint.Columns[0]) && !table.IsForeignOwned)
                    principals.Add(constraint.Columns[0], target.ToString());
            }
        }
        return principals;
    }

    private static HashSet<(QualifiedId, string)> ReferencedColumns(ICatalog catalog)
    {
        var referenced = new HashSet<(QualifiedId, string)>();
        foreach (var table in catalog.TablesInOrder())
        {
            foreach (var constraint in table.Constraints)
            {
                if (constraint is not { Kind: ConstraintKind.ForeignKey, ReferencedTable: { } target })
                    continue;
                foreach (var column in constraint.ReferencedColumns)
                    referenced.Add((target, column));
            }
        }
        return referenced;
    }

    private static bool IsInForeignKey(Table table, TenantKey key)
    {
        foreach (var constraint in table.Constraints)
        {
            if (constraint.Kind != ConstraintKind.ForeignKey)
                continue;
            foreach (var column in constraint.Columns)
            {
                if (column == key.Column.Name)
                    return true;
            }
        }
        return false;
    }
}
