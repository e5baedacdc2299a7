using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using PolicyLint.Core.Access;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Logic;
using PolicyLint.Core.Options;
using PolicyLint.Sql;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Benchmarks;

/// <summary>Questions that were asked before, or look like ones that were: what kept answers save.</summary>
internal static class ProvingAgain
{
    private static readonly string[] s_roles = ["anon", "authenticated", "worker"];

    private static readonly (PolicyCommand Command, PolicyClause Clause)[] s_commands =
    [
        (PolicyCommand.Select, PolicyClause.Using), (PolicyCommand.Insert, PolicyClause.WithCheck), (PolicyCommand.Update, PolicyClause.Using),
        (PolicyCommand.Update, PolicyClause.WithCheck), (PolicyCommand.Delete, PolicyClause.Using),
    ];

    /// <summary>
    /// A repository of so many policies, decided for every command and role: from nothing, and after one policy was edited. The edited files are read and
    /// replayed anew, so that no object of theirs was seen before.
    /// </summary>
    public static int Edit(int policies)
    {
        Asking cold = Asking.Longest, warm = Asking.Longest;
        var (questions, kept) = (0, 0);
        // The first rounds are for the compiler.
        for (var round = 0; round < 60; round++)
        {
            var answers = new KnownAnswers();
            var before = Project.Of(Repository(policies, edited: -1));
            var after = Project.Of(Repository(policies, edited: policies / 2));
            questions = after.Tables.Count * s_commands.Length * s_roles.Length;
            GC.Collect();
            cold = cold.Least(Ask(before, answers));
            kept = answers.Count;
            warm = warm.Least(AskAgain(after, answers));
            kept = answers.Count - kept;
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{policies} policies x 4 commands x {s_roles.Length} roles, {questions} questions: {cold} from nothing, {warm} after one edit, {kept} of them decided anew"));
        return 0;
    }

    /// <summary>The rules over a large database of few shapes.</summary>
    public static int Scale(int tables)
    {
        var catalog = Replay(Splinter.Generate(tables));
        for (var round = 0; round < 5; round++)
        {
            var start = Process.GetCurrentProcess().UserProcessorTime;
            var watch = Stopwatch.StartNew();
            var result = SqlAnalyzer.AnalyzeLive(catalog, PolicyLintOptions.Default with { Platform = "supabase" }, AnalysisLimits.Cli with { FindingsPerRule = int.MaxValue });
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{tables} tables: rules {watch.Elapsed.TotalSeconds:0.00} s, {(Process.GetCurrentProcess().UserProcessorTime - start).TotalSeconds:0.00} s of processor, {result.Findings.Count} findings"));
        }
        return 0;
    }

    private static Asking Ask(Project project, KnownAnswers answers)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var start = Stopwatch.GetTimestamp();
        var model = new AccessModel(project.Catalog, project.Tenancy, AnalysisLimits.Cli) { Answers = answers };
        foreach (var table in project.Tables)
        {
            foreach (var role in s_roles)
            {
                foreach (var (command, clause) in s_commands)
                    model.Isolates(table, command, role, clause);
            }
        }
        return new(Stopwatch.GetElapsedTime(start).TotalMilliseconds, GC.GetAllocatedBytesForCurrentThread() - allocated);
    }

    // A name of its own in a profile.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Asking AskAgain(Project project, KnownAnswers answers) => Ask(project, answers);

    private static string Repository(int policies, int edited)
    {
        var sql = new StringBuilder();
        sql.Append("create role worker;\ncreate table orgs(id uuid primary key, name text);\ncreate table members(org_id uuid not null references orgs(id), user_id uuid not null, role text, primary key (org_id, user_id));\n");
        sql.Append("create function is_member(o uuid) returns boolean language sql stable security definer as $$ select exists (select 1 from members m where m.org_id = o and m.user_id = auth.uid()) $$;\n");
        for (var i = 0; i < policies; i++)
        {
            var own = (i % 6) switch
            {
                0 => "user_id = auth.uid()",
                1 => "org_id in (select m.org_id from members m where m.user_id = (select auth.uid()))",
                2 => $"exists (select 1 from members m where m.org_id = items_{i}.org_id and m.user_id = auth.uid() and m.role in ('admin', 'editor'))",
                3 => "is_member(org_id)",
                4 => "user_id = auth.uid() or (is_public and state = 'published')",
                _ => "org_id = (auth.jwt() -> 'app_metadata' ->> 'org_id')::uuid and deleted_at is null",
            };
            if (i == edited)
                own = "(" + own + ") and title is not null";
            sql.Append(CultureInfo.InvariantCulture, $"create table items_{i}(id uuid primary key default gen_random_uuid(), user_id uuid not null, org_id uuid not null references orgs(id), title text, state text not null default 'draft', is_public boolean not null default false, created_at timestamptz not null default now(), deleted_at timestamptz);\n");
            sql.Append(CultureInfo.InvariantCulture, $"alter table items_{i} enable row level security;\ncreate policy own on items_{i} for all {((i % 2) == 0 ? "to authenticated, worker " : "")}using ({own});\n");
        }
        return sql.ToString();
    }

    private static DatabaseCatalog Replay(string text) =>
        CatalogReplay.Run([new Script(SqlParser.Parse(new SourceText(text, "1.sql")), ScriptRole.Migration, IsOneTransaction: false)], "supabase", AnalysisLimits.Cli).Catalog;

    private sealed record Project(DatabaseCatalog Catalog, Tenancy Tenancy, IReadOnlyList<Table> Tables)
    {
        public static Project Of(string text)
        {
            var catalog = Replay(text);
            return new(catalog, Tenancy.Resolve(catalog, PolicyLintOptions.Default), [.. catalog.TablesInOrder().Where(static table => !table.IsForeignOwned)]);
        }
    }

    private readonly record struct Asking(double Milliseconds, long Bytes)
    {
        public static Asking Longest => new(double.MaxValue, long.MaxValue);

        public Asking Least(Asking other) => new(Math.Min(Milliseconds, other.Milliseconds), Math.Min(Bytes, other.Bytes));

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Milliseconds:0.00} ms and {Bytes >> 10} KB");
    }
}
