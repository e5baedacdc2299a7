using System.CommandLine;
using PolicyLint.Cli.Projects;
using PolicyLint.Core.Analysis;

namespace PolicyLint.Cli.Commands;

/// <summary>`policylint init [FOLDER]`: writes a policylint.yml that says what would otherwise be inferred.</summary>
internal static class InitCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("FOLDER") { Description = "The folder of one database; the current folder where none is given.", DefaultValueFactory = _ => "." };
        var force = CommonOptions.Flag("--force", "Overwrite a policylint.yml that is there.");
        var command = new Command("init", "Write a commented policylint.yml from what the files show.") { folder, force };
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(parsed.GetValue(folder)!, CommonOptions.IsGiven(parsed, force), Terminal.ForProcess(), cancellation)));
        return command;
    }

    internal static int Run(string folder, bool force, Terminal terminal, CancellationToken cancellation)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder, terminal.WorkingFolder));
        var file = Path.Combine(full, ProjectFinder.ConfigurationName);
        if (File.Exists(file) && !force)
        {
            terminal.Messages.WriteLine($"policylint: {file} is there already: --force overwrites it");
            return ExitCode.NotDone;
        }
        var (projects, problems) = ProjectFinder.Find([full], full, new Unconfigured(full));
        foreach (var problem in problems)
            terminal.Messages.WriteLine($"policylint: {problem}");
        if (projects.FirstOrDefault(found => found.Name == ".") is not { } project)
        {
            terminal.Messages.WriteLine($"policylint: {folder}: there are no migrations to go by, so no {ProjectFinder.ConfigurationName} is written");
            return ExitCode.NotDone;
        }
        var result = SqlAnalyzer.Analyze(project.Input, cancellation);
        try
        {
            File.WriteAllText(file, ConfigurationText.Write(project.Input, result));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            terminal.Messages.WriteLine($"policylint: {file}: not written: {e.Message}");
            return ExitCode.NotDone;
        }
        terminal.Output.WriteLine($"{file} written from {project.Input.Files.Select(f => f.Source.Path).Distinct().Count()} files: read it, and correct what was guessed");
        return problems.Count > 0 ? ExitCode.NotDone : ExitCode.Clean;
    }

    /// <summary>The disk without the configurations of a folder and of those above it: what is written anew must not rest on the old one.</summary>
    private sealed class Unconfigured(string folder) : IFileTree
    {
        private readonly DiskTree _disk = DiskTree.Instance;

        public bool FileExists(string path) =>
            _disk.FileExists(path) && !(Path.GetFileName(path) == ProjectFinder.ConfigurationName && (folder + Path.DirectorySeparatorChar).StartsWith(Above(path), StringComparison.Ordinal));

        public bool FolderExists(string path) => _disk.FolderExists(path);

        public IEnumerable<string> Files(string folder) => _disk.Files(folder);

        public IEnumerable<string> Folders(string folder) => _disk.Folders(folder);

        public byte[]? Read(string file, long most) => _disk.Read(file, most);

        private static string Above(string path) => Path.TrimEndingDirectorySeparator(Path.GetDirectoryName(path)!) + Path.DirectorySeparatorChar;
    }
}
