using System.Collections.Immutable;

namespace PolicyLint.BruteForce;

/// <summary>Smaller cases of the same form: every one is well-typed and names only what is in sight.</summary>
internal static class Shrinker
{
    public static IEnumerable<Case> Shrink(Case made) => Candidates(made).Where(static c => IsWell(c));

    private static IEnumerable<Case> Candidates(Case made)
    {
        foreach (var policy in made.Before.Policies.Concat(made.After.Policies).Distinct(ReferenceEqualityComparer.Instance).Cast<TablePolicy>())
        {
            yield return made.Over(s => s with { Policies = s.Policies.Remove(policy) });
            if (!ReferenceEquals(made.Before, made.After))
            {
                yield return made with { Before = made.Before with { Policies = made.Before.Policies.Remove(policy) } };
                yield return made with { After = made.After with { Policies = made.After.Policies.Remove(policy) } };
            }
            foreach (var smaller in Smaller(policy))
                yield return made.Over(s => s with { Policies = [.. s.Policies.Select(p => ReferenceEquals(p, policy) ? smaller : p)] });
        }
        foreach (var constraint in made.Before.Constraints.Concat(made.After.Constraints).Distinct(ReferenceEqualityComparer.Instance).Cast<TableConstraint>())
        {
            yield return made.Over(s => s with { Constraints = s.Constraints.Remove(constraint) });
            foreach (var smaller in constraint.Condition is null ? [] : Smaller(constraint.Condition))
                yield return made.Over(s => s with { Constraints = [.. s.Constraints.Select(c => ReferenceEquals(c, constraint) ? c with { Condition = smaller } : c)] });
        }
        foreach (var function in made.After.Functions)
            yield return made.Over(s => s with { Functions = [.. s.Functions.Where(f => f.Name != function.Name)] });
        for (var i = 0; i < Shape.All.Count; i++)
        {
            if (made.Before.Tables[i] != new Security(i == 0, false, false))
                yield return made.Over(s => s with { Tables = s.Tables.SetItem(i, new(i == 0, false, false)) });
        }
        if (made.After.Role != new RoleSetup(false, true, false))
            yield return made.Over(static s => s with { Role = new(false, true, false) });
        var question = made.Question;
        foreach (var smaller in question.Premise is null ? [] : Smaller(question.Premise))
            yield return made with { Question = question with { Premise = smaller } };
        foreach (var smaller in question.Goal is null ? [] : Smaller(question.Goal))
            yield return made with { Question = question with { Goal = smaller } };
    }

    private static Case Over(this Case made, Func<State, State> change)
    {
        var before = change(made.Before);
        return made with { Before = before, After = ReferenceEquals(made.Before, made.After) ? before : change(made.After) };
    }

    private static IEnumerable<TablePolicy> Smaller(TablePolicy policy)
    {
        if (policy.Using is { } condition)
        {
            if (policy.WithCheck is not null)
                yield return policy with { WithCheck = null };
            foreach (var smaller in Smaller(condition))
                yield return policy with { Using = smaller };
        }
        if (policy.WithCheck is { } check)
        {
            foreach (var smaller in Smaller(check))
                yield return policy with { WithCheck = smaller };
        }
        if (policy.Roles is not ["app"])
            yield return policy with { Roles = ["app"] };
    }

    /// <summary>A literal, a part of the same type, or the same with something inside made smaller.</summary>
    private static IEnumerable<Term> Smaller(Term term)
    {
        if (term.Parts.Length > 0)
        {
            foreach (var literal in Literals(term.Sort))
                yield return literal;
        }
        foreach (var inside in term.All().Skip(1).Where(inside => inside.Sort == term.Sort))
            yield return inside;
        if (term is SubqueryTerm subquery)
        {
            foreach (var query in subquery.Query.Smaller())
                yield return subquery.With(query);
        }
        for (var i = 0; i < term.Parts.Length; i++)
        {
            foreach (var smaller in Smaller(term.Parts[i]))
                yield return term.With(term.Parts.SetItem(i, smaller));
        }
    }

    private static IEnumerable<Term> Literals(Sort sort) => sort switch
    {
        Sort.Boolean => [new Operation(Operator.True, []), new Operation(Operator.False, [])],
        Sort.Uuid => [new Operation(Operator.UserId, []), new Operation(Operator.NullOf(sort), [])],
        _ => [new Operation(Operator.NullOf(sort), [])],
    };

    private static bool IsWell(Case made) => IsWell(made.Before) && IsWell(made.After) && made.Question.Terms.All(term => IsWell(term, [(Shape.Docs.Name, Shape.Docs)], made.After));

    private static bool IsWell(State state) =>
        state.Constraints.All(c => c.Form != ConstraintForm.Foreign || state.Constraints.Any(key => key.Form is ConstraintForm.Primary or ConstraintForm.Unique && key.Shape == c.Referenced && key.Columns.SequenceEqual(c.ReferencedColumns)))
        && state.Constraints.All(c => c.Condition is null || IsWell(c.Condition, [(c.Shape.Name, c.Shape)], state))
        && state.Policies.All(p => new[] { p.Using, p.WithCheck }.OfType<Term>().All(term => IsWell(term, [(p.Shape.Name, p.Shape)], state)));

    private static bool IsWell(Term term, ImmutableArray<(string Alias, Shape Shape)> inSight, State state)
    {
        switch (term)
        {
            case ColumnTerm column:
                return inSight.Contains((column.Alias, column.Shape));
            case CallTerm call when Function.OpaqueOf(call.Name) < 0 && !state.Functions.Any(f => f.Name == call.Name):
                return false;
            case SubqueryTerm subquery:
                return subquery.Operands.All(operand => IsWell(operand, inSight, state)) && IsWell(subquery.Query, inSight, state);
            default:
                return term.Parts.All(part => IsWell(part, inSight, state));
        }
    }

    private static bool IsWell(Query query, ImmutableArray<(string Alias, Shape Shape)> inSight, State state)
    {
        if (query.SetFunction is not null && !state.Functions.Any(f => f.Name == query.SetFunction))
            return false;
        var inside = inSight;
        foreach (var source in query.Sources)
        {
            inside = inside.Add((source.Alias, source.Shape));
            if (source.On is not null && !IsWell(source.On, inside, state))
                return false;
        }
        return (query.Where is null || IsWell(query.Where, inside, state)) && query.Targets.All(target => IsWell(target, inside, state)) && (query.Union is null || IsWell(query.Union, inSight, state));
    }
}
