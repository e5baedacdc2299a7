using System.Globalization;
using System.Text;
using PolicyLint.Core.Access;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Core.Logic;
using PolicyLint.Core.Options;
using PolicyLint.Sql;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.BruteForce;

/// <summary>What the prover said of a case, and what is wrong with it; null where nothing is.</summary>
internal sealed record Outcome(Verdict Verdict, string? Fault)
{
    /// <summary>Worlds gone through, and whether those were all.</summary>
    public int Worlds { get; init; }

    public bool IsExhaustive { get; init; }

    /// <summary>No world was seen in which the premise is true.</summary>
    public bool IsVacuous { get; init; }
}

/// <summary>What a few random worlds tell of a question.</summary>
internal enum Glance
{
    NothingPasses,
    Follows,
    DoesNotFollow,
}

/// <summary>
/// Asks the prover and looks for what contradicts its answer: a proof is wrong if any small world has the premise true and the goal not; a refutation is wrong if its
/// own witness breaks the schema or does not show that, whatever opaque functions say.
/// </summary>
internal sealed class Judgement(Pool pool, int worlds = 2_500)
{
    public Outcome Of(Case made)
    {
        var verdict = Ask(made);
        return verdict switch
        {
            Verdict.Proven proven => Search(made, proven),
            Verdict.Refuted refuted => new(verdict, Check(made, refuted.Witness)),
            _ => new(verdict, null),
        };
    }

    /// <summary>What a look at a few random worlds says of the answer.</summary>
    public static Glance Glance(Case made, Random random)
    {
        const int Glances = 60;
        var (premise, goal, constraints, present) = Compile(made);
        var world = WorldFor(made, new Pool(), present, isSteady: true);
        world.Random = random;
        var result = BruteForce.Glance.NothingPasses;
        for (var i = 0; i < Glances; i++, world.Next())
        {
            world.Start();
            if (premise(world) != 1 || world.Raised)
                continue;
            result = BruteForce.Glance.Follows;
            if (goal(world) != 1 && !world.Raised && constraints(world))
                return BruteForce.Glance.DoesNotFollow;
        }
        return result;
    }

    /// <summary>The premise and the goal of a case.</summary>
    public static (Code Premise, Code Goal, Func<World, bool> Constraints, IReadOnlyCollection<int> Present) Compile(Case made)
    {
        var after = new Compiler(made.After);
        // Slots of the two never meet: the premise is done before the goal is begun, but a world's choices stay.
        var before = made.Question.Form == QuestionForm.Additive ? new Compiler(made.Before) : after;
        var premise = made.Question.Premise is { } given ? after.Condition(given, seesAll: false) : before.Statement(made.Question.Statement, made.Question.Clause);
        var goal = made.Question.Goal is { } wanted ? after.Condition(wanted, seesAll: made.Question.Form == QuestionForm.Isolates) : after.Statement(made.Question.Statement, made.Question.Clause);
        var present = new SortedSet<int>(before.Read.Concat(after.Read)) { 0 };
        // A row that a foreign key asks for may ask for others.
        if (made.After.Constraints.Any(static c => c is { Form: ConstraintForm.Foreign, IsValidated: true } && c.Shape == Shape.Docs && c.Referenced == Shape.Members))
            present.Add(Shape.Members.Number);
        if (present.Contains(Shape.Members.Number) && made.After.Constraints.Any(static c => c.Form == ConstraintForm.Foreign && c.Shape == Shape.Members))
            present.Add(Shape.Orgs.Number);
        return (premise, goal, after.Constraints(present), before.Read.Concat(after.Read).Contains(0) ? present : [.. present, -1]);
    }

    public static Verdict Ask(Case made)
    {
        var after = Replay(made.After, made.Question.Terms);
        var model = ModelOf(after);
        var docs = after.FindTable(new(new Name("docs")))!;
        var question = made.Question;
        switch (question.Form)
        {
            case QuestionForm.Additive:
                var before = Replay(made.Before, []);
                return model.IsAdditive(ModelOf(before), before.FindTable(new(new Name("docs")))!, docs, question.Statement, "app", question.Clause);
            case QuestionForm.Isolates:
                var command = question.Statement switch { StatementForm.Insert => PolicyCommand.Insert, StatementForm.BlindDelete => PolicyCommand.Delete, StatementForm.BlindUpdate => PolicyCommand.Update, _ => PolicyCommand.Select };
                return model.Isolates(docs, command, "app", question.Clause, Fragment(question.Goal!));
            default:
                return model.Implies(docs, Fragment(question.Premise!), Fragment(question.Goal!), question.Clause, "app");
        }
    }

    private Outcome Search(Case made, Verdict.Proven verdict)
    {
        var (premise, goal, constraints, present) = Compile(made);
        var world = WorldFor(made, pool, present, verdict.Assumptions.Contains("opaque_volatile() gives the same value for the same arguments"));
        var seen = 0;
        var isExhaustive = true;
        var isVacuous = true;
        do
        {
            if (seen == worlds)
            {
                isExhaustive = false;
                world.Random = new Random(7);
                world.Next();
            }
            seen++;
            world.Start();
            if (premise(world) != 1 || world.Raised)
                continue;
            isVacuous = false;
            if (goal(world) != 1 && !world.Raised && constraints(world) && !world.Raised)
                return new(verdict, "WRONG PROVEN: " + world) { Worlds = seen };
        }
        while (seen < worlds * 3 / 2 && world.Next());
        return new(verdict, null) { Worlds = seen, IsExhaustive = isExhaustive, IsVacuous = isVacuous };
    }

    private static World WorldFor(Case made, Pool pool, IReadOnlyCollection<int> present, bool isSteady)
    {
        var columns = made.After.Constraints.Where(static c => c.Form is ConstraintForm.NotNull or ConstraintForm.Primary).SelectMany(static c => c.Columns.Select(column => (c.Shape, column))).ToHashSet();
        var hasOrgKey = made.After.Constraints.Any(static c => c.Form is ConstraintForm.Primary && c.Shape == Shape.Orgs);
        return new(pool, made.Question.IsNew, present.Contains(-1) ? 0 : 1, present.Contains(1) ? 2 : 0, present.Contains(2) ? 2 : 0, (shape, column) => columns.Contains((shape, column.Name)), hasOrgKey) { IsVolatileSteady = isSteady };
    }

    /// <summary>What is wrong with a refutation; null for nothing.</summary>
    public string? Check(Case made, Witness witness)
    {
        var rows = witness.Rows.Select(static row => (Shape: Shape.All.FirstOrDefault(s => s.Name == row.Table), Row: row)).ToList();
        if (rows.Count == 0 || rows.Exists(static row => row.Shape is null) || rows[0].Shape != Shape.Docs)
            return "WRONG REFUTED: its rows are not the schema's";
        var (premise, goal, constraints, _) = Compile(made);
        var world = new World(pool, made.Question.IsNew, rows.Count(static r => r.Shape == Shape.Docs) - 1, rows.Count(static r => r.Shape == Shape.Orgs), rows.Count(static r => r.Shape == Shape.Members), static (_, _) => false, false);
        var free = new Queue<int>[] { new(world.RowsOf(Shape.Docs).Where(row => row != world.Target)), new(world.RowsOf(Shape.Orgs)), new(world.RowsOf(Shape.Members)) };
        for (var i = 0; i < rows.Count; i++)
        {
            var shape = rows[i].Shape!;
            var values = shape.Columns.Select(column => ValueOf(column.Sort, rows[i].Row.Values[column.Name])).ToArray();
            world.SetRow(i == 0 ? world.Target : free[shape.Number].Dequeue(), values);
        }
        string? user = null;
        foreach (var value in Enum.GetValues<SessionValue>())
            world.Set(value, Pool.Null);
        foreach (var (key, text) in witness.Session)
        {
            var value = ValueOf(Sort.Text, text);
            switch (key)
            {
                case "auth.uid()":
                    user = text;
                    world.Set(SessionValue.Subject, value);
                    break;
                case "auth.jwt() ->> 'sub'":
                    break;
                case "auth.jwt() ->> 'role'":
                    world.Set(SessionValue.Role, value);
                    break;
                case "auth.jwt() ->> 'org'":
                    world.Set(SessionValue.Org, value);
                    break;
                case "current_setting('app.org')":
                    world.Set(SessionValue.Setting, value);
                    break;
                default:
                    return "WRONG REFUTED: a session value that nothing reads: " + key;
            }
        }
        if (witness.Session.TryGetValue("auth.jwt() ->> 'sub'", out var subject))
        {
            if (user is not null && !string.Equals(subject, user, StringComparison.OrdinalIgnoreCase))
                return "WRONG REFUTED: the user is not what the claim says: " + witness;
            world.Set(SessionValue.Subject, ValueOf(Sort.Text, subject));
        }
        world.Start();
        if (!constraints(world))
            return "WRONG REFUTED: the schema has no such rows: " + witness;
        do
        {
            world.Start();
            if (premise(world) != 1)
                return "WRONG REFUTED: what is given is not true of it: " + witness + "; " + world;
            if (goal(world) == 1)
                return "WRONG REFUTED: what should follow is true of it: " + witness + "; " + world;
            if (world.Raised)
                return "WRONG REFUTED: it raises an error: " + witness + "; " + world;
        }
        while (world.Next());
        return null;
    }

    private int ValueOf(Sort sort, string literal)
    {
        if (literal == "NULL")
            return Pool.Null;
        switch (sort)
        {
            case Sort.Boolean:
                return literal == "true" ? 1 : 0;
            case Sort.Integer:
                return int.Parse(literal, CultureInfo.InvariantCulture);
            case Sort.Uuids:
                var inner = literal["ARRAY[".Length..^1];
                return pool.Of(inner.Length == 0 ? [] : [.. inner.Split(", ").Select(item => ValueOf(Sort.Uuid, item))]);
            default:
                return pool.Of(literal[1..^1].Replace("''", "'", StringComparison.Ordinal));
        }
    }

    public static DatabaseCatalog Replay(State state, IEnumerable<Term> asked) =>
        CatalogReplay.Run([new Script(SqlParser.Parse(new SourceText(state.Print(asked), "schema.sql")), ScriptRole.Migration, IsOneTransaction: false)], "supabase", AnalysisLimits.Cli).Catalog;

    private static AccessModel ModelOf(DatabaseCatalog catalog) => new(catalog, Tenancy.Resolve(catalog, new PolicyLintOptions()), AnalysisLimits.Cli);

    private static SqlFragment<Expression> Fragment(Term term)
    {
        var source = new SourceText(Case.PrintOf(term), "question");
        return new(SqlParser.ParseExpression(source, out _)!, source);
    }
}
