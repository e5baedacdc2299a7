using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Logic;
using PolicyLint.Core.Rules;
using PolicyLint.CSharp.Connections;
using PolicyLint.CSharp.EntityFramework;
using PolicyLint.CSharp.Fixes;
using PolicyLint.CSharp.Sinks;
using Location = Microsoft.CodeAnalysis.Location;

namespace PolicyLint.CSharp.Rules.DataAccess;

internal sealed class TenantContextNotSet : OperationRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL5016",
        Name = "tenant-context-not-set",
        Severity = Severity.Error,
        Title = "Query that rests on row-level security alone, with no user set",
        What = "Reports a query on a table that nothing but row-level security guards, whose policies read a setting (`current_setting('app.user_id')`), where some path leads to the query on which nothing has set it on its connection: no statement, no method of the project that is given the connection or opens it, no interceptor of EF Core; where it was set for a transaction that is over, or in a session that went back to the pool; and in a background service, where it is taken from the request. A connection is followed from `new NpgsqlConnection`, from an NpgsqlDataSource that the project makes, from the methods and properties of the project that open one, from a factory or scope of contexts, and from the handlers of a minimal API that Npgsql's own registration gives one each, into private methods, too. Silent where it comes from elsewhere, or where code that can't be read has it first.",
        Why = "The policies see no user: the query fails or shows nothing. Where the pool keeps sessions, it shows what the last user may see.",
        Fix = "Set it in the transaction of the query: `set_config('app.user_id', @userId, true)`; or for every connection by an interceptor.",
        CodeFix = "Opens the connection, begins a transaction, sets the setting with `set_config(…, true)`, and commits behind the last use. Offered where the method makes the connection and keeps it to itself, and the policies compare the setting with the column for which a user is in scope.",
        Bad = """
            // create table notes (id uuid primary key, user_id uuid not null);
            // alter table notes enable row level security;
            // alter table notes force row level security;
            // create policy own on notes using (user_id = current_setting('app.user_id')::uuid);
            using Dapper;
            using Npgsql;

            public sealed class Notes(string connectionString)
            {
                public object All()
                {
                    using var connection = new NpgsqlConnection(connectionString);
                    return connection.Query("select id from notes");
                    //                                      ^^^^^ PL5016: nothing sets app.user_id
                }
            }
            """,
        Good = """
            // create table notes (id uuid primary key, user_id uuid not null);
            // create index on notes (user_id);
            // alter table notes enable row level security;
            // alter table notes force row level security;
            // create policy own on notes using (user_id = (select current_setting('app.user_id')::uuid));
            // config: csharp:
            // config:   rely-on-rls: true
            using Dapper;
            using Npgsql;

            public sealed class Notes(string connectionString)
            {
                public object All(Guid userId)
                {
                    using var connection = new NpgsqlConnection(connectionString);
                    connection.Open();
                    using var transaction = connection.BeginTransaction();
                    connection.Execute("select set_config('app.user_id', @id, true)", new { id = userId.ToString() }, transaction);
                    return connection.Query("select id from notes", null, transaction);
                }
            }
            """,
        UsesProver = true,
    };

    internal override bool IsOfSites => true;

    public override void Check(OperationRuleContext context)
    {
        var project = context.Project;
        var site = project.SiteOf(context.Operation, context.Cancellation);
        foreach (var read in site.Reads)
        {
            // Where a compiled query runs, its callers say.
            if (CompiledQuery.Around(read.End) is not null)
                continue;
            var place = context.Operation is IForEachLoopOperation loop ? loop.Collection : context.Operation;
            if (read.IsOpen && project.TenantContext.SettingOf(read.Entity.Table!) is { } setting && ReasonOfContext(context, place, setting) is { } reason)
                Report(context, read.Location, read.Entity.Table!, reason);
        }
        foreach (var text in site.Texts)
        {
            for (var i = 0; i < text.Occurrences.Count; i++)
            {
                foreach (var occurrence in text.Occurrences[i])
                {
                    if (occurrence.Kind != OccurrenceKind.Insert && occurrence.Verdict is Verdict.Refuted && project.TenantContext.SettingOf(occurrence.Table) is { } setting && Reason(context, site.Call!, text, i, setting) is { } reason)
                    {
                        var fix = project.TenantContext.ColumnOf(occurrence.Table) is { } column ? TenantSetting.Of(project, site.Call!, occurrence.Key, column, setting, context.Cancellation) : null;
                        Report(context, text.Text.Locate(occurrence.Span.Start, occurrence.Span.End), occurrence.Table, reason, fix);
                    }
                }
            }
        }
    }

    private void Report(OperationRuleContext context, Location location, Table table, string reason, SiteFix? fix = null) =>
        context.Report(this, location, $"row-level security alone guards {table.Id.Name}, and {reason}", table.Id.ToString(), fix);

    private static string? Reason(OperationRuleContext context, SqlCall call, SiteText text, int index, string setting)
    {
        var flow = new ConnectionFlow(context.Project, setting, context.Cancellation);
        if (flow.Before(text, index + 1, ConnectionState.Open).Tenant != Standing.Unset)
            return null;
        return call.Sink.Type.StartsWith("Microsoft.EntityFrameworkCore.", StringComparison.Ordinal)
            ? ReasonOfContext(context, call.Operation, setting)
            : Reason(context, ConnectionContext.OfCall(context.Project, call.Operation, setting, context.Cancellation), setting);
    }

    private static string? Reason(OperationRuleContext context, IReadOnlyList<ConnectionState> states, string setting)
    {
        foreach (var state in states)
        {
            switch (state.Tenant)
            {
                case Standing.Unset when states.All(other => other.Tenant == Standing.Unset):
                    return $"nothing sets {setting} on this connection before";
                case Standing.Unset:
                    return $"a path leads here on which nothing sets {setting} on this connection";
                case Standing.Ended:
                    return $"the transaction for which {setting} was set is over";
                case Standing.Returned:
                    return $"{setting} was set in a session that is not held open: it went back to the pool with that statement";
                case Standing.Set or Standing.SetForTransaction when state.IsOfRequest && RunsInBackground(context):
                    return $"{setting} is taken from the request: a background service serves none";
            }
        }
        return null;
    }

    // A context has its connection from where it is configured; one that is injected may have been used before.
    private static string? ReasonOfContext(OperationRuleContext context, IOperation place, string setting)
    {
        var tenants = context.Project.TenantContext;
        var states = ConnectionContext.At(context.Project, place, setting, context.Cancellation);
        if (states.Count == 0 && tenants.ConfiguresContexts && !tenants.IsNamed(setting))
            states = [ConnectionState.Closed];
        if (!states.Any(state => state.IsOpenToAll))
            return null;
        var opened = tenants.Hooks.OfContext(setting, IsAsynchronous(context.Operation));
        if (!opened.IsOpenToAll)
            return Reason(context, [opened], setting);
        return tenants.Hooks.OfContext(setting, !IsAsynchronous(context.Operation)).Tenant == Standing.Set
            ? $"the interceptor sets {setting} only where connections are opened {(IsAsynchronous(context.Operation) ? "synchronously" : "asynchronously")}"
            : Reason(context, states, setting);
    }

    private static bool IsAsynchronous(IOperation operation)
    {
        for (var part = operation; part is not null; part = part.Parent)
        {
            if (part is IForEachLoopOperation { IsAsynchronous: true } or IInvocationOperation { TargetMethod.Name: "AsAsyncEnumerable" } || part is IInvocationOperation { TargetMethod.Name: var name } && name.EndsWith("Async", StringComparison.Ordinal))
                return true;
            if (part is not (IInvocationOperation or IArgumentOperation or IConversionOperation))
                return false;
        }
        return false;
    }

    private static bool RunsInBackground(OperationRuleContext context) =>
        ConnectionTypes.RunsInBackground(context.Project.Code.ModelOf(context.Operation.Syntax.SyntaxTree).GetEnclosingSymbol(context.Operation.Syntax.SpanStart, context.Cancellation)?.ContainingType);
}
