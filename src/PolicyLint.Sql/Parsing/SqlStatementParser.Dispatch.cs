using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql.Parsing;

/// <content>Which statement begins here, and statements that the tree keeps as text.</content>
internal sealed partial class SqlStatementParser
{
    // Something that the grammar takes and no server does (an attribute twice, in conflict) has no room in the tree.
    private bool _hasNoRoom;

    /// <summary>gram.y stmt: the statement at the cursor, up to but without its semicolon.</summary>
    private Statement ParseStatement() => ParseStatementIfAny() ?? throw Unexpected();

    // Null where no statement begins: text that is no SQL at all is refused without the cost of an exception for each piece.
    private Statement? ParseStatementIfAny()
    {
        EnterDepth();
        var outer = _hasNoRoom;
        _hasNoRoom = false;
        var statement = TypedStatement();
        LeaveDepth();
        if (statement is null)
            return null;
        var result = _hasNoRoom ? OtherFrom(statement.Start) : statement;
        _hasNoRoom = outer;
        return result;
    }

    private Statement? TypedStatement()
    {
        if (At(TokenKind.OpenParen))
            return Query();
        switch (_tokens[Position].Keyword)
        {
            case Keyword.Select or Keyword.Values or Keyword.Table or Keyword.With or Keyword.Insert or Keyword.Update or Keyword.Delete or Keyword.Merge:
                return PreparableStatement();
            case Keyword.Create:
                return ParseCreate();
            case Keyword.Alter:
                return ParseAlter();
            case Keyword.Drop:
                return ParseDrop();
            case Keyword.Grant or Keyword.Revoke:
                return ParseGrant();
            case Keyword.Comment:
                return ParseComment();
            case Keyword.Set:
                return ParseSet();
            case Keyword.Reset:
                return ParseReset();
            case Keyword.Show:
                return ParseShow();
            case Keyword.Begin or Keyword.Start or Keyword.Commit or Keyword.End or Keyword.Rollback or Keyword.Abort or Keyword.Savepoint or Keyword.Release:
                return ParseTransaction();
            case Keyword.Do:
                return ParseDo();
            case Keyword.Call:
                return ParseCall();
            case Keyword.Truncate:
                return ParseTruncate();
            case Keyword.Copy:
                return ParseCopy();
            case Keyword.Refresh:
                return RefreshMaterializedView();
            case Keyword.Reassign:
                return ParseReassignOwned();
            case Keyword.Explain:
                return ParseExplain();
            case Keyword.Prepare:
                return ParsePrepare();
            case Keyword.Execute:
                return ParseExecute();
            case Keyword.Deallocate:
                return ParseDeallocate();
            case Keyword.Declare:
                return ParseDeclare();
            case Keyword.Lock:
                return ParseLock();
            case Keyword.Analyze or Keyword.Analyse or Keyword.Checkpoint or Keyword.Close or Keyword.Cluster or Keyword.Discard or Keyword.Fetch or Keyword.Import
                or Keyword.Listen or Keyword.Load or Keyword.Move or Keyword.Notify or Keyword.Reindex or Keyword.Security or Keyword.Unlisten or Keyword.Vacuum:
                return Utility();
            default:
                return null;
        }
    }

    private CallStatement ParseCall()
    {
        var start = Start;
        Expect(Keyword.Call);
        var callStart = Start;
        var name = FunctionName();
        return new CallStatement { Start = start, Call = Application(callStart, name), End = LastEnd };
    }

    private int StatementIndex(int start)
    {
        var index = Position;
        while (index > 0 && StartAt(index) > start)
            index--;
        return index;
    }

    private OtherStatement OtherFrom(int start) =>
        new() { Start = start, Keywords = LeadingKeywords(start), Source = Source, DecodedText = DecodedFrom(start), End = LastEnd };

    // The text of what began at a place, where the source says it in another spelling.
    private string? DecodedFrom(int start)
    {
        if (_map is null)
            return null;
        var first = _tokens[StatementIndex(start)].Start;
        return _text.Substring(first, _tokens[Position - 1].End - first);
    }

    private string LeadingKeywords(int start)
    {
        var words = "";
        var first = StatementIndex(start);
        for (var index = first; index < first + 3 && index < _count && _tokens[index].Kind == TokenKind.Keyword; index++)
        {
            var word = KeywordFacts.TextOf(_tokens[index].Keyword).ToUpperInvariant();
            words = words.Length == 0 ? word : words + " " + word;
        }
        return words;
    }
}
