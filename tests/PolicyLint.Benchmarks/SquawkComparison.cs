using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace PolicyLint.Benchmarks;

/// <summary>
/// The policylint command beside squawk's on the same files, one after the other in one run, best of several: wall time as a person waits
/// for it, processor time because a busy machine makes wall times lie. scripts/compare-squawk.sh prepares both programs.
/// </summary>
internal static class SquawkComparison
{
    private const int Policies = 20_000;
    private const double MostSecondsOverSquawkToStart = 0.060;
    private const double MostBytesPerByte = 40;
    private const double MostGrowth = 4.4;

    public static int Run(string policylint, string squawk, string corpus, int runs)
    {
        var folder = Directory.CreateTempSubdirectory("policylint-compare-").FullName;
        try
        {
            Console.WriteLine($"{"",-34} {"policylint",20} {"squawk",20} {"bound",22}");
            var held = CompareCorpus(policylint, squawk, corpus, folder, runs)
                & CompareFiles(policylint, squawk, folder, runs)
                & CheckGrowth(policylint, folder, runs);
            Console.WriteLine(held ? "all bounds hold" : "a bound does not hold");
            return held ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Each repository is a database of its own. squawk stops at the first file that is not UTF-8, so both get what both can read.
    private static bool CompareCorpus(string policylint, string squawk, string corpus, string folder, int runs)
    {
        var copy = Path.Combine(folder, "corpus");
        var files = new List<string>();
        long bytes = 0;
        foreach (var file in Directory.EnumerateFiles(corpus, "*.sql", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var content = File.ReadAllBytes(file);
            if (!IsUtf8(content))
                continue;
            var target = Path.Combine(copy, Path.GetRelativePath(corpus, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.WriteAllBytes(target, content);
            files.Add(target);
            bytes += content.Length;
        }
        var repositories = Directory.GetDirectories(copy).Order(StringComparer.Ordinal).ToArray();
        var ours = Best(policylint, ["check", .. repositories], runs);
        var theirs = Best(squawk, files, runs);
        return Row($"corpus, {files.Count} files, {Megabytes(bytes)}", ours, theirs, ours.Wall / theirs.Wall, 1, "of squawk's time");
    }

    private static bool CompareFiles(string policylint, string squawk, string folder, int runs)
    {
        var small = Path.Combine(folder, "small.sql");
        File.WriteAllText(small, "create table public.notes (id int primary key, user_id uuid not null);\n");
        var large = Path.Combine(folder, "policies.sql");
        File.WriteAllText(large, Script(Policies / 10, 10));

        var ourSmall = Best(policylint, ["check", small], runs * 3);
        var theirSmall = Best(squawk, [small], runs * 3);
        var ourLarge = Best(policylint, ["check", large], runs);
        var theirLarge = Best(squawk, [large], runs);
        var perByte = (ourLarge.Memory - ourSmall.Memory) / (double)new FileInfo(large).Length;
        return Row($"{Policies} policies, {Megabytes(new FileInfo(large).Length)}", ourLarge, theirLarge, ourLarge.Wall / theirLarge.Wall, 1 / 3.0, "of squawk's time")
            & Row("start-up, one small file", ourSmall, theirSmall, ourSmall.Wall - theirSmall.Wall, MostSecondsOverSquawkToStart, "s over squawk's")
            & Bound("  memory over that of start-up", $"{perByte:0.0} bytes per byte", perByte, MostBytesPerByte, "bytes per byte");
    }

    private static bool CheckGrowth(string policylint, string folder, int runs)
    {
        var one = WriteMigrations(Path.Combine(folder, "one"), 250);
        var four = WriteMigrations(Path.Combine(folder, "four"), 1000);
        var first = Best(policylint, ["check", one], runs);
        var second = Best(policylint, ["check", four], runs);
        return Bound("250 and 1000 migrations", $"{first.Wall:0.00} s and {second.Wall:0.00} s", second.Wall / first.Wall, MostGrowth, "times the time");
    }

    private static string WriteMigrations(string folder, int count)
    {
        Directory.CreateDirectory(folder);
        for (var i = 0; i < count; i++)
            File.WriteAllText(Path.Combine(folder, i.ToString("0000", CultureInfo.InvariantCulture) + ".sql"), Script(4, 4, i * 4));
        return folder;
    }

    /// <summary>Tables that belong to a user, each with policies.</summary>
    private static string Script(int tables, int policies, int first = 0)
    {
        string[] commands = ["select", "insert", "update", "delete", "all"];
        var script = new StringBuilder();
        for (var table = first; table < first + tables; table++)
        {
            script.Append(CultureInfo.InvariantCulture, $"create table public.t{table} (id uuid primary key, user_id uuid not null, title text);\nalter table public.t{table} enable row level security;\n");
            for (var i = 0; i < policies; i++)
            {
                var command = commands[i % commands.Length];
                script.Append(CultureInfo.InvariantCulture, $"create policy p{i} on public.t{table} for {command} to authenticated {(command == "insert" ? "with check" : "using")} (user_id = (select auth.uid()));\n");
            }
        }
        return script.ToString();
    }

    private static bool Row(string name, Measure ours, Measure theirs, double value, double most, string unit)
    {
        Console.WriteLine($"{name,-34} {ours,20} {theirs,20} {value,8:0.000} <= {most:0.000} {unit}{(value <= most ? "" : "  NOT HELD")}");
        return value <= most;
    }

    private static bool Bound(string name, string shown, double value, double most, string unit)
    {
        Console.WriteLine($"{name,-34} {shown,20} {"",20} {value,8:0.000} <= {most:0.000} {unit}{(value <= most ? "" : "  NOT HELD")}");
        return value <= most;
    }

    private static Measure Best(string program, IEnumerable<string> arguments, int runs)
    {
        string[] given = [.. arguments];
        Once(program, given);
        var best = Once(program, given);
        for (var i = 1; i < runs; i++)
        {
            var next = Once(program, given);
            best = new(Math.Min(best.Wall, next.Wall), Math.Min(best.Processor, next.Processor), Math.Min(best.Memory, next.Memory));
        }
        return best;
    }

    private static Measure Once(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        var from = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var (processor, memory) = (0.0, 0L);
        do
            (processor, memory) = Sample(process.Id, processor, memory);
        while (!process.WaitForExit(2));
        return new(Stopwatch.GetElapsedTime(from).TotalSeconds, processor, memory);
    }

    // The last sample before the end stands for the end: both numbers only grow.
    private static (double Processor, long Memory) Sample(int id, double processor, long memory)
    {
        try
        {
            var peak = File.ReadLines($"/proc/{id}/status").FirstOrDefault(static line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            if (peak is not null)
                memory = long.Parse(peak.AsSpan(6, peak.Length - 9), NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture) * 1024;
            var fields = File.ReadAllText($"/proc/{id}/stat");
            var times = fields[(fields.LastIndexOf(')') + 2)..].Split(' ');
            processor = Math.Max(processor, (long.Parse(times[11], CultureInfo.InvariantCulture) + long.Parse(times[12], CultureInfo.InvariantCulture)) / 100.0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended meanwhile.
        }
        return (processor, memory);
    }

    private static bool IsUtf8(byte[] bytes)
    {
        try
        {
            new UTF8Encoding(false, throwOnInvalidBytes: true).GetCharCount(bytes);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    private static string Megabytes(long bytes) => (bytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture) + " MB";

    /// <summary>The least of each over the runs: seconds on the clock, seconds of processors, bytes at the peak.</summary>
    private readonly record struct Measure(double Wall, double Processor, long Memory)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Wall:0.000} s, {Processor:0.00} cpu");
    }
}
