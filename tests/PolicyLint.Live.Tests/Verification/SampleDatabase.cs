using Npgsql;
using PolicyLint.Configuration;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Migrations;
using PolicyLint.Core.Options;
using PolicyLint.Core.Platforms;
using PolicyLint.Core.Verification;
using PolicyLint.Live.Scratch;
using PolicyLint.Sql.Text;
using PolicyLint.Testing;

namespace PolicyLint.Live.Tests.Verification;

/// <summary>A sample's database with a few rows in it, before its migration, after it, or after its rollback.</summary>
internal static class SampleDatabase
{
    /// <summary>The samples, each with its plan in rules/plans and its rows in Data/verification.</summary>
    public static IReadOnlyList<string> Names { get; } = ["active-org", "rls-hardening", "tenant-migration", "user-isolation-guide", "user-isolation-runbook"];

    public static VerificationPlan Plan(string sample)
    {
        var path = $"rules/plans/{sample}.yml";
        var read = PlanReader.Read(new SourceText(File.ReadAllText(Path.Combine(RepositoryRoot.Path, path)), path));
        Assert.Empty(read.Errors.Select(error => $"{read.Plan.Source.GetPosition(error.Span.Start).Line + 1}: {error.Message}"));
        return read.Plan;
    }

    /// <summary>The files of a sample, as the analysis takes them.</summary>
    public static AnalysisInput Input(string sample)
    {
        var folder = Path.Combine(RepositoryRoot.Path, "samples", sample, "clean");
        var options = new PolicyLintOptions
        {
            Migrations = ["migrations/*.sql"],
            Rollbacks = ["rollback/*.sql"],
            Platform = File.ReadAllLines(Path.Combine(folder, "policylint.yml")).Contains("platform: supabase") ? "supabase" : "plain",
        };
        var files = Directory.GetFiles(folder, "*.sql", SearchOption.AllDirectories)
            .Select(file => new SourceText(File.ReadAllText(file), Path.GetRelativePath(folder, file).Replace('\\', '/')));
        return new(MigrationLayout.Arrange([.. files], options), options, AnalysisLimits.Cli);
    }

    public static async Task<ScratchDatabase> AtAsync(PostgresFixture postgres, string sample, PlanPhase phase)
    {
        var input = Input(sample);
        var (platform, files) = (PlatformSql.Find(input.Options.Platform!)!, input.Files);
        var migrations = files.Where(static file => file.Role == ScriptRole.Migration).ToList();
        var rollbacks = files.Where(static file => file.Role == ScriptRole.Rollback).Select(static file => file with { Role = ScriptRole.Migration }).ToList();

        var database = await postgres.On(platform).CreateDatabaseAsync("plan", platform);
        await ApplyAsync(database, migrations.GetRange(0, 1));
        await ExecuteAsync(database, await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Data", "verification", sample + ".sql")));
        if (phase != PlanPhase.Before)
            await ApplyAsync(database, migrations.GetRange(1, migrations.Count - 1));
        if (phase == PlanPhase.Rollback)
            await ApplyAsync(database, rollbacks);
        return database;
    }

    public static async Task ExecuteAsync(ScratchDatabase database, string sql)
    {
        await using var connection = await database.DataSource().OpenConnectionAsync();
        await using var command = new NpgsqlBatch(connection);
        foreach (var statement in PolicyLint.Sql.SqlParser.Parse(new SourceText(sql)).Statements)
            command.BatchCommands.Add(new(sql.Substring(statement.Start, statement.Span.Length)));
        await command.ExecuteNonQueryAsync();
    }

    private static async Task ApplyAsync(ScratchDatabase database, IReadOnlyList<InputFile> files)
    {
        var run = await MigrationRunner.ApplyAsync(database, files);
        Assert.Empty(run.Notes.Select(static n => $"{n.Source.Path}:{n.Source.GetPosition(n.Span.Start).Line + 1} {n.Message}"));
    }
}
