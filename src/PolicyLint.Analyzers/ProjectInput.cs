using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using PolicyLint.Configuration;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Migrations;
using PolicyLint.Core.Options;
using PolicyLint.CSharp.Migrations;
using SqlSource = PolicyLint.Sql.Text.SourceText;

namespace PolicyLint.Analyzers;

/// <summary>What the project gave the compiler: its configuration and its SQL.</summary>
internal sealed class ProjectInput
{
    private readonly Dictionary<SqlSource, AdditionalText> _files = [];
    private readonly Dictionary<SqlSource, CodeMigration> _migrations = [];

    /// <summary>The appsettings files, for their connection strings.</summary>
    public IReadOnlyList<SqlSource> Settings { get; private set; } = [];

    private ProjectInput(AdditionalText? configuration, ConfigurationResult result, AnalysisInput input)
    {
        Configuration = configuration;
        ConfigurationErrors = result.Errors;
        Options = result.Options;
        Input = input;
    }

    public AdditionalText? Configuration { get; }

    public IReadOnlyList<ConfigurationError> ConfigurationErrors { get; }

    public PolicyLintOptions Options { get; }

    public AnalysisInput Input { get; }

    /// <summary>Reads the additional files; null where none is of concern.</summary>
    public static ProjectInput? Read(ImmutableArray<AdditionalText> files, CancellationToken cancellation)
    {
        AdditionalText? configuration = null;
        var sql = new List<AdditionalText>();
        var settings = new List<SqlSource>();
        foreach (var file in files)
        {
            if (file.Path.EndsWith(".sql", StringComparison.OrdinalIgnoreCase))
                sql.Add(file);
            else if (FileName(file.Path).StartsWith("appsettings", StringComparison.OrdinalIgnoreCase) && file.Path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) && file.GetText(cancellation) is { } json)
                settings.Add(new(json.ToString(), file.Path));
            else if (FileName(file.Path) == "policylint.yml" && (configuration is null || file.Path.Length < configuration.Path.Length))
                configuration = file;
        }
        if (configuration is null && sql.Count == 0)
            return null;

        var read = configuration?.GetText(cancellation) is { } text
            ? ConfigurationReader.Read(new SqlSource(text.ToString(), configuration.Path), (IReadOnlyCollection<string>)DescriptorMap.Ids)
            : new(PolicyLintOptions.Default, []);
        var sources = new List<SqlSource>();
        var map = new Dictionary<SqlSource, AdditionalText>();
        foreach (var file in sql)
        {
            if (file.GetText(cancellation) is not { } content)
                continue;
            var source = new SqlSource(content.ToString(), file.Path.Replace('\\', '/'));
            sources.Add(source);
            map.Add(source, file);
        }
        var input = new ProjectInput(configuration, read, new(MigrationLayout.Arrange(sources, read.Options), read.Options, AnalysisLimits.Ide)) { Settings = settings };
        foreach (var pair in map)
            input._files.Add(pair.Key, pair.Value);
        return input;
    }

    /// <summary>The input with the migrations that are written in C#. They own the tables; scripts beside them come after.</summary>
    public AnalysisInput WithMigrations(IReadOnlyList<CodeMigration> migrations)
    {
        var files = new List<InputFile>();
        foreach (var migration in migrations)
        {
            _migrations[migration.Source] = migration;
            files.Add(new(migration.Source, ScriptRole.Migration, IsOneTransaction: true));
        }
        files.AddRange(Input.Files);
        return Input with { Files = files };
    }

    /// <summary>A place of the analysis as the compiler's; none for what stands in no file of the project.</summary>
    public Location Locate(Core.Findings.Location location) => location.Source is { } code && _migrations.TryGetValue(code, out var migration)
        ? migration.Locate(location.Span.Start, location.Span.End)
        : location.Source is { } source && _files.TryGetValue(source, out var file) ? At(file.Path, source, location.Span.Start, location.Span.End) : Location.None;

    /// <summary>A place in the configuration.</summary>
    public Location Locate(ConfigurationError error) =>
        Configuration is null || Options.Source is not { } source ? Location.None : At(Configuration.Path, source, error.Span.Start, error.Span.End);

    private static Location At(string path, SqlSource source, int start, int end)
    {
        var from = source.GetPosition(start);
        var to = source.GetPosition(end);
        return Location.Create(path, TextSpan.FromBounds(start, Math.Max(start, end)), new(new(from.Line, from.Column), new(to.Line, to.Column)));
    }

    private static string FileName(string path) => path.Substring(path.LastIndexOfAny(['/', '\\']) + 1);
}
