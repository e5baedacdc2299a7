using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using PolicyLint.Configuration;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Migrations;
using PolicyLint.Core.Options;
using PolicyLint.CSharp.Migrations;
using SqlSource = PolicyLint.Sql.Text.SourceText;

namespace PolicyLint.Analyzers;

/// <summary>What the project gave the compiler, its configuration and its SQL, and the database that they make.</summary>
internal sealed class ProjectInput
{
    private readonly IReadOnlyList<ProjectText> _files;
    private readonly Dictionary<SqlSource, string> _paths = [];
    private readonly object _lock = new();
    private ReplayedDatabase? _database;

    private ProjectInput(IReadOnlyList<ProjectText> files, IReadOnlyList<SqlSource> settings, string configurationPath, ConfigurationResult configuration, IReadOnlyList<SqlSource> sql)
    {
        _files = files;
        Settings = settings;
        ConfigurationPath = configurationPath;
        ConfigurationErrors = configuration.Errors;
        Options = configuration.Options;
        Input = new(MigrationLayout.Arrange(sql, Options), Options, AnalysisLimits.Ide);
    }

    /// <summary>The appsettings files, for their connection strings.</summary>
    public IReadOnlyList<SqlSource> Settings { get; }

    /// <summary>Empty where there is no configuration.</summary>
    public string ConfigurationPath { get; }

    public IReadOnlyList<ConfigurationError> ConfigurationErrors { get; }

    public PolicyLintOptions Options { get; }

    public AnalysisInput Input { get; }

    /// <summary>The files of concern; none where the project has neither a configuration nor SQL.</summary>
    public static IReadOnlyList<ProjectText> Find(ImmutableArray<AdditionalText> files, CancellationToken cancellation)
    {
        var found = new List<ProjectText>();
        var isOfConcern = false;
        foreach (var file in files)
        {
            var isSql = IsSql(file.Path) || IsConfiguration(file.Path);
            if (!isSql && !IsSettings(file.Path) || file.GetText(cancellation) is not { } text)
                continue;
            isOfConcern |= isSql;
            found.Add(new(file.Path, text));
        }
        return isOfConcern ? found : [];
    }

    /// <summary>Reads the files.</summary>
    public static ProjectInput Read(IReadOnlyList<ProjectText> files)
    {
        ProjectText? configuration = null;
        var sql = new List<SqlSource>();
        var settings = new List<SqlSource>();
        var paths = new Dictionary<SqlSource, string>();
        foreach (var file in files)
        {
            if (IsConfiguration(file.Path))
                configuration = configuration is { } other && other.Path.Length <= file.Path.Length ? other : file;
            else if (IsSettings(file.Path))
                settings.Add(new(file.Text.ToString(), file.Path));
            else
            {
                var source = new SqlSource(file.Text.ToString(), file.Path.Replace('\\', '/'));
                sql.Add(source);
                paths.Add(source, file.Path);
            }
        }
        var read = configuration is { } given
            ? ConfigurationReader.Read(new SqlSource(given.Text.ToString(), given.Path), (IReadOnlyCollection<string>)DescriptorMap.Ids)
            : new(PolicyLintOptions.Default, []);
        var input = new ProjectInput(files, settings, configuration?.Path ?? "", read, sql);
        foreach (var pair in paths)
            input._paths.Add(pair.Key, pair.Value);
        return input;
    }

    /// <summary>Whether it was read from these very texts.</summary>
    public bool IsOf(IReadOnlyList<ProjectText> files)
    {
        if (_files.Count != files.Count)
            return false;
        for (var i = 0; i < files.Count; i++)
        {
            if (!ReferenceEquals(_files[i].Text, files[i].Text) || _files[i].Path != files[i].Path)
                return false;
        }
        return true;
    }

    /// <summary>The database of the files and of the migrations in C#; replayed again only where a migration says something else.</summary>
    public ReplayedDatabase Replay(IReadOnlyList<CodeMigration> migrations, bool isJudged, CancellationToken cancellation)
    {
        // One thread replays, and the others of its compilation have nothing to do without it.
        lock (_lock)
        {
            return _database is { } known && known.IsOf(migrations, isJudged) ? known : _database = new(Input, migrations, isJudged, cancellation);
        }
    }

    /// <summary>A place in a file of the project; none for what stands in no file.</summary>
    public Location Locate(Core.Findings.Location location) =>
        location.Source is { } source && _paths.TryGetValue(source, out var path) ? At(path, source, location.Span.Start, location.Span.End) : Location.None;

    /// <summary>A place in the configuration.</summary>
    public Location Locate(ConfigurationError error) =>
        Options.Source is { } source ? At(ConfigurationPath, source, error.Span.Start, error.Span.End) : Location.None;

    private static Location At(string path, SqlSource source, int start, int end)
    {
        var from = source.GetPosition(start);
        var to = source.GetPosition(end);
        return Location.Create(path, TextSpan.FromBounds(start, Math.Max(start, end)), new(new(from.Line, from.Column), new(to.Line, to.Column)));
    }

    private static bool IsSql(string path) => path.EndsWith(".sql", StringComparison.OrdinalIgnoreCase);

    private static bool IsConfiguration(string path) => FileName(path) == "policylint.yml";

    private static bool IsSettings(string path) => path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) && FileName(path).StartsWith("appsettings", StringComparison.OrdinalIgnoreCase);

    private static string FileName(string path) => path.Substring(path.LastIndexOfAny(['/', '\\']) + 1);
}
