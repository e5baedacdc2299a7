using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql.Printing;

/// <content>Constants, references, calls and types: gram.y's c_expr and Typename.</content>
internal sealed partial class SqlWriter
{
    public override void VisitLiteral(Literal node)
    {
        switch (node.Kind)
        {
            case LiteralKind.String:
                String(node.GetText());
                break;
            case LiteralKind.Bit:
                Word("B'" + node.GetText() + "'");
                break;
            case LiteralKind.Hex:
                Word("X'" + node.GetText() + "'");
                break;
            case LiteralKind.Integer or LiteralKind.Float:
                var digits = node.GetText();
                Word(digits);
                // `1.` is a number: a word behind it needs its blank, which a qualifier's dot suppresses.
                if (digits[digits.Length - 1] == '.')
                    Raw(' ');
                break;
            default:
                Word(node.Kind.ToString().ToUpperInvariant());
                break;
        }
    }

    public override void VisitParameterReference(ParameterReference node)
    {
        Blank();
        switch (node.Style)
        {
            case ParameterStyle.Positional:
                Raw("$" + node.Number.ToString(System.Globalization.CultureInfo.InvariantCulture));
                break;
            case ParameterStyle.At:
                Raw("@" + node.Name.Text);
                break;
            case ParameterStyle.Colon:
                Raw(":" + node.Name.Text);
                break;
            case ParameterStyle.ColonString:
                Raw(":'" + node.Name.Text + "'");
                break;
            default:
                Raw(":\"" + node.Name.Text + "\"");
                break;
        }
    }

    public override void VisitColumnReference(ColumnReference node)
    {
        Write(node.Name);
        if (node.IsStar)
        {
            if (node.Name.IsEmpty)
                Word("*");
            else
                Raw(".*");
        }
    }

    public override void VisitFieldSelection(FieldSelection node) => WriteIndirection(node, isTarget: false);

    public override void VisitSubscript(Subscript node) => WriteIndirection(node, isTarget: false);

    // `(a).b` is a field of column a, `a.b` a column of relation a; an assignment's target has no such parentheses.
    private void WriteIndirection(Expression node, bool isTarget)
    {
        var chain = new Stack<Expression>();
        var current = node;
        while (true)
        {
            chain.Push(current);
            var isNested = current is FieldSelection { IsOperandNested: true } or Subscript { IsOperandNested: true };
            current = current is FieldSelection selection ? selection.Operand : ((Subscript)current).Operand;
            if (isNested || current is not (FieldSelection or Subscript))
                break;
        }
        var isBare = isTarget || current is ParameterReference or ScalarSubquery || (current is ColumnReference && chain.Peek() is Subscript);
        if (isBare)
            Visit(current);
        else
            Parenthesized(current);
        while (chain.Count > 0)
        {
            var step = chain.Pop();
            if (step is FieldSelection field)
                WriteField(field);
            else
                WriteSubscript((Subscript)step);
        }
    }

    private void WriteField(FieldSelection node)
    {
        Raw('.');
        if (node.Field.IsEmpty)
            Raw('*');
        else
            PrintedNames.Append(_text, node.Field.Text);
    }

    private void WriteSubscript(Subscript node)
    {
        Raw('[');
        if (node.IsSlice)
        {
            Visit(node.Lower);
            Raw(':');
            if (node.Upper is not null)
                Raw(' ');
        }
        Visit(node.Upper);
        Raw(']');
    }

    public override void VisitConditionalExpression(ConditionalExpression node)
    {
        Word(node.Function.ToString().ToUpperInvariant());
        Arguments(node.Arguments);
    }

    private void Arguments(SqlNode[] arguments)
    {
        Raw('(');
        List(arguments);
        Raw(')');
    }

    public override void VisitSqlValueFunction(SqlValueFunction node)
    {
        Word(node.Kind switch
        {
            SqlValueFunctionKind.CurrentDate => "CURRENT_DATE",
            SqlValueFunctionKind.CurrentTime => "CURRENT_TIME",
            SqlValueFunctionKind.CurrentTimestamp => "CURRENT_TIMESTAMP",
            SqlValueFunctionKind.LocalTime => "LOCALTIME",
            SqlValueFunctionKind.LocalTimestamp => "LOCALTIMESTAMP",
            SqlValueFunctionKind.CurrentRole => "CURRENT_ROLE",
            SqlValueFunctionKind.CurrentUser => "CURRENT_USER",
            SqlValueFunctionKind.User => "USER",
            SqlValueFunctionKind.SessionUser => "SESSION_USER",
            SqlValueFunctionKind.SystemUser => "SYSTEM_USER",
            SqlValueFunctionKind.CurrentCatalog => "CURRENT_CATALOG",
            _ => "CURRENT_SCHEMA",
        });
        if (node.Precision is not null)
            Arguments([node.Precision]);
    }

    public override void VisitNamedArgument(NamedArgument node)
    {
        Write(node.Name);
        Word("=>");
        Visit(node.Value);
    }

    public override void VisitTreatExpression(TreatExpression node)
    {
        Word("TREAT(");
        Visit(node.Operand);
        Word("AS");
        Visit(node.Type);
        Raw(')');
    }

    public override void VisitGroupingCall(GroupingCall node)
    {
        Word("GROUPING");
        Arguments(node.Arguments);
    }

    public override void VisitMergeAction(MergeAction node) => Word("MERGE_ACTION()");
}
