using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Logic;
using PolicyLint.Core.Logic.Proving;
using PolicyLint.Sql;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Tests.Logic;

/// <summary>The search against going through all assignments.</summary>
public class SolverTests
{
    private const int Problems = 3000;

    [Fact]
    public void The_search_finds_an_assignment_where_there_is_one_and_only_there()
    {
        var tree = SqlParser.Parse(new SourceText("create table t(a text, b text, c text, n integer, m integer, k integer, s text[]);", "t"));
        var catalog = CatalogReplay.Run([new Script(tree, ScriptRole.Migration, IsOneTransaction: false)], "supabase", AnalysisLimits.Cli).Catalog;
        var table = catalog.FindTable(new(new Name("t")))!;
        var random = new Random(1);
        var found = 0;
        for (var i = 0; i < Problems; i++)
        {
            var terms = new TermTable(catalog);
            var row = terms.NewRow(terms.Source("public.t", table));
            var clauses = new Clauses(terms) { Target = row };
            var literals = Literals(terms, clauses, row, random, isOrdered: i % 2 == 0);
            for (var clause = literals.Length + random.Next(literals.Length * 2); clause > 0; clause--)
            {
                var start = clauses.Begin();
                var isOpen = true;
                for (var size = 1 + random.Next(4); size > 0; size--)
                    isOpen = isOpen && clauses.Add(literals[random.Next(literals.Length)] * (random.Next(2) == 0 ? 1 : -1));
                if (isOpen)
                    clauses.End(start);
                else
                    clauses.Drop(start);
            }
            var solver = new Solver(clauses, CancellationToken.None);
            GiveUp(solver, random.Next(120));
            var isSatisfiable = solver.IsSatisfiable(int.MaxValue);
            Assert.True(HasAssignment(clauses) == isSatisfiable, $"problem {i} is {(isSatisfiable ? "not " : "")}satisfiable");
            found += isSatisfiable ? 1 : 0;
        }
        Assert.InRange(found, Problems / 5, Problems * 4 / 5);
    }

    // A question that exceeds its steps is taken apart, and the same solver goes on with the parts.
    private static void GiveUp(Solver solver, int steps)
    {
        try
        {
            solver.IsSatisfiable(steps);
        }
        catch (UndecidedException)
        {
        }
    }

    private static int[] Literals(TermTable terms, Clauses clauses, int row, Random random, bool isOrdered)
    {
        int[] texts = [terms.Column(row, "a"), terms.Column(row, "b"), terms.Column(row, "c"), terms.Constant("text", "x"), terms.Constant("text", "X"), TermTable.Null];
        texts = [.. texts, terms.Function("total:lower", [texts[0]], "text"), terms.Function("total:upper", [texts[1]], "text"), terms.Function("strict:f", [texts[1], texts[2]], "text"), terms.Function("strict:f", [texts[0], texts[2]], "text")];
        int[] numbers = [terms.Column(row, "n"), terms.Column(row, "m"), terms.Column(row, "k"), terms.Constant("integer", "1"), terms.Constant("integer", "5")];
        var set = terms.Column(row, "s");
        var literals = new List<int>();
        while (literals.Count < 9)
        {
            var literal = random.Next(isOrdered ? 5 : 0, isOrdered ? 9 : 10) switch
            {
                < 6 => clauses.Literal(PropKind.Same, texts[random.Next(texts.Length)], texts[random.Next(texts.Length)]),
                6 => clauses.Literal(PropKind.Same, numbers[random.Next(numbers.Length)], numbers[random.Next(numbers.Length)]),
                < 9 when random.Next(numbers.Length) is var n && random.Next(numbers.Length) is var m && n != m => clauses.Literal(PropKind.Less, numbers[n], numbers[m]),
                _ => random.Next(4) == 0 ? clauses.Literal(PropKind.Empty, set) : clauses.Literal(PropKind.Member, texts[random.Next(3)], set),
            };
            if (Math.Abs(literal) != Clauses.Always)
                literals.Add(literal);
        }
        return [.. literals];
    }

    private static bool HasAssignment(Clauses clauses)
    {
        if (clauses.IsContradictory)
            return false;
        var theory = new Theory(clauses);
        theory.Prepare();
        var values = new sbyte[clauses.Atoms.Count];
        for (var choice = 0; choice < 1 << (values.Length - 1); choice++)
        {
            for (var atom = 1; atom < values.Length; atom++)
                values[atom] = (sbyte)((choice >> (atom - 1) & 1) == 0 ? -1 : 1);
            if (Satisfies(clauses, values) && theory.IsConsistent(values))
                return true;
        }
        return false;
    }

    private static bool Satisfies(Clauses clauses, sbyte[] values)
    {
        var start = 0;
        foreach (var end in clauses.Ends)
        {
            var isTrue = false;
            for (; start < end; start++)
                isTrue |= values[Math.Abs(clauses.Literals[start])] == Math.Sign(clauses.Literals[start]);
            if (!isTrue)
                return false;
        }
        return true;
    }
}
