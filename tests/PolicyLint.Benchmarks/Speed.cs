using System.Diagnostics;
using System.Globalization;
using System.Text;
using PolicyLint.Sql;
using PolicyLint.Sql.Text;

namespace PolicyLint.Benchmarks;

/// <summary>Text to typed tree on one thread.</summary>
internal static class Speed
{
    public static int Run(string path, int runs)
    {
        var text = File.ReadAllText(path);
        var bytes = Encoding.UTF8.GetByteCount(text);
        var source = new SourceText(text, path);
        SyntaxTree tree = SqlParser.Parse(source);
        for (var i = 0; i < runs; i++)
            tree = SqlParser.Parse(source);
        var seconds = new double[runs];
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < runs; i++)
            seconds[i] = Measure(source);
        var allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)runs;
        Array.Sort(seconds);
        Console.WriteLine($"{bytes / 1e6:0.00} MB, {tree.Statements.Count} statements, {tree.Errors.Count} errors");
        Console.WriteLine($"parse     {bytes / seconds[runs / 2] / 1e6,8:0.0} MB/s (median of {runs}; best {bytes / seconds[0] / 1e6:0.0})");
        Console.WriteLine($"allocated {allocated / bytes,8:0.0} bytes per byte of input");
        return 0;
    }

    public static int WritePolicies(int count)
    {
        using var output = new StreamWriter(Console.OpenStandardOutput());
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
            output.Write(string.Create(CultureInfo.InvariantCulture, $"CREATE POLICY \"table_{i / 4}_{command}\" ON public.table_{i / 4}\n  AS PERMISSIVE FOR {command} TO authenticated\n  {clause};\n"));
        }
        return 0;
    }

    public static int Linear(string path)
    {
        var unit = File.ReadAllText(path);
        Measure(new SourceText(unit));
        double previous = 0;
        for (var text = unit; text.Length <= 64_000_000; text += text)
        {
            var source = new SourceText(text);
            var best = Enumerable.Range(0, 3).Min(_ => Measure(source));
            Console.WriteLine($"{text.Length / 1e6,8:0.0} M characters {best * 1000,9:0.0} ms{(previous > 0 ? $"  x{best / previous:0.00}" : "")}");
            previous = best;
        }
        return 0;
    }

    private static double Measure(SourceText source)
    {
        var start = Stopwatch.GetTimestamp();
        GC.KeepAlive(SqlParser.Parse(source));
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
