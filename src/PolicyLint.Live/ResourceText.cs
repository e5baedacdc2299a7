namespace PolicyLint.Live;

/// <summary>The scripts and queries that stand in files of their own and are embedded in the assembly.</summary>
internal static class ResourceText
{
    /// <summary>The text of a resource by its path in the project.</summary>
    public static string Read(string path)
    {
        using var stream = typeof(ResourceText).Assembly.GetManifestResourceStream(path)
            ?? throw new InvalidOperationException($"The assembly lacks the resource {path}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
