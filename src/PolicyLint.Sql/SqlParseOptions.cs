using PolicyLint.Sql.Text;

namespace PolicyLint.Sql;

/// <summary>What the parser is to expect of a text.</summary>
public sealed record SqlParseOptions
{
    /// <summary>A script for psql or a server: no named parameters.</summary>
    public static SqlParseOptions Default { get; } = new();

    /// <summary>For code that walks trees by recursion of its own: a chain too high for it is refused, as a server's stack refuses it.</summary>
    public static SqlParseOptions Bounded { get; } = new() { MaximumHeight = 2000 };

    /// <summary>SQL as Npgsql and Dapper take it: `@name` and `:name` are parameters. Bounded.</summary>
    public static SqlParseOptions DotNet { get; } = Bounded with { NamedParameters = true };

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

    /// <summary>
    /// Levels of nodes past which a statement is refused with an error. Chains (a || b || …, UNION, JOIN) nest to the left without being nested
    /// in the text. Visitors, rewriters and the printer go down any height; code that recurses by itself wants a bound.
    /// </summary>
    public int MaximumHeight { get; init; } = int.MaxValue;
}
