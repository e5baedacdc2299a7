using PolicyLint.CSharp.Settings;
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
        What = "Reports `No Reset On Close=true` and `Multiplexing=true` in a connection string of a project that sets an identity for the whole session (`SET`, `set_config(…, false)`).",
        Why = "The pool hands the connection on with the setting of the last user; with multiplexing the statements of several users share one.",
        Fix = "Set the identity for the transaction, or let the pool reset its connections.",
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
                //                                         ^^^^^^^^^^^^^^^^^^^^^^ PL5018: No Reset On Close keeps app.user_id
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

    public override void Check(ProjectRuleContext context)
    {
        string? setting = null;
        foreach (var connection in ConnectionString.In(context.Project.Settings))
        {
            foreach (var key in new[] { connection.Find("no reset on close", "noresetonclose"), connection.Find("multiplexing") })
            {
                if (key is null || !string.Equals(key.Value, "true", StringComparison.OrdinalIgnoreCase))
                    continue;
                setting ??= SessionSettings.HeldForSession(context.Project.Code, context.Cancellation) ?? "";
                if (setting.Length > 0)
                    context.Report(this, connection.Locate(key), $"{key.Name} keeps {setting} of the last user on the connection");
            }
        }
    }
}
