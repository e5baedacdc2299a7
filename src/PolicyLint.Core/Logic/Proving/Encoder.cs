using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Logic.Proving;

/// <summary>
/// SQL predicates to two formulas each, "is TRUE" and "is FALSE" (PROVER 2.3). What it does not know it does not guess:
/// <see cref="UndecidedException"/>.
/// </summary>
internal sealed partial class Encoder(Reading reading, ICatalog schema, TermTable terms)
{
    private const int MaximumDepth = 200;
    private const int MaximumInlining = 6;
    private const int MaximumSight = 8;

    private readonly SortedSet<string> _opaque = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _assumptions = new(StringComparer.Ordinal);
    private readonly ICatalog _catalog = reading.Catalog;
    private readonly IPolicySource _policies = reading.Policies;
    private int _target = -1;
    private int _depth;
    private int _inlining;
    private int _sight;
    private readonly List<Function> _active = [];
    private readonly List<Opaque> _notEntered = [];

    /// <summary>Functions are not looked into, nor outer joins: what is proven so is proven, at less work.</summary>
    public bool IsCoarse { get; init; }

    /// <summary>Functions and operators that were not looked into.</summary>
    public IReadOnlyCollection<string> Opaque => _opaque;

    /// <summary>The same, to be looked at: what they read may differ in another state of the schema.</summary>
    public IReadOnlyList<Opaque> NotEntered => _notEntered;

    /// <summary>What holds of terms that stand for what a subquery finds.</summary>
    public Definitions Definitions { get; init; } = new(terms);

    /// <summary>What was taken for granted of them.</summary>
    public IReadOnlyCollection<string> Assumptions => _assumptions;

    /// <summary>Where the claim is true of the row.</summary>
    public Prop Encode(Claim claim, int row, string alias)
    {
        _target = row;
        switch (claim)
        {
            case Claim.Everything:
                return Prop.True;
            case Claim.Nothing:
                return Prop.False;
            case Claim.AllOf all:
            {
                var items = new Prop[all.Claims.Count];
                for (var i = 0; i < items.Length; i++)
                    items[i] = Encode(all.Claims[i], row, alias);
                return Prop.And(items);
            }
            case Claim.Condition condition:
                return Truth(condition.Expression, RowScope(row, alias, condition.Sight), true);
            case Claim.AnyOf any:
            {
                var items = new Prop[any.Claims.Count];
                for (var i = 0; i < items.Length; i++)
                    items[i] = Encode(any.Claims[i], row, alias);
                return Prop.Or(items);
            }
            case Claim.Policies combined:
                return Combine(combined.Applying, combined.Clause, row, alias);
            default:
                throw new UndecidedException(UnknownReason.UnsupportedSyntax, "a claim of an unknown kind");
        }
    }

    /// <summary>What a check constraint says of a row: it is not FALSE. True where it cannot be read.</summary>
    public Prop EncodeCheck(int row, TableConstraint constraint)
    {
        try
        {
            return Prop.Not(Truth(constraint.Condition!.Tree, RowScope(row, terms.SourceOf(row).Table!.Id.Name, Sight.Everything), false));
        }
        catch (UndecidedException)
        {
            _depth = 0;
            return Prop.True;
        }
    }

    private Scope RowScope(int row, string alias, Sight sight)
    {
        var scope = new Scope(null, sight);
        scope.Bindings.Add(new(alias, row, terms.SourceOf(row)));
        return scope;
    }

    private Prop Combine(IReadOnlyList<Policy> applying, PolicyClause clause, int row, string alias)
    {
        var permissive = new List<Prop>();
        var all = new List<Prop>();
        foreach (var policy in applying)
        {
            if (policy.IsTainted)
                throw new UndecidedException(UnknownReason.Tainted, "policy " + policy.Name + " may have been changed by a statement that could not be read");
            if (AccessModel.PredicateOf(policy, clause) is not { } predicate)
                continue;
            (policy.IsPermissive ? permissive : all).Add(Truth(predicate.Tree, RowScope(row, alias, Sight.Role), true));
        }
        all.Add(Prop.Or([.. permissive]));
        return Prop.And([.. all]);
    }

    /// <summary>Where the expression is TRUE, or where it is FALSE; NULL is neither.</summary>
    private Prop Truth(Expression expression, Scope scope, bool positive)
    {
        if (++_depth > MaximumDepth)
            throw new UndecidedException(UnknownReason.Budget, "the predicate is nested too deeply", expression);
        var prop = TruthCore(expression, scope, positive);
        _depth--;
        return prop;
    }

    private Prop TruthCore(Expression expression, Scope scope, bool positive)
    {
        switch (expression)
        {
            case LogicalExpression logical:
            {
                var items = new Prop[logical.Operands.Length];
                for (var i = 0; i < items.Length; i++)
                    items[i] = Truth(logical.Operands[i], scope, positive);
                return (logical.Operator == LogicalOperator.And) == positive ? Prop.And(items) : Prop.Or(items);
            }
            case NotExpression not:
                return Truth(not.Operand, scope, !positive);
            case Literal { Kind: LiteralKind.True or LiteralKind.False } literal:
                return (literal.Kind == LiteralKind.True) == positive ? Prop.True : Prop.False;
            case Literal { Kind: LiteralKind.Null }:
                return Prop.False;
            case IsTest { Test: not TestKind.Document } test:
                return Signed(Test(test, scope), positive != test.IsNegated);
            case IsDistinctFrom distinct:
                return Signed(Pairs(Values(distinct.Left, scope), Values(distinct.Right, scope), Distinctness), positive == distinct.IsNegated);
            case InList list:
            {
                var items = new Prop[list.Items.Length];
                for (var i = 0; i < items.Length; i++)
                    items[i] = Compare("=", list.Operand, scope, list.Items[i], scope, positive != list.IsNegated);
                return positive != list.IsNegated ? Prop.Or(items) : Prop.And(items);
            }
            case BetweenExpression { IsSymmetric: false } between:
            {
                var sign = positive != between.IsNegated;
                var lower = Compare(">=", between.Operand, scope, between.Lower, scope, sign);
                var upper = Compare("<=", between.Operand, scope, between.Upper, scope, sign);
                return sign ? Prop.And(lower, upper) : Prop.Or(lower, upper);
            }
            case InSubquery membership:
                return Membership("=", membership.Operand, scope, membership.Query, positive != membership.IsNegated);
            case ExistsSubquery exists:
                return Signed(Existence(exists.Query, scope), positive);
            case QuantifiedComparison quantified:
                return Quantified(quantified, scope, positive);
            case OperatorExpression { Left: { } left } comparison when ComparisonOf(comparison) is { } name:
                return Compare(name, left, scope, comparison.Right, scope, positive);
            case OperatorExpression { Left: { } left, IsOperatorSyntax: false, Right: ArrayConstructor { Items.Length: 1 } single } contains when contains.Operator.Name == "@>":
                return Contains(left, single.Items[0], scope, positive);
            case CaseExpression choice:
                return Choice(choice, scope, positive);
            case PatternMatch { Escape: null } match:
                return BooleanTerm(Apply("~" + match.Kind, [match.Operand, match.Pattern], scope, TypeFamily.Boolean, isStrict: true), positive != match.IsNegated);
            case CastExpression { Type: { ArrayDimensions: 0 } type } cast when type.Name.Name.Text is "bool" && IsPredicate(cast.Operand):
                return Truth(cast.Operand, scope, positive);
            default:
                return BooleanTerm(Values(expression, scope), positive);
        }
    }

    private static Prop Signed(Prop prop, bool positive) => positive ? prop : Prop.Not(prop);

    private static string? ComparisonOf(OperatorExpression expression)
    {
        if (expression.IsOperatorSyntax)
            return null;
        return expression.Operator.Name.Text switch
        {
            "=" => "=",
            "<>" or "!=" => "<>",
            "<" => "<",
            ">" => ">",
            "<=" => "<=",
            ">=" => ">=",
            _ => null,
        };
    }

    private Prop Test(IsTest test, Scope scope)
    {
        switch (test.Test)
        {
            case TestKind.Null when !IsPredicate(test.Operand):
            {
                if (test.Operand is RowConstructor)
                    throw new UndecidedException(UnknownReason.UnsupportedSyntax, "IS NULL of a row", test);
                var cases = new List<Prop>();
                foreach (var value in Values(test.Operand, scope))
                    cases.Add(Prop.Exists(value.Rows, Prop.And(value.Guard, Prop.IsNull(terms, value.Term))));
                return Prop.Or([.. cases]);
            }
            case TestKind.Null or TestKind.Unknown:
                return Prop.And(Prop.Not(Truth(test.Operand, scope, true)), Prop.Not(Truth(test.Operand, scope, false)));
            case TestKind.True:
                return Truth(test.Operand, scope, true);
            case TestKind.False:
                return Truth(test.Operand, scope, false);
            default:
                throw new UndecidedException(UnknownReason.UnsupportedSyntax, "a test that is not known", test);
        }
    }

    /// <summary>An expression that is a predicate by its form, so that its truth is read and not its value.</summary>
    private static bool IsPredicate(Expression expression) => expression switch
    {
        LogicalExpression or NotExpression or IsTest or IsDistinctFrom or InList or InSubquery or ExistsSubquery or BetweenExpression or QuantifiedComparison or PatternMatch => true,
        OperatorExpression { Left: not null } comparison => ComparisonOf(comparison) is not null,
        _ => false,
    };

    private Prop BooleanTerm(List<ValueCase> values, bool positive)
    {
        var cases = new List<Prop>();
        foreach (var value in values)
        {
            var term = value.Term;
            var node = terms[term];
            if (node.Kind == ValueKind.Constant && node.Type != TypeFamily.Boolean)
                term = Coerced(term, TypeFamily.Boolean);
            else if (node.Kind != ValueKind.Null && node.Type is not (TypeFamily.Boolean or TypeFamily.Any or TypeFamily.NotRead))
                throw new UndecidedException(UnknownReason.UnsupportedSyntax, "a condition of type " + node.Type);
            if (term != TermTable.Null)
                cases.Add(Prop.Exists(value.Rows, Prop.And(value.Guard, Prop.Same(terms, term, positive ? TermTable.True : TermTable.False))));
        }
        return Prop.Or([.. cases]);
    }

    // CASE tries its branches in order; a condition that is not TRUE sends the row on.
    private Prop Choice(CaseExpression choice, Scope scope, bool positive)
    {
        var result = new List<Prop>();
        var passed = Prop.True;
        foreach (var branch in choice.Branches)
        {
            var condition = choice.Operand is { } operand
                ? Compare("=", operand, scope, branch.Condition, scope, true)
                : Truth(branch.Condition, scope, true);
            result.Add(Prop.And(passed, condition, Truth(branch.Result, scope, positive)));
            passed = Prop.And(passed, Prop.Not(condition));
        }
        if (choice.Otherwise is { } otherwise)
            result.Add(Prop.And(passed, Truth(otherwise, scope, positive)));
        return Prop.Or([.. result]);
    }

    private Prop Quantified(QuantifiedComparison quantified, Scope scope, bool positive)
    {
        var name = quantified.IsOperatorSyntax || quantified.IsPatternKeyword ? "" : quantified.Operator.Name.Text;
        if (name == "!=")
            name = "<>";
        if (name is not ("=" or "<>" or "<" or ">" or "<=" or ">="))
            throw new UndecidedException(UnknownReason.UnsupportedSyntax, "this operator with ANY or ALL", quantified);
        // x op ALL s is NOT (x negated-op ANY s).
        if (quantified.Quantifier == Quantifier.All)
        {
            name = name switch { "=" => "<>", "<>" => "=", "<" => ">=", ">" => "<=", "<=" => ">", _ => "<" };
            positive = !positive;
        }
        if (quantified.Query is { } query)
            return Membership(name, quantified.Operand, scope, query, positive);
        var array = quantified.Array!;
        while (array is CastExpression { Type.ArrayDimensions: > 0, Operand: ArrayConstructor or ArraySubquery } cast)
            array = cast.Operand;
        switch (array)
        {
            case ArrayConstructor list:
            {
                var items = new Prop[list.Items.Length];
                for (var i = 0; i < items.Length; i++)
                    items[i] = Compare(name, quantified.Operand, scope, list.Items[i], scope, positive);
                return positive ? Prop.Or(items) : Prop.And(items);
            }
            case ArraySubquery subquery:
                return Membership(name, quantified.Operand, scope, subquery.Query, positive);
        }
        if (name != "=")
            throw new UndecidedException(UnknownReason.UnsupportedSyntax, "this operator with ANY of an array", quantified);
        return Pairs(Values(quantified.Operand, scope), Values(array, scope), (element, set) =>
        {
            var member = MemberOf(element, set, quantified);
            return positive
                ? Prop.And(Prop.IsNotNull(terms, element), Prop.IsNotNull(terms, set), member)
                : Prop.And(
                    Prop.IsNotNull(terms, set),
                    Prop.Or(
                        Prop.Atom(PropKind.Empty, set),
                        Prop.And(Prop.IsNotNull(terms, element), Prop.Not(member), Prop.Not(Prop.Atom(PropKind.HasNull, set)))));
        });
    }

    private Prop Contains(Expression array, Expression element, Scope scope, bool positive) =>
        Pairs(Values(element, scope), Values(array, scope), (item, set) =>
        {
            if (!TypeFamily.IsArray(terms[set].Type))
                throw new UndecidedException(UnknownReason.UnsupportedSyntax, "@> of what is not an array", array);
            var member = Prop.And(Prop.IsNotNull(terms, item), MemberOf(item, set, array));
            return Prop.And(Prop.IsNotNull(terms, set), Signed(member, positive));
        });

    private Prop MemberOf(int element, int set, SqlNode node)
    {
        var type = terms[set].Type;
        if (TypeFamily.IsArray(type))
            element = Coerced(element, type.Substring(0, type.Length - 2));
        else if (terms[set].Kind == ValueKind.Constant)
            throw new UndecidedException(UnknownReason.UnsupportedSyntax, "an array written as a string", node);
        if (element == TermTable.Null || set == TermTable.Null)
            return Prop.False;
        return Prop.Atom(PropKind.Member, element, set);
    }

    private static Prop Pairs(List<ValueCase> left, List<ValueCase> right, Func<int, int, Prop> relate)
    {
        var cases = new List<Prop>();
        foreach (var a in left)
        {
            foreach (var b in right)
                cases.Add(Prop.Exists([.. a.Rows, .. b.Rows], Prop.And(a.Guard, b.Guard, relate(a.Term, b.Term))));
        }
        return Prop.Or([.. cases]);
    }

    private Prop Distinctness(int left, int right)
    {
        Align(ref left, ref right);
        if (left != TermTable.Null && right != TermTable.Null && !TypeFamily.AreComparable(terms[left].Type, terms[right].Type))
            throw new UndecidedException(UnknownReason.UnsupportedSyntax, "IS DISTINCT FROM between " + terms[left].Type + " and " + terms[right].Type);
        return Prop.Same(terms, left, right);
    }

    private Prop Compare(string name, Expression left, Scope leftScope, Expression right, Scope rightScope, bool positive)
    {
        if (left is RowConstructor leftRow && right is RowConstructor rightRow)
        {
            if (name is not ("=" or "<>") || leftRow.Items.Length != rightRow.Items.Length)
                throw new UndecidedException(UnknownReason.UnsupportedSyntax, "this comparison of rows", left);
            var items = new Prop[leftRow.Items.Length];
            var sign = positive == (name == "=");
            for (var i = 0; i < items.Length; i++)
                items[i] = Compare("=", leftRow.Items[i], leftScope, rightRow.Items[i], rightScope, sign);
            return sign ? Prop.And(items) : Prop.Or(items);
        }
        // A predicate against a boolean constant is the predicate.
        if (name is "=" or "<>" && right is Literal { Kind: LiteralKind.True or LiteralKind.False } value && IsPredicate(left))
            return Truth(left, leftScope, positive == (name == "=") == (value.Kind == LiteralKind.True));
        return Pairs(Values(left, leftScope), Values(right, rightScope), (a, b) => CompareTerms(name, a, b, positive));
    }

    private Prop CompareTerms(string name, int a, int b, bool positive)
    {
        if (a == TermTable.Null || b == TermTable.Null)
            return Prop.False;
        Align(ref a, ref b);
        if (a == TermTable.Null || b == TermTable.Null)
            return Prop.False;
        if (!TypeFamily.AreComparable(terms[a].Type, terms[b].Type))
            return Unread(name, a, b, positive);
        var known = Prop.And(Prop.IsNotNull(terms, a), Prop.IsNotNull(terms, b));
        var atom = name switch
        {
            "=" => Prop.Same(terms, a, b),
            "<>" => Prop.Not(Prop.Same(terms, a, b)),
            "<" => Less(a, b),
            ">" => Less(b, a),
            "<=" => Prop.Not(Less(b, a)),
            _ => Prop.Not(Less(a, b)),
        };
        return Prop.And(known, Signed(atom, positive));
    }

    // The types compare by a rule of their own: the same for the same operands, and not known beyond that.
    private Prop Unread(string name, int a, int b, bool positive)
    {
        if (name == "<>")
            return Unread("=", a, b, !positive);
        if (name == ">=")
            return Unread("<=", b, a, positive);
        if (name == ">")
            return Unread("<", b, a, positive);
        if (name == "=" && a > b)
            (a, b) = (b, a);
        _opaque.Add(terms[a].Type + " " + name + " " + terms[b].Type);
        var result = terms.Function("strict:compare " + name, [a, b], TypeFamily.Boolean);
        return Prop.And(Prop.IsNotNull(terms, a), Prop.IsNotNull(terms, b), Prop.Same(terms, result, positive ? TermTable.True : TermTable.False));
    }

    // Integers count in steps of one, so that x <= 3 and x < 4 are the same atom.
    private Prop Less(int a, int b)
    {
        TermNode left = terms[a], right = terms[b];
        if (left.Kind == ValueKind.Constant && right.Kind == ValueKind.Constant && TypeFamily.IsNumber(left.Type) && TypeFamily.IsNumber(right.Type)
            && Constants.TryNumber(left.Name, out var x) && Constants.TryNumber(right.Name, out var y))
            return x < y ? Prop.True : Prop.False;
        if (left.Kind == ValueKind.Constant && left.Type == TypeFamily.Integer && right.Type == TypeFamily.Integer && Constants.TryNumber(left.Name, out var bound))
            return Prop.Not(Prop.Atom(PropKind.Less, b, terms.Constant(TypeFamily.Integer, Constants.Number(bound + 1))));
        return a == b ? Prop.False : Prop.Atom(PropKind.Less, a, b);
    }

    // A constant takes the type of what it is compared with.
    private void Align(ref int a, ref int b)
    {
        a = Coerced(a, terms[b].Type);
        b = Coerced(b, terms[a].Type);
        if (terms[a].Type == TypeFamily.Unknown && terms[b].Type == TypeFamily.Unknown)
        {
            a = Coerced(a, TypeFamily.Text);
            b = Coerced(b, TypeFamily.Text);
        }
    }

    private int Coerced(int term, string type)
    {
        var node = terms[term];
        if (node.Kind != ValueKind.Constant || node.Type == type || type.Length == 0 || type == TypeFamily.Unknown)
            return term;
        if (node.Type == TypeFamily.Unknown)
        {
            if (type == TypeFamily.Any)
                return terms.Constant(TypeFamily.Any, node.Name);
            return Constants.Coerce(node.Name, type) is { } text ? terms.Constant(type, text) : TermTable.Null;
        }
        if (node.Type == TypeFamily.Integer && type == TypeFamily.Numeric)
            return terms.Constant(TypeFamily.Numeric, node.Name);
        if (node.Type == TypeFamily.Numeric && type == TypeFamily.Integer && node.Name.IndexOf('.') < 0)
            return terms.Constant(TypeFamily.Integer, node.Name);
        return term;
    }
}
