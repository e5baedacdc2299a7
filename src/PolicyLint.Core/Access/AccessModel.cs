using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Logic;
using PolicyLint.Core.Logic.Proving;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Access;

/// <summary>Which of a policy's two predicates is meant.</summary>
public enum PolicyClause
{
    /// <summary>Which rows a command reaches.</summary>
    Using,

    /// <summary>Which rows it may write.</summary>
    WithCheck,
}

/// <summary>Who reaches which rows: PostgreSQL's combination of policies, and the questions that rules ask of it.</summary>
/// <remarks>A question about a tainted object is Unknown. One instance serves one thread.</remarks>
public sealed class AccessModel(ICatalog catalog, Tenancy? tenancy, AnalysisLimits limits, CancellationToken cancellation = default)
{
    private readonly EffectivePolicies _policies = new(catalog);
    private readonly InlinedBodies _bodies = new();
    private readonly Dictionary<string, Prover> _provers = new(StringComparer.Ordinal);
    private readonly Dictionary<QualifiedId, AskedTable> _tables = [];
    private readonly Dictionary<SqlFragment<Expression>, List<Claim.AnyOf>> _goals = [];
    private readonly bool _areAnswersGiven;
    private KnownAnswers? _answers;
    private AskedTable? _last;
    private (string? Role, Prover? Prover) _lastProver;

    /// <summary>Where answers are looked for and kept: by default they live as long as the model.</summary>
    public KnownAnswers? Answers
    {
        get => _areAnswersGiven ? _answers : _answers ??= new();
        init => (_answers, _areAnswersGiven) = (value, true);
    }

    /// <summary>Sees every ground question, and how to make it again: for comparing with another solver.</summary>
    internal Action<Clauses, Action>? Asked { get; init; }

    /// <summary>Questions are taken apart by cases, however small they are.</summary>
    internal bool IsByCases { get; init; }

    /// <summary>
    /// The policies that bind a role for a command: permissive and restrictive, FOR ALL included, PUBLIC and inherited roles included
    /// (PostgreSQL manual, CREATE POLICY; rowsecurity.c get_policies_for_relation).
    /// </summary>
    public IReadOnlyList<Policy> PoliciesFor(Table table, PolicyCommand command, string role) => _policies.For(table, command, role);

    /// <summary>The predicate of a policy for a clause: WITH CHECK falls back to USING. Null: the policy has none for it.</summary>
    public static SqlFragment<Expression>? PredicateOf(Policy policy, PolicyClause clause) =>
        clause == PolicyClause.WithCheck ? policy.WithCheck ?? policy.Using : policy.Using;

    /// <summary>Whether no policy binds the role on the table: RLS off, a superuser, BYPASSRLS, or the owner where RLS is not forced.</summary>
    public bool IsUnbound(Table table, string role) => !table.RowSecurityEnabled.Value || _policies.Passes(table, role);

    /// <summary>Whether a statement of the form always fails for the role, because the policies that bind it read each other in a circle.</summary>
    public bool Fails(Table table, StatementForm form, string role, PolicyClause clause) => _policies.Of(table, form, role, clause) is { } claim && HoldsNothing(claim);

    /// <summary>Proven iff the predicate is true for every row of the table and every session.</summary>
    public Verdict IsAlwaysTrue(Table table, SqlFragment<Expression> predicate) =>
        DecideBoth(table, Claim.Everything.Instance, new Claim.Condition(predicate.Tree, Sight.Role));

    /// <summary>
    /// Proven iff whenever the premise is true for a row, the goal is true for it too (three-valued), whether the row stands in the table or is
    /// about to be written.
    /// </summary>
    public Verdict Implies(Table table, SqlFragment<Expression> premise, SqlFragment<Expression> goal) =>
        DecideBoth(table, new Claim.Condition(premise.Tree, Sight.Role), new Claim.Condition(goal.Tree, Sight.Role));

    /// <summary>Proven iff whenever the premise is true for a row, the goal is true for it too: a row of the table (USING) or one about to be written.</summary>
    public Verdict Implies(Table table, SqlFragment<Expression> premise, SqlFragment<Expression> goal, PolicyClause clause) =>
        ProverFor(null).Decide(table, new Claim.Condition(premise.Tree, Sight.Role), new Claim.Condition(goal.Tree, Sight.Role), clause == PolicyClause.WithCheck);

    /// <summary>The same for the sessions of a role alone.</summary>
    public Verdict Implies(Table table, SqlFragment<Expression> premise, SqlFragment<Expression> goal, PolicyClause clause, string role) =>
        ProverFor(role).Decide(table, new Claim.Condition(premise.Tree, Sight.Role), new Claim.Condition(goal.Tree, Sight.Role), clause == PolicyClause.WithCheck);

    /// <summary>Refuted iff the predicate is true for some row and session: the witness is one. Proven iff it is true for none.</summary>
    public Verdict IsNeverTrue(Table table, SqlFragment<Expression> predicate) =>
        DecideBoth(table, new Claim.Condition(predicate.Tree, Sight.Role), Claim.Nothing.Instance);

    /// <summary>Whether it is proven that the predicate is true for no row and no session.</summary>
    public bool IsProvenNeverTrue(Table table, SqlFragment<Expression> predicate)
    {
        var claim = new Claim.Condition(predicate.Tree, Sight.Role);
        var prover = ProverFor(null);
        return prover.Proves(table, claim, Claim.Nothing.Instance, isNew: false, out var readsOwnTable)
            && (!readsOwnTable || prover.Proves(table, claim, Claim.Nothing.Instance, isNew: true, out _));
    }

    /// <summary>
    /// Proven iff the combined predicate of all policies for the command, role and clause implies a tenancy condition of the table:
    /// that of any of its keys, because a row of mine and a row of my tenant are both mine to reach. SELECT policies are not leaned on for
    /// other commands.
    /// </summary>
    public Verdict Isolates(Table table, PolicyCommand command, string role, PolicyClause clause) =>
        Admits(table, role, clause, _policies.Of(table, command, role, clause), GoalOf(table));

    /// <summary>The same for the rows that a statement of a form touches (USING) or leaves behind (WITH CHECK).</summary>
    public Verdict Isolates(Table table, StatementForm form, string role, PolicyClause clause) =>
        Admits(table, role, clause, _policies.Of(table, form, role, clause), GoalOf(table));

    /// <summary>Proven iff the combined predicate of all policies for the command, role and clause implies the condition.</summary>
    public Verdict Isolates(Table table, PolicyCommand command, string role, PolicyClause clause, SqlFragment<Expression> condition) =>
        Admits(table, role, clause, _policies.Of(table, command, role, clause), new Claim.Condition(condition.Tree, Sight.Everything));

    /// <summary>Refuted iff the role reaches, or may write, some row: the witness is one. Proven iff it reaches none.</summary>
    public Verdict ReachesNothing(Table table, StatementForm form, string role, PolicyClause clause) =>
        Admits(table, role, clause, _policies.Of(table, form, role, clause), Claim.Nothing.Instance);

    /// <summary>
    /// Proven iff a role reaches, or may write, every row under the second table's policies that it may under the first's. The rows are
    /// those of the second: its columns and constraints.
    /// </summary>
    public Verdict IsAdditive(Table before, Table after, PolicyCommand command, string role, PolicyClause clause) =>
        Compare(this, before, _policies.Of(before, command, role, clause), after, _policies.Of(after, command, role, clause), role, clause);

    /// <summary>
    /// Proven iff a role reaches, or may write, every row under this model that it might under an earlier one: policies, functions, roles and the
    /// policies of the tables that these read are the earlier model's on the one side and this one's on the other.
    /// </summary>
    public Verdict IsAdditive(AccessModel earlier, Table before, Table after, StatementForm form, string role, PolicyClause clause) =>
        Compare(earlier, before, earlier._policies.Of(before, form, role, clause), after, _policies.Of(after, form, role, clause), role, clause);

    /// <summary>Proven iff rows with the predicate true satisfy the predicate of a partial index (PL1007).</summary>
    public Verdict UsesIndex(Table table, SqlFragment<Expression> predicate, TableIndex index) =>
        index.Predicate is null ? new Verdict.Proven([]) : Implies(table, predicate, index.Predicate, PolicyClause.Using);

    /// <summary>
    /// Proven iff the policies let no row pass while nothing has said who the user is: `auth.uid()` and the project's own settings are NULL,
    /// but for those that a statement before may have set.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="command">The command.</param>
    /// <param name="clause">The clause.</param>
    /// <param name="role">Who asks; null where that is not known: whatever some role may do counts.</param>
    /// <param name="settings">Settings that may have a value.</param>
    public Verdict IsClosedWithoutUser(Table table, PolicyCommand command, PolicyClause clause, string? role, IReadOnlyCollection<string> settings)
    {
        var policies = role is null ? EffectivePolicies.ForAnyone(table, command) : PoliciesFor(table, command, role);
        var prover = ProverFor(role) with { Session = KnownSession.WithoutUser(settings) };
        return prover.Decide(table, new Claim.Policies(policies, clause), Claim.Nothing.Instance, clause == PolicyClause.WithCheck);
    }

    /// <summary>Whether row-level security binds a role on a table; false where that is not known.</summary>
    public bool Binds(Table table, string role) => table.RowSecurityEnabled is { Value: true, IsKnown: true } && table.RowSecurityForced.IsKnown && !_policies.Passes(table, role);

    /// <summary>What the policies of a table let a role do with a row.</summary>
    internal Claim ClaimOf(Table table, PolicyCommand command, string role, PolicyClause clause) => _policies.Of(table, command, role, clause);

    /// <summary>That a row is the session's by a tenancy condition; null where none is known.</summary>
    internal Claim? Own(Table table) => GoalOf(table);

    /// <summary>Proven iff the goal, read in this model, holds for every row of the table for which the premise does, read in another.</summary>
    internal Verdict Follows(AccessModel other, Table rows, Claim premise, Claim goal, string role, PolicyClause clause) =>
        Compare(other, rows, premise, rows, goal, role, clause);

    private AskedTable AskedOf(Table table)
    {
        // Questions about one table follow each other.
        if (_last is not null && ReferenceEquals(_last.Table, table))
            return _last;
        if (!_tables.TryGetValue(table.Id, out var known) || !ReferenceEquals(known.Table, table))
            _tables[table.Id] = known = new(table, MakeGoal(table));
        return _last = known;
    }

    private Claim.AnyOf? GoalOf(Table table) => AskedOf(table).Goal;

    // Tables whose rows are owned alike have one goal.
    private Claim.AnyOf? MakeGoal(Table table)
    {
        if (tenancy?.GoalsOf(table) is not { Count: > 0 } goals)
            return null;
        if (!_goals.TryGetValue(goals[0], out var known))
            _goals.Add(goals[0], known = []);
        foreach (var goal in known)
        {
            if (AreSame(goal, goals))
                return goal;
        }
        known.Add(new([.. goals.Select(static goal => new Claim.Condition(goal.Tree, Sight.Everything))]));
        return known[known.Count - 1];
    }

    private static bool AreSame(Claim.AnyOf goal, IReadOnlyList<SqlFragment<Expression>> goals)
    {
        if (goal.Claims.Count != goals.Count)
            return false;
        for (var i = 0; i < goals.Count; i++)
        {
            if (!ReferenceEquals(((Claim.Condition)goal.Claims[i]).Expression, goals[i].Tree))
                return false;
        }
        return true;
    }

    private Verdict Admits(Table table, string role, PolicyClause clause, Claim? admitted, Claim? goal)
    {
        if (!table.RowSecurityEnabled.IsKnown)
            return new Verdict.Unknown(UnknownReason.Tainted, "it is not known whether row-level security is enabled on " + table.Id);
        if (admitted is null || (admitted is Claim.Policies { Applying.Count: 0 } && !table.IsAccessTainted))
            return new Verdict.Proven([]);
        var prover = ProverFor(role);
        // Rows that nobody reaches are nobody else's, whoever's they are.
        if (goal is null)
        {
            return prover.Answer(table, admitted, Claim.Nothing.Instance, clause == PolicyClause.WithCheck).Verdict as Verdict.Proven
                ?? (Verdict)new Verdict.Unknown(UnknownReason.SchemaMissing, "no tenancy condition is known for " + table.Id);
        }
        var subject = AskedOf(table).About(admitted, goal);
        if (Answers is not null)
        {
            foreach (var known in subject.Answers)
            {
                if (known.Clause == clause && known.Session == prover.Session && (!known.Answer.ReadsPolicies || known.Role == role))
                    return known.Answer.Verdict;
            }
        }
        var answer = prover.Answer(subject.Subject, clause == PolicyClause.WithCheck);
        subject.Answers.Add((clause, prover.Session, role, answer));
        return answer.Verdict;
    }

    private Verdict Compare(AccessModel earlier, Table before, Claim? old, Table after, Claim? current, string role, PolicyClause clause)
    {
        if (!before.RowSecurityEnabled.IsKnown || !after.RowSecurityEnabled.IsKnown || before.IsAccessTainted)
            return new Verdict.Unknown(UnknownReason.Tainted, "it is not known whether row-level security is enabled on " + after.Id);
        if (old is null || current is null)
            return new Verdict.Proven([]);
        var prover = ProverFor(role);
        if (!ReferenceEquals(earlier, this))
            prover = prover with { Earlier = new(earlier.Catalog, new RoleReading(earlier._policies, role)) { Bodies = earlier._bodies } };
        return prover.Decide(after, old, current, clause == PolicyClause.WithCheck);
    }

    private ICatalog Catalog => catalog;

    // A row that is about to be written is not found by subqueries on its own table; one that stands there is.
    private Verdict DecideBoth(Table table, Claim premise, Claim goal)
    {
        var answer = ProverFor(null).Answer(table, premise, goal, isNew: false);
        var standing = answer.Verdict;
        if (!answer.ReadsOwnTable)
            return standing;
        var written = ProverFor(null).Decide(table, premise, goal, isNew: true);
        return (standing, written) switch
        {
            (Verdict.Unknown, _) => standing,
            (_, Verdict.Unknown) => written,
            (Verdict.Proven, Verdict.Proven) or (Verdict.Refuted, Verdict.Refuted) => standing,
            _ => new Verdict.Unknown(UnknownReason.PolicyRecursion, "it depends on whether the row already stands in " + table.Id + ", which the predicate reads"),
        };
    }

    private static bool HoldsNothing(Claim claim) => claim is Claim.Nothing || (claim is Claim.AllOf all && Exists(all.Claims));

    private static bool Exists(IReadOnlyList<Claim> claims)
    {
        foreach (var claim in claims)
        {
            if (HoldsNothing(claim))
                return true;
        }
        return false;
    }

    private Prover ProverFor(string? role)
    {
        if (_lastProver is { Prover: { } last } && _lastProver.Role == role)
            return last;
        if (!_provers.TryGetValue(role ?? "", out var prover))
        {
            prover = new(new(catalog, new RoleReading(_policies, role)) { Bodies = _bodies }, limits.ProverSteps, cancellation) { Asked = Asked, IsByCases = IsByCases, Answers = Answers, Session = KnownSession.Of(catalog, role) };
            _provers.Add(role ?? "", prover);
        }
        _lastProver = (role, prover);
        return prover;
    }

    /// <summary>A table that was asked about, and what of it.</summary>
    private sealed class AskedTable(Table table, Claim.AnyOf? goal)
    {
        private readonly List<AskedSubject> _subjects = [];

        public Table Table => table;

        /// <summary>That a row is the session's by a tenancy condition; null where none is known.</summary>
        public Claim.AnyOf? Goal => goal;

        public AskedSubject About(Claim admitted, Claim wanted)
        {
            foreach (var known in _subjects)
            {
                if (ReferenceEquals(known.Subject.Premise, admitted) && ReferenceEquals(known.Subject.Goal, wanted))
                    return known;
            }
            _subjects.Add(new(new(table, admitted, wanted)));
            return _subjects[_subjects.Count - 1];
        }
    }

    /// <summary>What was asked of a table, and what came of it.</summary>
    private sealed class AskedSubject(Subject subject)
    {
        public Subject Subject => subject;

        public List<(PolicyClause Clause, KnownSession? Session, string Role, Answer Answer)> Answers { get; } = [];
    }
}
