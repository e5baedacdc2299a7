using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql.Parsing;

/// <content>JSON_TABLE and its columns.</content>
internal sealed partial class SqlStatementParser
{
    private JsonTable JsonTable(int start, bool isLateral)
    {
        Expect(Keyword.JsonTable);
        Expect(TokenKind.OpenParen);
        var context = JsonValue();
        Expect(TokenKind.Comma);
        var pathStart = Start;
        var path = Expression();
        if (path is not Literal { Kind: LiteralKind.String })
            throw ErrorAt(pathStart, "only string constants are supported in JSON_TABLE path specification");
        var pathName = Accept(Keyword.As) ? ColumnId() : default;
        var passing = JsonPassing();
        var columns = JsonTableColumns();
        JsonBehaviors(isErrorOnly: true, out _, out var onError);
        Expect(TokenKind.CloseParen);
        var alias = OptionalAlias();
        return new JsonTable
        {
            Start = start, IsLateral = isLateral, Context = context, Path = path, PathName = pathName, Passing = passing, Columns = columns, OnError = onError, Alias = alias,
            End = LastEnd,
        };
    }

    private JsonTableColumn[] JsonTableColumns()
    {
        Expect(Keyword.Columns);
        Expect(TokenKind.OpenParen);
        var columns = CommaList(static parser => parser.JsonTableColumn());
        Expect(TokenKind.CloseParen);
        return columns;
    }

    private JsonTableColumn JsonTableColumn()
    {
        var start = Start;
        if (At(Keyword.Nested) && (PeekIs(1, Keyword.Path) || PeekIs(1, TokenKind.String)))
        {
            EnterDepth();
            Advance();
            Accept(Keyword.Path);
            var nestedPath = StringLiteral();
            var pathName = Accept(Keyword.As) ? ColumnId() : default;
            var nested = JsonTableColumns();
            LeaveDepth();
            return new JsonTableColumn { Start = start, Kind = JsonTableColumnKind.Nested, Path = nestedPath, Name = pathName, Nested = nested, End = LastEnd };
        }
        var name = ColumnId();
        if (Accept(Keyword.For))
        {
            Expect(Keyword.Ordinality);
            return new JsonTableColumn { Start = start, Kind = JsonTableColumnKind.Ordinality, Name = name, End = LastEnd };
        }
        var type = TypeName();
        var format = JsonFormat();
        var kind = format is not null ? JsonTableColumnKind.Formatted : Accept(Keyword.Exists) ? JsonTableColumnKind.Exists : JsonTableColumnKind.Regular;
        var path = Accept(Keyword.Path) ? StringLiteral() : null;
        var isExists = kind == JsonTableColumnKind.Exists;
        var wrapper = isExists ? Tree.JsonWrapper.Unspecified : JsonWrapper();
        var quotes = isExists ? Tree.JsonQuotes.Unspecified : JsonQuotes();
        JsonBehaviors(isExists, out var onEmpty, out var onError);
        return new JsonTableColumn
        {
            Start = start, Kind = kind, Name = name, Type = type, Format = format, Path = path, Wrapper = wrapper, Quotes = quotes, OnEmpty = onEmpty, OnError = onError, End = LastEnd,
        };
    }
}
