using System.Diagnostics;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using PolicyLint.Analyzers;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Options;
using PolicyLint.CSharp;
using PolicyLint.CSharp.Migrations;
using PolicyLint.CSharp.Sinks;
using PolicyLint.Sql;
using AnalysisResult = PolicyLint.Core.Analysis.AnalysisResult;
using SqlSource = PolicyLint.Sql.Text.SourceText;

namespace PolicyLint.Benchmarks;

/// <summary>
/// C# repositories with the catalog of their own migrations: places that run SQL, share of texts that are known, findings by rule.
/// Each project is compiled against its sibling projects, the libraries that this program has, <see cref="CorpusPackages"/>, and packages that are projects of
/// another repository of the folder. What else it refers to stays unknown to the compiler: calls with a sink's name that do not bind are counted.
/// </summary>
internal static class CSharpCorpus
{
    private const double LeastKnown = 0.90;

    public static readonly MetadataReference[] Libraries =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Where(path => !Path.GetFileName(path).StartsWith("PolicyLint", StringComparison.Ordinal)).Select(path => MetadataReference.CreateFromFile(path)), .. CorpusPackages.Restore()];

    /// <summary>Analyses each repository below the folder, or the one of that name; findings go to the file where one is given, one a line.</summary>
    public static int Run(string folder, string? name, string? findingsFile)
    {
        Console.WriteLine($"{"repository",-42} {"files",6} {"queries",8} {"unbound",8} {"SQL",6} {"known",6} {"share",7} {"failed",7} {"s",6}  findings");
        using var findings = findingsFile is null ? null : new StreamWriter(findingsFile);
        var (all, allKnown, allFailed) = (0, 0, 0);
        var repositories = Directory.GetDirectories(folder).Order(StringComparer.Ordinal).ToList();
        var compiler = new CorpusCompiler(repositories, Libraries);
        foreach (var repository in repositories)
        {
            if (name is not null && !Path.GetFileName(repository).Contains(name, StringComparison.OrdinalIgnoreCase))
                continue;
            var from = Stopwatch.GetTimestamp();
            var (files, unbound, sites, diagnostics, failures) = Analyze(repository, compiler.Compile(repository));
            var sql = sites.Count(site => site.Kind != SiteKind.Query);
            var known = sites.Count(site => site.Kind == SiteKind.Sql);
            var rules = diagnostics.GroupBy(diagnostic => diagnostic.Id).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => $"{group.Key} {group.Count()}");
            Console.WriteLine($"{Path.GetFileName(repository),-42} {files,6} {sites.Count - sql,8} {unbound,8} {sql,6} {known,6} {Share(known, sql),7} {failures.Count,7} {Stopwatch.GetElapsedTime(from).TotalSeconds,6:0}  {string.Join(", ", rules)}");
            foreach (var failure in failures.Take(5))
                Console.WriteLine("  " + failure);
            foreach (var line in diagnostics.Select(diagnostic => Line(folder, diagnostic)).Concat(sites.Where(site => site.Kind == SiteKind.UnknownSql).Select(site => $"unread\t{Place(folder, site.Location)}\t{site.Reason}")).Order(StringComparer.Ordinal))
                findings?.WriteLine(line);
            findings?.Flush();
            (all, allKnown, allFailed) = (all + sql, allKnown + known, allFailed + failures.Count);
        }
        var held = allFailed == 0 && allKnown >= LeastKnown * all;
        Console.WriteLine($"{all} SQL texts, {Share(allKnown, all)} known (>= {Share(90, 100)}), {allFailed} failures{(held ? "" : "  NOT HELD")}");
        return held ? 0 : 1;
    }

    private static (int Files, int Unbound, List<SiteCoverage> Sites, List<Diagnostic> Findings, List<string> Failures) Analyze(string repository, IReadOnlyCollection<CSharpCompilation> compilations)
    {
        var (database, internalErrors) = Database(repository, compilations);
        var sites = new List<SiteCoverage>();
        var findings = new List<Diagnostic>();
        var failures = new List<string>(internalErrors);
        foreach (var compilation in compilations)
        {
            var analyzer = Analyzer(compilation, database);
            var diagnostics = Host(compilation, analyzer).GetAnalyzerDiagnosticsAsync().GetAwaiter().GetResult();
            failures.AddRange(diagnostics.Where(diagnostic => diagnostic.Id is "AD0001" or "PL9007").Select(diagnostic => diagnostic.ToString()));
            findings.AddRange(diagnostics.Where(diagnostic => diagnostic.Id is not ("AD0001" or "PL9007")));
            sites.AddRange(analyzer.Coverage);
        }
        return (compilations.Sum(compilation => compilation.SyntaxTrees.Length - 1), compilations.Sum(Unbound), sites, findings, failures);
    }

    /// <summary>The analyzer of a project, with what the package gives it.</summary>
    public static SiteAnalyzer Analyzer(CSharpCompilation compilation, JudgedDatabase database)
    {
        var settings = Settings(compilation);
        return new(bound => new ProjectAnalysis(bound, database, PolicyLintOptions.Default) { Settings = settings });
    }

    // Those beside the project.
    private static List<SqlSource> Settings(CSharpCompilation compilation)
    {
        var folder = Path.GetDirectoryName(compilation.SyntaxTrees.First(tree => tree.FilePath.Length > 0).FilePath);
        while (folder is { Length: > 0 } && !Directory.EnumerateFiles(folder, "*.csproj").Any())
            folder = Path.GetDirectoryName(folder);
        return folder is not { Length: > 0 } ? [] : [.. Directory.EnumerateFiles(folder, "appsettings*.json").Order(StringComparer.Ordinal).Select(file => new SqlSource(File.ReadAllText(file), file))];
    }

    /// <summary>The catalog of a repository's own migrations, and what went wrong when they were read.</summary>
    public static (JudgedDatabase Database, IReadOnlyList<string> InternalErrors) Database(string repository, IEnumerable<CSharpCompilation> compilations)
    {
        var migrations = new List<CodeMigration>();
        foreach (var compilation in compilations)
            migrations.AddRange(CodeMigrations.Read(compilation, default));
        // The scripts of other databases are not PostgreSQL's.
        var scripts = Directory.EnumerateFiles(repository, "*.sql", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(file => new SqlSource(File.ReadAllText(file), file))
            .Where(source => SqlParser.Parse(source, SqlParseOptions.Bounded).Errors.Count == 0).Select(source => new InputFile(source, ScriptRole.Migration, IsOneTransaction: true)).ToList();
        AnalysisResult result = SqlAnalyzer.Analyze(new(CodeMigrations.Before(migrations, scripts), PolicyLintOptions.Default, AnalysisLimits.Cli));
        return (new(result.Catalog, result.Tenancy, AnalysisLimits.Cli), result.InternalErrors);
    }

    /// <summary>The compiler's driver of an analyzer.</summary>
    public static CompilationWithAnalyzers Host(CSharpCompilation compilation, SiteAnalyzer analyzer) =>
        compilation.WithAnalyzers([analyzer], new CompilationWithAnalyzersOptions(new AnalyzerOptions([]), onAnalyzerException: null, concurrentAnalysis: true, logAnalyzerExecutionTime: false));

    private static int Unbound(CSharpCompilation compilation)
    {
        var names = SqlSinks.All.Where(sink => sink.Parameter.Length > 0 && sink.Member != ".ctor").ToList();
        return compilation.SyntaxTrees.Sum(tree =>
        {
            var model = compilation.GetSemanticModel(tree);
            return tree.GetRoot().DescendantNodes().OfType<InvocationExpressionSyntax>()
                .Count(call => call.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: var name } && call.ArgumentList.Arguments.Count > 0 && names.Any(sink => sink.MatchesMember(name)) && model.GetSymbolInfo(call) is { Symbol: null, CandidateSymbols.IsEmpty: true });
        });
    }

    private static string Line(string folder, Diagnostic diagnostic) => $"{diagnostic.Id}\t{Place(folder, diagnostic.Location)}\t{diagnostic.GetMessage(CultureInfo.InvariantCulture)}";

    private static string Place(string folder, Location location) =>
        location.SourceTree is null ? "" : $"{Path.GetRelativePath(folder, location.SourceTree.FilePath)}:{location.GetLineSpan().StartLinePosition.Line + 1}";

    private static string Share(int part, int whole) => whole == 0 ? "-" : (100.0 * part / whole).ToString("0.0", CultureInfo.InvariantCulture) + " %";
}
