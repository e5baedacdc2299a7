using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql.Parsing;

/// <content>CREATE TABLE and what stands in its parentheses.</content>
internal sealed partial class SqlStatementParser
{
    // CREATE [TEMP|UNLOGGED] TABLE [IF NOT EXISTS] name ( elements ) | OF type | PARTITION OF parent | … AS query
    // gram.y CreateStmt, CreateAsStmt, CreateForeignTableStmt. The cursor stands after TABLE.
    private Statement CreateTable(int start, Persistence persistence, bool isForeign)
    {
        var ifNotExists = AcceptIfNotExists();
        var table = QualifiedName();
        if (!isForeign && (AtCreateAsTail() || (At(TokenKind.OpenParen) && IsColumnListOfCreateAs())))
            return CreateTableAs(start, persistence, ifNotExists, table);

        ObjectName ofType = default, partitionOf = default;
        TableElement[] elements = [];
        PartitionBound? bound = null;
        ObjectName[] inherits = [];
        if (!isForeign && Accept(Keyword.Of))
        {
            ofType = AnyName();
            elements = TypedTableElements();
        }
        else if (Accept(Keyword.Partition))
        {
            Expect(Keyword.Of);
            partitionOf = QualifiedName();
            elements = TypedTableElements();
            bound = PartitionBound();
        }
        else
        {
            Expect(TokenKind.OpenParen);
            if (!At(TokenKind.CloseParen))
                elements = CommaList(static parser => parser.TableElement());
            Expect(TokenKind.CloseParen);
            if (Accept(Keyword.Inherits))
            {
                Expect(TokenKind.OpenParen);
                inherits = CommaList(static parser => parser.QualifiedName());
                Expect(TokenKind.CloseParen);
            }
        }
        if (isForeign)
        {
            Expect(Keyword.Server);
            var server = ColumnId();
            var serverOptions = GenericOptions();
            return new CreateTableStatement
            {
                Start = start, Table = table, IfNotExists = ifNotExists, PartitionOf = partitionOf, Bound = bound, Elements = elements,
                Inherits = inherits, Server = server, ServerOptions = serverOptions, End = LastEnd,
            };
        }
        var partitionBy = At(Keyword.Partition) ? PartitionSpecification() : null;
        var accessMethod = Accept(Keyword.Using) ? ColumnId() : default;
        var options = TableOptions();
        var onCommit = OnCommit();
        var tablespace = Accept(Keyword.Tablespace) ? ColumnId() : default;
        return new CreateTableStatement
        {
            Start = start, Persistence = persistence, Table = table, IfNotExists = ifNotExists, OfType = ofType, PartitionOf = partitionOf, Bound = bound,
            Elements = elements, Inherits = inherits, PartitionBy = partitionBy, AccessMethod = accessMethod, Options = options, OnCommit = onCommit,
            Tablespace = tablespace, End = LastEnd,
        };
    }

    private bool AtCreateAsTail() => At(Keyword.As) || At(Keyword.Using) || At(Keyword.With) || At(Keyword.Without) || At(Keyword.On) || At(Keyword.Tablespace);

    // `(a, b)` up to the parenthesis: a table's columns have types, so a name followed by a comma or parenthesis is a CREATE TABLE AS column.
    private bool IsColumnListOfCreateAs() => PeekIsColumnId(1) && (PeekIs(2, TokenKind.Comma) || PeekIs(2, TokenKind.CloseParen));

    private CreateTableAsStatement CreateTableAs(int start, Persistence persistence, bool ifNotExists, ObjectName table)
    {
        var columns = OptionalColumnList();
        var accessMethod = Accept(Keyword.Using) ? ColumnId() : default;
        var options = TableOptions();
        var onCommit = OnCommit();
        var tablespace = Accept(Keyword.Tablespace) ? ColumnId() : default;
        Expect(Keyword.As);
        Statement query = At(Keyword.Execute) ? ParseExecute() : ParseSelectStatement();
        var withNoData = WithNoData();
        return new CreateTableAsStatement
        {
            Start = start, Persistence = persistence, IfNotExists = ifNotExists, Table = table, Columns = columns, AccessMethod = accessMethod, Options = options,
            OnCommit = onCommit, Tablespace = tablespace, Query = query, WithNoData = withNoData, End = LastEnd,
        };
    }

    // CREATE [UNLOGGED] MATERIALIZED VIEW [IF NOT EXISTS] name … AS query [WITH [NO] DATA]. gram.y CreateMatViewStmt.
    private CreateTableAsStatement CreateMaterializedView(int start, Persistence persistence)
    {
        var ifNotExists = AcceptIfNotExists();
        var table = QualifiedName();
        var columns = OptionalColumnList();
        var accessMethod = Accept(Keyword.Using) ? ColumnId() : default;
        var options = OptionalStorageOptions();
        var tablespace = Accept(Keyword.Tablespace) ? ColumnId() : default;
        Expect(Keyword.As);
        var query = ParseSelectStatement();
        var withNoData = WithNoData();
        return new CreateTableAsStatement
        {
            Start = start, IsMaterializedView = true, Persistence = persistence, IfNotExists = ifNotExists, Table = table, Columns = columns,
            AccessMethod = accessMethod, Options = options, Tablespace = tablespace, Query = query, WithNoData = withNoData, End = LastEnd,
        };
    }

    private bool WithNoData()
    {
        if (!At(Keyword.With))
            return false;
        Advance();
        var isNo = Accept(Keyword.No);
        Expect(Keyword.Data);
        return isNo;
    }

    // REFRESH MATERIALIZED VIEW [CONCURRENTLY] name [WITH [NO] DATA]
    private RefreshMaterializedViewStatement RefreshMaterializedView()
    {
        var start = Start;
        Expect(Keyword.Refresh);
        Expect(Keyword.Materialized);
        Expect(Keyword.View);
        var isConcurrent = Accept(Keyword.Concurrently);
        var view = QualifiedName();
        var withNoData = WithNoData();
        return new RefreshMaterializedViewStatement { Start = start, IsConcurrent = isConcurrent, View = view, WithNoData = withNoData, End = LastEnd };
    }

    private TableElement[] TypedTableElements()
    {
        if (!Accept(TokenKind.OpenParen))
            return [];
        var elements = CommaList(static parser => parser.TypedTableElement());
        Expect(TokenKind.CloseParen);
        return elements;
    }

    private TableElement TypedTableElement()
    {
        if (AtTableConstraint())
            return TableConstraint();
        var start = Start;
        var name = ColumnId();
        if (Accept(Keyword.With))
            Expect(Keyword.Options);
        var constraints = ColumnConstraints();
        return new ColumnDefinition { Start = start, Name = name, Constraints = constraints, End = LastEnd };
    }

    private TableElement TableElement()
    {
        if (AtTableConstraint())
            return TableConstraint();
        return At(Keyword.Like) ? LikeClause() : ColumnDefinition();
    }

    private LikeClause LikeClause()
    {
        var start = Start;
        Advance();
        var table = QualifiedName();
        var options = new List<LikeOption>();
        while (At(Keyword.Including) || At(Keyword.Excluding))
        {
            var optionStart = Start;
            var isIncluding = At(Keyword.Including);
            Advance();
            if (!(At(Keyword.Comments) || At(Keyword.Compression) || At(Keyword.Constraints) || At(Keyword.Defaults) || At(Keyword.Identity) || At(Keyword.Generated)
                || At(Keyword.Indexes) || At(Keyword.Statistics) || At(Keyword.Storage) || At(Keyword.All)))
                throw Unexpected();
            options.Add(new LikeOption { Start = optionStart, IsIncluding = isIncluding, What = Label(), End = LastEnd });
        }
        return new LikeClause { Start = start, Table = table, Options = [.. options], End = LastEnd };
    }

    // ColId Typename [STORAGE s] [COMPRESSION c] [OPTIONS (…)] constraints. gram.y columnDef.
    private ColumnDefinition ColumnDefinition()
    {
        var start = Start;
        var name = ColumnId();
        var type = TypeName();
        var storage = Accept(Keyword.Storage) ? ColumnIdOrDefault() : default;
        var compression = Accept(Keyword.Compression) ? ColumnIdOrDefault() : default;
        var options = GenericOptions();
        var constraints = ColumnConstraints();
        return new ColumnDefinition
        {
            Start = start, Name = name, Type = type, Storage = storage, Compression = compression, Options = options, Constraints = constraints, End = LastEnd,
        };
    }

    // gram.y TableFuncElement: ColId Typename [COLLATE c].
    private ColumnDefinition AttributeDefinition()
    {
        var start = Start;
        var name = ColumnId();
        var type = TypeName();
        var collation = OptionalCollation();
        return new ColumnDefinition { Start = start, Name = name, Type = type, Collation = collation, End = LastEnd };
    }

    private ObjectName OptionalCollation() => Accept(Keyword.Collate) ? AnyName() : default;

    private Name ColumnIdOrDefault() => At(Keyword.Default) ? Label() : ColumnId();

    private Name[] OptionalColumnList()
    {
        if (!Accept(TokenKind.OpenParen))
            return [];
        var columns = CommaList(static parser => parser.ColumnId());
        Expect(TokenKind.CloseParen);
        return columns;
    }

    private Name[] ColumnList()
    {
        Expect(TokenKind.OpenParen);
        var columns = CommaList(static parser => parser.ColumnId());
        Expect(TokenKind.CloseParen);
        return columns;
    }

    // PARTITION BY strategy (part_elem, …)
    private PartitionSpecification PartitionSpecification()
    {
        var start = Start;
        Expect(Keyword.Partition);
        Expect(Keyword.By);
        var strategyStart = Start;
        var strategy = ColumnId();
        Expect(TokenKind.OpenParen);
        var elements = CommaList(static parser => parser.PartitionElement());
        Expect(TokenKind.CloseParen);
        var isKnown = strategy.Text.Equals("list", StringComparison.OrdinalIgnoreCase) || strategy.Text.Equals("range", StringComparison.OrdinalIgnoreCase)
            || strategy.Text.Equals("hash", StringComparison.OrdinalIgnoreCase);
        if (!isKnown)
            throw ErrorAt(strategyStart, $"unrecognized partitioning strategy \"{strategy.Text}\"");
        return new PartitionSpecification { Start = start, Strategy = strategy, Elements = elements, End = LastEnd };
    }

    private IndexElement PartitionElement()
    {
        var start = Start;
        var (column, expression) = IndexedValue();
        var collation = OptionalCollation();
        var operatorClass = AtColumnId() ? AnyName() : default;
        return new IndexElement { Start = start, Column = column, Expression = expression, Collation = collation, OperatorClass = operatorClass, End = LastEnd };
    }

    // DEFAULT | FOR VALUES WITH (…) | IN (…) | FROM (…) TO (…). gram.y PartitionBoundSpec.
    private PartitionBound PartitionBound()
    {
        var start = Start;
        if (Accept(Keyword.Default))
            return new PartitionBound { Start = start, IsDefault = true, End = LastEnd };
        Expect(Keyword.For);
        Expect(Keyword.Values);
        OptionItem[] with = [];
        Expression[] list = [], from = [], to = [];
        var kindStart = Start;
        if (Accept(Keyword.With))
        {
            Expect(TokenKind.OpenParen);
            with = CommaList(static parser => parser.HashBoundItem());
            Expect(TokenKind.CloseParen);
            CheckHashBound(kindStart, with);
        }
        else if (Accept(Keyword.In))
        {
            list = ExpressionsInParentheses();
        }
        else
        {
            Expect(Keyword.From);
            from = ExpressionsInParentheses();
            Expect(Keyword.To);
            to = ExpressionsInParentheses();
        }
        return new PartitionBound { Start = start, With = with, In = list, From = from, To = to, End = LastEnd };
    }

    private Expression[] ExpressionsInParentheses()
    {
        Expect(TokenKind.OpenParen);
        var items = CommaList(static parser => parser.Expression());
        Expect(TokenKind.CloseParen);
        return items;
    }

    private void CheckHashBound(int start, OptionItem[] items)
    {
        bool hasModulus = false, hasRemainder = false;
        foreach (var item in items)
        {
            var isModulus = item.Name == "modulus";
            if (!isModulus && item.Name != "remainder")
                throw ErrorAt(item.Start, $"unrecognized hash partition bound specification \"{item.Name.Text}\"");
            if (isModulus ? hasModulus : hasRemainder)
                throw ErrorAt(item.Start, (isModulus ? "modulus" : "remainder") + " for hash partition provided more than once");
            hasModulus |= isModulus;
            hasRemainder |= !isModulus;
        }
        if (!hasModulus)
            throw ErrorAt(start, "modulus for hash partition must be specified");
        if (!hasRemainder)
            throw ErrorAt(start, "remainder for hash partition must be specified");
    }

    private OptionItem HashBoundItem()
    {
        var start = Start;
        var name = NonReservedWord();
        var value = IntegerLiteral();
        return new OptionItem { Start = start, Name = name, Value = value, End = LastEnd };
    }

    private OnCommitAction OnCommit()
    {
        if (!Accept(Keyword.On))
            return OnCommitAction.Unspecified;
        Expect(Keyword.Commit);
        if (Accept(Keyword.Drop))
            return OnCommitAction.Drop;
        if (Accept(Keyword.Delete))
        {
            Expect(Keyword.Rows);
            return OnCommitAction.DeleteRows;
        }
        Expect(Keyword.Preserve);
        Expect(Keyword.Rows);
        return OnCommitAction.PreserveRows;
    }

    // WITH (…) | WITHOUT OIDS; the latter says what holds anyway.
    private OptionItem[] TableOptions()
    {
        if (Accept(Keyword.Without))
        {
            Expect(Keyword.Oids);
            return [];
        }
        return OptionalStorageOptions();
    }

    private OptionItem[] OptionalStorageOptions()
    {
        if (!At(Keyword.With))
            return [];
        Advance();
        return StorageOptions();
    }

    private OptionItem[] StorageOptions()
    {
        Expect(TokenKind.OpenParen);
        var options = CommaList(static parser => parser.StorageOption());
        Expect(TokenKind.CloseParen);
        return options;
    }

    // gram.y reloption_elem: [namespace.]name [= value].
    private OptionItem StorageOption()
    {
        var start = Start;
        Name space = default;
        var name = Label();
        if (Accept(TokenKind.Dot))
        {
            space = name;
            name = Label();
        }
        if (!AcceptOperator("="))
            return new OptionItem { Start = start, Namespace = space, Name = name, End = LastEnd };
        return DefinitionValue(start, space, name);
    }

    // gram.y def_elem: name [= value], without a namespace.
    private OptionItem[] Definition()
    {
        Expect(TokenKind.OpenParen);
        var options = CommaList(static parser => parser.DefinitionItem());
        Expect(TokenKind.CloseParen);
        return options;
    }

    private OptionItem DefinitionItem()
    {
        var start = Start;
        var name = Label();
        return AcceptOperator("=") ? DefinitionValue(start, default, name) : new OptionItem { Start = start, Name = name, End = LastEnd };
    }

    // gram.y def_arg: a type, a reserved word, an operator, a number, a string, NONE.
    private OptionItem DefinitionValue(int start, Name space, Name name)
    {
        if (At(TokenKind.String))
            return new OptionItem { Start = start, Namespace = space, Name = name, Value = StringLiteral(), End = LastEnd };
        if (AtNumber())
            return new OptionItem { Start = start, Namespace = space, Name = name, Value = SignedNumber(), End = LastEnd };
        if (AtOperator())
            return new OptionItem { Start = start, Namespace = space, Name = name, Operator = QualifiedOperator(), End = LastEnd };
        if (AtReservedKeyword() || At(Keyword.NoneKeyword) || AtBareTypeWord())
            return new OptionItem { Start = start, Namespace = space, Name = name, ValueName = Label(), End = LastEnd };
        return new OptionItem { Start = start, Namespace = space, Name = name, Type = FunctionType(), End = LastEnd };
    }

    // A word that is a value of its own: no qualifier, modifier or dimension follows.
    private bool AtBareTypeWord() =>
        AtTypeFunctionName() && !AtDoublePrecision() && !PeekIs(1, TokenKind.Dot) && !PeekIs(1, TokenKind.OpenParen) && !PeekIs(1, TokenKind.OpenBracket)
        && !PeekIs(1, Keyword.Array) && !At(Keyword.Setof);

    // OPTIONS (name 'value', …). gram.y create_generic_options.
    private OptionItem[] GenericOptions()
    {
        if (!Accept(Keyword.Options))
            return [];
        Expect(TokenKind.OpenParen);
        var options = CommaList(static parser => parser.GenericOption());
        Expect(TokenKind.CloseParen);
        return options;
    }

    private OptionItem GenericOption()
    {
        var start = Start;
        var name = Label();
        var value = StringLiteral();
        return new OptionItem { Start = start, Name = name, Value = value, End = LastEnd };
    }
}
