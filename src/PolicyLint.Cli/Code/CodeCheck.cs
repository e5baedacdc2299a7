using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using PolicyLint.Analyzers;
using PolicyLint.Cli.Projects;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Findings;
using PolicyLint.CSharp;
using PolicyLint.CSharp.Migrations;
using PolicyLint.Sql.Text;
using AnalysisResult = PolicyLint.Core.Analysis.AnalysisResult;
using Location = PolicyLint.Core.Findings.Location;
using TextSpan = PolicyLint.Sql.Text.TextSpan;

namespace PolicyLint.Cli.Code;

/// <summary>The C# projects of one database: their migrations join its scripts, their calls are judged with its catalog.</summary>
internal sealed class CodeCheck
{
    private const string AnalyzerFailed = "AD0001";

    private readonly IReadOnlyList<Compilation> _compilations;
    private readonly List<CodeMigration> _migrations = [];
    private readonly Dictionary<SyntaxTree, SourceText> _sources = [];
    private readonly IReadOnlyList<SourceText> _settings;
    private readonly string _workingFolder;

    private CodeCheck(IReadOnlyList<Compilation> compilations, IReadOnlyList<SourceText> settings, string workingFolder)
    {
        _compilations = compilations;
        _settings = settings;
        _workingFolder = workingFolder;
    }

    /// <summary>Number of C# files.</summary>
    public int Files => _compilations.Sum(compilation => compilation.SyntaxTrees.Count(IsOwn));

    /// <summary>Loads projects; those that can't be are problems, and the others are checked all the same.</summary>
    public static IReadOnlyDictionary<string, CodeCheck> Load(IReadOnlyList<CodeProject> projects, IFileTree tree, Terminal terminal, List<Problem> problems, CancellationToken cancellation)
    {
        var calls = new CompilerCall?[projects.Count];
        var failures = new string?[projects.Count];
        using (var progress = terminal.StartProgress("loading", projects.Count))
        {
            Concurrently.Run(projects.Count, i =>
            {
                calls[i] = CompilerCall.Of(projects[i].File, out failures[i]);
                progress.Advance(projects[i].File);
            }, cancellation);
        }
        var set = new CompilationSet(calls.OfType<CompilerCall>(), tree);
        var loaded = new Dictionary<string, List<(CodeProject Project, Compilation Compilation)>>(StringComparer.Ordinal);
        for (var i = 0; i < projects.Count; i++)
        {
            var shown = Path.GetRelativePath(terminal.WorkingFolder, projects[i].File).Replace('\\', '/');
            if (calls[i] is not { } call)
            {
                problems.Add(new(shown, failures[i]!));
                continue;
            }
            var missing = new List<string>();
            var compilation = set.Compile(call, missing);
            if (missing.Count > 0)
                problems.Add(new(shown, $"checked in part: {missing.Count} references are not there, the first is {missing[0]}; build the project first"));
            if (!loaded.TryGetValue(projects[i].Database, out var ofDatabase))
                loaded.Add(projects[i].Database, ofDatabase = []);
            ofDatabase.Add((projects[i], compilation));
        }
        return loaded.ToDictionary(pair => pair.Key, pair => Create(pair.Value, tree, terminal.WorkingFolder, cancellation), StringComparer.Ordinal);
    }

    /// <summary>The input of a database with the migrations of its projects, and a place for what is decided: its C# asks the same.</summary>
    public AnalysisInput WithMigrations(AnalysisInput input) => input with { Files = CodeMigrations.Before(_migrations, input.Files), Answers = input.Answers ?? new() };

    /// <summary>The result with places in C# where a migration is written in it, and with the findings at calls.</summary>
    public AnalysisResult Judge(AnalysisResult result, AnalysisInput input, List<CoveredSite> coverage, CancellationToken cancellation)
    {
        var database = new JudgedDatabase(result.Catalog, result.Tenancy, input.Limits, input.Answers);
        var findings = new List<Finding>();
        var errors = new List<string>(result.InternalErrors);
        foreach (var compilation in _compilations)
        {
            var analyzer = new SiteAnalyzer(bound => new ProjectAnalysis(bound, database, input.Options) { Settings = _settings });
            var diagnostics = compilation.WithAnalyzers([analyzer], new CompilationWithAnalyzersOptions(new AnalyzerOptions([]), onAnalyzerException: null, concurrentAnalysis: true, logAnalyzerExecutionTime: false))
                .GetAnalyzerDiagnosticsAsync(cancellation).GetAwaiter().GetResult();
            foreach (var diagnostic in diagnostics)
            {
                if (diagnostic.Id == AnalyzerFailed)
                    errors.Add(diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture));
                // Projects of one database share its settings files: what is wrong in one of these is wrong once.
                else if (!diagnostic.IsSuppressed && Convert(diagnostic) is { } finding && (diagnostic.Location.IsInSource || !findings.Exists(other => other.Rule == finding.Rule && other.Location == finding.Location)))
                    findings.Add(finding);
            }
            coverage.AddRange(analyzer.Coverage.Select(site => new CoveredSite(Convert(site.Location), site.Answer, site.Reason)));
        }
        return result with { Findings = [.. result.Findings.Select(Locate), .. Fingerprints.Assign(findings, input.Limits.FindingsPerRule)], InternalErrors = errors };
    }

    private static CodeCheck Create(List<(CodeProject Project, Compilation Compilation)> projects, IFileTree tree, string workingFolder, CancellationToken cancellation)
    {
        var settings = new List<SourceText>();
        foreach (var folder in projects.Select(project => Path.GetDirectoryName(project.Project.File)!).Distinct(StringComparer.Ordinal).Where(tree.FolderExists))
        {
            foreach (var file in tree.Files(folder).Where(static file => Path.GetFileName(file).StartsWith("appsettings", StringComparison.OrdinalIgnoreCase) && file.EndsWith(".json", StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal))
            {
                if (TextFiles.Read(tree, file, Path.GetRelativePath(workingFolder, file).Replace('\\', '/'), out _) is { } text)
                    settings.Add(text);
            }
        }
        var check = new CodeCheck([.. projects.Select(project => project.Compilation)], settings, workingFolder);
        foreach (var compilation in check._compilations)
            check._migrations.AddRange(CodeMigrations.Read(compilation, cancellation));
        return check;
    }

    private Finding? Convert(Diagnostic diagnostic)
    {
        var rule = AllRules.Find(diagnostic.Id);
        return rule is null ? null : new Finding
        {
            Rule = rule,
            Severity = diagnostic.Severity switch { DiagnosticSeverity.Error => Severity.Error, DiagnosticSeverity.Warning => Severity.Warning, _ => Severity.Information },
            Message = diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture),
            Location = Convert(diagnostic.Location),
            Subject = SiteAnalyzer.TableOf(diagnostic) + "/" + (diagnostic.Location.IsInSource ? MemberAt(diagnostic.Location) : Convert(diagnostic.Location).Path),
        };
    }

    private Finding Locate(Finding finding) => finding with
    {
        Location = Locate(finding.Location),
        Related = [.. finding.Related.Select(related => related with { Location = Locate(related.Location) })],
    };

    private Location Locate(Location location)
    {
        foreach (var migration in _migrations)
        {
            if (ReferenceEquals(migration.Source, location.Source))
                return Convert(migration.Locate(location.Span.Start, location.Span.End));
        }
        return location;
    }

    private Location Convert(Microsoft.CodeAnalysis.Location location)
    {
        if (location.SourceTree is not { } tree)
        {
            var path = location.Kind == LocationKind.None ? "" : location.GetLineSpan().Path;
            return _settings.FirstOrDefault(settings => settings.Path == path) is { } settings ? new(settings, TextSpan.FromBounds(location.SourceSpan.Start, location.SourceSpan.End)) : new(null, default, path);
        }
        lock (_sources)
        {
            if (!_sources.TryGetValue(tree, out var source))
                _sources.Add(tree, source = new(tree.GetText().ToString(), Path.GetRelativePath(_workingFolder, tree.FilePath).Replace('\\', '/')));
            return new(source, TextSpan.FromBounds(location.SourceSpan.Start, location.SourceSpan.End));
        }
    }

    // The member keeps its name when lines move.
    private static string MemberAt(Microsoft.CodeAnalysis.Location location)
    {
        var names = new Stack<string>();
        for (var node = location.SourceTree?.GetRoot().FindNode(location.SourceSpan); node is not null; node = node.Parent)
        {
            var name = node switch
            {
                BaseTypeDeclarationSyntax type => type.Identifier.ValueText,
                MethodDeclarationSyntax method => method.Identifier.ValueText,
                PropertyDeclarationSyntax property => property.Identifier.ValueText,
                ConstructorDeclarationSyntax => ".ctor",
                LocalFunctionStatementSyntax function => function.Identifier.ValueText,
                VariableDeclaratorSyntax { Parent.Parent: FieldDeclarationSyntax } field => field.Identifier.ValueText,
                BaseNamespaceDeclarationSyntax space => space.Name.ToString(),
                _ => null,
            };
            if (name is not null)
                names.Push(name);
        }
        return string.Join('.', names);
    }

    private static bool IsOwn(SyntaxTree tree) => !tree.FilePath.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal);
}

/// <summary>A C# project to check.</summary>
/// <param name="File">Full path.</param>
/// <param name="Database">Full path of the folder whose SQL makes its database.</param>
internal sealed record CodeProject(string File, string Database);
