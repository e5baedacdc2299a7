using PolicyLint.CSharp.Settings;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Rules;

namespace PolicyLint.CSharp.Rules.DataAccess;

internal sealed class ConnectionBypassesRls : ProjectRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL5012",
        Name = "connection-bypasses-rls",
        Severity = Severity.Warning,
        Title = "Connection string with a role that row-level security does not bind",
        What = "Reports a connection string in appsettings files whose user is `postgres`, a role that the migrations make a superuser or give BYPASSRLS, Supabase's service_role, or the owner of a table whose row-level security is enabled and not forced. Files for development and tests are left out.",
        Why = "Superusers, BYPASSRLS and owners pass every policy: row-level security is there and protects nothing.",
        Fix = "Connect as a role of its own that owns nothing, and grant it what the application needs.",
        Bad = """
            // create table notes (id uuid primary key, user_id uuid not null);
            // alter table notes enable row level security;
            // create policy own on notes using (user_id = current_setting('app.user_id')::uuid);
            public sealed class Startup;

            // file: appsettings.json
            {
              "ConnectionStrings": {
                "Main": "Host=db;Database=app;Username=postgres;Password=secret"
                //                            ^^^^^^^^^^^^^^^^^ PL5012: postgres passes row-level security
              }
            }
            """,
        Good = """
            // create table notes (id uuid primary key, user_id uuid not null);
            // alter table notes enable row level security;
            // create policy own on notes using (user_id = current_setting('app.user_id')::uuid);
            public sealed class Startup;

            // file: appsettings.json
            {
              "ConnectionStrings": {
                "Main": "Host=db;Database=app;Username=app;Password=secret"
              }
            }
            """,
    };

    public override void Check(ProjectRuleContext context)
    {
        if (!context.Project.Catalog.TablesInOrder().Any(table => table.RowSecurityEnabled.Value))
            return;
        foreach (var connection in ConnectionString.In(context.Project.Settings))
        {
            if (connection.IsForDevelopment || connection.Find("username", "user id", "userid", "user name", "uid") is not { } user || Reason(context.Project.Catalog, user.Value) is not { } reason)
                continue;
            context.Report(this, connection.Locate(user), $"{user.Value} passes row-level security: {reason}");
        }
    }

    private static string? Reason(ICatalog catalog, string user)
    {
        if (catalog.Roles.TryGetValue(user, out var role) && (role.IsSuperuser || role.BypassesRowSecurity))
            return role.IsSuperuser ? "it is a superuser" : "it has BYPASSRLS";
        if (user is "postgres" or "supabase_admin" or "service_role")
            return user == "service_role" ? "it has BYPASSRLS" : "it is a superuser or the owner of all tables";
        return catalog.TablesInOrder().FirstOrDefault(table => table.Owner == user && table.RowSecurityEnabled.Value && table.RowSecurityForced is { Value: false, IsKnown: true }) is { } owned
            ? $"it owns {owned.Id}, where row-level security is not forced"
            : null;
    }
}
