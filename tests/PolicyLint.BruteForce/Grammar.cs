using System.Collections.Immutable;
using PolicyLint.Core.Access;
using PolicyLint.Sql.Tree;
using static PolicyLint.BruteForce.Build;

namespace PolicyLint.BruteForce;

/// <summary>Makes cases. Weights are chosen so that about as many questions are refuted as are proven.</summary>
internal sealed class Grammar(Random random)
{
    private static readonly string[] s_atoms = ["=", "=", "=", "<>", "IS NULL", "IS NOT NULL", "IS DISTINCT FROM", "IS NOT DISTINCT FROM", "IN (list)", "NOT IN (list)"];
    private static readonly ImmutableArray<Function> s_functions = MakeFunctions();
    private readonly Rewriting _rewriting = new(random, s_functions);
    private int _aliases;
    private bool _isRestrained;

    /// <summary>A question and what it is about.</summary>
    public Case Case(int size)
    {
        var depth = 1 + random.Next(Math.Clamp(size / 8, 1, 3));
        var roll = random.Next(20);
        var (before, functions) = (Schema(), (IReadOnlyList<Function>)s_functions);
        _isRestrained = false;
        var target = new Sight(null, [(Shape.Docs.Name, Shape.Docs)], null, CanRead: true);
        if (roll < 4)
        {
            var premise = Conjunction(target, depth);
            var goal = random.Next(10) switch { < 4 => Implied(premise, target), < 7 => Fact(before, target), _ => Boolean(target, depth) };
            var isNew = Chance(25);
            return Trim(new(before, before, new(QuestionForm.Implies, isNew ? StatementForm.Insert : StatementForm.Select, isNew ? PolicyClause.WithCheck : PolicyClause.Using, premise, goal)));
        }
        var (statement, clause) = Statement();
        var command = CommandOf(statement);
        var policies = new List<TablePolicy>();
        for (var i = 1 + random.Next(3); i > 0; i--)
            policies.Add(Policy(Conjunction(target, depth), command));
        // Where no policy lets anything pass there is nothing to tell.
        if (Chance(90))
            policies[0] = Fitted(policies[0] with { IsPermissive = true, Roles = [Chance(80) ? "app" : "public"] }, policies[0].Command == PolicyCommand.All ? PolicyCommand.All : command);
        before = before with { Policies = [.. before.Policies, .. policies] };
        if (roll < 8)
        {
            (statement, clause) = random.Next(4) switch
            {
                0 => (StatementForm.Insert, PolicyClause.WithCheck),
                1 => (StatementForm.BlindDelete, PolicyClause.Using),
                2 => (StatementForm.BlindUpdate, Chance(50) ? PolicyClause.Using : PolicyClause.WithCheck),
                _ => (StatementForm.Select, PolicyClause.Using),
            };
            var first = policies[0].Using ?? policies[0].WithCheck!;
            before = before with { Policies = [.. before.Policies.Take(before.Policies.Length - policies.Count), .. policies.Select(p => Fitted(p, Chance(70) ? PolicyCommand.All : CommandOf(statement)))] };
            var goal = policies.Count == 1 && Chance(60) ? Implied(first, target) : Chance(40) ? Or(Boolean(target, 1), policies.Select(p => p.Using ?? p.WithCheck!).Aggregate((a, b) => Or(a, Chance(80) ? _rewriting.Rewritten(b) : b))) : Boolean(target, 1);
            return Trim(new(before, before, new(QuestionForm.Isolates, statement, clause, null, goal)));
        }
        var after = before;
        for (var i = 1 + (random.Next(3) / 2); i > 0; i--)
            after = Changed(after, target, command, depth);
        return Trim(Chance(35) ? new(after, before, new(QuestionForm.Additive, statement, clause, null, null)) : new(before, after, new(QuestionForm.Additive, statement, clause, null, null)));
    }

    private static PolicyCommand CommandOf(StatementForm statement) => statement switch
    {
        StatementForm.Select => PolicyCommand.Select,
        StatementForm.Insert or StatementForm.InsertReturning => PolicyCommand.Insert,
        StatementForm.Delete or StatementForm.BlindDelete => PolicyCommand.Delete,
        _ => PolicyCommand.Update,
    };

    // Functions that nothing calls are noise.
    private static Case Trim(Case made)
    {
        var calls = new[] { made.Before, made.After }.SelectMany(static s => s.Terms()).Concat(made.Question.Terms.SelectMany(static t => t.All())).ToList();
        return made with { Before = Trimmed(made.Before), After = Trimmed(made.After) };

        State Trimmed(State state) => state with { Functions = [.. state.Functions.Where(f => calls.Exists(t => (t is CallTerm call && call.Name == f.Name) || (t is SubqueryTerm query && Named(query.Query, f.Name))))] };

        static bool Named(Query? query, string name) => query is not null && (query.SetFunction == name || Named(query.Union, name));
    }

    private bool Chance(int percent) => random.Next(100) < percent;

    private T Pick<T>(params T[] choices) => choices[random.Next(choices.Length)];

    private (StatementForm, PolicyClause) Statement() => random.Next(12) switch
    {
        < 4 => (StatementForm.Select, PolicyClause.Using),
        4 => (StatementForm.SelectForUpdate, PolicyClause.Using),
        5 => (StatementForm.Insert, PolicyClause.WithCheck),
        6 => (StatementForm.InsertReturning, PolicyClause.WithCheck),
        7 => (StatementForm.Update, PolicyClause.Using),
        8 => (StatementForm.Update, PolicyClause.WithCheck),
        9 => (StatementForm.BlindUpdate, Chance(50) ? PolicyClause.Using : PolicyClause.WithCheck),
        10 => (StatementForm.Delete, PolicyClause.Using),
        _ => (StatementForm.BlindDelete, PolicyClause.Using),
    };

    private State Schema()
    {
        var constraints = new List<TableConstraint>();
        if (Chance(70))
            constraints.Add(new(ConstraintForm.Primary, Shape.Docs, ["id"]));
        if (Chance(75))
            constraints.Add(new(Chance(80) ? ConstraintForm.Primary : ConstraintForm.Unique, Shape.Orgs, ["id"]));
        if (Chance(50))
            constraints.Add(new(Chance(80) ? ConstraintForm.Primary : ConstraintForm.Unique, Shape.Members, ["org", "u"]));
        else if (Chance(30))
            constraints.Add(new(ConstraintForm.Unique, Shape.Members, [Pick("u", "org")]));
        foreach (var (shape, column) in new[] { (Shape.Docs, "owner"), (Shape.Docs, "org"), (Shape.Docs, "n"), (Shape.Orgs, "boss"), (Shape.Members, "admin"), (Shape.Members, "u") })
        {
            if (Chance(15))
                constraints.Add(new(ConstraintForm.NotNull, shape, [column]));
        }
        var isOrgKey = constraints.Exists(static c => c.Shape == Shape.Orgs && c.Form is ConstraintForm.Primary or ConstraintForm.Unique);
        if (isOrgKey && Chance(40))
            constraints.Add(new(ConstraintForm.Foreign, Shape.Docs, ["org"]) { Referenced = Shape.Orgs, ReferencedColumns = ["id"], IsValidated = Chance(85) });
        if (isOrgKey && Chance(40))
            constraints.Add(new(ConstraintForm.Foreign, Shape.Members, ["org"]) { Referenced = Shape.Orgs, ReferencedColumns = ["id"], IsValidated = Chance(85) });
        if (constraints.Exists(static c => c.Shape == Shape.Members && c.Columns.Length == 2) && Chance(25))
            constraints.Add(new(ConstraintForm.Foreign, Shape.Docs, ["org", "owner"]) { Referenced = Shape.Members, ReferencedColumns = ["org", "u"], IsValidated = Chance(85) });
        _isRestrained = true;
        if (Chance(20))
            constraints.Add(new(ConstraintForm.Check, Shape.Docs, []) { Condition = Boolean(new(null, [(Shape.Docs.Name, Shape.Docs)], null, CanRead: false), 1), IsValidated = Chance(85) });
        if (Chance(8))
            constraints.Add(new(ConstraintForm.Check, Shape.Members, []) { Condition = Boolean(new(null, [(Shape.Members.Name, Shape.Members)], null, CanRead: false), 0), IsValidated = Chance(85) });
        _isRestrained = false;
        Security[] tables = [new(Chance(97), false, false), new(false, false, false), new(false, false, false)];
        if (Chance(8))
            tables[0] = tables[0] with { IsOwn = true, IsForced = Chance(60) };
        var policies = new List<TablePolicy>();
        foreach (var shape in new[] { Shape.Orgs, Shape.Members })
        {
            if (!Chance(20))
                continue;
            tables[shape.Number] = new(true, Chance(10), Chance(10));
            var sight = new Sight(null, [(shape.Name, shape)], null, CanRead: false);
            for (var i = 1 + random.Next(2); i > 0; i--)
                policies.Add(new(shape, Chance(85), Chance(70) ? PolicyCommand.Select : PolicyCommand.All, Roles(), Chance(20) ? Constant(Operator.True) : Boolean(sight, 0), null));
        }
        return new([.. constraints], s_functions, [.. policies], [.. tables], new(Chance(30), Chance(80), Chance(2)), false);
    }

    private ImmutableArray<string> Roles() => random.Next(10) switch { < 5 => ["app"], < 7 => ["public"], 7 => ["team"], 8 => ["other"], _ => ["team", "app"] };

    private TablePolicy Policy(Term predicate, PolicyCommand asked)
    {
        var command = random.Next(10) switch { < 6 => asked, < 9 => PolicyCommand.All, _ => Pick(PolicyCommand.Select, PolicyCommand.Insert, PolicyCommand.Update, PolicyCommand.Delete) };
        var other = Chance(25) ? Boolean(new(null, [(Shape.Docs.Name, Shape.Docs)], null, CanRead: true), 1) : null;
        var (using_, check) = command switch
        {
            PolicyCommand.Insert => (null, predicate),
            PolicyCommand.Select or PolicyCommand.Delete => (predicate, null),
            _ => other is null ? (predicate, null) : Chance(15) ? (null, predicate) : Chance(50) ? (predicate, other) : ((Term?)other, predicate),
        };
        return new(Shape.Docs, Chance(78), command, Roles(), using_, check);
    }

    // The clauses that a policy for the command may have.
    private static TablePolicy Fitted(TablePolicy policy, PolicyCommand command) => command switch
    {
        PolicyCommand.Insert => policy with { Command = command, Using = null, WithCheck = policy.WithCheck ?? policy.Using },
        PolicyCommand.Select or PolicyCommand.Delete => policy with { Command = command, Using = policy.Using ?? policy.WithCheck, WithCheck = null },
        _ => policy with { Command = command },
    };

    // One step of a migration.
    private State Changed(State state, Sight target, PolicyCommand command, int depth)
    {
        var own = Enumerable.Range(0, state.Policies.Length).Where(i => state.Policies[i].Shape == Shape.Docs).ToList();
        var at = own.Count == 0 ? -1 : own[random.Next(own.Count)];
        if (at < 0)
            return state with { Policies = state.Policies.Add(Policy(Boolean(target, depth), command)) };
        var policy = state.Policies[at];
        switch (random.Next(23))
        {
            case 0:
                return state with { Policies = state.Policies.Add(Policy(Boolean(target, depth), command)) };
            case 1:
                return state with { Policies = state.Policies.RemoveAt(at) };
            case 2:
                return state with { Policies = state.Policies.Add(policy with { IsPermissive = true, Using = Over(policy.Using, t => And(t, Boolean(target, 1))) }) };
            case 3 or 4:
                return Replace(policy with { Using = Over(policy.Using, t => Or(t, Boolean(target, 1))), WithCheck = Over(policy.WithCheck, t => Or(Boolean(target, 1), t)) });
            case 5:
                return Replace(policy with { Using = Over(policy.Using, t => And(t, Boolean(target, 1))), WithCheck = Over(policy.WithCheck, t => And(Boolean(target, 1), t)) });
            case 6:
                return Replace(policy with { Roles = Roles() });
            case 7:
                return Replace(policy with { Command = policy is { Using: not null, WithCheck: null } && policy.Command != PolicyCommand.Insert ? PolicyCommand.All : policy.Command, IsPermissive = Chance(80) == policy.IsPermissive });
            case 8:
                return state with { Role = new(!state.Role.IsMember, state.Role.Inherits, Chance(20)) };
            case 9:
            {
                var (index, constraint) = (random.Next(Math.Max(1, state.Constraints.Length)), state.Constraints);
                return constraint.Length == 0 || constraint[index].Form is ConstraintForm.Primary or ConstraintForm.Unique
                    ? state with { Constraints = constraint.Add(new(ConstraintForm.NotNull, Shape.Docs, [Pick("owner", "org", "n")])) }
                    : state with { Constraints = constraint.RemoveAt(index) };
            }
            case 10:
                return state with { Policies = [.. state.Policies.Where(static p => p.Shape == Shape.Docs || p.IsPermissive)], Tables = [state.Tables[0], new(false, false, false), Chance(50) ? state.Tables[2] : new(false, false, false)] };
            case 11 when policy is { Using: Operation { Operator.Construct: "OR" } either, WithCheck: null, IsPermissive: true }:
                return state with { Policies = state.Policies.SetItem(at, policy with { Using = either.Parts[0] }).Add(policy with { Using = either.Parts[1] }) };
            case 12 when Chance(30):
                return state with { IsOpaqueChanged = true };
            case 15:
                return Replace(policy with { WithCheck = policy.Command is PolicyCommand.All or PolicyCommand.Update && policy.Using is not null ? (Chance(50) ? policy.Using : null) : policy.WithCheck });
            case 16:
                return state with { Role = state.Role with { Inherits = !state.Role.Inherits, IsMember = true } };
            case 17:
                return state with { Tables = state.Tables.SetItem(0, Pick(state.Tables[0] with { IsForced = !state.Tables[0].IsForced }, state.Tables[0] with { IsOwn = !state.Tables[0].IsOwn }, state.Tables[0] with { IsEnabled = false })) };
            case 18:
                return state with { Role = state.Role with { Bypasses = !state.Role.Bypasses } };
            case 13:
                return Replace(policy with { Using = Over(policy.Using, _ => Boolean(target, depth)) });
            case 14:
                return state with { Policies = state.Policies.Add(new(Shape.Docs, false, PolicyCommand.All, Roles(), Weakened(policy.Using ?? policy.WithCheck!, target), null)) };
            default:
                return Replace(policy with { Using = Over(policy.Using, _rewriting.Rewritten), WithCheck = Over(policy.WithCheck, _rewriting.Rewritten) });
        }

        State Replace(TablePolicy changed) => state with { Policies = state.Policies.SetItem(at, changed) };

        static Term? Over(Term? term, Func<Term, Term> change) => term is null ? null : change(term);
    }

    private Term Weakened(Term term, Sight sight) => Chance(50) ? _rewriting.Rewritten(term) : Or(Boolean(sight, 1), _rewriting.Rewritten(term));

    // What follows from a condition, or nearly.
    private Term Implied(Term premise, Sight sight)
    {
        var conjuncts = Conjuncts(premise).ToList();
        var kept = conjuncts[random.Next(conjuncts.Count)];
        return random.Next(6) switch
        {
            0 => _rewriting.Rewritten(kept),
            1 => Or(kept, Boolean(sight, 1)),
            2 => Or(Boolean(sight, 0), _rewriting.Rewritten(premise)),
            3 => _rewriting.Rewritten(_rewriting.Rewritten(premise)),
            4 => _rewriting.Rewritten(And(kept, conjuncts[random.Next(conjuncts.Count)])),
            _ => And(_rewriting.Rewritten(kept), Boolean(sight, 0)),
        };
    }

    // What a constraint seems to say.
    private Term Fact(State state, Sight sight)
    {
        if (state.Constraints.Length == 0)
            return Boolean(sight, 1);
        var constraint = state.Constraints[random.Next(state.Constraints.Length)];
        var alias = constraint.Shape == Shape.Docs ? Shape.Docs.Name : "f" + ++_aliases;
        var fact = constraint.Form switch
        {
            ConstraintForm.Check => Chance(60) ? Of(Named("IS NOT FALSE", Sort.Boolean), Renamed(constraint.Condition!, constraint.Shape.Name, alias)) : Renamed(constraint.Condition!, constraint.Shape.Name, alias),
            ConstraintForm.Foreign => Parent(constraint, alias),
            ConstraintForm.NotNull => Of(Operator.IsNotNull(constraint.Shape[constraint.Columns[0]].Sort), new ColumnTerm(alias, constraint.Shape, constraint.Shape[constraint.Columns[0]], Chance(30))),
            _ when constraint.Shape == Shape.Docs => Of(Operator.IsNotNull(Sort.Integer), new ColumnTerm(alias, Shape.Docs, Shape.Docs["id"], false)),
            _ => OnlyOne(constraint, sight),
        };
        var isAside = constraint.Shape != Shape.Docs && constraint.Form is not (ConstraintForm.Primary or ConstraintForm.Unique);
        var whole = isAside ? Not(new SubqueryTerm(SubqueryForm.Exists, Sort.Boolean, [], new([new(constraint.Shape, alias, JoinForm.Comma, null)], Chance(50) ? Not(fact) : Of(Named("IS NOT TRUE", Sort.Boolean), fact), [], null, null, ""))) : fact;
        return Chance(75) ? whole : _rewriting.Rewritten(whole);
    }

    private Term Parent(TableConstraint constraint, string alias)
    {
        var parent = "f" + ++_aliases;
        var columns = constraint.Columns.Select(column => new ColumnTerm(alias, constraint.Shape, constraint.Shape[column], false)).ToList();
        var matches = columns.Select((column, i) => (Term)Of(Operator.Equality(Sort.Uuid), new ColumnTerm(parent, constraint.Referenced!, constraint.Referenced![constraint.ReferencedColumns[i]], false), column)).Aggregate(And);
        var exists = new SubqueryTerm(SubqueryForm.Exists, Sort.Boolean, [], new([new(constraint.Referenced!, parent, JoinForm.Comma, null)], matches, [], null, null, ""));
        return Chance(25) ? exists : columns.Select(static column => (Term)Of(Operator.IsNull(Sort.Uuid), column)).Append(exists).Aggregate(Or);
    }

    // No two rows with one key, of which one has what the other has not.
    private Term OnlyOne(TableConstraint constraint, Sight sight)
    {
        var values = constraint.Columns.Select(_ => Chance(70) && Column(sight, Sort.Uuid) is { } column ? column : Constant(Operator.UserId)).ToList();
        var other = constraint.Shape == Shape.Orgs ? "boss" : "admin";
        var isSame = Chance(70);
        return Not(And(Row(true), Row(false)));

        Term Row(bool has)
        {
            var alias = "f" + ++_aliases;
            var test = new ColumnTerm(alias, constraint.Shape, constraint.Shape[other], false);
            Term condition = test.Sort == Sort.Boolean ? (has ? test : Not(test)) : has ? Of(Operator.Equality(Sort.Uuid), test, Constant(Operator.UserId)) : Of(Operator.Inequality(Sort.Uuid), test, Constant(Operator.UserId));
            foreach (var (column, i) in constraint.Columns.Select(static (column, i) => (column, i)))
            {
                var key = new ColumnTerm(alias, constraint.Shape, constraint.Shape[column], false);
                condition = And(Of(isSame ? Operator.Equality(Sort.Uuid) : Operator.NotDistinct(Sort.Uuid), key, values[i]), condition);
            }
            return new SubqueryTerm(SubqueryForm.Exists, Sort.Boolean, [], new([new(constraint.Shape, alias, JoinForm.Comma, null)], condition, [], null, null, ""));
        }
    }

    private static Term Renamed(Term term, string alias, string other) =>
        term is ColumnTerm column && column.Alias == alias ? new ColumnTerm(other, column.Shape, column.Column, false) : term.Parts.Length == 0 ? term : term.With([.. term.Parts.Select(part => Renamed(part, alias, other))]);

    private static IEnumerable<Term> Conjuncts(Term term) =>
        term is Operation { Operator.Construct: "AND" } both ? both.Parts.SelectMany(Conjuncts) : [term];

    private Term Conjunction(Sight sight, int depth) => Chance(40) ? And(Boolean(sight, depth - 1), Boolean(sight, depth - 1)) : Boolean(sight, depth);

    private Term Boolean(Sight sight, int depth)
    {
        if (depth <= 0 || Chance(25))
            return Atom(sight, depth);
        return random.Next(20) switch
        {
            < 7 => And(Boolean(sight, depth - 1), Boolean(sight, depth - 1)),
            < 13 => Or(Boolean(sight, depth - 1), Boolean(sight, depth - 1)),
            < 15 => Not(Boolean(sight, depth - 1)),
            15 => Of(Named(Pick("IS TRUE", "IS NOT TRUE", "IS FALSE", "IS NOT FALSE", "IS UNKNOWN", "IS NOT UNKNOWN"), Sort.Boolean), Boolean(sight, depth - 1)),
            16 => Of(Operator.Case(Sort.Boolean), Boolean(sight, depth - 1), Boolean(sight, depth - 1), Boolean(sight, depth - 1)),
            17 => Of(Operator.Coalesce(Sort.Boolean), Boolean(sight, depth - 1), Boolean(sight, depth - 1)),
            _ => Atom(sight, depth),
        };
    }

    private Term Atom(Sight sight, int depth)
    {
        var roll = random.Next(100);
        if (roll < 30 && sight.CanRead)
            return Subquery(sight, depth);
        if (roll < 38 && !_isRestrained && sight.CanRead)
            return Call(sight);
        if (roll < 80)
        {
            var sort = random.Next(10) switch { < 6 => Sort.Uuid, < 8 => Sort.Integer, _ => Sort.Text };
            return Apply(Named(Pick(s_atoms), Sort.Boolean, sort), sight, depth);
        }
        if (roll < 85 && Columns(sight, Sort.Boolean).Count > 0)
            return Column(sight, Sort.Boolean)!;
        if (roll < 90)
            return Apply(Named(Pick("<", "<=", ">", ">=", "BETWEEN", "NOT BETWEEN"), Sort.Boolean), sight, depth);
        Operator any;
        do
            any = Pick([.. Operator.BySort[Sort.Boolean]]);
        while (any.Construct is "AND" or "OR" || (any.Construct == "cast text to uuid" && Chance(80)));
        return Apply(any, sight, depth - 1);
    }

    private Term Apply(Operator made, Sight sight, int depth) =>
        new Operation(made, [.. made.Operands.Select((sort, i) => i == 0 && sort != Sort.Boolean && Chance(70) && Column(sight, sort) is { } column ? column : Value(sight, sort, depth))]);

    private Term Value(Sight sight, Sort sort, int depth)
    {
        if (sort == Sort.Boolean)
            return depth > 0 ? Boolean(sight, depth - 1) : Column(sight, sort) ?? Constant(Pick(Operator.True, Operator.False));
        var roll = random.Next(100);
        if (roll < 45 && Column(sight, sort) is { } column)
            return column;
        if (sort == Sort.Uuids)
            return Column(sight, sort) ?? Constant(Operator.NullOf(sort));
        if (sort == Sort.Uuid && roll < 75 && !_isRestrained)
            return Constant(Pick(Operator.UserId, Operator.UserId, Operator.UserId, Operator.SelectedUserId, Operator.SettingAsUuid, Operator.OrgClaim));
        if (sight.Parameters is { } parameters && parameters.IndexOf(sort) is >= 0 and var at && Chance(60))
            return new ParameterTerm(Function.ParameterName(at), at, sort);
        if (roll < 79 && sort == Sort.Uuid && sight.CanRead && !_isRestrained)
            return ScalarSubquery(sight);
        if (roll < 81 && sort == Sort.Uuid && !_isRestrained && sight.CanRead)
            return new CallTerm("opaque_uuid", Sort.Uuid, [Value(sight, Sort.Uuid, 0)]);
        while (true)
        {
            var any = Pick([.. Operator.BySort[sort]]);
            if (_isRestrained && any.Construct is "auth.uid()" or "(select auth.uid())" or "setting as uuid" or "claim as uuid" or "claim" or "current_setting")
                continue;
            if ((any.Construct is "cast text to uuid" or "arithmetic" or "NULL literal" && !Chance(20)) || (any.Operands.Length > 0 && depth <= 0 && !Chance(25)))
                continue;
            return new Operation(any, [.. any.Operands.Select(operand => Value(sight, operand, depth - 1))]);
        }
    }

    private static List<(string Alias, Shape Shape, Column Column)> Columns(Sight sight, Sort sort)
    {
        var found = new List<(string, Shape, Column)>();
        for (var level = sight; level is not null; level = level.Outer)
        {
            foreach (var (alias, shape) in level.Rows)
                found.AddRange(shape.Columns.Where(c => c.Sort == sort && !(c.Name == "id" && sort == Sort.Integer)).Select(c => (alias, shape, c)));
        }
        return found;
    }

    private Term? Column(Sight sight, Sort sort)
    {
        var found = Columns(sight, sort);
        if (found.Count == 0)
            return null;
        var (alias, shape, column) = found[random.Next(found.Count)];
        return new ColumnTerm(alias, shape, column, Chance(30));
    }

    private CallTerm Call(Sight sight)
    {
        if (Chance(25))
            return new(Pick("opaque_stable", "opaque_strict", "opaque_volatile", "opaque_stable"), Sort.Boolean, [Value(sight, Sort.Uuid, 0)]);
        var function = s_functions.Where(static f => f is { Rows: null, Returns: Sort.Boolean }).ElementAt(random.Next(s_functions.Count(static f => f is { Rows: null, Returns: Sort.Boolean })));
        return new(function.Name, function.Returns, [.. function.Parameters.Select(sort => Column(sight, sort) ?? Value(sight, sort, 0))]);
    }

    private SubqueryTerm ScalarSubquery(Sight sight)
    {
        var alias = "s" + ++_aliases;
        var inner = new Sight(sight, [(alias, Shape.Orgs)], sight.Parameters, CanRead: false);
        return new(SubqueryForm.Scalar, Sort.Uuid, [], new([new(Shape.Orgs, alias, JoinForm.Comma, null)], Of(Operator.Equality(Sort.Uuid), new ColumnTerm(alias, Shape.Orgs, Shape.Orgs["id"], false), Column(sight, Sort.Uuid) ?? Constant(Operator.UserId)), [new ColumnTerm(alias, Shape.Orgs, Shape.Orgs[Pick("boss", "id")], false)], null, null, ""));
    }

    private SubqueryTerm Subquery(Sight sight, int depth)
    {
        var form = random.Next(20) switch { < 10 => SubqueryForm.Exists, < 14 => SubqueryForm.In, < 16 => SubqueryForm.NotIn, 16 => SubqueryForm.Any, 17 => SubqueryForm.AnyArray, 18 => SubqueryForm.RowIn, _ => SubqueryForm.NotAll };
        ImmutableArray<Term> operands = form switch
        {
            SubqueryForm.Exists => [],
            SubqueryForm.RowIn => [Column(sight, Sort.Uuid) ?? Value(sight, Sort.Uuid, 0), Value(sight, Sort.Uuid, 0)],
            _ => [Chance(70) && Column(sight, Sort.Uuid) is { } column ? column : Value(sight, Sort.Uuid, 0)],
        };
        if (form is SubqueryForm.In or SubqueryForm.AnyArray && Chance(10))
            return new(form, Sort.Boolean, operands, new([], null, [], "my_orgs", null, ""));
        return new(form, Sort.Boolean, operands, Query(sight, operands.Length, depth));
    }

    private Query Query(Sight sight, int targets, int depth)
    {
        var count = Chance(75) ? 1 : 2;
        var sources = new List<Source>();
        var inner = new Sight(sight, [], sight.Parameters, CanRead: depth > 0 && Chance(40));
        for (var i = 0; i < count; i++)
        {
            var shape = Chance(65) ? Shape.Members : Shape.Orgs;
            var alias = shape.Name[0] + "" + ++_aliases;
            inner = inner with { Rows = [.. inner.Rows, (alias, shape)] };
            var join = i == 0 ? JoinForm.Comma : Pick(JoinForm.Inner, JoinForm.Inner, JoinForm.Left, JoinForm.Left, JoinForm.Right, JoinForm.Comma);
            sources.Add(new(shape, alias, join, join == JoinForm.Comma ? null : Chance(30) ? And(Link(inner, i), Atom(inner with { CanRead = false }, 0)) : Link(inner, i)));
        }
        Term? where = null;
        if (Chance(75))
            where = Linked(inner, sight);
        for (var i = random.Next(3); i > 0; i--)
        {
            var more = Boolean(inner, Math.Min(depth - 1, 1));
            where = where is null ? more : Chance(85) ? And(where, more) : Or(where, more);
        }
        var values = Enumerable.Range(0, targets).Select(_ => Chance(90) ? OfRow(inner, random.Next(count)) : Value(inner with { CanRead = false }, Sort.Uuid, 0));
        var union = Chance(4) ? Query(sight with { CanRead = false }, targets, 0) : null;
        var tail = union is not null ? "" : targets == 0 && Chance(5) ? Pick("limit 1", "distinct") : "";
        return new(sources.ToImmutableArray(), where, [.. values], null, union, tail);
    }

    // A join condition with a row before it.
    private Term Link(Sight inner, int at) => Of(Operator.Equality(Sort.Uuid), OfRow(inner, at), OfRow(inner, random.Next(at)));

    // A condition that ties a query to what is around it.
    private Term Linked(Sight inner, Sight outer)
    {
        var row = OfRow(inner, random.Next(inner.Rows.Length));
        return Of(Operator.Equality(Sort.Uuid), row, Chance(65) && Column(outer, Sort.Uuid) is { } column ? column : Value(outer with { CanRead = false }, Sort.Uuid, 0));
    }

    private ColumnTerm OfRow(Sight sight, int at)
    {
        var (alias, shape) = sight.Rows[at];
        var columns = shape.Columns.Where(static c => c.Sort == Sort.Uuid).ToArray();
        return new(alias, shape, Pick(columns), Chance(30));
    }

    // Those with bodies: fixed, so that they mean something; the rest of the grammar is around them.
    private static ImmutableArray<Function> MakeFunctions()
    {
        var member = new ColumnTerm("m", Shape.Members, Shape.Members["u"], false);
        var org = new ColumnTerm("m", Shape.Members, Shape.Members["org"], false);
        var boss = new ColumnTerm("o", Shape.Orgs, Shape.Orgs["boss"], false);
        var id = new ColumnTerm("o", Shape.Orgs, Shape.Orgs["id"], false);
        var argument = new ParameterTerm(Function.ParameterName(0), 0, Sort.Uuid);
        var isMe = Of(Operator.Equality(Sort.Uuid), member, Constant(Operator.UserId));
        var isMember = Exists(new(Shape.Members, "m", JoinForm.Comma, null), And(Of(Operator.Equality(Sort.Uuid), org, argument), isMe));
        var isBoss = Exists(new(Shape.Orgs, "o", JoinForm.Comma, null), And(Of(Operator.Equality(Sort.Uuid), id, argument), Of(Operator.Equality(Sort.Uuid), boss, Constant(Operator.UserId))));
        var owns = Exists(new(Shape.Docs, "d", JoinForm.Comma, null), And(Of(Operator.Equality(Sort.Integer), new ColumnTerm("d", Shape.Docs, Shape.Docs["id"], false), new ParameterTerm(Function.ParameterName(0), 0, Sort.Integer)), Of(Operator.Equality(Sort.Uuid), new ColumnTerm("d", Shape.Docs, Shape.Docs["owner"], false), Constant(Operator.UserId))));
        return
        [
            new("in_org", [Sort.Uuid], Sort.Boolean, isMember, null, IsDefiner: true, IsStrict: false),
            new("sees_org", [Sort.Uuid], Sort.Boolean, isMember, null, IsDefiner: false, IsStrict: false),
            new("is_boss", [Sort.Uuid], Sort.Boolean, isBoss, null, IsDefiner: false, IsStrict: true),
            new("owns", [Sort.Integer], Sort.Boolean, owns, null, IsDefiner: true, IsStrict: false),
            new("is_me", [Sort.Uuid], Sort.Boolean, Of(Operator.NotDistinct(Sort.Uuid), argument, Constant(Operator.UserId)), null, IsDefiner: false, IsStrict: true),
            new("my_orgs", [], Sort.Uuid, null, new([new(Shape.Members, "m", JoinForm.Comma, null)], isMe, [org], null, null, ""), IsDefiner: true, IsStrict: false),
        ];

        static Term Exists(Source source, Term where) => new SubqueryTerm(SubqueryForm.Exists, Sort.Boolean, [], new([source], where, [], null, null, ""));
    }

    /// <summary>Rows and parameters in sight, and whether subqueries and functions may be made there.</summary>
    private sealed record Sight(Sight? Outer, ImmutableArray<(string Alias, Shape Shape)> Rows, ImmutableArray<Sort>? Parameters, bool CanRead);
}
