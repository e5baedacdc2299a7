using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PolicyLint.CSharp.Fixes;
using PolicyLint.CSharp.Settings;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;
using PolicyLint.Core.Rules;
using Location = Microsoft.CodeAnalysis.Location;

namespace PolicyLint.CSharp.Rules.DataAccess;

internal sealed class ConnectionBypassesRls : ProjectRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL5012",
        Name = "connection-bypasses-rls",
        Severity = Severity.Warning,
        Title = "Connection string with a role that row-level security does not bind",
        What = "Reports a connection string in appsettings files, or in C# to another machine, whose user is `postgres`, a role that the migrations make a superuser or give BYPASSRLS, Supabase's service_role, or the owner of a table whose row-level security is enabled and not forced. Files for development and tests and design-time factories are left out.",
        Why = "Superusers, BYPASSRLS and owners pass every policy: row-level security is there and protects nothing.",
        Fix = "Connect as a role of its own that owns nothing, and grant it what the application needs.",
        CodeFix = "Puts the application's role in the place of the user: the one that `roles` names, or else the only one that policies name. Offered where that role can log in and passes no policies, and the string holds no password of the other. Fix All changes settings files, too; `dotnet format` sees them only where there is a finding in C# as well.",
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

    internal override bool ReadsSettings => true;

    public override void Check(ProjectRuleContext context)
    {
        if (!context.Project.Catalog.TablesInOrder().Any(table => table.RowSecurityEnabled.Value))
            return;
        foreach (var connection in ConnectionString.In(context.Project.Settings).Where(connection => !connection.IsForDevelopment))
            Check(context, connection, connection.Locate);
        foreach (var (tree, outline) in context.Project.Code.OutlinesOf(ConnectionOutline.Read, context.Cancellation))
        {
            foreach (var (literal, connection) in outline.Strings)
            {
                if (!connection.IsToThisMachine && !IsForDesign(tree, literal, context.Cancellation))
                    Check(context, connection, user => Location.Create(tree, connection.PlaceOf(user) ?? literal));
            }
        }
    }

    private void Check(ProjectRuleContext context, ConnectionString connection, Func<ConnectionKey, Location> locate)
    {
        if (connection.Find("username", "user id", "userid", "user name", "uid") is { } user && Reason(context.Project.Catalog, user.Value) is { } reason)
            context.Report(this, locate(user), $"{user.Value} passes row-level security: {reason}", fix: FixOf(context.Project, connection, user));
    }

    // A password would be that of the other role.
    private static SiteFix? FixOf(ProjectAnalysis project, ConnectionString connection, ConnectionKey user)
    {
        if (project.Tenancy.ApplicationRoles is not [var role] || role == "public" || Reason(project.Catalog, role) is not null || connection.Find("password", "pwd", "psw", "passfile") is not null)
            return null;
        var canLogin = !project.Catalog.Roles.TryGetValue(role, out var known) || known.IsAssumed || known.CanLogin;
        return canLogin && ConnectionKeyEdit.Set(connection, user, role) is { } edit ? new($"Connect as {role}", ImmutableArray.Create(edit)) : null;
    }

    // Migrations are the owner's.
    private static bool IsForDesign(SyntaxTree tree, Microsoft.CodeAnalysis.Text.TextSpan literal, CancellationToken cancellation) =>
        tree.GetRoot(cancellation).FindNode(literal).FirstAncestorOrSelf<TypeDeclarationSyntax>()?.BaseList?.ToString().IndexOf("IDesignTimeDbContextFactory", StringComparison.Ordinal) >= 0;

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
