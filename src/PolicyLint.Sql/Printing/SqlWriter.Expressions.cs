using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql.Printing;

/// <content>Expressions of gram.y's a_expr: operators and what binds like them.</content>
internal sealed partial class SqlWriter
{
    // gram.y's precedence table, loosest first. A construct that can't be an operand as it stands is None.
    private const int None = 0;
    private const int Or = 1;
    private const int And = 2;
    private const int Not = 3;
    private const int Is = 4;
    private const int Comparison = 5;
    private const int Between = 6;
    private const int OtherOperator = 8;
    private const int Additive = 9;
    private const int Multiplicative = 10;
    private const int Power = 11;
    private const int At = 12;
    private const int Collate = 13;
    private const int UnaryMinus = 14;
    private const int Cast = 16;
    private const int Primary = 20;

    private static int Precedence(Expression expression) => expression switch
    {
        LogicalExpression logical => logical.Operator == LogicalOperator.Or ? Or : And,
        NotExpression => Not,
        IsTest or IsDistinctFrom or IsJson or IsNormalized => Is,
        BetweenExpression or InList or InSubquery or PatternMatch => Between,
        OperatorExpression { Left: null } prefix => !prefix.IsOperatorSyntax && prefix.Operator.Name.Text is "+" or "-" ? UnaryMinus : OtherOperator,
        OperatorExpression infix => Precedence(infix.Operator, infix.IsOperatorSyntax),
        QuantifiedComparison { IsPatternKeyword: true } => Between,
        QuantifiedComparison quantified => Math.Min(Precedence(quantified.Operator, quantified.IsOperatorSyntax), OtherOperator),
        AtTimeZone => At,
        CollateExpression => Collate,
        CastExpression { Syntax: CastSyntax.DoubleColon } => Cast,
        FunctionCall { Syntax: FunctionSyntax.Overlaps } => None,
        NamedArgument or CurrentOf or JsonValue => None,
        _ => Primary,
    };

    private static int Precedence(ObjectName name, bool isOperatorSyntax)
    {
        if (isOperatorSyntax)
            return OtherOperator;
        return name.Name.Text switch
        {
            "<" or ">" or "=" or "<=" or ">=" or "<>" => Comparison,
            "+" or "-" => Additive,
            "*" or "/" or "%" => Multiplicative,
            "^" => Power,
            _ => OtherOperator,
        };
    }

    // In parentheses unless it binds at least as tightly as asked.
    private void Operand(Expression expression, int minimum)
    {
        if (Precedence(expression) >= minimum)
            Visit(expression);
        else
            Parenthesized(expression);
    }

    // Before a postfix: what ends in a word or a parenthesis of its own takes another postfix without parentheses, so a long chain stays flat.
    private void PostfixOperand(Expression expression, int own, int minimum)
    {
        if (expression is IsTest or InList or InSubquery or QuantifiedComparison && Precedence(expression) >= own)
            Visit(expression);
        else
            Operand(expression, minimum);
    }

    private void Parenthesized(Expression expression)
    {
        Word("(");
        Visit(expression);
        Raw(')');
    }

    // b_expr: what it allows beyond primaries and casts is put in parentheses.
    private void Restricted(Expression expression)
    {
        var isSafe = expression is OperatorExpression { Left: null, Right: Literal } || Precedence(expression) >= Cast;
        if (isSafe)
            Visit(expression);
        else
            Parenthesized(expression);
    }

    private void PrimaryOnly(Expression expression) => Operand(expression, Primary);

    public override void VisitLogicalExpression(LogicalExpression node)
    {
        var isOr = node.Operator == LogicalOperator.Or;
        for (var i = 0; i < node.Operands.Length; i++)
        {
            if (i > 0)
                Word(isOr ? "OR" : "AND");
            Operand(node.Operands[i], isOr ? And : Not);
        }
    }

    public override void VisitNotExpression(NotExpression node)
    {
        Word("NOT");
        Operand(node.Operand, Not);
    }

    public override void VisitOperatorExpression(OperatorExpression node)
    {
        if (node.Left is null)
        {
            WritePrefix(node);
            return;
        }
        // A left-deep chain (a || b || …) is written in a loop: its depth is not bounded by nesting.
        var chain = new Stack<OperatorExpression>();
        var current = node;
        while (true)
        {
            chain.Push(current);
            var precedence = Precedence(current);
            if (current.Left is not OperatorExpression { Left: not null } left || precedence == Comparison || Precedence(left) < precedence)
                break;
            current = left;
        }
        var innermost = Precedence(current);
        Operand(current.Left!, innermost == Comparison ? innermost + 1 : innermost);
        while (chain.Count > 0)
        {
            var infix = chain.Pop();
            Operator(infix.Operator, infix.IsOperatorSyntax);
            Operand(infix.Right, Precedence(infix) + 1);
        }
    }

    private void WritePrefix(OperatorExpression node)
    {
        Operator(node.Operator, node.IsOperatorSyntax);
        var precedence = Precedence(node);
        _joined = precedence == UnaryMinus && node.Right is Literal or ColumnReference;
        Operand(node.Right, precedence + 1);
    }

    public override void VisitIsTest(IsTest node)
    {
        PostfixOperand(node.Operand, Is, Is + 1);
        Word(node.IsNegated ? "IS NOT" : "IS");
        Word(node.Test.ToString().ToUpperInvariant());
    }

    public override void VisitIsDistinctFrom(IsDistinctFrom node)
    {
        Operand(node.Left, Is + 1);
        Word(node.IsNegated ? "IS NOT DISTINCT FROM" : "IS DISTINCT FROM");
        Operand(node.Right, Is + 1);
    }

    public override void VisitIsJson(IsJson node)
    {
        Operand(node.Operand, Is + 1);
        Word(node.IsNegated ? "IS NOT JSON" : "IS JSON");
        // VALUE is the tree's default, so both spellings give it.
        WordIf(node.ValueType != JsonValueType.Any, node.ValueType.ToString().ToUpperInvariant());
        Write(node.Uniqueness);
    }

    public override void VisitIsNormalized(IsNormalized node)
    {
        Operand(node.Operand, Is + 1);
        Word(node.IsNegated ? "IS NOT" : "IS");
        if (node.Form is not null)
            Word(node.Form);
        Word("NORMALIZED");
    }

    public override void VisitBetweenExpression(BetweenExpression node)
    {
        Operand(node.Operand, Between + 1);
        Word(node.IsNegated ? "NOT BETWEEN" : "BETWEEN");
        WordIf(node.IsSymmetric, "SYMMETRIC");
        Restricted(node.Lower);
        Word("AND");
        Operand(node.Upper, Between + 1);
    }

    public override void VisitInList(InList node)
    {
        PostfixOperand(node.Operand, Between, Between + 1);
        Word(node.IsNegated ? "NOT IN" : "IN");
        InParentheses(node.Items);
    }

    public override void VisitInSubquery(InSubquery node)
    {
        PostfixOperand(node.Operand, Between, Between + 1);
        Word(node.IsNegated ? "NOT IN" : "IN");
        Subquery(node.Query);
    }

    public override void VisitPatternMatch(PatternMatch node)
    {
        Operand(node.Operand, Between + 1);
        WordIf(node.IsNegated, "NOT");
        Word(node.Kind switch { MatchKind.Like => "LIKE", MatchKind.ILike => "ILIKE", _ => "SIMILAR TO" });
        Operand(node.Pattern, OtherOperator);
        if (node.Escape is null)
            return;
        Word("ESCAPE");
        Operand(node.Escape, OtherOperator);
    }

    public override void VisitQuantifiedComparison(QuantifiedComparison node)
    {
        PostfixOperand(node.Operand, Precedence(node), OtherOperator + 1);
        if (node.IsPatternKeyword)
        {
            Word(node.Operator.Name.Text switch
            {
                "~~" => "LIKE",
                "!~~" => "NOT LIKE",
                "~~*" => "ILIKE",
                _ => "NOT ILIKE",
            });
        }
        else
        {
            Operator(node.Operator, node.IsOperatorSyntax);
        }
        Word(node.Quantifier == Quantifier.Any ? "ANY" : "ALL");
        if (node.Query is not null)
            Subquery(node.Query);
        else
            Parenthesized(node.Array!);
    }

    public override void VisitExistsSubquery(ExistsSubquery node)
    {
        Word("EXISTS");
        Subquery(node.Query);
    }

    public override void VisitScalarSubquery(ScalarSubquery node) => Subquery(node.Query);

    public override void VisitArraySubquery(ArraySubquery node)
    {
        Word("ARRAY");
        Subquery(node.Query);
    }

    private void Subquery(QueryStatement query)
    {
        Word("(");
        Visit(query);
        Raw(')');
    }

    public override void VisitArrayConstructor(ArrayConstructor node)
    {
        Word("ARRAY[");
        List(node.Items);
        Raw(']');
    }

    public override void VisitRowConstructor(RowConstructor node)
    {
        if (node.IsExplicit || node.Items.Length < 2)
            Word("ROW");
        Word("(");
        List(node.Items);
        Raw(')');
    }

    public override void VisitCaseExpression(CaseExpression node)
    {
        Word("CASE");
        Visit(node.Operand);
        Sequence(node.Branches);
        if (node.Otherwise is not null)
        {
            Word("ELSE");
            Visit(node.Otherwise);
        }
        Word("END");
    }

    public override void VisitCaseBranch(CaseBranch node)
    {
        Word("WHEN");
        Visit(node.Condition);
        Word("THEN");
        Visit(node.Result);
    }

    public override void VisitCastExpression(CastExpression node)
    {
        if (node.Syntax == CastSyntax.TypedLiteral)
        {
            TypedLiteral(node);
            return;
        }
        if (node.Syntax == CastSyntax.Cast)
        {
            Word("CAST(");
            Visit(node.Operand);
            Word("AS");
            Visit(node.Type);
            Raw(')');
            return;
        }
        var chain = new Stack<CastExpression>();
        Expression operand = node;
        while (operand is CastExpression { Syntax: CastSyntax.DoubleColon } cast)
        {
            chain.Push(cast);
            operand = cast.Operand;
        }
        Operand(operand, Cast);
        while (chain.Count > 0)
        {
            Raw("::");
            _joined = true;
            Visit(chain.Pop().Type);
        }
    }

    public override void VisitCollateExpression(CollateExpression node)
    {
        Operand(node.Operand, Collate);
        Write("COLLATE", node.Collation);
    }

    public override void VisitAtTimeZone(AtTimeZone node)
    {
        Operand(node.Operand, At);
        if (node.Zone is null)
        {
            Word("AT LOCAL");
            return;
        }
        Word("AT TIME ZONE");
        Operand(node.Zone, At + 1);
    }

    public override void VisitDefaultExpression(DefaultExpression node) => Word("DEFAULT");

    public override void VisitCurrentOf(CurrentOf node)
    {
        Word("CURRENT OF");
        Write(node.Cursor);
    }
}
