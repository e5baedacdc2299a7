using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PolicyLint.Core.Access;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Logic;
using PolicyLint.Core.Rules;
using PolicyLint.CSharp.Binding;
using PolicyLint.CSharp.Sinks;
using PolicyLint.CSharp.Text;
using PolicyLint.Sql.Tree;
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
        What = "Reports a query on a table that nothing but row-level security guards, whose policies read a setting (`current_setting('app.user_id')`), where nothing sets it before: on a connection that the same method opens with `new NpgsqlConnection` or from an NpgsqlDataSource that the project makes, and for EF Core where no text of the project names the setting. Silent where an interceptor, `UsePhysicalConnectionInitializer` or `Options` of a connection string may set it, where the connection comes from elsewhere or is handed to other code first.",
        Why = "The policies see no user: the query fails or shows nothing. Where the pool keeps sessions, it shows what the last user may see.",
        Fix = "Set it in the transaction of the query: `set_config('app.user_id', @userId, true)`; or for every connection by an interceptor.",
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

    public override void Check(OperationRuleContext context)
    {
        var project = context.Project;
        var site = project.SiteOf(context.Operation, context.Cancellation);
        foreach (var read in site.Reads)
        {
            if (read.IsOpen && IsOpenContext(project, read.Entity.Table!) is { } setting)
                Report(context, read.Location, read.Entity.Table!, setting);
        }
        foreach (var text in site.Texts)
        {
            for (var i = 0; i < text.Occurrences.Count; i++)
            {
                foreach (var occurrence in text.Occurrences[i])
                {
                    if (occurrence.Kind == OccurrenceKind.Insert || occurrence.Verdict is not Verdict.Refuted || project.TenantContext.SettingOf(occurrence.Table) is not { } setting)
                        continue;
                    if (!text.Sql.Tree.Statements.Take(i).Any(statement => MaySet(project, statement)) && IsUnset(context, site.Call!, occurrence.Table, setting))
                        Report(context, text.Text.Locate(occurrence.Span.Start, occurrence.Span.End), occurrence.Table, setting);
                }
            }
        }
    }

    private void Report(OperationRuleContext context, Location location, Table table, string setting) =>
        context.Report(this, location, $"row-level security alone guards {table.Id.Name}, and nothing sets {setting} on this connection before", table.Id.ToString());

    // A context has its connection from where it is configured.
    private static string? IsOpenContext(ProjectAnalysis project, Table table) =>
        project.TenantContext.SettingOf(table) is { } setting && !project.TenantContext.MayBeSetAtOpening && project.TenantContext.ConfiguresContexts && !project.TenantContext.IsNamed(setting) ? setting : null;

    private static bool IsUnset(OperationRuleContext context, SqlCall call, Table table, string setting)
    {
        var project = context.Project;
        if (project.TenantContext.MayBeSetAtOpening)
            return false;
        if (call.Sink.Type.StartsWith("Microsoft.EntityFrameworkCore.", StringComparison.Ordinal))
            return IsOpenContext(project, table) is not null;
        if (call.Sink.Type == "Npgsql.NpgsqlDataSource")
            return project.TenantContext.MakesDataSources;
        return ConnectionOf(call.Operation) is { } connection && IsOpenedHere(project, connection) && !IsUsedOtherwise(project, call.Operation, connection, setting, context.Cancellation);
    }

    private static ILocalReferenceOperation? ConnectionOf(IOperation call)
    {
        foreach (var operation in call.DescendantsAndSelf())
        {
            if (operation is ILocalReferenceOperation { Type.Name: "NpgsqlConnection" } local)
                return local;
            if (operation is ILocalReferenceOperation { Type.Name: "NpgsqlCommand" or "DbCommand" } command && ParameterBindings.SingleValueOf(command) is { } made && made.DescendantsAndSelf().OfType<ILocalReferenceOperation>().FirstOrDefault(used => used.Type?.Name == "NpgsqlConnection") is { } owner)
                return owner;
        }
        return null;
    }

    private static bool IsOpenedHere(ProjectAnalysis project, ILocalReferenceOperation connection)
    {
        var value = ParameterBindings.SingleValueOf(connection);
        while (value is IAwaitOperation or IConversionOperation)
            value = value is IAwaitOperation awaited ? awaited.Operation : ((IConversionOperation)value).Operand;
        // `await source.OpenConnectionAsync().ConfigureAwait(false)`
        if (value is IInvocationOperation { TargetMethod.Name: "ConfigureAwait", Instance: { } configured })
            value = configured;
        return value switch
        {
            IObjectCreationOperation { Type.Name: "NpgsqlConnection" } => true,
            IInvocationOperation { TargetMethod: { Name: "OpenConnection" or "OpenConnectionAsync" or "CreateConnection", ContainingType.Name: "NpgsqlDataSource" } } => project.TenantContext.MakesDataSources,
            _ => false,
        };
    }

    // What runs on it before may set the user; what it is handed to may do anything.
    private static bool IsUsedOtherwise(ProjectAnalysis project, IOperation call, ILocalReferenceOperation connection, string setting, CancellationToken cancellation)
    {
        foreach (var operation in ParameterBindings.RootOf(call).Descendants())
        {
            if (operation.Syntax.SpanStart >= call.Syntax.SpanStart)
                continue;
            if (project.Sinks.Find(operation) is not null)
            {
                var other = project.SiteOf(operation, cancellation);
                if (other.Unread.Length > 0 || other.Texts.Any(text => text.Text.Text.IndexOf(setting, StringComparison.OrdinalIgnoreCase) >= 0 || text.Sql.Tree.Statements.Any(statement => MaySet(project, statement))))
                    return true;
            }
            else if (operation is ILocalReferenceOperation used && SymbolEqualityComparer.Default.Equals(used.Local, connection.Local) && !IsHarmless(project, used))
            {
                return true;
            }
        }
        return false;
    }

    private static bool IsHarmless(ProjectAnalysis project, ILocalReferenceOperation used)
    {
        for (IOperation? parent = used.Parent; parent is IConversionOperation or IArgumentOperation or IInvocationOperation or IObjectCreationOperation; parent = parent.Parent)
        {
            if (project.Sinks.Find(parent) is not null || parent is IObjectCreationOperation { Type.Name: "NpgsqlCommand" }
                || parent is IInvocationOperation { TargetMethod.Name: "Open" or "OpenAsync" or "BeginTransaction" or "BeginTransactionAsync" or "CreateCommand" or "Close" or "CloseAsync" })
                return true;
        }
        return false;
    }

    // A statement that sets something, or runs code of the database's own.
    private static bool MaySet(ProjectAnalysis project, Statement statement)
    {
        if (statement is not (QueryStatement or InsertStatement or UpdateStatement or DeleteStatement or TransactionStatement) || SessionSettings.In(statement).Count > 0)
            return true;
        var calls = new Calls(project.Catalog);
        calls.Visit(statement);
        return calls.IsOwn;
    }

    private sealed class Calls(ICatalog catalog) : SqlVisitor
    {
        public bool IsOwn { get; private set; }

        public override void VisitFunctionCall(FunctionCall node)
        {
            IsOwn |= catalog.FunctionsInOrder().Any(function => function.Id.Name == node.Name.Name.Text);
            base.VisitFunctionCall(node);
        }
    }
}
