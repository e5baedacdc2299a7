using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql.Printing;

/// <content>ALTER TABLE and its relatives.</content>
internal sealed partial class SqlWriter
{
    private bool _isCompositeType;

    public override void VisitAlterTableStatement(AlterTableStatement node)
    {
        Word("ALTER");
        Word(node.Kind switch
        {
            RelationKind.ForeignTable => "FOREIGN TABLE",
            RelationKind.MaterializedView => "MATERIALIZED VIEW",
            RelationKind.CompositeType => "TYPE",
            _ => node.Kind.ToString().ToUpperInvariant(),
        });
        IfExists(node.IfExists);
        WordIf(node.IsOnly, "ONLY");
        Write(node.Table);
        _isCompositeType = node.Kind == RelationKind.CompositeType;
        List(node.Actions);
        _isCompositeType = false;
    }

    private string ColumnWord => _isCompositeType ? "ATTRIBUTE" : "COLUMN";

    private void AlterColumn(Name column)
    {
        Word("ALTER");
        Word(ColumnWord);
        Write(column);
    }

    public override void VisitAddColumn(AddColumn node)
    {
        Word("ADD");
        Word(ColumnWord);
        IfNotExists(node.IfNotExists);
        Visit(node.Column);
        Write(node.Behavior);
    }

    public override void VisitDropColumn(DropColumn node)
    {
        Word("DROP");
        Word(ColumnWord);
        IfExists(node.IfExists);
        Write(node.Column);
        Write(node.Behavior);
    }

    public override void VisitSetColumnDefault(SetColumnDefault node)
    {
        AlterColumn(node.Column);
        Word(node.Value is null ? "DROP DEFAULT" : "SET DEFAULT");
        Visit(node.Value);
    }

    public override void VisitSetColumnNotNull(SetColumnNotNull node)
    {
        AlterColumn(node.Column);
        Word(node.IsNotNull ? "SET NOT NULL" : "DROP NOT NULL");
    }

    public override void VisitSetColumnType(SetColumnType node)
    {
        AlterColumn(node.Column);
        Word("TYPE");
        Visit(node.Type);
        Write("COLLATE", node.Collation);
        if (node.Using is not null)
        {
            Word("USING");
            Visit(node.Using);
        }
        Write(node.Behavior);
    }

    public override void VisitAddConstraint(AddConstraint node)
    {
        Word("ADD");
        Visit(node.Constraint);
    }

    public override void VisitDropConstraint(DropConstraint node)
    {
        Word("DROP CONSTRAINT");
        IfExists(node.IfExists);
        Write(node.Constraint);
        Write(node.Behavior);
    }

    public override void VisitValidateConstraint(ValidateConstraint node) => Write("VALIDATE CONSTRAINT", node.Constraint);

    public override void VisitSetRowSecurity(SetRowSecurity node) => Word(node.Action switch
    {
        RowSecurityAction.Enable => "ENABLE ROW LEVEL SECURITY",
        RowSecurityAction.Disable => "DISABLE ROW LEVEL SECURITY",
        RowSecurityAction.Force => "FORCE ROW LEVEL SECURITY",
        _ => "NO FORCE ROW LEVEL SECURITY",
    });

    public override void VisitSetOwner(SetOwner node)
    {
        Word("OWNER TO");
        RoleName(node.Owner);
    }

    // CURRENT_USER and its like are roles by keyword; quoted they are names.
    private void RoleName(Name role)
    {
        if (!role.IsQuoted && role.Text is "current_user" or "session_user" or "current_role")
            Word(role.Text.ToUpperInvariant());
        else
            Write(role);
    }

    public override void VisitAttachPartition(AttachPartition node)
    {
        Write("ATTACH PARTITION", node.Partition);
        Visit(node.Bound);
    }

    public override void VisitDetachPartition(DetachPartition node)
    {
        Write("DETACH PARTITION", node.Partition);
        WordIf(node.IsConcurrent, "CONCURRENTLY");
        WordIf(node.IsFinalize, "FINALIZE");
    }

    public override void VisitSetInheritance(SetInheritance node) => Write(node.IsRemoved ? "NO INHERIT" : "INHERIT", node.Parent);

    public override void VisitSetTriggerState(SetTriggerState node)
    {
        Word(node.State switch
        {
            TriggerState.Enable => "ENABLE",
            TriggerState.Disable => "DISABLE",
            TriggerState.EnableReplica => "ENABLE REPLICA",
            _ => "ENABLE ALWAYS",
        });
        Word(node.IsRule ? "RULE" : "TRIGGER");
        WordIf(node.IsAll, "ALL");
        WordIf(node.IsUser, "USER");
        Write(node.Trigger);
    }

    public override void VisitSetStorageOptions(SetStorageOptions node)
    {
        if (!node.Column.IsEmpty)
            AlterColumn(node.Column);
        Word(node.IsReset ? "RESET" : "SET");
        Definition(node.Options);
    }

    public override void VisitSetIdentity(SetIdentity node)
    {
        AlterColumn(node.Column);
        if (node.IsDropped)
        {
            Word("DROP IDENTITY");
            IfExists(node.IfExists);
        }
        else if (node.Added is not null)
        {
            Word("ADD");
            Visit(node.Added);
        }
        else
        {
            IdentityChanges(node.Changes);
        }
    }

    private void IdentityChanges(OptionItem[] changes)
    {
        foreach (var change in changes)
        {
            if (change.Name == "generated")
            {
                Word(change.ValueName == "always" ? "SET GENERATED ALWAYS" : "SET GENERATED BY DEFAULT");
                continue;
            }
            WordIf(change.Name != "restart", "SET");
            SequenceOption(change);
        }
    }

    public override void VisitSetExpression(SetExpression node)
    {
        AlterColumn(node.Column);
        if (node.Value is null)
        {
            Word("DROP EXPRESSION");
            IfExists(node.IfExists);
            return;
        }
        Word("SET EXPRESSION AS");
        Parenthesized(node.Value);
    }

    public override void VisitOtherAlterAction(OtherAlterAction node) => Word(node.GetText());
}
