using PolicyLint.Core.Analysis;
using PolicyLint.Core.Verification;
using PolicyLint.Live.Catalog;
using PolicyLint.Live.Scratch;
using PolicyLint.Live.Verification;

namespace PolicyLint.Live.Tests.Verification;

/// <summary>
/// One fault at a time in a sample done right, and the check that must find it: Data/verification/faults. Where the plan has no line for it that
/// is a rule on the live catalog. That no plan finds anything without a fault is what <see cref="SamplePlanTests"/> shows.
/// </summary>
[Collection(PostgresCollection.Name)]
public sealed class FaultTests(PostgresFixture postgres)
{
    public static TheoryData<string> Samples() => [.. SampleDatabase.Names];

    [SkippableTheory]
    [MemberData(nameof(Samples))]
    public async Task Each_fault_is_found_by_the_check_meant_for_it(string sample)
    {
        var plan = SampleDatabase.Plan(sample);
        var missed = new List<string>();
        await using var right = await SampleDatabase.AtAsync(postgres, sample, PlanPhase.After);
        var foundWithout = await FindingsAsync(right, sample);
        foreach (var fault in Fault.Read(sample))
        {
            await using var database = await right.CopyAsync("faulty");
            await SampleDatabase.ExecuteAsync(database, fault.Sql);
            try
            {
                if (fault.IsForRules)
                {
                    Assert.DoesNotContain(foundWithout, found => found.StartsWith(fault.Statement, StringComparison.Ordinal));
                    var found = await FindingsAsync(database, sample);
                    if (!found.Exists(finding => finding.StartsWith(fault.Statement, StringComparison.Ordinal)))
                        missed.Add($"{fault.Sql.Trim()}\n  must be found: {fault.Statement}\n  found: {string.Join("; ", found)}");
                    continue;
                }
                var run = await PlanRunner.RunAsync(database.Target, plan, PlanPhase.After);
                Assert.DoesNotContain(run.Results, static r => r.Outcome == CheckOutcome.NotChecked);
                var failed = run.Results.Where(static r => r.Outcome == CheckOutcome.Failed).Select(static r => r.Expectation.Statement).ToList();
                if (!failed.Exists(statement => statement.StartsWith(fault.Statement, StringComparison.Ordinal)))
                    missed.Add($"{fault.Sql.Trim()}\n  must fail: {fault.Statement}\n  failed: {string.Join("; ", failed)}");
            }
            finally
            {
                if (fault.Undo.Length > 0)
                    await SampleDatabase.ExecuteAsync(database, fault.Undo);
            }
        }

        Assert.True(missed.Count == 0, string.Join("\n\n", missed));
    }

    private static async Task<List<string>> FindingsAsync(ScratchDatabase database, string sample)
    {
        await using var session = await SafeSession.OpenAsync(database.Target);
        var reading = await CatalogReader.ReadAsync(session);
        var result = SqlAnalyzer.AnalyzeLive(reading.Catalog, SampleDatabase.Input(sample).Options, AnalysisLimits.Cli);
        return [.. result.Findings.Select(static finding => $"{finding.Rule.Id} {finding.Subject}")];
    }

    /// <summary>A fault, how its check's statement begins, and what takes it back where dropping the database does not.</summary>
    private sealed record Fault(string Statement, string Sql, string Undo)
    {
        private const string Heading = "-- fault: ";
        private const string UndoHeading = "-- undo\n";

        /// <summary>The statement is a rule's id and the subject of its finding.</summary>
        public bool IsForRules => Statement.StartsWith("PL", StringComparison.Ordinal);

        public static IEnumerable<Fault> Read(string sample)
        {
            var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Data", "verification", "faults", sample + ".sql"));
            foreach (var part in text.Split(Heading, StringSplitOptions.RemoveEmptyEntries))
            {
                var end = part.IndexOf('\n', StringComparison.Ordinal);
                var sql = part[(end + 1)..].Split(UndoHeading);
                yield return new(part[..end].Trim(), sql[0], sql.Length > 1 ? sql[1] : "");
            }
        }
    }
}
