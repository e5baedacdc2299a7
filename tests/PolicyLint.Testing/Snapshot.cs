using System.Runtime.CompilerServices;

namespace PolicyLint.Testing;

/// <summary>Text that a test produced and a person approved, in `Class.Method.verified.txt` beside the test.</summary>
public static class Snapshot
{
    /// <summary>The approved text for the calling test; with POLICYLINT_UPDATE set, <paramref name="actual"/> becomes it.</summary>
    /// <param name="actual">What the test produced.</param>
    /// <param name="variant">Tells the rows of a theory apart.</param>
    public static string Of(string actual, string variant = "", [CallerFilePath] string file = "", [CallerMemberName] string method = "")
    {
        var name = Path.GetFileNameWithoutExtension(file) + "." + method + (variant.Length > 0 ? "." + variant : "") + ".verified.txt";
        var path = Path.Combine(Path.GetDirectoryName(file)!, name);
        if (Environment.GetEnvironmentVariable("POLICYLINT_UPDATE") is { Length: > 0 })
            File.WriteAllText(path, actual);
        return File.Exists(path) ? File.ReadAllText(path) : "";
    }
}
