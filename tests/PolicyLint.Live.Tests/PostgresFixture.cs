using PolicyLint.Core.Platforms;
using PolicyLint.Live.Scratch;

namespace PolicyLint.Live.Tests;

/// <summary>The scratch servers of tests that only need databases. What is in one collection runs one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class PostgresCollection : ICollectionFixture<PostgresFixture>
{
    public const string Name = "PostgreSQL";
}

/// <summary>As <see cref="PostgresCollection"/>, beside it: catalogs and rules, whose tests are many and short.</summary>
[CollectionDefinition(Name)]
public sealed class PostgresCatalogCollection : ICollectionFixture<PostgresFixture>
{
    public const string Name = "PostgreSQL catalogs";
}

public sealed class PostgresFixture : IAsyncLifetime
{
    private ScratchCluster? plain;
    private ScratchCluster? supabase;
    private string missing = "";

    /// <summary>A server; skips the test where there is no PostgreSQL, and fails it where there has to be one.</summary>
    public ScratchCluster Cluster => On(PlatformSql.Plain);

    /// <summary>The server for databases of a platform: one that changed between platforms would seed them anew each time.</summary>
    public ScratchCluster On(PlatformSql platform)
    {
        RequirePostgres(missing);
        return platform.Name == PlatformSql.Supabase.Name ? supabase! : plain!;
    }

    public bool IsMissing => missing.Length > 0;

    public static void RequirePostgres() => RequirePostgres(WhyMissing());

    public async Task InitializeAsync()
    {
        missing = WhyMissing();
        if (missing.Length == 0)
        {
            var options = new ScratchOptions { TemporaryFolder = FolderInMemory() };
            var starting = ScratchCluster.StartAsync(options);
            supabase = await ScratchCluster.StartAsync(options);
            plain = await starting;
        }
    }

    public async Task DisposeAsync()
    {
        if (supabase is not null)
            await supabase.DisposeAsync();
        if (plain is not null)
            await plain.DisposeAsync();
    }

    // A database is a thousand files, and most of a test's time goes into copying them.
    private static string? FolderInMemory()
    {
        const string Folder = "/dev/shm";
        const long Enough = 2L << 30;
        return Directory.Exists(Folder) && new DriveInfo(Folder).AvailableFreeSpace > Enough ? Folder : null;
    }

    private static string WhyMissing()
    {
        try
        {
            PostgresBinaries.Find();
            return "";
        }
        catch (ScratchException e)
        {
            return e.Message;
        }
    }

    private static void RequirePostgres(string missing)
    {
        if (missing.Length > 0 && Environment.GetEnvironmentVariable("CI") is not null)
            Assert.Fail(missing);

        Skip.If(missing.Length > 0, missing);
    }
}
