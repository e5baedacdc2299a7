using PolicyLint.Live.Scratch;

namespace PolicyLint.Live.Tests;

/// <summary>One scratch server for the tests that only need databases.</summary>
[CollectionDefinition(Name)]
public sealed class PostgresCollection : ICollectionFixture<PostgresFixture>
{
    public const string Name = "PostgreSQL";
}

public sealed class PostgresFixture : IAsyncLifetime
{
    private ScratchCluster? cluster;
    private string missing = "";

    /// <summary>The server; skips the test where there is no PostgreSQL, and fails it where there has to be one.</summary>
    public ScratchCluster Cluster
    {
        get
        {
            RequirePostgres(missing);
            return cluster!;
        }
    }

    public bool IsMissing => missing.Length > 0;

    public static void RequirePostgres() => RequirePostgres(WhyMissing());

    public async Task InitializeAsync()
    {
        missing = WhyMissing();
        if (missing.Length == 0)
            cluster = await ScratchCluster.StartAsync();
    }

    public async Task DisposeAsync()
    {
        if (cluster is not null)
            await cluster.DisposeAsync();
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
