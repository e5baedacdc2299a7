using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Options;
using PolicyLint.Core.Rules;
using PolicyLint.Core.Rules.Tool;
using PolicyLint.Sql;
using PolicyLint.Sql.Text;

namespace PolicyLint.Core.Analysis;

/// <summary>Runs the SQL rules: parse, replay, rules, suppressions. Text comes in, findings go out.</summary>
public static class SqlAnalyzer
{
    // Below, another thread costs more than it saves.
    private const int LeastStatementsInParallel = 500;

    /// <summary>Analyses the files of one database.</summary>
    public static AnalysisResult Analyze(AnalysisInput input, CancellationToken cancellation = default)
    {
        var scripts = Parse(input, cancellation);
        var options = input.Options;
        var inferences = new List<string>();
        var platform = options.Platform ?? PlatformInference.Infer(scripts, inferences);
        if (!input.IsJudged)
            return WithoutFindings(input, scripts, CatalogReplay.RunMigrations(scripts, platform, input.Limits, cancellation), inferences);

        var run = new RuleRun(options, input.Limits, input.Answers ?? new(), cancellation);
        var (remainders, rollbackEffects) = RollbackReplay.Run(scripts, platform, input.Limits, cancellation);
        var replay = CatalogReplay.Run(scripts, platform, input.Limits, run, cancellation) with
        {
            RollbackRemainders = remainders,
            RollbackEffects = rollbackEffects,
        };
        var tenancy = Tenancy.Resolve(replay.Catalog, options);
        inferences.AddRange(tenancy.Inferences);

        // The tenancy of the end state is what statements on the way are judged by.
        run.Tenancy = tenancy;
        foreach (var script in scripts)
        {
            foreach (var error in script.Tree.Errors)
                run.Report(SyntaxErrors.Rule, new(script.Tree.Source, error.Span), script.Tree.Source.Path + "/" + error.Message, error.Message);
        }
        Check(run, input.Limits, scripts, replay, cancellation);
        ReportBudgets(run, replay.Issues);
        ReportUnknownEffects(run, replay);
        CheckRollbacks(run, replay, scripts);

        var findings = Suppressions.Apply(run.Findings, scripts, input.Today, run, out var suppressed);
        run.ReportUnshown(findings);
        return new(
            Fingerprints.Assign(findings, input.Limits.FindingsPerRule), replay.Catalog, replay.Changes, inferences,
            CountStatements(scripts), suppressed + run.Exempted)
        {
            Tenancy = tenancy,
            InternalErrors = run.InternalErrors,
        };
    }

    /// <summary>Replays the files of one database without judging them.</summary>
    public static ReplayResult Replay(AnalysisInput input, CancellationToken cancellation = default)
    {
        var scripts = Parse(input, cancellation);
        return CatalogReplay.Run(scripts, input.Options.Platform ?? PlatformInference.Infer(scripts, []), input.Limits, observer: null, cancellation);
    }

    /// <summary>Runs the rules that are marked live over a catalog that was read from a server.</summary>
    public static AnalysisResult AnalyzeLive(DatabaseCatalog catalog, PolicyLintOptions options, AnalysisLimits limits, CancellationToken cancellation = default)
    {
        var tenancy = Tenancy.Resolve(catalog, options);
        var run = new RuleRun(options, limits, new(), cancellation) { Tenancy = tenancy };
        run.CheckCatalog(catalog, liveOnly: true);
        return new(Fingerprints.Assign(run.Findings, limits.FindingsPerRule), catalog, [], tenancy.Inferences, 0, run.Exempted)
        {
            Tenancy = tenancy,
            InternalErrors = run.InternalErrors,
        };
    }

    private static AnalysisResult WithoutFindings(AnalysisInput input, Script[] scripts, ReplayResult replay, List<string> inferences)
    {
        var tenancy = Tenancy.Resolve(replay.Catalog, input.Options);
        inferences.AddRange(tenancy.Inferences);
        return new([], replay.Catalog, replay.Changes, inferences, CountStatements(scripts), Suppressed: 0) { Tenancy = tenancy };
    }

    private static Script[] Parse(AnalysisInput input, CancellationToken cancellation)
    {
        var pieces = new List<Piece>(input.Files.Count);
        foreach (var file in input.Files)
        {
            if (file.Ranges is null)
                pieces.Add(new(file, null));
            foreach (var range in file.Ranges ?? [])
                pieces.Add(new(file, range));
        }
        var options = SqlParseOptions.Bounded with { KeepComments = true, MaximumDepth = input.Limits.ParserDepth };
        var scripts = new Script[pieces.Count];
        if (input.Limits.IsParallel && pieces.Count > 1)
        {
            ParseInParallel(pieces, options, scripts, cancellation);
        }
        else
        {
            var parser = new SqlScriptParser(options);
            for (var i = 0; i < scripts.Length; i++)
                scripts[i] = pieces[i].Parse(parser, cancellation);
        }
        return scripts;
    }

    // No kind of rule hears of another: each gathers for itself, and what is said stands in the order of the kinds, whoever comes first.
    private static void Check(RuleRun run, AnalysisLimits limits, Script[] scripts, ReplayResult replay, CancellationToken cancellation)
    {
        run.CheckDeferred();
        if (limits.IsParallel && CountStatements(scripts) >= LeastStatementsInParallel)
        {
            CheckInParallel(run, scripts, replay, cancellation);
            return;
        }
        run.CheckCatalog(replay.Catalog, liveOnly: false);
        run.CheckMigrations(replay, scripts);
    }

    // By itself, so that what starts threads is loaded where it is used.
    private static void CheckInParallel(RuleRun run, Script[] scripts, ReplayResult replay, CancellationToken cancellation)
    {
        RuleRun onCatalog = run.Another(), onMigrations = run.Another();
        Parallel.Invoke(
            new ParallelOptions { CancellationToken = cancellation },
            () => onCatalog.CheckCatalog(replay.Catalog, liveOnly: false),
            () => onMigrations.CheckMigrations(replay, scripts));
        run.Take(onCatalog);
        run.Take(onMigrations);
    }

    // A parser is one thread's at a time.
    private static void ParseInParallel(List<Piece> pieces, SqlParseOptions options, Script[] scripts, CancellationToken cancellation) =>
        Parallel.For(
            0,
            scripts.Length,
            new ParallelOptions { CancellationToken = cancellation },
            () => new SqlScriptParser(options),
            (i, _, parser) =>
            {
                scripts[i] = pieces[i].Parse(parser, cancellation);
                return parser;
            },
            static _ => { });

    // What a rollback leaves behind is a catalog too: the same rules hold for it, and only what the rollback itself wrote is reported.
    private static void CheckRollbacks(RuleRun run, ReplayResult replay, Script[] scripts)
    {
        if (replay.RolledBack is not { } rolledBack)
            return;
        run.Only = new RollbackStatements(scripts).Contains;
        run.CheckCatalog(rolledBack, liveOnly: false);
        run.CheckMigrations(replay with { Catalog = rolledBack, Changes = [.. replay.Changes, .. replay.RollbackChanges] }, scripts);
        run.Only = null;
    }

    private static void ReportBudgets(RuleRun run, IReadOnlyList<ReplayIssue> issues)
    {
        foreach (var issue in issues)
        {
            if (issue.IsBudget)
                run.Report(BudgetExceeded.Rule, Location.Of(issue.Origin), "budget", "The result is partial: " + issue.Message);
        }
    }

    private static void ReportUnknownEffects(RuleRun run, ReplayResult replay)
    {
        var catalog = replay.Catalog;
        var budgets = new HashSet<Origin>();
        foreach (var issue in replay.Issues)
        {
            if (issue.IsBudget)
                budgets.Add(issue.Origin);
        }
        foreach (var origin in catalog.UnknownEffects)
        {
            if (budgets.Contains(origin))
                continue;
            run.Report(UnknownEffect.Rule, Location.Of(origin), "unknown effect", "What this statement does to the catalog is not known: rules are silent where it may matter");
        }
        foreach (var table in catalog.TablesInOrder())
        {
            foreach (var origin in table.Taints)
                run.Report(UnknownEffect.Rule, Location.Of(origin), table.Id.ToString(), $"What this statement does to {table.Id} is not known: rules are silent about the table");
        }
    }

    private static int CountStatements(Script[] scripts)
    {
        var count = 0;
        foreach (var script in scripts)
            count += script.Tree.Statements.Count;
        return count;
    }

    /// <summary>A file, or a block of a document.</summary>
    private sealed class Piece(InputFile file, TextSpan? range)
    {
        public Script Parse(SqlScriptParser parser, CancellationToken cancellation) =>
            new(parser.Parse(file.Source, range, cancellation), file.Role, file.IsOneTransaction);
    }
}
