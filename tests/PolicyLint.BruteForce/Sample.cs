using PolicyLint.Core.Access;

namespace PolicyLint.BruteForce;

/// <summary>One side of a question in worlds at random: for comparing evaluators.</summary>
internal sealed class Sample
{
    private readonly Code _code;

    private Sample(State state, Term? condition, bool seesAll, Question question, Random random, int worlds)
    {
        (State, Condition, SeesAll, Question) = (state with { Constraints = [.. state.Constraints.Where(static c => c.IsValidated)] }, condition, seesAll, question);
        var compiler = new Compiler(State);
        _code = condition is null ? compiler.Statement(question.Statement, question.Clause) : compiler.Condition(condition, seesAll);
        var constraints = compiler.Constraints([0, 1, 2]);
        var isAlone = question.Statement is StatementForm.BlindDelete or StatementForm.BlindUpdate;
        var pool = new Pool();
        for (var tries = 0; tries < 20 * worlds && Worlds.Count < worlds; tries++)
        {
            var world = new World(pool, condition is null && question.Statement is StatementForm.Insert or StatementForm.InsertReturning, isAlone ? 0 : 1, 2, 2, static (_, _) => false, false) { IsVolatileSteady = true, Random = random };
            var (user1, user2) = (pool.Of(World.User1), pool.Of(World.User2));
            world.SetOpaque((opaque, argument) => Function.Say(opaque, argument, user1, user2));
            world.Complete();
            if (constraints(world))
                Worlds.Add(world);
        }
        // A setting that was once made cannot be unset again.
        Worlds.Sort(static (a, b) => (a.Session(SessionValue.Setting) == Pool.Null ? 0 : 1) - (b.Session(SessionValue.Setting) == Pool.Null ? 0 : 1));
    }

    public State State { get; }

    /// <summary>What is evaluated; null: whether the statement may touch the row or leave it behind.</summary>
    public Term? Condition { get; }

    public bool SeesAll { get; }

    public Question Question { get; }

    public List<World> Worlds { get; } = [];

    /// <summary>The sides of a question.</summary>
    public static IEnumerable<Sample> Of(Case made, Random random, int worlds)
    {
        var question = made.Question;
        if (question.Form != QuestionForm.Implies)
            yield return new(made.Before, null, false, question, random, worlds);
        if (question.Form == QuestionForm.Additive)
            yield return new(made.After, null, false, question, random, worlds);
        foreach (var term in question.Terms)
            yield return new(made.After, term, question.Form == QuestionForm.Isolates, question, random, worlds);
    }

    /// <summary>The value; null where an error is raised.</summary>
    public int? Evaluate(World world)
    {
        world.Start();
        var value = _code(world);
        return world.Raised ? null : value;
    }

    /// <summary>In how many worlds the interpreter of refutations says the same, and where it says something else.</summary>
    public (int Same, string? Different) CompareWithInterpreter()
    {
        var interpreted = new Interpreted(State, Question.Terms);
        var same = 0;
        foreach (var world in Worlds)
        {
            if (Evaluate(world) is not { } ours)
                continue;
            int? theirs = Condition is not null ? interpreted.Condition(world, Condition, SeesAll)
                : interpreted.Statement(world, Question.Statement, Question.Clause) is { } passes ? (passes ? 1 : 0) : null;
            if (theirs is null)
                continue;
            if (ours != theirs)
                return (same, $"the interpreter says {theirs}, not {ours}: {world}\n{State.Print(Question.Terms)}-- {Question.Statement} {Question.Clause} {(Condition is null ? "" : Case.PrintOf(Condition))}");
            same++;
        }
        return (same, null);
    }
}
