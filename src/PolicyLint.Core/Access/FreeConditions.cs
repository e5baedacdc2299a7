using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Access;

/// <summary>
/// Puts a parameter in the place of conditions of built-in operators (LIKE, ranges, JSON and array operators, an array that is given) on columns that nothing else in
/// the question speaks of: some value of each such column makes the condition true, another false, so it can be had both ways beside every
/// counterexample about the other columns.
/// </summary>
internal sealed class FreeConditions : SqlRewriter
{
    private static readonly HashSet<string> s_functions = new(StringComparer.Ordinal)
    {
        "lower", "upper", "trim", "btrim", "ltrim", "rtrim", "length", "char_length", "now", "date_trunc", "to_tsvector", "to_tsquery", "plainto_tsquery",
        "websearch_to_tsquery", "abs", "round", "date", "extract", "substring", "left", "right", "replace", "concat", "jsonb_array_length", "cardinality", "array_length",
    };

    private readonly Func<ColumnReference, string?> _resolve;
    private readonly string _key;
    private readonly Dictionary<string, int> _mentions = new(StringComparer.Ordinal);
    private readonly List<Expression> _free = [];

    private FreeConditions(Func<ColumnReference, string?> resolve, string key) => (_resolve, _key) = (resolve, key);

    /// <summary>The conditions with free ones replaced.</summary>
    /// <param name="conditions">All that the question says.</param>
    /// <param name="resolve">A name for the column of a row that is certain to exist; null for any other.</param>
    /// <param name="key">The tenancy column: that it is in an array is what is asked.</param>
    public static Expression[] Replace(IReadOnlyList<Expression> conditions, Func<ColumnReference, string?> resolve, string key)
    {
        var rewriter = new FreeConditions(resolve, key);
        foreach (var condition in conditions)
            rewriter.Count(condition);
        return rewriter.RewriteAll<Expression>([.. conditions]);
    }

    public override T Rewrite<T>(T node)
    {
        // Inside a subquery names mean something else.
        if (node is QueryStatement)
            return node;
        var mayBeFree = node is OperatorExpression { Left: not null } or PatternMatch or BetweenExpression
            || (node is QuantifiedComparison { Quantifier: Quantifier.Any, Array: ParameterReference or CastExpression { Operand: ParameterReference }, Operand: ColumnReference of } && of.Name.Name != _key);
        if (!mayBeFree || !IsFree((Expression)(SqlNode)node))
            return base.Rewrite(node);
        _free.Add((Expression)(SqlNode)node);
        var name = "condition " + _free.Count.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return (T)(SqlNode)new ParameterReference { Name = new Name(name), Style = ParameterStyle.Colon };
    }

    // Comparisons of a column with a value are what the prover knows best.
    private bool IsFree(Expression condition)
    {
        if (condition is OperatorExpression { IsOperatorSyntax: false } comparison && comparison.Operator.Name.Text is "=" or "<>" or "!="
            && IsPlain(comparison.Left!) && IsPlain(comparison.Right))
            return false;
        var search = new Search(this);
        search.Visit(condition);
        if (!search.IsBuiltIn || search.Columns.Count == 0)
            return false;
        foreach (var pair in search.Columns)
        {
            if (_mentions[pair.Key] != pair.Value)
                return false;
        }
        return true;
    }

    private static bool IsPlain(Expression expression) => expression switch
    {
        ColumnReference or Literal or ParameterReference => true,
        CastExpression cast => IsPlain(cast.Operand),
        _ => SessionTerms.IsSessionExpression(expression),
    };

    private void Count(Expression condition)
    {
        var search = new Search(this);
        search.Visit(condition);
        foreach (var pair in search.Columns)
            _mentions[pair.Key] = (_mentions.TryGetValue(pair.Key, out var count) ? count : 0) + pair.Value;
    }

    private sealed class Search(FreeConditions owner) : SqlVisitor
    {
        public bool IsBuiltIn { get; private set; } = true;

        public Dictionary<string, int> Columns { get; } = new(StringComparer.Ordinal);

        public override void VisitColumnReference(ColumnReference node)
        {
            if (owner._resolve(node) is { } key)
                Columns[key] = Columns.TryGetValue(key, out var count) ? count + 1 : 1;
            else
                IsBuiltIn = false;
        }

        public override void VisitFunctionCall(FunctionCall node)
        {
            IsBuiltIn &= node.Name.Qualifier.IsEmpty && s_functions.Contains(node.Name.Name.Text);
            base.VisitFunctionCall(node);
        }

        public override void VisitScalarSubquery(ScalarSubquery node) => Look(node.Query);

        public override void VisitExistsSubquery(ExistsSubquery node) => Look(node.Query);

        public override void VisitInSubquery(InSubquery node)
        {
            Visit(node.Operand);
            Look(node.Query);
        }

        public override void VisitArraySubquery(ArraySubquery node) => Look(node.Query);

        public override void VisitCaseExpression(CaseExpression node)
        {
            base.VisitCaseExpression(node);
            IsBuiltIn = false;
        }

        private void Look(QueryStatement query)
        {
            Visit(query);
            IsBuiltIn = false;
        }
    }
}
