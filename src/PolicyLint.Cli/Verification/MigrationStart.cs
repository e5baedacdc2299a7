using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog.Replay;

namespace PolicyLint.Cli.Verification;

/// <summary>Finds the migration that somebody names: by its path as reports show it, or by the end of that.</summary>
internal static class MigrationStart
{
    /// <summary>The one migration that is meant; null where there is none, or more than one.</summary>
    public static InputFile? Find(IReadOnlyList<InputFile> files, string name)
    {
        name = name.Replace('\\', '/');
        if (name.StartsWith("./", StringComparison.Ordinal))
            name = name[2..];
        var found = files.Where(file => file.Role == ScriptRole.Migration && (file.Source.Path == name || file.Source.Path.EndsWith("/" + name, StringComparison.Ordinal) || name.EndsWith("/" + file.Source.Path, StringComparison.Ordinal)))
            .DistinctBy(static file => file.Source.Path).ToList();
        return found.Find(file => file.Source.Path == name) ?? (found.Count == 1 ? found[0] : null);
    }

    /// <summary>The migrations before the one that is meant; null where it can't be told which that is.</summary>
    public static IReadOnlyList<InputFile>? FilesBefore(IReadOnlyList<InputFile> files, string name) => Find(files, name) is not { } first
        ? null
        : [.. files.Where(static file => file.Role == ScriptRole.Migration).TakeWhile(file => file.Source.Path != first.Source.Path)];
}
