using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql.Parsing;

/// <content>INSERT, UPDATE, DELETE, MERGE, TRUNCATE, COPY.</content>
internal sealed partial class SqlStatementParser
{
    // INSERT INTO table [AS a] [(columns)] [OVERRIDING USER|SYSTEM VALUE] query|DEFAULT VALUES [ON CONFLICT …] [RETURNING …]
    private InsertStatement Insert(int start, WithClause? with)
    {
        Expect(Keyword.Insert);
        Expect(Keyword.Into);
        var table = QualifiedName();
        var alias = Accept(Keyword.As) ? ColumnId() : default;
        AssignmentTarget[] columns = [];
        if (At(TokenKind.OpenParen) && !IsQueryInParentheses())
        {
            RefuseNestedParentheses();
            columns = Targets();
        }
        var overriding = Overriding();
        QueryStatement? source = null;
        if (columns.Length == 0 && overriding == InsertOverriding.None && At(Keyword.Default))
        {
            Advance();
            Expect(Keyword.Values);
        }
        else
        {
            source = Query();
        }
        var conflict = At(Keyword.On) ? OnConflict() : null;
        var returning = Returning();
        return new InsertStatement
        {
            Start = start, With = with, Table = table, Alias = alias, Columns = columns, Overriding = overriding, Source = source, OnConflict = conflict, Returning = returning,
            End = LastEnd,
        };
    }

    private InsertOverriding Overriding()
    {
        if (!Accept(Keyword.Overriding))
            return InsertOverriding.None;
        var isUser = Accept(Keyword.User);
        if (!isUser)
            Expect(Keyword.System);
        Expect(Keyword.Value);
        return isUser ? InsertOverriding.User : InsertOverriding.System;
    }

    private AssignmentTarget[] Targets()
    {
        Expect(TokenKind.OpenParen);
        var targets = CommaList(static parser => parser.AssignmentTarget());
        Expect(TokenKind.CloseParen);
        return targets;
    }

    // ColId opt_indirection
    private AssignmentTarget AssignmentTarget()
    {
        var start = Start;
        var column = ColumnId();
        if (!At(TokenKind.Dot) && !At(TokenKind.OpenBracket))
            return new AssignmentTarget { Start = start, Column = column, End = LastEnd };
        var reference = new ColumnReference { Start = start, Name = new(column), End = LastEnd };
        return new AssignmentTarget { Start = start, Column = column, Path = Indirection(start, reference), End = LastEnd };
    }

    // ON CONFLICT [(elements) [WHERE e] | ON CONSTRAINT c] DO NOTHING | DO UPDATE SET … [WHERE e]
    private OnConflictClause OnConflict()
    {
        var start = Start;
        Expect(Keyword.On);
        Expect(Keyword.Conflict);
        IndexElement[] target = [];
        Expression? targetWhere = null;
        Name constraint = default;
        if (Accept(TokenKind.OpenParen))
        {
            target = CommaList(static parser => parser.IndexElement());
            Expect(TokenKind.CloseParen);
            if (Accept(Keyword.Where))
                targetWhere = Expression();
        }
        else if (Accept(Keyword.On))
        {
            Expect(Keyword.Constraint);
            constraint = ColumnId();
        }
        Expect(Keyword.Do);
        if (Accept(Keyword.Nothing))
            return new OnConflictClause { Start = start, Target = target, TargetWhere = targetWhere, Constraint = constraint, End = LastEnd };
        Expect(Keyword.Update);
        var assignments = SetClause();
        var where = Accept(Keyword.Where) ? Expression() : null;
        return new OnConflictClause
        {
            Start = start, Target = target, TargetWhere = targetWhere, Constraint = constraint, IsDoUpdate = true, Assignments = assignments, Where = where, End = LastEnd,
        };
    }

    private Assignment[] SetClause()
    {
        Expect(Keyword.Set);
        return CommaList(static parser => parser.Assignment());
    }

    private Assignment Assignment()
    {
        var start = Start;
        var isMultiple = At(TokenKind.OpenParen);
        var targets = isMultiple ? Targets() : [AssignmentTarget()];
        Expect(TokenKind.Equals);
        return new Assignment { Start = start, Targets = targets, IsMultiple = isMultiple, Value = Expression(), End = LastEnd };
    }

    // RETURNING [WITH (OLD AS o, NEW AS n)] targets
    private ReturningClause? Returning()
    {
        var start = Start;
        if (!Accept(Keyword.Returning))
            return null;
        Name oldAlias = default, newAlias = default;
        if (At(Keyword.With) && PeekIs(1, TokenKind.OpenParen))
        {
            Advance();
            Advance();
            do
            {
                var isOld = At(Keyword.Old);
                if (!isOld && !At(Keyword.New))
                    throw Unexpected();
                Advance();
                Expect(Keyword.As);
                _hasNoRoom |= isOld ? !oldAlias.IsEmpty : !newAlias.IsEmpty;
                if (isOld)
                    oldAlias = ColumnId();
                else
                    newAlias = ColumnId();
            }
            while (Accept(TokenKind.Comma));
            Expect(TokenKind.CloseParen);
        }
        var items = CommaList(static parser => parser.Target());
        return new ReturningClause { Start = start, OldAlias = oldAlias, NewAlias = newAlias, Items = items, End = LastEnd };
    }

    private UpdateStatement Update(int start, WithClause? with)
    {
        Expect(Keyword.Update);
        var table = TargetTable();
        var assignments = SetClause();
        var from = Accept(Keyword.From) ? CommaList(static parser => parser.TableReference()) : [];
        var where = WhereOrCurrent();
        var returning = Returning();
        return new UpdateStatement { Start = start, With = with, Table = table, Assignments = assignments, From = from, Where = where, Returning = returning, End = LastEnd };
    }

    // WHERE e | WHERE CURRENT OF cursor
    private Expression? WhereOrCurrent()
    {
        if (!Accept(Keyword.Where))
            return null;
        if (!At(Keyword.Current) || !PeekIs(1, Keyword.Of))
            return Expression();
        var start = Start;
        Advance();
        Advance();
        return new CurrentOf { Start = start, Cursor = ColumnId(), End = LastEnd };
    }

    private DeleteStatement Delete(int start, WithClause? with)
    {
        Expect(Keyword.Delete);
        Expect(Keyword.From);
        var table = TargetTable();
        var tables = Accept(Keyword.Using) ? CommaList(static parser => parser.TableReference()) : [];
        var where = WhereOrCurrent();
        var returning = Returning();
        return new DeleteStatement { Start = start, With = with, Table = table, Using = tables, Where = where, Returning = returning, End = LastEnd };
    }

    private MergeStatement Merge(int start, WithClause? with)
    {
        Expect(Keyword.Merge);
        Expect(Keyword.Into);
        var table = TargetTable();
        Expect(Keyword.Using);
        var source = TableReference();
        Expect(Keyword.On);
        var on = Expression();
        var clauses = new List<MergeWhen>();
        do
            clauses.Add(MergeWhen());
        while (At(Keyword.When));
        var returning = Returning();
        return new MergeStatement { Start = start, With = with, Table = table, Source = source, On = on, Clauses = clauses.ToArray(), Returning = returning, End = LastEnd };
    }

    // WHEN [NOT] MATCHED [BY SOURCE|TARGET] [AND e] THEN action. gram.y merge_when_clause.
    private MergeWhen MergeWhen()
    {
        var start = Start;
        Expect(Keyword.When);
        var match = MergeMatch.Matched;
        if (Accept(Keyword.Not))
            match = MergeMatch.NotMatchedByTarget;
        Expect(Keyword.Matched);
        if (match != MergeMatch.Matched && Accept(Keyword.By))
        {
            if (Accept(Keyword.Source))
                match = MergeMatch.NotMatchedBySource;
            else
                Expect(Keyword.Target);
        }
        var condition = Accept(Keyword.And) ? Expression() : null;
        Expect(Keyword.Then);
        if (Accept(Keyword.Do))
        {
            Expect(Keyword.Nothing);
            return new MergeWhen { Start = start, Match = match, Condition = condition, End = LastEnd };
        }
        if (match == MergeMatch.NotMatchedByTarget)
            return MergeInsert(start, condition);
        if (Accept(Keyword.Delete))
            return new MergeWhen { Start = start, Match = match, Condition = condition, Operation = MergeOperation.Delete, End = LastEnd };
        Expect(Keyword.Update);
        return new MergeWhen { Start = start, Match = match, Condition = condition, Operation = MergeOperation.Update, Assignments = SetClause(), End = LastEnd };
    }

    private MergeWhen MergeInsert(int start, Expression? condition)
    {
        Expect(Keyword.Insert);
        AssignmentTarget[] columns = [];
        var overriding = InsertOverriding.None;
        Expression[] values = [];
        if (Accept(Keyword.Default))
        {
            Expect(Keyword.Values);
        }
        else
        {
            if (At(TokenKind.OpenParen))
                columns = Targets();
            overriding = Overriding();
            Expect(Keyword.Values);
            values = ExpressionsInParentheses();
        }
        return new MergeWhen
        {
            Start = start, Match = MergeMatch.NotMatchedByTarget, Condition = condition, Operation = MergeOperation.Insert, Columns = columns, Overriding = overriding,
            Values = values, End = LastEnd,
        };
    }

    // TRUNCATE [TABLE] tables [CONTINUE|RESTART IDENTITY] [CASCADE|RESTRICT]
    private TruncateStatement ParseTruncate()
    {
        var start = Start;
        Expect(Keyword.Truncate);
        Accept(Keyword.Table);
        var tables = CommaList(static parser => parser.RelationOnly());
        var isRestart = At(Keyword.Restart);
        if (isRestart || At(Keyword.Continue))
        {
            Advance();
            Expect(Keyword.Identity);
        }
        return new TruncateStatement { Start = start, Tables = tables, RestartIdentity = isRestart, Behavior = DropBehavior(), End = LastEnd };
    }

    // COPY [BINARY] table [(columns)] FROM|TO … | COPY (query) TO …. gram.y CopyStmt.
    private CopyStatement ParseCopy()
    {
        var start = Start;
        Expect(Keyword.Copy);
        ObjectName table = default;
        Name[] columns = [];
        Statement? query = null;
        var options = new List<OptionItem>();
        if (Accept(TokenKind.OpenParen))
        {
            query = PreparableStatement();
            Expect(TokenKind.CloseParen);
        }
        else
        {
            if (At(Keyword.Binary))
                options.Add(LegacyOption("format", "binary"));
            table = QualifiedName();
            columns = OptionalColumnList();
        }
        var isFrom = query is null && Accept(Keyword.From);
        if (!isFrom)
            Expect(Keyword.To);
        var isProgram = Accept(Keyword.Program);
        Literal? file = null;
        if (At(Keyword.Stdin) || At(Keyword.Stdout))
        {
            if (isProgram)
                throw ErrorHere("STDIN/STDOUT not allowed with PROGRAM");
            Advance();
        }
        else
        {
            file = StringLiteral();
        }
        var hasLegacyOptions = options.Count > 0;
        if (query is null && (At(Keyword.Delimiters) || (At(Keyword.Using) && PeekIs(1, Keyword.Delimiters))))
        {
            Accept(Keyword.Using);
            var optionStart = Start;
            Advance();
            options.Add(new OptionItem { Start = optionStart, Name = new Name("delimiter", optionStart, LastEnd - optionStart), Value = StringLiteral(), End = LastEnd });
            hasLegacyOptions = true;
        }
        Accept(Keyword.With);
        if (Accept(TokenKind.OpenParen))
        {
            options.AddRange(CommaList(static parser => parser.CopyOption()));
            Expect(TokenKind.CloseParen);
            hasLegacyOptions = false;
        }
        else
        {
            while (LegacyCopyOption() is { } option)
            {
                options.Add(option);
                hasLegacyOptions = true;
            }
        }
        Expression? where = null;
        if (query is null && At(Keyword.Where))
        {
            if (!isFrom)
            {
                var whereStart = Start;
                Advance();
                Expression();
                throw ErrorAt(whereStart, "WHERE clause not allowed with COPY TO");
            }
            Advance();
            where = Expression();
        }
        return new CopyStatement
        {
            Start = start, Table = table, Columns = columns, Query = query, IsFrom = isFrom, IsProgram = isProgram, File = file, Options = options.ToArray(),
            HasLegacyOptions = hasLegacyOptions, Where = where, End = LastEnd,
        };
    }

    // gram.y copy_generic_opt_elem: name [word | string | number | * | DEFAULT | (list)].
    private OptionItem CopyOption()
    {
        var start = Start;
        var name = Label();
        if (At(TokenKind.Comma) || At(TokenKind.CloseParen))
            return new OptionItem { Start = start, Name = name, End = LastEnd };
        if (At(TokenKind.OpenParen))
        {
            var listStart = Start;
            Advance();
            var items = CommaList(static parser => parser.BooleanOrString());
            Expect(TokenKind.CloseParen);
            var list = new RowConstructor { Start = listStart, Items = items, End = LastEnd };
            return new OptionItem { Start = start, Name = name, Value = list, End = LastEnd };
        }
        if (At(TokenKind.Star))
        {
            var starStart = Start;
            Advance();
            return new OptionItem { Start = start, Name = name, Value = new ColumnReference { Start = starStart, IsStar = true, End = LastEnd }, End = LastEnd };
        }
        if (At(Keyword.Default))
            return new OptionItem { Start = start, Name = name, ValueName = Label(), End = LastEnd };
        return OptionValue(start, name);
    }

    // A word, a string, or a number. gram.y opt_boolean_or_string, NumericOnly.
    private OptionItem OptionValue(int start, Name name)
    {
        if (AtNumber() || At(TokenKind.Plus) || At(TokenKind.Minus))
            return new OptionItem { Start = start, Name = name, Value = SignedNumber(), End = LastEnd };
        if (At(TokenKind.String))
            return new OptionItem { Start = start, Name = name, Value = StringLiteral(), End = LastEnd };
        return new OptionItem { Start = start, Name = name, ValueName = BooleanWord(), End = LastEnd };
    }

    private Name BooleanWord() => At(Keyword.True) || At(Keyword.False) || At(Keyword.On) ? Label() : NonReservedWord();

    private Expression BooleanOrString()
    {
        if (At(TokenKind.String))
            return StringLiteral();
        var start = Start;
        return new ColumnReference { Start = start, Name = new(BooleanWord()), End = LastEnd };
    }

    private OptionItem LegacyOption(string name, string value)
    {
        var start = Start;
        Advance();
        var literal = new Literal { Start = start, Kind = LiteralKind.String, Source = Source, DecodedText = value, End = LastEnd };
        return new OptionItem { Start = start, Name = new Name(name, start, LastEnd - start), Value = literal, End = LastEnd };
    }

    // gram.y copy_opt_item: the options of PostgreSQL before 9.0, given the names of today's.
    private OptionItem? LegacyCopyOption()
    {
        if (At(Keyword.Binary))
            return LegacyOption("format", "binary");
        if (At(Keyword.Csv))
            return LegacyOption("format", "csv");
        if (At(Keyword.Freeze))
            return LegacyFlag("freeze");
        if (At(Keyword.Header))
            return LegacyFlag("header");
        var start = Start;
        if (At(Keyword.Delimiter) || At(Keyword.Null) || At(Keyword.Quote) || At(Keyword.Escape) || At(Keyword.Encoding))
        {
            var isEncoding = At(Keyword.Encoding);
            var name = Label();
            if (!isEncoding)
                Accept(Keyword.As);
            return new OptionItem { Start = start, Name = name, Value = StringLiteral(), End = LastEnd };
        }
        if (!Accept(Keyword.Force))
            return null;
        var option = "force_null";
        if (Accept(Keyword.Quote))
        {
            option = "force_quote";
        }
        else
        {
            if (Accept(Keyword.Not))
                option = "force_not_null";
            Expect(Keyword.Null);
        }
        var optionName = new Name(option, start, LastEnd - start);
        var valueStart = Start;
        if (Accept(TokenKind.Star))
            return new OptionItem { Start = start, Name = optionName, Value = new ColumnReference { Start = valueStart, IsStar = true, End = LastEnd }, End = LastEnd };
        var columns = CommaList(static parser => parser.NameAsColumn());
        return new OptionItem { Start = start, Name = optionName, Value = new RowConstructor { Start = valueStart, Items = columns, End = LastEnd }, End = LastEnd };
    }

    private Expression NameAsColumn()
    {
        var start = Start;
        return new ColumnReference { Start = start, Name = new(ColumnId()), End = LastEnd };
    }

    private OptionItem LegacyFlag(string name)
    {
        var start = Start;
        Advance();
        var literal = new Literal { Start = start, Kind = LiteralKind.True, Source = Source, DecodedText = "true", End = LastEnd };
        return new OptionItem { Start = start, Name = new Name(name, start, LastEnd - start), Value = literal, End = LastEnd };
    }
}
