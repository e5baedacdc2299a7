using PolicyLint.Live.Scratch;

namespace PolicyLint.Cli.Tests;

/// <summary>What tests that need a server have in common.</summary>
internal static class PostgresTests
{
    /// <summary>Where there is no PostgreSQL the test is skipped, but never in CI.</summary>
    public static void SkipWithoutPostgres()
    {
        if (Environment.GetEnvironmentVariable("CI") is { Length: > 0 })
            return;
        try
        {
            PostgresBinaries.Find();
        }
        catch (ScratchException e)
        {
            Skip.If(true, e.Message);
        }
    }
}
