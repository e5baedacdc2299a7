using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using PolicyLint.Testing;

namespace PolicyLint.Analyzers.Tests;

/// <summary>What the compiler sees of the analyzer, whatever happens inside of it.</summary>
public sealed class HostTests
{
    private const string Schema = "create table notes (id uuid primary key, user_id uuid not null);";

    [Fact]
    public async Task A_configuration_error_stands_in_its_file_and_a_severity_of_it_holds()
    {
        var found = await AnalyzeAsync(new PolicyLintAnalyzer(), new Given("/app/1.sql", Schema), new Given("/app/policylint.yml", "platfrom: plain\nrules:\n  PL1001: warning\n"));

        var error = Assert.Single(found, diagnostic => diagnostic.Id == "PL9004");
        Assert.Equal("/app/policylint.yml", error.Location.GetLineSpan().Path);
        Assert.Equal(DiagnosticSeverity.Warning, Assert.Single(found, diagnostic => diagnostic.Id == "PL1001").Severity);
    }

    [Fact]
    public async Task An_editorconfig_raises_and_silences_what_stands_in_code()
    {
        var found = await AnalyzeAsync(new PolicyLintAnalyzer(), new Given("/app/1.sql", Schema));
        Assert.Equal(DiagnosticSeverity.Warning, Assert.Single(found, diagnostic => diagnostic.Id == "PL5001").Severity);

        found = await AnalyzeAsync(new PolicyLintAnalyzer(), new SeverityOf("PL5001", ReportDiagnostic.Error), new Given("/app/1.sql", Schema));
        Assert.Equal(DiagnosticSeverity.Error, Assert.Single(found, diagnostic => diagnostic.Id == "PL5001").Severity);

        found = await AnalyzeAsync(new PolicyLintAnalyzer(), new SeverityOf("PL5001", ReportDiagnostic.Suppress), new Given("/app/1.sql", Schema));
        Assert.DoesNotContain(found, diagnostic => diagnostic.Id == "PL5001");
    }

    [Fact]
    public async Task Another_project_of_the_solution_reports_what_is_found_in_sql()
    {
        AdditionalText[] files = [new Given("/app/1.sql", Schema), new Given("/app/policylint.yml", "platfrom: plain\n")];

        var found = await AnalyzeAsync(new PolicyLintAnalyzer(), null, new Properties("PolicyLintSqlFindings", "false"), files);

        Assert.Equal(["PL5001", "PL9008"], found.Select(diagnostic => diagnostic.Id).Order(StringComparer.Ordinal));
        Assert.Contains(await AnalyzeAsync(new PolicyLintAnalyzer(), null, new Properties("PolicyLintSqlFindings", ""), files), diagnostic => diagnostic.Id == "PL1001");
    }

    // The compiler's own AD0001 would blame the build and switch the analyzer off.
    [Fact]
    public async Task A_file_that_cannot_be_read_is_said_and_costs_no_more()
    {
        var found = await AnalyzeAsync(new PolicyLintAnalyzer(), new Given("/app/1.sql", null));

        Assert.Equal("PL9007", Assert.Single(found).Id);
    }

    [Fact]
    public async Task A_check_that_throws_is_said_where_it_did()
    {
        var found = await AnalyzeAsync(new Throwing());

        Assert.NotEmpty(found);
        Assert.All(found, diagnostic => Assert.Equal("PL9007", diagnostic.Id));
        Assert.All(found, diagnostic => Assert.Contains("InvalidOperationException: broken", diagnostic.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal));
    }

    [Fact]
    public void Each_descriptor_links_to_a_page_that_is_there() =>
        Assert.All(DescriptorMap.All, descriptor => Assert.True(File.Exists(Path.Combine(RepositoryRoot.Path, "rules", descriptor.HelpLinkUri.Split('/')[^1])), descriptor.HelpLinkUri));

    private static Task<ImmutableArray<Diagnostic>> AnalyzeAsync(DiagnosticAnalyzer analyzer, params AdditionalText[] files) => AnalyzeAsync(analyzer, null, files);

    private static Task<ImmutableArray<Diagnostic>> AnalyzeAsync(DiagnosticAnalyzer analyzer, SyntaxTreeOptionsProvider? severities, params AdditionalText[] files) => AnalyzeAsync(analyzer, severities, null, files);

    private static async Task<ImmutableArray<Diagnostic>> AnalyzeAsync(DiagnosticAnalyzer analyzer, SyntaxTreeOptionsProvider? severities, AnalyzerConfigOptionsProvider? properties, AdditionalText[] files)
    {
        var tree = CSharpSyntaxTree.ParseText("""using Dapper; class Notes { object All(System.Data.IDbConnection c) => c.Query("select id from notes"); }""", path: "Notes.cs");
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create("app", [tree], references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary).WithSyntaxTreeOptionsProvider(severities));
        Assert.Empty(compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        return [.. (await compilation.WithAnalyzers([analyzer], properties is null ? new AnalyzerOptions([.. files]) : new AnalyzerOptions([.. files], properties)).GetAnalyzerDiagnosticsAsync())];
    }

    private sealed class Given(string path, string? text) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text ?? throw new IOException("locked"));
    }

    // What MSBuild hands on of a property that is visible to the compiler.
    private sealed class Properties(string name, string value) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new One("build_property." + name, value);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;

        private sealed class One(string name, string given) : AnalyzerConfigOptions
        {
            public override bool TryGetValue(string key, out string value)
            {
                value = given;
                return key == name;
            }
        }
    }

    // What the compiler makes of `dotnet_diagnostic.PLnnnn.severity`.
    private sealed class SeverityOf(string rule, ReportDiagnostic severity) : SyntaxTreeOptionsProvider
    {
        public override GeneratedKind IsGenerated(SyntaxTree tree, CancellationToken cancellationToken) => GeneratedKind.NotGenerated;

        public override bool TryGetDiagnosticValue(SyntaxTree tree, string diagnosticId, CancellationToken cancellationToken, out ReportDiagnostic value)
        {
            value = severity;
            return diagnosticId == rule;
        }

        public override bool TryGetGlobalDiagnosticValue(string diagnosticId, CancellationToken cancellationToken, out ReportDiagnostic value)
        {
            value = default;
            return false;
        }
    }

#pragma warning disable RS1036, RS1038, RS1041 // No compiler loads it.
    [DiagnosticAnalyzer(LanguageNames.CSharp)]
    private sealed class Throwing : DiagnosticAnalyzer
#pragma warning restore RS1036, RS1038, RS1041
    {
        public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => DescriptorMap.All;

        public override void Initialize(AnalysisContext context)
        {
            context.EnableConcurrentExecution();
            context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
            context.RegisterCompilationStartAction(start => SiteActions.Register(start, _ => throw new InvalidOperationException("broken"), (_, _) => { }, _ => { }));
        }
    }
}
