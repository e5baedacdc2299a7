using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules.Migrations;

internal sealed class CopyIntoRlsTable : StatementRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL3022",
        Name = "copy-into-rls-table",
        Severity = Severity.Error,
        Title = "COPY FROM into a table whose row-level security binds the role",
        What = "Reports `COPY … FROM` into a table whose row-level security binds the role that runs the migration: the owner where it is forced, and a role that the migration takes by `SET ROLE`. Silent on Supabase, whose migrations run with BYPASSRLS, and where the migrations themselves make a superuser or a BYPASSRLS role, which only such a role can.",
        Why = "PostgreSQL refuses it (0A000, COPY FROM not supported with row-level security), whatever the policies say. Run as a superuser, as in CI, it passes.",
        Fix = "Copy before row-level security is enabled or forced, use INSERT, or copy into a staging table and insert from that.",
        Bad = """
            create table public.notes (id uuid primary key, user_id uuid not null);
            create index on public.notes (user_id);
            alter table public.notes enable row level security;
            alter table public.notes force row level security;
            create policy own on public.notes using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));
            copy public.notes (id, user_id) from '/srv/notes.csv' with (format csv);
            -- ^^^ PL3022: COPY FROM into public.notes is refused
            """,
        Good = """
            create table public.notes (id uuid primary key, user_id uuid not null);
            create index on public.notes (user_id);
            copy public.notes (id, user_id) from '/srv/notes.csv' with (format csv);
            alter table public.notes enable row level security;
            alter table public.notes force row level security;
            create policy own on public.notes using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));
            """,
        Sources = ["PostgreSQL manual, COPY, Notes"],
    };

    public override bool Concerns(Statement statement) => statement is CopyStatement;

    public override void Check(StatementRuleContext context)
    {
        if (context.Statement is not CopyStatement { IsFrom: true } copy || context.Catalog.FindTable(copy.Table) is not { } table || !BoundTables.IsBound(context, table))
            return;
        RelatedLocation[] related = table.RowSecurityForced is { Value: true, Origin.Source: not null } forced ? [new(Location.Of(forced.Origin), "it is forced here")] : [];
        context.Report(this, Location.Of(context.Step.Origin), $"{table.Id}/copy", $"COPY FROM into {table.Id} is refused: its row-level security binds the role that runs this", related);
    }
}
