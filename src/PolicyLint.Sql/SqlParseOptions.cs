using PolicyLint.Sql.Text;

namespace PolicyLint.Sql;

/// <summary>What the parser is to expect of a text.</summary>
public sealed record SqlParseOptions
{
    /// <summary>A script for psql or a server: no named parameters.</summary>
    public static SqlParseOptions Default { get; } = new();

    /// <summary>SQL as Npgsql and Dapper take it: `@name` and `:name` are parameters.</summary>
    public static SqlParseOptions DotNet { get; } = new() { NamedParameters = true };

    /// <summary>`@name` and `:name` are parameters.</summary>
    public bool NamedParameters { get; init; }

    /// <summary>psql's backslash commands, variables and COPY data are understood. On by default; scripts without them parse the same.</summary>
    public bool PsqlSyntax { get; init; } = true;

    /// <summary>The tree lists the comments, for suppressions and migration markers.</summary>
    public bool KeepComments { get; init; }

    /// <summary>Only this part of the text is parsed; offsets stay those of the whole text. Null: all of it.</summary>
    public TextSpan? Range { get; init; }

    /// <summary>Nesting of expressions, queries and blocks past which a statement is refused with an error.</summary>
    public int MaximumDepth { get; init; } = 1000;
}
