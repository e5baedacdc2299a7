using PolicyLint.CSharp.Fixes;
using PolicyLint.CSharp.Text;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Rules;

namespace PolicyLint.CSharp.Rules.DataAccess;

internal sealed class SessionSettingLeaks : SiteRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL5011",
        Name = "session-setting-leaks",
        Severity = Severity.Error,
        Title = "Session setting on a pooled connection that outlives its user",
        What = "Reports `SET` and `set_config(…, false)` of a custom setting (its name has a dot) and `SET ROLE` from C#, where a connection string shows that the setting outlives its user (`No Reset On Close`, `Multiplexing`, a pooler), and, as information at the first text that makes it, where none is known or its host, port or one of those switches is filled in later. Silent where the connection strings in appsettings files and code, and their builders, leave Npgsql its `DISCARD ALL`, and in an interceptor of connections, which sets anew whenever one is opened.",
        Why = "Npgsql resets a session before the pool hands it on. With `No Reset On Close` or multiplexing, and behind PgBouncer in transaction mode, nothing does: the next user runs with the identity of the last one.",
        Fix = "Set it for the transaction: `set_config(name, value, true)` or `SET LOCAL`, in the transaction that runs the queries.",
        CodeFix = "Turns the third argument of `set_config` to true, or `SET` into `SET LOCAL`. Offered where the method has a transaction, or one can be opened around all that its own connection runs.",
        Bad = """
            // create table notes (id uuid primary key, user_id uuid not null, title text not null);

            using System.Data;
            using Dapper;

            public sealed class Session(IDbConnection connection)
            {
                public void Use(Guid userId) =>
                    connection.Execute("select set_config('app.user_id', @userId::text, false)", new { userId });
                //                             ^^^^^^^^^^ PL5011: app.user_id stays on the connection
            }
            """,
        Good = """
            // create table notes (id uuid primary key, user_id uuid not null, title text not null);

            using System.Data;
            using Dapper;

            public sealed class Session(IDbConnection connection)
            {
                public void Use(Guid userId, IDbTransaction transaction) =>
                    connection.Execute("select set_config('app.user_id', @userId::text, true)", new { userId }, transaction);
            }
            """,
    };

    public override void Check(SiteRuleContext context)
    {
        if (!SessionSettings.In(context.Statement).Any(setting => !setting.IsLocal && setting.HoldsIdentity))
            return;
        var pools = context.Project.Pools;
        if (pools is { IsKnown: true, Keeps: null } || SessionSettings.IsInInterceptor(context.Call.Operation, context.Project.Code, context.Cancellation))
            return;
        var reason = pools.Keeps ?? $"if no pool resets it: {(pools.FilledIn is { } key ? $"the {key} of its connection string is filled in later" : "no connection string is known")}";
        foreach (var setting in SessionSettings.In(context.Statement))
        {
            if (setting.IsLocal || !setting.HoldsIdentity)
                continue;
            var others = 0;
            if (pools.Keeps is null)
            {
                if (!HeldSettings.IsFirst(setting.Name, context.Text.Locate(setting.Span.Start, setting.Span.End), context.Project, context.Cancellation))
                    continue;
                others = HeldSettings.Count(setting.Name, context.Project, context.Cancellation) - 1;
            }
            var alsoThere = others > 0 ? $" ({others} more {(others == 1 ? "text does" : "texts do")} the same)" : "";
            context.Report(this, setting.Span, $"{setting.Name} stays on the connection for its next user, {reason}: set it for the transaction{alsoThere}", fix: LocalSetting.Of(context, setting), isCertain: pools.Keeps is not null);
        }
    }
}
