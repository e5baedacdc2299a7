using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using PolicyLint.CodeFixes;

namespace PolicyLint.Analyzers.Tests;

/// <summary>
/// A project in a workspace, with what the analyzer finds in it and what the code fixes make of it. Comment lines at the top of its text
/// are the schema in SQL, `// config: ` lines among them a policylint.yml; `// file: Other.cs` begins another document, of C# or of settings.
/// </summary>
internal sealed class FixedProject
{
    private const string FileMark = "// file: ";
    private const string ConfigurationMark = "// config: ";
    private const string GlobalUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly MetadataReference[] References =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path))];

    private static readonly PolicyLintCodeFixProvider Provider = new();

    private readonly Project _project;

    private FixedProject(Project project) => _project = project;

    public static FixedProject Read(string text)
    {
        text = text.Replace("\r\n", "\n", StringComparison.Ordinal);
        var head = text.Split('\n').TakeWhile(line => line.StartsWith("//", StringComparison.Ordinal)).ToList();
        var workspace = new AdhocWorkspace();
        var id = ProjectId.CreateNewId();
        var solution = workspace.CurrentSolution.AddProject(ProjectInfo.Create(
            id, VersionStamp.Default, "App", "App", LanguageNames.CSharp, metadataReferences: References, analyzerReferences: [new AnalyzerImageReference([new PolicyLintAnalyzer()])],
            compilationOptions: new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable)));
        solution = solution.AddDocument(DocumentId.CreateNewId(id), "Usings.cs", GlobalUsings, filePath: "Usings.cs");
        solution = solution.AddAdditionalDocument(DocumentId.CreateNewId(id), "1.sql", string.Join("\n", head.Where(line => !line.StartsWith(ConfigurationMark, StringComparison.Ordinal)).Select(line => line[2..])), filePath: "/app/1.sql");
        solution = solution.AddAdditionalDocument(
            DocumentId.CreateNewId(id), "policylint.yml", string.Join("\n", head.Where(line => line.StartsWith(ConfigurationMark, StringComparison.Ordinal)).Select(line => line[ConfigurationMark.Length..])), filePath: "/app/policylint.yml");
        var parts = text.Split("\n" + FileMark);
        for (var i = 0; i < parts.Length; i++)
        {
            var name = i == 0 ? "Code.cs" : parts[i].Split('\n')[0].Trim();
            var content = i == 0 ? parts[i] : parts[i][(parts[i].IndexOf('\n') + 1)..];
            solution = name.EndsWith(".json", StringComparison.Ordinal)
                ? solution.AddAdditionalDocument(DocumentId.CreateNewId(id), name, content, filePath: name)
                : solution.AddDocument(DocumentId.CreateNewId(id), name, content, filePath: name);
        }
        return new(solution.GetProject(id)!);
    }

    /// <summary>The documents as one text again.</summary>
    public async Task<string> WriteAsync()
    {
        var texts = new List<string>();
        foreach (var document in _project.Documents.Where(document => document.Name != "Usings.cs").Concat(_project.AdditionalDocuments.Where(document => document.Name.EndsWith(".json", StringComparison.Ordinal))))
            texts.Add((texts.Count == 0 ? "" : FileMark + document.Name + "\n") + await document.GetTextAsync());
        return string.Join("\n", texts);
    }

    /// <summary>What the analyzer finds; the project compiles.</summary>
    public async Task<ImmutableArray<Diagnostic>> AnalyzeAsync()
    {
        var compilation = (await _project.GetCompilationAsync())!;
        Assert.Equal("", string.Join("\n", compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)));
        var texts = _project.AdditionalDocuments.Select(document => (AdditionalText)new Additional(document.FilePath!, document.GetTextAsync().Result));
        var analyzed = compilation.WithAnalyzers([new PolicyLintAnalyzer()], new AnalyzerOptions([.. texts]));
        var diagnostics = await analyzed.GetAnalyzerDiagnosticsAsync();
        Assert.Equal("", string.Join("\n", diagnostics.Where(diagnostic => diagnostic.Id is "AD0001" or "PL9001" or "PL9004")));
        return [.. diagnostics.Where(diagnostic => PathOf(diagnostic).EndsWith(".cs", StringComparison.Ordinal) || PathOf(diagnostic).EndsWith(".json", StringComparison.Ordinal)).OrderBy(PathOf, StringComparer.Ordinal).ThenBy(diagnostic => diagnostic.Location.SourceSpan.Start)];
    }

    /// <summary>The fix that is offered for a finding; null where none is.</summary>
    public async Task<CodeAction?> OfferAsync(Diagnostic diagnostic)
    {
        CodeAction? offered = null;
        await Provider.RegisterCodeFixesAsync(new(DocumentOf(diagnostic), diagnostic, (action, _) => offered ??= action, CancellationToken.None));
        return offered;
    }

    public async Task<FixedProject> ApplyAsync(CodeAction action)
    {
        var operations = await action.GetOperationsAsync(CancellationToken.None);
        return new(operations.OfType<ApplyChangesOperation>().Single().ChangedSolution.GetProject(_project.Id)!);
    }

    /// <summary>All findings of a rule made right at once, over all documents. As in `dotnet format`, those in C# are known.</summary>
    public async Task<FixedProject> FixAllAsync(string rule, ImmutableArray<Diagnostic> found)
    {
        var known = new Known(this, [.. found.Where(diagnostic => diagnostic.Id == rule && diagnostic.Location.IsInSource)]);
        var context = new FixAllContext(_project, Provider, FixAllScope.Solution, rule, [rule], known, CancellationToken.None);
        return await Provider.GetFixAllProvider().GetFixAsync(context) is { } action ? await ApplyAsync(action) : this;
    }

    private TextDocument DocumentOf(Diagnostic diagnostic) => _project.Documents.Concat(_project.AdditionalDocuments).Single(document => document.FilePath == PathOf(diagnostic));

    private static string PathOf(Diagnostic diagnostic) => diagnostic.Location.GetLineSpan().Path ?? "";

    private sealed class Additional(string path, SourceText text) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => text;
    }

    private sealed class Known(FixedProject owner, ImmutableArray<Diagnostic> diagnostics) : FixAllContext.DiagnosticProvider
    {
        public override Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(Project project, CancellationToken cancellationToken) => Task.FromResult<IEnumerable<Diagnostic>>(diagnostics);

        public override Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(Document document, CancellationToken cancellationToken) => Task.FromResult(diagnostics.Where(diagnostic => owner.DocumentOf(diagnostic).Id == document.Id));

        public override Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(Project project, CancellationToken cancellationToken) => Task.FromResult<IEnumerable<Diagnostic>>([]);
    }
}
