using System.Text.Encodings.Web;
using System.Text.Json;
using System.Xml.Linq;
using PolicyLint.Cli;
using PolicyLint.Cli.Commands;
using PolicyLint.Cli.Output;
using PolicyLint.Cli.Verification;
using PolicyLint.Configuration;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Options;
using PolicyLint.Core.Platforms;
using PolicyLint.Live.Probing;
using PolicyLint.Live.Scratch;
using PolicyLint.Live.Tests.Verification;
using PolicyLint.Sql.Text;

namespace PolicyLint.Live.Tests.Traces;

/// <summary>Names that would do harm where a text is put together without care are names like any other, in every command and every format.</summary>
[Collection(PostgresCollection.Name)]
public sealed class HostileNameTests(PostgresFixture postgres)
{
    // Every table is probed as every role, and all pairs would take half a minute.
    private const int RolesLeftOut = 5;

    private static readonly string[] Names =
    [
        "a\"b", "it's", "two\nlines", "x'; drop table public.canary; --", "\"; drop table public.canary; --", "-- ", "/*", "$1", "$$", "%s %n", "{0}", "\\", "\\'",
        "ünïcode 表 🐘", new string('é', 31) + "x", "<b>&amp;]]>", "\n::error::pwned", "| `x` |", "a.b", "select", " ",
    ];

    [SkippableFact]
    public async Task Nothing_happens_to_the_database_and_everything_is_checked()
    {
        await using var database = await postgres.On(PlatformSql.Supabase).CreateDatabaseAsync("hostile", PlatformSql.Supabase);
        var sql = string.Concat(Names.Select(Objects));
        await SampleDatabase.ExecuteAsync(database, "create table public.canary (id int); insert into public.canary values (1);");
        await SampleDatabase.ExecuteAsync(database, sql);
        var folder = Directory.CreateTempSubdirectory("policylint");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "1.sql"), "create table public.canary (id int);\n" + sql);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "policylint.yml"), "platform: supabase\n");
            var terminal = new Terminal(TextWriter.Null, TextWriter.Null, folder.FullName, UseColor: false, ShowProgress: false);
            foreach (var mode in Enum.GetValues<ProbeMode>())
            {
                var report = await VerifyAsync(database, mode, folder.FullName, terminal);

                Assert.Empty(report.Problems);
                Assert.Empty(report.InternalErrors);
                Assert.Empty(report.Findings.Where(static f => f.Rule.Id.StartsWith("PL7", StringComparison.Ordinal)).Select(static f => f.Message));
                Assert.Contains(report.Notes, static note => note.StartsWith($"probed {Names.Length} of {Names.Length} tenant tables", StringComparison.Ordinal));
                Assert.Equal(Names.Length, report.Plans[0].Count(Live.Verification.CheckOutcome.Passed));
                foreach (var format in ReportFormats.Names)
                {
                    using var text = new StringWriter { NewLine = "\n" };
                    ReportFormats.Create(format, useColor: false).Write(report, text);
                    AssertWellFormed(format, text.ToString());
                }
            }
            foreach (var format in ReportFormats.Names)
            {
                using var text = new StringWriter { NewLine = "\n" };
                CheckCommand.Run(new(["."]) { Format = format }, terminal with { Output = text }, default);
                AssertWellFormed(format, text.ToString());
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        await using var session = await SafeSession.OpenAsync(database.Target);
        Assert.Equal([1L], await session.QueryAsync("select count(*) from public.canary", static row => row.GetInt64(0)));
    }

    private static async Task<Report> VerifyAsync(ScratchDatabase database, ProbeMode mode, string folder, Terminal terminal)
    {
        var lines = Names.Select(static name => $"  - {{ rows: {JsonSerializer.Serialize(Quoted(name) + "." + Quoted(name), Json)}, at-least: 2 }}\n");
        var plan = PlanReader.Read(new SourceText("guard: { database: hostile }\nafter:\n" + string.Concat(lines), "plan.yml"));
        Assert.Empty(plan.Errors.Select(static error => error.Message));
        var problems = new List<Problem>();
        var files = FileDrift.ReadOne(folder, terminal, problems, default);
        Assert.Empty(problems);
        var options = PolicyLintOptions.Default with { Platform = "supabase", ApplicationRoles = [.. Names.Where(static (_, i) => i % RolesLeftOut == 0).Select(Role)] };
        return await DatabaseVerification.RunAsync(database.Target, options, new VerifyRequest { Plan = plan.Plan, Probe = mode, Files = files }, terminal, default);
    }

    private static JsonSerializerOptions Json { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static string Quoted(string name) => "\"" + name.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    private static string Role(string name) => name.Length > 31 ? name : "r" + name;

    private static string Objects(string name)
    {
        var (n, role) = (Quoted(name), Quoted(Role(name)));
        return $"""
            create schema {n};
            create role {role};
            create function {n}.{n}() returns boolean language sql stable as 'select true';
            create table {n}.{n} (id uuid primary key default gen_random_uuid(), user_id uuid not null, {n} text not null constraint {n} check ({n} <> ''));
            create index on {n}.{n} (user_id);
            alter table {n}.{n} enable row level security;
            alter table {n}.{n} force row level security;
            create policy {n} on {n}.{n} to {role} using (user_id = (select auth.uid()) and {n} is not null and {n}.{n}()) with check (user_id = (select auth.uid()));
            grant usage on schema {n} to {role};
            grant select, insert, update, delete on {n}.{n} to {role};
            grant execute on function {n}.{n}() to {role};
            comment on table {n}.{n} is '{name.Replace("'", "''", StringComparison.Ordinal)}';
            insert into {n}.{n} (user_id, {n}) values ('00000000-0000-4000-8000-00000000000a', 'a'), ('00000000-0000-4000-8000-00000000000b', 'b');

            """;
    }

    private static void AssertWellFormed(string format, string text)
    {
        switch (format)
        {
            case "json" or "sarif" or "gitlab":
                using (JsonDocument.Parse(text))
                    break;
            case "junit":
                XDocument.Parse(text);
                break;
            case "github":
                Assert.DoesNotContain("::error::pwned", text.Split('\n'));
                break;
        }
    }
}
