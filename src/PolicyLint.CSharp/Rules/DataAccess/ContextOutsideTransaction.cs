using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.CSharp.Binding;
using PolicyLint.CSharp.Sinks;
using PolicyLint.CSharp.Text;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Rules;

namespace PolicyLint.CSharp.Rules.DataAccess;

internal sealed class ContextOutsideTransaction : SiteRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL5017",
        Name = "tenant-context-outside-transaction",
        Severity = Severity.Error,
        Title = "SET LOCAL with no transaction open",
        What = "Reports `SET LOCAL` and `set_config(…, true)` that run alone on a connection that the same method opens, where the method begins no transaction and passes none.",
        Why = "Without a transaction the setting ends with its own statement: the query behind it runs with no user, sees nothing, or with a policy that allows a missing setting, everything.",
        Fix = "Begin a transaction first and run the queries in it.",
        Bad = """
            // create table notes (id uuid primary key, user_id uuid not null, title text not null);

            using Dapper;
            using Npgsql;

            public sealed class Notes(NpgsqlDataSource source)
            {
                public async Task<object> All(Guid userId)
                {
                    await using var connection = await source.OpenConnectionAsync();
                    await connection.ExecuteAsync("select set_config('app.user_id', @id, true)", new { id = userId.ToString() });
                    //                                    ^^^^^^^^^^ PL5017: app.user_id is set for a transaction, and none is open
                    return await connection.QueryAsync("select id from notes where user_id = @userId", new { userId });
                }
            }
            """,
        Good = """
            // create table notes (id uuid primary key, user_id uuid not null, title text not null);

            using Dapper;
            using Npgsql;

            public sealed class Notes(NpgsqlDataSource source)
            {
                public async Task<object> All(Guid userId)
                {
                    await using var connection = await source.OpenConnectionAsync();
                    await using var transaction = await connection.BeginTransactionAsync();
                    await connection.ExecuteAsync("select set_config('app.user_id', @id, true)", new { id = userId.ToString() });
                    return await connection.QueryAsync("select id from notes where user_id = @userId", new { userId });
                }
            }
            """,
    };

    public override void Check(SiteRuleContext context)
    {
        // Several statements in one text are one transaction.
        if (context.Statements.Count != 1)
            return;
        foreach (var setting in SessionSettings.In(context.Statement))
        {
            if (setting.IsLocal && IsOpenedHere(context.Call) && !MayHaveTransaction(context.Call.Operation))
                context.Report(this, setting.Span, $"{setting.Name} is set for a transaction, and none is open: it is gone before the next statement");
        }
    }

    // A connection from outside may have a transaction that is not seen here.
    private static bool IsOpenedHere(SqlCall call)
    {
        foreach (var operation in call.Operation.DescendantsAndSelf())
        {
            if (operation is ILocalReferenceOperation local && IsConnection(local.Type) && ParameterBindings.SingleValueOf(local) is { } value)
            {
                while (value is IAwaitOperation or IConversionOperation)
                    value = value is IAwaitOperation awaited ? awaited.Operation : ((IConversionOperation)value).Operand;
                return value is IObjectCreationOperation or IInvocationOperation { TargetMethod: { Name: "OpenConnection" or "OpenConnectionAsync" or "CreateConnection", ContainingType.Name: "NpgsqlDataSource" } };
            }
        }
        return false;
    }

    /// <summary>The member that the call stands in begins a transaction or is given one.</summary>
    internal static bool MayHaveTransaction(IOperation call)
    {
        foreach (var operation in ParameterBindings.RootOf(call).Descendants())
        {
            if (operation is IInvocationOperation { TargetMethod.Name: var name } && name.IndexOf("Transaction", StringComparison.Ordinal) >= 0)
                return true;
            if (operation is ILocalReferenceOperation or IParameterReferenceOperation or IMemberReferenceOperation or IObjectCreationOperation && operation.Type is { } type
            && (type.Name == "TransactionScope" || type.Name.EndsWith("Transaction", StringComparison.Ordinal)))
                return true;
            if (operation is ILiteralOperation { ConstantValue.Value: string text } && text.TrimStart().StartsWith("begin", StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }

    private static bool IsConnection(ITypeSymbol? type) => type is { Name: "NpgsqlConnection" or "IDbConnection" or "DbConnection" };
}
