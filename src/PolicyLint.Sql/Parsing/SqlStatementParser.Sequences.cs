using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql.Parsing;

/// <content>Sequences, extensions, schemas, types, domains.</content>
internal sealed partial class SqlStatementParser
{
    // The cursor stands after CREATE [TEMP] SEQUENCE.
    private CreateSequenceStatement CreateSequence(int start, Persistence persistence)
    {
        var ifNotExists = AcceptIfNotExists();
        var sequence = QualifiedName();
        var options = AtSequenceOption() ? SequenceOptions() : [];
        return new CreateSequenceStatement { Start = start, Persistence = persistence, IfNotExists = ifNotExists, Sequence = sequence, Options = options, End = LastEnd };
    }

    private OptionItem[] ParenthesizedSequenceOptions()
    {
        if (!Accept(TokenKind.OpenParen))
            return [];
        var options = SequenceOptions();
        Expect(TokenKind.CloseParen);
        return options;
    }

    private OptionItem[] SequenceOptions()
    {
        var options = new List<OptionItem>();
        do
            options.Add(SequenceOption());
        while (AtSequenceOption());
        return [.. options];
    }

    private bool AtSequenceOption() => IsSequenceOption(0);

    private bool IsSequenceOption(int ahead) =>
        PeekIs(ahead, Keyword.As) || PeekIs(ahead, Keyword.Cache) || PeekIs(ahead, Keyword.Cycle) || PeekIs(ahead, Keyword.Increment) || PeekIs(ahead, Keyword.Maxvalue)
        || PeekIs(ahead, Keyword.Minvalue) || PeekIs(ahead, Keyword.Start) || PeekIs(ahead, Keyword.Restart) || PeekIs(ahead, Keyword.Sequence)
        || (PeekIs(ahead, Keyword.Owned) && PeekIs(ahead + 1, Keyword.By)) || (PeekIs(ahead, Keyword.Logged) && ahead == 0) || (PeekIs(ahead, Keyword.Unlogged) && ahead == 0)
        || (PeekIs(ahead, Keyword.No) && (PeekIs(ahead + 1, Keyword.Cycle) || PeekIs(ahead + 1, Keyword.Maxvalue) || PeekIs(ahead + 1, Keyword.Minvalue)));

    // gram.y SeqOptElem. Named as PostgreSQL's tree names them; NO MAXVALUE has no value, NO CYCLE the value FALSE.
    private OptionItem SequenceOption()
    {
        var start = Start;
        if (At(Keyword.As))
        {
            var name = Label();
            return new OptionItem { Start = start, Name = name, Type = SimpleTypeName(), End = LastEnd };
        }
        if (Accept(Keyword.No))
        {
            var isCycle = At(Keyword.Cycle);
            if (!isCycle && !At(Keyword.Maxvalue) && !At(Keyword.Minvalue))
                throw Unexpected();
            var name = Label();
            var value = isCycle ? new Literal { Start = start, Kind = LiteralKind.False, Source = Source, End = start + 2 } : null;
            return new OptionItem { Start = start, Name = name, Value = value, End = LastEnd };
        }
        if (At(Keyword.Cycle) || At(Keyword.Logged) || At(Keyword.Unlogged))
        {
            var name = Label();
            return new OptionItem { Start = start, Name = name, End = LastEnd };
        }
        if (At(Keyword.Owned) || At(Keyword.Sequence))
        {
            var isOwned = At(Keyword.Owned);
            Advance();
            Expect(isOwned ? Keyword.By : Keyword.Name);
            var name = new Name(isOwned ? "owned_by" : "sequence_name", start, LastEnd - start);
            return new OptionItem { Start = start, Name = name, Value = NameAsExpression(), End = LastEnd };
        }
        if (At(Keyword.Restart) || At(Keyword.Start))
        {
            var isStart = At(Keyword.Start);
            var name = Label();
            var hasWith = Accept(Keyword.With);
            var value = isStart || hasWith || AtNumber() ? SignedNumber() : null;
            return new OptionItem { Start = start, Name = name, Value = value, End = LastEnd };
        }
        if (At(Keyword.Increment))
        {
            var name = Label();
            Accept(Keyword.By);
            return new OptionItem { Start = start, Name = name, Value = SignedNumber(), End = LastEnd };
        }
        if (!At(Keyword.Cache) && !At(Keyword.Maxvalue) && !At(Keyword.Minvalue))
            throw Unexpected();
        var option = Label();
        return new OptionItem { Start = start, Name = option, Value = SignedNumber(), End = LastEnd };
    }

    private ColumnReference NameAsExpression()
    {
        var start = Start;
        return new ColumnReference { Start = start, Name = AnyName(), End = LastEnd };
    }

    // CREATE SCHEMA [IF NOT EXISTS] [name] [AUTHORIZATION role] [elements]
    private CreateSchemaStatement CreateSchema(int start)
    {
        var ifNotExists = AcceptIfNotExists();
        Name name = default;
        RoleSpecification? owner = null;
        if (!At(Keyword.Authorization))
            name = ColumnId();
        if (Accept(Keyword.Authorization))
            owner = RoleSpecification();
        var elements = new List<Statement>();
        while (At(Keyword.Create) || At(Keyword.Grant))
        {
            if (ifNotExists)
                throw ErrorHere("CREATE SCHEMA IF NOT EXISTS cannot include schema elements");
            elements.Add(SchemaElement());
        }
        return new CreateSchemaStatement { Start = start, IfNotExists = ifNotExists, Name = name, Owner = owner, Elements = [.. elements], End = LastEnd };
    }

    // gram.y schema_stmt: tables, indexes, sequences, triggers, grants and views only.
    private Statement SchemaElement()
    {
        if (At(Keyword.Grant))
            return ParseGrant();
        var ahead = 1;
        while (PeekIs(ahead, Keyword.Or) || PeekIs(ahead, Keyword.Replace) || PeekIs(ahead, Keyword.Temp) || PeekIs(ahead, Keyword.Temporary) || PeekIs(ahead, Keyword.Local)
            || PeekIs(ahead, Keyword.Global) || PeekIs(ahead, Keyword.Unlogged) || PeekIs(ahead, Keyword.Unique) || PeekIs(ahead, Keyword.Constraint) || PeekIs(ahead, Keyword.Recursive))
            ahead++;
        if (PeekIs(ahead, Keyword.Table) || PeekIs(ahead, Keyword.Index) || PeekIs(ahead, Keyword.Sequence) || PeekIs(ahead, Keyword.Trigger) || PeekIs(ahead, Keyword.View))
            return ParseCreate();
        while (ahead-- > 0)
            Advance();
        throw Unexpected();
    }

    // CREATE EXTENSION [IF NOT EXISTS] name [WITH] [SCHEMA s] [VERSION v] [CASCADE]
    private CreateExtensionStatement CreateExtension(int start)
    {
        var ifNotExists = AcceptIfNotExists();
        var name = ColumnId();
        Accept(Keyword.With);
        Name schema = default;
        Expression? version = null;
        var isCascade = false;
        while (true)
        {
            var optionStart = Start;
            if (Accept(Keyword.Schema))
            {
                schema = ColumnId();
            }
            else if (Accept(Keyword.Version))
            {
                version = WordOrString();
            }
            else if (Accept(Keyword.Cascade))
            {
                isCascade = true;
            }
            else if (Accept(Keyword.From))
            {
                WordOrString();
                throw ErrorAt(optionStart, "CREATE EXTENSION ... FROM is no longer supported");
            }
            else
            {
                break;
            }
        }
        return new CreateExtensionStatement
        {
            Start = start, IfNotExists = ifNotExists, Name = name, Schema = schema, Version = version, IsCascade = isCascade, End = LastEnd,
        };
    }

    private Expression WordOrString()
    {
        if (At(TokenKind.String))
            return StringLiteral();
        var start = Start;
        return new ColumnReference { Start = start, Name = new(NonReservedWord()), End = LastEnd };
    }

    // CREATE TYPE name [AS ENUM (…) | AS RANGE (…) | AS (…)]; shell and base types are kept as text.
    private Statement CreateType(int start)
    {
        var type = AnyName();
        if (!Accept(Keyword.As))
        {
            if (At(TokenKind.OpenParen))
                Definition();
            return OtherFrom(start);
        }
        if (Accept(Keyword.Enum))
        {
            Expect(TokenKind.OpenParen);
            Literal[] labels = At(TokenKind.CloseParen) ? [] : CommaList(static parser => parser.StringLiteral());
            Expect(TokenKind.CloseParen);
            return new CreateEnumStatement { Start = start, Type = type, Labels = labels, End = LastEnd };
        }
        if (Accept(Keyword.Range))
            return new CreateRangeTypeStatement { Start = start, Type = type, Options = Definition(), End = LastEnd };
        Expect(TokenKind.OpenParen);
        ColumnDefinition[] attributes = At(TokenKind.CloseParen) ? [] : CommaList(static parser => parser.AttributeDefinition());
        Expect(TokenKind.CloseParen);
        return new CreateCompositeTypeStatement { Start = start, Type = type, Attributes = attributes, End = LastEnd };
    }

    // The cursor stands after ALTER TYPE.
    private Statement AlterType(int start)
    {
        var type = AnyName();
        if (Accept(Keyword.Rename))
            return RenameType(start, type);
        if (Accept(Keyword.Owner))
            return OwnerTo(start, ObjectKind.Type, type, null, default);
        if (At(Keyword.Set) && PeekIs(1, Keyword.Schema))
            return SetSchema(start, ObjectKind.Type, type, null, default);
        if (Accept(Keyword.Set))
        {
            Definition();
            return OtherFrom(start);
        }
        if (At(Keyword.Add) && PeekIs(1, Keyword.Value))
        {
            Advance();
            Advance();
            return AddEnumValue(start, type);
        }
        if (At(Keyword.Drop) && PeekIs(1, Keyword.Value))
        {
            Advance();
            Advance();
            var at = Start;
            StringLiteral();
            throw ErrorAt(at - 0, "dropping an enum value is not implemented");
        }
        var actions = CommaList(static parser => parser.AttributeAction());
        return new AlterTableStatement { Start = start, Kind = RelationKind.CompositeType, Table = type, Actions = actions, End = LastEnd };
    }

    private Statement RenameType(int start, ObjectName type)
    {
        if (Accept(Keyword.Value))
        {
            var oldLabel = StringLiteral();
            Expect(Keyword.To);
            var newLabel = StringLiteral();
            return new AlterEnumStatement { Start = start, Type = type, OldLabel = oldLabel, NewLabel = newLabel, End = LastEnd };
        }
        var part = RenamedPart.Object;
        Name oldName = default;
        if (Accept(Keyword.Attribute))
        {
            part = RenamedPart.Attribute;
            oldName = ColumnId();
        }
        Expect(Keyword.To);
        var newName = ColumnId();
        var behavior = part == RenamedPart.Attribute ? DropBehavior() : default;
        return new RenameStatement { Start = start, Kind = ObjectKind.Type, Object = type, Part = part, OldName = oldName, NewName = newName, Behavior = behavior, End = LastEnd };
    }

    private AlterEnumStatement AddEnumValue(int start, ObjectName type)
    {
        var ifNotExists = AcceptIfNotExists();
        var label = StringLiteral();
        var isAfter = At(Keyword.After);
        Literal? neighbour = null;
        if (isAfter || At(Keyword.Before))
        {
            Advance();
            neighbour = StringLiteral();
        }
        return new AlterEnumStatement { Start = start, Type = type, NewLabel = label, IfNotExists = ifNotExists, Neighbour = neighbour, IsAfter = isAfter, End = LastEnd };
    }

    // CREATE DOMAIN name [AS] type constraints
    private CreateDomainStatement CreateDomain(int start)
    {
        var domain = AnyName();
        Accept(Keyword.As);
        var type = TypeName();
        var constraints = ColumnConstraints();
        return new CreateDomainStatement { Start = start, Domain = domain, Type = type, Constraints = constraints, End = LastEnd };
    }

    // The cursor stands after ALTER DOMAIN.
    private Statement AlterDomain(int start)
    {
        var domain = AnyName();
        if (Accept(Keyword.Rename))
        {
            var part = Accept(Keyword.Constraint) ? RenamedPart.Constraint : RenamedPart.Object;
            var oldName = part == RenamedPart.Constraint ? ColumnId() : default;
            Expect(Keyword.To);
            return new RenameStatement { Start = start, Kind = ObjectKind.Domain, Object = domain, Part = part, OldName = oldName, NewName = ColumnId(), End = LastEnd };
        }
        if (Accept(Keyword.Owner))
            return OwnerTo(start, ObjectKind.Domain, domain, null, default);
        if (At(Keyword.Set) && PeekIs(1, Keyword.Schema))
            return SetSchema(start, ObjectKind.Domain, domain, null, default);
        if (Accept(Keyword.Set))
        {
            if (Accept(Keyword.Default))
                return new AlterDomainStatement { Start = start, Domain = domain, Action = AlterDomainAction.SetDefault, Default = Expression(), End = LastEnd };
            Expect(Keyword.Not);
            Expect(Keyword.Null);
            return new AlterDomainStatement { Start = start, Domain = domain, Action = AlterDomainAction.SetNotNull, End = LastEnd };
        }
        if (Accept(Keyword.Add))
            return new AlterDomainStatement { Start = start, Domain = domain, Action = AlterDomainAction.AddConstraint, Constraint = DomainConstraint(), End = LastEnd };
        if (Accept(Keyword.Validate))
        {
            Expect(Keyword.Constraint);
            return new AlterDomainStatement { Start = start, Domain = domain, Action = AlterDomainAction.ValidateConstraint, ConstraintName = ColumnId(), End = LastEnd };
        }
        Expect(Keyword.Drop);
        if (Accept(Keyword.Default))
            return new AlterDomainStatement { Start = start, Domain = domain, Action = AlterDomainAction.DropDefault, End = LastEnd };
        if (Accept(Keyword.Not))
        {
            Expect(Keyword.Null);
            return new AlterDomainStatement { Start = start, Domain = domain, Action = AlterDomainAction.DropNotNull, End = LastEnd };
        }
        Expect(Keyword.Constraint);
        var ifExists = AcceptIfExists();
        var name = ColumnId();
        return new AlterDomainStatement
        {
            Start = start, Domain = domain, Action = AlterDomainAction.DropConstraint, IfExists = ifExists, ConstraintName = name, Behavior = DropBehavior(), End = LastEnd,
        };
    }
}
