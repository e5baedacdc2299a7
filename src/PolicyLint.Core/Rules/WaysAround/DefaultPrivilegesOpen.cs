using PolicyLint.Core.Catalog;
using PolicyLint.Core.Findings;

namespace PolicyLint.Core.Rules.WaysAround;

internal sealed class DefaultPrivilegesOpen : CatalogRule
{
    public override RuleInfo Info { get; } = new()
    {
        Id = "PL4012",
        Name = "default-privileges-open",
        Severity = Severity.Warning,
        Title = "Default privileges that give new tables to the anonymous role or PUBLIC",
        What = "Reports ALTER DEFAULT PRIVILEGES that grant new tables to `anon` or PUBLIC. One finding a statement. Supabase's own for the schema public are left alone.",
        Why = "Each table that a later migration creates is open from its first moment, before anyone has written a policy for it, and the migration that creates it does not show it.",
        Fix = "`ALTER DEFAULT PRIVILEGES … REVOKE … FROM anon, public`, and grant on each table what it needs.",
        Bad = """
            alter default privileges in schema public grant select, insert on tables to public;
            -- ^^^ PL4012: Every new table in public is granted to public (select, insert)
            """,
        Good = """
            create role app;
            alter default privileges in schema public grant select, insert on tables to app;
            """,
        Sources = ["PostgreSQL manual, ALTER DEFAULT PRIVILEGES", "pgrls SEC044"],
        IsLive = true,
    };

    public override void Check(CatalogRuleContext context)
    {
        var open = new List<(Location Place, DefaultPrivilege First, List<string> Privileges)>();
        foreach (var privilege in context.Catalog.DefaultPrivileges)
        {
            if (privilege.IsRevoke || privilege.ObjectType != "tables" || privilege.Grantee is not ("anon" or "public") || IsPlatforms(context.Catalog, privilege))
                continue;
            var place = Location.Of(privilege.Origin);
            var known = open.Find(entry => entry.Place == place && entry.First.Grantee == privilege.Grantee && entry.First.Schema == privilege.Schema);
            if (known.Privileges is not null)
                known.Privileges.Add(privilege.Privilege);
            else
                open.Add((place, privilege, [privilege.Privilege]));
        }
        foreach (var (place, first, privileges) in open)
        {
            var where = first.Schema is null ? "" : $" in {first.Schema}";
            context.Report(
                this, place, $"{first.Schema ?? "*"}.*/{first.Grantee}",
                $"Every new table{where} is granted to {first.Grantee} ({string.Join(", ", privileges)})");
        }
    }

    private static bool IsPlatforms(ICatalog catalog, DefaultPrivilege privilege)
    {
        if (catalog.Platform != "supabase" || privilege.Schema is null)
            return false;
        return privilege.Schema == "public" || (catalog.Schemas.TryGetValue(privilege.Schema, out var schema) && schema.IsForeignOwned);
    }
}
