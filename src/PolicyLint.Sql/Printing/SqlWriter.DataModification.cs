using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql.Printing;

/// <content>INSERT, UPDATE, DELETE, MERGE, TRUNCATE, COPY.</content>
internal sealed partial class SqlWriter
{
    public override void VisitInsertStatement(InsertStatement node)
    {
        Visit(node.With);
        Word("INSERT INTO");
        Write(node.Table);
        Write("AS", node.Alias);
        if (node.Columns.Length > 0)
            InParentheses(node.Columns);
        Write(node.Overriding);
        if (node.Source is null)
            Word("DEFAULT VALUES");
        else
            Visit(node.Source);
        Visit(node.OnConflict);
        Visit(node.Returning);
    }

    private void Write(InsertOverriding overriding)
    {
        if (overriding != InsertOverriding.None)
            Word(overriding == InsertOverriding.User ? "OVERRIDING USER VALUE" : "OVERRIDING SYSTEM VALUE");
    }

    public override void VisitAssignmentTarget(AssignmentTarget node)
    {
        if (node.Path is FieldSelection or Subscript)
            WriteIndirection(node.Path, isTarget: true);
        else if (node.Path is not null)
            Visit(node.Path);
        else
            Write(node.Column);
    }

    public override void VisitAssignment(Assignment node)
    {
        if (node.IsMultiple)
            InParentheses(node.Targets);
        else
            List(node.Targets);
        Word("=");
        Visit(node.Value);
    }

    public override void VisitOnConflictClause(OnConflictClause node)
    {
        Word("ON CONFLICT");
        if (node.Target.Length > 0)
            InParentheses(node.Target);
        Where(node.TargetWhere);
        Write("ON CONSTRAINT", node.Constraint);
        if (!node.IsDoUpdate)
        {
            Word("DO NOTHING");
            return;
        }
        Word("DO UPDATE SET");
        List(node.Assignments);
        Where(node.Where);
    }

    public override void VisitReturningClause(ReturningClause node)
    {
        Word("RETURNING");
        if (!node.OldAlias.IsEmpty || !node.NewAlias.IsEmpty)
        {
            Word("WITH (");
            var isNewFirst = node.NewAlias.Start < node.OldAlias.Start;
            Write(isNewFirst ? "NEW AS" : "OLD AS", isNewFirst ? node.NewAlias : node.OldAlias);
            if (!node.OldAlias.IsEmpty && !node.NewAlias.IsEmpty)
                Raw(',');
            Write(isNewFirst ? "OLD AS" : "NEW AS", isNewFirst ? node.OldAlias : node.NewAlias);
            Raw(')');
        }
        List(node.Items);
    }

    public override void VisitUpdateStatement(UpdateStatement node)
    {
        Visit(node.With);
        Word("UPDATE");
        Visit(node.Table);
        Word("SET");
        List(node.Assignments);
        From("FROM", node.From);
        Where(node.Where);
        Visit(node.Returning);
    }

    public override void VisitDeleteStatement(DeleteStatement node)
    {
        Visit(node.With);
        Word("DELETE FROM");
        Visit(node.Table);
        From("USING", node.Using);
        Where(node.Where);
        Visit(node.Returning);
    }

    public override void VisitMergeStatement(MergeStatement node)
    {
        Visit(node.With);
        Word("MERGE INTO");
        Visit(node.Table);
        Word("USING");
        Visit(node.Source);
        Word("ON");
        Visit(node.On);
        Sequence(node.Clauses);
        Visit(node.Returning);
    }

    public override void VisitMergeWhen(MergeWhen node)
    {
        Word(node.Match switch
        {
            MergeMatch.Matched => "WHEN MATCHED",
            MergeMatch.NotMatchedBySource => "WHEN NOT MATCHED BY SOURCE",
            _ => "WHEN NOT MATCHED",
        });
        if (node.Condition is not null)
        {
            Word("AND");
            Visit(node.Condition);
        }
        Word("THEN");
        switch (node.Operation)
        {
            case MergeOperation.DoNothing:
                Word("DO NOTHING");
                break;
            case MergeOperation.Update:
                Word("UPDATE SET");
                List(node.Assignments);
                break;
            case MergeOperation.Delete:
                Word("DELETE");
                break;
            default:
                WriteMergeInsert(node);
                break;
        }
    }

    private void WriteMergeInsert(MergeWhen node)
    {
        Word("INSERT");
        if (node.Values.Length == 0)
        {
            Word("DEFAULT VALUES");
            return;
        }
        if (node.Columns.Length > 0)
            InParentheses(node.Columns);
        Write(node.Overriding);
        Word("VALUES");
        InParentheses(node.Values);
    }

    public override void VisitTruncateStatement(TruncateStatement node)
    {
        Word("TRUNCATE TABLE");
        List(node.Tables);
        WordIf(node.RestartIdentity, "RESTART IDENTITY");
        Write(node.Behavior);
    }

    public override void VisitCopyStatement(CopyStatement node)
    {
        Word("COPY");
        if (node.Query is null)
        {
            Write(node.Table);
            NamesInParentheses(node.Columns);
        }
        else
        {
            Word("(");
            Visit(node.Query);
            Raw(')');
        }
        Word(node.IsFrom ? "FROM" : "TO");
        WordIf(node.IsProgram, "PROGRAM");
        if (node.File is null)
            Word(node.IsFrom ? "STDIN" : "STDOUT");
        else
            Visit(node.File);
        if (node.HasLegacyOptions)
        {
            foreach (var option in node.Options)
                LegacyCopyOption(option);
        }
        else if (node.Options.Length > 0)
        {
            Word("(");
            for (var i = 0; i < node.Options.Length; i++)
            {
                if (i > 0)
                    Raw(',');
                CopyOption(node.Options[i]);
            }
            Raw(')');
        }
        Where(node.Where);
    }

    private void CopyOption(OptionItem option)
    {
        Write(option.Name);
        if (!option.ValueName.IsEmpty)
            BareValue(option.ValueName);
        if (option.Value is not RowConstructor list)
        {
            Visit(option.Value);
            return;
        }
        Word("(");
        SettingValues(list.Items);
        Raw(')');
    }

    // gram.y copy_opt_item. These spellings make flags that the parenthesized ones do not.
    private void LegacyCopyOption(OptionItem option)
    {
        var name = option.Name.Text;
        switch (name)
        {
            case "format":
                Word(((Literal)option.Value!).GetText().ToUpperInvariant());
                return;
            case "force_quote" or "force_null" or "force_not_null":
                Word("FORCE");
                Word(name switch { "force_quote" => "QUOTE", "force_null" => "NULL", _ => "NOT NULL" });
                if (option.Value is RowConstructor columns)
                    List(columns.Items);
                else
                    Visit(option.Value);
                return;
        }
        Word(name.ToUpperInvariant());
        if (option.Value is Literal { Kind: LiteralKind.String })
            Visit(option.Value);
    }

    // `name value`, as COPY, EXPLAIN and foreign data options have it.
    private void WordOption(OptionItem option)
    {
        Write(option.Name);
        if (!option.ValueName.IsEmpty)
            BareValue(option.ValueName);
        Visit(option.Value);
    }

    // A bare word was accepted as one, keyword or not, and must stay one.
    private void BareValue(Name name)
    {
        if (name.IsQuoted || !PrintedNames.IsWord(name.Text))
            Identifier(name.Text);
        else
            Word(name.Text);
    }
}
