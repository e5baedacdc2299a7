using System.Runtime.CompilerServices;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql.Parsing;

/// <summary>
/// Recursive descent over the tokens of one statement at a time. This part is the cursor: looking at tokens, taking them,
/// names, errors. The other parts follow gram.y family by family. A syntax error leaves the statement by an exception.
/// </summary>
internal sealed partial class SqlStatementParser
{
    private readonly Lexer _lexer;
    private readonly string _text;
    private readonly SqlParseOptions _options;
    private readonly OffsetMap? _map;
    private readonly ParserBuffers _buffers;
    private readonly NameTable _names;
    private readonly List<object?> _items;
    private Token[] _tokens;
    private int _count;
    private int _depth;

    // Links of chains in the current statement; only when they are many is the tree's height looked at.
    private int _links;

    /// <param name="source">What nodes that keep a source are given: the outer text.</param>
    /// <param name="text">The text that is scanned: the source's own, or a decoded string of it.</param>
    /// <param name="range">The part of the text to scan.</param>
    /// <param name="options">How to parse.</param>
    /// <param name="map">From offsets of the text to those of the source, where they differ.</param>
    /// <param name="comments">Where comments are gathered, or null.</param>
    /// <param name="buffers">What other parsers have worked with before, or null.</param>
    public SqlStatementParser(
        SourceText source, string text, TextSpan range, SqlParseOptions options, OffsetMap? map = null, List<TextSpan>? comments = null, ParserBuffers? buffers = null)
    {
        Source = source;
        _text = text;
        _options = options;
        _map = map;
        _buffers = buffers ?? new();
        _names = _buffers.Names;
        _items = _buffers.Items;
        _tokens = _buffers.Tokens;
        _lexer = new Lexer(text, range.Start, range.End, options.NamedParameters, options.PsqlSyntax, comments);
    }

    private SourceText Source { get; }

    private int Position { get; set; }

    /// <summary>Where the current token begins, in the source.</summary>
    private int Start => StartAt(Position);

    /// <summary>Where the token before the current one ends, in the source.</summary>
    private int LastEnd => Position == 0 ? Start : EndOf(_tokens[Position - 1].End);

    private bool AtEnd => _tokens[Position].Kind == TokenKind.End;

    private int StartAt(int index) => _map is null ? _tokens[index].Start : _map.Start(_tokens[index].Start);

    private int EndOf(int offset) => _map is null ? offset : _map.End(offset);

    private TokenKind KindAt(int index) => index < _count ? _tokens[index].Kind : TokenKind.End;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool At(TokenKind kind) => _tokens[Position].Kind == kind;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool At(Keyword keyword) => _tokens[Position].Keyword == keyword;

    private bool PeekIs(int ahead, TokenKind kind) => KindAt(Position + ahead) == kind;

    private bool PeekIs(int ahead, Keyword keyword) => Position + ahead < _count && _tokens[Position + ahead].Keyword == keyword;

    private bool PeekIsWord(int ahead) => KindAt(Position + ahead) is TokenKind.Identifier or TokenKind.Keyword;

    private bool PeekIsColumnId(int ahead) => IsColumnId(Position + ahead);

    private void Advance() => Position++;

    private bool Accept(TokenKind kind)
    {
        if (_tokens[Position].Kind != kind)
            return false;
        Position++;
        return true;
    }

    private bool Accept(Keyword keyword)
    {
        if (_tokens[Position].Keyword != keyword)
            return false;
        Position++;
        return true;
    }

    private void Expect(TokenKind kind)
    {
        if (_tokens[Position].Kind != kind)
            throw Unexpected();
        Position++;
    }

    private void Expect(Keyword keyword)
    {
        if (_tokens[Position].Keyword != keyword)
            throw Unexpected();
        Position++;
    }

    private T[] CommaList<T>(Func<SqlStatementParser, T> item)
    {
        var first = item(this);
        if (!Accept(TokenKind.Comma))
            return [first];
        if (typeof(T).IsValueType)
        {
            var values = new List<T> { first };
            do
                values.Add(item(this));
            while (Accept(TokenKind.Comma));
            return values.ToArray();
        }
        var mark = _items.Count;
        _items.Add(first);
        do
            _items.Add(item(this));
        while (Accept(TokenKind.Comma));
        return ItemsFrom<T>(mark);
    }

    // Nodes are gathered in one buffer for all lists that are open, and cut off its end.
    private T[] ItemsFrom<T>(int mark)
    {
        if (_items.Count == mark)
            return [];
        var items = new T[_items.Count - mark];
        for (var i = 0; i < items.Length; i++)
            items[i] = (T)_items[mark + i]!;
        _items.RemoveRange(mark, items.Length);
        return items;
    }

    // PostgreSQL's own check of its stack has no fixed depth; ours is the option's.
    private void EnterDepth()
    {
        if (++_depth > _options.MaximumDepth)
            throw ErrorHere("stack depth limit exceeded");
        // What it keeps free is enough for a few levels more.
        if ((_depth & 15) == 0)
            RuntimeHelpers.EnsureSufficientExecutionStack();
    }

    private void LeaveDepth() => _depth--;

    private void CheckHeight(SqlNode node)
    {
        if (_links > _options.MaximumHeight / 2 && !TreeHeight.IsWithin(node, _options.MaximumHeight))
            throw ErrorAt(node.Start, "stack depth limit exceeded");
    }

    private SqlSyntaxException Unexpected()
    {
        ref var token = ref _tokens[Position];
        if (token.Kind == TokenKind.Error)
        {
            var message = token.End == token.Start ? _lexer.ErrorMessage : $"{_lexer.ErrorMessage} at or near \"{Near(token)}\"";
            return new SqlSyntaxException(new SyntaxError(SpanOf(token), message));
        }
        if (token.Start == token.End || token.Kind == TokenKind.End)
            return new SqlSyntaxException(new SyntaxError(new TextSpan(StartAt(Position), 0), "syntax error at end of input"));
        return new SqlSyntaxException(new SyntaxError(SpanOf(token), $"syntax error at or near \"{Near(token)}\""));
    }

    // parser_yyerror: an error that a rule finds when it is complete, told at the token that completed it.
    private SqlSyntaxException ErrorAtNext(string message)
    {
        var error = Unexpected().Error;
        var near = error.Message.StartsWith("syntax error", StringComparison.Ordinal) ? error.Message.Substring("syntax error".Length) : "";
        return new SqlSyntaxException(error with { Message = message + near });
    }

    private SqlSyntaxException UnexpectedPrevious()
    {
        Position--;
        return Unexpected();
    }

    // A message stays readable: an unterminated string may run to the end of a large file.
    private string Near(Token token) => _text.Substring(token.Start, Math.Min(token.End - token.Start, 1000));

    private TextSpan SpanOf(Token token) => _map is null ? TextSpan.FromBounds(token.Start, token.End) : TextSpan.FromBounds(_map.Start(token.Start), _map.End(token.End));

    private SqlSyntaxException ErrorHere(string message) => new(new SyntaxError(SpanOf(_tokens[Position]), message));

    // An error at a place that has been passed: the token that begins there is what it is about.
    private SqlSyntaxException ErrorAt(int start, string message)
    {
        for (var index = Position; index >= 0; index--)
        {
            if (index < _count && StartAt(index) == start)
                return new SqlSyntaxException(new SyntaxError(SpanOf(_tokens[index]), message));
        }
        return new SqlSyntaxException(new SyntaxError(new TextSpan(start, 0), message));
    }

    // Parses with a token standing for the end of the input.
    private T Within<T>(int end, Func<SqlStatementParser, T> parse)
    {
        var saved = _tokens[end];
        _tokens[end].Kind = TokenKind.End;
        _tokens[end].Keyword = Keyword.None;
        var result = parse(this);
        if (result is not null && Position != end)
            throw Unexpected();
        _tokens[end] = saved;
        return result;
    }

    // Moves tokens [start, middle) behind [middle, end).
    private void MoveTokens(int start, int middle, int end)
    {
        Array.Reverse(_tokens, start, middle - start);
        Array.Reverse(_tokens, middle, end - middle);
        Array.Reverse(_tokens, start, end - start);
    }

    private ref Token NewToken()
    {
        if (_count == _tokens.Length)
        {
            Array.Resize(ref _tokens, _count * 2);
            _buffers.Tokens = _tokens;
        }
        return ref _tokens[_count++];
    }
}
