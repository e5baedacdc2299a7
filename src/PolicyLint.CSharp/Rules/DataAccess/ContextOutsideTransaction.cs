using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.CSharp.Binding;
using PolicyLint.CSharp.Connections;
using PolicyLint.CSharp.Fixes;
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
        What = "Reports `SET LOCAL` and `set_config(…, true)` that run alone where some path leads to them on which their connection has no transaction open: on a connection that the method or a caller of it opens, on a context from a factory, in an interceptor of opened connections.",
        Why = "Without a transaction the setting ends with its own statement: the query behind it runs with no user, sees nothing, or with a policy that allows a missing setting, everything.",
        Fix = "Begin a transaction first and run the queries in it.",
        CodeFix = "Begins a transaction where the connection is open and commits it behind its last use. Offered where the method opens the connection, keeps it to itself and leaves the block at its end alone.",
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
            if (setting.IsLocal && ConnectionContext.OfCall(context.Project, context.Call.Operation, setting.Name, context.Cancellation).Any(state => state.HasTransaction == false))
                context.Report(this, setting.Span, $"{setting.Name} is set for a transaction, and none is open: it is gone before the next statement", fix: SettingTransaction.Of(context, setting));
        }
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
}
