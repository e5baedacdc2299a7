using System.Collections.Immutable;
using PolicyLint.CSharp.Connections;
using PolicyLint.CSharp.Fixes;
using PolicyLint.CSharp.Text;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Rules;

namespace PolicyLint.CSharp.Rules.DataAccess;

internal sealed class PoolKeepsTenant : ProjectRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL5018",
        Name = "pool-keeps-tenant",
        Severity = Severity.Error,
        Title = "Pool that keeps the tenant of the last user",
        What = "Reports `No Reset On Close`, `Multiplexing` and a pooler in a connection string, a text in code that becomes one, or a builder of one, of a project that sets an identity for the whole session (`SET`, `set_config(…, false)`); an identity that is not constant set in `UsePhysicalConnectionInitializer`; and pooled contexts of EF Core (`AddDbContextPool`, `AddPooledDbContextFactory`) whose query filter goes by a value that their constructor took, or whose interceptor is a scoped service. Silent for connection strings of development.",
        Why = "The pool hands the connection on with the setting of the last user; with multiplexing or a pooler the statements of several users share one. A pooled context is constructed for its first request, and its options for none.",
        Fix = "Set the identity for the transaction, or let the pool reset its connections; let a pooled context ask for the user each time, or set it where the context is taken from the pool.",
        CodeFix = "Takes `No Reset On Close` or `Multiplexing` out of the connection string, or sets it to false in the builder, where the string names no pooler. Fix All changes settings files, too; `dotnet format` sees them only where there is a finding in C# as well.",
        Bad = """
            // create table notes (id uuid primary key, user_id uuid not null);
            // alter table notes enable row level security;
            // create policy own on notes using (user_id = current_setting('app.user_id')::uuid);
            using System.Data;
            using Dapper;

            public sealed class Session(IDbConnection connection)
            {
                public void Use(Guid userId) =>
                    connection.Execute("select set_config('app.user_id', @userId::text, false)", new { userId });
            }

            // file: appsettings.json
            {
              "ConnectionStrings": {
                "Main": "Host=db;Database=app;Username=app;No Reset On Close=true"
                //                                         ^^^^^^^^^^^^^^^^^^^^^^ PL5018: the next user of a connection finds app.user_id of the last one
              }
            }
            """,
        Good = """
            // create table notes (id uuid primary key, user_id uuid not null);
            // alter table notes enable row level security;
            // create policy own on notes using (user_id = current_setting('app.user_id')::uuid);
            using System.Data;
            using Dapper;

            public sealed class Session(IDbConnection connection)
            {
                public void Use(Guid userId, IDbTransaction transaction) =>
                    connection.Execute("select set_config('app.user_id', @userId::text, true)", new { userId }, transaction);
            }

            // file: appsettings.json
            {
              "ConnectionStrings": {
                "Main": "Host=db;Database=app;Username=app;No Reset On Close=true"
              }
            }
            """,
    };

    internal override bool ReadsSettings => true;

    public override void Check(ProjectRuleContext context)
    {
        foreach (var keeper in context.Project.Pools.Keepers)
        {
            if (SessionSettings.HeldForSession(context.Project.Code, inInterceptors: !keeper.IsResetOnly, context.Cancellation) is { } setting)
                context.Report(this, keeper.Place, $"{keeper.Reason}: the next user of a connection finds {setting} of the last one", fix: keeper.Edit is { } edit ? new SiteFix("Let the pool reset its connections", ImmutableArray.Create(edit)) : null);
        }
        foreach (var (place, message) in new PooledContexts(context.Project, context.Cancellation).Kept())
            context.Report(this, place, message);
        foreach (var (text, setting) in new OpeningHooks(context.Project, context.Cancellation).SetOnce())
            context.Report(this, text.Locate(setting.Span.Start, setting.Span.End), $"an initializer of physical connections runs for their first user alone: {setting.Name} is the wrong one later, or is reset");
    }
}
