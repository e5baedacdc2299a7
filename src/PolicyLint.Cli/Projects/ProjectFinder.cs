using PolicyLint.Configuration;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Migrations;
using PolicyLint.Core.Options;
using PolicyLint.Sql.Text;

namespace PolicyLint.Cli.Projects;

/// <summary>
/// Turns paths into databases. A folder with a policylint.yml is one; SQL files under no such folder are one together;
/// each Markdown document with `sql` blocks is one of its own.
/// </summary>
internal sealed class ProjectFinder
{
    private const string ConfigurationName = "policylint.yml";

    private static readonly EnumerationOptions Everything = new() { IgnoreInaccessible = false, AttributesToSkip = FileAttributes.ReparsePoint };
    private static readonly HashSet<string> SkippedFolders = new(StringComparer.OrdinalIgnoreCase) { "bin", "obj", "node_modules", ".git", "artifacts", ".vs", ".idea" };

    private readonly string _workingFolder;
    private readonly List<Problem> _problems = [];
    private readonly Dictionary<string, PolicyLintOptions> _configurations = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, List<string>> _sqlFiles = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _documents = new(StringComparer.Ordinal);

    private ProjectFinder(string workingFolder) => _workingFolder = workingFolder;

    /// <summary>The databases below the paths, in order, and what could not be read.</summary>
    public static (IReadOnlyList<SqlProject> Projects, IReadOnlyList<Problem> Problems) Find(IReadOnlyList<string> paths, string workingFolder)
    {
        var finder = new ProjectFinder(workingFolder);
        foreach (var path in paths)
            finder.AddPath(path);
        return (finder.BuildProjects(), finder._problems);
    }

    /// <summary>The configuration of a folder, or of the nearest above it; the defaults where there is none.</summary>
    public static PolicyLintOptions ReadConfigurationFor(string folder, string workingFolder, List<Problem> problems)
    {
        var finder = new ProjectFinder(workingFolder);
        var project = FindConfigurationAbove(Path.GetFullPath(folder, workingFolder));
        var options = project is null ? PolicyLintOptions.Default : finder.ReadConfiguration(project);
        problems.AddRange(finder._problems);
        return options;
    }

    private void AddPath(string path)
    {
        var full = Path.GetFullPath(path, _workingFolder);
        if (Directory.Exists(full))
        {
            var before = _sqlFiles.Values.Sum(files => files.Count) + _documents.Count;
            // Files of a folder without a configuration of its own belong to the nearest one above it.
            Walk(full, FindConfigurationAbove(full) ?? full);
            if (_sqlFiles.Values.Sum(files => files.Count) + _documents.Count == before)
                _problems.Add(new(path, "there are no .sql files and no .md files with sql blocks here"));
        }
        else if (File.Exists(full))
            AddFile(full, FindConfigurationAbove(Path.GetDirectoryName(full)!) ?? Path.GetDirectoryName(full)!, isNamed: true);
        else
            _problems.Add(new(path, "there is no such file or folder"));
    }

    private void Walk(string folder, string project)
    {
        try
        {
            if (File.Exists(Path.Combine(folder, ConfigurationName)))
                project = folder;
            foreach (var file in Directory.EnumerateFiles(folder, "*", Everything).Order(StringComparer.Ordinal))
                AddFile(file, project, isNamed: false);
            foreach (var child in Directory.EnumerateDirectories(folder, "*", Everything).Order(StringComparer.Ordinal))
            {
                if (!SkippedFolders.Contains(Path.GetFileName(child)))
                    Walk(child, project);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _problems.Add(new(Shown(folder), "not read: " + e.Message));
        }
    }

    private void AddFile(string file, string project, bool isNamed)
    {
        if (file.EndsWith(".sql", StringComparison.OrdinalIgnoreCase))
        {
            if (!_sqlFiles.TryGetValue(project, out var files))
                _sqlFiles.Add(project, files = []);
            if (!files.Contains(file))
                files.Add(file);
        }
        else if (file.EndsWith(".md", StringComparison.OrdinalIgnoreCase) || file.EndsWith(".markdown", StringComparison.OrdinalIgnoreCase))
            _documents.Add(file);
        else if (isNamed)
            _problems.Add(new(Shown(file), "not checked: neither a .sql nor a .md file"));
    }

    private List<SqlProject> BuildProjects()
    {
        var projects = new List<SqlProject>();
        foreach (var (folder, files) in _sqlFiles)
        {
            var options = ReadConfiguration(folder);
            var texts = new List<SourceText>();
            foreach (var file in files)
            {
                if (TextFiles.Read(file, Shown(file), _problems) is { } text)
                    texts.Add(text);
            }
            projects.Add(new(Shown(folder), new(MigrationLayout.Arrange(texts, options), options, AnalysisLimits.Cli) { Today = DateTime.Today }));
        }
        foreach (var document in _documents)
        {
            if (TextFiles.Read(document, Shown(document), _problems) is not { } text)
                continue;
            var blocks = MarkdownFences.Find(text);
            if (blocks.Count == 0)
                continue;
            var folder = Path.GetDirectoryName(document)!;
            var options = FindConfigurationAbove(folder) is { } project ? ReadConfiguration(project) : PolicyLintOptions.Default;
            var files = new List<InputFile> { new(text, ScriptRole.Migration, IsOneTransaction: false, SpansOf(blocks, isRollback: false)) };
            if (SpansOf(blocks, isRollback: true) is { Count: > 0 } rollbacks)
                files.Add(new(text, ScriptRole.Rollback, IsOneTransaction: false, rollbacks));
            projects.Add(new(text.Path, new(files, options, AnalysisLimits.Cli) { Today = DateTime.Today }));
        }
        return projects;
    }

    private static List<TextSpan> SpansOf(IReadOnlyList<MarkdownBlock> blocks, bool isRollback) =>
        [.. blocks.Where(block => block.IsRollback == isRollback).Select(block => block.Span)];

    private PolicyLintOptions ReadConfiguration(string folder)
    {
        if (_configurations.TryGetValue(folder, out var known))
            return known;
        var file = Path.Combine(folder, ConfigurationName);
        var options = PolicyLintOptions.Default;
        if (File.Exists(file) && TextFiles.Read(file, Shown(file), _problems) is { } text)
        {
            var read = ConfigurationReader.Read(text, AllRules.Ids);
            options = read.Options;
            foreach (var error in read.Errors)
            {
                var place = text.GetPosition(error.Span.Start);
                _problems.Add(new($"{text.Path}:{place.Line + 1}:{place.Column + 1}", error.Message));
            }
        }
        _configurations.Add(folder, options);
        return options;
    }

    // Up to the repository's root, and never above it: a configuration of another project must not leak in.
    private static string? FindConfigurationAbove(string folder)
    {
        for (var current = folder; current is not null; current = Path.GetDirectoryName(current))
        {
            if (File.Exists(Path.Combine(current, ConfigurationName)))
                return current;
            if (Directory.Exists(Path.Combine(current, ".git")) || File.Exists(Path.Combine(current, ".git")))
                return null;
        }
        return null;
    }

    private string Shown(string path)
    {
        var relative = Path.GetRelativePath(_workingFolder, path).Replace('\\', '/');
        return relative.Length == 0 ? "." : relative;
    }
}
