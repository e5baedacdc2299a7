using Microsoft.CodeAnalysis;
using PolicyLint.Core.Catalog;
using PolicyLint.CSharp.Binding;
using PolicyLint.CSharp.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.CSharp.Connections;

internal sealed partial class ConnectionFlow
{
    /// <summary>What is known before the statement of a text at the index, if all before it ran.</summary>
    public ConnectionState Before(SiteText text, int index, ConnectionState state)
    {
        for (var i = 0; i < index; i++)
            state = Behind(text.Sql.Tree.Statements[i], state, isAlone: false);
        return state;
    }

    // What runs on a connection that is not known may run on any.
    private IReadOnlyList<ConnectionPath> Run(IOperation operation, object? connection, ConnectionPath path)
    {
        var site = project.SiteOf(operation, cancellation);
        if (site.Call is null || site.Unread.Length > 0)
            return [connection is null ? path.ForgetAll() : path.Forget(connection)];
        if (connection is null)
            return [site.Texts.Any(text => Behind(site.Call, text, ConnectionState.Open) != ConnectionState.Open) ? path.ForgetAll() : path];
        if (!path.States.TryGetValue(connection, out var before) || site.Texts.Count == 0)
            return [path];
        return [.. site.Texts.Select(text => Behind(site.Call, text, before)).Distinct().Select(behind => path.With(connection, behind))];
    }

    private ConnectionState Behind(Sinks.SqlCall call, SiteText text, ConnectionState state)
    {
        var statements = text.Sql.Tree.Statements;
        var isAlone = statements.Count == 1;
        var before = state;
        foreach (var statement in statements)
            state = Behind(statement, state, isAlone);
        // It names the setting in a way that is not read.
        if (state.Tenant == before.Tenant && before.IsOpenToAll && text.Text.Text.IndexOf(setting, StringComparison.OrdinalIgnoreCase) >= 0 && text.Sql.Tree.Errors.Count > 0)
            return state with { Tenant = Standing.Unknown };
        if (state.Tenant == before.Tenant)
            return state;
        if (state is { Tenant: Standing.SetForTransaction, HasTransaction: false })
            state = state.WithoutTransaction;
        if (state is { Tenant: Standing.Set, IsHeldOpen: false, HasTransaction: false })
            state = state with { Tenant = project.Pools.Keeps is null ? Standing.Returned : Standing.Unknown };
        // A parameter that is not seen to be bound is bound somewhere in the same body.
        var values = ParameterBindings.Of(call, text.Text).Values.DefaultIfEmpty(ParameterBindings.RootOf(call.Operation));
        return state with { IsOfRequest = RequestUser.IsTaken(values, project.Code, project.Implementations, cancellation) };
    }

    private ConnectionState Behind(Statement statement, ConnectionState state, bool isAlone)
    {
        if (statement is TransactionStatement transaction)
        {
            return transaction.Operation switch
            {
                TransactionOperation.Begin or TransactionOperation.Start => state with { HasTransaction = true },
                TransactionOperation.Commit or TransactionOperation.Rollback when !transaction.IsChain => state.WithoutTransaction,
                TransactionOperation.Savepoint or TransactionOperation.Release => state,
                _ => state with { Tenant = Standing.Unknown },
            };
        }
        foreach (var made in SessionSettings.In(statement))
        {
            if (string.Equals(made.Name, setting, StringComparison.OrdinalIgnoreCase))
                state = state with { Tenant = !made.IsLocal ? Standing.Set : isAlone && state.HasTransaction == false ? Standing.Unknown : Standing.SetForTransaction };
            else if (made.Name is "role" or "session_authorization")
                state = state with { Tenant = Standing.Unknown };
        }
        return MaySet(statement) ? state with { Tenant = Standing.Unknown } : state;
    }

    // A statement that sets what is not said, or runs code of the database's own.
    private bool MaySet(Statement statement)
    {
        if (statement is SetStatement { Kind: SetKind.Value })
            return false;
        if (statement is not (QueryStatement or InsertStatement or UpdateStatement or DeleteStatement))
            return true;
        var calls = new Calls(project.Catalog, SessionSettings.In(statement).Count);
        calls.Visit(statement);
        return calls.MaySet;
    }

    private sealed class Calls(ICatalog catalog, int known) : SqlVisitor
    {
        private int _known = known;

        public bool MaySet { get; private set; }

        public override void VisitFunctionCall(FunctionCall node)
        {
            if (node.Name.Name.Text == "set_config")
                MaySet |= --_known < 0;
            else
                MaySet |= catalog.FunctionsInOrder().Any(function => function.Id.Name == node.Name.Name.Text);
            base.VisitFunctionCall(node);
        }
    }
}
