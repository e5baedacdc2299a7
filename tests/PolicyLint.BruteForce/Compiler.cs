using System.Collections.Immutable;
using PolicyLint.Core.Access;
using PolicyLint.Sql.Tree;

namespace PolicyLint.BruteForce;

/// <summary>
/// What a case means, as PostgreSQL's manual says: predicates, the combination of policies, constraints. Shares nothing with the product, neither the
/// parser nor the interpreter. Each predicate is compiled once to closures.
/// </summary>
internal sealed class Compiler(State state)
{
    private readonly SortedSet<int> _read = [];
    private int _slots;
    private int _locals;

    /// <summary>Relations that subqueries read.</summary>
    public IReadOnlyCollection<int> Read => _read;

    /// <summary>Whether a statement may touch the target row (USING), or leave it behind (WITH CHECK).</summary>
    public Code Statement(StatementForm form, PolicyClause clause)
    {
        var parts = Parts(form, clause).Select(part => Permits(Shape.Docs, part.Command, part.Clause)).ToArray();
        return w =>
        {
            foreach (var part in parts)
            {
                if (part(w) != 1)
                    return 0;
            }
            return 1;
        };
    }

    /// <summary>A condition on the target row.</summary>
    public Code Condition(Term term, bool seesAll)
    {
        var slot = _slots++;
        var scope = new Scope(null);
        scope.Rows.Add((Shape.Docs.Name, slot));
        var code = Compile(term, scope, seesAll);
        return w =>
        {
            w.Slots[slot] = w.Target;
            return code(w);
        };
    }

    /// <summary>Whether the rows of a world satisfy the schema; relations of which the world has none are taken to have what it takes.</summary>
    public Func<World, bool> Constraints(IReadOnlyCollection<int> present)
    {
        var checks = state.Constraints.Where(static c => c.IsValidated && c.Form != ConstraintForm.NotNull).Select(constraint => (Constraint: constraint, Test: constraint.Form == ConstraintForm.Check ? RowCheck(constraint) : null)).ToList();
        var notNull = state.Constraints.Where(static c => c.Form is ConstraintForm.NotNull or ConstraintForm.Primary).SelectMany(static c => c.Columns.Select(column => (c.Shape, At: c.Shape.IndexOf(column)))).ToList();
        return w =>
        {
            var standing = Shape.All.Select(shape => w.RowsOf(shape).Where(w.Exists).ToList()).ToArray();
            if (!Hold(w, standing))
                return false;
            if (!w.IsTargetNew)
                return true;
            // The row replaces the one that had its key.
            standing[0] = [w.Target, .. standing[0].Where(row => w.Read(row + 1) != w.Read(w.Target + 1))];
            return Hold(w, standing);
        };

        bool Hold(World w, List<int>[] rows)
        {
            foreach (var (shape, at) in notNull)
            {
                foreach (var row in rows[shape.Number])
                {
                    if (w.Read(row + 1 + at) == Pool.Null)
                        return false;
                }
            }
            foreach (var (constraint, test) in checks)
            {
                if (constraint.Form == ConstraintForm.Foreign && !present.Contains(constraint.Referenced!.Number))
                    continue;
                if (!Holds(w, constraint, test, rows))
                    return false;
            }
            return true;
        }
    }

    private static bool Holds(World w, TableConstraint constraint, Func<World, int, int>? test, List<int>[] rows)
    {
        var own = rows[constraint.Shape.Number];
        switch (constraint.Form)
        {
            case ConstraintForm.Check:
                return own.All(row => test!(w, row) != 0);
            case ConstraintForm.Foreign:
                return own.All(row => Key(w, row, constraint.Shape, constraint.Columns) is not { } key || rows[constraint.Referenced!.Number].Any(parent => Key(w, parent, constraint.Referenced, constraint.ReferencedColumns) is { } other && key.SequenceEqual(other)));
            default:
                for (var i = 0; i < own.Count; i++)
                {
                    for (var j = 0; j < i; j++)
                    {
                        if (Key(w, own[i], constraint.Shape, constraint.Columns) is { } left && Key(w, own[j], constraint.Shape, constraint.Columns) is { } right && left.SequenceEqual(right))
                            return false;
                    }
                }
                return true;
        }
    }

    private static int[]? Key(World w, int row, Shape shape, ImmutableArray<string> columns)
    {
        var key = new int[columns.Length];
        for (var i = 0; i < key.Length; i++)
        {
            key[i] = w.Read(row + 1 + shape.IndexOf(columns[i]));
            if (key[i] == Pool.Null)
                return null;
        }
        return key;
    }

    private Func<World, int, int> RowCheck(TableConstraint constraint)
    {
        var slot = _slots++;
        var scope = new Scope(null);
        scope.Rows.Add((constraint.Shape.Name, slot));
        var code = Compile(constraint.Condition!, scope, true);
        return (w, row) =>
        {
            w.Slots[slot] = row;
            return code(w);
        };
    }

    // PostgreSQL's manual, CREATE POLICY, table 297.
    private static (PolicyCommand Command, PolicyClause Clause)[] Parts(StatementForm form, PolicyClause clause)
    {
        (PolicyCommand, PolicyClause) select = (PolicyCommand.Select, PolicyClause.Using);
        return form switch
        {
            StatementForm.Select => [select],
            StatementForm.SelectForUpdate => [select, (PolicyCommand.Update, PolicyClause.Using)],
            StatementForm.Insert => [(PolicyCommand.Insert, PolicyClause.WithCheck)],
            StatementForm.InsertReturning => [(PolicyCommand.Insert, PolicyClause.WithCheck), select],
            StatementForm.Update => [select, (PolicyCommand.Update, clause)],
            StatementForm.BlindUpdate => [(PolicyCommand.Update, clause)],
            StatementForm.Delete => [select, (PolicyCommand.Delete, PolicyClause.Using)],
            StatementForm.BlindDelete => [(PolicyCommand.Delete, PolicyClause.Using)],
            _ => throw new ArgumentOutOfRangeException(nameof(form)),
        };
    }

    private Code Permits(Shape shape, PolicyCommand command, PolicyClause clause)
    {
        var slot = _slots++;
        var code = Policies(shape, slot, command, clause);
        return code is null ? static _ => 1 : w =>
        {
            w.Slots[slot] = w.Target;
            return code(w);
        };
    }

    // Null where row-level security does not bind the role.
    private Code? Policies(Shape shape, int slot, PolicyCommand command, PolicyClause clause)
    {
        var security = state.Tables[shape.Number];
        if (!security.IsEnabled || state.Role.Bypasses || (security.IsOwn && !security.IsForced))
            return null;
        var scope = new Scope(null);
        scope.Rows.Add((shape.Name, slot));
        var permissive = new List<Code>();
        var restrictive = new List<Code>();
        foreach (var policy in state.Policies)
        {
            if (policy.Shape != shape || (policy.Command != PolicyCommand.All && policy.Command != command) || !policy.Roles.Any(IsOneOf))
                continue;
            var predicate = clause == PolicyClause.WithCheck ? policy.WithCheck ?? policy.Using : policy.Using;
            if (predicate is not null)
                (policy.IsPermissive ? permissive : restrictive).Add(Compile(predicate, scope, false));
        }
        return w => restrictive.All(c => c(w) == 1) && permissive.Any(c => c(w) == 1) ? 1 : 0;
    }

    private bool IsOneOf(string role) => role is "app" or "public" || (role == "team" && state.Role is { IsMember: true, Inherits: true });

    private Code Compile(Term term, Scope scope, bool seesAll)
    {
        switch (term)
        {
            case Operation operation:
                return operation.Operator.Make([.. operation.Parts.Select(part => Compile(part, scope, seesAll))]);
            case ColumnTerm column:
            {
                var slot = scope.SlotOf(column.Alias);
                var offset = 1 + column.Shape.IndexOf(column.Column.Name);
                return w => w.Slots[slot] is var row && row < 0 ? Pool.Null : w.Read(row + offset);
            }
            case ParameterTerm parameter:
            {
                var local = scope.Parameters![parameter.Position];
                return w => w.Locals[local];
            }
            case CallTerm call:
                return Call(call, scope, seesAll);
            case SubqueryTerm subquery:
                return Subquery(subquery, scope, seesAll);
            default:
                throw new ArgumentOutOfRangeException(nameof(term));
        }
    }

    private Code Call(CallTerm call, Scope scope, bool seesAll)
    {
        var arguments = call.Parts.Select(part => Compile(part, scope, seesAll)).ToArray();
        var opaque = Function.OpaqueOf(call.Name);
        if (opaque >= 0)
        {
            var number = opaque + (state.IsOpaqueChanged && !Function.IsUuid(opaque) ? Function.Opaque.Count : 0);
            return w => arguments[0](w) is var argument && argument == Pool.Null && opaque == 2 ? Pool.Null : opaque == 3 && !w.IsVolatileSteady ? w.Coin() : w.Opaque(number, argument);
        }
        var function = state.Functions.Single(f => f.Name == call.Name);
        var inner = new Scope(null) { Parameters = [.. arguments.Select(_ => _locals++)] };
        var body = Compile(function.Body!, inner, seesAll || function.IsDefiner);
        return w =>
        {
            for (var i = 0; i < arguments.Length; i++)
            {
                var value = arguments[i](w);
                if (value == Pool.Null && function.IsStrict)
                    return Pool.Null;
                w.Locals[inner.Parameters[i]] = value;
            }
            return body(w);
        };
    }

    private Code Subquery(SubqueryTerm subquery, Scope scope, bool seesAll)
    {
        if (subquery.Form == SubqueryForm.Exists)
            return Rows(subquery.Query, scope, seesAll, static (_, _, _) => static _ => 1);
        var local = _locals++;
        if (subquery.Form == SubqueryForm.Scalar)
        {
            var count = _locals++;
            var single = Rows(subquery.Query, scope, seesAll, (targets, inner, sight) =>
            {
                var value = Compile(targets[0], inner, sight);
                return w =>
                {
                    w.Raised |= w.Locals[count]++ > 0;
                    w.Locals[local] = value(w);
                    return 0;
                };
            });
            return w =>
            {
                w.Locals[local] = Pool.Null;
                w.Locals[count] = 0;
                single(w);
                return w.Locals[local];
            };
        }
        var operands = subquery.Operands.Select(operand => Compile(operand, scope, seesAll)).ToArray();
        var isNegated = subquery.Form is SubqueryForm.NotIn or SubqueryForm.NotAll;
        var rows = Rows(subquery.Query, scope, seesAll, (targets, inner, sight) =>
        {
            var values = targets.Select(target => Compile(target, inner, sight)).ToArray();
            return w =>
            {
                var equal = 1;
                for (var i = 0; i < values.Length; i++)
                    equal = Operator.Both(equal, Operator.Equal(operands[i](w), values[i](w)));
                if (equal == Pool.Null)
                    w.Locals[local] = Pool.Null;
                return equal == 1 ? 1 : 0;
            };
        });
        return w =>
        {
            w.Locals[local] = 0;
            var result = rows(w) == 1 ? 1 : w.Locals[local];
            return isNegated ? Operator.Not(result) : result;
        };
    }

    // Goes through the rows until one is accepted.
    private Code Rows(Query query, Scope outer, bool seesAll, Func<ImmutableArray<Term>, Scope, bool, Code> accept)
    {
        if (query.SetFunction is not null)
        {
            var function = state.Functions.Single(f => f.Name == query.SetFunction);
            return Rows(function.Rows!, new Scope(null), seesAll || function.IsDefiner, accept);
        }
        var scope = new Scope(outer);
        var sources = query.Sources.Select((source, i) => (Source: source, Slot: _slots++)).ToList();
        foreach (var (source, slot) in sources)
        {
            scope.Rows.Add((source.Alias, slot));
            _read.Add(source.Shape.Number);
        }
        // B RIGHT JOIN A is A LEFT JOIN B.
        if (sources.Count == 2 && sources[1].Source.Join == JoinForm.Right)
        {
            var lost = sources[0].Source with { Join = JoinForm.Left, On = sources[1].Source.On };
            sources = [(sources[1].Source with { Join = JoinForm.Comma, On = null }, sources[1].Slot), (lost, sources[0].Slot)];
        }
        var where = query.Where is null ? null : Compile(query.Where, scope, seesAll);
        var accepted = accept(query.Targets, scope, seesAll);
        Code code = where is null ? accepted : w => where(w) == 1 ? accepted(w) : 0;
        for (var i = sources.Count - 1; i >= 0; i--)
            code = Step(sources[i].Source, sources[i].Slot, scope, seesAll, code);
        if (query.Union is null)
            return code;
        var other = Rows(query.Union, outer, seesAll, accept);
        return w => code(w) == 1 ? 1 : other(w);
    }

    private Code Step(Source source, int slot, Scope scope, bool seesAll, Code next)
    {
        var visible = seesAll ? null : Policies(source.Shape, slot, PolicyCommand.Select, PolicyClause.Using);
        var on = source.On is null ? null : Compile(source.On, scope, seesAll);
        var shape = source.Shape;
        var isLeft = source.Join == JoinForm.Left;
        return w =>
        {
            var isAlone = true;
            foreach (var row in w.RowsOf(shape))
            {
                if (!w.Exists(row))
                    continue;
                w.Slots[slot] = row;
                if ((visible is not null && visible(w) != 1) || (on is not null && on(w) != 1))
                    continue;
                isAlone = false;
                if (next(w) == 1)
                    return 1;
            }
            if (!isLeft || !isAlone)
                return 0;
            w.Slots[slot] = -1;
            return next(w);
        };
    }

    private sealed class Scope(Scope? outer)
    {
        public List<(string Alias, int Slot)> Rows { get; } = [];

        public int[]? Parameters { get; init; } = outer?.Parameters;

        public int SlotOf(string alias)
        {
            for (var scope = this; scope is not null; scope = scope.Outer)
            {
                foreach (var row in scope.Rows)
                {
                    if (row.Alias == alias)
                        return row.Slot;
                }
            }
            throw new ArgumentOutOfRangeException(nameof(alias), alias);
        }

        private Scope? Outer { get; } = outer;
    }
}
