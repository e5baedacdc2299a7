using System.Diagnostics;
using System.Globalization;
using System.Text;
using PolicyLint.Core.Logic.Proving;

namespace PolicyLint.Benchmarks;

/// <summary>Ground questions as SMT-LIB, and what Z3 makes of them. Order is that of real numbers; membership is a predicate.</summary>
internal static class SmtLib
{
    public static string Write(Clauses clauses)
    {
        var terms = clauses.Terms;
        var used = new SortedSet<int> { TermTable.Null, TermTable.True, TermTable.False };
        var flags = new SortedSet<string>(StringComparer.Ordinal);
        var body = new StringBuilder();
        var start = 0;
        foreach (var end in clauses.Ends)
        {
            var literals = clauses.Literals.GetRange(start, end - start).ConvertAll(Text);
            body.Append("(assert ").Append(literals.Count switch { 0 => "false", 1 => literals[0], _ => "(or " + string.Join(" ", literals) + ")" }).Append(")\n");
            start = end;
        }
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

        string Text(int literal) => literal > 0 ? Atom(literal) : "(not " + Atom(-literal) + ")";

        string Atom(int number)
        {
            var atom = clauses.Atoms[number];
            return atom.Kind switch
            {
                PropKind.Same => "(= " + Term(atom.A) + " " + Term(atom.B) + ")",
                PropKind.Less => "(< (num " + Term(atom.A) + ") (num " + Term(atom.B) + "))",
                PropKind.Member => "(mem " + Term(atom.A) + " " + Term(atom.B) + ")",
                PropKind.Empty => "(empty " + Term(atom.A) + ")",
                PropKind.HasNull => "(hasnull " + Term(atom.A) + ")",
                _ => Flag(number),
            };
        }

        string Flag(int number)
        {
            var name = "b" + number.ToString(CultureInfo.InvariantCulture);
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

    /// <summary>
    /// One Z3 process for all questions. Its own <c>:time</c> counts in steps of 10 ms, so each question is asserted and checked anew in several turns, less
    /// what as many empty turns cost: neither pipe nor process count.
    /// </summary>
    public static int Compare(IReadOnlyList<(string Text, double Whole, double Search)> questions)
    {
        const int Repetitions = 5;
        const int Timeout = 1000;
        using var z3 = Process.Start(new ProcessStartInfo("z3", "-in -smt2") { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        var theirs = new List<double>();
        var open = 0;
        // The first one is for the process to start.
        foreach (var (text, _, _) in questions.Prepend(questions[0]))
        {
            z3.StandardInput.Write(string.Create(CultureInfo.InvariantCulture, $"(reset)\n(set-option :timeout {Timeout})\n"));
            var answer = Turns("(push)\n" + text + "(check-sat)\n(pop)\n", out var time);
            if (answer.StartsWith("(error", StringComparison.Ordinal))
                throw new InvalidOperationException(answer + "\n" + text);
            open += answer == "unknown" ? 1 : 0;
            Turns("(push)\n(pop)\n", out var empty);
            theirs.Add(Math.Max(0, time - empty) / Repetitions);
        }
        theirs.RemoveAt(0);
        z3.StandardInput.Close();
        Print("ours: search and theories", [.. questions.Select(static q => q.Search)]);
        Print("ours: rows, clauses, search and theories", [.. questions.Select(static q => q.Whole)]);
        Print("z3: assert and check-sat", theirs);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"z3 left {open} undecided after {Timeout} ms each"));
        return 0;

        // The first line of the answers, and how long all turns took.
        string Turns(string commands, out double time)
        {
            var start = Stopwatch.GetTimestamp();
            z3.StandardInput.Write(string.Concat(Enumerable.Repeat(commands, Repetitions)) + "(echo \"end\")\n");
            z3.StandardInput.Flush();
            var first = "";
            for (var line = z3.StandardOutput.ReadLine(); line is not null and not "end"; line = z3.StandardOutput.ReadLine())
                first = first.Length == 0 ? line : first;
            time = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            return first;
        }
    }

    private static void Print(string name, List<double> times)
    {
        times.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-42} {times.Count} questions, p50 {times[times.Count / 2],8:0.0} us, p99 {times[times.Count * 99 / 100],8:0.0} us, most {times[^1],8:0.0} us, sum {times.Sum() / 1000:0.0} ms"));
    }
}
