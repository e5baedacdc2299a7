using System.Diagnostics;
using System.Globalization;
using System.Text;
using PolicyLint.Cli.Projects;

namespace PolicyLint.Cli.Baselines;

/// <summary>The files of a commit, at the paths that they have in the working tree. Links and submodules are left out.</summary>
internal sealed class CommitTree : IFileTree, IDisposable
{
    private readonly string _root;
    private readonly Dictionary<string, string> _blobs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (List<string> Files, List<string> Folders)> _folders = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private Process? _contents;

    private CommitTree(string root) => _root = root;

    /// <summary>Opens the commit that a ref names, in the repository around a folder.</summary>
    public static CommitTree Open(string reference, string folder)
    {
        if (GitProcess.Run(folder, ["rev-parse", "--show-toplevel"], out var words) is not { } topLevel)
        {
            throw new GitException(words.Contains("not a git repository", StringComparison.Ordinal)
                ? $"{folder} is not inside a git repository: run the command in one, or use --baseline"
                : "git cannot read the repository: " + words);
        }
        // A ref that begins with a dash would be read as an option.
        if (reference.StartsWith('-')
            || GitProcess.Run(folder, ["rev-parse", "--verify", "--quiet", reference + "^{commit}"], out _) is not { } commit)
        {
            throw new GitException($"there is no commit {reference} here: name a branch, tag or commit id; a shallow clone has to fetch it first (git fetch origin {reference})");
        }
        // git resolves links on the way to the root, and the working folder may have been entered through one.
        var root = RootAsEntered(folder) ?? Text(topLevel);
        var tree = new CommitTree(root);
        if (GitProcess.Run(folder, ["ls-tree", "-r", "-z", "--full-tree", Text(commit)], out words) is not { } listing)
            throw new GitException($"git cannot list the files of {reference}: {words}");
        tree.Fill(listing);
        return tree;
    }

    public bool FileExists(string path) => _blobs.ContainsKey(path);

    public bool FolderExists(string path) => _folders.ContainsKey(Path.TrimEndingDirectorySeparator(path));

    public IEnumerable<string> Files(string folder) => _folders[Path.TrimEndingDirectorySeparator(folder)].Files;

    public IEnumerable<string> Folders(string folder) => _folders[Path.TrimEndingDirectorySeparator(folder)].Folders;

    public byte[]? Read(string file, long most)
    {
        var id = _blobs[file];
        lock (_lock)
        {
            _contents ??= GitProcess.Start(_root, ["cat-file", "--batch"]);
            _contents.StandardInput.Write(id + "\n");
            _contents.StandardInput.Flush();
            var output = _contents.StandardOutput.BaseStream;
            // `id SP blob SP length`, or `id SP missing`.
            var header = ReadLine(output);
            if (!header.StartsWith(id + " blob ", StringComparison.Ordinal) || !long.TryParse(header.AsSpan(id.Length + 6), CultureInfo.InvariantCulture, out var length))
                throw new IOException($"git answered `{header}`");
            if (length > most)
            {
                Skip(output, length + 1);
                return null;
            }
            var bytes = new byte[length];
            output.ReadExactly(bytes);
            Skip(output, 1);
            return bytes;
        }
    }

    public void Dispose()
    {
        if (_contents is null)
            return;
        _contents.StandardInput.Close();
        _contents.WaitForExit();
        _contents.Dispose();
    }

    // One entry: mode SP type SP id TAB path NUL.
    private void Fill(byte[] listing)
    {
        Folder(_root);
        foreach (var entry in Encoding.UTF8.GetString(listing).Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            var tab = entry.IndexOf('\t', StringComparison.Ordinal);
            var fields = entry[..tab].Split(' ');
            if (fields[1] != "blob" || fields[0] == "120000")
                continue;
            var path = Path.Combine(_root, entry[(tab + 1)..].Replace('/', Path.DirectorySeparatorChar));
            _blobs[path] = fields[2];
            Folder(Path.GetDirectoryName(path)!).Files.Add(path);
        }
    }

    private (List<string> Files, List<string> Folders) Folder(string path)
    {
        if (_folders.TryGetValue(path, out var folder))
            return folder;
        folder = ([], []);
        _folders.Add(path, folder);
        if (path.Length > _root.Length)
            Folder(Path.GetDirectoryName(path)!).Folders.Add(path);
        return folder;
    }

    private static string? RootAsEntered(string folder)
    {
        for (var current = folder; current is not null; current = Path.GetDirectoryName(current))
        {
            if (Path.Exists(Path.Combine(current, ".git")))
                return current;
        }
        return null;
    }

    private static string Text(byte[] output) => Encoding.UTF8.GetString(output).TrimEnd('\r', '\n');

    private static void Skip(Stream stream, long count)
    {
        var buffer = new byte[Math.Min(count, 1 << 16)];
        while (count > 0)
        {
            var read = stream.Read(buffer, 0, (int)Math.Min(count, buffer.Length));
            if (read == 0)
                throw new EndOfStreamException();
            count -= read;
        }
    }

    private static string ReadLine(Stream stream)
    {
        var line = new List<byte>();
        for (var next = stream.ReadByte(); next >= 0 && next != '\n'; next = stream.ReadByte())
            line.Add((byte)next);
        return Encoding.UTF8.GetString([.. line]);
    }
}
