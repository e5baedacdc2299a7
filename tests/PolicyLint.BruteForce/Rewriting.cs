using System.Collections.Immutable;

using static PolicyLint.BruteForce.Build;

namespace PolicyLint.BruteForce;

/// <summary>
/// The same another way, or what is easily taken for the same: NOT IN for NOT EXISTS, &lt;&gt; for IS DISTINCT FROM, NOT for IS NOT TRUE. What tells them
/// apart is where three-valued logic is easily got wrong.
/// </summary>
internal sealed class Rewriting(Random random, ImmutableArray<Function> functions)
{
    /// <summary>The term with a few of its parts written another way.</summary>
    public Term Rewritten(Term term)
    {
        for (var i = 1 + random.Next(3); i > 0; i--)
        {
            var inside = term.All().ToList();
            var at = inside[random.Next(inside.Count)];
            if (((Chance(55) ? Resemble(at) : null) ?? Rewrite(at)) is { } other)
                term = Replace(term, at, other);
        }
        return term;
    }

    private static Term Replace(Term term, Term old, Term other)
    {
        if (ReferenceEquals(term, old))
            return other;
        return term.Parts.Any(part => part.All().Any(t => ReferenceEquals(t, old))) ? term.With([.. term.Parts.Select(part => Replace(part, old, other))]) : term;
    }

    private bool Chance(int percent) => random.Next(100) < percent;

    private Term? Rewrite(Term term)
    {
        switch (term)
        {
            case Operation { Operator.Construct: "AND" or "OR" or "=" or "<>" or "IS DISTINCT FROM" or "IS NOT DISTINCT FROM" } symmetric when Chance(60):
                return symmetric.With([symmetric.Parts[1], symmetric.Parts[0]]);
            case Operation { Operator.Construct: "AND" or "OR" } logical:
                return Not(new Operation(logical.Operator == Operator.And ? Operator.Or : Operator.And, [Not(logical.Parts[0]), Not(logical.Parts[1])]));
            case Operation { Operator.Construct: "NOT", Parts: [Operation { Operator.Construct: "NOT" } inner] }:
                return inner.Parts[0];
            case Operation { Operator.Construct: "=" } equal:
                return Chance(50) ? Not(Of(Operator.Inequality(equal.Parts[0].Sort), equal.Parts[0], equal.Parts[1]))
                    : And(Of(Operator.NotDistinct(equal.Parts[0].Sort), equal.Parts[0], equal.Parts[1]), Of(Operator.IsNotNull(equal.Parts[0].Sort), equal.Parts[Chance(50) ? 0 : 1]));
            case Operation { Operator.Construct: "IS NULL" } isNull:
                return Not(Of(Operator.IsNotNull(isNull.Parts[0].Sort), isNull.Parts[0]));
            case Operation { Operator.Construct: "IS NOT DISTINCT FROM" } same:
                return Not(Of(Operator.Distinct(same.Parts[0].Sort), same.Parts[0], same.Parts[1]));
            case Operation { Operator.Construct: "IN (list)" or "= ANY (array)" } list:
                return Or(Of(Operator.Equality(list.Parts[0].Sort), list.Parts[0], list.Parts[1]), Of(Operator.Equality(list.Parts[0].Sort), list.Parts[0], list.Parts[2]));
            case Operation { Operator.Construct: "BETWEEN" } between:
                return And(Of(Named(">=", Sort.Boolean), between.Parts[0], between.Parts[1]), Of(Named("<=", Sort.Boolean), between.Parts[0], between.Parts[2]));
            case Operation { Operator.Construct: "COALESCE" } first:
                return Of(Operator.Case(first.Sort), Of(Operator.IsNotNull(first.Sort), first.Parts[0]), first.Parts[0], first.Parts[1]);
            case Operation { Operator.Construct: "auth.uid()" }:
                return Constant(Operator.SelectedUserId);
            case Operation { Operator.Construct: "(select auth.uid())" }:
                return Constant(Operator.UserId);
            case SubqueryTerm { Form: SubqueryForm.In or SubqueryForm.Any or SubqueryForm.AnyArray, Query: { Union: null, SetFunction: null } query } among:
            {
                var equal = Of(Operator.Equality(among.Operands[0].Sort), among.Operands[0], query.Targets[0]);
                return new SubqueryTerm(SubqueryForm.Exists, Sort.Boolean, [], new(query.Sources, query.Where is null ? equal : And(query.Where, equal), [], null, null, ""));
            }
            case SubqueryTerm { Form: SubqueryForm.In } among:
                return new SubqueryTerm(Chance(50) ? SubqueryForm.Any : SubqueryForm.AnyArray, Sort.Boolean, among.Operands, among.Query);
            case SubqueryTerm { Form: SubqueryForm.NotIn } none:
                return Not(new SubqueryTerm(SubqueryForm.In, Sort.Boolean, none.Operands, none.Query));
            case { Sort: Sort.Boolean }:
                return random.Next(4) switch { 0 => Not(Not(term)), 1 => And(term, term), 2 => Or(term, And(term, term)), _ => Of(Named("IS TRUE", Sort.Boolean), term) };
            default:
                return null;
        }
    }

    // In two-valued logic these are the same.
    private Term? Resemble(Term term)
    {
        switch (term)
        {
            case SubqueryTerm { Form: SubqueryForm.NotIn or SubqueryForm.NotAll, Query: { Union: null, SetFunction: null } query } none:
                return Not(Exists(query, Of(Operator.Equality(none.Operands[0].Sort), none.Operands[0], query.Targets[0])));
            case SubqueryTerm { Query: { SetFunction: null, Union: null } query } any when query.Sources.Length == 2 && query.Sources[1].On is not null:
                return any.With(new Query(query.Sources.SetItem(1, query.Sources[1] with { Join = query.Sources[1].Join == JoinForm.Inner ? JoinForm.Left : JoinForm.Inner }), query.Where, query.Targets, null, null, query.Tail));
            case SubqueryTerm { Query: { SetFunction: { } name } } rows:
                return rows.With(functions.Single(f => f.Name == name).Rows!);
            // A policy that read its own table itself would read itself.
            case CallTerm call when functions.FirstOrDefault(f => f.Name == call.Name) is { Body: { } body } && !body.All().OfType<SubqueryTerm>().Any(static q => q.Query.Sources.Any(static source => source.Shape == Shape.Docs)):
                return Inlined(body, call.Parts);
            case Operation operation:
                return Resemble(operation);
            default:
                return null;
        }
    }

    private Term? Resemble(Operation term)
    {
        var parts = term.Parts;
        switch (term.Operator.Construct)
        {
            case "=":
                return Of(Operator.NotDistinct(parts[0].Sort), parts[0], parts[1]);
            case "<>":
                return Of(Operator.Distinct(parts[0].Sort), parts[0], parts[1]);
            case "IS DISTINCT FROM":
                return Chance(50) ? Of(Operator.Inequality(parts[0].Sort), parts[0], parts[1])
                    : Or(Of(Operator.Inequality(parts[0].Sort), parts[0], parts[1]), Not(And(Of(Operator.IsNotNull(parts[0].Sort), parts[0]), Of(Operator.IsNotNull(parts[0].Sort), parts[1]))));
            case "IS NOT DISTINCT FROM":
                return Of(Operator.Equality(parts[0].Sort), parts[0], parts[1]);
            case "NOT":
                return Test(Chance(50) ? "IS NOT TRUE" : "IS FALSE", parts[0]);
            case "IS NOT TRUE" or "IS FALSE":
                return Chance(50) ? Not(parts[0]) : Test(term.Operator.Construct == "IS FALSE" ? "IS NOT TRUE" : "IS FALSE", parts[0]);
            case "IS TRUE":
                return Test("IS NOT FALSE", parts[0]);
            case "IS NOT FALSE":
                return Chance(50) ? parts[0] : Or(parts[0], Test("IS UNKNOWN", parts[0]));
            case "IS UNKNOWN":
                return Not(Or(Test("IS TRUE", parts[0]), Test("IS FALSE", parts[0])));
            case "CASE" when term.Sort == Sort.Boolean:
                return Chance(50) ? Or(And(parts[0], parts[1]), And(Not(parts[0]), parts[2])) : Or(And(parts[0], parts[1]), And(Test("IS NOT TRUE", parts[0]), parts[2]));
            case "CASE without ELSE":
                return Of(Operator.Case(term.Sort), parts[0], parts[1], Chance(50) ? Constant(Operator.NullOf(term.Sort)) : parts[1]);
            case "CASE of a value":
                return Of(Operator.Case(term.Sort), Of(Operator.Equality(Sort.Integer), parts[0], Of(Named("integer literal", Sort.Integer))), parts[1], parts[2]);
            case "AND" when Chance(40):
                return Of(Operator.Case(Sort.Boolean), parts[0], parts[1], Constant(Operator.False));
            case "OR" when Chance(40):
                return Of(Operator.Case(Sort.Boolean), parts[0], Constant(Operator.True), parts[1]);
            case "COALESCE":
                return Of(Operator.Case(term.Sort), Of(Operator.IsNull(term.Sort), parts[0]), parts[1], parts[0]);
            case "NULLIF":
                return Chance(50) ? Of(Operator.Case(term.Sort), Of(Operator.Equality(term.Sort), parts[0], parts[1]), Constant(Operator.NullOf(term.Sort)), parts[0])
                    : Of(Named("CASE without ELSE", term.Sort), Of(Operator.Inequality(term.Sort), parts[0], parts[1]), parts[0]);
            case "<" or "<=" or ">" or ">=":
                return Of(Named(term.Operator.Construct switch { "<" => "<=", "<=" => "<", ">" => ">=", _ => ">" }, Sort.Boolean), parts[0], parts[1]);
            case "BETWEEN":
                return Chance(50) ? Not(Of(Named("NOT BETWEEN", Sort.Boolean), parts[0], parts[1], parts[2]))
                    : And(Of(Named(">", Sort.Boolean), parts[0], parts[1]), Of(Named("<=", Sort.Boolean), parts[0], parts[2]));
            case "NOT BETWEEN":
                return Or(Of(Named("<", Sort.Boolean), parts[0], parts[1]), Of(Named(">", Sort.Boolean), parts[0], parts[2]));
            case "NOT IN (list)" or "<> ALL (array)":
                return Chance(50) ? And(Of(Operator.Inequality(parts[0].Sort), parts[0], parts[1]), Of(Operator.Inequality(parts[0].Sort), parts[0], parts[2]))
                    : And(Of(Operator.Distinct(parts[0].Sort), parts[0], parts[1]), Of(Operator.Distinct(parts[0].Sort), parts[0], parts[2]));
            case "IN (list with NULL)":
                return Of(Operator.Equality(parts[0].Sort), parts[0], parts[1]);
            case "NOT IN (list with NULL)":
                return Of(Operator.Inequality(parts[0].Sort), parts[0], parts[1]);
            case "= ANY (array value)":
                return Chance(50) ? Of(Named("@>", Sort.Boolean), parts[1], parts[0]) : Not(Of(Named("<> ALL (array value)", Sort.Boolean), parts[0], parts[1]));
            case "<> ALL (array value)":
                return Not(Of(Named("@>", Sort.Boolean), parts[1], parts[0]));
            case "@>":
                return Of(Named("= ANY (array value)", Sort.Boolean), parts[1], parts[0]);
            case "row =":
                return And(Of(Operator.Equality(parts[0].Sort), parts[0], parts[2]), Of(Operator.Equality(Sort.Uuid), parts[1], parts[3]));
            case "row <>":
                return Or(Of(Operator.Inequality(parts[0].Sort), parts[0], parts[2]), Of(Operator.Inequality(Sort.Uuid), parts[1], parts[3]));
            case "upper":
                return Of(Named("lower", Sort.Text), parts[0]);
            default:
                return term.Sort == Sort.Boolean && Chance(50) ? Of(Operator.Coalesce(Sort.Boolean), term, Constant(Chance(50) ? Operator.False : Operator.True)) : null;
        }

        static Operation Test(string construct, Term operand) => Of(Named(construct, Sort.Boolean), operand);
    }

    private static Term Inlined(Term body, ImmutableArray<Term> arguments) =>
        body is ParameterTerm parameter ? arguments[parameter.Position] : body.Parts.Length == 0 ? body : body.With([.. body.Parts.Select(part => Inlined(part, arguments))]);
}
