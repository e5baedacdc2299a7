namespace PolicyLint.Live;

/// <summary>The scripts and queries that stand in files of their own and are embedded in the assembly.</summary>
internal static class ResourceText
{
    /// <summary>The text of a resource by its path in the project.</summary>
    public static string Read(string path) =>
        Find(path) ?? throw new InvalidOperationException($"The assembly lacks the resource {path}.");

    /// <summary>The text of a resource by its path in the project, or null when there is none.</summary>
    public static string? Find(string path)
    {
        using var stream = typeof(ResourceText).Assembly.GetManifestResourceStream(path);
        if (stream is null)
            return null;

        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
