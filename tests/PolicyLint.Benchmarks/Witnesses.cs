using PolicyLint.Core.Access;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Logic;
using PolicyLint.Core.Migrations;
using PolicyLint.Core.Options;
using PolicyLint.Live.Scratch;
using PolicyLint.Live.Witnesses;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Benchmarks;

/// <summary>
/// Replays the witness of every finding on the corpus's databases, and one for every table, command and role that is not isolated or reaches any row,
/// reported or not: each must be what the server does. Of databases that do not apply, the statements that a server takes.
/// </summary>
internal static class Witnesses
{
    private static readonly (PolicyCommand Command, PolicyClause Clause)[] Questions =
    [
        (PolicyCommand.Select, PolicyClause.Using),
        (PolicyCommand.Insert, PolicyClause.WithCheck),
        (PolicyCommand.Update, PolicyClause.Using),
        (PolicyCommand.Update, PolicyClause.WithCheck),
        (PolicyCommand.Delete, PolicyClause.Using),
    ];

    public static async Task<int> RunAsync(string corpus, string shared, string only = "")
    {
        var databases = 0;
        Count findings = new(), questions = new(), ofWhole = new();
        await using var cluster = await ScratchCluster.StartAsync();
        Console.WriteLine($"{"database",-88} {"applies",7} {"told",5} {"shown",5} {"asked",6} {"shown",6}");
        foreach (var entry in Fidelity.Databases(corpus, Path.Combine(shared, "sql_repos.tsv")).Where(d => d.Name.Contains(only, StringComparison.Ordinal)))
        {
            var record = RecordedCatalog.Find(Path.Combine(shared, "catalog"), entry.Name);
            var options = record is null ? PolicyLintOptions.Default : PolicyLintOptions.Default with { Platform = record.IsPlain ? "plain" : "supabase" };
            var files = MigrationLayout.Arrange(entry.Files, options);
            var name = $"witnesses_{databases++}";
            var replay = SqlAnalyzer.Replay(new(files, options, AnalysisLimits.Cli));
            options = options with { Platform = replay.Catalog.Platform };
            var run = (await AppliedCatalog.ReadAsync(cluster, name, files, replay.Catalog)).Run;
            var applies = run.Notes.All(static note => note.Kind != MigrationNoteKind.Failed);
            if (!applies)
                files = Fidelity.Taken(files, (await AppliedCatalog.ReadWhatIsTakenAsync(cluster, name, files, replay.Catalog)).Run);
            var input = new AnalysisInput(files, options, AnalysisLimits.Cli);
            var result = SqlAnalyzer.Analyze(input);

            var told = (await WitnessReplays.ReplayAsync(cluster, name, input, result.Catalog, result.Findings)).Where(static finding => finding.Witness is not null).ToList();
            var asked = await AppliedCatalog.UseAsync(
                cluster, name, files, result.Catalog,
                (database, applied) => WitnessReplays.ReplayAsync(database.Target, applied.Reading.Catalog, options, [.. Asked(applied.Reading.Catalog, options)]));
            Console.WriteLine($"{entry.Name,-88} {(applies ? "yes" : "part"),7} {told.Count,5} {told.Count(static t => t.Replay?.Outcome == WitnessOutcome.Confirmed),5} {asked.Count,6} {asked.Values.Count(static r => r.Outcome == WitnessOutcome.Confirmed),6}");
            foreach (var finding in told)
            {
                findings.Add(finding.Replay);
                if (applies)
                    ofWhole.Add(finding.Replay);
                Show($"{finding.Rule.Id} {finding.Subject}", finding.Access, finding.Replay);
            }
            foreach (var (witness, outcome) in asked)
            {
                questions.Add(outcome);
                Show("asked " + witness.Table, witness, outcome);
            }
        }
        Console.WriteLine($"findings: {findings}");
        Console.WriteLine($"findings on databases that apply as a whole: {ofWhole}");
        Console.WriteLine($"table, command, role: {questions}");
        return findings.IsWhole && questions.IsWhole ? 0 : 1;
    }

    private static IEnumerable<AccessWitness> Asked(ICatalog catalog, PolicyLintOptions options)
    {
        var tenancy = Tenancy.Resolve(catalog, options);
        var access = new AccessModel(catalog, tenancy, AnalysisLimits.Cli);
        foreach (var table in catalog.TablesInOrder().Where(static table => table is { IsForeignOwned: false, RowSecurityEnabled.Value: true }))
        {
            foreach (var role in tenancy.ApplicationRoles)
            {
                foreach (var (command, clause) in Questions)
                {
                    if (access.Isolates(table, command, role, clause) is Verdict.Refuted stranger)
                        yield return new(table.Id, command, role, clause, stranger.Witness);
                    var form = command switch { PolicyCommand.Select => StatementForm.Select, PolicyCommand.Insert => StatementForm.Insert, PolicyCommand.Update => StatementForm.BlindUpdate, _ => StatementForm.BlindDelete };
                    if (access.ReachesNothing(table, form, role, clause) is Verdict.Refuted any)
                        yield return new(table.Id, command, role, clause, any.Witness);
                }
            }
        }
    }

    private static void Show(string subject, AccessWitness? witness, WitnessReplay? replay)
    {
        if (replay is not { Outcome: WitnessOutcome.Confirmed })
            Console.WriteLine($"    {subject}: {replay?.Outcome.ToString() ?? "no question"}: {replay?.Detail}\n        {witness}\n        {string.Join("; ", witness?.Case.Rows.Select(static row => row.ToString()) ?? [])}");
    }

    private sealed class Count
    {
        private readonly SortedDictionary<WitnessOutcome, int> outcomes = [];
        private int all;

        public bool IsWhole => outcomes.GetValueOrDefault(WitnessOutcome.Confirmed) == all;

        public void Add(WitnessReplay? replay)
        {
            all++;
            var outcome = replay?.Outcome ?? WitnessOutcome.NotTried;
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
        }

        public override string ToString() =>
            $"{all} witnesses, {string.Join(", ", outcomes.Select(static pair => $"{pair.Value} {pair.Key switch { WitnessOutcome.Confirmed => "confirmed", WitnessOutcome.NotConfirmed => "NOT confirmed", _ => "not tried" }}"))}";
    }
}
