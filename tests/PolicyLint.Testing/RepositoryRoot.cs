namespace PolicyLint.Testing;

/// <summary>Where the repository is, found from where the tests run.</summary>
public static class RepositoryRoot
{
    /// <summary>The folder that holds PolicyLint.sln.</summary>
    public static string Path { get; } = Find();

    private static string Find()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = System.IO.Path.GetDirectoryName(folder))
        {
            if (File.Exists(System.IO.Path.Combine(folder, "PolicyLint.sln")))
                return folder;
        }
        throw new InvalidOperationException("the tests do not run inside the repository");
    }
}
