using System.Runtime.InteropServices;

namespace PolicyLint.Benchmarks;

/// <summary>PostgreSQL's own parser in C: Debian's libpg-query-dev. Texts end with a NUL.</summary>
internal static partial class LibPgQuery
{
    private const int ThreadCpuTime = 3;

    /// <summary>The raw parse: nothing of the tree is handed out. Whether it was accepted.</summary>
    public static bool Parse(byte[] sql)
    {
        var result = pg_query_split_with_parser(sql);
        var isAccepted = result.Error == 0;
        pg_query_free_split_result(result);
        return isAccepted;
    }

    /// <summary>The parse that every wrapper pays: the tree serialised, not yet decoded.</summary>
    public static bool ParseToProtobuf(byte[] sql)
    {
        var result = pg_query_parse_protobuf(sql);
        var isAccepted = result.Error == 0;
        pg_query_free_protobuf_parse_result(result);
        return isAccepted;
    }

    /// <summary>Processor time of this thread: what other processes take away does not count.</summary>
    public static TimeSpan ThreadTime()
    {
        _ = clock_gettime(ThreadCpuTime, out var time);
        return TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000.0);
    }

    [LibraryImport("libpg_query.so")]
    private static partial SplitResult pg_query_split_with_parser(byte[] sql);

    [LibraryImport("libpg_query.so")]
    private static partial void pg_query_free_split_result(SplitResult result);

    [LibraryImport("libpg_query.so")]
    private static partial ProtobufResult pg_query_parse_protobuf(byte[] sql);

    [LibraryImport("libpg_query.so")]
    private static partial void pg_query_free_protobuf_parse_result(ProtobufResult result);

    [LibraryImport("libc")]
    private static partial int clock_gettime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct SplitResult
    {
        public nint Statements;
        public int Count;
        public nint StandardError;
        public nint Error;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct ProtobufResult
    {
        public nint Length;
        public nint Data;
        public nint StandardError;
        public nint Error;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
