using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql.Parsing;

/// <content>SET and RESET, transactions, EXPLAIN, prepared statements, cursors, LOCK.</content>
internal sealed partial class SqlStatementParser
{
    private Statement ParseSet()
    {
        var start = Start;
        Expect(Keyword.Set);
        if (At(Keyword.Constraints))
            return SetConstraints(start);
        var scope = SetScope.Default;
        if (At(Keyword.Local) && !PeekIsAssignment(1))
        {
            Advance();
            scope = SetScope.Local;
        }
        else if (At(Keyword.Session) && !PeekIs(1, Keyword.Authorization) && !PeekIs(1, Keyword.Characteristics) && !PeekIsAssignment(1))
        {
            Advance();
            scope = SetScope.Session;
        }
        return SetRest(start, scope, mayBeTransaction: true);
    }

    private bool PeekIsAssignment(int ahead) => PeekIs(ahead, Keyword.To) || PeekIs(ahead, TokenKind.Equals) || PeekIs(ahead, TokenKind.Dot);

    // SET CONSTRAINTS ALL|names DEFERRED|IMMEDIATE
    private OtherStatement SetConstraints(int start)
    {
        Advance();
        if (!Accept(Keyword.All))
            CommaList(static parser => parser.QualifiedName());
        if (!Accept(Keyword.Deferred))
            Expect(Keyword.Immediate);
        return OtherFrom(start);
    }

    // gram.y set_rest, set_rest_more, generic_set.
    private Statement SetRest(int start, SetScope scope, bool mayBeTransaction)
    {
        if (At(Keyword.Transaction) && !PeekIsAssignment(1))
            return SetTransaction(start, scope, mayBeTransaction);
        if (mayBeTransaction && At(Keyword.Session) && PeekIs(1, Keyword.Characteristics))
        {
            Advance();
            Advance();
            Expect(Keyword.As);
            Expect(Keyword.Transaction);
            return new TransactionModeStatement { Start = start, IsSessionCharacteristics = true, IsLocal = scope == SetScope.Local, Modes = TransactionModes(), End = LastEnd };
        }
        if (OwnSpelling(start, scope) is { } own)
            return own;
        var setting = SettingName();
        if (Accept(Keyword.From))
        {
            Expect(Keyword.Current);
            return new SetStatement { Start = start, Scope = scope, Kind = SetKind.FromCurrent, Setting = setting, End = LastEnd };
        }
        if (!Accept(Keyword.To))
            Expect(TokenKind.Equals);
        if (Accept(Keyword.Default))
            return new SetStatement { Start = start, Scope = scope, Kind = SetKind.Default, Setting = setting, End = LastEnd };
        var values = CommaList(static parser => parser.SettingValue());
        return new SetStatement { Start = start, Scope = scope, Setting = setting, Values = values, End = LastEnd };
    }

    private ObjectName SettingName()
    {
        var first = ColumnId();
        if (!Accept(TokenKind.Dot))
            return new ObjectName(first);
        var parts = new List<Name> { first };
        do
            parts.Add(ColumnId());
        while (Accept(TokenKind.Dot));
        return FromParts(parts);
    }

    // gram.y var_value: a word stands for its text.
    private Expression SettingValue()
    {
        if (AtNumber())
            return SignedNumber();
        if (At(TokenKind.Colon) && AtPsqlValue())
            return PsqlValue();
        return BooleanOrString();
    }

    private Statement SetTransaction(int start, SetScope scope, bool mayHaveModes)
    {
        Advance();
        if (Accept(Keyword.Snapshot))
            return new TransactionModeStatement { Start = start, IsLocal = scope == SetScope.Local, Snapshot = StringLiteral(), End = LastEnd };
        if (!mayHaveModes)
            throw Unexpected();
        return new TransactionModeStatement { Start = start, IsLocal = scope == SetScope.Local, Modes = TransactionModes(), End = LastEnd };
    }

    // TIME ZONE, SCHEMA, NAMES, ROLE, SESSION AUTHORIZATION, XML OPTION; null where none of them stands.
    private SetStatement? OwnSpelling(int start, SetScope scope)
    {
        var nameStart = Start;
        if (PeekIsAssignment(1) || PeekIs(1, Keyword.From))
            return null;
        if (AcceptPair(Keyword.Time, Keyword.Zone))
        {
            var setting = OwnName("timezone", nameStart);
            return Accept(Keyword.Default) || Accept(Keyword.Local) ? OwnDefault(start, scope, setting) : Own(start, scope, setting, ZoneValue());
        }
        if (At(Keyword.Catalog) && PeekIs(1, TokenKind.String))
        {
            Advance();
            throw ErrorHere("current database cannot be changed");
        }
        if (At(Keyword.Schema) && PeekIs(1, TokenKind.String))
        {
            Advance();
            return Own(start, scope, OwnName("search_path", nameStart), StringLiteral());
        }
        if (Accept(Keyword.Names))
        {
            var setting = OwnName("client_encoding", nameStart);
            if (At(TokenKind.String))
                return Own(start, scope, setting, StringLiteral());
            Accept(Keyword.Default);
            return OwnDefault(start, scope, setting);
        }
        if (Accept(Keyword.Role))
            return Own(start, scope, OwnName("role", nameStart), WordOrString());
        if (AcceptPair(Keyword.Session, Keyword.Authorization))
        {
            var setting = OwnName("session_authorization", nameStart);
            return Accept(Keyword.Default) ? OwnDefault(start, scope, setting) : Own(start, scope, setting, WordOrString());
        }
        if (!AcceptPair(Keyword.Xml, Keyword.Option))
            return null;
        var option = OwnName("xmloption", nameStart);
        var valueStart = Start;
        if (!At(Keyword.Document) && !At(Keyword.Content))
            throw Unexpected();
        return Own(start, scope, option, new ColumnReference { Start = valueStart, Name = new(Label()), End = LastEnd });
    }

    private ObjectName OwnName(string name, int start) => new(new Name(name, start, LastEnd - start));

    private SetStatement Own(int start, SetScope scope, ObjectName setting, Expression value) =>
        new() { Start = start, Scope = scope, Setting = setting, Values = [value], IsOwnSpelling = true, End = LastEnd };

    private SetStatement OwnDefault(int start, SetScope scope, ObjectName setting) =>
        new() { Start = start, Scope = scope, Kind = SetKind.Default, Setting = setting, IsOwnSpelling = true, End = LastEnd };

    // gram.y zone_value.
    private Expression ZoneValue()
    {
        var start = Start;
        if (At(TokenKind.String))
            return StringLiteral();
        if (At(Keyword.Interval))
            return IntervalConstant(start);
        if (AtNumber())
            return SignedNumber();
        if (!At(TokenKind.Identifier))
            throw Unexpected();
        return new ColumnReference { Start = start, Name = new(ColumnId()), End = LastEnd };
    }

    private CastExpression IntervalConstant(int start)
    {
        var constant = TypedConstant(start) ?? throw Unexpected();
        if (constant.Type.IntervalFields is not (IntervalFields.None or IntervalFields.Hour or IntervalFields.HourToMinute))
            throw ErrorAt(constant.Operand.End, "time zone interval must be HOUR or HOUR TO MINUTE");
        return constant;
    }

    /// <summary>RESET name | ALL | TIME ZONE | TRANSACTION ISOLATION LEVEL | SESSION AUTHORIZATION</summary>
    private SetStatement ParseReset()
    {
        var start = Start;
        Expect(Keyword.Reset);
        if (Accept(Keyword.All))
            return new SetStatement { Start = start, Kind = SetKind.ResetAll, End = LastEnd };
        return new SetStatement { Start = start, Kind = SetKind.Reset, Setting = ShownName(), End = LastEnd };
    }

    private ObjectName ShownName()
    {
        var start = Start;
        if (AcceptPair(Keyword.Time, Keyword.Zone))
            return OwnName("timezone", start);
        if (AcceptPair(Keyword.Session, Keyword.Authorization))
            return OwnName("session_authorization", start);
        if (!AcceptPair(Keyword.Transaction, Keyword.Isolation))
            return SettingName();
        Expect(Keyword.Level);
        return OwnName("transaction_isolation", start);
    }

    // gram.y FunctionSetResetClause.
    private SetStatement FunctionSetClause()
    {
        if (At(Keyword.Reset))
            return ParseReset();
        var start = Start;
        Expect(Keyword.Set);
        if (SetRest(start, SetScope.Default, mayBeTransaction: false) is SetStatement setting)
            return setting;
        throw UnexpectedPrevious();
    }

    // gram.y SetResetClause, of roles and databases; null where it sets transaction modes, which no such statement can mean.
    private Statement SetResetClause()
    {
        if (At(Keyword.Reset))
            return ParseReset();
        var start = Start;
        Expect(Keyword.Set);
        return SetRest(start, SetScope.Default, mayBeTransaction: true);
    }

    private ShowStatement ParseShow()
    {
        var start = Start;
        Expect(Keyword.Show);
        var name = At(Keyword.All) ? new ObjectName(Label()) : ShownName();
        return new ShowStatement { Start = start, Setting = name, End = LastEnd };
    }

    // gram.y transaction_mode_list: items with commas or without.
    private OptionItem[] TransactionModes()
    {
        var modes = new List<OptionItem>();
        do
        {
            modes.Add(TransactionMode());
            if (At(TokenKind.Comma))
            {
                Advance();
                if (!AtTransactionMode())
                    throw Unexpected();
            }
        }
        while (AtTransactionMode());
        return modes.ToArray();
    }

    private bool AtTransactionMode() => At(Keyword.Isolation) || At(Keyword.Read) || At(Keyword.Deferrable) || At(Keyword.Not);

    private OptionItem TransactionMode()
    {
        var start = Start;
        if (Accept(Keyword.Isolation))
        {
            Expect(Keyword.Level);
            var levelStart = Start;
            var level = "serializable";
            if (Accept(Keyword.Read))
            {
                level = At(Keyword.Committed) ? "read committed" : "read uncommitted";
                if (!Accept(Keyword.Committed))
                    Expect(Keyword.Uncommitted);
            }
            else if (Accept(Keyword.Repeatable))
            {
                Expect(Keyword.Read);
                level = "repeatable read";
            }
            else
            {
                Expect(Keyword.Serializable);
            }
            return Mode(start, "transaction_isolation", new Name(level, levelStart, LastEnd - levelStart));
        }
        if (Accept(Keyword.Read))
        {
            var isOnly = Accept(Keyword.Only);
            if (!isOnly)
                Expect(Keyword.Write);
            return Mode(start, "transaction_read_only", new Name(isOnly ? "on" : "off", start, LastEnd - start));
        }
        var isNot = Accept(Keyword.Not);
        Expect(Keyword.Deferrable);
        return Mode(start, "transaction_deferrable", new Name(isNot ? "off" : "on", start, LastEnd - start));
    }

    private OptionItem Mode(int start, string name, Name value) =>
        new() { Start = start, Name = new Name(name, start, LastEnd - start), ValueName = value, End = LastEnd };

    private TransactionStatement ParseTransaction()
    {
        var start = Start;
        var keyword = _tokens[Position].Keyword;
        Advance();
        switch (keyword)
        {
            case Keyword.Begin:
                AcceptTransactionWord();
                return Transaction(start, TransactionOperation.Begin, AtTransactionMode() ? TransactionModes() : []);
            case Keyword.Start:
                Expect(Keyword.Transaction);
                return Transaction(start, TransactionOperation.Start, AtTransactionMode() ? TransactionModes() : []);
            case Keyword.Savepoint:
                return AtSavepoint(start, TransactionOperation.Savepoint);
            case Keyword.Release:
                Accept(Keyword.Savepoint);
                return AtSavepoint(start, TransactionOperation.Release);
            case Keyword.Commit or Keyword.End:
                if (keyword == Keyword.Commit && Accept(Keyword.Prepared))
                    return WithTransactionId(start, TransactionOperation.CommitPrepared);
                AcceptTransactionWord();
                return Chained(start, TransactionOperation.Commit);
        }
        if (keyword == Keyword.Rollback && Accept(Keyword.Prepared))
            return WithTransactionId(start, TransactionOperation.RollbackPrepared);
        AcceptTransactionWord();
        if (keyword != Keyword.Rollback || !Accept(Keyword.To))
            return Chained(start, TransactionOperation.Rollback);
        Accept(Keyword.Savepoint);
        return AtSavepoint(start, TransactionOperation.RollbackTo);
    }

    private void AcceptTransactionWord()
    {
        if (!Accept(Keyword.Work))
            Accept(Keyword.Transaction);
    }

    private TransactionStatement Transaction(int start, TransactionOperation operation, OptionItem[] modes) =>
        new() { Start = start, Operation = operation, Modes = modes, End = LastEnd };

    private TransactionStatement AtSavepoint(int start, TransactionOperation operation) =>
        new() { Start = start, Operation = operation, Savepoint = ColumnId(), End = LastEnd };

    private TransactionStatement WithTransactionId(int start, TransactionOperation operation) =>
        new() { Start = start, Operation = operation, TransactionId = StringLiteral(), End = LastEnd };

    // [AND [NO] CHAIN]
    private TransactionStatement Chained(int start, TransactionOperation operation)
    {
        var isChain = false;
        if (Accept(Keyword.And))
        {
            isChain = !Accept(Keyword.No);
            Expect(Keyword.Chain);
        }
        return new TransactionStatement { Start = start, Operation = operation, IsChain = isChain, End = LastEnd };
    }

    private Statement ParsePrepare()
    {
        var start = Start;
        Expect(Keyword.Prepare);
        if (At(Keyword.Transaction) && PeekIs(1, TokenKind.String))
        {
            Advance();
            return WithTransactionId(start, TransactionOperation.PrepareTransaction);
        }
        var name = ColumnId();
        TypeName[] types = [];
        if (Accept(TokenKind.OpenParen))
        {
            types = CommaList(static parser => parser.TypeName());
            Expect(TokenKind.CloseParen);
        }
        Expect(Keyword.As);
        return new PrepareStatement { Start = start, Name = name, Types = types, Statement = PreparableStatement(), End = LastEnd };
    }

    private ExecuteStatement ParseExecute()
    {
        var start = Start;
        Expect(Keyword.Execute);
        var name = ColumnId();
        Expression[] arguments = At(TokenKind.OpenParen) ? ExpressionsInParentheses() : [];
        return new ExecuteStatement { Start = start, Name = name, Arguments = arguments, End = LastEnd };
    }

    private DeallocateStatement ParseDeallocate()
    {
        var start = Start;
        Expect(Keyword.Deallocate);
        if (At(Keyword.Prepare) && (PeekIsColumnId(1) || PeekIs(1, Keyword.All)))
            Advance();
        var name = Accept(Keyword.All) ? default : ColumnId();
        return new DeallocateStatement { Start = start, Name = name, End = LastEnd };
    }

    // DECLARE name [options] CURSOR [WITH|WITHOUT HOLD] FOR query
    private DeclareCursorStatement ParseDeclare()
    {
        var start = Start;
        Expect(Keyword.Declare);
        var name = ColumnId();
        var options = "";
        while (!At(Keyword.Cursor))
        {
            var word = Accept(Keyword.No) ? "no scroll"
                : At(Keyword.Scroll) ? "scroll" : At(Keyword.Binary) ? "binary" : At(Keyword.Asensitive) ? "asensitive" : At(Keyword.Insensitive) ? "insensitive" : throw Unexpected();
            if (word == "no scroll" && !At(Keyword.Scroll))
                throw Unexpected();
            Advance();
            options = options.Length == 0 ? word : options + " " + word;
        }
        Advance();
        var withHold = At(Keyword.With);
        if (withHold || At(Keyword.Without))
        {
            Advance();
            Expect(Keyword.Hold);
        }
        Expect(Keyword.For);
        return new DeclareCursorStatement { Start = start, Name = name, Options = options, WithHold = withHold, Query = Query(), End = LastEnd };
    }

    // LOCK [TABLE] tables [IN mode MODE] [NOWAIT]
    private LockStatement ParseLock()
    {
        var start = Start;
        Expect(Keyword.Lock);
        Accept(Keyword.Table);
        var tables = CommaList(static parser => parser.RelationOnly());
        var mode = "";
        if (Accept(Keyword.In))
        {
            mode = LockMode();
            Expect(Keyword.Mode);
        }
        var isNoWait = Accept(Keyword.Nowait);
        return new LockStatement { Start = start, Tables = tables, Mode = mode, IsNoWait = isNoWait, End = LastEnd };
    }

    // gram.y lock_type.
    private string LockMode()
    {
        if (Accept(Keyword.Access))
        {
            if (Accept(Keyword.Share))
                return "access share";
            Expect(Keyword.Exclusive);
            return "access exclusive";
        }
        if (Accept(Keyword.Row))
        {
            if (Accept(Keyword.Share))
                return "row share";
            Expect(Keyword.Exclusive);
            return "row exclusive";
        }
        if (Accept(Keyword.Exclusive))
            return "exclusive";
        Expect(Keyword.Share);
        if (Accept(Keyword.Update))
        {
            Expect(Keyword.Exclusive);
            return "share update exclusive";
        }
        if (!Accept(Keyword.Row))
            return "share";
        Expect(Keyword.Exclusive);
        return "share row exclusive";
    }

    // EXPLAIN [ANALYZE] [VERBOSE] statement | EXPLAIN (options) statement
    private ExplainStatement ParseExplain()
    {
        var start = Start;
        Expect(Keyword.Explain);
        OptionItem[] options = [];
        if (At(TokenKind.OpenParen) && !IsQueryInParentheses())
        {
            RefuseNestedParentheses();
            Advance();
            options = CommaList(static parser => parser.UtilityOption());
            Expect(TokenKind.CloseParen);
        }
        else
        {
            var words = new List<OptionItem>();
            if (At(Keyword.Analyze) || At(Keyword.Analyse))
                words.Add(BareOption("analyze"));
            if (At(Keyword.Verbose))
                words.Add(BareOption("verbose"));
            options = words.ToArray();
        }
        var statement = ExplainedStatement();
        return new ExplainStatement { Start = start, Options = options, Statement = statement, End = LastEnd };
    }

    private OptionItem BareOption(string name)
    {
        var start = Start;
        Advance();
        return new OptionItem { Start = start, Name = new Name(name, start, LastEnd - start), End = LastEnd };
    }

    // gram.y utility_option_elem.
    private OptionItem UtilityOption()
    {
        var start = Start;
        var name = At(Keyword.Analyze) || At(Keyword.Analyse) ? BareOption("analyze").Name : At(Keyword.Format) ? TakeName() : NonReservedWord();
        if (At(TokenKind.Comma) || At(TokenKind.CloseParen))
            return new OptionItem { Start = start, Name = name, End = LastEnd };
        return OptionValue(start, name);
    }

    // gram.y ExplainableStmt.
    private Statement ExplainedStatement()
    {
        if (At(Keyword.Declare))
            return ParseDeclare();
        if (At(Keyword.Refresh))
            return RefreshMaterializedView();
        if (At(Keyword.Execute))
            return ParseExecute();
        if (!At(Keyword.Create))
            return PreparableStatement();
        var ahead = 1;
        while (PeekIs(ahead, Keyword.Temp) || PeekIs(ahead, Keyword.Temporary) || PeekIs(ahead, Keyword.Local) || PeekIs(ahead, Keyword.Global) || PeekIs(ahead, Keyword.Unlogged))
            ahead++;
        if (!PeekIs(ahead, Keyword.Table) && !PeekIs(ahead, Keyword.Materialized))
        {
            Position += ahead;
            throw Unexpected();
        }
        var created = ParseCreate();
        return created is CreateTableAsStatement ? created : throw Unexpected();
    }
}
