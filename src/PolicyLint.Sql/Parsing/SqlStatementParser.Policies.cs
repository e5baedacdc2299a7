using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql.Parsing;

/// <content>Policies, indexes, views, triggers.</content>
internal sealed partial class SqlStatementParser
{
    // CREATE POLICY name ON table [AS PERMISSIVE|RESTRICTIVE] [FOR command] [TO roles] [USING (e)] [WITH CHECK (e)]
    private CreatePolicyStatement CreatePolicy(int start)
    {
        var name = ColumnId();
        Expect(Keyword.On);
        var table = QualifiedName();
        var isRestrictive = false;
        var isPermissive = false;
        if (Accept(Keyword.As))
        {
            if (!At(TokenKind.Identifier))
                throw Unexpected();
            var optionStart = Start;
            var option = ColumnId();
            isRestrictive = option == "restrictive";
            isPermissive = option == "permissive";
            if (!isRestrictive && !isPermissive)
                throw ErrorAt(optionStart, $"unrecognized row security option \"{option.Text}\"");
        }
        var command = PolicyCommand.All;
        var isCommandExplicit = Accept(Keyword.For);
        if (isCommandExplicit)
            command = PolicyCommandKeyword();
        var roles = Accept(Keyword.To) ? RoleList() : [];
        PolicyConditions(out var condition, out var check);
        return new CreatePolicyStatement
        {
            Start = start, Name = name, Table = table, IsRestrictive = isRestrictive, IsPermissiveExplicit = isPermissive, Command = command,
            IsCommandExplicit = isCommandExplicit, Roles = roles, Using = condition, WithCheck = check, End = LastEnd,
        };
    }

    private PolicyCommand PolicyCommandKeyword()
    {
        if (Accept(Keyword.All))
            return PolicyCommand.All;
        if (Accept(Keyword.Select))
            return PolicyCommand.Select;
        if (Accept(Keyword.Insert))
            return PolicyCommand.Insert;
        if (Accept(Keyword.Update))
            return PolicyCommand.Update;
        Expect(Keyword.Delete);
        return PolicyCommand.Delete;
    }

    private void PolicyConditions(out Expression? condition, out Expression? check)
    {
        condition = Accept(Keyword.Using) ? ExpressionInParentheses() : null;
        check = null;
        if (!Accept(Keyword.With))
            return;
        Expect(Keyword.Check);
        check = ExpressionInParentheses();
    }

    // ALTER POLICY [IF EXISTS] name ON table RENAME TO n | [TO roles] [USING (e)] [WITH CHECK (e)]
    private Statement AlterPolicy(int start)
    {
        var ifExists = AcceptIfExists();
        var name = ColumnId();
        Expect(Keyword.On);
        var table = QualifiedName();
        if (ifExists || At(Keyword.Rename))
            return RenameTo(start, ObjectKind.Policy, new(name), null, table, ifExists);
        var roles = Accept(Keyword.To) ? RoleList() : [];
        PolicyConditions(out var condition, out var check);
        return new AlterPolicyStatement { Start = start, Name = name, Table = table, Roles = roles, Using = condition, WithCheck = check, End = LastEnd };
    }

    // CREATE [UNIQUE] INDEX [CONCURRENTLY] [[IF NOT EXISTS] name] ON [ONLY] table [USING m] (…) [INCLUDE (…)] [NULLS [NOT] DISTINCT] [WITH (…)] [TABLESPACE t] [WHERE e]
    // The cursor stands after INDEX.
    private CreateIndexStatement CreateIndex(int start, bool isUnique)
    {
        var isConcurrent = Accept(Keyword.Concurrently);
        var ifNotExists = AcceptIfNotExists();
        var name = ifNotExists || !At(Keyword.On) ? ColumnId() : default;
        Expect(Keyword.On);
        var table = RelationExpression(out var isOnly);
        var method = Accept(Keyword.Using) ? ColumnId() : default;
        Expect(TokenKind.OpenParen);
        var elements = CommaList(static parser => parser.IndexElement());
        Expect(TokenKind.CloseParen);
        IndexElement[] include = [];
        if (Accept(Keyword.Include))
        {
            Expect(TokenKind.OpenParen);
            include = CommaList(static parser => parser.IndexElement());
            Expect(TokenKind.CloseParen);
        }
        var nullsNotDistinct = NullsNotDistinct();
        var options = OptionalStorageOptions();
        var tablespace = Accept(Keyword.Tablespace) ? ColumnId() : default;
        var where = Accept(Keyword.Where) ? Expression() : null;
        return new CreateIndexStatement
        {
            Start = start, IsUnique = isUnique, IsConcurrent = isConcurrent, IfNotExists = ifNotExists, Name = name, Table = table, IsOnly = isOnly, Method = method,
            Elements = elements, Include = include, NullsNotDistinct = nullsNotDistinct, Options = options, Tablespace = tablespace, Where = where, End = LastEnd,
        };
    }

    // gram.y index_elem: a column, a call, or an expression in parentheses.
    private IndexElement IndexElement()
    {
        var start = Start;
        var (column, expression) = IndexedValue();
        var collation = OptionalCollation();
        var operatorClass = AtColumnId() ? AnyName() : default;
        var options = !operatorClass.IsEmpty && At(TokenKind.OpenParen) ? StorageOptions() : [];
        var direction = SortDirection.Default;
        if (Accept(Keyword.Asc))
            direction = SortDirection.Ascending;
        else if (Accept(Keyword.Desc))
            direction = SortDirection.Descending;
        var nulls = NullsOrder();
        return new IndexElement
        {
            Start = start, Column = column, Expression = expression, Collation = collation, OperatorClass = operatorClass, OperatorClassOptions = options,
            Direction = direction, Nulls = nulls, End = LastEnd,
        };
    }

    private (Name Column, Expression? Expression) IndexedValue()
    {
        if (At(TokenKind.OpenParen))
            return (default, ExpressionInParentheses());
        // A column is a name that no call's parenthesis or qualifier follows.
        if (AtColumnId() && !PeekIs(1, TokenKind.OpenParen) && !PeekIs(1, TokenKind.Dot))
            return (ColumnId(), null);
        return (default, WindowlessFunction());
    }

    // CREATE [OR REPLACE] [TEMP] [RECURSIVE] VIEW name [(columns)] [WITH (…)] AS query [WITH [CASCADED|LOCAL] CHECK OPTION]
    // The cursor stands after VIEW.
    private CreateViewStatement CreateView(int start, bool orReplace, Persistence persistence, bool isRecursive)
    {
        var view = QualifiedName();
        var columns = isRecursive ? ColumnList() : OptionalColumnList();
        var options = OptionalStorageOptions();
        Expect(Keyword.As);
        var query = ParseSelectStatement();
        var check = CheckOption(isRecursive);
        return new CreateViewStatement
        {
            Start = start, OrReplace = orReplace, Persistence = persistence, IsRecursive = isRecursive, View = view, Columns = columns, Options = options, Query = query,
            CheckOption = check, End = LastEnd,
        };
    }

    private ViewCheckOption CheckOption(bool isRecursive)
    {
        if (!At(Keyword.With))
            return ViewCheckOption.None;
        var start = Start;
        Advance();
        var option = ViewCheckOption.Cascaded;
        if (Accept(Keyword.Local))
            option = ViewCheckOption.Local;
        else
            Accept(Keyword.Cascaded);
        Expect(Keyword.Check);
        Expect(Keyword.Option);
        if (isRecursive)
            throw ErrorAt(start, "WITH CHECK OPTION not supported on recursive views");
        return option;
    }

    // CREATE [OR REPLACE] [CONSTRAINT] TRIGGER name … EXECUTE FUNCTION f(…). gram.y CreateTrigStmt. The cursor stands after TRIGGER.
    private CreateTriggerStatement CreateTrigger(int start, bool orReplace, bool isConstraint)
    {
        var name = ColumnId();
        var timing = TriggerTiming.After;
        if (isConstraint)
        {
            Expect(Keyword.After);
        }
        else if (Accept(Keyword.Before))
        {
            timing = TriggerTiming.Before;
        }
        else if (Accept(Keyword.Instead))
        {
            Expect(Keyword.Of);
            timing = TriggerTiming.InsteadOf;
        }
        else
        {
            Expect(Keyword.After);
        }
        bool onInsert = false, onUpdate = false, onDelete = false, onTruncate = false;
        Name[] updateColumns = [];
        do
        {
            var isRepeated = onInsert && At(Keyword.Insert) || onDelete && At(Keyword.Delete) || onTruncate && At(Keyword.Truncate);
            if (isRepeated)
                throw ErrorAtNext("duplicate trigger events specified");
            if (Accept(Keyword.Insert))
            {
                onInsert = true;
            }
            else if (Accept(Keyword.Delete))
            {
                onDelete = true;
            }
            else if (Accept(Keyword.Truncate))
            {
                onTruncate = true;
            }
            else
            {
                Expect(Keyword.Update);
                if (Accept(Keyword.Of))
                    updateColumns = CommaList(static parser => parser.ColumnId());
                if (onUpdate)
                    throw ErrorAtNext("duplicate trigger events specified");
                onUpdate = true;
            }
        }
        while (Accept(Keyword.Or));
        Expect(Keyword.On);
        var table = QualifiedName();
        var from = isConstraint && Accept(Keyword.From) ? QualifiedName() : default;
        var attributes = isConstraint ? TableConstraintAttributes("TRIGGER", AllowedAttributes.Deferrable) : default;
        TriggerTransition[] transitions = !isConstraint && Accept(Keyword.Referencing) ? Transitions() : [];
        var isForEachRow = false;
        if (isConstraint || At(Keyword.For))
        {
            Expect(Keyword.For);
            if (isConstraint)
                Expect(Keyword.Each);
            else
                Accept(Keyword.Each);
            isForEachRow = Accept(Keyword.Row);
            if (!isForEachRow)
                Expect(isConstraint ? Keyword.Row : Keyword.Statement);
        }
        var when = Accept(Keyword.When) ? ExpressionInParentheses() : null;
        Expect(Keyword.Execute);
        if (!Accept(Keyword.Procedure))
            Expect(Keyword.Function);
        var function = FunctionName();
        Expect(TokenKind.OpenParen);
        Expression[] arguments = At(TokenKind.CloseParen) ? [] : CommaList(static parser => parser.TriggerArgument());
        Expect(TokenKind.CloseParen);
        if (orReplace && isConstraint)
            throw ErrorAt(start, "CREATE OR REPLACE CONSTRAINT TRIGGER is not supported");
        return new CreateTriggerStatement
        {
            Start = start, OrReplace = orReplace, IsConstraint = isConstraint, Name = name, Timing = timing, OnInsert = onInsert, OnUpdate = onUpdate, OnDelete = onDelete,
            OnTruncate = onTruncate, UpdateColumns = updateColumns, Table = table, From = from, Transitions = transitions, IsForEachRow = isForEachRow, When = when,
            Function = function, Arguments = arguments, IsDeferrable = attributes.IsDeferrable, IsInitiallyDeferred = attributes.IsInitiallyDeferred, End = LastEnd,
        };
    }

    private TriggerTransition[] Transitions()
    {
        var transitions = new List<TriggerTransition>();
        do
        {
            var start = Start;
            var isNew = Accept(Keyword.New);
            if (!isNew)
                Expect(Keyword.Old);
            var isTable = Accept(Keyword.Table);
            if (!isTable)
                Expect(Keyword.Row);
            Accept(Keyword.As);
            transitions.Add(new TriggerTransition { Start = start, IsNew = isNew, IsTable = isTable, Name = ColumnId(), End = LastEnd });
        }
        while (At(Keyword.New) || At(Keyword.Old));
        return [.. transitions];
    }

    // gram.y TriggerFuncArg: a number, a string, or a word, which counts as its text.
    private Expression TriggerArgument()
    {
        if (At(TokenKind.String))
            return StringLiteral();
        if (At(TokenKind.Integer) || At(TokenKind.Float))
            return UnsignedNumber();
        var start = Start;
        return new ColumnReference { Start = start, Name = new(Label()), End = LastEnd };
    }
}
