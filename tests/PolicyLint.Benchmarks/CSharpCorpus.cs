using System.Diagnostics;
using System.Globalization;
using System.Xml.Linq;
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
using PolicyLint.Sql;
using AnalysisResult = PolicyLint.Core.Analysis.AnalysisResult;
using SyntaxTree = Microsoft.CodeAnalysis.SyntaxTree;
using SqlSource = PolicyLint.Sql.Text.SourceText;

namespace PolicyLint.Benchmarks;

/// <summary>
/// C# repositories with the catalog of their own migrations: places that run SQL, share of texts that are known, findings by rule.
/// Packages are not restored: each project is compiled against its sibling projects and the sink libraries that this program has, what
/// else it refers to stays unknown to the compiler.
/// </summary>
internal static class CSharpCorpus
{
    private const double LeastKnown = 0.90;

    private static readonly MetadataReference[] Libraries =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Where(path => !Path.GetFileName(path).StartsWith("PolicyLint", StringComparison.Ordinal)).Select(path => MetadataReference.CreateFromFile(path))];

    private static readonly SyntaxTree Usings = CSharpSyntaxTree.ParseText(
        string.Concat(((string[])["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks", "Microsoft.AspNetCore.Builder", "Microsoft.AspNetCore.Http",
            "Microsoft.AspNetCore.Routing", "Microsoft.Extensions.Configuration", "Microsoft.Extensions.DependencyInjection", "Microsoft.Extensions.Hosting", "Microsoft.Extensions.Logging"]).Select(name => $"global using {name};\n")),
        CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview), "GlobalUsings.g.cs");

    /// <summary>Analyses each repository below the folder, or the one of that name; findings go to the file where one is given, one a line.</summary>
    public static int Run(string folder, string? name, string? findingsFile)
    {
        Console.WriteLine($"{"repository",-42} {"files",6} {"queries",8} {"SQL",6} {"known",6} {"share",7} {"failed",7} {"s",6}  findings");
        using var findings = findingsFile is null ? null : new StreamWriter(findingsFile);
        var (all, allKnown, allFailed) = (0, 0, 0);
        foreach (var repository in Directory.GetDirectories(folder).Order(StringComparer.Ordinal))
        {
            if (name is not null && !Path.GetFileName(repository).Contains(name, StringComparison.OrdinalIgnoreCase))
                continue;
            var from = Stopwatch.GetTimestamp();
            var (files, sites, diagnostics, failures) = Analyze(repository);
            var sql = sites.Count(site => site.Kind != SiteKind.Query);
            var known = sites.Count(site => site.Kind == SiteKind.Sql);
            var rules = diagnostics.GroupBy(diagnostic => diagnostic.Id).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => $"{group.Key} {group.Count()}");
            Console.WriteLine($"{Path.GetFileName(repository),-42} {files,6} {sites.Count - sql,8} {sql,6} {known,6} {Share(known, sql),7} {failures.Count,7} {Stopwatch.GetElapsedTime(from).TotalSeconds,6:0}  {string.Join(", ", rules)}");
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

    private static (int Files, List<SiteCoverage> Sites, List<Diagnostic> Findings, List<string> Failures) Analyze(string repository)
    {
        var compilations = Compile(repository);
        var migrations = new List<CodeMigration>();
        foreach (var compilation in compilations)
            migrations.AddRange(CodeMigrations.Read(compilation, default));
        // The scripts of other databases are not PostgreSQL's.
        var scripts = Directory.EnumerateFiles(repository, "*.sql", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(file => new SqlSource(File.ReadAllText(file), file))
            .Where(source => SqlParser.Parse(source, SqlParseOptions.Bounded).Errors.Count == 0).Select(source => new InputFile(source, ScriptRole.Migration, IsOneTransaction: true)).ToList();
        AnalysisResult result = SqlAnalyzer.Analyze(new(CodeMigrations.Before(migrations, scripts), PolicyLintOptions.Default, AnalysisLimits.Cli));
        var database = new JudgedDatabase(result.Catalog, result.Tenancy, AnalysisLimits.Cli);
        var sites = new List<SiteCoverage>();
        var findings = new List<Diagnostic>();
        var failures = new List<string>(result.InternalErrors);
        foreach (var compilation in compilations)
        {
            var analyzer = new SiteAnalyzer((bound, token) => new ProjectAnalysis(bound, database, PolicyLintOptions.Default, token));
            var diagnostics = compilation.WithAnalyzers([analyzer], new CompilationWithAnalyzersOptions(new AnalyzerOptions([]), onAnalyzerException: null, concurrentAnalysis: true, logAnalyzerExecutionTime: false))
                .GetAnalyzerDiagnosticsAsync().GetAwaiter().GetResult();
            failures.AddRange(diagnostics.Where(diagnostic => diagnostic.Id is "AD0001" or "PL9007").Select(diagnostic => diagnostic.ToString()));
            findings.AddRange(diagnostics.Where(diagnostic => diagnostic.Id is not ("AD0001" or "PL9007")));
            sites.AddRange(analyzer.Coverage);
        }
        return (compilations.Sum(compilation => compilation.SyntaxTrees.Length - 1), sites, findings, failures);
    }

    // Tests run SQL on databases of their own making: whose rows are in reach there says nothing.
    private static List<CSharpCompilation> Compile(string repository)
    {
        var options = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview);
        var projects = Directory.EnumerateFiles(repository, "*.csproj", SearchOption.AllDirectories).Where(file => !IsTest(Path.GetRelativePath(repository, file))).Order(StringComparer.Ordinal).ToList();
        var folders = projects.ToDictionary(project => Path.GetDirectoryName(project)!, project => new List<SyntaxTree>(), StringComparer.Ordinal);
        folders.TryAdd(repository, []);
        foreach (var file in Directory.EnumerateFiles(repository, "*.cs", SearchOption.AllDirectories).Where(file => !IsTest(Path.GetRelativePath(repository, file))).Order(StringComparer.Ordinal))
        {
            var owner = Path.GetDirectoryName(file)!;
            while (!folders.ContainsKey(owner))
                owner = Path.GetDirectoryName(owner)!;
            folders[owner].Add(CSharpSyntaxTree.ParseText(File.ReadAllText(file), options, file));
        }
        var made = new Dictionary<string, CSharpCompilation>(StringComparer.Ordinal);
        foreach (var project in projects)
            Make(project, []);
        if (projects.All(project => Path.GetDirectoryName(project) != repository) && folders[repository] is { Count: > 0 } loose)
            made.Add(repository, Create(Path.GetFileName(repository), loose, []));
        return [.. made.Values];

        CSharpCompilation? Make(string project, HashSet<string> open)
        {
            if (made.TryGetValue(project, out var known))
                return known;
            if (!folders.TryGetValue(Path.GetDirectoryName(project)!, out var trees) || !open.Add(project))
                return null;
            var siblings = XDocument.Load(project).Descendants().Where(element => element.Name.LocalName == "ProjectReference").Select(element => (string?)element.Attribute("Include")).OfType<string>()
                .Select(path => Path.GetFullPath(path.Replace('\\', '/'), Path.GetDirectoryName(project)!)).Where(File.Exists).ToList();
            var references = new HashSet<CSharpCompilation>();
            foreach (var sibling in siblings)
            {
                if (Make(sibling, open) is not { } compilation)
                    continue;
                references.Add(compilation);
                references.UnionWith(compilation.References.OfType<CompilationReference>().Select(reference => (CSharpCompilation)reference.Compilation));
            }
            return made[project] = Create(Path.GetFileNameWithoutExtension(project), trees, references);
        }
    }

    private static CSharpCompilation Create(string name, List<SyntaxTree> trees, IEnumerable<CSharpCompilation> siblings) => CSharpCompilation.Create(
        name, [.. trees, Usings], [.. Libraries, .. siblings.Select(sibling => sibling.ToMetadataReference())],
        new(trees.Any(tree => ((CompilationUnitSyntax)tree.GetRoot()).Members.Any(SyntaxKind.GlobalStatement)) ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));

    private static bool IsTest(string path) => path.Split('/', '\\').Any(part => part.Contains("Test", StringComparison.Ordinal) || part is "test" or "tests" or "perf" or "bin" or "obj");

    private static string Line(string folder, Diagnostic diagnostic) => $"{diagnostic.Id}\t{Place(folder, diagnostic.Location)}\t{diagnostic.GetMessage(CultureInfo.InvariantCulture)}";

    private static string Place(string folder, Location location) =>
        location.SourceTree is null ? "" : $"{Path.GetRelativePath(folder, location.SourceTree.FilePath)}:{location.GetLineSpan().StartLinePosition.Line + 1}";

    private static string Share(int part, int whole) => whole == 0 ? "-" : (100.0 * part / whole).ToString("0.0", CultureInfo.InvariantCulture) + " %";
}
