using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql;

/// <summary>The statements of a text, and everything in it that PostgreSQL would refuse.</summary>
public sealed class SyntaxTree
{
    /// <param name="source">The text that was parsed.</param>
    /// <param name="statements">Statements in source order, broken ones included.</param>
    /// <param name="errors">Errors in source order, at most one a statement.</param>
    /// <param name="comments">Comments in source order, where they were asked for.</param>
    public SyntaxTree(SourceText source, IReadOnlyList<Statement> statements, IReadOnlyList<SyntaxError> errors, IReadOnlyList<TextSpan> comments)
    {
        Source = source;
        Statements = statements;
        Errors = errors;
        Comments = comments;
    }

    /// <summary>The text that was parsed.</summary>
    public SourceText Source { get; }

    /// <summary>Statements in source order; one that could not be parsed is a <see cref="BrokenStatement"/>.</summary>
    public IReadOnlyList<Statement> Statements { get; }

    /// <summary>Errors in source order.</summary>
    public IReadOnlyList<SyntaxError> Errors { get; }

    /// <summary>Comments in source order, delimiters included; empty unless <see cref="SqlParseOptions.KeepComments"/> is set.</summary>
    public IReadOnlyList<TextSpan> Comments { get; }
}

/// <summary>An error as PostgreSQL words it, at the token that it names.</summary>
/// <param name="Span">The token, or an empty span at the end of the input.</param>
/// <param name="Message">`syntax error at or near "x"`, `unterminated quoted string at or near …`, …</param>
public sealed record SyntaxError(TextSpan Span, string Message);
