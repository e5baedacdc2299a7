using Npgsql;
using PolicyLint.Cli.Verification;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Platforms;
using PolicyLint.Live.Scratch;

namespace PolicyLint.Cli.Tests;

public sealed class TargetListTests
{
    [SkippableFact]
    public async Task A_server_that_is_lost_costs_no_report_of_the_others()
    {
        PostgresTests.SkipWithoutPostgres();
        await using var cluster = await ScratchCluster.StartAsync();
        await using var first = await OpenAsync(cluster, "first");
        await using var second = await OpenAsync(cluster, "second");
        using var folder = new TemporaryFolder().With(
            "targets",
            $"""
            # one database per tenant
            one {first.DataSource().ConnectionString}
            lost Host=/nowhere;Username=nobody;Database=lost
            gone {first.DataSource().ConnectionString.Replace("Database=first", "Database=gone", StringComparison.Ordinal)}
            two {second.DataSource().ConnectionString}
            """);
        var terminal = new Terminal(TextWriter.Null, TextWriter.Null, folder.Root, UseColor: false, ShowProgress: false);
        var report = await TargetList.RunAsync("targets", ".", new(), terminal, default);

        Assert.Equal(["one/public.notes", "two/public.notes"], report.Findings.Where(static finding => finding.Rule.Id == "PL1001").Select(static finding => finding.Subject));
        Assert.Collection(
            report.Problems,
            static problem => Assert.StartsWith("lost: ", problem.Message, StringComparison.Ordinal),
            static problem => Assert.StartsWith("gone: ", problem.Message, StringComparison.Ordinal));
        Assert.Equal(ExitCode.NotDone, report.ExitCodeFor(Severity.Error));
    }

    private static async Task<ScratchDatabase> OpenAsync(ScratchCluster cluster, string name)
    {
        var database = await cluster.CreateDatabaseAsync(name, PlatformSql.Plain);
        await using var connection = await database.DataSource().OpenConnectionAsync();
        await using var command = new NpgsqlCommand("create table public.notes (id uuid primary key, user_id uuid not null)", connection);
        await command.ExecuteNonQueryAsync();
        return database;
    }
}
