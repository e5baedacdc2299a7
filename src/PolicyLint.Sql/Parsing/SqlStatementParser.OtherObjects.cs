using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql.Parsing;

/// <content>CREATE and ALTER of the objects that the tree keeps as text: read by their grammar all the same, so that errors are found.</content>
internal sealed partial class SqlStatementParser
{
    // The cursor stands behind CREATE or CREATE OR REPLACE, at a word that begins none of the typed kinds.
    private OtherStatement CreateOther(int start, bool orReplace)
    {
        if (At(Keyword.Rule))
            return CreateRule(start);
        if (Accept(Keyword.Aggregate))
            CreateAggregate();
        else if (AcceptPair(Keyword.Transform, Keyword.For))
            CreateTransform();
        else if (At(Keyword.Trusted) || At(Keyword.Procedural) || At(Keyword.Language))
            CreateLanguage();
        else if (orReplace)
            throw Unexpected();
        else if (AcceptPair(Keyword.Access, Keyword.Method))
            CreateAccessMethod();
        else if (Accept(Keyword.Assertion))
            CreateAssertion(start);
        else if (Accept(Keyword.Cast))
            CreateCast();
        else if (Accept(Keyword.Collation))
            CreateCollation();
        else if (At(Keyword.Conversion) || At(Keyword.Default))
            CreateConversion();
        else if (Accept(Keyword.Database))
            CreateDatabase();
        else if (AcceptPair(Keyword.Event, Keyword.Trigger))
            CreateEventTrigger();
        else if (AcceptPair(Keyword.Foreign, Keyword.Data))
            CreateForeignDataWrapper();
        else if (Accept(Keyword.Operator))
            CreateOperator();
        else if (Accept(Keyword.Publication))
            CreatePublication();
        else if (Accept(Keyword.Server))
            CreateServer();
        else if (Accept(Keyword.Statistics))
            CreateStatistics();
        else if (Accept(Keyword.Subscription))
            CreateSubscription();
        else if (Accept(Keyword.Tablespace))
            CreateTablespace();
        else if (AcceptPair(Keyword.Text, Keyword.Search))
            CreateTextSearch();
        else if (AcceptPair(Keyword.User, Keyword.Mapping))
            CreateUserMapping();
        else
            throw UnexpectedKind();
        return OtherFrom(start);
    }

    // The first word of a kind that has two: the error is at the second.
    private SqlSyntaxException UnexpectedKind()
    {
        if (At(Keyword.Access) || At(Keyword.Event) || At(Keyword.Foreign) || At(Keyword.Large) || At(Keyword.Text))
            Advance();
        return Unexpected();
    }

    private void CreateAggregate()
    {
        FunctionName();
        // The old style has its definition where the arguments stand: (basetype = …).
        if (PeekIs(2, TokenKind.Equals) && PeekIs(1, TokenKind.Identifier))
        {
            Definition();
            return;
        }
        AggregateSignature();
        Definition();
    }

    // TRANSFORM FOR type LANGUAGE l (FROM SQL WITH FUNCTION f, TO SQL WITH FUNCTION g)
    private void CreateTransform()
    {
        TypeName();
        Expect(Keyword.Language);
        ColumnId();
        Expect(TokenKind.OpenParen);
        var hasFrom = At(Keyword.From);
        TransformElement(hasFrom);
        if (Accept(TokenKind.Comma))
            TransformElement(!hasFrom);
        Expect(TokenKind.CloseParen);
    }

    private void TransformElement(bool isFrom)
    {
        Expect(isFrom ? Keyword.From : Keyword.To);
        Expect(Keyword.Sql);
        Expect(Keyword.With);
        Expect(Keyword.Function);
        RoutineName(out _);
    }

    private void CreateLanguage()
    {
        Accept(Keyword.Trusted);
        Accept(Keyword.Procedural);
        Expect(Keyword.Language);
        ColumnId();
        if (!Accept(Keyword.Handler))
            return;
        AnyName();
        if (Accept(Keyword.Inline))
            AnyName();
        if (Accept(Keyword.Validator))
            AnyName();
        else if (Accept(Keyword.No))
            Expect(Keyword.Validator);
    }

    private void CreateAccessMethod()
    {
        ColumnId();
        Expect(Keyword.Type);
        if (!Accept(Keyword.Index))
            Expect(Keyword.Table);
        Expect(Keyword.Handler);
        AnyName();
    }

    private void CreateAssertion(int start)
    {
        AnyName();
        Expect(Keyword.Check);
        ExpressionInParentheses();
        TableConstraintAttributes();
        throw ErrorAt(start, "CREATE ASSERTION is not yet implemented");
    }

    private void CreateCast()
    {
        CastTarget();
        var isWithout = Accept(Keyword.Without);
        if (!isWithout)
            Expect(Keyword.With);
        if (isWithout || !Accept(Keyword.Inout))
        {
            Expect(Keyword.Function);
            if (!isWithout)
                RoutineName(out _);
        }
        if (!Accept(Keyword.As))
            return;
        if (!Accept(Keyword.Implicit))
            Expect(Keyword.Assignment);
    }

    private void CreateCollation()
    {
        AcceptIfNotExists();
        AnyName();
        if (Accept(Keyword.From))
            AnyName();
        else
            Definition();
    }

    private void CreateConversion()
    {
        Accept(Keyword.Default);
        Expect(Keyword.Conversion);
        AnyName();
        Expect(Keyword.For);
        StringLiteral();
        Expect(Keyword.To);
        StringLiteral();
        Expect(Keyword.From);
        AnyName();
    }

    private void CreateDatabase()
    {
        ColumnId();
        Accept(Keyword.With);
        DatabaseOptions();
    }

    // gram.y createdb_opt_items.
    private void DatabaseOptions()
    {
        while (At(TokenKind.Identifier) || At(Keyword.Connection) || At(Keyword.Encoding) || At(Keyword.Location) || At(Keyword.Owner) || At(Keyword.Tablespace) || At(Keyword.Template))
        {
            if (Accept(Keyword.Connection))
                Expect(Keyword.Limit);
            else
                Advance();
            Accept(TokenKind.Equals);
            if (AtNumber())
                SignedNumber();
            else if (!Accept(Keyword.Default))
                BooleanOrString();
        }
    }

    private void CreateEventTrigger()
    {
        ColumnId();
        Expect(Keyword.On);
        Label();
        if (Accept(Keyword.When))
        {
            do
            {
                ColumnId();
                Expect(Keyword.In);
                Expect(TokenKind.OpenParen);
                CommaList(static parser => parser.StringLiteral());
                Expect(TokenKind.CloseParen);
            }
            while (Accept(Keyword.And));
        }
        Expect(Keyword.Execute);
        if (!Accept(Keyword.Procedure))
            Expect(Keyword.Function);
        FunctionName();
        Expect(TokenKind.OpenParen);
        Expect(TokenKind.CloseParen);
    }

    // FOREIGN DATA is behind.
    private void CreateForeignDataWrapper()
    {
        Expect(Keyword.Wrapper);
        ColumnId();
        WrapperOptions();
        GenericOptions();
    }

    private bool WrapperOptions()
    {
        var hasOptions = false;
        while (At(Keyword.Handler) || At(Keyword.Validator) || At(Keyword.No))
        {
            hasOptions = true;
            if (!Accept(Keyword.No))
            {
                Advance();
                AnyName();
                continue;
            }
            if (!Accept(Keyword.Handler))
                Expect(Keyword.Validator);
        }
        return hasOptions;
    }

    private void CreateOperator()
    {
        if (Accept(Keyword.Class))
        {
            AnyName();
            Accept(Keyword.Default);
            Expect(Keyword.For);
            Expect(Keyword.Type);
            TypeName();
            Expect(Keyword.Using);
            ColumnId();
            if (Accept(Keyword.Family))
                AnyName();
            Expect(Keyword.As);
            OperatorClassItems();
        }
        else if (Accept(Keyword.Family))
        {
            AnyName();
            Expect(Keyword.Using);
            ColumnId();
        }
        else
        {
            AnyOperator();
            Definition();
        }
    }

    // gram.y opclass_item_list.
    private void OperatorClassItems()
    {
        do
        {
            if (Accept(Keyword.Storage))
            {
                TypeName();
            }
            else if (Accept(Keyword.Function))
            {
                IntegerLiteral();
                if (At(TokenKind.OpenParen))
                    TypesInParentheses();
                RoutineName(out _);
            }
            else
            {
                Expect(Keyword.Operator);
                IntegerLiteral();
                AnyOperator();
                if (At(TokenKind.OpenParen))
                    OperatorSignature();
                if (!Accept(Keyword.For))
                    continue;
                if (Accept(Keyword.Search))
                    continue;
                Expect(Keyword.Order);
                Expect(Keyword.By);
                AnyName();
            }
        }
        while (Accept(TokenKind.Comma));
    }

    private void TypesInParentheses()
    {
        Expect(TokenKind.OpenParen);
        CommaList(static parser => parser.TypeName());
        Expect(TokenKind.CloseParen);
    }

    private void OptionalDefinition()
    {
        if (!At(Keyword.With))
            return;
        Advance();
        Definition();
    }

    private void CreatePublication()
    {
        ColumnId();
        if (Accept(Keyword.For))
        {
            if (Accept(Keyword.All))
                Expect(Keyword.Tables);
            else
                PublicationObjects();
        }
        OptionalDefinition();
    }

    private enum PublicationObject
    {
        None,
        Table,
        Schema,
    }

    // gram.y pub_obj_list and preprocess_pubobj_list: an object without a keyword is of the kind of the one before it.
    private void PublicationObjects()
    {
        var previous = PublicationObject.None;
        SqlSyntaxException? error = null;
        do
        {
            var start = Start;
            var kind = previous;
            if (Accept(Keyword.Table))
            {
                kind = PublicationObject.Table;
                RelationExpression(out _);
                PublicationFilter(out _, out _);
            }
            else if (At(Keyword.Tables) && PeekIs(1, Keyword.In))
            {
                Advance();
                Advance();
                Expect(Keyword.Schema);
                kind = PublicationObject.Schema;
                if (!Accept(Keyword.CurrentSchema))
                    ColumnId();
            }
            else if (Accept(Keyword.CurrentSchema))
            {
                if (previous == PublicationObject.Table)
                    error ??= ErrorAt(start, "invalid table name");
            }
            else
            {
                var isExtended = At(Keyword.Only) || PeekIs(1, TokenKind.Star);
                var name = RelationExpression(out _);
                PublicationFilter(out var hasColumns, out var hasCondition);
                if (previous == PublicationObject.Schema && hasCondition)
                    error ??= ErrorAt(start, "WHERE clause not allowed for schema");
                else if (previous == PublicationObject.Schema && hasColumns)
                    error ??= ErrorAt(start, "column specification not allowed for schema");
                else if (previous == PublicationObject.Schema && (isExtended || name.PartCount > 1))
                    error ??= ErrorAt(start, "invalid schema name");
            }
            if (kind == PublicationObject.None)
                error ??= ErrorAt(start, "invalid publication object list");
            previous = kind;
        }
        while (Accept(TokenKind.Comma));
        if (error is not null)
            throw error;
    }

    private void PublicationFilter(out bool hasColumns, out bool hasCondition)
    {
        hasColumns = OptionalColumnList().Length > 0;
        hasCondition = Accept(Keyword.Where);
        if (hasCondition)
            ExpressionInParentheses();
    }

    private void CreateServer()
    {
        AcceptIfNotExists();
        ColumnId();
        if (Accept(Keyword.Type))
            StringLiteral();
        ServerVersion();
        Expect(Keyword.Foreign);
        Expect(Keyword.Data);
        Expect(Keyword.Wrapper);
        ColumnId();
        GenericOptions();
    }

    private bool ServerVersion()
    {
        if (!Accept(Keyword.Version))
            return false;
        if (!Accept(Keyword.Null))
            StringLiteral();
        return true;
    }

    private void CreateStatistics()
    {
        if (AcceptIfNotExists() || (!At(Keyword.On) && !At(TokenKind.OpenParen)))
            AnyName();
        if (At(TokenKind.OpenParen))
            ColumnList();
        Expect(Keyword.On);
        CommaList(static parser => parser.IndexedValue().Expression);
        Expect(Keyword.From);
        CommaList(static parser => parser.TableReference());
    }

    private void CreateSubscription()
    {
        ColumnId();
        Expect(Keyword.Connection);
        StringLiteral();
        Expect(Keyword.Publication);
        CommaList(static parser => parser.ColumnId());
        OptionalDefinition();
    }

    private void CreateTablespace()
    {
        ColumnId();
        if (Accept(Keyword.Owner))
            RoleSpecification();
        Expect(Keyword.Location);
        StringLiteral();
        OptionalStorageOptions();
    }

    private void CreateTextSearch()
    {
        TextSearchKind();
        AnyName();
        Definition();
    }

    private void CreateUserMapping()
    {
        AcceptIfNotExists();
        UserMappingTarget();
        GenericOptions();
    }

    // CREATE [OR REPLACE] RULE name AS ON event TO table [WHERE e] DO [ALSO|INSTEAD] NOTHING | action | (action; …)
    private OtherStatement CreateRule(int start)
    {
        Advance();
        ColumnId();
        Expect(Keyword.As);
        Expect(Keyword.On);
        if (!Accept(Keyword.Select) && !Accept(Keyword.Update) && !Accept(Keyword.Delete))
            Expect(Keyword.Insert);
        Expect(Keyword.To);
        QualifiedName();
        if (Accept(Keyword.Where))
            Expression();
        Expect(Keyword.Do);
        if (!Accept(Keyword.Instead))
            Accept(Keyword.Also);
        if (Accept(Keyword.Nothing))
            return OtherFrom(start);
        if (!At(TokenKind.OpenParen) || IsQueryInParentheses() && !HasSemicolonInParentheses())
        {
            RuleAction();
            return OtherFrom(start);
        }
        Advance();
        while (!At(TokenKind.CloseParen))
        {
            if (Accept(TokenKind.Semicolon))
                continue;
            RuleAction();
            if (!At(TokenKind.CloseParen))
                Expect(TokenKind.Semicolon);
        }
        Advance();
        return OtherFrom(start);
    }

    private bool HasSemicolonInParentheses()
    {
        var depth = 0;
        for (var index = Position; index < _count; index++)
        {
            switch (KindAt(index))
            {
                case TokenKind.OpenParen:
                    depth++;
                    break;
                case TokenKind.CloseParen when --depth == 0:
                    return false;
                case TokenKind.Semicolon when depth == 1:
                    return true;
            }
        }
        return false;
    }

    private void RuleAction()
    {
        if (At(Keyword.Notify))
            Notify();
        else
            PreparableStatement();
    }
}
