using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Logic;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.RowLevelSecurityState;

internal sealed class TenantColumnMissing : CatalogRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL1006",
        Name = "tenant-column-missing",
        Severity = Severity.Warning,
        Title = "Child of a tenant table whose own rows nothing ties to the tenant",
        What = "Reports an exposed table without a tenancy column that points by a foreign key to a tenant table whose policies keep the rows apart, where no policy of the child goes through that key and one lets every row be read. Children without row-level security are PL1011's on an API platform, and reported here elsewhere.",
        Why = "The parent's policies do not reach its children. Who may not read an order reads its lines, and with them the order's number, amounts and dates.",
        Fix = "Go through the parent: `USING (exists (select 1 from orders o where o.id = order_lines.order_id))`, which the parent's policies filter; or give the child the tenancy column itself, which is faster.",
        Bad = """
            create table public.orders (id uuid primary key, user_id uuid not null);
            create index on public.orders (user_id);
            alter table public.orders enable row level security;
            create policy own on public.orders for all to authenticated using (user_id = (select auth.uid()));
            create table public.order_lines (id uuid primary key, order_id uuid not null references public.orders (id));
            -- ^^^ PL1006: public.order_lines belongs to public.orders
            alter table public.order_lines enable row level security;
            create policy read on public.order_lines for select to authenticated using (true);
            """,
        Good = """
            create table public.orders (id uuid primary key, user_id uuid not null);
            create index on public.orders (user_id);
            alter table public.orders enable row level security;
            create policy own on public.orders for all to authenticated using (user_id = (select auth.uid()));
            create table public.order_lines (id uuid primary key, order_id uuid not null references public.orders (id));
            create index on public.order_lines (order_id);
            alter table public.order_lines enable row level security;
            create policy read on public.order_lines for select to authenticated
              using (exists (select 1 from public.orders o where o.id = order_lines.order_id));
            """,
        Sources = ["PostgreSQL manual 5.9, Row Security Policies", "pgrls SEC005"],
        IsLive = true,
    };

    public override void Check(CatalogRuleContext context)
    {
        foreach (var table in context.KnownTables)
        {
            if (table.PartitionOf is not null || table.Kind == TableKind.Foreign || !table.AreColumnsKnown || !table.RowSecurityEnabled.IsKnown)
                continue;
            if (context.Tenancy.KeysOf(table).Count > 0 || !context.Tenancy.IsExposed(table) || !IsOpen(context, table))
                continue;
            foreach (var constraint in table.Constraints)
            {
                if (constraint is not { Kind: ConstraintKind.ForeignKey, ReferencedTable: { } id, Columns: [var column] } || id == table.Id)
                    continue;
                if (!IsOwnership(table, constraint) || !context.Catalog.Relations.TryGetValue(id, out var relation) || relation is not Table parent || !IsKeptApart(context, parent) || IsNamed(table, column))
                    continue;
                context.Report(
                    this, Location.Of(table.CreatedAt), table.Id.ToString(),
                    $"{table.Id} belongs to {parent.Id} ({column}), whose policies keep the tenants apart; nothing does so here",
                    [new(Location.Of(parent.CreatedAt), "the tenant table")]);
                break;
            }
        }
    }

    // Every child row has a parent: an optional key is a reference to something, not what the row belongs to.
    private static bool IsOwnership(Table table, TableConstraint constraint) => table.FindColumn(constraint.Columns[0]) is { IsNotNull: { Value: true, IsKnown: true } };

    // Some role of the application reads every row.
    private static bool IsOpen(CatalogRuleContext context, Table table)
    {
        if (!table.RowSecurityEnabled.Value)
            return context.Catalog.Platform != "supabase" && context.Options.ExposedSchemas.Count == 0 && table.Policies.Count == 0;
        foreach (var role in context.Tenancy.ApplicationRoles)
        {
            foreach (var policy in context.Access.PoliciesFor(table, PolicyCommand.Select, role))
            {
                if (policy is { IsPermissive: true, IsTainted: false, Using: { } predicate } && context.Access.IsAlwaysTrue(table, predicate) is Verdict.Proven)
                    return true;
            }
        }
        return false;
    }

    private static bool IsKeptApart(CatalogRuleContext context, Table parent)
    {
        if (parent.Taints.Count > 0 || !parent.RowSecurityEnabled.Value || !context.Tenancy.IsTenantTable(parent))
            return false;
        foreach (var role in context.Tenancy.ApplicationRoles)
        {
            if (context.Access.Isolates(parent, PolicyCommand.Select, role, PolicyClause.Using) is not Verdict.Proven)
                return false;
        }
        return true;
    }

    private static bool IsNamed(Table table, string column)
    {
        foreach (var policy in table.Policies)
        {
            var search = new ColumnSearch(column);
            search.Visit(policy.Using?.Tree);
            search.Visit(policy.WithCheck?.Tree);
            if (search.Found && policy.Command is PolicyCommand.All or PolicyCommand.Select)
                return true;
        }
        return false;
    }

    private sealed class ColumnSearch(string column) : SqlVisitor
    {
        public bool Found { get; private set; }

        public override void VisitColumnReference(ColumnReference node) => Found |= node.Name.Name == column;
    }
}
