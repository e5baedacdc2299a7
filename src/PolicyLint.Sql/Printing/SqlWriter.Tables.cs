using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql.Printing;

/// <content>CREATE TABLE: columns, constraints, partitions.</content>
internal sealed partial class SqlWriter
{
    public override void VisitCreateTableStatement(CreateTableStatement node)
    {
        Word("CREATE");
        Write(node.Persistence);
        WordIf(!node.Server.IsEmpty, "FOREIGN");
        Word("TABLE");
        IfNotExists(node.IfNotExists);
        Write(node.Table);
        Write("OF", node.OfType);
        Write("PARTITION OF", node.PartitionOf);
        var isPlain = node.OfType.IsEmpty && node.PartitionOf.IsEmpty;
        if (isPlain || node.Elements.Length > 0)
            InParentheses(node.Elements);
        Visit(node.Bound);
        if (node.Inherits.Length > 0)
        {
            Word("INHERITS (");
            ObjectNames(node.Inherits);
            Raw(')');
        }
        Visit(node.PartitionBy);
        Write("USING", node.AccessMethod);
        StorageOptions(node.Options);
        Write(node.OnCommit);
        Write("TABLESPACE", node.Tablespace);
        Write("SERVER", node.Server);
        GenericOptions(node.ServerOptions);
    }

    private void Write(OnCommitAction action)
    {
        if (action != OnCommitAction.Unspecified)
            Word(action switch { OnCommitAction.Drop => "ON COMMIT DROP", OnCommitAction.DeleteRows => "ON COMMIT DELETE ROWS", _ => "ON COMMIT PRESERVE ROWS" });
    }

    // gram.y reloptions: `name`, `name = value`, `namespace.name = value`.
    private void StorageOptions(OptionItem[] options, string keyword = "WITH")
    {
        if (options.Length == 0)
            return;
        Word(keyword);
        Definition(options);
    }

    private void Definition(OptionItem[] options)
    {
        Word("(");
        for (var i = 0; i < options.Length; i++)
        {
            if (i > 0)
                Raw(',');
            var option = options[i];
            if (!option.Namespace.IsEmpty)
            {
                Write(option.Namespace);
                Raw('.');
            }
            Write(option.Name);
            if (option.ValueName.IsEmpty && option.Value is null && option.Type is null && option.Operator.IsEmpty)
                continue;
            Word("=");
            if (!option.ValueName.IsEmpty)
                BareValue(option.ValueName);
            Visit(option.Value);
            Visit(option.Type);
            if (!option.Operator.IsEmpty)
                Operator(option.Operator, isOperatorSyntax: !option.Operator.Qualifier.IsEmpty);
        }
        Raw(')');
    }

    private void GenericOptions(OptionItem[] options)
    {
        if (options.Length == 0)
            return;
        Word("OPTIONS (");
        for (var i = 0; i < options.Length; i++)
        {
            if (i > 0)
                Raw(',');
            WordOption(options[i]);
        }
        Raw(')');
    }

    public override void VisitColumnDefinition(ColumnDefinition node)
    {
        Write(node.Name);
        Visit(node.Type);
        Write("STORAGE", node.Storage, "DEFAULT");
        Write("COMPRESSION", node.Compression, "DEFAULT");
        GenericOptions(node.Options);
        Write("COLLATE", node.Collation);
        Sequence(node.Constraints);
    }

    private void Write(string keyword, Name name, string unquoted)
    {
        if (name.IsEmpty)
            return;
        Word(keyword);
        if (!name.IsQuoted && string.Equals(name.Text, unquoted, StringComparison.OrdinalIgnoreCase))
            Word(unquoted);
        else
            Write(name);
    }

    public override void VisitLikeClause(LikeClause node)
    {
        Word("LIKE");
        Write(node.Table);
        Sequence(node.Options);
    }

    public override void VisitLikeOption(LikeOption node)
    {
        Word(node.IsIncluding ? "INCLUDING" : "EXCLUDING");
        Word(node.What.Text.ToUpperInvariant());
    }

    private void ConstraintName(Constraint node) => Write("CONSTRAINT", node.Name);

    private void ConstraintAttributes(Constraint node)
    {
        // NO INHERIT belongs to a column's CHECK itself, so it comes first.
        WordIf(node.IsNoInherit, "NO INHERIT");
        if (node.IsInitiallyFirst)
            Initially(node);
        WordIf(node.IsDeferrable, "DEFERRABLE");
        WordIf(node.IsNotDeferrable, "NOT DEFERRABLE");
        if (!node.IsInitiallyFirst)
            Initially(node);
        WordIf(node.IsNotValid, "NOT VALID");
        WordIf(node.IsEnforced, "ENFORCED");
        WordIf(node.IsNotEnforced, "NOT ENFORCED");
    }

    private void Initially(Constraint node)
    {
        WordIf(node.IsInitiallyDeferred, "INITIALLY DEFERRED");
        WordIf(node.IsInitiallyImmediate, "INITIALLY IMMEDIATE");
    }

    public override void VisitNullabilityConstraint(NullabilityConstraint node)
    {
        ConstraintName(node);
        Word(node.IsNotNull ? "NOT NULL" : "NULL");
        Write(node.Column);
        ConstraintAttributes(node);
    }

    public override void VisitDefaultConstraint(DefaultConstraint node)
    {
        ConstraintName(node);
        Word("DEFAULT");
        Restricted(node.Value);
        ConstraintAttributes(node);
    }

    public override void VisitGeneratedConstraint(GeneratedConstraint node)
    {
        ConstraintName(node);
        Word("GENERATED ALWAYS AS");
        Parenthesized(node.Value);
        WordIf(node.IsStored, "STORED");
        WordIf(node.IsVirtual, "VIRTUAL");
        ConstraintAttributes(node);
    }

    public override void VisitIdentityConstraint(IdentityConstraint node)
    {
        ConstraintName(node);
        Word(node.IsByDefault ? "GENERATED BY DEFAULT AS IDENTITY" : "GENERATED ALWAYS AS IDENTITY");
        if (node.Options.Length > 0)
        {
            Word("(");
            SequenceOptions(node.Options);
            Raw(')');
        }
        ConstraintAttributes(node);
    }

    public override void VisitCollateConstraint(CollateConstraint node) => Write("COLLATE", node.Collation);

    public override void VisitCheckConstraint(CheckConstraint node)
    {
        ConstraintName(node);
        Word("CHECK");
        Parenthesized(node.Condition);
        ConstraintAttributes(node);
    }

    public override void VisitUniqueConstraint(UniqueConstraint node)
    {
        ConstraintName(node);
        Word(node.IsPrimaryKey ? "PRIMARY KEY" : "UNIQUE");
        WordIf(node.NullsNotDistinct, "NULLS NOT DISTINCT");
        if (!node.UsingIndex.IsEmpty)
            Write("USING INDEX", node.UsingIndex);
        if (node.Columns.Length > 0)
        {
            Word("(");
            Names(node.Columns);
            WordIf(node.IsWithoutOverlaps, "WITHOUT OVERLAPS");
            Raw(')');
        }
        IndexParameters(node.Include, node.Options, node.Tablespace);
        ConstraintAttributes(node);
    }

    private void IndexParameters(Name[] include, OptionItem[] options, Name tablespace)
    {
        if (include.Length > 0)
        {
            Word("INCLUDE");
            NamesInParentheses(include);
        }
        StorageOptions(options);
        Write("USING INDEX TABLESPACE", tablespace);
    }

    public override void VisitExclusionConstraint(ExclusionConstraint node)
    {
        ConstraintName(node);
        Word("EXCLUDE");
        Write("USING", node.Method);
        InParentheses(node.Elements);
        IndexParameters(node.Include, node.Options, node.Tablespace);
        if (node.Where is not null)
        {
            Word("WHERE");
            Parenthesized(node.Where);
        }
        ConstraintAttributes(node);
    }

    public override void VisitExclusionElement(ExclusionElement node)
    {
        Visit(node.Element);
        Word("WITH");
        Operator(node.Operator, node.IsOperatorSyntax || !node.Operator.Qualifier.IsEmpty);
    }

    public override void VisitForeignKeyConstraint(ForeignKeyConstraint node)
    {
        ConstraintName(node);
        if (node.Columns.Length > 0)
        {
            Word("FOREIGN KEY");
            KeyColumns(node.Columns, node.HasPeriod);
        }
        Word("REFERENCES");
        Write(node.Table);
        if (node.ReferencedColumns.Length > 0)
            KeyColumns(node.ReferencedColumns, node.HasReferencedPeriod);
        if (node.Match != ForeignKeyMatch.Unspecified)
            Word("MATCH " + node.Match.ToString().ToUpperInvariant());
        Write("ON UPDATE", node.OnUpdate);
        Write("ON DELETE", node.OnDelete);
        NamesInParentheses(node.OnDeleteColumns);
        ConstraintAttributes(node);
    }

    private void KeyColumns(Name[] columns, bool hasPeriod)
    {
        Word("(");
        for (var i = 0; i < columns.Length; i++)
        {
            if (i > 0)
                Raw(',');
            WordIf(hasPeriod && i == columns.Length - 1, "PERIOD");
            Write(columns[i]);
        }
        Raw(')');
    }

    private void Write(string keyword, ReferentialAction action)
    {
        if (action == ReferentialAction.Unspecified)
            return;
        Word(keyword);
        Word(action switch
        {
            ReferentialAction.NoAction => "NO ACTION",
            ReferentialAction.Restrict => "RESTRICT",
            ReferentialAction.Cascade => "CASCADE",
            ReferentialAction.SetNull => "SET NULL",
            _ => "SET DEFAULT",
        });
    }

    public override void VisitPartitionSpecification(PartitionSpecification node)
    {
        Write("PARTITION BY", node.Strategy);
        InParentheses(node.Elements);
    }

    public override void VisitPartitionBound(PartitionBound node)
    {
        if (node.IsDefault)
        {
            Word("DEFAULT");
            return;
        }
        Word("FOR VALUES");
        if (node.With.Length > 0)
        {
            Word("WITH (");
            for (var i = 0; i < node.With.Length; i++)
            {
                if (i > 0)
                    Raw(',');
                WordOption(node.With[i]);
            }
            Raw(')');
        }
        else if (node.In.Length > 0)
        {
            Word("IN");
            InParentheses(node.In);
        }
        else
        {
            Word("FROM");
            InParentheses(node.From);
            Word("TO");
            InParentheses(node.To);
        }
    }

    public override void VisitCreateTableAsStatement(CreateTableAsStatement node)
    {
        Word("CREATE");
        Write(node.Persistence);
        Word(node.IsMaterializedView ? "MATERIALIZED VIEW" : "TABLE");
        IfNotExists(node.IfNotExists);
        Write(node.Table);
        NamesInParentheses(node.Columns);
        Write("USING", node.AccessMethod);
        StorageOptions(node.Options);
        Write(node.OnCommit);
        Write("TABLESPACE", node.Tablespace);
        Word("AS");
        Visit(node.Query);
        WordIf(node.WithNoData, "WITH NO DATA");
    }

    public override void VisitRefreshMaterializedViewStatement(RefreshMaterializedViewStatement node)
    {
        Word("REFRESH MATERIALIZED VIEW");
        WordIf(node.IsConcurrent, "CONCURRENTLY");
        Write(node.View);
        WordIf(node.WithNoData, "WITH NO DATA");
    }
}
