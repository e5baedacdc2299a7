namespace PolicyLint.Live;

/// <summary>
/// Sends SQL text as it is. Npgsql otherwise reads the text of commands for parameters and splits it at semicolons, which can cut a statement
/// that our parser has delimited; as it is, a text with two statements is refused by the server.
/// </summary>
internal static class RawSql
{
    static RawSql() => AppContext.SetSwitch("Npgsql.EnableSqlRewriting", false);

    /// <summary>Call before the first command of the process: Npgsql reads the switch once.</summary>
    public static void Require()
    {
        // The static constructor has done it.
    }
}
