using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.Policies;

internal sealed class CommandNotCovered : CatalogRule
{
    private static readonly PolicyCommand[] Commands = [PolicyCommand.Select, PolicyCommand.Insert, PolicyCommand.Update, PolicyCommand.Delete];

    public override RuleInfo Info { get; } = new()
    {
        Id = "PL2010",
        Name = "command-not-covered",
        Severity = Severity.Information,
        Title = "Table with policies for some commands and none for others",
        What = "Reports a tenant table that has permissive policies for some commands and none for another which a role of the application is granted. One finding a table.",
        Why = "A command without a policy is denied: an UPDATE or DELETE touches no row and raises no error. That is right for tables that are only added to, and a puzzle where a policy was forgotten.",
        Fix = "Write the missing policy, or revoke the privilege, which says that the command is not meant and turns silence into an error.",
        Bad = """
            create table public.notes (id uuid primary key, user_id uuid not null);
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            create policy read_own on public.notes for select to authenticated using (user_id = (select auth.uid()));
            -- ^^^ PL2010: No policy of public.notes lets anyone INSERT, UPDATE or DELETE
            """,
        Good = """
            create table public.notes (id uuid primary key, user_id uuid not null);
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            create policy own on public.notes for all to authenticated using (user_id = (select auth.uid()));
            """,
        Sources = ["PostgreSQL manual 5.9, Row Security Policies", "pgrls SEC022"],
        IsLive = true,
    };

    public override void Check(CatalogRuleContext context)
    {
        if (context.Catalog.UnknownEffects.Count > 0)
            return;
        context.CheckEach(context.KnownTables, table =>
        {
            if (!table.RowSecurityEnabled.Value || !table.RowSecurityEnabled.IsKnown || !context.Tenancy.IsTenantTable(table))
                return;
            var covered = new HashSet<PolicyCommand>();
            Policy? first = null;
            foreach (var policy in table.Policies)
            {
                if (!policy.IsPermissive)
                    continue;
                first ??= policy;
                covered.Add(policy.Command);
            }
            if (first is null || covered.Contains(PolicyCommand.All))
                return;
            var missing = new List<string>();
            foreach (var command in Commands)
            {
                if (!covered.Contains(command) && MayBeRun(context, table, command))
                    missing.Add(command.ToString().ToUpperInvariant());
            }
            if (missing.Count == 0)
                return;
            var names = missing.Count == 1 ? missing[0] : string.Join(", ", missing.GetRange(0, missing.Count - 1)) + " or " + missing[missing.Count - 1];
            context.Report(this, Location.Of(first.ChangedAt), table.Id.ToString(), $"No policy of {table.Id} lets anyone {names}");
        });
    }

    // Without any grant the application connects as the owner, for all that is known.
    private static bool MayBeRun(CatalogRuleContext context, Table table, PolicyCommand command)
    {
        if (table.Grants.Count == 0)
            return context.Catalog.Platform == "plain";
        foreach (var grant in table.Grants)
        {
            if (string.Equals(grant.Privilege, command.ToString(), StringComparison.OrdinalIgnoreCase)
                && (grant.Grantee == "public" || context.Tenancy.ApplicationRoles.Contains(grant.Grantee)))
                return true;
        }
        return false;
    }
}
