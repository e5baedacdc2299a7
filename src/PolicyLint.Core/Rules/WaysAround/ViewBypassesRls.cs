using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.WaysAround;

internal sealed class ViewBypassesRls : CatalogRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL4003",
        Name = "view-bypasses-rls",
        Severity = Severity.Error,
        Title = "View over a tenant table that runs with its owner's rights",
        What = "Reports an exposed view that reads a tenant table with row-level security and is not `security_invoker`. A view whose own query compares with the session is left alone: it filters by the caller.",
        Why = "A view reads its tables as its owner, past the policies that bind its caller. Whoever may read the view reads everybody's rows.",
        Fix = "`ALTER VIEW … SET (security_invoker = true)` (PostgreSQL 15 and later).",
        Bad = """
            create table public.notes (id uuid primary key, user_id uuid not null);
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            create policy own on public.notes to authenticated using (user_id = (select auth.uid()));
            create view public.recent_notes as select * from public.notes;
            -- ^^^ PL4003: The view public.recent_notes reads public.notes as its owner
            """,
        Good = """
            create table public.notes (id uuid primary key, user_id uuid not null);
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            create policy own on public.notes to authenticated using (user_id = (select auth.uid()));
            create view public.recent_notes with (security_invoker = true) as select * from public.notes;
            """,
        Sources = ["PostgreSQL manual, CREATE VIEW, security_invoker", "splinter 0010", "pgrls VIEW001"],
        IsLive = true,
    };

    public override void Check(CatalogRuleContext context)
    {
        var views = new List<View>();
        foreach (var relation in context.Catalog.Relations.Values)
        {
            if (relation is View view)
                views.Add(view);
        }
        views.Sort(static (a, b) => CatalogLookup.CompareIds(a.Id, b.Id));
        foreach (var view in views)
        {
            if (view.IsMaterialized || view.IsAssumed || view.Taints.Count > 0 || view.Query is null || view.SecurityInvoker.Value || !view.SecurityInvoker.IsKnown)
                continue;
            if (!context.Tenancy.IsExposed(view) || SessionTerms.Contains(view.Query.Tree))
                continue;
            if (TenantTables.FirstIn(context, view.Query.Tree) is not { } table)
                continue;
            context.Report(
                this, Location.Of(view.CreatedAt), view.Id.ToString(), $"The view {view.Id} reads {table.Id} as its owner: the policies do not bind its caller",
                [new(Location.Of(table.CreatedAt), "the tenant table")]);
        }
    }

    private sealed class TenantTables(CatalogRuleContext context) : SqlVisitor
    {
        private Table? _found;

        public static Table? FirstIn(CatalogRuleContext context, SqlNode query)
        {
            var search = new TenantTables(context);
            search.Visit(query);
            return search._found;
        }

        public override void VisitNamedTable(NamedTable node)
        {
            if (_found is null && context.Catalog.FindTable(node.Name) is { } table && table.RowSecurityEnabled.Value && context.Tenancy.IsTenantTable(table))
                _found = table;
            base.VisitNamedTable(node);
        }
    }
}
