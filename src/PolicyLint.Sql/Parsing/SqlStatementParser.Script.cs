using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql.Parsing;

/// <content>A whole text: where statements end, psql's commands and COPY data between them, recovery after an error.</content>
internal sealed partial class SqlStatementParser
{
    // Once a parenthesis or block was left open to the end of the text, semicolons end statements whatever is open.
    private bool _ignoresParentheses;
    private bool _ignoresBlocks;
    private int _copyEndSearchedFrom = int.MaxValue;

    /// <summary>All statements of the text, with the errors of those that could not be parsed.</summary>
    public void ParseScript(List<Statement> statements, List<SyntaxError> errors, CancellationToken cancellation)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            LoadStatement();
            ref var first = ref _tokens[0];
            if (first.Kind == TokenKind.End)
                return;
            if (first.Kind == TokenKind.Semicolon)
                continue;
            if (first.Kind == TokenKind.Backslash)
            {
                statements.Add(PsqlCommand());
                continue;
            }
            statements.Add(NextStatement(errors));
            EndStatement(statements[statements.Count - 1]);
        }
    }

    /// <summary>The whole text as one construct; null with its error where it is none.</summary>
    public T? ParseWhole<T>(Func<SqlStatementParser, T> parse, out SyntaxError? error)
        where T : SqlNode
    {
        LoadAll();
        error = null;
        try
        {
            var result = parse(this);
            if (!AtEnd)
                throw Unexpected();
            CheckHeight(result);
            return result;
        }
        catch (SqlSyntaxException exception)
        {
            error = exception.Error;
        }
        catch (InsufficientExecutionStackException)
        {
            error = ErrorHere("stack depth limit exceeded").Error;
        }
        return null;
    }

    public static Expression WholeExpression(SqlStatementParser parser) => parser.Expression();

    public static TypeName WholeTypeName(SqlStatementParser parser) => parser.FunctionType();

    private Statement NextStatement(List<SyntaxError> errors)
    {
        SyntaxError error;
        try
        {
            var statement = ParseStatementIfAny();
            if (statement is not null && (_tokens[Position].Kind is TokenKind.Semicolon or TokenKind.End or TokenKind.Backslash) && Position >= _count - 1)
            {
                CheckHeight(statement);
                return statement;
            }
            error = Unexpected().Error;
        }
        catch (SqlSyntaxException exception)
        {
            error = exception.Error;
        }
        catch (InsufficientExecutionStackException)
        {
            error = ErrorHere("stack depth limit exceeded").Error;
        }
        errors.Add(error);
        return Broken(error);
    }

    // The statement runs up to its semicolon; one whose parentheses stay open to the end of the text, to the first behind the error.
    private BrokenStatement Broken(SyntaxError error)
    {
        _depth = 0;
        var last = _count - 1;
        if (_tokens[last].Kind == TokenKind.End && last > 0)
        {
            for (var index = 1; index < last; index++)
            {
                if (_tokens[index].Kind != TokenKind.Semicolon || StartAt(index) < error.Span.Start)
                    continue;
                last = index;
                SetLexerPosition(_tokens[index].End);
                _count = index + 1;
                break;
            }
        }
        Position = last;
        return new BrokenStatement { Start = StartAt(0), Keywords = LeadingKeywords(StartAt(0)), End = Math.Max(LastEnd, StartAt(0)) };
    }

    private void SetLexerPosition(int position)
    {
        _lexer.Position = position;
        _lexer.ForgetCommentsFrom(position);
    }

    // Behind a statement's last token stands an end: what an earlier, longer statement left in the buffer is never read.
    private void LoadStatement()
    {
        ReadStatement();
        var end = _tokens[_count - 1].End;
        NewToken() = new Token { Start = end, End = end, Kind = TokenKind.End };
        _count--;
    }

    // psql's own rule (psqlscan.l): a semicolon outside of parentheses, and outside of BEGIN … END of a routine, ends a statement.
    private void ReadStatement()
    {
        _count = 0;
        Position = 0;
        _depth = 0;
        _links = 0;
        _lexer.ErrorMessage = "";
        _hasNoRoom = false;
        _items.Clear();
        var parentheses = 0;
        var blocks = 0;
        var words = 0;
        var isRoutine = false;
        var isCreate = false;
        while (true)
        {
            ref var token = ref NewToken();
            _lexer.Next(ref token);
            if (token.Kind == TokenKind.Backslash && _count > 1)
                _lexer.Position = token.Start;
            switch (token.Kind)
            {
                case TokenKind.End:
                    _ignoresParentheses |= parentheses > 0;
                    _ignoresBlocks |= blocks > 0;
                    return;
                case TokenKind.Backslash:
                    return;
                case TokenKind.OpenParen:
                    parentheses++;
                    break;
                case TokenKind.CloseParen:
                    if (parentheses > 0)
                        parentheses--;
                    break;
                case TokenKind.Semicolon:
                    if ((parentheses == 0 || _ignoresParentheses) && (blocks == 0 || _ignoresBlocks))
                        return;
                    break;
                case TokenKind.Keyword:
                    words++;
                    if (words == 1)
                        isCreate = token.Keyword == Keyword.Create;
                    else if (isCreate && words <= 4 && token.Keyword is Keyword.Function or Keyword.Procedure)
                        isRoutine = true;
                    if (!isRoutine || parentheses > 0)
                        break;
                    if (token.Keyword == Keyword.Begin || (token.Keyword == Keyword.Case && blocks > 0))
                        blocks++;
                    else if (token.Keyword == Keyword.End && blocks > 0)
                        blocks--;
                    break;
            }
        }
    }

    private void LoadAll()
    {
        _count = 0;
        Position = 0;
        do
            _lexer.Next(ref NewToken());
        while (_tokens[_count - 1].Kind != TokenKind.End);
    }

    private PsqlCommand PsqlCommand()
    {
        ref var token = ref _tokens[0];
        var end = token.End;
        while (end > token.Start && Lexer.IsBlank(_text[end - 1]))
            end--;
        var nameEnd = token.Start + 1;
        while (nameEnd < end && !Lexer.IsBlank(_text[nameEnd]))
            nameEnd++;
        var arguments = nameEnd;
        while (arguments < end && Lexer.IsBlank(_text[arguments]))
            arguments++;
        return new PsqlCommand
        {
            Start = StartAt(0), Command = _text.Substring(token.Start + 1, nameEnd - token.Start - 1), Arguments = _text.Substring(arguments, end - arguments), End = EndOf(end),
        };
    }

    // COPY … FROM stdin has its rows behind it, up to a line that is \.
    private void EndStatement(Statement statement)
    {
        if (!_options.PsqlSyntax || statement is not CopyStatement { IsFrom: true, File: null, IsProgram: false } || _tokens[_count - 1].Kind != TokenKind.Semicolon)
            return;
        var line = _lexer.Position;
        if (line >= _copyEndSearchedFrom)
            return;
        while (true)
        {
            line = NextLine(line);
            if (line < 0)
            {
                // No such line: these are not rows but statements. It is not looked for again.
                _copyEndSearchedFrom = _lexer.Position;
                return;
            }
            if (!IsCopyEnd(line))
                continue;
            SetLexerPosition(line + 2);
            return;
        }
    }

    private int NextLine(int position)
    {
        var end = _lexer.End;
        while (position < end && _text[position] is not ('\n' or '\r'))
            position++;
        if (position >= end)
            return -1;
        if (_text[position] == '\r' && position + 1 < end && _text[position + 1] == '\n')
            position++;
        return position + 1 < end ? position + 1 : -1;
    }

    private bool IsCopyEnd(int line) =>
        line + 1 < _lexer.End && _text[line] == '\\' && _text[line + 1] == '.' && (line + 2 >= _lexer.End || _text[line + 2] is '\n' or '\r');
}
