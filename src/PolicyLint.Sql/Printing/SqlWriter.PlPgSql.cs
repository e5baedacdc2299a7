using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql.Printing;

/// <content>PL/pgSQL: the text of a body, blocks and statements with their semicolons.</content>
internal sealed partial class SqlWriter
{
    private void Statements(PlStatement[] statements)
    {
        foreach (var statement in statements)
        {
            Visit(statement);
            Raw(';');
        }
    }

    // The type that is written next is a relation's row: name%ROWTYPE, an array's brackets behind it.
    private bool _isRowType;

    private void Label(PlStatement statement)
    {
        if (statement.Label.IsEmpty)
            return;
        Word("<<");
        PrintedNames.Append(_text, statement.Label.Text);
        Raw(">>");
    }

    private void Loop(PlStatement[] statements)
    {
        Word("LOOP");
        Statements(statements);
        Word("END LOOP");
    }

    private void Using(Expression[] values)
    {
        if (values.Length == 0)
            return;
        Word("USING");
        List(values);
    }

    private void Into(Expression[] targets, bool isStrict)
    {
        if (targets.Length == 0)
            return;
        Word(isStrict ? "INTO STRICT" : "INTO");
        Targets(targets);
    }

    private void Targets(Expression[] targets)
    {
        for (var i = 0; i < targets.Length; i++)
        {
            if (i > 0)
                Raw(',');
            Target(targets[i]);
        }
    }

    private void Target(Expression target)
    {
        if (target is FieldSelection or Subscript)
            WriteIndirection(target, isTarget: true);
        else
            Visit(target);
    }

    public override void VisitPlBlock(PlBlock node)
    {
        Label(node);
        if (node.Declarations.Length > 0)
        {
            Word("DECLARE");
            foreach (var declaration in node.Declarations)
            {
                Visit(declaration);
                Raw(';');
            }
        }
        Word("BEGIN");
        Statements(node.Statements);
        WordIf(node.HasExceptionSection, "EXCEPTION");
        Sequence(node.Handlers);
        Word("END");
    }

    public override void VisitPlDeclaration(PlDeclaration node)
    {
        Write(node.Name);
        if (!node.AliasFor.IsEmpty)
        {
            Word("ALIAS FOR");
            if (node.AliasFor.Name.Text[0] == '$')
                Word(node.AliasFor.Name.Text);
            else
                Write(node.AliasFor);
            return;
        }
        if (node.IsCursor)
        {
            if (node.IsScroll is not null)
                Word(node.IsScroll.Value ? "SCROLL" : "NO SCROLL");
            Word("CURSOR");
            if (node.CursorArguments.Length > 0)
                InParentheses(node.CursorArguments);
            Word("FOR");
            Visit(node.CursorQuery);
            return;
        }
        WordIf(node.IsConstant, "CONSTANT");
        _isRowType = node.IsRowType;
        Visit(node.Type);
        _isRowType = false;
        Write("COLLATE", node.Collation);
        WordIf(node.IsNotNull, "NOT NULL");
        if (node.Default is null)
            return;
        Word(":=");
        Visit(node.Default);
    }

    public override void VisitPlExceptionHandler(PlExceptionHandler node)
    {
        Word("WHEN");
        for (var i = 0; i < node.Conditions.Length; i++)
        {
            WordIf(i > 0, "OR");
            Write(node.Conditions[i]);
        }
        for (var i = 0; i < node.SqlStates.Length; i++)
        {
            WordIf(i > 0 || node.Conditions.Length > 0, "OR");
            Word("SQLSTATE");
            Visit(node.SqlStates[i]);
        }
        Word("THEN");
        Statements(node.Statements);
    }

    public override void VisitPlAssignment(PlAssignment node)
    {
        Target(node.Target);
        Word(":=");
        Visit(node.Value);
    }

    public override void VisitPlIf(PlIf node)
    {
        for (var i = 0; i < node.Branches.Length; i++)
        {
            Word(i == 0 ? "IF" : "ELSIF");
            List(node.Branches[i].Conditions);
            Word("THEN");
            Statements(node.Branches[i].Statements);
        }
        WordIf(node.HasElse, "ELSE");
        Statements(node.Otherwise);
        Word("END IF");
    }

    public override void VisitPlCondition(PlCondition node)
    {
        Word("WHEN");
        List(node.Conditions);
        Word("THEN");
        Statements(node.Statements);
    }

    public override void VisitPlCase(PlCase node)
    {
        Word("CASE");
        Visit(node.Operand);
        Sequence(node.Branches);
        WordIf(node.HasElse, "ELSE");
        Statements(node.Otherwise);
        Word("END CASE");
    }

    public override void VisitPlLoop(PlLoop node)
    {
        Label(node);
        Loop(node.Statements);
    }

    public override void VisitPlWhile(PlWhile node)
    {
        Label(node);
        Word("WHILE");
        Visit(node.Condition);
        Loop(node.Statements);
    }

    public override void VisitPlForInteger(PlForInteger node)
    {
        Label(node);
        Write("FOR", node.Variable);
        Word(node.IsReverse ? "IN REVERSE" : "IN");
        Visit(node.From);
        Word("..");
        _text.Append(' ');
        Visit(node.To);
        if (node.By is not null)
        {
            Word("BY");
            Visit(node.By);
        }
        Loop(node.Statements);
    }

    public override void VisitPlForQuery(PlForQuery node)
    {
        Label(node);
        Word("FOR");
        Targets(node.Targets);
        Word("IN");
        Visit(node.Query);
        Loop(node.Statements);
    }

    public override void VisitPlForExecute(PlForExecute node)
    {
        Label(node);
        Word("FOR");
        Targets(node.Targets);
        Word("IN EXECUTE");
        Visit(node.Query);
        Using(node.Using);
        Loop(node.Statements);
    }

    public override void VisitPlForCursor(PlForCursor node)
    {
        Label(node);
        Write("FOR", node.Variable);
        Write("IN", node.Cursor);
        if (node.Arguments.Length > 0)
            Arguments(node.Arguments);
        Loop(node.Statements);
    }

    public override void VisitPlForEach(PlForEach node)
    {
        Label(node);
        Word("FOREACH");
        Targets(node.Targets);
        if (node.Slice > 0)
        {
            Word("SLICE");
            Word(node.Slice.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
        Word("IN ARRAY");
        Visit(node.Array);
        Loop(node.Statements);
    }

    public override void VisitPlExit(PlExit node)
    {
        Word(node.IsContinue ? "CONTINUE" : "EXIT");
        Write(node.Target);
        if (node.Condition is null)
            return;
        Word("WHEN");
        Visit(node.Condition);
    }

    public override void VisitPlReturn(PlReturn node)
    {
        Word(node.Kind switch
        {
            PlReturnKind.Plain => "RETURN",
            PlReturnKind.Next => "RETURN NEXT",
            PlReturnKind.Query => "RETURN QUERY",
            _ => "RETURN QUERY EXECUTE",
        });
        Visit(node.Value);
        Visit(node.Query);
        Visit(node.Dynamic);
        Using(node.Using);
    }

    public override void VisitPlRaise(PlRaise node)
    {
        Word("RAISE");
        if (node.Level != PlRaiseLevel.Unspecified)
            Word(node.Level.ToString().ToUpperInvariant());
        Visit(node.Format);
        foreach (var argument in node.Arguments)
        {
            Raw(',');
            Visit(argument);
        }
        Write(node.Condition);
        if (node.SqlState is not null)
        {
            Word("SQLSTATE");
            Visit(node.SqlState);
        }
        if (node.Options.Length == 0)
            return;
        Word("USING");
        List(node.Options);
    }

    public override void VisitPlRaiseOption(PlRaiseOption node)
    {
        KeywordName(node.Option);
        Word("=");
        Visit(node.Value);
    }

    public override void VisitPlAssert(PlAssert node)
    {
        Word("ASSERT");
        Visit(node.Condition);
        if (node.Message is null)
            return;
        Raw(',');
        Visit(node.Message);
    }

    public override void VisitPlExecute(PlExecute node)
    {
        Word("EXECUTE");
        Visit(node.Query);
        Into(node.Into, node.IsStrict);
        Using(node.Using);
    }

    // PERFORM stands where the query has its SELECT.
    public override void VisitPlPerform(PlPerform node)
    {
        var start = _text.Length;
        Visit(node.Query);
        if (start < _text.Length && _text[start] == ' ')
            start++;
        const string Select = "SELECT";
        if (node.Query is SelectQuery or SetOperationQuery && _text.Length >= start + Select.Length && _text.ToString(start, Select.Length) == Select)
            _text.Remove(start, Select.Length).Insert(start, "PERFORM");
    }

    public override void VisitPlCall(PlCall node) => Visit(node.Statement);

    // INTO at the end means the same wherever it stood; an INSERT's own INTO comes before it.
    public override void VisitPlSql(PlSql node)
    {
        Visit(node.Statement);
        Into(node.Into, node.IsStrict);
    }

    public override void VisitPlGetDiagnostics(PlGetDiagnostics node)
    {
        Word(node.IsStacked ? "GET STACKED DIAGNOSTICS" : "GET DIAGNOSTICS");
        List(node.Items);
    }

    public override void VisitPlDiagnosticItem(PlDiagnosticItem node)
    {
        Target(node.Target);
        Word("=");
        KeywordName(node.Item);
    }

    public override void VisitPlOpen(PlOpen node)
    {
        Write("OPEN", node.Cursor);
        if (node.Arguments.Length > 0)
            Arguments(node.Arguments);
        WordIf(node.Options.Length > 0, node.Options.ToUpperInvariant());
        if (node.Query is null && node.Dynamic is null)
            return;
        Word("FOR");
        WordIf(node.Dynamic is not null, "EXECUTE");
        Visit(node.Query);
        Visit(node.Dynamic);
        Using(node.Using);
    }

    public override void VisitPlFetch(PlFetch node)
    {
        Word(node.IsMove ? "MOVE" : "FETCH");
        WordIf(node.Direction.Length > 0, node.Direction.ToUpperInvariant());
        Visit(node.Count);
        WordIf(node.Direction.Length > 0 || node.Count is not null, "FROM");
        Write(node.Cursor);
        Into(node.Into, isStrict: false);
    }

    public override void VisitPlClose(PlClose node) => Write("CLOSE", node.Cursor);

    public override void VisitPlCommit(PlCommit node)
    {
        Word(node.IsRollback ? "ROLLBACK" : "COMMIT");
        WordIf(node.IsChain, "AND CHAIN");
    }

    public override void VisitPlNull(PlNull node) => Word("NULL");
}
