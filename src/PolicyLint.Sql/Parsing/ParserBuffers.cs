namespace PolicyLint.Sql.Parsing;

/// <summary>What a parser works with and the next one can use again: each statement overwrites what the one before it left.</summary>
internal sealed class ParserBuffers
{
    /// <summary>The names of all texts that are parsed with these buffers.</summary>
    public NameTable Names { get; } = new();

    /// <summary>The tokens of one statement. Whoever needs more room puts a longer array here.</summary>
    public Token[] Tokens { get; set; } = new Token[64];

    /// <summary>The nodes of all lists that are open.</summary>
    public List<object?> Items { get; } = [];
}
