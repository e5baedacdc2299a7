namespace PolicyLint.BruteForce;

/// <summary>Short ways to make terms.</summary>
internal static class Build
{
    public static Operator Named(string construct, Sort sort, Sort? first = null) =>
        Operator.BySort[sort].First(o => o.Construct == construct && (first is null || o.Operands[0] == first));

    public static Operation Constant(Operator made) => new(made, []);

    public static Operation Of(Operator made, params Term[] parts) => new(made, [.. parts]);

    public static Operation And(Term left, Term right) => Of(Operator.And, left, right);

    public static Operation Or(Term left, Term right) => Of(Operator.Or, left, right);

    public static Operation Not(Term term) => Of(Operator.Negation, term);

    public static Term Exists(Query query, Term condition) =>
        new SubqueryTerm(SubqueryForm.Exists, Sort.Boolean, [], new(query.Sources, query.Where is null ? condition : And(query.Where, condition), [], null, null, ""));
}
