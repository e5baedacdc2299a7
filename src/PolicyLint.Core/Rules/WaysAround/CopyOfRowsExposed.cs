using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.WaysAround;

internal sealed class CopyOfRowsExposed : CatalogRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL4004",
        Name = "copy-of-rows-exposed",
        Severity = Severity.Error,
        Title = "Copy of a tenant table's rows that no policy guards",
        What = "Reports a materialized view, or a table made by CREATE TABLE AS without row-level security, that reads a tenant table with row-level security and that PUBLIC or a role of the application is granted to read. Copies that only summarize, with no tenancy column in what they put out, are left alone.",
        Why = "Policies stay with the table: the copy was made with the rights of the owner and holds everybody's rows. A materialized view cannot have row-level security at all.",
        Fix = "`REVOKE ALL … FROM anon, authenticated` and read the materialized view through a SECURITY DEFINER function or a view that filters by the session; enable row-level security on a copied table, with policies of its own.",
        Bad = """
            create table public.orders (id uuid primary key, user_id uuid not null, total numeric not null);
            create index on public.orders (user_id);
            alter table public.orders enable row level security;
            create policy own on public.orders for all to authenticated using (user_id = (select auth.uid()));
            create materialized view public.order_totals as select user_id, sum(total) as total from public.orders group by user_id;
            -- ^^^ PL4004: public.order_totals holds rows of public.orders
            """,
        Good = """
            create table public.orders (id uuid primary key, user_id uuid not null, total numeric not null);
            create index on public.orders (user_id);
            alter table public.orders enable row level security;
            create policy own on public.orders for all to authenticated using (user_id = (select auth.uid()));
            create materialized view public.order_totals as select user_id, sum(total) as total from public.orders group by user_id;
            revoke all on public.order_totals from anon, authenticated;
            """,
        Sources = ["PostgreSQL manual 39.3, Materialized Views", "splinter 0016", "pgrls VIEW003, SEC054"],
        IsLive = true,
    };

    public override void Check(CatalogRuleContext context)
    {
        foreach (var view in context.Catalog.ViewsInOrder())
        {
            if (view.IsMaterialized && !view.IsForeignOwned && view.Taints.Count == 0)
                CheckCopy(context, view, view.Query);
        }
        foreach (var table in context.KnownTables)
        {
            if (table.RowSecurityEnabled is { Value: false, IsKnown: true })
                CheckCopy(context, table, table.CopiedFrom);
        }
    }

    private void CheckCopy(CatalogRuleContext context, Relation copy, SqlFragment<QueryStatement>? query)
    {
        if (query is null || !context.Tenancy.IsExposed(copy) || Readers(context, copy) is not { } readers)
            return;
        var search = new GuardedTables(context);
        search.Visit(query.Tree);
        if (search.Found is not { } table || Summarizes(context, query.Tree, table))
            return;
        context.Report(
            this, Location.Of(copy.CreatedAt), copy.Id.ToString(), $"{copy.Id} holds rows of {table.Id} that no policy guards, and {readers} may read it",
            [new(Location.Of(table.CreatedAt), "the tenant table")]);
    }

    private static string? Readers(CatalogRuleContext context, Relation copy)
    {
        var readers = new List<string>();
        foreach (var grant in copy.Grants)
        {
            if (grant.Privilege == "select" && (grant.Grantee == "public" || context.Tenancy.ApplicationRoles.Contains(grant.Grantee)) && !readers.Contains(grant.Grantee))
                readers.Add(grant.Grantee);
        }
        return readers.Count == 0 ? null : string.Join(", ", readers);
    }

    private static bool Summarizes(CatalogRuleContext context, QueryStatement query, Table table)
    {
        if (query is not SelectQuery select)
            return false;
        var aggregates = select.GroupBy is not null;
        foreach (var target in select.Targets)
        {
            aggregates |= target.Value is FunctionCall { Name.Name.Text: "count" or "sum" or "avg" or "min" or "max" };
            if (target.Value is not ColumnReference column)
                continue;
            if (column.IsStar)
                return false;
            foreach (var key in context.Tenancy.KeysOf(table))
            {
                if (column.Name.Name == key.Column.Name)
                    return false;
            }
        }
        return aggregates;
    }

    private sealed class GuardedTables(CatalogRuleContext context) : SqlVisitor
    {
        public Table? Found { get; private set; }

        public override void VisitNamedTable(NamedTable node)
        {
            if (Found is null && context.Catalog.FindTable(node.Name) is { RowSecurityEnabled.Value: true } table && context.Tenancy.IsTenantTable(table))
                Found = table;
            base.VisitNamedTable(node);
        }
    }
}
