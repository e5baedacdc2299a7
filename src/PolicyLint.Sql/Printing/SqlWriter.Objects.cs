using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql.Printing;

/// <content>RENAME, SET SCHEMA, OWNER TO, DROP, COMMENT: the statements that name any kind of object.</content>
internal sealed partial class SqlWriter
{
    private static string KeywordsOf(ObjectKind kind) => kind switch
    {
        ObjectKind.ForeignTable => "FOREIGN TABLE",
        ObjectKind.MaterializedView => "MATERIALIZED VIEW",
        ObjectKind.OperatorClass => "OPERATOR CLASS",
        ObjectKind.OperatorFamily => "OPERATOR FAMILY",
        ObjectKind.EventTrigger => "EVENT TRIGGER",
        ObjectKind.AccessMethod => "ACCESS METHOD",
        ObjectKind.ForeignServer => "SERVER",
        ObjectKind.ForeignDataWrapper => "FOREIGN DATA WRAPPER",
        ObjectKind.UserMapping => "USER MAPPING",
        ObjectKind.TextSearchConfiguration => "TEXT SEARCH CONFIGURATION",
        ObjectKind.TextSearchDictionary => "TEXT SEARCH DICTIONARY",
        ObjectKind.TextSearchParser => "TEXT SEARCH PARSER",
        ObjectKind.TextSearchTemplate => "TEXT SEARCH TEMPLATE",
        ObjectKind.LargeObject => "LARGE OBJECT",
        ObjectKind.ConstraintOnDomain => "CONSTRAINT",
        _ => kind.ToString().ToUpperInvariant(),
    };

    // The object after its keyword: `f(int)`, `p ON t`, `c USING m`, `(a AS b)`, …
    private void Object(ObjectKind kind, ObjectName name, FunctionSignature? signature, ObjectName on)
    {
        switch (kind)
        {
            case ObjectKind.Operator:
                QualifiedOperator(name);
                Visit(signature);
                break;
            case ObjectKind.Role:
                RoleName(name.Name);
                break;
            case ObjectKind.LargeObject:
                Word(name.Name.Text);
                break;
            case ObjectKind.OperatorClass or ObjectKind.OperatorFamily:
                Write(name);
                Write("USING", on);
                break;
            case ObjectKind.ConstraintOnDomain:
                Write(name);
                Write("ON DOMAIN", on);
                break;
            default:
                Write(name);
                Visit(signature);
                Write("ON", on);
                break;
        }
    }

    private void QualifiedOperator(ObjectName name)
    {
        Blank();
        foreach (var part in name.Outer)
        {
            PrintedNames.Append(_text, part.Text);
            Raw('.');
        }
        if (!name.Qualifier.IsEmpty)
        {
            PrintedNames.Append(_text, name.Qualifier.Text);
            Raw('.');
        }
        Raw(name.Name.Text);
        Raw(' ');
    }

    private void DropTarget(ObjectKind kind, DropTarget target)
    {
        switch (kind)
        {
            case ObjectKind.Type or ObjectKind.Domain when target.Type is not null:
                Visit(target.Type);
                break;
            case ObjectKind.Cast:
                Word("(");
                Visit(target.Type);
                Word("AS");
                Visit(target.TargetType);
                Raw(')');
                break;
            case ObjectKind.Transform:
                Word("FOR");
                Visit(target.Type);
                Write("LANGUAGE", target.Name);
                break;
            case ObjectKind.UserMapping:
                Word("FOR");
                if (target.Name.Name == "user" && !target.Name.Name.IsQuoted)
                    Word("USER");
                else
                    RoleName(target.Name.Name);
                Write("SERVER", target.On);
                break;
            default:
                Object(kind, target.Name, target.Signature, target.On);
                break;
        }
    }

    private void DropTargets(ObjectKind kind, DropTarget[] targets)
    {
        for (var i = 0; i < targets.Length; i++)
        {
            if (i > 0)
                Raw(',');
            DropTarget(kind, targets[i]);
        }
    }

    public override void VisitDropTarget(DropTarget node) => DropTarget(ObjectKind.Table, node);

    public override void VisitRenameStatement(RenameStatement node)
    {
        Word("ALTER");
        Word(KeywordsOf(node.Kind));
        IfExists(node.IfExists);
        WordIf(node.IsOnly, "ONLY");
        Object(node.Kind, node.Object, node.Signature, node.On);
        Word("RENAME");
        WordIf(node.Part != RenamedPart.Object, node.Part.ToString().ToUpperInvariant());
        Write(node.OldName);
        Write("TO", node.NewName);
        Write(node.Behavior);
    }

    public override void VisitSetSchemaStatement(SetSchemaStatement node)
    {
        Word("ALTER");
        Word(KeywordsOf(node.Kind));
        IfExists(node.IfExists);
        WordIf(node.IsOnly, "ONLY");
        Object(node.Kind, node.Object, node.Signature, node.On);
        Write("SET SCHEMA", node.Schema);
    }

    public override void VisitChangeOwnerStatement(ChangeOwnerStatement node)
    {
        Word("ALTER");
        Word(KeywordsOf(node.Kind));
        Object(node.Kind, node.Object, node.Signature, node.On);
        Word("OWNER TO");
        RoleName(node.Owner);
    }

    public override void VisitDropStatement(DropStatement node)
    {
        Word("DROP");
        Word(KeywordsOf(node.Kind));
        WordIf(node.IsConcurrent, "CONCURRENTLY");
        IfExists(node.IfExists);
        DropTargets(node.Kind, node.Targets);
        if (node.Options.Length > 0)
        {
            Word("WITH (");
            for (var i = 0; i < node.Options.Length; i++)
            {
                if (i > 0)
                    Raw(',');
                KeywordName(node.Options[i].Name);
            }
            Raw(')');
        }
        Write(node.Behavior);
    }

    public override void VisitDropOwnedStatement(DropOwnedStatement node)
    {
        Word(node.NewOwner.IsEmpty ? "DROP OWNED BY" : "REASSIGN OWNED BY");
        for (var i = 0; i < node.Roles.Length; i++)
        {
            if (i > 0)
                Raw(',');
            RoleName(node.Roles[i]);
        }
        if (!node.NewOwner.IsEmpty)
        {
            Word("TO");
            RoleName(node.NewOwner);
        }
        Write(node.Behavior);
    }

    public override void VisitCommentStatement(CommentStatement node)
    {
        Word("COMMENT ON");
        Word(KeywordsOf(node.Kind));
        DropTarget(node.Kind, node.Target);
        Word("IS");
        if (node.Text is null)
            Word("NULL");
        else
            Visit(node.Text);
    }

    public override void VisitCreateSchemaStatement(CreateSchemaStatement node)
    {
        Word("CREATE SCHEMA");
        IfNotExists(node.IfNotExists);
        Write(node.Name);
        if (node.Owner is not null)
        {
            Word("AUTHORIZATION");
            Visit(node.Owner);
        }
        Sequence(node.Elements);
    }

    public override void VisitCreateExtensionStatement(CreateExtensionStatement node)
    {
        Word("CREATE EXTENSION");
        IfNotExists(node.IfNotExists);
        Write(node.Name);
        Write("SCHEMA", node.Schema);
        if (node.Version is not null)
        {
            Word("VERSION");
            Visit(node.Version);
        }
        WordIf(node.IsCascade, "CASCADE");
    }

    public override void VisitCreateEnumStatement(CreateEnumStatement node)
    {
        Write("CREATE TYPE", node.Type);
        Word("AS ENUM");
        InParentheses(node.Labels);
    }

    public override void VisitAlterEnumStatement(AlterEnumStatement node)
    {
        Write("ALTER TYPE", node.Type);
        if (node.OldLabel is not null)
        {
            Word("RENAME VALUE");
            Visit(node.OldLabel);
            Word("TO");
            Visit(node.NewLabel);
            return;
        }
        Word("ADD VALUE");
        IfNotExists(node.IfNotExists);
        Visit(node.NewLabel);
        if (node.Neighbour is null)
            return;
        Word(node.IsAfter ? "AFTER" : "BEFORE");
        Visit(node.Neighbour);
    }

    public override void VisitCreateCompositeTypeStatement(CreateCompositeTypeStatement node)
    {
        Write("CREATE TYPE", node.Type);
        Word("AS");
        InParentheses(node.Attributes);
    }

    public override void VisitCreateRangeTypeStatement(CreateRangeTypeStatement node)
    {
        Write("CREATE TYPE", node.Type);
        Word("AS RANGE");
        Definition(node.Options);
    }

    public override void VisitCreateDomainStatement(CreateDomainStatement node)
    {
        Write("CREATE DOMAIN", node.Domain);
        Word("AS");
        Visit(node.Type);
        Write("COLLATE", node.Collation);
        Sequence(node.Constraints);
    }

    public override void VisitAlterDomainStatement(AlterDomainStatement node)
    {
        Write("ALTER DOMAIN", node.Domain);
        switch (node.Action)
        {
            case AlterDomainAction.SetDefault:
                Word("SET DEFAULT");
                Visit(node.Default);
                break;
            case AlterDomainAction.DropDefault:
                Word("DROP DEFAULT");
                break;
            case AlterDomainAction.SetNotNull:
                Word("SET NOT NULL");
                break;
            case AlterDomainAction.DropNotNull:
                Word("DROP NOT NULL");
                break;
            case AlterDomainAction.AddConstraint:
                Word("ADD");
                Visit(node.Constraint);
                break;
            case AlterDomainAction.DropConstraint:
                Word("DROP CONSTRAINT");
                IfExists(node.IfExists);
                Write(node.ConstraintName);
                Write(node.Behavior);
                break;
            default:
                Write("VALIDATE CONSTRAINT", node.ConstraintName);
                break;
        }
    }

    public override void VisitCreateSequenceStatement(CreateSequenceStatement node)
    {
        Word("CREATE");
        Write(node.Persistence);
        Word("SEQUENCE");
        IfNotExists(node.IfNotExists);
        Write(node.Sequence);
        SequenceOptions(node.Options);
    }

    public override void VisitAlterSequenceStatement(AlterSequenceStatement node)
    {
        Word("ALTER SEQUENCE");
        IfExists(node.IfExists);
        Write(node.Sequence);
        SequenceOptions(node.Options);
    }

    private void SequenceOptions(OptionItem[] options)
    {
        foreach (var option in options)
            SequenceOption(option);
    }

    // gram.y SeqOptElem: named as PostgreSQL's tree names them; `cycle` with FALSE is NO CYCLE, a bound without a value NO MAXVALUE.
    private void SequenceOption(OptionItem option)
    {
        var hasNoBound = option.Name.Text is "maxvalue" or "minvalue" && option.Value is null;
        var isNegated = hasNoBound || option.Value is Literal { Kind: LiteralKind.False };
        WordIf(isNegated, "NO");
        Word(option.Name.Text switch
        {
            "increment" => "INCREMENT BY",
            "owned_by" => "OWNED BY",
            "sequence_name" => "SEQUENCE NAME",
            var name => name.ToUpperInvariant(),
        });
        Visit(option.Type);
        if (!isNegated)
            Visit(option.Value);
    }
}
