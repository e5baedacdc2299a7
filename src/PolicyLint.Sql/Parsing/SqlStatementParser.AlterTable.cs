using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql.Parsing;

/// <content>ALTER TABLE and its relatives. gram.y AlterTableStmt, alter_table_cmd.</content>
internal sealed partial class SqlStatementParser
{
    // ALTER TABLE|INDEX|SEQUENCE|VIEW|MATERIALIZED VIEW|FOREIGN TABLE [IF EXISTS] name …; the cursor stands after these keywords.
    private Statement AlterRelation(int start, RelationKind kind)
    {
        if (At(Keyword.All) && PeekIs(1, Keyword.In) && kind is RelationKind.Table or RelationKind.Index or RelationKind.MaterializedView)
            return AlterAllInTablespace(start);
        var ifExists = AcceptIfExists();
        var isOnly = false;
        ObjectName table;
        if (kind is RelationKind.Table or RelationKind.ForeignTable)
            table = RelationExpression(out isOnly);
        else
            table = QualifiedName();

        if (Accept(Keyword.Rename))
            return RenameRelation(start, kind, ifExists, isOnly, table);
        if (At(Keyword.Set) && PeekIs(1, Keyword.Schema) && kind != RelationKind.Index)
        {
            Advance();
            Advance();
            var schema = ColumnId();
            return new SetSchemaStatement { Start = start, Kind = KindOf(kind), Object = table, IfExists = ifExists, IsOnly = isOnly, Schema = schema, End = LastEnd };
        }
        if (!ifExists && kind is RelationKind.Index or RelationKind.MaterializedView && (At(Keyword.Depends) || (At(Keyword.No) && PeekIs(1, Keyword.Depends))))
            return DependsOnExtension(start);
        if (kind == RelationKind.Sequence && AtSequenceOption())
        {
            var options = SequenceOptions();
            return new AlterSequenceStatement { Start = start, Sequence = table, IfExists = ifExists, Options = options, End = LastEnd };
        }
        var actions = kind switch
        {
            RelationKind.Table when At(Keyword.Attach) || At(Keyword.Detach) => [PartitionAction(hasBound: true)],
            RelationKind.Index when At(Keyword.Attach) => [PartitionAction(hasBound: false)],
            _ => CommaList(static parser => parser.TableAction()),
        };
        return new AlterTableStatement { Start = start, Kind = kind, Table = table, IfExists = ifExists, IsOnly = isOnly, Actions = actions, End = LastEnd };
    }

    private static ObjectKind KindOf(RelationKind kind) => kind switch
    {
        RelationKind.Table => ObjectKind.Table,
        RelationKind.ForeignTable => ObjectKind.ForeignTable,
        RelationKind.Index => ObjectKind.Index,
        RelationKind.Sequence => ObjectKind.Sequence,
        RelationKind.View => ObjectKind.View,
        RelationKind.MaterializedView => ObjectKind.MaterializedView,
        _ => ObjectKind.Type,
    };

    // RENAME TO n | RENAME [COLUMN] a TO b | RENAME CONSTRAINT a TO b
    private RenameStatement RenameRelation(int start, RelationKind kind, bool ifExists, bool isOnly, ObjectName table)
    {
        var part = RenamedPart.Object;
        Name oldName = default;
        if (kind is RelationKind.Table && Accept(Keyword.Constraint))
        {
            part = RenamedPart.Constraint;
            oldName = ColumnId();
        }
        else if (!At(Keyword.To) && kind is not (RelationKind.Index or RelationKind.Sequence))
        {
            part = RenamedPart.Column;
            Accept(Keyword.Column);
            oldName = ColumnId();
        }
        Expect(Keyword.To);
        var newName = ColumnId();
        return new RenameStatement
        {
            Start = start, Kind = KindOf(kind), Object = table, IfExists = ifExists, IsOnly = isOnly, Part = part, OldName = oldName, NewName = newName, End = LastEnd,
        };
    }

    private AlterTableAction PartitionAction(bool hasBound)
    {
        var start = Start;
        if (Accept(Keyword.Attach))
        {
            Expect(Keyword.Partition);
            var attached = QualifiedName();
            var bound = hasBound ? PartitionBound() : null;
            return new AttachPartition { Start = start, Partition = attached, Bound = bound, End = LastEnd };
        }
        Expect(Keyword.Detach);
        Expect(Keyword.Partition);
        var partition = QualifiedName();
        var isConcurrent = Accept(Keyword.Concurrently);
        var isFinalize = !isConcurrent && Accept(Keyword.Finalize);
        return new DetachPartition { Start = start, Partition = partition, IsConcurrent = isConcurrent, IsFinalize = isFinalize, End = LastEnd };
    }

    private AlterTableAction TableAction()
    {
        var start = Start;
        if (Accept(Keyword.Add))
            return AddAction(start);
        if (Accept(Keyword.Drop))
            return DropAction(start);
        if (Accept(Keyword.Alter))
            return AlterColumnAction(start);
        if (Accept(Keyword.Enable))
            return EnableAction(start);
        if (Accept(Keyword.Disable))
            return DisableAction(start);
        if (At(Keyword.Set) || At(Keyword.Reset))
            return SetAction(start);
        if (Accept(Keyword.Validate))
        {
            Expect(Keyword.Constraint);
            return new ValidateConstraint { Start = start, Constraint = ColumnId(), End = LastEnd };
        }
        if (Accept(Keyword.Owner))
        {
            Expect(Keyword.To);
            return new SetOwner { Start = start, Owner = RoleName(), End = LastEnd };
        }
        if (Accept(Keyword.Force))
            return RowSecurity(start, RowSecurityAction.Force);
        if (Accept(Keyword.No))
        {
            if (Accept(Keyword.Force))
                return RowSecurity(start, RowSecurityAction.NoForce);
            Expect(Keyword.Inherit);
            return new SetInheritance { Start = start, IsRemoved = true, Parent = QualifiedName(), End = LastEnd };
        }
        if (Accept(Keyword.Inherit))
            return new SetInheritance { Start = start, Parent = QualifiedName(), End = LastEnd };
        return OtherAction(start);
    }

    private SetRowSecurity RowSecurity(int start, RowSecurityAction action)
    {
        Expect(Keyword.Row);
        Expect(Keyword.Level);
        Expect(Keyword.Security);
        return new SetRowSecurity { Start = start, Action = action, End = LastEnd };
    }

    private AlterTableAction AddAction(int start)
    {
        if (AtTableConstraint())
            return new AddConstraint { Start = start, Constraint = TableConstraint(), End = LastEnd };
        Accept(Keyword.Column);
        var ifNotExists = AcceptIfNotExists();
        return new AddColumn { Start = start, IfNotExists = ifNotExists, Column = ColumnDefinition(), End = LastEnd };
    }

    private AlterTableAction DropAction(int start)
    {
        var isConstraint = Accept(Keyword.Constraint);
        if (!isConstraint)
            Accept(Keyword.Column);
        var ifExists = AcceptIfExists();
        var name = ColumnId();
        var behavior = DropBehavior();
        if (isConstraint)
            return new DropConstraint { Start = start, IfExists = ifExists, Constraint = name, Behavior = behavior, End = LastEnd };
        return new DropColumn { Start = start, IfExists = ifExists, Column = name, Behavior = behavior, End = LastEnd };
    }

    private AlterTableAction AlterColumnAction(int start)
    {
        if (Accept(Keyword.Constraint))
        {
            ColumnId();
            if (!Accept(Keyword.Inherit))
                AlteredAttributes();
            return OtherActionFrom(start, "alter constraint");
        }
        Accept(Keyword.Column);
        if (At(TokenKind.Integer))
        {
            var numberStart = Start;
            var number = IntegerValue();
            Expect(Keyword.Set);
            Expect(Keyword.Statistics);
            StatisticsTarget();
            if (number is < 1 or > short.MaxValue)
                throw ErrorAt(numberStart, "column number must be in range from 1 to 32767");
            return OtherActionFrom(start, "alter column set statistics");
        }
        var column = ColumnId();
        if (Accept(Keyword.Type))
            return ColumnType(start, column);
        if (Accept(Keyword.Drop))
            return DropOfColumn(start, column);
        if (Accept(Keyword.Add))
        {
            var addedStart = Start;
            Expect(Keyword.Generated);
            var isByDefault = GeneratedWhen();
            Expect(Keyword.As);
            Expect(Keyword.Identity);
            var options = ParenthesizedSequenceOptions();
            var added = new IdentityConstraint { Start = addedStart, IsByDefault = isByDefault, Options = options, End = LastEnd };
            return new SetIdentity { Start = start, Column = column, Added = added, End = LastEnd };
        }
        if (At(Keyword.Restart))
            return IdentityChanges(start, column);
        if (Accept(Keyword.Reset))
            return new SetStorageOptions { Start = start, Column = column, IsReset = true, Options = StorageOptions(), End = LastEnd };
        if (At(Keyword.Options))
        {
            AlterGenericOptions();
            return OtherActionFrom(start, "alter column options");
        }
        if (!At(Keyword.Set))
            throw Unexpected();
        return SetOfColumn(start, column);
    }

    private AlterTableAction SetOfColumn(int start, Name column)
    {
        // SET GENERATED and SET sequence_option repeat, so that list takes its own SETs.
        if (PeekIs(1, Keyword.Generated) || IsSequenceOption(1))
            return IdentityChanges(start, column);
        Advance();
        if (Accept(Keyword.Default))
            return new SetColumnDefault { Start = start, Column = column, Value = Expression(), End = LastEnd };
        if (Accept(Keyword.Not))
        {
            Expect(Keyword.Null);
            return new SetColumnNotNull { Start = start, Column = column, IsNotNull = true, End = LastEnd };
        }
        if (Accept(Keyword.Data))
        {
            Expect(Keyword.Type);
            return ColumnType(start, column);
        }
        if (Accept(Keyword.Expression))
        {
            Expect(Keyword.As);
            return new SetExpression { Start = start, Column = column, Value = ExpressionInParentheses(), End = LastEnd };
        }
        if (Accept(Keyword.Statistics))
        {
            StatisticsTarget();
            return OtherActionFrom(start, "alter column set statistics");
        }
        if (At(Keyword.Storage) || At(Keyword.Compression))
        {
            Advance();
            ColumnIdOrDefault();
            return OtherActionFrom(start, "alter column set storage");
        }
        return new SetStorageOptions { Start = start, Column = column, Options = StorageOptions(), End = LastEnd };
    }

    private void StatisticsTarget()
    {
        if (!Accept(Keyword.Default))
            SignedInteger();
    }

    private AlterTableAction DropOfColumn(int start, Name column)
    {
        if (Accept(Keyword.Default))
            return new SetColumnDefault { Start = start, Column = column, End = LastEnd };
        if (Accept(Keyword.Not))
        {
            Expect(Keyword.Null);
            return new SetColumnNotNull { Start = start, Column = column, End = LastEnd };
        }
        if (Accept(Keyword.Expression))
        {
            var ifExists = AcceptIfExists();
            return new SetExpression { Start = start, Column = column, IfExists = ifExists, End = LastEnd };
        }
        Expect(Keyword.Identity);
        var identityIfExists = AcceptIfExists();
        return new SetIdentity { Start = start, Column = column, IsDropped = true, IfExists = identityIfExists, End = LastEnd };
    }

    private SetColumnType ColumnType(int start, Name column)
    {
        var type = TypeName();
        var collation = OptionalCollation();
        var conversion = Accept(Keyword.Using) ? Expression() : null;
        return new SetColumnType { Start = start, Column = column, Type = type, Collation = collation, Using = conversion, End = LastEnd };
    }

    // RESTART [[WITH] n] | SET sequence_option | SET GENERATED ALWAYS|BY DEFAULT, repeated. gram.y alter_identity_column_option_list.
    private SetIdentity IdentityChanges(int start, Name column)
    {
        var changes = new List<OptionItem>();
        while (At(Keyword.Restart) || At(Keyword.Set))
        {
            var changeStart = Start;
            if (At(Keyword.Restart))
            {
                changes.Add(SequenceOption());
                continue;
            }
            Advance();
            if (!At(Keyword.Generated))
            {
                var optionStart = Start;
                var option = SequenceOption();
                if (option.Name.Text is "as" or "restart" or "owned_by")
                    throw ErrorAt(optionStart, $"sequence option \"{option.Name.Text}\" not supported here");
                changes.Add(option);
                continue;
            }
            var name = Label();
            var value = At(Keyword.Always) ? Label() : ByDefault();
            changes.Add(new OptionItem { Start = changeStart, Name = name, ValueName = value, End = LastEnd });
        }
        return new SetIdentity { Start = start, Column = column, Changes = [.. changes], End = LastEnd };
    }

    private Name ByDefault()
    {
        Expect(Keyword.By);
        if (!At(Keyword.Default))
            throw Unexpected();
        return Label();
    }

    private AlterTableAction EnableAction(int start)
    {
        if (At(Keyword.Row))
            return RowSecurity(start, RowSecurityAction.Enable);
        var state = Accept(Keyword.Replica) ? TriggerState.EnableReplica : Accept(Keyword.Always) ? TriggerState.EnableAlways : TriggerState.Enable;
        return TriggerOrRule(start, state);
    }

    private AlterTableAction DisableAction(int start) =>
        At(Keyword.Row) ? RowSecurity(start, RowSecurityAction.Disable) : TriggerOrRule(start, TriggerState.Disable);

    private SetTriggerState TriggerOrRule(int start, TriggerState state)
    {
        if (Accept(Keyword.Rule))
            return new SetTriggerState { Start = start, State = state, IsRule = true, Trigger = ColumnId(), End = LastEnd };
        Expect(Keyword.Trigger);
        var mayBeGroup = state is TriggerState.Enable or TriggerState.Disable;
        if (mayBeGroup && Accept(Keyword.All))
            return new SetTriggerState { Start = start, State = state, IsAll = true, End = LastEnd };
        if (mayBeGroup && Accept(Keyword.User))
            return new SetTriggerState { Start = start, State = state, IsUser = true, End = LastEnd };
        return new SetTriggerState { Start = start, State = state, Trigger = ColumnId(), End = LastEnd };
    }

    private AlterTableAction SetAction(int start)
    {
        var isReset = At(Keyword.Reset);
        Advance();
        if (isReset || At(TokenKind.OpenParen))
            return new SetStorageOptions { Start = start, IsReset = isReset, Options = StorageOptions(), End = LastEnd };
        if (Accept(Keyword.Without))
        {
            if (!Accept(Keyword.Oids))
                Expect(Keyword.Cluster);
            return OtherActionFrom(start, "set without");
        }
        if (Accept(Keyword.Logged) || Accept(Keyword.Unlogged))
            return OtherActionFrom(start, "set logged");
        if (Accept(Keyword.Access))
        {
            Expect(Keyword.Method);
            ColumnIdOrDefault();
            return OtherActionFrom(start, "set access method");
        }
        Expect(Keyword.Tablespace);
        ColumnId();
        return OtherActionFrom(start, "set tablespace");
    }

    private OtherAlterAction OtherAction(int start)
    {
        if (Accept(Keyword.Cluster))
        {
            Expect(Keyword.On);
            ColumnId();
            return OtherActionFrom(start, "cluster on");
        }
        if (Accept(Keyword.Of))
        {
            AnyName();
            return OtherActionFrom(start, "of");
        }
        if (Accept(Keyword.Not))
        {
            Expect(Keyword.Of);
            return OtherActionFrom(start, "not of");
        }
        if (Accept(Keyword.Replica))
        {
            Expect(Keyword.Identity);
            if (Accept(Keyword.Using))
            {
                Expect(Keyword.Index);
                ColumnId();
            }
            else if (!Accept(Keyword.Nothing) && !Accept(Keyword.Full))
            {
                Expect(Keyword.Default);
            }
            return OtherActionFrom(start, "replica identity");
        }
        if (!At(Keyword.Options))
            throw Unexpected();
        AlterGenericOptions();
        return OtherActionFrom(start, "options");
    }

    private OtherAlterAction OtherActionFrom(int start, string keywords) =>
        new() { Start = start, Keywords = keywords, Source = Source, DecodedText = DecodedFrom(start), End = LastEnd };

    // OPTIONS ([ADD|SET] name 'value' | DROP name, …). gram.y alter_generic_options.
    private void AlterGenericOptions()
    {
        Expect(Keyword.Options);
        Expect(TokenKind.OpenParen);
        do
        {
            var hasVerb = !PeekIs(1, TokenKind.String);
            if (hasVerb && Accept(Keyword.Drop))
            {
                Label();
                continue;
            }
            if (hasVerb && !Accept(Keyword.Set))
                Accept(Keyword.Add);
            Label();
            StringLiteral();
        }
        while (Accept(TokenKind.Comma));
        Expect(TokenKind.CloseParen);
    }

    // ALTER TYPE name ADD|DROP|ALTER ATTRIBUTE …, …. gram.y AlterCompositeTypeStmt.
    private AlterTableAction AttributeAction()
    {
        var start = Start;
        if (Accept(Keyword.Add))
        {
            Expect(Keyword.Attribute);
            var attribute = AttributeDefinition();
            return new AddColumn { Start = start, Column = attribute, Behavior = DropBehavior(), End = LastEnd };
        }
        if (Accept(Keyword.Drop))
        {
            Expect(Keyword.Attribute);
            var ifExists = AcceptIfExists();
            var dropped = ColumnId();
            return new DropColumn { Start = start, IfExists = ifExists, Column = dropped, Behavior = DropBehavior(), End = LastEnd };
        }
        Expect(Keyword.Alter);
        Expect(Keyword.Attribute);
        var column = ColumnId();
        if (Accept(Keyword.Set))
            Expect(Keyword.Data);
        Expect(Keyword.Type);
        var type = TypeName();
        var collation = OptionalCollation();
        return new SetColumnType { Start = start, Column = column, Type = type, Collation = collation, Behavior = DropBehavior(), End = LastEnd };
    }
}
