namespace PolicyLint.CSharp.Sinks;

/// <summary>A place in C# that takes SQL.</summary>
/// <param name="Type">Full name of the type that declares it, or of an interface or base class of the receiver for properties.</param>
/// <param name="Member">Method name, `.ctor`, or property name; a trailing `*` stands for any ending.</param>
/// <param name="Parameter">The parameter that is the SQL; empty for a property.</param>
public sealed record SqlSink(string Type, string Member, string Parameter)
{
    /// <summary>Whether a member's name is the one that is meant.</summary>
    public bool MatchesMember(string name) => Member.EndsWith("*", StringComparison.Ordinal)
        ? name.StartsWith(Member.Substring(0, Member.Length - 1), StringComparison.Ordinal)
        : string.Equals(Member, name, StringComparison.Ordinal);
}

/// <summary>The sinks that are known. Adding one is one line.</summary>
public static class SqlSinks
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<SqlSink> All { get; } =
    [
        new("Npgsql.NpgsqlCommand", ".ctor", "cmdText"),
        new("Npgsql.NpgsqlBatchCommand", ".ctor", "commandText"),
        new("Npgsql.NpgsqlDataSource", "CreateCommand", "commandText"),
        new("System.Data.IDbCommand", "CommandText", ""),
        new("System.Data.Common.DbCommand", "CommandText", ""),
        new("System.Data.Common.DbBatchCommand", "CommandText", ""),
        new("Dapper.SqlMapper", "Query*", "sql"),
        new("Dapper.SqlMapper", "Execute*", "sql"),
        new("Dapper.CommandDefinition", ".ctor", "commandText"),
    ];
}
