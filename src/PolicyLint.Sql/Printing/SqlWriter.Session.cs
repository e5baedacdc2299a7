using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql.Printing;

/// <content>SET, transactions, EXPLAIN, prepared statements, cursors, and what the tree keeps as text.</content>
internal sealed partial class SqlWriter
{
    public override void VisitSetStatement(SetStatement node)
    {
        if (node.Kind is SetKind.Reset or SetKind.ResetAll)
        {
            Word("RESET");
            if (node.Kind == SetKind.ResetAll)
                Word("ALL");
            else
                Write(node.Setting);
            return;
        }
        Word("SET");
        if (node.Scope != SetScope.Default)
            Word(node.Scope == SetScope.Local ? "LOCAL" : "SESSION");
        if (node.IsOwnSpelling)
        {
            WriteOwnSpelling(node);
            return;
        }
        Write(node.Setting);
        if (node.Kind == SetKind.FromCurrent)
        {
            Word("FROM CURRENT");
            return;
        }
        Word("TO");
        if (node.Kind == SetKind.Default)
            Word("DEFAULT");
        else
            SettingValues(node.Values);
    }

    private void WriteOwnSpelling(SetStatement node)
    {
        Word(node.Setting.Name.Text switch
        {
            "role" => "ROLE",
            "session_authorization" => "SESSION AUTHORIZATION",
            "timezone" => "TIME ZONE",
            "search_path" => "SCHEMA",
            "client_encoding" => "NAMES",
            _ => "XML OPTION",
        });
        if (node.Kind == SetKind.Default)
            WordIf(node.Setting.Name != "client_encoding", "DEFAULT");
        else
            SettingValues(node.Values);
    }

    private void SettingValues(Expression[] values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (i > 0)
                Raw(',');
            if (values[i] is ColumnReference { Name: { PartCount: 1 } word })
                BareValue(word.Name);
            else
                Visit(values[i]);
        }
    }

    public override void VisitTransactionModeStatement(TransactionModeStatement node)
    {
        Word(node.IsSessionCharacteristics ? "SET SESSION CHARACTERISTICS AS TRANSACTION" : node.IsLocal ? "SET LOCAL TRANSACTION" : "SET TRANSACTION");
        if (node.Snapshot is not null)
        {
            Word("SNAPSHOT");
            Visit(node.Snapshot);
        }
        TransactionModes(node.Modes);
    }

    // gram.y transaction_mode_item: the options are named as PostgreSQL's tree names them.
    private void TransactionModes(OptionItem[] modes)
    {
        for (var i = 0; i < modes.Length; i++)
        {
            if (i > 0)
                Raw(',');
            var mode = modes[i];
            var value = mode.ValueName.IsEmpty ? (mode.Value as Literal)?.GetText() ?? "" : mode.ValueName.Text;
            var isOn = mode.Value is Literal { Kind: LiteralKind.True } || value is "true" or "on" or "1";
            switch (mode.Name.Text)
            {
                case "transaction_isolation":
                    Word("ISOLATION LEVEL");
                    Word(value.ToUpperInvariant());
                    break;
                case "transaction_read_only":
                    Word(isOn ? "READ ONLY" : "READ WRITE");
                    break;
                default:
                    Word(isOn ? "DEFERRABLE" : "NOT DEFERRABLE");
                    break;
            }
        }
    }

    public override void VisitShowStatement(ShowStatement node)
    {
        Word("SHOW");
        if (node.Setting.PartCount == 1 && node.Setting.Name == "all" && !node.Setting.Name.IsQuoted)
            Word("ALL");
        else
            Write(node.Setting);
    }

    public override void VisitTransactionStatement(TransactionStatement node)
    {
        Word(node.Operation switch
        {
            TransactionOperation.Begin => "BEGIN",
            TransactionOperation.Start => "START TRANSACTION",
            TransactionOperation.Commit => "COMMIT",
            TransactionOperation.Rollback => "ROLLBACK",
            TransactionOperation.Savepoint => "SAVEPOINT",
            TransactionOperation.Release => "RELEASE SAVEPOINT",
            TransactionOperation.RollbackTo => "ROLLBACK TO SAVEPOINT",
            TransactionOperation.PrepareTransaction => "PREPARE TRANSACTION",
            TransactionOperation.CommitPrepared => "COMMIT PREPARED",
            _ => "ROLLBACK PREPARED",
        });
        TransactionModes(node.Modes);
        Write(node.Savepoint);
        Visit(node.TransactionId);
        WordIf(node.IsChain, "AND CHAIN");
    }

    public override void VisitExplainStatement(ExplainStatement node)
    {
        Word("EXPLAIN");
        if (node.Options.Length > 0)
        {
            Word("(");
            for (var i = 0; i < node.Options.Length; i++)
            {
                if (i > 0)
                    Raw(',');
                KeywordName(node.Options[i].Name);
                if (!node.Options[i].ValueName.IsEmpty)
                    BareValue(node.Options[i].ValueName);
                Visit(node.Options[i].Value);
            }
            Raw(')');
        }
        Visit(node.Statement);
    }

    public override void VisitPrepareStatement(PrepareStatement node)
    {
        Word("PREPARE");
        Write(node.Name);
        if (node.Types.Length > 0)
            InParentheses(node.Types);
        Word("AS");
        Visit(node.Statement);
    }

    public override void VisitExecuteStatement(ExecuteStatement node)
    {
        Word("EXECUTE");
        Write(node.Name);
        if (node.Arguments.Length > 0)
            InParentheses(node.Arguments);
    }

    public override void VisitDeallocateStatement(DeallocateStatement node)
    {
        Word("DEALLOCATE");
        if (node.Name.IsEmpty)
            Word("ALL");
        else
            Write(node.Name);
    }

    public override void VisitDeclareCursorStatement(DeclareCursorStatement node)
    {
        Word("DECLARE");
        Write(node.Name);
        WordIf(node.Options.Length > 0, node.Options.ToUpperInvariant());
        Word(node.WithHold ? "CURSOR WITH HOLD FOR" : "CURSOR FOR");
        Visit(node.Query);
    }

    public override void VisitLockStatement(LockStatement node)
    {
        Word("LOCK TABLE");
        List(node.Tables);
        if (node.Mode.Length > 0)
        {
            Word("IN");
            Word(node.Mode.ToUpperInvariant());
            Word("MODE");
        }
        WordIf(node.IsNoWait, "NOWAIT");
    }

    public override void VisitOtherStatement(OtherStatement node) => Word(node.GetText());

    public override void VisitPsqlCommand(PsqlCommand node)
    {
        Word("\\" + node.Command);
        WordIf(node.Arguments.Length > 0, node.Arguments);
    }

    // There is no text that could be parsed back: the source is not part of the node.
    public override void VisitBrokenStatement(BrokenStatement node) => Word(node.Keywords);
}
