using PolicyLint.Core.Access;
using PolicyLint.Sql;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Logic;

/// <summary>Tells what a column name means where it stands: its canonical key, or null where that is not known.</summary>
internal interface IColumnScope
{
    /// <summary>The term of a column.</summary>
    Term Resolve(ColumnReference column);

    /// <summary>A subquery's rows are not free of the row that is judged: a foreign key ties them, or it is the same table.</summary>
    bool MayBeTied(QueryStatement query);
}

/// <summary>SQL expressions to formulas. What it does not know becomes a condition that is not looked into, never true or false.</summary>
/// <param name="scope">What names mean.</param>
/// <param name="place">Sets conditions of this block apart from those of another, where the same words may mean other columns.</param>
internal sealed class FormulaBuilder(IColumnScope scope, string place = "")
{
    private const int MaximumDepth = 200;
    private int _depth;

    public static Term TrueTerm { get; } = new("true", TermKind.Literal, IsNotNull: true);

    public static Term FalseTerm { get; } = new("false", TermKind.Literal, IsNotNull: true);

    private static Term NullTerm { get; } = new("NULL", TermKind.Null, IsNotNull: false);

    public Formula Build(Expression expression)
    {
        if (++_depth > MaximumDepth)
        {
            _depth--;
            return Opaque(expression);
        }
        var formula = BuildCore(expression);
        _depth--;
        return formula;
    }

    private Formula BuildCore(Expression expression)
    {
        switch (expression)
        {
            case Literal { Kind: LiteralKind.True }:
                return new Formula.Constant(Truth.True);
            case Literal { Kind: LiteralKind.False }:
                return new Formula.Constant(Truth.False);
            case Literal { Kind: LiteralKind.Null }:
                return new Formula.Constant(Truth.Unknown);
            case LogicalExpression logical:
            {
                var operands = new Formula[logical.Operands.Length];
                for (var i = 0; i < operands.Length; i++)
                    operands[i] = Build(logical.Operands[i]);
                return logical.Operator == LogicalOperator.And ? new Formula.And(operands) : new Formula.Or(operands);
            }
            case NotExpression not:
                return new Formula.Not(Build(not.Operand));
            case OperatorExpression { Left: { } left, IsOperatorSyntax: false } comparison when comparison.Operator.Name == "=":
                return Equality(left, comparison.Right);
            case OperatorExpression { Left: { } left, IsOperatorSyntax: false } comparison when comparison.Operator.Name == "<>":
                return new Formula.Not(Equality(left, comparison.Right));
            case IsDistinctFrom distinct:
            {
                Formula same = new Formula.Same(TermOf(distinct.Left), TermOf(distinct.Right));
                return distinct.IsNegated ? same : new Formula.Not(same);
            }
            case IsTest { Test: TestKind.Null } test:
                return Negated(NullTest(test.Operand), test.IsNegated);
            case IsTest { Test: TestKind.True } test:
                return Negated(new Formula.Is(Build(test.Operand), Truth.True), test.IsNegated);
            case IsTest { Test: TestKind.False } test:
                return Negated(new Formula.Is(Build(test.Operand), Truth.False), test.IsNegated);
            case IsTest { Test: TestKind.Unknown } test:
                return Negated(new Formula.Is(Build(test.Operand), Truth.Unknown), test.IsNegated);
            case InList list:
            {
                var operands = new Formula[list.Items.Length];
                for (var i = 0; i < operands.Length; i++)
                    operands[i] = Equality(list.Operand, list.Items[i]);
                return Negated(new Formula.Or(operands), list.IsNegated);
            }
            case InSubquery membership:
                // NOT IN is NULL as soon as one row is: only the plain form has a truth value that empty tables decide.
                return Negated(OtherRows(membership.Query, TermOf(membership.Operand).Key + " IN "), membership.IsNegated);
            case ExistsSubquery exists:
                return OtherRows(exists.Query, "EXISTS ");
            case QuantifiedComparison { Quantifier: Quantifier.Any, Array: { } array } any when any.Operator.Name == "=":
                return AnyOf(any, array);
            case QuantifiedComparison { Quantifier: Quantifier.Any, Query: { } query } any when any.Operator.Name == "=":
                return OtherRows(query, TermOf(any.Operand).Key + " IN ");
            case CastExpression { Type: { ArrayDimensions: 0, IsSetOf: false } type } cast when type.Name.Name == "bool":
                return Build(cast.Operand);
            case ColumnReference or FunctionCall or ScalarSubquery or ParameterReference:
                return new Formula.Holds(TermOf(expression));
            default:
                return Opaque(expression);
        }
    }

    private static Formula Negated(Formula formula, bool isNegated) => isNegated ? new Formula.Not(formula) : formula;

    private Formula Equality(Expression left, Expression right)
    {
        if (left is RowConstructor || right is RowConstructor)
            return Opaque(left, right);
        if (IsBoolean(right, out var value))
            return value ? Build(left) : new Formula.Not(Build(left));
        return new Formula.Equal(TermOf(left), TermOf(right));
    }

    private static bool IsBoolean(Expression expression, out bool value)
    {
        value = expression is Literal { Kind: LiteralKind.True };
        return expression is Literal { Kind: LiteralKind.True or LiteralKind.False };
    }

    // A predicate is NULL where its truth is unknown; a value where its term is.
    private Formula NullTest(Expression operand) => operand is LogicalExpression or NotExpression or IsTest or InList or IsDistinctFrom or ExistsSubquery
        ? new Formula.Is(Build(operand), Truth.Unknown)
        : new Formula.IsNull(TermOf(operand));

    private Formula AnyOf(QuantifiedComparison any, Expression array)
    {
        if (array is ArrayConstructor constructor)
        {
            var operands = new Formula[constructor.Items.Length];
            for (var i = 0; i < operands.Length; i++)
                operands[i] = Equality(any.Operand, constructor.Items[i]);
            return new Formula.Or(operands);
        }
        if (array is ArraySubquery subquery)
            return OtherRows(subquery.Query, TermOf(any.Operand).Key + " IN ");
        return ElementOf(TermOf(any.Operand), TermOf(array));
    }

    private Formula OtherRows(QueryStatement query, string prefix)
    {
        var key = place + prefix + "(" + CanonicalQuery.Print(query) + ")";
        return scope.MayBeTied(query) || !ReadsTables(query) ? new Formula.Opaque(key, SqlPrinter.Print(query)) : new Formula.OtherRows(key);
    }

    // Without FROM, with an aggregate and no GROUP BY, or over a function, a query has rows even where every table is empty.
    private static bool ReadsTables(QueryStatement query) =>
        query is SelectQuery { From.Length: > 0 } select && Array.TrueForAll(select.From, IsTable) && !(select.GroupBy is null && Array.Exists(select.Targets, HasCall));

    private static bool IsTable(TableReference item) => item switch
    {
        NamedTable => true,
        JoinedTable { Kind: JoinKind.Inner or JoinKind.Cross or JoinKind.Left } join => IsTable(join.Left),
        _ => false,
    };

    private static bool HasCall(SelectItem target) => target.Value is FunctionCall;

    /// <summary>`term = ANY (array)`: not looked into, but the same wherever it stands.</summary>
    public static Formula ElementOf(Term term, Term array) => new Formula.Opaque(term.Key + " = ANY " + array.Key, term.Key + " = ANY (" + array.Key + ")");

    /// <summary>Whether a condition that is not looked into stands somewhere in a formula.</summary>
    public static bool Mentions(Formula formula, Formula condition) => formula switch
    {
        Formula.And and => Any(and.Operands, condition),
        Formula.Or or => Any(or.Operands, condition),
        Formula.Not not => Mentions(not.Operand, condition),
        Formula.Is test => Mentions(test.Operand, condition),
        _ => formula == condition,
    };

    private static bool Any(IReadOnlyList<Formula> operands, Formula condition)
    {
        foreach (var operand in operands)
        {
            if (Mentions(operand, condition))
                return true;
        }
        return false;
    }

    public Term TermOf(Expression expression)
    {
        switch (expression)
        {
            case Literal { Kind: LiteralKind.Null }:
                return NullTerm;
            case Literal { Kind: LiteralKind.True }:
                return TrueTerm;
            case Literal { Kind: LiteralKind.False }:
                return FalseTerm;
            case Literal literal:
                return new(SqlPrinter.Print(literal), TermKind.Literal, IsNotNull: true);
            case ColumnReference { IsStar: false } column:
                return scope.Resolve(column);
            case ParameterReference parameter:
                return new(SqlPrinter.Print(parameter), TermKind.Parameter, IsNotNull: false);
            case ScalarSubquery { Query: SelectQuery { From.Length: 0, Targets.Length: 1, Where: null } select } when SessionTerms.IsSessionExpression(select.Targets[0].Value):
                return TermOf(select.Targets[0].Value);
            case CastExpression { Operand: Literal literal }:
                return TermOf(literal);
            case CastExpression cast when SessionTerms.IsSessionExpression(cast.Operand):
                return new(TermOf(cast.Operand).Key + "::" + cast.Type.Name.Name.Text, TermKind.Session, IsNotNull: false);
            // Casts between a column's type and text can merge or fail; only one to the same spelling of the whole is the same value.
            case CastExpression cast:
                return new(TermOf(cast.Operand).Key + "::" + cast.Type.Name.Name.Text, TermKind.Opaque, IsNotNull: false);
            default:
            {
                var isSession = SessionTerms.IsSessionExpression(expression);
                return new(
                    (isSession ? "" : place) + CanonicalQuery.Print(expression),
                    isSession ? TermKind.Session : TermKind.Opaque,
                    IsNotNull: false);
            }
        }
    }

    private Formula.Opaque Opaque(params Expression[] expressions)
    {
        var key = "";
        foreach (var expression in expressions)
            key += "|" + CanonicalQuery.Print(expression);
        return new(key, SqlPrinter.Print(expressions[0]), expressions.Length == 1 ? BuiltInCondition.Columns(expressions[0], scope) : null);
    }
}
