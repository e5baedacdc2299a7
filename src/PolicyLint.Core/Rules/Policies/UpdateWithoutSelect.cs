using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.Policies;

internal sealed class UpdateWithoutSelect : CatalogRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL2011",
        Name = "update-without-select",
        Severity = Severity.Warning,
        Title = "UPDATE or DELETE policy for a role that no SELECT policy serves",
        What = "Reports a permissive UPDATE or DELETE policy where no permissive policy lets any of its roles SELECT from the table. One finding a table.",
        Why = "An UPDATE or DELETE with a WHERE or RETURNING reads the table, and reads by the SELECT policies. Where none serves the role, the command finds no row to change and succeeds with nothing done.",
        Fix = "Write a SELECT policy for the role, with a predicate that covers that of the UPDATE or DELETE policy.",
        Bad = """
            create table public.notes (id uuid primary key, user_id uuid not null);
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            create policy change_own on public.notes for update to authenticated using (user_id = (select auth.uid()));
            -- ^^^ PL2011: The policy change_own lets authenticated UPDATE public.notes, and no policy lets it SELECT
            """,
        Good = """
            create table public.notes (id uuid primary key, user_id uuid not null);
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            create policy read_own on public.notes for select to authenticated using (user_id = (select auth.uid()));
            create policy change_own on public.notes for update to authenticated using (user_id = (select auth.uid()));
            """,
        Sources = ["PostgreSQL manual, CREATE POLICY, table of policies applied by command type"],
        IsLive = true,
    };

    public override void Check(CatalogRuleContext context)
    {
        if (context.Catalog.UnknownEffects.Count > 0)
            return;
        context.CheckEach(context.KnownTables, table =>
        {
            if (!table.RowSecurityEnabled.Value || !table.RowSecurityEnabled.IsKnown)
                return;
            foreach (var policy in table.Policies)
            {
                if (!policy.IsPermissive || policy.IsTainted || policy.Command is not (PolicyCommand.Update or PolicyCommand.Delete) || MayRead(context, table, policy))
                    continue;
                var who = policy.Roles.Contains("public") ? "anyone" : string.Join(", ", policy.Roles);
                context.Report(
                    this, Location.Of(policy.ChangedAt), $"{table.Id}/{policy.Name}",
                    $"The policy {policy.Name} lets {who} {policy.Command.ToString().ToUpperInvariant()} {table.Id}, and no policy lets {(who == "anyone" ? "anyone" : "it")} SELECT");
                break;
            }
        });
    }

    private static bool MayRead(CatalogRuleContext context, Table table, Policy policy)
    {
        // For PUBLIC a SELECT policy of any role serves somebody.
        if (policy.Roles.Contains("public"))
        {
            foreach (var other in table.Policies)
            {
                if (Serves(other))
                    return true;
            }
            return false;
        }
        foreach (var role in policy.Roles)
        {
            if (context.Catalog.Roles.TryGetValue(role, out var known) && (known.BypassesRowSecurity || known.IsSuperuser))
                return true;
            foreach (var other in context.Access.PoliciesFor(table, PolicyCommand.Select, role))
            {
                if (Serves(other))
                    return true;
            }
        }
        return false;
    }

    private static bool Serves(Policy policy) => policy.IsTainted || (policy.IsPermissive && policy.Command is PolicyCommand.All or PolicyCommand.Select);
}
