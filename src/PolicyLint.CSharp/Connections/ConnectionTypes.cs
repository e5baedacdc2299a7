using Microsoft.CodeAnalysis;
using PolicyLint.CSharp.EntityFramework;

namespace PolicyLint.CSharp.Connections;

/// <summary>What of the driver and of EF Core a type is.</summary>
internal static class ConnectionTypes
{
    public static bool IsConnection(ITypeSymbol? type) => type is { Name: "NpgsqlConnection" or "DbConnection" or "IDbConnection" };

    public static bool IsTransaction(ITypeSymbol? type) => type is { Name: "NpgsqlTransaction" or "DbTransaction" or "IDbTransaction" or "IDbContextTransaction" };

    public static bool IsCommand(ITypeSymbol? type) => type is { Name: "NpgsqlCommand" or "DbCommand" or "IDbCommand" or "NpgsqlBatch" or "DbBatch" or "CommandDefinition" or "NpgsqlBatchCommand" };

    public static bool IsDataSource(ITypeSymbol? type) => type is { Name: "NpgsqlDataSource" or "DbDataSource" or "NpgsqlMultiHostDataSource" };

    /// <summary>Has a connection, or is one.</summary>
    public static bool HasConnection(ITypeSymbol? type)
    {
        type = Awaited(type);
        return IsConnection(type) || IsTransaction(type) || IsCommand(type) || EntityModel.IsContext(type) || IsQuery(type);
    }

    /// <summary>A step between a context and its rows.</summary>
    public static bool IsQuery(ITypeSymbol? type) => type is not null
        && (type.Name is "DbSet" or "DatabaseFacade" or "IQueryable" or "IOrderedQueryable" || type.AllInterfaces.Any(implemented => implemented is { Name: "IQueryable", TypeParameters.Length: 0 }));

    /// <summary>What a task gives.</summary>
    public static ITypeSymbol? Awaited(ITypeSymbol? type) =>
        type is INamedTypeSymbol { Name: "Task" or "ValueTask" or "ConfiguredTaskAwaitable" or "ConfiguredValueTaskAwaitable", TypeArguments: [var result] } ? result : type;

    /// <summary>The framework calls it when a request or a message has no user: outside of any request.</summary>
    public static bool RunsInBackground(INamedTypeSymbol? type)
    {
        for (; type is not null; type = type.ContainingType)
        {
            if (type.AllInterfaces.Any(implemented => implemented.Name == "IHostedService"))
                return true;
        }
        return false;
    }
}
