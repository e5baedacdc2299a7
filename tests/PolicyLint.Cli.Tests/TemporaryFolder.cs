using System.Text;

namespace PolicyLint.Cli.Tests;

/// <summary>A folder of its own for a test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("policylint-").FullName;

    public TemporaryFolder With(string path, string text) => With(path, Encoding.UTF8.GetBytes(text));

    public TemporaryFolder With(string path, byte[] bytes)
    {
        var file = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, bytes);
        return this;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
