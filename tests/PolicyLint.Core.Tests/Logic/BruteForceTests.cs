using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using PolicyLint.Core.Access;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Logic;
using PolicyLint.Core.Logic.Proving;
using PolicyLint.Core.Options;
using PolicyLint.Sql;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;
using Xunit.Abstractions;

namespace PolicyLint.Core.Tests.Logic;

/// <summary>
/// Random pairs of predicates, each answer compared with every row and session over small domains, and every refutation's claim with
/// the same. POLICYLINT_FUZZ sets how many pairs.
/// </summary>
public class BruteForceTests(ITestOutputHelper output)
{
    private static readonly DatabaseCatalog s_catalog = Replay("create table docs(a uuid, b uuid, n int, p boolean); create table members(o uuid, u uuid);");

    [Fact]
    public void Answers_agree_with_every_small_database()
    {
        var count = int.TryParse(Environment.GetEnvironmentVariable("POLICYLINT_FUZZ"), NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : 400;
        int proven = 0, refuted = 0, unknown = 0;
        var times = new List<double>();
        var model = new AccessModel(s_catalog, Tenancy.Resolve(s_catalog, new PolicyLintOptions()), AnalysisLimits.Cli);
        var table = s_catalog.FindTable(new(new Name("docs")))!;
        var models = SmallModels();
        foreach (var (left, right) in Predicate(3).Two().Sample(count, 10))
        {
            var (premise, goal) = (Parse(left), Parse(right));
            var start = System.Diagnostics.Stopwatch.GetTimestamp();
            var verdict = model.Implies(table, premise, goal);
            times.Add(System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            switch (verdict)
            {
                case Verdict.Proven:
                    proven++;
                    foreach (var small in models)
                    {
                        var interpreter = new Interpreter(new(s_catalog, NoPolicies.Instance), new TermTable(s_catalog), small);
                        var isGiven = interpreter.Evaluate(new Claim.Condition(premise.Tree, Sight.Role)).IsTrue;
                        Assert.False(isGiven && !interpreter.Evaluate(new Claim.Condition(goal.Tree, Sight.Role)).IsTrue, "proven, but not so: " + left + "  =>  " + right);
                    }
                    break;
                case Verdict.Refuted:
                    refuted++;
                    break;
                default:
                    unknown++;
                    output.WriteLine(left + "  =>  " + right + ": " + verdict);
                    break;
            }
        }
        times.Sort();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} pairs: {proven} proven, {refuted} refuted, {unknown} unknown; p50 {times[times.Count / 2]:0} us, p99 {times[times.Count * 99 / 100]:0} us, most {times[^1]:0} us"));
        Assert.True(proven > count / 100 && refuted > count / 10);
        Assert.True(unknown * 50 <= count, unknown + " of " + count + " not decided");
    }

    private static Gen<string> Predicate(int depth)
    {
        var value = Gen.Elements("a", "b", "auth.uid()", "(select auth.uid())", "null::uuid", "coalesce(a, b)", "nullif(a, b)", "case when p then a else b end");
        var atom = Gen.OneOf(
            value.Two().Select(static v => v.Item1 + " = " + v.Item2),
            value.Two().Select(static v => v.Item1 + " <> " + v.Item2),
            value.Two().Select(static v => v.Item1 + " is not distinct from " + v.Item2),
            value.Select(static v => v + " is null"),
            value.Three().Select(static v => v.Item1 + " in (" + v.Item2 + ", " + v.Item3 + ")"),
            value.Three().Select(static v => v.Item1 + " not in (" + v.Item2 + ", " + v.Item3 + ")"),
            Gen.Elements("p", "p is true", "p is not false", "p = false", "true", "n < 2", "n <= 1", "n > 1", "n between 0 and 2", "n <> 1", "n = 1"));
        if (depth == 0)
            return atom;
        var inner = Predicate(depth - 1);
        return Gen.Frequency(
            (4, atom),
            (3, inner.Two().Select(static v => "(" + v.Item1 + " and " + v.Item2 + ")")),
            (3, inner.Two().Select(static v => "(" + v.Item1 + " or " + v.Item2 + ")")),
            (2, inner.Select(static v => "not (" + v + ")")),
            (1, inner.Select(static v => "(" + v + ") is not false")),
            (1, inner.Two().Select(static v => "case when " + v.Item1 + " then " + v.Item2 + " else p end")),
            (1, Gen.Elements("m.o = a", "m.u = auth.uid()", "m.o = m.u", "m.o is null", "m.u = a and m.o = b").Two().Select(static v => "exists (select 1 from members m where " + v.Item1 + " and " + v.Item2 + ")")),
            (1, Gen.Elements("true", "m.u = auth.uid()", "m.u is null", "m.u = a").Select(static v => "a in (select m.o from members m where " + v + ")")),
            (1, Gen.Elements("true", "m.u = auth.uid()", "m.u = b").Select(static v => "a not in (select m.o from members m where " + v + ")")));
    }

    // Two values and NULL for everything; no, one or two members.
    private static List<Model> SmallModels()
    {
        Datum[] users = [Datum.Null, Datum.Of(TypeFamily.Uuid, "aaaaaaaa-0000-4000-8000-000000000001"), Datum.Of(TypeFamily.Uuid, "aaaaaaaa-0000-4000-8000-000000000002")];
        Datum[] numbers = [Datum.Null, Datum.Of(TypeFamily.Integer, "1"), Datum.Of(TypeFamily.Integer, "2")];
        Datum[] flags = [Datum.Null, Datum.True, Datum.False];
        var docs = s_catalog.FindTable(new(new Name("docs")))!;
        var members = s_catalog.FindTable(new(new Name("members")))!;
        var others = new List<List<ModelRow>> { new() };
        for (var i = 0; i < 9; i++)
        {
            others.Add([Member(i)]);
            for (var j = i + 1; j < 9; j += 3)
                others.Add([Member(i), Member(j)]);
        }
        var models = new List<Model>();
        var picked = 0;
        foreach (var a in users)
        {
            foreach (var b in users)
            {
                foreach (var uid in users)
                {
                    foreach (var p in flags)
                    {
                        foreach (var rows in others)
                        {
                            var row = new ModelRow(docs.Id.ToString(), docs);
                            row.Values["a"] = a;
                            row.Values["b"] = b;
                            row.Values["n"] = numbers[picked++ % 3];
                            row.Values["p"] = p;
                            models.Add(new(row, false, rows, new Dictionary<string, Datum> { [SessionKeys.UserId] = uid }));
                        }
                    }
                }
            }
        }
        return models;

        ModelRow Member(int number)
        {
            var row = new ModelRow(members.Id.ToString(), members);
            row.Values["o"] = users[number / 3];
            row.Values["u"] = users[number % 3];
            return row;
        }
    }

    private static SqlFragment<Expression> Parse(string text)
    {
        var source = new SourceText(text, "test");
        return new(SqlParser.ParseExpression(source, out _)!, source);
    }

    private static DatabaseCatalog Replay(string text) =>
        CatalogReplay.Run([new Script(SqlParser.Parse(new SourceText(text, "schema.sql")), ScriptRole.Migration, IsOneTransaction: false)], "supabase", AnalysisLimits.Cli).Catalog;
}
