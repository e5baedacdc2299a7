using PolicyLint.Sql;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Cli.Projects;

/// <summary>
/// Follows psql's `\i` and `\ir` from file to file. Included files are checked as files of their own; what is said here is where
/// psql itself would not get through: a cycle, a file that is missing, or one that is not among those checked.
/// </summary>
internal sealed class PsqlIncludes
{
    private readonly IReadOnlyDictionary<string, SourceText> _texts;
    private readonly string _workingFolder;
    private readonly IFileTree _tree;
    private readonly List<Problem> _problems;
    private readonly Dictionary<string, List<(string Target, string Place)>> _includes = new(StringComparer.Ordinal);

    private PsqlIncludes(IReadOnlyDictionary<string, SourceText> texts, string workingFolder, IFileTree tree, List<Problem> problems)
    {
        _texts = texts;
        _workingFolder = workingFolder;
        _tree = tree;
        _problems = problems;
    }

    /// <summary>Adds a problem for each include that cannot be followed.</summary>
    /// <param name="files">Full paths of the SQL files.</param>
    /// <param name="texts">What is checked, by full path.</param>
    /// <param name="workingFolder">Where psql would run.</param>
    /// <param name="tree">Where the files are.</param>
    /// <param name="problems">What is added to.</param>
    public static void Check(IReadOnlyList<string> files, IReadOnlyDictionary<string, SourceText> texts, string workingFolder, IFileTree tree, List<Problem> problems)
    {
        var includes = new PsqlIncludes(texts, workingFolder, tree, problems);
        foreach (var file in files)
        {
            if (texts.TryGetValue(file, out var text))
                includes.Read(file, text);
        }
        if (includes._includes.Count > 0)
            includes.FindCycles();
    }

    private void Read(string file, SourceText text)
    {
        // Few files include others, and only these are worth a second parse.
        if (!text.Text.Contains("\\i", StringComparison.Ordinal))
            return;
        foreach (var command in SqlParser.Parse(text, SqlParseOptions.Bounded).Statements.OfType<PsqlCommand>())
        {
            if (command.Command is not ("i" or "ir" or "include" or "include_relative"))
                continue;
            var position = text.GetPosition(command.Start);
            var place = $"{text.Path}:{position.Line + 1}:{position.Column + 1}";
            var name = command.Arguments.Trim('\'', '"', ' ');
            if (Resolve(file, name, isRelative: command.Command is "ir" or "include_relative") is not { } target)
                _problems.Add(new(place, $"\\{command.Command} {command.Arguments}: there is no such file; give its path relative to this file with \\ir"));
            else if (!_texts.ContainsKey(target))
                _problems.Add(new(place, $"\\{command.Command} {command.Arguments}: the file is not among those checked; give its folder as a path too"));
            else
            {
                if (!_includes.TryGetValue(file, out var targets))
                    _includes.Add(file, targets = []);
                targets.Add((target, place));
            }
        }
    }

    private string? Resolve(string file, string name, bool isRelative)
    {
        var folder = Path.GetDirectoryName(file)!;
        string[] from = isRelative ? [folder] : [_workingFolder, folder];
        return name.Length == 0 ? null : from.Select(start => Path.GetFullPath(name, start)).FirstOrDefault(_tree.FileExists);
    }

    private void FindCycles()
    {
        var done = new HashSet<string>(StringComparer.Ordinal);
        foreach (var start in _includes.Keys.Order(StringComparer.Ordinal))
            Follow(start, done);
    }

    // Depth first with a stack of its own: a chain of includes may be as long as there are files.
    private void Follow(string start, HashSet<string> done)
    {
        if (!done.Add(start))
            return;
        var path = new List<string> { start };
        var next = new List<int> { 0 };
        while (path.Count > 0)
        {
            var includes = _includes.GetValueOrDefault(path[^1], []);
            if (next[^1] == includes.Count)
            {
                path.RemoveAt(path.Count - 1);
                next.RemoveAt(next.Count - 1);
                continue;
            }
            var (target, place) = includes[next[^1]++];
            var index = path.IndexOf(target);
            if (index >= 0)
            {
                var cycle = path.Skip(index).Append(target).Select(file => _texts[file].Path);
                _problems.Add(new(place, $"files include each other in a cycle: {string.Join(" -> ", cycle)}; psql would never end, so take one of the includes out"));
            }
            else if (done.Add(target))
            {
                path.Add(target);
                next.Add(0);
            }
        }
    }
}
