using System.Diagnostics;
using System.Globalization;
using System.Text;
using PolicyLint.Core.Logic.Proving;

namespace PolicyLint.Benchmarks;

/// <summary>Ground questions as SMT-LIB, and what Z3 makes of them. Order is that of real numbers; membership is a predicate.</summary>
internal static class SmtLib
{
    public static string Write(TermTable terms, IReadOnlyList<Prop> formulas)
    {
        var used = new SortedSet<int> { TermTable.Null, TermTable.True, TermTable.False };
        var flags = new SortedSet<string>(StringComparer.Ordinal);
        var body = new StringBuilder();
        foreach (var formula in formulas)
            body.Append("(assert ").Append(Text(formula)).Append(")\n");
        var head = new StringBuilder("(declare-sort V 0)\n(declare-fun num (V) Real)\n(declare-fun mem (V V) Bool)\n(declare-fun empty (V) Bool)\n(declare-fun hasnull (V) Bool)\n");
        var declared = new HashSet<string>(StringComparer.Ordinal);
        foreach (var flag in flags)
            head.Append("(declare-const ").Append(flag).Append(" Bool)\n");
        var constants = new List<int>();
        foreach (var term in used.ToList())
        {
            var node = terms[term];
            if (node.Kind == ValueKind.Function)
            {
                var name = Function(node);
                if (declared.Add(name))
                    head.Append("(declare-fun ").Append(name).Append(" (").Append(string.Join(" ", node.Arguments.Select(static _ => "V"))).Append(") V)\n");
                continue;
            }
            head.Append(CultureInfo.InvariantCulture, $"(declare-const t{term} V)\n");
            if (node.Kind is ValueKind.Constant or ValueKind.Null)
                constants.Add(term);
            if (node.Kind == ValueKind.Constant && TypeFamily.IsNumber(node.Type) && Constants.TryNumber(node.Name, out var number))
                head.Append(CultureInfo.InvariantCulture, $"(assert (= (num t{term}) {(number < 0 ? $"(- {-number:0.0###})" : $"{number:0.0###}")}))\n");
        }
        if (constants.Count > 1)
            head.Append("(assert (distinct ").Append(string.Join(" ", constants.Select(static c => "t" + c.ToString(CultureInfo.InvariantCulture)))).Append("))\n");
        foreach (var term in used.ToList())
        {
            var node = terms[term];
            if (node.Kind == ValueKind.Function && Functions.IsStrict(node.Name))
            {
                foreach (var argument in node.Arguments)
                    head.Append("(assert (=> (= ").Append(Term(argument)).Append(" t0) (= ").Append(Term(term)).Append(" t0)))\n");
            }
        }
        return head.Append(body).ToString();

        string Text(Prop prop) => prop.Kind switch
        {
            PropKind.True => "true",
            PropKind.False => "false",
            PropKind.And => "(and " + string.Join(" ", prop.Items.Select(Text)) + ")",
            PropKind.Or => "(or " + string.Join(" ", prop.Items.Select(Text)) + ")",
            PropKind.Not => "(not " + Text(prop.Items[0]) + ")",
            PropKind.Same => "(= " + Term(prop.A) + " " + Term(prop.B) + ")",
            PropKind.Less => "(< (num " + Term(prop.A) + ") (num " + Term(prop.B) + "))",
            PropKind.Member => "(mem " + Term(prop.A) + " " + Term(prop.B) + ")",
            PropKind.Empty => "(empty " + Term(prop.A) + ")",
            PropKind.HasNull => "(hasnull " + Term(prop.A) + ")",
            _ => Flag(prop),
        };

        string Flag(Prop prop)
        {
            var name = prop.Kind.ToString() + prop.A.ToString(CultureInfo.InvariantCulture);
            flags.Add(name);
            return name;
        }

        string Term(int term)
        {
            used.Add(term);
            var node = terms[term];
            if (node.Kind != ValueKind.Function)
                return "t" + term.ToString(CultureInfo.InvariantCulture);
            return node.Arguments.Length == 0 ? Function(node) : "(" + Function(node) + " " + string.Join(" ", node.Arguments.Select(Term)) + ")";
        }

        static string Function(TermNode node) => "|" + node.Name.Replace('|', '!').Replace('\\', '!') + " " + node.Type + " " + node.Arguments.Length.ToString(CultureInfo.InvariantCulture) + "|";
    }

    /// <summary>One Z3 process for all questions, each between reset and its statistics.</summary>
    public static int Compare(List<(string Text, double Ours)> questions, Action<TermTable, IReadOnlyList<Prop>> _)
    {
        const int Repetitions = 20;
        using var z3 = Process.Start(new ProcessStartInfo("z3", "-in -smt2") { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        var theirs = new List<double>();
        var reported = new List<double>();
        var repeated = new List<double>();
        foreach (var (text, _) in questions.Prepend(questions[0]))
        {
            var start = Stopwatch.GetTimestamp();
            z3.StandardInput.Write("(reset)\n" + text + "(check-sat)\n(get-info :all-statistics)\n(echo \"end\")\n");
            z3.StandardInput.Flush();
            double time = 0;
            for (var line = z3.StandardOutput.ReadLine(); line is not null and not "end"; line = z3.StandardOutput.ReadLine())
            {
                if (line.StartsWith("(error", StringComparison.Ordinal))
                    throw new InvalidOperationException(line + "\n" + text);
                var at = line.IndexOf(":time", StringComparison.Ordinal);
                if (at >= 0)
                    time = double.Parse(line[(at + 5)..].Trim(' ', ')'), CultureInfo.InvariantCulture) * 1e6;
            }
            theirs.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            reported.Add(time);
            // The same question asserted and checked anew in each of many turns, less what as many empty turns cost: pipe and process do not count.
            z3.StandardInput.Write("(reset)\n");
            repeated.Add(Math.Max(0, Turns("(push)\n" + text + "(check-sat)\n(pop)\n") - Turns("(push)\n(pop)\n")) / Repetitions);
        }
        theirs.RemoveAt(0);
        reported.RemoveAt(0);
        repeated.RemoveAt(0);
        z3.StandardInput.Close();
        Print("ours: clauses, search and theories", questions.ConvertAll(static q => q.Ours));
        Print("z3: pipe, parse, check-sat, statistics", theirs);
        Print("z3: assert, check-sat, by repetition", repeated);
        Print("z3: its own :time (10 ms steps)", reported);
        return 0;

        double Turns(string commands)
        {
            var start = Stopwatch.GetTimestamp();
            z3.StandardInput.Write(string.Concat(Enumerable.Repeat(commands, Repetitions)) + "(echo \"end\")\n");
            z3.StandardInput.Flush();
            for (var line = z3.StandardOutput.ReadLine(); line is not null and not "end"; line = z3.StandardOutput.ReadLine())
            {
            }
            return Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }
    }

    private static void Print(string name, List<double> times)
    {
        times.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-40} {times.Count} questions, p50 {times[times.Count / 2],8:0.0} us, p99 {times[times.Count * 99 / 100],8:0.0} us, most {times[^1],8:0.0} us, sum {times.Sum() / 1000:0.0} ms"));
    }
}
