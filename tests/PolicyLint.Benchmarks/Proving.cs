using System.Diagnostics;
using System.Globalization;
using PolicyLint.Core.Access;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Logic;
using PolicyLint.Core.Logic.Proving;
using PolicyLint.Core.Migrations;
using PolicyLint.Core.Options;
using PolicyLint.Sql;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Benchmarks;

/// <summary>The questions that rules ask of real repositories: how many are decided, and how long they take.</summary>
internal static class Proving
{
    private static readonly (StatementForm Form, PolicyClause Clause)[] s_isolation =
    [
        (StatementForm.Select, PolicyClause.Using), (StatementForm.Insert, PolicyClause.WithCheck),
        (StatementForm.Update, PolicyClause.Using), (StatementForm.Update, PolicyClause.WithCheck),
        (StatementForm.BlindUpdate, PolicyClause.Using), (StatementForm.BlindUpdate, PolicyClause.WithCheck),
        (StatementForm.Delete, PolicyClause.Using), (StatementForm.BlindDelete, PolicyClause.Using),
    ];

    /// <param name="Unit">What must be decided as one: a table, command and role, or a policy edit.</param>
    /// <param name="Missing">What the files do not say of it; null: nothing.</param>
    private sealed record Question(string Group, string Unit, string? Missing, Func<Verdict> Ask);

    /// <summary>Every question once: what is decided, and why the rest is not.</summary>
    /// <param name="folder">Of repositories.</param>
    /// <param name="reasons">How many of each kind of reason are named.</param>
    /// <param name="name">Only repositories whose name holds this.</param>
    public static int Decide(string folder, int reasons, string name)
    {
        foreach (var group in Questions(folder, null, name).Select(static question => (Question: question, Verdict: question.Ask())).GroupBy(static answer => answer.Question.Group))
            Report(group.Key, [.. group], reasons);
        return 0;
    }

    public static int Run(string folder, int reasons)
    {
        var questions = Questions(folder, null);
        // The first rounds are for the compiler.
        for (var i = 0; i < 3; i++)
        {
            foreach (var question in questions)
                question.Ask();
        }
        var times = new List<double>();
        var slowest = new List<(double Time, Question Question)>();
        var answers = new List<(Question Question, Verdict Verdict)>();
        GC.Collect();
        foreach (var question in questions)
        {
            var best = double.MaxValue;
            Verdict? verdict = null;
            for (var i = 0; i < 3; i++)
            {
                var start = Stopwatch.GetTimestamp();
                verdict = question.Ask();
                best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            }
            times.Add(best);
            slowest.Add((best, question));
            answers.Add((question, verdict!));
        }
        times.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{questions.Count} questions, nothing kept between them: p50 {times[times.Count / 2]:0.0} us, p90 {times[times.Count * 9 / 10]:0.0} us, p99 {times[times.Count * 99 / 100]:0.0} us, most {times[^1]:0.0} us, sum {times.Sum() / 1000:0.0} ms"));
        foreach (var (time, question) in slowest.OrderByDescending(static s => s.Time).Take(3))
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {time,9:0} us {question.Group} {question.Unit}"));
        ProvingAgain.Edit(600);
        foreach (var group in answers.GroupBy(static a => a.Question.Group))
            Report(group.Key, [.. group], reasons);
        return 0;
    }

    public static int CompareWithZ3(string folder)
    {
        var ground = new List<(string Text, double Whole, double Search)>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        void Keep(Clauses clauses, Action makeAgain)
        {
            // Contradictory before anything is searched: there is no question left.
            if (clauses.IsContradictory)
                return;
            var text = SmtLib.Write(clauses);
            if (seen.Add(text))
                ground.Add((text, Best(() => Search(clauses, makeAgain)), Best(() => Search(clauses, static () => { }))));
        }
        foreach (var question in Questions(folder, Keep))
            question.Ask();
        return SmtLib.Compare(ground);

        static void Search(Clauses clauses, Action make)
        {
            make();
            try
            {
                new Solver(clauses, CancellationToken.None).IsSatisfiable(AnalysisLimits.Cli.ProverSteps);
            }
            catch (UndecidedException)
            {
                // Out of steps: the time until then counts.
            }
        }

        static double Best(Action action)
        {
            var best = double.MaxValue;
            for (var i = 0; i < 5; i++)
            {
                var start = Stopwatch.GetTimestamp();
                action();
                best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            }
            return best;
        }
    }

    private static void Report(string name, List<(Question Question, Verdict Verdict)> answers, int reasons)
    {
        // A unit is decided where a part is refuted or all are proven.
        var units = answers.GroupBy(static a => a.Question.Unit).ToList();
        int proven = 0, refuted = 0, conditional = 0, whole = 0, decidedOfWhole = 0, conditionalOfWhole = 0;
        var open = new List<(Verdict.Unknown Verdict, string Unit, string? Missing)>();
        foreach (var unit in units)
        {
            var missing = unit.Select(static a => a.Question.Missing).FirstOrDefault(static m => m is not null);
            var isRefuted = unit.Any(static a => a.Verdict is Verdict.Refuted);
            var unknown = isRefuted ? null : unit.Select(static a => a.Verdict).OfType<Verdict.Unknown>().FirstOrDefault();
            refuted += isRefuted ? 1 : 0;
            proven += !isRefuted && unknown is null ? 1 : 0;
            whole += missing is null ? 1 : 0;
            decidedOfWhole += missing is null && unknown is null ? 1 : 0;
            if (unknown is null)
                continue;
            open.Add((unknown, unit.Key, missing));
            conditional += unknown.Candidate is null ? 0 : 1;
            conditionalOfWhole += missing is not null || unknown.Candidate is null ? 0 : 1;
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {units.Count} units: {proven} proven, {refuted} refuted, {open.Count} unknown ({conditional} of them refuted on a condition: what an opaque function says, or rows of a table that no file makes)"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  decided {100.0 * (proven + refuted) / units.Count:0.00} % of all; of the {whole} of which the files say all {100.0 * decidedOfWhole / whole:0.00} %; with those refuted on a condition {100.0 * (proven + refuted + conditional) / units.Count:0.00} % and {100.0 * (decidedOfWhole + conditionalOfWhole) / whole:0.00} %"));
        foreach (var isWhole in (bool[])[true, false])
        {
            var rest = open.Where(u => u.Missing is null == isWhole).ToList();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {rest.Count} undecided of which the files {(isWhole ? "say all" : "do not say all")}"));
            foreach (var reason in rest.GroupBy(static u => u.Verdict.Reason).OrderByDescending(static g => g.Count()))
            {
                Console.WriteLine($"  {reason.Count(),5} {reason.Key}");
                foreach (var detail in reason.GroupBy(static u => (u.Verdict.Detail, u.Missing)).OrderByDescending(static g => g.Count()).Take(reasons))
                    Console.WriteLine($"        {detail.Count(),5} {detail.Key.Detail}{(isWhole ? "" : "; missing: " + detail.Key.Missing)}   ({detail.First().Unit})");
            }
        }
    }

    private static List<Question> Questions(string folder, Action<Clauses, Action>? asked, string name = "")
    {
        var questions = new List<Question>();
        foreach (var repository in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
        {
            if (!Path.GetFileName(repository).Contains(name, StringComparison.Ordinal))
                continue;
            var files = Directory.EnumerateFiles(repository, "*.sql", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
                .Select(path => new SourceText(File.ReadAllText(path), Path.GetRelativePath(repository, path).Replace('\\', '/'))).ToList();
            var options = new PolicyLintOptions();
            var scripts = MigrationLayout.Arrange(files, options).Where(static f => f.Role == ScriptRole.Migration)
                .Select(static f => new Script(SqlParser.Parse(f.Source), f.Role, f.IsOneTransaction)).ToList();
            var platform = PlatformInference.Infer(scripts, []);
            var replay = CatalogReplay.Run(scripts, platform, AnalysisLimits.Cli);
            var model = Model(replay.Catalog, options, asked);
            AddIsolation(questions, Path.GetFileName(repository), replay.Catalog, model.Model, model.Tenancy);
            AddEdits(questions, Path.GetFileName(repository), scripts, platform, replay, options, asked);
        }
        return questions;
    }

    private static (AccessModel Model, Tenancy Tenancy) Model(ICatalog catalog, PolicyLintOptions options, Action<Clauses, Action>? asked)
    {
        var tenancy = Tenancy.Resolve(catalog, options);
        return (new AccessModel(catalog, tenancy, AnalysisLimits.Cli) { Asked = asked, Answers = null }, tenancy);
    }

    private static void AddIsolation(List<Question> questions, string repository, ICatalog catalog, AccessModel model, Tenancy tenancy)
    {
        foreach (var table in catalog.TablesInOrder())
        {
            if (!tenancy.IsTenantTable(table) || !table.RowSecurityEnabled.Value)
                continue;
            foreach (var role in tenancy.ApplicationRoles)
            {
                foreach (var (form, clause) in s_isolation)
                {
                    var subject = new QuestionSubject(catalog, model, role);
                    subject.EnterGoal(table, tenancy);
                    subject.Enter(table, form);
                    questions.Add(new("isolation", $"{repository} {table.Id} {form.ToString().Replace("Blind", "", StringComparison.Ordinal)} {role}", subject.Missing, () => model.Isolates(table, form, role, clause)));
                }
            }
        }
    }

    // Each file that changes policies of a table that stood before it.
    private static void AddEdits(List<Question> questions, string repository, List<Script> scripts, string platform, ReplayResult replay, PolicyLintOptions options, Action<Clauses, Action>? asked)
    {
        var edits = replay.Changes.Where(static c => c.Origin.Source is not null && (c.ObjectKind == ObjectKind.Policy || c.Kind == ChangeKind.RowSecurityChanged))
            .GroupBy(static c => c.Origin.Source!).ToDictionary(static g => g.Key, static g => g.Select(static c => c.Object).Distinct().ToList());
        for (var i = 0; i < scripts.Count; i++)
        {
            if (!edits.TryGetValue(scripts[i].Tree.Source, out var tables))
                continue;
            var before = CatalogReplay.Run(scripts.Take(i).ToList(), platform, AnalysisLimits.Cli).Catalog;
            var after = CatalogReplay.Run(scripts.Take(i + 1).ToList(), platform, AnalysisLimits.Cli).Catalog;
            var (earlier, _) = Model(before, options, asked);
            var (later, tenancy) = Model(after, options, asked);
            foreach (var id in tables)
            {
                if (before.Relations.GetValueOrDefault(id) is not Table old || after.Relations.GetValueOrDefault(id) is not Table current)
                    continue;
                foreach (var role in tenancy.ApplicationRoles)
                {
                    foreach (var (form, clause) in s_isolation)
                    {
                        QuestionSubject had = new(before, earlier, role), has = new(after, later, role);
                        had.Enter(old, form);
                        has.Enter(current, form);
                        questions.Add(new("additivity", $"{repository} {i} {id} {form} {clause} {role}", had.Missing ?? has.Missing, () => later.IsAdditive(earlier, old, current, form, role, clause)));
                    }
                }
            }
        }
    }
}
