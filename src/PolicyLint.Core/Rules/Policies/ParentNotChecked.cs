using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.Policies;

internal sealed class ParentNotChecked : CatalogRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL2023",
        Name = "parent-not-checked",
        Severity = Severity.Error,
        Title = "Membership is taken by inserting it",
        What = "Reports a table whose rows say where users belong to, because policies or SECURITY DEFINER functions look up in a user's rows which tenant, group or project they are of, and into which every user may insert an own row with any of these: WITH CHECK ties the row to the user and not to the parent. It is proven that the policies let each user insert such rows; the witness is one. Silent for a table with one row for each user, where the role lacks the privilege, and where a trigger looks at the column.",
        Why = "Whoever knows or guesses the id of a group inserts a row and is in it: all policies that ask for the membership let them in.",
        Fix = "Ask in WITH CHECK who may add members: that the inserting user is an administrator of the parent, or holds an invitation; or let a function insert the rows.",
        Bad = """
            create table public.groups (id uuid primary key);
            alter table public.groups enable row level security;
            create table public.members (group_id uuid not null references public.groups (id), user_id uuid not null, primary key (user_id, group_id));
            alter table public.members enable row level security;
            create policy own on public.members for select to authenticated using (user_id = (select auth.uid()));
            create policy joining on public.members for insert to authenticated with check (user_id = (select auth.uid()));
            --                                                                              ^^^^^^^ PL2023: authenticated may insert an own row into public.members with any group_id: that makes a member of it, which the policy members on public.groups goes by
            create policy members on public.groups for select to authenticated
              using (exists (select 1 from public.members m where m.group_id = groups.id and m.user_id = (select auth.uid())));
            """,
        Good = """
            create table public.groups (id uuid primary key, owner_id uuid not null);
            create index on public.groups (owner_id);
            alter table public.groups enable row level security;
            create policy own on public.groups for select to authenticated using (owner_id = (select auth.uid()));
            create table public.members (group_id uuid not null references public.groups (id), user_id uuid not null, primary key (user_id, group_id));
            alter table public.members enable row level security;
            create policy own on public.members for select to authenticated using (user_id = (select auth.uid()));
            create policy found on public.members for insert to authenticated
              with check (user_id = (select auth.uid()) and exists (select 1 from public.groups g where g.id = members.group_id and g.owner_id = (select auth.uid())));
            create table public.posts (id uuid primary key, group_id uuid not null references public.groups (id));
            create index on public.posts (group_id);
            alter table public.posts enable row level security;
            create policy members on public.posts for select to authenticated
              using (exists (select 1 from public.members m where m.group_id = posts.group_id and m.user_id = (select auth.uid())));
            """,
        Sources = ["PostgreSQL manual, CREATE POLICY"],
        IsLive = true,
        UsesProver = true,
    };

    public override void Check(CatalogRuleContext context)
    {
        var deciding = context.Deciding;
        var rows = new OwnRows(context.Access, context.Tenancy);
        foreach (var table in context.KnownTables)
        {
            if (table.RowSecurityEnabled is { Value: true, IsKnown: true } && context.Tenancy.IsTenantTable(table) && rows.UserOf(table) is { } user
                && !TableKeys.Of(table).Any(key => key.Count == 1 && key[0] == user.Column.Name))
                Check(context, deciding, rows, table, user);
        }
    }

    private void Check(CatalogRuleContext context, DecidingColumns deciding, OwnRows rows, Table table, (Column Column, Expression User) user)
    {
        foreach (var link in deciding.Of(table))
        {
            if (!link.IsLink || link.Column == user.Column.Name || table.FindColumn(link.Column) is not { } column || !PointsToParent(table, link.Column))
                continue;
            foreach (var role in context.Tenancy.ApplicationRoles)
            {
                if (context.Access.IsUnbound(table, role) || !ColumnGuards.MayWrite(context.Catalog, table, role, PolicyCommand.Insert, column)
                    || rows.Insert(table, role, user) is not { } witness || rows.Guilty(table, PolicyCommand.Insert, role, user) is not { } policy)
                    continue;
                var check = AccessModel.PredicateOf(policy, PolicyClause.WithCheck)!;
                context.Report(
                    this, Location.Within(policy.ChangedAt, check.Source, check.Tree.Span), $"{table.Id}/{column.Name}",
                    $"{role} may insert an own row into {table.Id} with any {column.Name}: that makes a member of it, which {link.Reader} goes by", witness);
                return;
            }
        }
    }

    private static bool PointsToParent(Table table, string column)
    {
        foreach (var constraint in table.Constraints)
        {
            if (constraint is { Kind: ConstraintKind.ForeignKey, ReferencedTable: { } parent } && constraint.Columns.Contains(column) && parent != table.Id)
                return true;
        }
        return false;
    }
}
