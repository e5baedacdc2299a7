using PolicyLint.Sql.Parsing;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql;

/// <summary>
/// Parses scripts one after another, each as <see cref="SqlParser"/> does. What parsing needs besides the trees is made once, and equal names of
/// all the scripts are one string. For one thread at a time.
/// </summary>
/// <param name="options">How to parse; <see cref="SqlParseOptions.Range"/> is each script's own matter.</param>
public sealed class SqlScriptParser(SqlParseOptions options)
{
    private readonly ParserBuffers _buffers = new();
    private readonly List<Statement> _statements = [];
    private readonly List<SyntaxError> _errors = [];
    private readonly List<TextSpan> _comments = [];

    /// <summary>Parses a script, or the part of it that is given.</summary>
    public SyntaxTree Parse(SourceText source, TextSpan? range = null, CancellationToken cancellation = default) =>
        Parse(source, source.Text, SqlParser.RangeOf(source, range), null, cancellation);

    internal SyntaxTree Parse(SourceText source, string text, TextSpan range, OffsetMap? map, CancellationToken cancellation)
    {
        _statements.Clear();
        _errors.Clear();
        _comments.Clear();
        var comments = options.KeepComments && map is null ? _comments : null;
        new SqlStatementParser(source, text, range, options, map, comments, _buffers).ParseScript(_statements, _errors, cancellation);
        return new SyntaxTree(source, [.. _statements], [.. _errors], [.. _comments]);
    }
}
