using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql.Parsing;

/// <content>ALTER of objects that the tree keeps as text, and the utility statements, read by their grammar so that errors are found.</content>
internal sealed partial class SqlStatementParser
{
    // Behind the object's name, where neither RENAME, OWNER TO nor SET SCHEMA stands.
    private OtherStatement AlterOther(int start, ObjectKind kind)
    {
        switch (kind)
        {
            case ObjectKind.Extension:
                AlterExtension();
                break;
            case ObjectKind.ForeignDataWrapper:
                if (!WrapperOptions() || At(Keyword.Options))
                    AlterGenericOptions();
                break;
            case ObjectKind.ForeignServer:
                if (!ServerVersion() || At(Keyword.Options))
                    AlterGenericOptions();
                break;
            case ObjectKind.Collation:
                Expect(Keyword.Refresh);
                Expect(Keyword.Version);
                break;
            case ObjectKind.Statistics:
                Expect(Keyword.Set);
                Expect(Keyword.Statistics);
                StatisticsTarget();
                break;
            case ObjectKind.EventTrigger:
                if (Accept(Keyword.Enable))
                    _ = Accept(Keyword.Replica) || Accept(Keyword.Always);
                else
                    Expect(Keyword.Disable);
                break;
            case ObjectKind.Operator:
                Expect(Keyword.Set);
                Definition();
                break;
            case ObjectKind.OperatorFamily:
                AlterOperatorFamily();
                break;
            case ObjectKind.Publication:
                AlterPublication();
                break;
            case ObjectKind.Subscription:
                AlterSubscription();
                break;
            case ObjectKind.Tablespace:
                if (!Accept(Keyword.Set))
                    Expect(Keyword.Reset);
                StorageOptions();
                break;
            case ObjectKind.TextSearchDictionary:
                Definition();
                break;
            case ObjectKind.TextSearchConfiguration:
                AlterTextSearchConfiguration();
                break;
            case ObjectKind.Trigger:
                DependsOnExtension();
                break;
            case ObjectKind.Database:
                AlterDatabase();
                break;
            default:
                throw Unexpected();
        }
        return OtherFrom(start);
    }

    // [NO] DEPENDS ON EXTENSION name
    private void DependsOnExtension()
    {
        Accept(Keyword.No);
        Expect(Keyword.Depends);
        Expect(Keyword.On);
        Expect(Keyword.Extension);
        ColumnId();
    }

    private OtherStatement DependsOnExtension(int start)
    {
        DependsOnExtension();
        return OtherFrom(start);
    }

    private void AlterExtension()
    {
        if (Accept(Keyword.Update))
        {
            while (Accept(Keyword.To))
                WordOrString();
            return;
        }
        if (!Accept(Keyword.Add))
            Expect(Keyword.Drop);
        if (ObjectKeywords() is not { } kind || kind is ObjectKind.Column or ObjectKind.Constraint or ObjectKind.LargeObject or ObjectKind.UserMapping)
            throw Unexpected();
        CommentTarget(ref kind);
    }

    private void AlterOperatorFamily()
    {
        if (Accept(Keyword.Add))
        {
            OperatorClassItems();
            return;
        }
        Expect(Keyword.Drop);
        do
        {
            if (!Accept(Keyword.Function))
                Expect(Keyword.Operator);
            IntegerLiteral();
            TypesInParentheses();
        }
        while (Accept(TokenKind.Comma));
    }

    private void AlterPublication()
    {
        if (Accept(Keyword.Set))
        {
            if (At(TokenKind.OpenParen))
            {
                Definition();
                return;
            }
        }
        else if (!Accept(Keyword.Add))
        {
            Expect(Keyword.Drop);
        }
        PublicationObjects();
    }

    private void AlterSubscription()
    {
        if (Accept(Keyword.Enable) || Accept(Keyword.Disable))
            return;
        if (Accept(Keyword.Connection))
        {
            StringLiteral();
            return;
        }
        if (Accept(Keyword.Skip))
        {
            Definition();
            return;
        }
        if (Accept(Keyword.Refresh))
        {
            Expect(Keyword.Publication);
            OptionalDefinition();
            return;
        }
        if (At(Keyword.Set) && PeekIs(1, TokenKind.OpenParen))
        {
            Advance();
            Definition();
            return;
        }
        if (!Accept(Keyword.Set) && !Accept(Keyword.Add))
            Expect(Keyword.Drop);
        Expect(Keyword.Publication);
        CommaList(static parser => parser.ColumnId());
        OptionalDefinition();
    }

    private void AlterTextSearchConfiguration()
    {
        if (Accept(Keyword.Drop))
        {
            Expect(Keyword.Mapping);
            AcceptIfExists();
            Expect(Keyword.For);
            CommaList(static parser => parser.ColumnId());
            return;
        }
        var isAlter = Accept(Keyword.Alter);
        if (!isAlter)
            Expect(Keyword.Add);
        Expect(Keyword.Mapping);
        if (!isAlter || At(Keyword.For))
        {
            Expect(Keyword.For);
            CommaList(static parser => parser.ColumnId());
        }
        if (isAlter && Accept(Keyword.Replace))
        {
            AnyName();
            Expect(Keyword.With);
            AnyName();
            return;
        }
        Expect(Keyword.With);
        CommaList(static parser => parser.AnyName());
    }

    private void AlterDatabase()
    {
        if (Accept(Keyword.Refresh))
        {
            Expect(Keyword.Collation);
            Expect(Keyword.Version);
            return;
        }
        if (Accept(Keyword.Set))
        {
            Expect(Keyword.Tablespace);
            ColumnId();
            return;
        }
        Accept(Keyword.With);
        DatabaseOptions();
    }

    // ALTER SYSTEM SET … | RESET …; the cursor stands at SYSTEM.
    private OtherStatement AlterSystem(int start)
    {
        Advance();
        if (At(Keyword.Reset))
        {
            ParseReset();
            return OtherFrom(start);
        }
        Expect(Keyword.Set);
        SettingName();
        if (!Accept(Keyword.To))
            Expect(TokenKind.Equals);
        if (!Accept(Keyword.Default))
            CommaList(static parser => parser.SettingValue());
        return OtherFrom(start);
    }

    // ALTER TABLE ALL IN TABLESPACE t [OWNED BY roles] SET TABLESPACE u [NOWAIT]; the cursor stands at ALL.
    private OtherStatement AlterAllInTablespace(int start)
    {
        Advance();
        Expect(Keyword.In);
        Expect(Keyword.Tablespace);
        ColumnId();
        if (Accept(Keyword.Owned))
        {
            Expect(Keyword.By);
            RoleList();
        }
        Expect(Keyword.Set);
        Expect(Keyword.Tablespace);
        ColumnId();
        Accept(Keyword.Nowait);
        return OtherFrom(start);
    }

    // ALTER USER MAPPING FOR user SERVER s OPTIONS (…); the cursor stands behind MAPPING.
    private OtherStatement AlterUserMapping(int start)
    {
        UserMappingTarget();
        AlterGenericOptions();
        return OtherFrom(start);
    }

    // Statements that no catalog object comes of. Null where the cursor's word begins none of them.
    private OtherStatement Utility()
    {
        var start = Start;
        var keyword = _tokens[Position].Keyword;
        Advance();
        switch (keyword)
        {
            case Keyword.Analyze or Keyword.Analyse:
                AnalyzeOrVacuum(isVacuum: false);
                break;
            case Keyword.Vacuum:
                AnalyzeOrVacuum(isVacuum: true);
                break;
            case Keyword.Checkpoint:
                break;
            case Keyword.Close:
                if (!Accept(Keyword.All))
                    ColumnId();
                break;
            case Keyword.Cluster:
                Cluster();
                break;
            case Keyword.Discard:
                if (!Accept(Keyword.All) && !Accept(Keyword.Temp) && !Accept(Keyword.Temporary) && !Accept(Keyword.Plans))
                    Expect(Keyword.Sequences);
                break;
            case Keyword.Fetch or Keyword.Move:
                Fetch();
                break;
            case Keyword.Import:
                ImportForeignSchema();
                break;
            case Keyword.Listen:
                ColumnId();
                break;
            case Keyword.Unlisten:
                if (!Accept(TokenKind.Star))
                    ColumnId();
                break;
            case Keyword.Load:
                StringLiteral();
                break;
            case Keyword.Notify:
                Position--;
                Notify();
                break;
            case Keyword.Reindex:
                Reindex();
                break;
            default:
                SecurityLabel();
                break;
        }
        return OtherFrom(start);
    }

    private void Notify()
    {
        Expect(Keyword.Notify);
        ColumnId();
        if (Accept(TokenKind.Comma))
            StringLiteral();
    }

    private void UtilityOptions()
    {
        Expect(TokenKind.OpenParen);
        CommaList(static parser => parser.UtilityOption());
        Expect(TokenKind.CloseParen);
    }

    private void AnalyzeOrVacuum(bool isVacuum)
    {
        if (At(TokenKind.OpenParen))
        {
            UtilityOptions();
        }
        else if (isVacuum)
        {
            Accept(Keyword.Full);
            Accept(Keyword.Freeze);
            Accept(Keyword.Verbose);
            if (!Accept(Keyword.Analyze))
                Accept(Keyword.Analyse);
        }
        else
        {
            Accept(Keyword.Verbose);
        }
        if (!AtColumnId() && !At(Keyword.Only))
            return;
        do
        {
            RelationExpression(out _);
            OptionalColumnList();
        }
        while (Accept(TokenKind.Comma));
    }

    private void Cluster()
    {
        if (At(TokenKind.OpenParen))
            UtilityOptions();
        else
            Accept(Keyword.Verbose);
        if (!AtColumnId())
            return;
        QualifiedName();
        if (Accept(Keyword.On))
            QualifiedName();
        else if (Accept(Keyword.Using))
            ColumnId();
    }

    // gram.y fetch_args.
    private void Fetch()
    {
        if (At(TokenKind.Integer) || At(TokenKind.Plus) || At(TokenKind.Minus))
        {
            SignedInteger();
        }
        else if (Accept(Keyword.All))
        {
        }
        else if ((At(Keyword.Absolute) || At(Keyword.Relative)) && KindAt(Position + 1) is TokenKind.Integer or TokenKind.Plus or TokenKind.Minus)
        {
            Advance();
            SignedInteger();
        }
        else if ((At(Keyword.Forward) || At(Keyword.Backward)) && IsFetchDirection())
        {
            Advance();
            if (AtNumber())
                SignedInteger();
            else
                Accept(Keyword.All);
        }
        else if ((At(Keyword.Next) || At(Keyword.Prior) || At(Keyword.First) || At(Keyword.Last)) && IsFetchDirection())
        {
            Advance();
        }
        if (!Accept(Keyword.From))
            Accept(Keyword.In);
        ColumnId();
    }

    // A direction's word may also be the cursor's name.
    private bool IsFetchDirection() => KindAt(Position + 1) is not (TokenKind.Semicolon or TokenKind.End or TokenKind.Backslash);

    private void ImportForeignSchema()
    {
        Expect(Keyword.Foreign);
        Expect(Keyword.Schema);
        ColumnId();
        if (Accept(Keyword.Except) || AcceptPair(Keyword.Limit, Keyword.To))
        {
            Expect(TokenKind.OpenParen);
            CommaList(static parser => parser.RelationOnly());
            Expect(TokenKind.CloseParen);
        }
        Expect(Keyword.From);
        Expect(Keyword.Server);
        ColumnId();
        Expect(Keyword.Into);
        ColumnId();
        GenericOptions();
    }

    private void Reindex()
    {
        if (At(TokenKind.OpenParen))
            UtilityOptions();
        if (Accept(Keyword.Index) || Accept(Keyword.Table))
        {
            Accept(Keyword.Concurrently);
            QualifiedName();
            return;
        }
        if (Accept(Keyword.Schema))
        {
            Accept(Keyword.Concurrently);
            ColumnId();
            return;
        }
        if (!Accept(Keyword.System))
            Expect(Keyword.Database);
        Accept(Keyword.Concurrently);
        if (AtColumnId())
            ColumnId();
    }

    // SECURITY LABEL [FOR provider] ON object IS 'label'|NULL; the cursor stands behind SECURITY.
    private void SecurityLabel()
    {
        Expect(Keyword.Label);
        if (Accept(Keyword.For))
            WordOrString();
        Expect(Keyword.On);
        if (ObjectKeywords() is not { } kind)
            throw Unexpected();
        CommentTarget(ref kind);
        Expect(Keyword.Is);
        if (!Accept(Keyword.Null))
            StringLiteral();
    }
}
