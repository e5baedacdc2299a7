using PolicyLint.Sql.Tree;

namespace PolicyLint.Sql;

/// <summary>Syntax tree to text that parses back to the same tree.</summary>
public static class SqlPrinter
{
    /// <summary>
    /// SQL of a node on one line: keywords upper case, names quoted where needed, parentheses where precedence needs them.
    /// Statements that the tree does not type are printed as they stand in their source.
    /// </summary>
    public static string Print(SqlNode node)
    {
        var writer = new Printing.SqlWriter();
        writer.Visit(node);
        return writer.ToString();
    }
}
