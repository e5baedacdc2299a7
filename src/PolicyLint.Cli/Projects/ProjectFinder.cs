using PolicyLint.Cli.Code;
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
    public const string ConfigurationName = "policylint.yml";

    private static readonly HashSet<string> SkippedFolders = new(StringComparer.OrdinalIgnoreCase) { "bin", "obj", "node_modules", ".git", "artifacts", ".vs", ".idea" };

    private readonly string _workingFolder;
    private readonly IFileTree _tree;
    private readonly List<Problem> _problems = [];
    private readonly Dictionary<string, PolicyLintOptions> _configurations = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _sqlFiles = new(StringComparer.Ordinal);
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly List<(string Path, string Full)> _folders = [];
    private readonly List<string> _unreadable = [];
    private readonly List<CodeProject> _code = [];
    private readonly SortedSet<string> _documents = new(StringComparer.Ordinal);

    private ProjectFinder(string workingFolder, IFileTree tree)
    {
        _workingFolder = workingFolder;
        _tree = tree;
    }

    /// <summary>The databases below the paths, in order, and what could not be read.</summary>
    public static (IReadOnlyList<SqlProject> Projects, IReadOnlyList<Problem> Problems) Find(IReadOnlyList<string> paths, string workingFolder, IFileTree? tree = null)
    {
        var found = FindAll(paths, workingFolder, tree);
        return (found.Databases, found.Problems);
    }

    /// <summary>The same with the C# projects: a project or solution stands for the SQL below its folder, too.</summary>
    public static FoundProjects FindAll(IReadOnlyList<string> paths, string workingFolder, IFileTree? tree = null)
    {
        var finder = new ProjectFinder(workingFolder, tree ?? DiskTree.Instance);
        foreach (var path in paths)
            finder.AddPath(path);
        var projects = finder.BuildProjects();
        return new(projects, [.. finder._problems.OrderBy(problem => problem.Path, NaturalOrder.Instance)], finder._code);
    }

    /// <summary>The configuration of a folder, or of the nearest above it; the defaults where there is none.</summary>
    public static PolicyLintOptions ReadConfigurationFor(string folder, string workingFolder, List<Problem> problems)
    {
        var finder = new ProjectFinder(workingFolder, DiskTree.Instance);
        var project = finder.FindConfigurationAbove(Path.GetFullPath(folder, workingFolder));
        var options = project is null ? PolicyLintOptions.Default : finder.ReadConfiguration(project);
        problems.AddRange(finder._problems);
        return options;
    }

    private void AddPath(string path)
    {
        var full = Path.GetFullPath(path, _workingFolder);
        if (_tree.FolderExists(full))
        {
            _folders.Add((path, full));
            // Files of a folder without a configuration of its own belong to the nearest one above it.
            Walk(full, FindConfigurationAbove(full) ?? full);
        }
        else if (SolutionFile.IsCode(full) && File.Exists(full))
            AddCode(full);
        else if (_tree.FileExists(full))
            AddFile(full, FindConfigurationAbove(Path.GetDirectoryName(full)!) ?? Path.GetDirectoryName(full)!, isNamed: true);
        else
            _problems.Add(new(path, "there is no such file or folder: check the path; it is taken from " + _workingFolder));
    }

    // Projects are loaded as they are on disk; a commit gives their sources alone.
    private void AddCode(string file)
    {
        var folder = Path.GetDirectoryName(file)!;
        var database = FindConfigurationAbove(folder) ?? folder;
        try
        {
            foreach (var project in SolutionFile.ProjectsOf(file))
            {
                if (_code.All(known => known.File != project))
                    _code.Add(new(project, FindConfigurationAbove(Path.GetDirectoryName(project)!) ?? database));
            }
            foreach (var root in _code.Select(project => project.Database).Append(database).Distinct(StringComparer.Ordinal).ToList())
            {
                _sqlFiles.TryAdd(root, []);
                if (_tree.FolderExists(root))
                    Walk(root, root);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _problems.Add(new(Shown(file), "not read: " + e.Message));
        }
    }

    private void Walk(string folder, string project)
    {
        try
        {
            if (_tree.FileExists(Path.Combine(folder, ConfigurationName)))
                project = folder;
            foreach (var file in _tree.Files(folder).Order(StringComparer.Ordinal))
                AddFile(file, project, isNamed: false);
            foreach (var child in _tree.Folders(folder).Order(StringComparer.Ordinal))
            {
                if (!SkippedFolders.Contains(Path.GetFileName(child)))
                    Walk(child, project);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _problems.Add(new(Shown(folder), "not read: " + e.Message));
            _unreadable.Add(folder);
        }
    }

    private void AddFile(string file, string project, bool isNamed)
    {
        if (file.EndsWith(".sql", StringComparison.OrdinalIgnoreCase))
        {
            if (!_sqlFiles.TryGetValue(project, out var files))
                _sqlFiles.Add(project, files = []);
            if (_seen.Add(file))
                files.Add(file);
        }
        else if (file.EndsWith(".md", StringComparison.OrdinalIgnoreCase) || file.EndsWith(".markdown", StringComparison.OrdinalIgnoreCase))
            _documents.Add(file);
        else if (isNamed)
            _problems.Add(new(Shown(file), "not checked: neither a .sql nor a .md file; give SQL that extension"));
    }

    private List<SqlProject> BuildProjects()
    {
        string[] folders = [.. _sqlFiles.Keys.Order(StringComparer.Ordinal)];
        string[] sqlFiles = [.. folders.SelectMany(folder => _sqlFiles[folder])];
        var texts = ReadTexts([.. sqlFiles, .. _documents]);
        PsqlIncludes.Check(sqlFiles, texts, _workingFolder, _tree, _problems);
        var projects = new List<SqlProject>();
        foreach (var folder in folders)
        {
            var options = ReadConfiguration(folder);
            var inputs = MigrationLayout.Arrange([.. _sqlFiles[folder].Where(texts.ContainsKey).Select(file => texts[file])], options);
            projects.Add(new(Shown(folder), new(inputs, options, AnalysisLimits.Cli) { Today = () => DateTime.Today }) { Folder = folder });
        }
        foreach (var document in _documents)
        {
            if (!texts.TryGetValue(document, out var text))
                continue;
            var blocks = MarkdownFences.Find(text);
            if (blocks.Count == 0)
                continue;
            _seen.Add(document);
            var folder = Path.GetDirectoryName(document)!;
            var options = FindConfigurationAbove(folder) is { } project ? ReadConfiguration(project) : PolicyLintOptions.Default;
            var files = new List<InputFile> { new(text, ScriptRole.Migration, IsOneTransaction: false, SpansOf(blocks, isRollback: false)) };
            if (SpansOf(blocks, isRollback: true) is { Count: > 0 } rollbacks)
                files.Add(new(text, ScriptRole.Rollback, IsOneTransaction: false, rollbacks));
            projects.Add(new(text.Path, new(files, options, AnalysisLimits.Cli) { Today = () => DateTime.Today }));
        }
        foreach (var (path, full) in _folders)
        {
            if (!_seen.Any(file => IsBelow(file, full)) && !_unreadable.Any(file => file == full || IsBelow(file, full)))
                _problems.Add(new(path, "there are no .sql files and no .md files with sql blocks here: give the folder of the migrations"));
        }
        return projects;
    }

    // In parallel, because decoding takes as long as reading; problems in the order of the files all the same.
    private Dictionary<string, SourceText> ReadTexts(string[] files)
    {
        var read = new (SourceText? Text, Problem? Problem)[files.Length];
        Concurrently.Run(files.Length, i => read[i].Text = TextFiles.Read(_tree, files[i], Shown(files[i]), out read[i].Problem), default);
        var texts = new Dictionary<string, SourceText>(files.Length, StringComparer.Ordinal);
        for (var i = 0; i < files.Length; i++)
        {
            if (read[i].Text is { } text)
                texts.Add(files[i], text);
            if (read[i].Problem is { } problem)
            {
                _problems.Add(problem);
                _unreadable.Add(files[i]);
            }
        }
        return texts;
    }

    private static bool IsBelow(string path, string folder) =>
        path.StartsWith(folder, StringComparison.Ordinal) && (Path.EndsInDirectorySeparator(folder) || (path.Length > folder.Length && path[folder.Length] == Path.DirectorySeparatorChar));

    private static List<TextSpan> SpansOf(IReadOnlyList<MarkdownBlock> blocks, bool isRollback) =>
        [.. blocks.Where(block => block.IsRollback == isRollback).Select(block => block.Span)];

    private PolicyLintOptions ReadConfiguration(string folder)
    {
        if (_configurations.TryGetValue(folder, out var known))
            return known;
        var file = Path.Combine(folder, ConfigurationName);
        var options = PolicyLintOptions.Default;
        if (_tree.FileExists(file))
        {
            if (TextFiles.Read(_tree, file, Shown(file), out var problem) is not { } text)
            {
                _problems.Add(problem!);
                return options;
            }
            var read = ConfigurationReader.Read(text, AllRules.Ids);
            options = read.Options;
            foreach (var error in read.Errors)
            {
                var place = text.GetPosition(error.Span.Start);
                _problems.Add(new($"{text.Path}:{place.Line + 1}:{place.Column + 1}", error.Message));
            }
        }
        _configurations[folder] = options;
        return options;
    }

    // Up to the repository's root, and never above it: a configuration of another project must not leak in.
    private string? FindConfigurationAbove(string folder)
    {
        for (var current = folder; current is not null; current = Path.GetDirectoryName(current))
        {
            if (_tree.FileExists(Path.Combine(current, ConfigurationName)))
                return current;
            if (_tree.FolderExists(Path.Combine(current, ".git")) || _tree.FileExists(Path.Combine(current, ".git")))
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
