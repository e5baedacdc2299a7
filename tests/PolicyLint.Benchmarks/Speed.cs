using System.Diagnostics;
using System.Globalization;
using System.Text;
using PolicyLint.Sql;
using PolicyLint.Sql.Text;

namespace PolicyLint.Benchmarks;

/// <summary>Text to typed tree on one thread, beside PostgreSQL's own parser, in processor time.</summary>
internal static class Speed
{
    // The compiler's last tier comes late where the machine is busy.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The real migrations of a folder and 20,000 generated policies, the two parsers in turn. Garbage of the run before is collected between runs;
    /// the column `collected` is the rate of runs that follow each other, with all collections that they cause.
    /// </summary>
    public static int Compare(string folder, int runs)
    {
        Console.WriteLine($"{"input",-22} {"MB",6} {"statements",10} {"raw parse",10} {"protobuf",10} {"ours",10} {"collected",9} {"x raw",6} {"x protobuf",10} {"bytes/byte",10}   (MB/s of processor time, median of {runs})");
        var migrations = Migrations(folder);
        var isReached = Compare("real migrations", migrations, runs);
        return isReached & Compare("20,000 policies", Policies(20_000), runs) ? 0 : 1;
    }

    /// <summary>One file, ours alone.</summary>
    public static int Run(string path, int runs)
    {
        var text = File.ReadAllText(path);
        var bytes = Encoding.UTF8.GetByteCount(text);
        var source = new SourceText(text, path);
        var tree = SqlParser.Parse(source);
        var seconds = Median(runs, () => SqlParser.Parse(source));
        Console.WriteLine($"{bytes / 1e6:0.00} MB, {tree.Statements.Count} statements, {tree.Errors.Count} errors: {bytes / seconds / 1e6:0.0} MB/s, {Allocated(source) / (double)bytes:0.0} bytes allocated per byte");
        return 0;
    }

    /// <summary>
    /// A growing prefix of the text's repetition: doubling the input at most doubles the time. Each size is parsed until 64 M characters are through,
    /// so that small ones pay for the collections that they cause, too.
    /// </summary>
    public static int Linear(string path)
    {
        var unit = Directory.Exists(path) ? Migrations(path) : File.ReadAllText(path);
        Warm(() => SqlParser.Parse(new SourceText(unit)));
        double previous = 0, worst = 0;
        for (var size = 1_000_000; size <= 64_000_000; size *= 2)
        {
            var repeated = new StringBuilder(size + unit.Length);
            while (repeated.Length < size)
                repeated.Append(unit);
            var source = new SourceText(repeated.ToString(0, size));
            var best = Enumerable.Range(0, 4).Min(_ => Measure(() => Enumerable.Range(0, 64_000_000 / size).Sum(_ => SqlParser.Parse(source).Statements.Count)) * size / 64_000_000);
            var growth = previous > 0 ? best / previous : 0;
            worst = Math.Max(worst, growth);
            Console.WriteLine($"{size / 1e6,5:0} M characters {best * 1000,8:0.0} ms {size / best / 1e6,8:0.0} M/s{(growth > 0 ? $"   x{growth:0.00}" : "")}");
            previous = best;
        }
        Console.WriteLine($"doubling the input costs at most x{worst:0.00}");
        return worst <= 2.2 ? 0 : 1;
    }

    public static string Policies(int count)
    {
        var text = new StringBuilder();
        string[] commands = ["SELECT", "INSERT", "UPDATE", "DELETE"];
        for (var i = 0; i < count; i++)
        {
            var command = commands[i % 4];
            var condition = (i % 3) switch
            {
                0 => "(auth.uid() = user_id)",
                1 => "(tenant_id IN (SELECT p.tenant_id FROM public.profiles p WHERE p.id = (SELECT auth.uid())))",
                _ => "(tenant_id = current_setting('app.tenant_id')::uuid AND (deleted_at IS NULL OR is_admin))",
            };
            var clause = command == "INSERT" ? $"WITH CHECK {condition}" : command == "UPDATE" ? $"USING {condition}\n  WITH CHECK {condition}" : $"USING {condition}";
            text.Append(CultureInfo.InvariantCulture, $"CREATE POLICY \"table_{i / 4}_{command}\" ON public.table_{i / 4}\n  AS PERMISSIVE FOR {command} TO authenticated\n  {clause};\n");
        }
        return text.ToString();
    }

    // The files that both parsers accept, one behind the other.
    private static string Migrations(string folder)
    {
        var text = new StringBuilder();
        foreach (var (_, sql) in Corpus.Files(folder))
        {
            if (LibPgQuery.Parse(Terminated(sql)) && Corpus.Parse(sql, "").Errors.Count == 0)
                text.Append(sql).Append("\n;\n");
        }
        return text.ToString();
    }

    private static bool Compare(string name, string text, int runs)
    {
        var bytes = Terminated(text);
        var source = new SourceText(text, name);
        double[] raw = new double[runs], protobuf = new double[runs], ours = new double[runs];
        Warm(() => SqlParser.Parse(source, Corpus.Options));
        var collected = Measure(() => Enumerable.Range(0, runs).Sum(_ => SqlParser.Parse(source, Corpus.Options).Statements.Count)) / runs;
        for (var i = 0; i < runs; i++)
        {
            GC.Collect();
            ours[i] = Measure(() => SqlParser.Parse(source, Corpus.Options));
            raw[i] = Measure(() => LibPgQuery.Parse(bytes));
            protobuf[i] = Measure(() => LibPgQuery.ParseToProtobuf(bytes));
        }
        double Rate(double[] seconds) => (bytes.Length - 1) / seconds.Order().ElementAt(runs / 2) / 1e6;
        double timesRaw = Rate(ours) / Rate(raw), timesProtobuf = Rate(ours) / Rate(protobuf), allocated = Allocated(source) / (bytes.Length - 1.0);
        Console.WriteLine($"{name,-22} {bytes.Length / 1e6,6:0.0} {SqlParser.Parse(source, Corpus.Options).Statements.Count,10} {Rate(raw),10:0.0} {Rate(protobuf),10:0.0} {Rate(ours),10:0.0} {(bytes.Length - 1) / collected / 1e6,9:0.0} {timesRaw,6:0.00} {timesProtobuf,10:0.0} {allocated,10:0.0}");
        return timesRaw >= 1 && timesProtobuf >= 10 && allocated <= 12;
    }

    private static byte[] Terminated(string text) => Encoding.UTF8.GetBytes(text + "\0");

    private static long Allocated(SourceText source)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        GC.KeepAlive(SqlParser.Parse(source, Corpus.Options));
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static double Median(int runs, Func<object> action)
    {
        Warm(action);
        return Enumerable.Range(0, runs).Select(_ => Measure(action)).Order().ElementAt(runs / 2);
    }

    private static void Warm(Func<object> action)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < WarmUp)
            GC.KeepAlive(action());
    }

    private static double Measure<T>(Func<T> action)
    {
        var start = LibPgQuery.ThreadTime();
        var result = action();
        var elapsed = LibPgQuery.ThreadTime() - start;
        GC.KeepAlive(result);
        return elapsed.TotalSeconds;
    }
}
