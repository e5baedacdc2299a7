using PolicyLint.Core.Analysis;
using PolicyLint.Core.Migrations;
using PolicyLint.Core.Options;
using PolicyLint.Core.Verification;
using PolicyLint.Sql.Text;

namespace PolicyLint.Configuration.Tests;

public class PlanDraftTests
{
    private const string First = """
        create table orgs (id uuid primary key);
        create table docs (id uuid primary key, title text);
        create policy old on docs using (true);
        create view titles as select title from docs;
        """;

    private const string Second = """"
        create table "Odd ""name""" (id uuid primary key, "on" text default 'a''b');
        alter table "Odd ""name""" enable row level security;
        alter table docs add column org_id uuid references orgs (id) on delete cascade, add column user_id uuid, add column note text;
        update docs set org_id = '00000000-0000-0000-0000-000000000001', note = null;
        update docs set user_id = org_id where user_id is null;
        alter table docs alter column org_id set not null, enable row level security, force row level security;
        create index docs_org on docs (org_id) where title is not null;
        drop policy old on docs;
        create policy "own: rows" on docs for select to authenticated using (user_id = auth.uid());
        create policy mine on docs for select to authenticated using (user_id = auth.uid());
        alter view titles set (security_invoker = true);
        create function me() returns uuid language sql security definer set search_path = '' as 'select auth.uid()';
        insert into storage.buckets (id, name, public) values ('avatars', 'avatars', true);
        """";

    [Fact]
    public void What_the_migrations_add_change_and_take_away_is_planned_for()
    {
        var text = PlanText.Write(Draft("2.sql", ("1.sql", First), ("2.sql", Second), ("2.down.sql", "drop function me(); drop table \"Odd \"\"name\"\"\";"))!);
        Assert.Equal(
            """"
            # What is to be checked around the migrations from 2.sql on, as the files themselves say it.
            # Take out what does not matter, say what the files can't, and name the databases that it is for:
            # guard: { database: app_production }
            from: "2.sql"

            # May the migrations run? Nothing of what they make is there, and what they change is as they expect it.
            before:
              - { table: "public.\"Odd \"\"name\"\"\"", exists: false }
              - { column: [public.docs.org_id, public.docs.user_id, public.docs.note], exists: false }
              - { rls: public.docs, enabled: false, forced: false, reason: "the state before the change" }
              - { index: docs_org, on: public.docs, exists: false }
              - { policy: old, on: public.docs, for: all, to: public }
              - { policy: [mine, "own: rows"], on: public.docs, exists: false }
              - { policies: public.docs, count: 1 }
              - { view: public.titles, invoker: false }
              - { function: public.me, exists: false }
              - { bucket: avatars, exists: false }
              - { no-long-transaction: 1 min }

            # Did they do what they were meant to do?
            after:
              - { table: "public.\"Odd \"\"name\"\"\"" }
              - { column: "public.\"Odd \"\"name\"\"\".id", type: uuid, nullable: false }
              - { column: "public.\"Odd \"\"name\"\"\".on", type: text, nullable: true, default: "'a''b'" }
              - { rls: "public.\"Odd \"\"name\"\"\"", forced: false }
              - { column: public.docs.org_id, type: uuid, nullable: false }
              - { column: public.docs.user_id, type: uuid, nullable: true }
              - { column: public.docs.note, type: text, nullable: true }
              - { rls: public.docs, forced: true }
              - { index: docs_org, on: public.docs, columns: org_id, where: "title IS NOT NULL" }
              - { foreign-key: public.docs.org_id, references: public.orgs, on-delete: cascade }
              - { policy: [mine, "own: rows"], on: public.docs, for: select, to: authenticated }
              - { policy: old, on: public.docs, exists: false }
              - { policies: public.docs, count: 2 }
              - { view: public.titles, invoker: true }
              - { function: public.me, definer: true, search-path: "" }
              - { no-nulls: [public.docs.org_id, public.docs.user_id] }
              - { bucket: avatars, public: true }

            # Is the old state back?
            rollback:
              - { table: "public.\"Odd \"\"name\"\"\"", exists: false }
              - { function: public.me, exists: false }

            """".ReplaceLineEndings("\n"),
            text);
        Assert.Empty(PlanReader.Read(new SourceText(text)).Errors.Select(static error => error.Message));
    }

    [Fact]
    public void The_last_migration_is_the_change_unless_another_is_named()
    {
        Assert.Equal("2.sql", Draft(null, ("1.sql", First), ("2.sql", "create table t (i int);"))!.From);
        Assert.Null(Draft("3.sql", ("1.sql", First)));
        Assert.Null(Draft(null));
    }

    private static VerificationPlan? Draft(string? from, params (string Path, string Text)[] files)
    {
        var options = new PolicyLintOptions { Platform = "supabase" };
        return PlanDraft.Of(new(MigrationLayout.Arrange([.. files.Select(static file => new SourceText(file.Text, file.Path))], options), options, AnalysisLimits.Cli), from);
    }
}
