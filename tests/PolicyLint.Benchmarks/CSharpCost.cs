using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace PolicyLint.Benchmarks;

/// <summary>
/// What the analyzers cost in `dotnet build`, with the compiler server that it starts by default and without one, and beside them Meziantou.Analyzer.
/// A generated solution is built with them and without at the same time, each on a processor of its own, and then with the processors exchanged:
/// what else goes on in the machine, or in the one that holds it, meets both. By turns, the same build took between 60 and 80 seconds.
/// </summary>
internal static partial class CSharpCost
{
    private const double MostOfBuild = 0.10;
    private const double MostAfterEdit = 0.100;

    private static readonly string[] Kinds = ["none", "policylint", "meziantou"];

    public static int Run(string analyzers, int projects, int files, int migrations, int runs, int edits)
    {
        var folder = Directory.CreateTempSubdirectory("policylint-cost-").FullName;
        try
        {
            var sides = new[] { "a", "b" }.Select(side => Side.Write(Path.Combine(folder, side), Path.GetFullPath(analyzers), projects, files, migrations)).ToList();
            Console.WriteLine($"{files} files in {projects} projects, {sides[0].Solution.Queries} queries, {migrations} migrations");
            var held = CompareBuilds(sides, runs, hasServer: true) & CompareBuilds(sides, runs, hasServer: false) & MeasureEdits(sides[0].Build, sides[0].Solution, edits);
            Console.WriteLine(held ? "all bounds hold" : "a bound does not hold");
            return held ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Writes the solution for whoever wants to look at it.</summary>
    public static int Write(string folder, int projects, int files, int migrations)
    {
        Directory.CreateDirectory(folder);
        new CSharpSolution(folder, projects, files / projects, migrations).Write();
        return 0;
    }

    private static bool CompareBuilds(List<Side> sides, int runs, bool hasServer)
    {
        var isHeld = true;
        foreach (var kind in Kinds.Skip(1))
        {
            var logarithms = new List<double>();
            for (var run = 0; run < 2 * runs; run++)
            {
                var (first, second) = (run % 2, 1 - run % 2);
                var without = Task.Run(() => sides[0].Build.Cold(sides[0].Solution.SolutionFile, "none", hasServer, first));
                var with = Task.Run(() => sides[1].Build.Cold(sides[1].Solution.SolutionFile, kind, hasServer, second));
                Task.WaitAll(without, with);
                logarithms.Add(Math.Log(with.Result / without.Result));
                Console.WriteLine($"  none {Seconds(without.Result)} cpu, {kind} {Seconds(with.Result)} cpu");
            }
            var over = Math.Exp(logarithms.Average()) - 1;
            var isOver = kind == "policylint" && over > MostOfBuild;
            isHeld &= !isOver;
            Console.WriteLine($"rebuild {(hasServer ? "with a server of its own" : "without a server")}, {kind}: {Percent(over)} more than without{(kind == "policylint" ? $" <= {Percent(MostOfBuild)}" : "")}{(isOver ? "  NOT HELD" : "")}");
        }
        return isHeld;
    }

    // The line that is changed is the same kind of edit for each; the time is what the compiler itself reports. A server that has just
    // begun translates itself for longer than it compiles: a developer's has seen some edits, so the later half is shown by itself.
    private static bool MeasureEdits(Build build, CSharpSolution solution, int edits)
    {
        var middle = new Dictionary<string, double>(StringComparer.Ordinal);
        var text = File.ReadAllText(solution.EditedFile);
        var edit = 10;
        foreach (var kind in Kinds.Skip(1))
        {
            using var server = new CompilerServer();
            build.Run(solution.SolutionFile, kind, "-t:Rebuild", server);
            var times = new List<double>();
            for (var run = 0; run < edits; run++)
            {
                File.WriteAllText(solution.EditedFile, CSharpSolution.Edit(text, edit++));
                times.Add(AnalyzerSeconds(build.Run(solution.EditedProject, kind, "-t:Build", server).Output, kind));
            }
            var later = times.Skip(edits / 2).Order().ToList();
            middle[kind] = later[later.Count / 2];
            Console.WriteLine($"one line edited, {kind,-12} {Seconds(middle[kind])} of analyzers in the middle of the last {later.Count}, {Seconds(times.Min())} at best, {Seconds(times[0])} at first");
        }
        var ours = middle["policylint"];
        Console.WriteLine($"  after an edit: {Seconds(ours)} <= {Seconds(MostAfterEdit)}{(ours <= MostAfterEdit ? "" : "  NOT HELD")}");
        return ours <= MostAfterEdit;
    }

    // `    0.123    45      PolicyLint.Analyzers, Version=…`, or `<0.001`.
    private static double AnalyzerSeconds(string output, string kind)
    {
        var assembly = kind == "policylint" ? "PolicyLint.Analyzers" : "Meziantou.Analyzer";
        var total = 0.0;
        var isReported = false;
        foreach (Match match in AnalyzerLine().Matches(output))
        {
            if (match.Groups["name"].Value != assembly)
                continue;
            isReported = true;
            total += double.Parse(match.Groups["time"].ValueSpan, CultureInfo.InvariantCulture);
        }
        return isReported ? total : throw new InvalidDataException($"the compiler reports no time of {assembly}:\n{output}");
    }

    private static string Seconds(double seconds) => seconds.ToString("0.000", CultureInfo.InvariantCulture) + " s";

    private static string Percent(double share) => (share * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    [GeneratedRegex(@"^\s*<?(?<time>[0-9.]+)\s+<?[0-9]+\s+(?<name>[\w.]+), Version=", RegexOptions.Multiline)]
    private static partial Regex AnalyzerLine();

    /// <summary>A copy of the solution.</summary>
    private sealed record Side(CSharpSolution Solution, Build Build)
    {
        public static Side Write(string folder, string analyzers, int projects, int files, int migrations)
        {
            Directory.CreateDirectory(folder);
            var solution = new CSharpSolution(folder, projects, files / projects, migrations);
            solution.Write();
            var build = new Build(analyzers, folder);
            build.Restore(solution.SolutionFile);
            return new(solution, build);
        }
    }

    /// <summary>Builds of one folder.</summary>
    private sealed class Build(string analyzers, string folder)
    {
        public void Restore(string solution)
        {
            var (_, _, code) = Start(["restore", solution, "-v:q"]);
            if (code != 0)
                throw new InvalidOperationException("the generated solution can't be restored");
        }

        /// <summary>The processor's time of a build whose compiler begins cold, as on a build machine: with a server that it starts, which is counted, or without.</summary>
        public double Cold(string solution, string kind, bool hasServer, int processor)
        {
            using var server = hasServer ? new CompilerServer() : null;
            return Run(solution, kind, "-t:Rebuild", server, processor).Processor + (server?.Processor ?? 0);
        }

        /// <summary>A build; without the time of the server that it gives its compilations to.</summary>
        public (double Processor, string Output) Run(string project, string kind, string target, CompilerServer? server, int? processor = null)
        {
            var isRebuild = target == "-t:Rebuild";
            var (seconds, output, code) = Start(
            [
                "build", project, "--no-restore", target, "-nologo", "-clp:NoSummary", isRebuild ? "-v:q" : "-v:d", "-nodeReuse:false", "-m:1", "-p:UseSharedCompilation=" + (server is null ? "false" : "true"),
                "-p:SharedCompilationId=" + server?.Name, "-p:With=" + kind, "-p:ReportAnalyzer=" + (isRebuild ? "false" : "true"), "-p:PolicyLintFolder=" + analyzers,
                "-p:PolicyLintTargets=" + Path.Combine(folder, CSharpSolution.Targets), "-p:BuildProjectReferences=" + (isRebuild ? "true" : "false"),
            ], processor);
            return code == 0 ? (seconds, output) : throw new InvalidOperationException($"the build with {kind} failed:\n{output}");
        }

        // The shell adds up the time of all processes of the build that it has waited for.
        private (double Processor, string Output, int Code) Start(string[] arguments, int? processor = null)
        {
            var start = new ProcessStartInfo("bash") { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
            foreach (var argument in (string[])["-c", $"TIMEFORMAT='%U %S'; time {(processor is { } own ? $"taskset -c {own} " : "")}dotnet \"$@\" 2>&1", "dotnet", .. arguments])
                start.ArgumentList.Add(argument);
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            var words = process.StandardError.ReadToEnd().Trim().Split('\n')[^1].Split(' ');
            process.WaitForExit();
            return (double.Parse(words[0], CultureInfo.InvariantCulture) + double.Parse(words[1], CultureInfo.InvariantCulture), output.Result, process.ExitCode);
        }
    }

    /// <summary>A compiler server of one's own, which the first build that names it starts. It is stopped in the end.</summary>
    private sealed class CompilerServer : IDisposable
    {
        public string Name { get; } = "policylint-" + Guid.NewGuid().ToString("N");

        /// <summary>The processor's time that it has taken, in seconds.</summary>
        public double Processor
        {
            get
            {
                using var process = Find() ?? throw new InvalidOperationException("the build has started no compiler server");
                return process.TotalProcessorTime.TotalSeconds;
            }
        }

        public void Dispose()
        {
            using var process = Find();
            process?.Kill();
            process?.WaitForExit();
        }

        private Process? Find()
        {
            foreach (var process in Process.GetProcesses())
            {
                if (File.Exists($"/proc/{process.Id}/cmdline") && File.ReadAllText($"/proc/{process.Id}/cmdline").Contains("-pipename:" + Name, StringComparison.Ordinal))
                    return process;
                process.Dispose();
            }
            return null;
        }
    }
}
