using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using PolicyLint.Analyzers;
using SyntaxTree = Microsoft.CodeAnalysis.SyntaxTree;

namespace PolicyLint.Benchmarks;

/// <summary>
/// What the analyzer's own time is in an editor, as the compiler counts it: the first analysis of a generated project, then after
/// one-line edits that of the whole project and that of the edited file, which is what an editor asks for with each key.
/// </summary>
internal static class CSharpEdits
{
    private const double MostAfterEdit = 0.100;

    public static int Run(int files, int migrations, int edits)
    {
        var folder = Directory.CreateTempSubdirectory("policylint-edits-").FullName;
        try
        {
            var solution = new CSharpSolution(folder, 1, files, migrations);
            solution.Write();
            return Measure(solution, edits);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static int Measure(CSharpSolution solution, int edits)
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path));
        var usings = CSharpSyntaxTree.ParseText("global using System; global using System.Collections.Generic; global using System.Linq; global using System.Threading.Tasks;", path: "Usings.cs");
        var trees = Directory.EnumerateFiles(solution.Folder, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), path: file));
        Compilation compilation = CSharpCompilation.Create("code", [usings, .. trees], references, new(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        if (compilation.GetDiagnostics().FirstOrDefault(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error) is { } error)
            throw new InvalidOperationException(error.ToString());
        var additional = Directory.EnumerateFiles(solution.Folder, "*.*", SearchOption.AllDirectories).Where(file => Path.GetExtension(file) is ".sql" or ".yml").Order(StringComparer.Ordinal)
            .Select(file => (AdditionalText)new GivenFile(file, SourceText.From(File.ReadAllText(file)))).ToImmutableArray();
        var (analyzer, idle) = (new PolicyLintAnalyzer(), new IdleAnalyzer());
        Console.WriteLine($"{solution.Queries} queries: first analysis {Analyze(analyzer, compilation, additional, null)}; an analyzer that does nothing {Analyze(idle, compilation.Clone(), additional, null)}");
        var (whole, file, nothing) = (Cost.None, Cost.None, Cost.None);
        var edited = compilation.SyntaxTrees.Single(tree => tree.FilePath == solution.EditedFile);
        for (var edit = 0; edit < edits; edit++)
        {
            var next = CSharpSyntaxTree.ParseText(CSharpSolution.Edit(File.ReadAllText(solution.EditedFile), 10 + edit), path: solution.EditedFile);
            compilation = compilation.ReplaceSyntaxTree(edited, next);
            edited = next;
            file = file.Least(Analyze(analyzer, compilation, additional, edited));
            nothing = nothing.Least(Analyze(idle, compilation.Clone(), additional, edited));
            whole = whole.Least(Analyze(analyzer, compilation.Clone(), additional, null));
        }
        var isHeld = file.Counted <= MostAfterEdit;
        Console.WriteLine($"after an edit: the whole project {whole}; the edited file with an analyzer that does nothing {nothing}");
        Console.WriteLine($"  the edited file {file} <= {Seconds(MostAfterEdit)}{(isHeld ? "" : "  NOT HELD")}");
        return isHeld ? 0 : 1;
    }

    private static Cost Analyze(DiagnosticAnalyzer analyzer, Compilation compilation, ImmutableArray<AdditionalText> files, SyntaxTree? only)
    {
        var host = compilation.WithAnalyzers([analyzer], new CompilationWithAnalyzersOptions(new AnalyzerOptions(files), onAnalyzerException: null, concurrentAnalysis: false, logAnalyzerExecutionTime: true));
        var before = Environment.CpuUsage.UserTime;
        if (only is null)
        {
            // What failed costs nothing.
            if (host.GetAnalyzerDiagnosticsAsync().GetAwaiter().GetResult().FirstOrDefault(diagnostic => diagnostic.Id is "AD0001" or "PL9007") is { } fault)
                throw new InvalidOperationException(fault.ToString());
        }
        else
        {
            _ = host.GetAnalyzerSemanticDiagnosticsAsync(compilation.GetSemanticModel(only), null, default).GetAwaiter().GetResult();
        }
        var processor = Environment.CpuUsage.UserTime - before;
        return new(host.GetAnalyzerTelemetryInfoAsync(analyzer, default).GetAwaiter().GetResult().ExecutionTime.TotalSeconds, processor.TotalSeconds);
    }

    private static string Seconds(double seconds) => seconds.ToString("0.000", CultureInfo.InvariantCulture) + " s";

    /// <summary>What an analysis takes.</summary>
    /// <param name="Counted">The analyzer's time as the compiler counts it, which is what -reportanalyzer shows.</param>
    /// <param name="Processor">The processor's time for it and all that the compiler does for it.</param>
    private readonly record struct Cost(double Counted, double Processor)
    {
        public static Cost None { get; } = new(double.MaxValue, double.MaxValue);

        public Cost Least(Cost other) => new(Math.Min(Counted, other.Counted), Math.Min(Processor, other.Processor));

        public override string ToString() => $"{Seconds(Counted)} ({Seconds(Processor)} cpu with the compiler's own)";
    }

#pragma warning disable RS1001, RS1036, RS1038, RS1041 // No compiler loads it.
    private sealed class IdleAnalyzer : DiagnosticAnalyzer
#pragma warning restore RS1001, RS1036, RS1038, RS1041
    {
        public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [new("IDLE", "Idle", "Idle", "Idle", DiagnosticSeverity.Hidden, isEnabledByDefault: true)];

        public override void Initialize(AnalysisContext context)
        {
            context.EnableConcurrentExecution();
            context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
            context.RegisterOperationAction(_ => { }, OperationKind.Invocation, OperationKind.ObjectCreation, OperationKind.SimpleAssignment, OperationKind.Loop, OperationKind.Conditional);
        }
    }

    private sealed class GivenFile(string path, SourceText text) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => text;
    }
}
