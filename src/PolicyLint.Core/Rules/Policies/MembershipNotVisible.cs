using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.Policies;

internal sealed class MembershipNotVisible : CatalogRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL2013",
        Name = "membership-not-visible",
        Severity = Severity.Warning,
        Title = "Policy that looks up rows which its role never sees",
        What = "Reports a policy with a subquery on a table that has row-level security and no policy which lets any of the policy's roles SELECT. Tables that the subquery reads inside of a SECURITY DEFINER function are left alone, and so are policies of roles that bypass row-level security or own the table.",
        Why = "A policy's subquery runs with the rights of whoever asks, under the policies of the tables that it reads. Where none lets the role read, the subquery is empty: EXISTS and IN deny everyone, NOT EXISTS lets everyone in. Where the role may not read the table at all, every statement that the policy binds fails.",
        Fix = "Give the looked-up table a policy by which users see their own rows, or look it up in a SECURITY DEFINER function.",
        Bad = """
            create table public.members (team_id uuid not null, user_id uuid not null, primary key (user_id, team_id));
            alter table public.members enable row level security;
            create table public.notes (id uuid primary key, team_id uuid not null);
            create index on public.notes (team_id);
            alter table public.notes enable row level security;
            create policy team on public.notes for select to authenticated
              using (team_id in (select m.team_id from public.members m where m.user_id = (select auth.uid())));
            --                                         ^^^^^^^^^^^^^^ PL2013: No policy lets authenticated SELECT from public.members
            """,
        Good = """
            create table public.members (team_id uuid not null, user_id uuid not null, primary key (user_id, team_id));
            create index on public.members (team_id);
            alter table public.members enable row level security;
            create policy own on public.members for select to authenticated using (user_id = (select auth.uid()));
            create table public.notes (id uuid primary key, team_id uuid not null);
            create index on public.notes (team_id);
            alter table public.notes enable row level security;
            create policy team on public.notes for select to authenticated
              using (team_id in (select m.team_id from public.members m where m.user_id = (select auth.uid())));
            """,
        Sources = ["PostgreSQL manual 5.9, Row Security Policies: sub-SELECTs in policy expressions"],
        IsLive = true,
    };

    public override void Check(CatalogRuleContext context)
    {
        if (context.Catalog.UnknownEffects.Count > 0)
            return;
        context.CheckEach(context.Tables, table =>
        {
            if (!table.RowSecurityEnabled.Value || table.Taints.Count > 0)
                return;
            var reported = new HashSet<QualifiedId>();
            foreach (var policy in table.Policies)
            {
                if (policy.IsTainted || !policy.IsPermissive)
                    continue;
                CheckPredicate(context, table, policy, policy.Using, reported);
                CheckPredicate(context, table, policy, policy.WithCheck, reported);
            }
        });
    }

    private void CheckPredicate(CatalogRuleContext context, Table table, Policy policy, SqlFragment<Expression>? predicate, HashSet<QualifiedId> reported)
    {
        if (predicate is null)
            return;
        var reads = new TablesRead(context.Catalog);
        reads.Visit(predicate.Tree);
        foreach (var (node, read) in reads.Tables)
        {
            if (read.Id == table.Id || !IsHidden(context, read, policy) || !reported.Add(read.Id))
                continue;
            var who = policy.Roles.Contains("public") ? "anyone" : string.Join(", ", policy.Roles);
            var message = MayRead(context, read, policy)
                ? $"No policy lets {who} SELECT from {read.Id}: what the policy {policy.Name} on {table.Id} looks up there is always empty"
                : $"No grant lets {who} SELECT from {read.Id}: a statement that the policy {policy.Name} on {table.Id} binds fails";
            context.Report(
                this, Location.Within(policy.ChangedAt, predicate.Source, node.Span), $"{table.Id}/{policy.Name}/{read.Id}", message,
                [new(Location.Of(read.RowSecurityEnabled.Origin), "its row-level security is enabled here")]);
        }
    }

    // Without the grant the subquery is not empty: it is an error.
    private static bool MayRead(CatalogRuleContext context, Table read, Policy policy)
    {
        foreach (var role in policy.Roles.Contains("public") ? context.Tenancy.ApplicationRoles : policy.Roles)
        {
            if (TablePrivileges.Has(context.Catalog, read, role, PolicyCommand.Select))
                return true;
        }
        return false;
    }

    private static bool IsHidden(CatalogRuleContext context, Table read, Policy policy)
    {
        if (!read.RowSecurityEnabled.Value || !read.RowSecurityEnabled.IsKnown || read.Taints.Count > 0)
            return false;
        // PUBLIC is whoever connects: on a plain server perhaps the owner, whom nothing hides from.
        if (policy.Roles.Contains("public") && context.Catalog.Platform != "supabase" && !read.RowSecurityForced.Value)
            return false;
        foreach (var role in policy.Roles)
        {
            if (role == read.Owner || (context.Catalog.Roles.TryGetValue(role, out var known) && (known.BypassesRowSecurity || known.IsSuperuser || known.IsAssumed)))
                return false;
        }
        foreach (var other in read.Policies)
        {
            if (other.IsTainted || (other.IsPermissive && other.Command is PolicyCommand.All or PolicyCommand.Select && Serves(context, read, policy, other)))
                return false;
        }
        return true;
    }

    private static bool Serves(CatalogRuleContext context, Table read, Policy policy, Policy other)
    {
        if (policy.Roles.Contains("public"))
            return true;
        foreach (var role in policy.Roles)
        {
            foreach (var applying in context.Access.PoliciesFor(read, PolicyCommand.Select, role))
            {
                if (ReferenceEquals(applying, other))
                    return true;
            }
        }
        return false;
    }

    private sealed class TablesRead(ICatalog catalog) : SqlVisitor
    {
        public List<(NamedTable Node, Table Table)> Tables { get; } = [];

        public override void VisitNamedTable(NamedTable node)
        {
            if (catalog.FindTable(node.Name) is { } table)
                Tables.Add((node, table));
        }
    }
}
