namespace PolicyLint.Sql.Parsing;

/// <summary>Ends the parsing of one statement; the parser's entry points turn it into a <see cref="SyntaxError"/>.</summary>
internal sealed class SqlSyntaxException(SyntaxError error) : Exception(error.Message)
{
    public SyntaxError Error { get; } = error;
}
