using PolicyLint.Sql.Tree;

namespace PolicyLint.Core.Rules;

/// <summary>Commands in the words of messages.</summary>
internal static class CommandWords
{
    /// <summary>`read`, `update`: what is done with a row.</summary>
    public static string Reach(PolicyCommand command) => command switch
    {
        PolicyCommand.Select => "read",
        PolicyCommand.Insert => "insert",
        PolicyCommand.Update => "update",
        PolicyCommand.Delete => "delete",
        _ => "reach",
    };

    /// <summary>`SELECT`, `INSERT`: the command itself.</summary>
    public static string Keyword(PolicyCommand command) => command.ToString().ToUpperInvariant();
}
