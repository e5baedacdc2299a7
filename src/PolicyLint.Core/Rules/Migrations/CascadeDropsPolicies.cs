using PolicyLint.Core.Catalog;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Findings;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.Migrations;

internal sealed class CascadeDropsPolicies : MigrationRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL3019",
        Name = "cascade-drops-policies",
        Severity = Severity.Error,
        Title = "CASCADE takes policies with it",
        What = "Reports `DROP FUNCTION`, `DROP TABLE`, `DROP COLUMN`, `DROP SCHEMA` and the like with `CASCADE` that drop policies of a table that stays, where the same file makes none in their place: of the same name, or for the same command. A change that is meant is accepted by `-- policylint:intended PL3019 reason` on the statement.",
        Why = "PostgreSQL says so in a notice that nobody reads. Without its policies the table denies everyone; without a restrictive one it lets in more than before.",
        Fix = "Replace the function with `CREATE OR REPLACE FUNCTION`, or alter the policies first so that nothing depends on what is dropped. Without CASCADE, PostgreSQL lists what does.",
        Bad = """
            create schema private;
            create table public.notes (id uuid primary key, user_id uuid not null);
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            create function private.is_mine(owner uuid) returns boolean language sql stable as 'select owner = (select auth.uid())';
            create policy own on public.notes to authenticated using (private.is_mine(user_id));
            drop function private.is_mine(uuid) cascade;
            -- ^^^ PL3019: CASCADE takes the policy own of public.notes with it
            """,
        Good = """
            create schema private;
            create table public.notes (id uuid primary key, user_id uuid not null);
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            create function private.is_mine(owner uuid) returns boolean language sql stable as 'select owner = (select auth.uid())';
            create policy own on public.notes to authenticated using (private.is_mine(user_id));
            alter policy own on public.notes using (user_id = (select auth.uid()));
            drop function private.is_mine(uuid);
            """,
        Sources = ["PostgreSQL manual, Dependency Tracking", "PostgreSQL manual, DROP FUNCTION"],
    };

    public override void Check(MigrationRuleContext context)
    {
        var changes = context.Replay.Changes;
        var lost = new Dictionary<(Origin Statement, QualifiedId Table), List<Policy>>();
        var order = new List<(Origin Statement, QualifiedId Table)>();
        for (var i = 0; i < changes.Count; i++)
        {
            if (changes[i] is not { Kind: ChangeKind.Dropped, ObjectKind: ObjectKind.Policy, IsByCascade: true, Before: Policy policy } change || IsMadeAgain(changes, i))
                continue;
            var key = (change.Origin, change.Object);
            if (!lost.TryGetValue(key, out var policies))
            {
                lost.Add(key, policies = []);
                order.Add(key);
            }
            policies.Add(policy);
        }
        foreach (var key in order)
        {
            if (GoesToo(changes, key.Statement, key.Table))
                continue;
            var policies = lost[key];
            var names = new List<string>(policies.Count);
            var related = new List<RelatedLocation>(policies.Count);
            foreach (var policy in policies)
            {
                names.Add(policy.Name);
                related.Add(new(Location.Of(policy.CreatedAt), "the policy " + policy.Name));
            }
            context.Report(
                this, Location.Of(key.Statement), $"{key.Table}/{string.Join(",", names)}",
                $"CASCADE takes the {(names.Count == 1 ? "policy" : "policies")} {string.Join(", ", names)} of {key.Table} with it", related);
        }
    }

    private static bool IsMadeAgain(IReadOnlyList<CatalogChange> changes, int dropped)
    {
        for (var i = dropped + 1; i < changes.Count && IsOfFile(changes[i], changes[dropped].Origin.Source); i++)
        {
            if (changes[i] is { Kind: ChangeKind.Created, ObjectKind: ObjectKind.Policy, After: Policy made } && changes[i].Object == changes[dropped].Object && Replaces(made, (Policy)changes[dropped].Before!))
                return true;
        }
        return false;
    }

    // What the replacement lets in instead is for PL3001 and PL3002.
    private static bool Replaces(Policy made, Policy lost) =>
        made.Name == lost.Name || (made.IsPermissive == lost.IsPermissive && (made.Command == lost.Command || made.Command == PolicyCommand.All));

    private static bool GoesToo(IReadOnlyList<CatalogChange> changes, Origin statement, QualifiedId table)
    {
        foreach (var change in changes)
        {
            if (ReferenceEquals(change.Origin, statement) && change.Kind == ChangeKind.Dropped && change.Object == table && change.Before is Table)
                return true;
        }
        return false;
    }

    private static bool IsOfFile(CatalogChange change, SourceText? source) => ReferenceEquals(change.Origin.Source, source);
}
