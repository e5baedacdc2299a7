using PolicyLint.Core.Access;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Logic;
using PolicyLint.Core.Migrations;
using PolicyLint.Core.Options;
using PolicyLint.Live;
using PolicyLint.Live.Probing;
using PolicyLint.Live.Scratch;

namespace PolicyLint.Benchmarks;

/// <summary>Probes every tenant table of the corpus's databases: prover and server must never contradict each other.</summary>
internal static class Probes
{
    public static async Task<int> RunAsync(string corpus, string shared, string only = "")
    {
        int databases = 0, tables = 0, made = 0, attempts = 0, leaks = 0, contradictions = 0, unjudged = 0, missed = 0;
        await using var cluster = await ScratchCluster.StartAsync();
        Console.WriteLine($"{"database",-88} {"tables",6} {"made",5} {"tries",6} {"leaks",6} {"proven",6} {"against",7} {"untried",7}");
        foreach (var entry in Fidelity.Databases(corpus, Path.Combine(shared, "sql_repos.tsv")).Where(d => d.Name.Contains(only, StringComparison.Ordinal)))
        {
            var record = RecordedCatalog.Find(Path.Combine(shared, "catalog"), entry.Name);
            var options = record is null ? PolicyLintOptions.Default : PolicyLintOptions.Default with { Platform = record.IsPlain ? "plain" : "supabase" };
            var files = MigrationLayout.Arrange(entry.Files, options);
            var replay = SqlAnalyzer.Replay(new(files, options, AnalysisLimits.Cli));
            var run = await AppliedCatalog.UseAsync(cluster, $"probes_{databases++}", files, replay.Catalog, async (database, applied) =>
            {
                if (applied.Run.Notes.Any(static n => n.Kind == MigrationNoteKind.Failed))
                    return null;
                var tenancy = Tenancy.Resolve(applied.Reading.Catalog, options);
                return await ProbeRunner.RunAsync(database.Target, applied.Reading.Catalog, tenancy, ProbeMode.Write, new SafeSessionOptions());
            });
            if (run is null)
                continue;
            var leaked = run.Results.Where(static r => r.Outcome == ProbeOutcome.Leaked).ToList();
            var against = leaked.Where(static r => r.Contradicts).ToList();
            var untried = run.Results.Where(static r => r.Outcome == ProbeOutcome.NotProbed).ToList();
            Console.WriteLine($"{entry.Name,-88} {run.TenantTables,6} {run.Synthesised,5} {run.Results.Count,6} {leaked.Count,6} {run.Results.Count(static r => r.Verdict is Verdict.Proven),6} {against.Count,7} {untried.Count,7}");
            foreach (var obstacle in run.Obstacles)
                Console.WriteLine("    " + obstacle);
            foreach (var result in only.Length > 0 ? leaked.Concat(untried) : against)
                Console.WriteLine($"    {result.Outcome} {result.Table} {result.Attempt} as {result.Role}, {result.Session}: {result.Detail}; {result.Verdict?.GetType().Name}");
            tables += run.TenantTables;
            made += run.Synthesised;
            attempts += run.Results.Count;
            leaks += leaked.Count;
            contradictions += against.Count;
            unjudged += run.Results.Count(static r => r.Outcome == ProbeOutcome.Unjudged);
            missed += untried.Count;
        }
        Console.WriteLine($"{tables} tenant tables, rows for {made} ({(tables == 0 ? 100 : 100.0 * made / tables):0.0} %), {attempts} attempts, {leaks} went through, {unjudged} did with rows that nobody is known to own, {missed} could not be tried, {contradictions} against a proof");
        return contradictions == 0 ? 0 : 1;
    }
}
