using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.Policies;

internal sealed class OwnRowOpensPrivilege : CatalogRule
{
    private static readonly HashSet<string> s_privileges = new(StringComparer.Ordinal)
    {
        "role", "user_role", "app_role", "roles", "permissions", "is_admin", "is_superadmin", "is_super_admin", "is_superuser", "is_staff", "is_moderator",
        "is_verified", "is_premium", "plan", "subscription_plan", "subscription_tier", "credits", "credit_balance",
    };

    public override RuleInfo Info { get; } = new()
    {
        Id = "PL2021",
        Name = "own-row-opens-privilege",
        Severity = Severity.Error,
        Title = "Users may give themselves a role, a tenant or credit",
        What = "Reports a table in which every user may update an own row including a column by which policies, or SECURITY DEFINER functions, decide what the user may do: a role or flag that they look up in the user's row, or the tenant that they find there. In a table with one row for each user a column counts, too, whose name says it: role, is_admin, plan, credits and their like. It is proven that the policies let each user change the column; the witness is such a row as it is after. Silent where the role lacks the privilege to update the column, and where a trigger looks at it.",
        Why = "A row is the user's to change, and what is written in it is not: one UPDATE makes a user an administrator, or a member of another tenant.",
        Fix = "Leave the column out of the privileges: `REVOKE UPDATE ON t FROM authenticated; GRANT UPDATE (name, avatar) ON t TO authenticated`. Or keep it in a table that users only read.",
        Bad = """
            create table public.profiles (id uuid primary key, user_id uuid not null unique, name text, role text not null default 'member');
            alter table public.profiles enable row level security;
            create policy own on public.profiles for select to authenticated using (user_id = (select auth.uid()));
            create policy change on public.profiles for update to authenticated using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
            --                                                                                                                    ^^^^^^^ PL2021: authenticated may change role in an own row of public.profiles, which the policy admins on public.reports goes by
            create table public.reports (id uuid primary key);
            alter table public.reports enable row level security;
            create policy admins on public.reports for select to authenticated
              using (exists (select 1 from public.profiles p where p.user_id = (select auth.uid()) and p.role = 'admin'));
            """,
        Good = """
            create table public.profiles (id uuid primary key, user_id uuid not null unique, name text, role text not null default 'member');
            alter table public.profiles enable row level security;
            create policy own on public.profiles for select to authenticated using (user_id = (select auth.uid()));
            create policy change on public.profiles for update to authenticated using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
            revoke update on public.profiles from anon, authenticated;
            grant update (name) on public.profiles to authenticated;
            create table public.reports (id uuid primary key);
            alter table public.reports enable row level security;
            create policy admins on public.reports for select to authenticated
              using (exists (select 1 from public.profiles p where p.user_id = (select auth.uid()) and p.role = 'admin'));
            """,
        Sources = ["PostgreSQL manual, CREATE POLICY", "PostgreSQL manual, GRANT"],
        IsLive = true,
        UsesProver = true,
    };

    public override void Check(CatalogRuleContext context)
    {
        var deciding = context.Deciding;
        var rows = new OwnRows(context.Access, context.Tenancy);
        foreach (var table in context.KnownTables)
        {
            if (table.RowSecurityEnabled is { Value: true, IsKnown: true } && context.Tenancy.IsTenantTable(table) && rows.UserOf(table) is { } user)
                Check(context, deciding, rows, table, user);
        }
    }

    private void Check(CatalogRuleContext context, DecidingColumns deciding, OwnRows rows, Table table, (Column Column, Expression User) user)
    {
        foreach (var (column, reader) in Columns(deciding, table, user.Column))
        {
            foreach (var role in context.Tenancy.ApplicationRoles)
            {
                if (context.Access.IsUnbound(table, role) || !ColumnGuards.MayWrite(context.Catalog, table, role, PolicyCommand.Update, column)
                    || rows.Change(table, role, column, user) is not { } witness || rows.Guilty(table, PolicyCommand.Update, role, user) is not { } policy)
                    continue;
                var check = AccessModel.PredicateOf(policy, PolicyClause.WithCheck)!;
                var why = reader is null ? "and its name says that it is not for users to set" : $"which {reader} goes by";
                context.Report(
                    this, Location.Within(policy.ChangedAt, check.Source, check.Tree.Span), $"{table.Id}/{column.Name}",
                    $"{role} may change {column.Name} in an own row of {table.Id}, {why}", witness);
                return;
            }
        }
    }

    private static IEnumerable<(Column Column, string? Reader)> Columns(DecidingColumns deciding, Table table, Column user)
    {
        foreach (var known in deciding.Of(table))
        {
            if (known.Column != user.Name && !IsIdentity(table, known.Column) && table.FindColumn(known.Column) is { } column)
                yield return (column, known.Reader);
        }
        if (!TableKeys.Of(table).Any(key => key.Count == 1 && key[0] == user.Name))
            yield break;
        foreach (var column in table.Columns)
        {
            if (s_privileges.Contains(column.Name))
                yield return (column, null);
        }
    }

    // What other rows say of a row, they say of its key; the keys of other rows are taken.
    private static bool IsIdentity(Table table, string column)
    {
        foreach (var constraint in table.Constraints)
        {
            if (constraint is { Kind: ConstraintKind.PrimaryKey, Columns.Count: 1 } && constraint.Columns[0] == column)
                return true;
        }
        return false;
    }
}
