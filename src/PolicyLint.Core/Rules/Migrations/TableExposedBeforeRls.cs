using PolicyLint.Core.Catalog;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Findings;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.Migrations;

internal sealed class TableExposedBeforeRls : MigrationRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL3009",
        Name = "table-exposed-before-rls",
        Severity = Severity.Warning,
        Title = "Table that is open until a later migration closes it",
        What = "Reports a tenant table that roles of the application may read or write by their grants and whose row-level security is enabled in another migration than the one that makes it, or behind a COMMIT of the same file.",
        Why = "Between the two the table is open to everyone who has the grant; where the second one fails it stays so. Supabase grants new tables of the schema public to `anon` and `authenticated` when they are made.",
        Fix = "Enable row-level security in the transaction that makes the table, before the grants.",
        Bad = """
            -- file: 1.sql
            create role app;
            create table public.notes (id uuid primary key, tenant_id uuid not null);
            -- ^^^ PL3009: public.notes is open to app until a later migration enables row-level security
            grant select on public.notes to app;
            -- file: 2.sql
            alter table public.notes enable row level security;
            create policy own on public.notes to app using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
            """,
        Good = """
            create role app;
            create table public.notes (id uuid primary key, tenant_id uuid not null);
            create index on public.notes (tenant_id);
            alter table public.notes enable row level security;
            alter table public.notes force row level security;
            create policy own on public.notes to app using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
            grant select on public.notes to app;
            """,
        Sources = ["PostgreSQL manual, Row Security Policies"],
    };

    public override void Check(MigrationRuleContext context)
    {
        var made = new Dictionary<Origin, int>();
        foreach (var change in context.Replay.Changes)
        {
            if (change is { Kind: ChangeKind.Created, ObjectKind: ObjectKind.Table, After: Table table })
            {
                made[table.CreatedAt] = change.TransactionId;
                continue;
            }
            if (change is not { Kind: ChangeKind.RowSecurityChanged, Before: Table { RowSecurityEnabled: { Value: false, IsKnown: true } } before, After: Table { RowSecurityEnabled: { Value: true, IsKnown: true } } after })
                continue;
            if (after.IsAssumed || after.Taints.Count > 0 || !made.TryGetValue(before.CreatedAt, out var transaction) || transaction == change.TransactionId)
                continue;
            if (!context.Tenancy.IsTenantTable(after) || GranteesOf(context, before) is not { Length: > 0 } grantees || !IsApart(context.Scripts, before.CreatedAt, change.Origin))
                continue;
            context.Report(
                this, Location.Of(before.CreatedAt), $"{after.Id}/open", $"{after.Id} is open to {grantees} until a later migration enables row-level security",
                [new(Location.Of(change.Origin), "it is enabled here")]);

            // Switched off and on again it is not made open a second time.
            made.Remove(before.CreatedAt);
        }
    }

    private static string GranteesOf(MigrationRuleContext context, Table table)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var grant in table.Grants)
        {
            if (grant.Grantee != table.Owner && grant.Privilege is "select" or "insert" or "update" or "delete" && IsOfApplication(context, grant.Grantee))
                names.Add(grant.Grantee);
        }
        return string.Join(", ", names);
    }

    private static bool IsOfApplication(MigrationRuleContext context, string grantee)
    {
        foreach (var role in context.Tenancy.ApplicationRoles)
        {
            if (role == grantee)
                return true;
        }
        return grantee == "public";
    }

    // Statements of one file are sent together by many tools; a COMMIT between them is certain.
    private static bool IsApart(IReadOnlyList<Script> scripts, Origin made, Origin enabled)
    {
        if (!ReferenceEquals(made.Source, enabled.Source))
            return true;
        foreach (var script in scripts)
        {
            if (!ReferenceEquals(script.Tree.Source, made.Source))
                continue;
            var statements = script.Tree.Statements;
            for (var i = FirstAfter(statements, made.Span.Start); i < statements.Count && statements[i].Start < enabled.Span.Start; i++)
            {
                if (statements[i] is TransactionStatement { Operation: TransactionOperation.Commit })
                    return true;
            }
        }
        return false;
    }

    // A script of thousands of tables asks this for each of them.
    private static int FirstAfter(IReadOnlyList<Statement> statements, int start)
    {
        int low = 0, high = statements.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (statements[middle].Start <= start)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
