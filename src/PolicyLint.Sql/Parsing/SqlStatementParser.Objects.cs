using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql.Parsing;

/// <content>What begins with CREATE, ALTER and DROP, and COMMENT ON: the statements that name objects of any kind.</content>
internal sealed partial class SqlStatementParser
{
    /// <summary>CREATE …: the kinds that the tree types; any other is kept as text.</summary>
    private Statement ParseCreate()
    {
        var start = Start;
        Expect(Keyword.Create);
        var orReplace = Accept(Keyword.Or);
        if (orReplace)
            Expect(Keyword.Replace);
        var persistence = Persistence();
        var isTemporary = persistence == Tree.Persistence.Temporary;
        if (!orReplace && Accept(Keyword.Table))
            return CreateTable(start, persistence, isForeign: false);
        if (persistence != Tree.Persistence.Unlogged && At(Keyword.Recursive) && PeekIs(1, Keyword.View))
        {
            Advance();
            Advance();
            return CreateView(start, orReplace, persistence, isRecursive: true);
        }
        if (persistence != Tree.Persistence.Unlogged && Accept(Keyword.View))
            return CreateView(start, orReplace, persistence, isRecursive: false);
        if (!orReplace && Accept(Keyword.Sequence))
            return CreateSequence(start, persistence);
        if (!orReplace && !isTemporary && Accept(Keyword.Materialized))
        {
            Expect(Keyword.View);
            return CreateMaterializedView(start, persistence);
        }
        if (persistence != Tree.Persistence.Permanent)
            throw Unexpected();
        if (At(Keyword.Function) || At(Keyword.Procedure))
        {
            var isProcedure = At(Keyword.Procedure);
            Advance();
            return CreateFunction(start, orReplace, isProcedure);
        }
        if (Accept(Keyword.Trigger))
            return CreateTrigger(start, orReplace, isConstraint: false);
        if (Accept(Keyword.Constraint))
        {
            Expect(Keyword.Trigger);
            return CreateTrigger(start, orReplace, isConstraint: true);
        }
        return orReplace ? CreateOther(start, orReplace: true) : CreateNamed(start);
    }

    private Statement CreateNamed(int start)
    {
        if (Accept(Keyword.Index))
            return CreateIndex(start, isUnique: false);
        if (Accept(Keyword.Unique))
        {
            Expect(Keyword.Index);
            return CreateIndex(start, isUnique: true);
        }
        if (Accept(Keyword.Policy))
            return CreatePolicy(start);
        if (Accept(Keyword.Schema))
            return CreateSchema(start);
        if (Accept(Keyword.Extension))
            return CreateExtension(start);
        if (Accept(Keyword.Type))
            return CreateType(start);
        if (Accept(Keyword.Domain))
            return CreateDomain(start);
        if (Accept(Keyword.Role))
            return CreateRole(start, RoleStatementKind.Role);
        if (Accept(Keyword.Group))
            return CreateRole(start, RoleStatementKind.Group);
        if (At(Keyword.User) && !PeekIs(1, Keyword.Mapping))
        {
            Advance();
            return CreateRole(start, RoleStatementKind.User);
        }
        if (AcceptPair(Keyword.Foreign, Keyword.Table))
            return CreateTable(start, Tree.Persistence.Permanent, isForeign: true);
        return CreateOther(start, orReplace: false);
    }

    private Persistence Persistence()
    {
        if (Accept(Keyword.Local) || Accept(Keyword.Global))
        {
            if (!Accept(Keyword.Temporary))
                Expect(Keyword.Temp);
            return Tree.Persistence.Temporary;
        }
        if (Accept(Keyword.Temporary) || Accept(Keyword.Temp))
            return Tree.Persistence.Temporary;
        return Accept(Keyword.Unlogged) ? Tree.Persistence.Unlogged : Tree.Persistence.Permanent;
    }

    /// <summary>ALTER …: as for CREATE.</summary>
    private Statement ParseAlter()
    {
        var start = Start;
        Expect(Keyword.Alter);
        if (Accept(Keyword.Table))
            return AlterRelation(start, RelationKind.Table);
        if (Accept(Keyword.Index))
            return AlterRelation(start, RelationKind.Index);
        if (Accept(Keyword.Sequence))
            return AlterRelation(start, RelationKind.Sequence);
        if (Accept(Keyword.View))
            return AlterRelation(start, RelationKind.View);
        if (Accept(Keyword.Materialized))
        {
            Expect(Keyword.View);
            return AlterRelation(start, RelationKind.MaterializedView);
        }
        if (AcceptPair(Keyword.Foreign, Keyword.Table))
            return AlterRelation(start, RelationKind.ForeignTable);
        if (Accept(Keyword.Policy))
            return AlterPolicy(start);
        if (Accept(Keyword.Type))
            return AlterType(start);
        if (Accept(Keyword.Domain))
            return AlterDomain(start);
        if (Accept(Keyword.Function))
            return AlterFunction(start, ObjectKind.Function);
        if (Accept(Keyword.Procedure))
            return AlterFunction(start, ObjectKind.Procedure);
        if (Accept(Keyword.Routine))
            return AlterFunction(start, ObjectKind.Routine);
        if (Accept(Keyword.Role))
            return AlterRole(start, RoleStatementKind.Role);
        if (Accept(Keyword.Group))
            return AlterRole(start, RoleStatementKind.Group);
        if (At(Keyword.User) && !PeekIs(1, Keyword.Mapping))
        {
            Advance();
            return AlterRole(start, RoleStatementKind.User);
        }
        if (Accept(Keyword.Default))
        {
            Expect(Keyword.Privileges);
            return AlterDefaultPrivileges(start);
        }
        if (At(Keyword.System))
            return AlterSystem(start);
        return AlterNamed(start);
    }

    // The other kinds of object: RENAME TO, SET SCHEMA and OWNER TO are typed for all of them.
    private Statement AlterNamed(int start)
    {
        var kind = ObjectKeywords();
        if (kind is null)
            throw UnexpectedKind();
        if (kind == ObjectKind.UserMapping)
            return AlterUserMapping(start);
        var name = ObjectOfKind(kind.Value, out var signature, out var on);
        if (At(Keyword.Rename) && kind is not (ObjectKind.Operator or ObjectKind.Extension or ObjectKind.LargeObject))
            return RenameTo(start, kind.Value, name, signature, on, ifExists: false);
        if (At(Keyword.Owner) && (kind != ObjectKind.Database || PeekIs(1, Keyword.To)) && kind is not (ObjectKind.Trigger or ObjectKind.Rule))
        {
            Advance();
            return OwnerTo(start, kind.Value, name, signature, on);
        }
        var hasSchemaOnly = kind is ObjectKind.Aggregate or ObjectKind.Collation or ObjectKind.Conversion or ObjectKind.Extension or ObjectKind.OperatorClass
            or ObjectKind.OperatorFamily or ObjectKind.TextSearchConfiguration or ObjectKind.TextSearchDictionary or ObjectKind.TextSearchParser or ObjectKind.TextSearchTemplate;
        if (At(Keyword.Set) && (hasSchemaOnly || PeekIs(1, Keyword.Schema)))
            return SetSchema(start, kind.Value, name, signature, on);
        if (kind == ObjectKind.Database && (At(Keyword.Reset) || (At(Keyword.Set) && !PeekIs(1, Keyword.Tablespace))) && SetResetClause() is SetStatement setting)
            return new AlterDatabaseSetStatement { Start = start, Database = name.Name, Setting = setting, End = LastEnd };
        return AlterOther(start, kind.Value);
    }

    private RenameStatement RenameTo(int start, ObjectKind kind, ObjectName name, FunctionSignature? signature, ObjectName on, bool ifExists)
    {
        Expect(Keyword.Rename);
        Expect(Keyword.To);
        return new RenameStatement
        {
            Start = start, Kind = kind, Object = name, Signature = signature, On = on, IfExists = ifExists, NewName = ColumnId(), End = LastEnd,
        };
    }

    private ChangeOwnerStatement OwnerTo(int start, ObjectKind kind, ObjectName name, FunctionSignature? signature, ObjectName on)
    {
        Expect(Keyword.To);
        return new ChangeOwnerStatement { Start = start, Kind = kind, Object = name, Signature = signature, On = on, Owner = RoleName(), End = LastEnd };
    }

    private SetSchemaStatement SetSchema(int start, ObjectKind kind, ObjectName name, FunctionSignature? signature, ObjectName on)
    {
        Expect(Keyword.Set);
        Expect(Keyword.Schema);
        return new SetSchemaStatement { Start = start, Kind = kind, Object = name, Signature = signature, On = on, Schema = ColumnId(), End = LastEnd };
    }

    // The keywords that name a kind of object after ALTER, DROP and COMMENT ON; null where none stands.
    private ObjectKind? ObjectKeywords()
    {
        if (RelationKeywords() is { } relation)
            return relation;
        if (AcceptPair(Keyword.Access, Keyword.Method))
            return ObjectKind.AccessMethod;
        if (AcceptPair(Keyword.Event, Keyword.Trigger))
            return ObjectKind.EventTrigger;
        if (AcceptPair(Keyword.Large, Keyword.Object))
            return ObjectKind.LargeObject;
        if (AcceptPair(Keyword.Operator, Keyword.Class))
            return ObjectKind.OperatorClass;
        if (AcceptPair(Keyword.Operator, Keyword.Family))
            return ObjectKind.OperatorFamily;
        if (AcceptPair(Keyword.User, Keyword.Mapping))
            return ObjectKind.UserMapping;
        if (AcceptPair(Keyword.Foreign, Keyword.Data))
        {
            Expect(Keyword.Wrapper);
            return ObjectKind.ForeignDataWrapper;
        }
        if (AcceptPair(Keyword.Text, Keyword.Search))
            return TextSearchKind();
        if (Accept(Keyword.Procedural))
        {
            Expect(Keyword.Language);
            return ObjectKind.Language;
        }
        foreach (var (keyword, kind) in SingleKeywordKinds)
        {
            if (Accept(keyword))
                return kind;
        }
        return null;
    }

    private static readonly (Keyword Keyword, ObjectKind Kind)[] SingleKeywordKinds =
    [
        (Keyword.Aggregate, ObjectKind.Aggregate), (Keyword.Cast, ObjectKind.Cast), (Keyword.Collation, ObjectKind.Collation), (Keyword.Column, ObjectKind.Column),
        (Keyword.Constraint, ObjectKind.Constraint), (Keyword.Conversion, ObjectKind.Conversion), (Keyword.Database, ObjectKind.Database), (Keyword.Domain, ObjectKind.Domain),
        (Keyword.Extension, ObjectKind.Extension), (Keyword.Function, ObjectKind.Function), (Keyword.Language, ObjectKind.Language), (Keyword.Operator, ObjectKind.Operator),
        (Keyword.Policy, ObjectKind.Policy), (Keyword.Procedure, ObjectKind.Procedure), (Keyword.Publication, ObjectKind.Publication), (Keyword.Role, ObjectKind.Role),
        (Keyword.Group, ObjectKind.Role), (Keyword.User, ObjectKind.Role), (Keyword.Routine, ObjectKind.Routine), (Keyword.Rule, ObjectKind.Rule), (Keyword.Schema, ObjectKind.Schema),
        (Keyword.Server, ObjectKind.ForeignServer), (Keyword.Statistics, ObjectKind.Statistics), (Keyword.Subscription, ObjectKind.Subscription),
        (Keyword.Tablespace, ObjectKind.Tablespace), (Keyword.Transform, ObjectKind.Transform), (Keyword.Trigger, ObjectKind.Trigger), (Keyword.Type, ObjectKind.Type),
    ];

    private ObjectKind? RelationKeywords()
    {
        if (Accept(Keyword.Table))
            return ObjectKind.Table;
        if (Accept(Keyword.Index))
            return ObjectKind.Index;
        if (Accept(Keyword.Sequence))
            return ObjectKind.Sequence;
        if (Accept(Keyword.View))
            return ObjectKind.View;
        if (AcceptPair(Keyword.Foreign, Keyword.Table))
            return ObjectKind.ForeignTable;
        if (!Accept(Keyword.Materialized))
            return null;
        Expect(Keyword.View);
        return ObjectKind.MaterializedView;
    }

    private ObjectKind TextSearchKind()
    {
        if (Accept(Keyword.Parser))
            return ObjectKind.TextSearchParser;
        if (Accept(Keyword.Dictionary))
            return ObjectKind.TextSearchDictionary;
        if (Accept(Keyword.Template))
            return ObjectKind.TextSearchTemplate;
        Expect(Keyword.Configuration);
        return ObjectKind.TextSearchConfiguration;
    }

    // One object of a kind, as ALTER, DROP and COMMENT ON name it.
    private ObjectName ObjectOfKind(ObjectKind kind, out FunctionSignature? signature, out ObjectName on)
    {
        signature = null;
        on = default;
        switch (kind)
        {
            case ObjectKind.Function or ObjectKind.Procedure or ObjectKind.Routine:
                return RoutineName(out signature);
            case ObjectKind.Aggregate:
                var aggregate = FunctionName();
                signature = AggregateSignature();
                return aggregate;
            case ObjectKind.Operator:
                var name = AnyOperator();
                signature = OperatorSignature();
                return name;
            case ObjectKind.OperatorClass or ObjectKind.OperatorFamily:
                var operatorClass = AnyName();
                Expect(Keyword.Using);
                on = new(ColumnId());
                return operatorClass;
            case ObjectKind.Policy or ObjectKind.Trigger or ObjectKind.Rule or ObjectKind.Constraint:
                var part = ColumnId();
                Expect(Keyword.On);
                on = AnyName();
                return new(part);
            case ObjectKind.Role:
                return new(RoleId());
            case ObjectKind.LargeObject:
                var start = Start;
                SignedNumber();
                return new(new Name(Source.Text.Substring(start, LastEnd - start), start, LastEnd - start));
            case ObjectKind.Schema or ObjectKind.Database or ObjectKind.Extension or ObjectKind.EventTrigger or ObjectKind.Publication or ObjectKind.Subscription
                or ObjectKind.Language or ObjectKind.AccessMethod or ObjectKind.ForeignServer or ObjectKind.ForeignDataWrapper or ObjectKind.Tablespace:
                return new(ColumnId());
            default:
                return AnyName();
        }
    }

    /// <summary>DROP …</summary>
    private Statement ParseDrop()
    {
        var start = Start;
        Expect(Keyword.Drop);
        if (At(Keyword.Owned))
            return DropOwned(start);
        if (ObjectKeywords() is not { } kind)
            throw UnexpectedKind();
        if (kind is ObjectKind.Column or ObjectKind.Constraint or ObjectKind.LargeObject)
            throw UnexpectedPrevious();
        var isConcurrent = kind == ObjectKind.Index && Accept(Keyword.Concurrently);
        var ifExists = AcceptIfExists();
        DropTarget[] targets;
        OptionItem[] options = [];
        var hasBehavior = true;
        switch (kind)
        {
            case ObjectKind.Type or ObjectKind.Domain:
                targets = CommaList(static parser => parser.TypeTarget());
                break;
            case ObjectKind.Cast:
                targets = [CastTarget()];
                break;
            case ObjectKind.Transform:
                targets = [TransformTarget()];
                break;
            case ObjectKind.UserMapping:
                targets = [UserMappingTarget()];
                hasBehavior = false;
                break;
            case ObjectKind.Role:
                targets = CommaList(static parser => parser.RoleTarget());
                hasBehavior = false;
                break;
            case ObjectKind.Database:
                targets = [NameTarget()];
                options = DropDatabaseOptions();
                hasBehavior = false;
                break;
            case ObjectKind.Tablespace:
                targets = [NameTarget()];
                hasBehavior = false;
                break;
            case ObjectKind.Policy or ObjectKind.Trigger or ObjectKind.Rule or ObjectKind.OperatorClass or ObjectKind.OperatorFamily or ObjectKind.Subscription:
                targets = [Target(kind)];
                break;
            default:
                targets = Targets(kind);
                break;
        }
        var behavior = hasBehavior ? DropBehavior() : default;
        return new DropStatement
        {
            Start = start, Kind = kind, IsConcurrent = isConcurrent, IfExists = ifExists, Targets = targets, Options = options, Behavior = behavior, End = LastEnd,
        };
    }

    private OptionItem[] DropDatabaseOptions()
    {
        if (!Accept(Keyword.With) && !At(TokenKind.OpenParen))
            return [];
        Expect(TokenKind.OpenParen);
        var options = CommaList(static parser => parser.ForceOption());
        Expect(TokenKind.CloseParen);
        return options;
    }

    private OptionItem ForceOption()
    {
        var start = Start;
        if (!At(Keyword.Force))
            throw Unexpected();
        return new OptionItem { Start = start, Name = Label(), End = LastEnd };
    }

    private DropTarget[] Targets(ObjectKind kind)
    {
        var targets = new List<DropTarget>();
        do
            targets.Add(Target(kind));
        while (Accept(TokenKind.Comma));
        return [.. targets];
    }

    private DropTarget Target(ObjectKind kind)
    {
        var start = Start;
        var name = ObjectOfKind(kind, out var signature, out var on);
        return new DropTarget { Start = start, Name = name, Signature = signature, On = on, End = LastEnd };
    }

    private DropTarget TypeTarget()
    {
        var start = Start;
        var type = TypeName();
        return new DropTarget { Start = start, Name = type.Name, Type = type, End = LastEnd };
    }

    private DropTarget CastTarget()
    {
        var start = Start;
        Expect(TokenKind.OpenParen);
        var source = TypeName();
        Expect(Keyword.As);
        var target = TypeName();
        Expect(TokenKind.CloseParen);
        return new DropTarget { Start = start, Type = source, TargetType = target, End = LastEnd };
    }

    private DropTarget TransformTarget()
    {
        var start = Start;
        Expect(Keyword.For);
        var type = TypeName();
        Expect(Keyword.Language);
        return new DropTarget { Start = start, Type = type, Name = new(ColumnId()), End = LastEnd };
    }

    private DropTarget UserMappingTarget()
    {
        var start = Start;
        Expect(Keyword.For);
        var user = At(Keyword.User) ? Label() : RoleName();
        Expect(Keyword.Server);
        return new DropTarget { Start = start, Name = new(user), On = new(ColumnId()), End = LastEnd };
    }

    private DropTarget RoleTarget()
    {
        var start = Start;
        return new DropTarget { Start = start, Name = new(RoleName()), End = LastEnd };
    }

    private DropTarget NameTarget()
    {
        var start = Start;
        return new DropTarget { Start = start, Name = new(ColumnId()), End = LastEnd };
    }

    private DropTarget AnyNameTarget()
    {
        var start = Start;
        return new DropTarget { Start = start, Name = AnyName(), End = LastEnd };
    }

    private DropTarget ParameterTarget() => AnyNameTarget();

    private DropTarget RelationTarget()
    {
        var start = Start;
        return new DropTarget { Start = start, Name = QualifiedName(), End = LastEnd };
    }

    private DropTarget RoutineTarget() => Target(ObjectKind.Function);

    private DropTarget NumberTarget() => Target(ObjectKind.LargeObject);

    // DROP OWNED BY roles [CASCADE|RESTRICT]; the cursor stands at OWNED.
    private DropOwnedStatement DropOwned(int start)
    {
        Advance();
        Expect(Keyword.By);
        var roles = CommaList(static parser => parser.RoleName());
        return new DropOwnedStatement { Start = start, Roles = roles, Behavior = DropBehavior(), End = LastEnd };
    }

    // REASSIGN OWNED BY roles TO role
    private DropOwnedStatement ParseReassignOwned()
    {
        var start = Start;
        Expect(Keyword.Reassign);
        Expect(Keyword.Owned);
        Expect(Keyword.By);
        var roles = CommaList(static parser => parser.RoleName());
        Expect(Keyword.To);
        return new DropOwnedStatement { Start = start, Roles = roles, NewOwner = RoleName(), End = LastEnd };
    }

    /// <summary>COMMENT ON object IS 'text'|NULL</summary>
    private Statement ParseComment()
    {
        var start = Start;
        Expect(Keyword.Comment);
        Expect(Keyword.On);
        if (ObjectKeywords() is not { } kind)
            throw UnexpectedKind();
        var target = CommentTarget(ref kind);
        Expect(Keyword.Is);
        Literal? text = null;
        if (!Accept(Keyword.Null))
            text = StringLiteral();
        return new CommentStatement { Start = start, Kind = kind, Target = target, Text = text, End = LastEnd };
    }

    private DropTarget CommentTarget(ref ObjectKind kind)
    {
        switch (kind)
        {
            case ObjectKind.Type or ObjectKind.Domain:
                return TypeTarget();
            case ObjectKind.Cast:
                return CastTarget();
            case ObjectKind.Transform:
                return TransformTarget();
            case ObjectKind.Constraint:
                var start = Start;
                var name = ColumnId();
                Expect(Keyword.On);
                // DOMAIN is unreserved: a table may be called so.
                if (At(Keyword.Domain) && !PeekIs(1, Keyword.Is) && !PeekIs(1, TokenKind.Dot))
                {
                    Advance();
                    kind = ObjectKind.ConstraintOnDomain;
                }
                return new DropTarget { Start = start, Name = new(name), On = AnyName(), End = LastEnd };
            default:
                return Target(kind);
        }
    }

    private bool AcceptIfExists()
    {
        if (!At(Keyword.If))
            return false;
        if (!PeekIs(1, Keyword.Exists))
            return false;
        Advance();
        Advance();
        return true;
    }

    // IF may be a name in the positions where IF NOT EXISTS may stand; NOT can't follow a name there.
    private bool AcceptIfNotExists()
    {
        if (!At(Keyword.If) || !PeekIs(1, Keyword.Not))
            return false;
        Advance();
        Advance();
        Expect(Keyword.Exists);
        return true;
    }

    private DropBehavior DropBehavior()
    {
        if (Accept(Keyword.Cascade))
            return Tree.DropBehavior.Cascade;
        return Accept(Keyword.Restrict) ? Tree.DropBehavior.Restrict : Tree.DropBehavior.Default;
    }

    private bool AcceptPair(Keyword first, Keyword second)
    {
        if (!At(first) || !PeekIs(1, second))
            return false;
        Advance();
        Advance();
        return true;
    }
}
