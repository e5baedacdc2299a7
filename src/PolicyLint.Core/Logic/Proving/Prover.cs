using PolicyLint.Core.Catalog;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Logic.Proving;

/// <summary>
/// Decides whether a claim about a row of a table follows from another (PROVER 2): is "premise TRUE and goal not TRUE" satisfiable?
/// Proven: it is not. Refuted: the interpreter confirms the model. Everything else is Unknown with its reason.
/// </summary>
internal sealed record Prover(Reading Reading, int Steps, CancellationToken Cancellation)
{
    private const int MaximumParts = 64;
    private const string RowsThatNoFileAllows = " has such rows and shows them";

    private bool _isCoarse;
    private Circumstances? _circumstances;

    /// <summary>Replaces the encoded premise: for the test that a wrong encoding is caught before it is reported.</summary>
    internal Func<Prop, Prop>? Tamper { get; init; }

    /// <summary>Takes every question apart by cases, as it does those that exceed its steps: for the test that the answers are the same.</summary>
    internal bool IsByCases { get; init; }

    /// <summary>Where the premise's names are looked up, if not where the goal's are: the state before a migration.</summary>
    public Reading? Earlier { get; init; }

    /// <summary>Sees every question without quantifiers that goes to the solver, and how to make it again: for comparing with another one.</summary>
    internal Action<Clauses, Action>? Asked { get; init; }

    /// <summary>What is known of the session; null: nothing.</summary>
    public KnownSession? Session { get; init; }

    /// <summary>Where answers are looked for and kept; null: every question is decided anew.</summary>
    public KnownAnswers? Answers { get; init; }

    private ICatalog Schema => Reading.Catalog;

    /// <summary>Whether the goal is true of every row of which the premise is.</summary>
    /// <param name="table">Whose rows.</param>
    /// <param name="premise">What is given.</param>
    /// <param name="goal">What must follow.</param>
    /// <param name="isNew">The row is about to be written: it is not in its table yet.</param>
    public Verdict Decide(Table table, Claim premise, Claim goal, bool isNew) => Answer(table, premise, goal, isNew).Verdict;

    /// <summary>The same, and what else came of deciding it.</summary>
    public Answer Answer(Table table, Claim premise, Claim goal, bool isNew) => Answer(new Subject(table, premise, goal), isNew);

    /// <summary>The same of a subject that others may ask about.</summary>
    public Answer Answer(Subject subject, bool isNew)
    {
        if (Answers is null || Tamper is not null || Asked is not null)
            return Decided(subject.Table, subject.Premise, subject.Goal, isNew, null);
        var question = new Question(Circumstances, subject, isNew);
        if (Answers.Find(question) is { } found && Told(found, subject) is { } verdict)
            return ReferenceEquals(verdict, found.Answer.Verdict) ? found.Answer : found.Answer with { Verdict = verdict };
        var reads = new Reads();
        var watched = this with { Reading = reads.Watch(Reading, isEarlier: false), Earlier = Earlier is null ? null : reads.Watch(Earlier, isEarlier: true) };
        var answer = watched.Decided(subject.Table, subject.Premise, subject.Goal, isNew, reads);
        // Where the same text stands the next time is not known.
        if (reads.IsComplete)
            Answers.Keep(question, answer.Verdict is Verdict.Unknown unknown ? answer with { Verdict = unknown with { Span = null } } : answer, reads.All);
        return answer;
    }

    // A copy of the prover that asks elsewhere has its own.
    private Circumstances Circumstances =>
        _circumstances is { } known && known.Are(Reading, Earlier, Steps, Session) ? known : _circumstances = new(Reading, Earlier, Steps, Session);

    // A row of a table under other names is a witness once the interpreter has seen it there.
    private Verdict? Told(FoundAnswer found, Subject subject)
    {
        if (found.Names is null)
            return found.Answer.Verdict;
        if (found.Answer.Model?.In(Schema, subject.Table, found.Names) is not { } model || Confirm(model, new TermTable(Schema), subject.Premise, subject.Goal) is not [])
            return null;
        var verdict = new Verdict.Refuted(Describe(model, subject.Table));
        found.Tell!(verdict);
        return verdict;
    }

    /// <summary>
    /// Whether it is proven, where nobody asks for a witness: that which refuted the question for a table alike need not be told of this one.
    /// </summary>
    public bool Proves(Table table, Claim premise, Claim goal, bool isNew, out bool readsOwnTable)
    {
        var subject = new Subject(table, premise, goal);
        var answer = Answers is not null && Tamper is null && Asked is null ? Answers.FindKind(new(Circumstances, subject, isNew)) : null;
        answer ??= Answer(subject, isNew);
        readsOwnTable = answer.ReadsOwnTable;
        return answer.Verdict is Verdict.Proven;
    }

    private Answer Decided(Table table, Claim premise, Claim goal, bool isNew, Reads? reads)
    {
        var readsOwnTable = false;
        Model? model = null;
        Verdict verdict;
        try
        {
            verdict = DecideCore(table, premise, goal, isNew, ref readsOwnTable, ref model);
        }
        catch (UndecidedException undecided)
        {
            verdict = new Verdict.Unknown(undecided.Reason, undecided.Message, undecided.Span);
            if (undecided.Reason == UnknownReason.Budget && !_isCoarse && (this with { _isCoarse = true }).Decided(table, premise, goal, isNew, reads) is { Verdict: Verdict.Proven } coarse)
                return coarse with { ReadsOwnTable = coarse.ReadsOwnTable || readsOwnTable };
        }
        return new(verdict, readsOwnTable, reads?.HasPolicies != false, model is null ? null : new(model));
    }

    private Verdict DecideCore(Table table, Claim premise, Claim goal, bool isNew, ref bool readsOwnTable, ref Model? refuting)
    {
        if (table.IsAccessTainted)
            return new Verdict.Unknown(UnknownReason.Tainted, table.Id + " may have been changed by a statement that could not be read");
        var terms = new TermTable(Schema);
        var encoder = new Encoder(Reading, Schema, terms) { IsCoarse = _isCoarse };
        var earlier = Earlier is null ? encoder : new Encoder(Earlier, Schema, terms) { IsCoarse = _isCoarse, Definitions = encoder.Definitions };
        var target = terms.NewRow(terms.Source(table.Id.ToString(), table));
        var given = earlier.Encode(premise, target, table.Id.Name);
        var wanted = encoder.Encode(goal, target, table.Id.Name);
        for (var row = 0; row < terms.RowCount; row++)
            readsOwnTable |= row != target && terms.SourceOf(row) == terms.SourceOf(target);
        var opaque = new SortedSet<string>(earlier.Opaque.Concat(encoder.Opaque), StringComparer.Ordinal);
        if (Tamper is not null)
            given = Tamper(given);
        given = Prop.And(given, encoder.Definitions.Of(Prop.And(given, wanted)));
        var sessions = new List<Prop>();
        var columns = new List<Prop>();
        var leansOnSession = false;
        for (var term = 0; term < terms.Count; term++)
        {
            if (terms[term].Kind == ValueKind.Session && Session is not null && Session.ValueOf(terms[term].Name) is var value && value != KnownSession.Open && (value is null || terms[term].Type == TypeFamily.Text))
            {
                given = Prop.And(given, Prop.Same(terms, term, value is null ? TermTable.Null : terms.Constant(terms[term].Type, value)));
                leansOnSession = true;
            }
            else if (terms[term].Kind == ValueKind.Session)
                sessions.Add(Prop.IsNotNull(terms, term));
            else if (terms[term].Kind == ValueKind.Column && terms[term].Row == target)
                columns.Add(Prop.IsNotNull(terms, term));
        }
        if (SessionKeys.UserOf(terms) is { } user)
            given = Prop.And(given, user);
        // What raises an error shows nothing: a value that cannot be cast is none to tell of.
        var readable = Prop.True;
        for (var term = 0; term < terms.Count; term++)
        {
            if (terms[term].Kind == ValueKind.Function && terms[term].Name.StartsWith("cast:", StringComparison.Ordinal))
                readable = Prop.And(readable, Prop.Or(Prop.IsNull(terms, terms[term].Arguments[0]), Prop.IsNotNull(terms, term)));
        }
        var isOpen = false;
        UndecidedException? exceeded = null;
        Witness? candidate = null;
        var clauses = new Clauses(terms);
        var solver = new Solver(clauses, Cancellation);
        var (termCount, rowCount) = (terms.Count, terms.RowCount);
        var hasCases = IsByCases;
        try
        {
            refuting = Refute(IsByCases ? Cases() : Split(given).Select(part => Prop.And(part, Prop.Not(wanted))).Where(IsWorthAsking));
        }
        catch (UndecidedException undecided) when (undecided.Reason == UnknownReason.Budget && !IsByCases)
        {
            hasCases = true;
            refuting = Refute(Cases());
        }
        if (refuting is not null)
            return new Verdict.Refuted(Describe(refuting, table));
        // Two states name what is not looked into alike; where it reads differently in them, equal names are not equal values.
        if (!isOpen && Earlier is not null && earlier.NotEntered.Count > 0 && encoder.NotEntered.Count > 0)
        {
            var reach = new OpaqueReach(Earlier, Reading);
            foreach (var part in encoder.NotEntered.Where(part => earlier.NotEntered.Any(part.MayShareName)).Concat(earlier.NotEntered.Where(part => encoder.NotEntered.Any(part.MayShareName))))
                reach.Enter(part);
            if (reach.Difference is { } difference)
                return new Verdict.Unknown(UnknownReason.OpaqueFunction, "it depends on " + difference + ", which is not the same before and after");
        }
        if (!isOpen)
            return new Verdict.Proven([.. new SortedSet<string>(earlier.Assumptions.Concat(encoder.Assumptions).Concat(leansOnSession ? [Session!.Assumption] : []), StringComparer.Ordinal)]);
        if (exceeded is not null && candidate is null)
            return new Verdict.Unknown(exceeded.Reason, exceeded.Message);
        if (candidate?.Conditions.FirstOrDefault(static condition => condition.EndsWith(RowsThatNoFileAllows, StringComparison.Ordinal)) is { } rows)
            return new Verdict.Unknown(UnknownReason.SchemaMissing, "it depends on rows of " + rows.Substring(0, rows.Length - RowsThatNoFileAllows.Length) + ", which no file makes") { Candidate = candidate };
        if ((encoder.FirstNotRead ?? earlier.FirstNotRead) is { } notRead)
            return new Verdict.Unknown(notRead.Reason, notRead.Message, notRead.Span) { Candidate = candidate };
        return opaque.Count > 0
            ? new Verdict.Unknown(UnknownReason.OpaqueFunction, "it depends on " + string.Join(", ", opaque)) { Candidate = candidate }
            : new Verdict.Unknown(UnknownReason.ModelReplayFailed, "a counterexample was found and could not be confirmed");

        IEnumerable<Prop> Cases() => new Cases(terms, target, formula => Search(formula, false).Found).Of(Prop.And(given, Prop.Not(wanted)));

        // It has a model, and may tell more than the candidate that there is.
        bool IsWorthAsking(Prop part) => (candidate is null || !AsksForRowsThatNoFileAllows(part)) && Solve(part, false) is not null;

        // Each model of it rests on a condition.
        bool AsksForRowsThatNoFileAllows(Prop question) => question.Kind switch
        {
            PropKind.And => Array.Exists(question.Items, AsksForRowsThatNoFileAllows),
            PropKind.Exists => Array.Exists(question.Rows, row => terms.SourceOf(row) is { Table: null or { IsAssumed: true } } source && source != terms.SourceOf(target))
                || AsksForRowsThatNoFileAllows(question.Items[0]),
            _ => false,
        };

        // A model of one of the questions, each of which has one, that the interpreter confirms.
        Model? Refute(IEnumerable<Prop> questions)
        {
            foreach (var question in questions)
            {
                isOpen = true;
                var isConditional = AsksForRowsThatNoFileAllows(question);
                // A signed-in user and a full row tell more than an anonymous session and NULLs; what holds whatever opaque functions say tells most.
                foreach (var wish in (Prop[])[Prop.And([.. sessions, .. columns]), Prop.And([.. sessions]), Prop.True])
                {
                    if (isConditional && candidate is not null)
                        break;
                    if (Solve(Prop.And(question, readable, wish), true) is { } model && Confirmed(model) is { } open)
                    {
                        if (open.Count == 0)
                            return model;
                        Propose(model, open);
                    }
                }
                if (candidate is not null || Solve(Prop.And(question, readable), false) is not { } conditional || Confirmed(conditional) is not { } conditions)
                    continue;
                if (conditions.Count == 0)
                    return conditional;
                Propose(conditional, conditions);
            }
            return null;
        }

        void Propose(Model model, IReadOnlyList<string> conditions) => candidate ??= Describe(model, table) with { Conditions = conditions };

        Model? Solve(Prop question, bool isCautious)
        {
            try
            {
                var (found, rows) = Search(question, isCautious);
                return found is null ? null : new ModelBuilder(Schema, terms, found).Build(rows, hasTarget: true, isNew);
            }
            catch (UndecidedException undecided) when (isOpen && undecided.Reason == UnknownReason.Budget)
            {
                // It is open already: only what would show it is not found.
                exceeded = undecided;
                return null;
            }
        }

        (Solver? Found, IReadOnlyList<int> Rows) Search(Prop question, bool isCautious)
        {
            // Rows and terms of one part are no other part's; cases speak of what they found.
            if (!hasCases)
                terms.Truncate(termCount, rowCount);
            var grounder = NewGrounder(isCautious);
            grounder.Run(question, target, isNew);
            Asked?.Invoke(clauses, () => NewGrounder(isCautious).Run(question, target, isNew));
            return (solver.IsSatisfiable(Steps) ? solver : null, grounder.Rows);
        }

        Grounder NewGrounder(bool isCautious) => new(Schema, clauses, encoder.EncodeCheck, Cancellation) { IsCautious = isCautious };

        IReadOnlyList<string>? Confirmed(Model model)
        {
            new Completion(new Interpreter(Reading, terms, model), terms).Complete(model);
            return Confirm(model, terms, premise, goal);
        }
    }

    /// <summary>
    /// Whether the interpreter, which shares no encoding with the solver, finds that the model refutes: null where it does not, otherwise the conditions
    /// under which it does. Most often there are none.
    /// </summary>
    private IReadOnlyList<string>? Confirm(Model model, TermTable types, Claim premise, Claim goal)
    {
        if (!SessionKeys.Agree(model.Session))
            return null;
        var interpreter = new Interpreter(Reading, types, model);
        var before = Earlier is null ? interpreter : new Interpreter(Earlier, types, model);
        if (!before.Evaluate(premise).IsTrue || interpreter.Evaluate(goal) is { Kind: DatumKind.Open } or { IsTrue: true } || !interpreter.SatisfiesConstraints() || interpreter.HasRaised || before.HasRaised)
            return null;
        var conditions = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var pair in interpreter.Assumed.Concat(before.Assumed))
            conditions.Add(pair.Key + " is " + Print(pair.Value));
        // Rows of a view, or of a table that no file makes, may not be possible. Where nothing reads them they are there for a foreign key alone, which has them.
        foreach (var row in model.Others)
        {
            if (row.Relation is not Table { IsAssumed: false } && !row.IsParent)
                conditions.Add((row.Relation?.Id.ToString() ?? row.Source.TrimStart('?')) + RowsThatNoFileAllows);
        }
        return [.. conditions];
    }

    /// <summary>
    /// Whether one of the goals is true of every row that the innermost of nested blocks yields. Refuted only by rows that FROM itself asks for: where
    /// a counterexample needs rows for a subquery, these may be what ties the row to its owner.
    /// </summary>
    /// <param name="blocks">From the outermost in: FROM without outer joins, and WHERE.</param>
    /// <param name="goals">Conditions over the innermost block.</param>
    /// <param name="judged">The table whose row is told first.</param>
    public Verdict DecideRows(IReadOnlyList<SelectQuery> blocks, IReadOnlyList<Expression> goals, Table judged)
    {
        try
        {
            var terms = new TermTable(Schema);
            var encoder = new Encoder(Reading, Schema, terms);
            var (leak, given) = encoder.EncodeRows(blocks, goals);
            leak = Prop.And([leak, encoder.Definitions.Of(leak), SessionKeys.UserOf(terms) ?? Prop.True]);
            var isOpen = false;
            foreach (var part in Split(leak))
                isOpen |= Solve(part, null, isCautious: false) is not null;
            if (!isOpen)
                return new Verdict.Proven([.. encoder.Assumptions]);
            if (Solve(leak, given, isCautious: true) is { } model && Confirm(model))
                return new Verdict.Refuted(Describe(model, judged));
            return encoder.Opaque.Count > 0
                ? new Verdict.Unknown(UnknownReason.OpaqueFunction, "it depends on " + string.Join(", ", encoder.Opaque))
                : new Verdict.Unknown(UnknownReason.UnsupportedSyntax, "it depends on rows of other tables");

            Model? Solve(Prop question, HashSet<int>? rows, bool isCautious)
            {
                var clauses = new Clauses(terms);
                var grounder = new Grounder(Schema, clauses, encoder.EncodeCheck, Cancellation) { IsCautious = isCautious, Given = rows };
                grounder.Run(question, -1, isTargetNew: false);
                var solver = new Solver(clauses, Cancellation);
                return solver.IsSatisfiable(Steps) ? new ModelBuilder(Schema, terms, solver).Build(grounder.Rows, hasTarget: false, isTargetNew: false) : null;
            }

            bool Confirm(Model model)
            {
                var interpreter = new Interpreter(Reading, terms, model);
                return SessionKeys.Agree(model.Session) && interpreter.Evaluate(new Claim.Condition(LeakOf(blocks, goals), Sight.Everything)).IsTrue && interpreter.SatisfiesConstraints() && !interpreter.HasRaised;
            }
        }
        catch (UndecidedException undecided)
        {
            return new Verdict.Unknown(undecided.Reason, undecided.Message, undecided.Span);
        }
    }

    // EXISTS (the outer block, AND EXISTS (the inner one, AND no goal is true)).
    private static Expression LeakOf(IReadOnlyList<SelectQuery> blocks, IReadOnlyList<Expression> goals)
    {
        var inner = goals.Select(static goal => (Expression)new IsTest { Operand = goal, Test = TestKind.True, IsNegated = true }).ToList();
        for (var i = blocks.Count - 1; i >= 0; i--)
        {
            var block = blocks[i];
            if (block.Where is not null)
                inner.Add(block.Where);
            var query = new SelectQuery { With = block.With, From = block.From, Where = new LogicalExpression { Operator = LogicalOperator.And, Operands = [.. inner] } };
            inner = [new ExistsSubquery { Query = query }];
        }
        return inner[0];
    }

    /// <summary>The disjuncts that carry EXISTS, so that only one of them has its rows at a time (PROVER 2.5).</summary>
    private static List<Prop> Split(Prop prop)
    {
        if (!prop.HasQuantifier || prop.Kind is not (PropKind.Or or PropKind.And))
            return [prop];
        if (prop.Kind == PropKind.Or)
        {
            var parts = new List<Prop>();
            foreach (var item in prop.Items)
                parts.AddRange(Split(item));
            return parts.Count <= MaximumParts ? parts : [prop];
        }
        var products = new List<Prop> { Prop.True };
        foreach (var item in prop.Items)
        {
            var choices = item.HasQuantifier ? Split(item) : [item];
            if (products.Count * choices.Count > MaximumParts)
                choices = [item];
            var next = new List<Prop>();
            foreach (var product in products)
            {
                foreach (var choice in choices)
                    next.Add(Prop.And(product, choice));
            }
            products = next;
        }
        return products;
    }

    private static Witness Describe(Model model, Table table)
    {
        var session = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in model.Session)
            session[SessionName(pair.Key)] = Print(pair.Value);
        var rows = new List<WitnessRow>();
        foreach (var row in model.Rows)
            rows.Insert(model.Target is null && row.Relation?.Id == table.Id ? 0 : rows.Count, Describe(row));
        return new(new Dictionary<string, string>(session, StringComparer.Ordinal), rows, []);
    }

    private static WitnessRow Describe(ModelRow row)
    {
        var values = new Dictionary<string, string>();
        if (row.Relation is { AreColumnsKnown: true })
        {
            foreach (var column in row.Relation.Columns)
                values[column.Name] = row.Values.TryGetValue(column.Name, out var value) ? Print(value) : "NULL";
        }
        else
        {
            foreach (var pair in row.Values)
                values[pair.Key] = Print(pair.Value);
        }
        return new(row.Relation?.Id.Name ?? row.Source.TrimStart('?'), values) { Relation = row.Relation?.Id };
    }

    private static string SessionName(string key)
    {
        if (key.StartsWith("guc:", StringComparison.Ordinal))
            return "current_setting('" + key.Substring(4) + "')";
        if (key.StartsWith("jwt:", StringComparison.Ordinal))
            return key.IndexOf('/') < 0 ? "auth.jwt() ->> '" + key.Substring(4) + "'" : "auth.jwt() #>> '{" + key.Substring(4).Replace('/', ',') + "}'";
        return key.StartsWith("@", StringComparison.Ordinal) ? key.Substring(1) : key;
    }

    private static string Print(Datum value)
    {
        if (value.Kind != DatumKind.Value)
            return value.Text;
        if (value.Items is { } items)
        {
            var text = "ARRAY[";
            for (var i = 0; i < items.Count; i++)
                text += (i == 0 ? "" : ", ") + Print(items[i]);
            return text + "]";
        }
        return TypeFamily.IsNumber(value.Type) || value.Type == TypeFamily.Boolean ? value.Text : "'" + value.Text.Replace("'", "''") + "'";
    }
}
