using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Logic;
using PolicyLint.Core.Logic.Proving;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.Migrations;

internal sealed class LockedOut : MigrationRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL3021",
        Name = "locked-out",
        Severity = Severity.Error,
        Title = "Migration that leaves a role with nothing",
        What = "Reports ENABLE and FORCE ROW LEVEL SECURITY, REVOKE and new restrictive policies after which a role that got at rows of a tenant table gets at none, for no command, and no later migration gives it something. That a role uses the table is known where the files grant it something by name or a policy names it. Policies that are dropped are PL3003's.",
        Why = "The role's queries return nothing, or fail, from the moment of the deployment on.",
        Fix = "Create the role's policies in the same migration, before the switch. Where the loss is meant, say so on the statement: `-- policylint:intended PL3021 reason`.",
        Bad = """
            -- file: 1.sql
            create role app;
            create table public.notes (id uuid primary key, user_id uuid not null);
            create index on public.notes (user_id);
            grant select, insert on public.notes to app;
            -- file: 2.sql
            alter table public.notes enable row level security;
            -- ^^^ PL3021: From here on app gets at no row of public.notes
            """,
        Good = """
            -- file: 1.sql
            begin;
            create role app;
            create table public.notes (id uuid primary key, user_id uuid not null);
            create index on public.notes (user_id);
            create policy own on public.notes to app using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));
            alter table public.notes enable row level security;
            grant select on public.notes to app;
            commit;
            -- file: 2.sql
            alter table public.notes force row level security;
            """,
        ExampleConfiguration = "roles: [app]\ntenancy:\n  user_id: { is: \"nullif(current_setting('app.user_id', true), '')::uuid\" }\n",
        Sources = ["PostgreSQL manual, Row Security Policies"],
        UsesProver = true,
    };

    public override void Check(MigrationRuleContext context)
    {
        if (ReferenceEquals(context.Replay.Catalog, context.Replay.RolledBack))
            return;
        foreach (var effect in context.Replay.Effects)
        {
            AccessComparison? comparison = null;
            foreach (var after in effect.TouchedTables())
            {
                if (!context.Tenancy.IsTenantTable(after) || after.Taints.Count > 0 || !after.RowSecurityEnabled.IsKnown
                    || !effect.Before.Relations.ContainsKey(after.Id))
                    continue;
                comparison ??= new(effect.Before, effect.After, context.Tenancy, context.Limits, context.Answers, context.Cancellation);
                if (comparison.Find(after.Id) is { } before)
                    Check(context, effect, comparison, before, after);
            }
        }
    }

    private void Check(MigrationRuleContext context, ScriptEffect effect, AccessComparison comparison, Table before, Table after)
    {
        foreach (var role in context.Tenancy.ApplicationRoles)
        {
            if (!IsUsedBy(before, role) || !GetsSomething(comparison.Earlier, effect.Before, before, role) || GetsSomething(comparison.Later, effect.After, after, role)
                || !context.Replay.Catalog.Relations.TryGetValue(after.Id, out var last) || last is not Table end)
                continue;
            if (GetsSomething(new(context.Replay.Catalog, context.Tenancy, context.Limits, context.Cancellation) { Answers = context.Answers }, context.Replay.Catalog, end, role) || Cause(context, effect, before, after) is not { } cause)
                continue;
            context.Report(this, Location.Of(cause), $"{after.Id}/{role}", $"From here on {role} gets at no row of {after.Id}");
            return;
        }
    }

    private static bool IsUsedBy(Table table, string role)
    {
        foreach (var grant in table.Grants)
        {
            if (grant.Grantee == role && grant.Origin.Source is not null)
                return true;
        }
        foreach (var policy in table.Policies)
        {
            foreach (var named in policy.Roles)
            {
                if (named == role)
                    return true;
            }
        }
        return false;
    }

    private static bool GetsSomething(AccessModel model, ICatalog catalog, Table table, string role)
    {
        foreach (var (command, clause) in AccessHistory.Questions)
        {
            if (TablePrivileges.Has(catalog, table, role, command)
                && (model.IsUnbound(table, role) || model.Follows(model, table, model.ClaimOf(table, command, role, clause), Claim.Nothing.Instance, role, clause) is not Verdict.Proven))
                return true;
        }
        return false;
    }

    private static Origin? Cause(MigrationRuleContext context, ScriptEffect effect, Table before, Table after)
    {
        if (!before.RowSecurityEnabled.Value && after.RowSecurityEnabled.Value)
            return after.RowSecurityEnabled.Origin;
        if (!before.RowSecurityForced.Value && after.RowSecurityForced.Value)
            return after.RowSecurityForced.Origin;
        foreach (var policy in after.Policies)
        {
            if (!policy.IsPermissive && !Contains(before.Policies, policy))
                return policy.ChangedAt;
        }
        foreach (var change in context.Replay.Changes)
        {
            if (change.Kind == ChangeKind.Revoked && change.Object == after.Id && change.Origin.Source == effect.Script.Tree.Source)
                return change.Origin;
        }
        return null;
    }

    private static bool Contains(IReadOnlyList<Policy> policies, Policy policy)
    {
        foreach (var candidate in policies)
        {
            if (ReferenceEquals(candidate, policy))
                return true;
        }
        return false;
    }
}
