using Microsoft.CodeAnalysis;

namespace PolicyLint.CSharp.Sinks;

/// <summary>A place that takes SQL.</summary>
/// <param name="Type">Full name: the declaring type of the method, an interface or base class of the receiver for properties.</param>
/// <param name="Member">Method name, `.ctor`, or property name; a trailing `*` stands for any ending.</param>
/// <param name="Parameter">The parameter that is the SQL; empty for a property.</param>
public sealed record SqlSink(string Type, string Member, string Parameter)
{
    /// <summary>Whether a member's name is the one that is meant.</summary>
    public bool MatchesMember(string name) => Member.EndsWith("*", StringComparison.Ordinal)
        ? string.CompareOrdinal(name, 0, Member, 0, Member.Length - 1) == 0
        : string.Equals(Member, name, StringComparison.Ordinal);

    /// <summary>Whether a type is the one that is meant, whichever assembly declares it.</summary>
    public bool IsOf(INamedTypeSymbol type)
    {
        var end = Type.Length;
        for (INamespaceOrTypeSymbol? part = type; part is not null and not INamespaceSymbol { IsGlobalNamespace: true }; part = (INamespaceOrTypeSymbol?)part.ContainingType ?? part.ContainingNamespace)
        {
            // After the first part, what separates a namespace or an outer type from what it holds.
            if (end < Type.Length && (end == 0 || Type[--end] is not ('.' or '+')))
                return false;
            var name = part.MetadataName;
            if (end < name.Length || string.CompareOrdinal(Type, end - name.Length, name, 0, name.Length) != 0)
                return false;
            end -= name.Length;
        }
        return end == 0;
    }
}

/// <summary>The sinks that are known. Adding one is one line.</summary>
public static class SqlSinks
{
    private const string EntityFramework = "Microsoft.EntityFrameworkCore.";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<SqlSink> All { get; } =
    [
        new("Npgsql.NpgsqlCommand", ".ctor", "cmdText"),
        new("Npgsql.NpgsqlBatchCommand", ".ctor", "commandText"),
        new("Npgsql.NpgsqlDataSource", "CreateCommand", "commandText"),
        new("Npgsql.NpgsqlConnection", "BeginBinaryImport*", "copyFromCommand"),
        new("Npgsql.NpgsqlConnection", "BeginTextImport*", "copyFromCommand"),
        new("Npgsql.NpgsqlConnection", "BeginBinaryExport*", "copyToCommand"),
        new("Npgsql.NpgsqlConnection", "BeginTextExport*", "copyToCommand"),
        new("Npgsql.NpgsqlConnection", "BeginRawBinaryCopy*", "copyCommand"),
        new("System.Data.IDbCommand", "CommandText", ""),
        new("System.Data.Common.DbCommand", "CommandText", ""),
        new("System.Data.Common.DbBatchCommand", "CommandText", ""),
        new("Dapper.SqlMapper", "Query*", "sql"),
        new("Dapper.SqlMapper", "Execute*", "sql"),
        new("Dapper.CommandDefinition", ".ctor", "commandText"),
        new(EntityFramework + "RelationalQueryableExtensions", "FromSql*", "sql"),
        new(EntityFramework + "RelationalDatabaseFacadeExtensions", "ExecuteSql*", "sql"),
        new(EntityFramework + "RelationalDatabaseFacadeExtensions", "SqlQuery*", "sql"),
    ];
}
