namespace PolicyLint.Cli.Projects;

/// <summary>Where files are read from: the disk, or a commit. Paths are full paths of the disk in both.</summary>
internal interface IFileTree
{
    bool FileExists(string path);

    bool FolderExists(string path);

    /// <summary>Full paths of the files in a folder, in any order.</summary>
    IEnumerable<string> Files(string folder);

    /// <summary>Full paths of the folders in a folder, in any order; links are not followed.</summary>
    IEnumerable<string> Folders(string folder);

    /// <summary>The bytes of a file; null where there are more than <paramref name="most"/>.</summary>
    byte[]? Read(string file, long most);
}

/// <summary>The files as they are on disk.</summary>
internal sealed class DiskTree : IFileTree
{
    private static readonly EnumerationOptions Everything = new() { IgnoreInaccessible = false, AttributesToSkip = FileAttributes.ReparsePoint };

    public static DiskTree Instance { get; } = new();

    public bool FileExists(string path) => File.Exists(path);

    public bool FolderExists(string path) => Directory.Exists(path);

    public IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(folder, "*", Everything);

    public IEnumerable<string> Folders(string folder) => Directory.EnumerateDirectories(folder, "*", Everything);

    // What has no length is not opened: a named pipe has none either, and opening one waits for somebody who writes to it.
    // A shell's own pipes (`check <(pg_dump …)`) lie under /dev and /proc and have a writer.
    public byte[]? Read(string file, long most) => new FileInfo(file).Length switch
    {
        0 when !IsOfTheSystem(file) => [],
        var length => length > most ? null : File.ReadAllBytes(file),
    };

    private static bool IsOfTheSystem(string file) => file.StartsWith("/dev/", StringComparison.Ordinal) || file.StartsWith("/proc/", StringComparison.Ordinal);
}
