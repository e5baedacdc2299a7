namespace PolicyLint.Cli;

/// <summary>Independent pieces of work over the processors.</summary>
internal static class Concurrently
{
    /// <summary>Runs the pieces 0 to <paramref name="count"/> - 1; a single one on this thread, which saves loading what starts others.</summary>
    public static void Run(int count, Action<int> piece, CancellationToken cancellation)
    {
        if (count == 1)
            piece(0);
        else if (count > 1)
            RunOnAll(count, piece, cancellation);
    }

    private static void RunOnAll(int count, Action<int> piece, CancellationToken cancellation) =>
        Parallel.For(0, count, new ParallelOptions { CancellationToken = cancellation }, piece);
}
