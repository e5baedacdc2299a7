using PolicyLint.Core.Analysis;
using PolicyLint.Core.Platforms;
using PolicyLint.Sql;
using PolicyLint.Sql.Text;

namespace PolicyLint.Core.Catalog.Replay;

/// <summary>The catalog that a platform's databases start with. Made once: it never changes.</summary>
internal static class PlatformSeed
{
    private static readonly Lazy<DatabaseCatalog> s_plain = new(static () => Make(PlatformSql.Plain));
    private static readonly Lazy<DatabaseCatalog> s_supabase = new(static () => Make(PlatformSql.Supabase));

    /// <summary>A state that holds what the platform brings.</summary>
    public static CatalogState Start(string platform)
    {
        var sql = PlatformSql.Find(platform) ?? PlatformSql.Plain;
        var state = new CatalogState(sql.Name, DefaultPath(sql));
        state.Load(sql == PlatformSql.Supabase ? s_supabase.Value : s_plain.Value);
        return state;
    }

    private static List<string> DefaultPath(PlatformSql platform)
    {
        // A schema named like the user is seldom there, and then passed over.
        var path = new List<string>(platform.SearchPath);
        path.Remove("$user");
        return path;
    }

    private static DatabaseCatalog Make(PlatformSql platform)
    {
        var origin = Origin.Platform(platform.Name);
        var state = new CatalogState(platform.Name, DefaultPath(platform));
        var context = new ReplayContext(state, AnalysisLimits.Cli, default) { IsSeeding = true, FixedOrigin = origin };
        state.SetSchema(new Schema
        {
            Name = "public",
            Owner = "pg_database_owner",
            Grants = [new Grant("usage", "public", false, Origin.Default)],
            IsForeignOwned = true,
            CreatedAt = Origin.Default,
        });
        if (platform == PlatformSql.Plain)
        {
            state.SetRole(new Role
            {
                Name = "postgres",
                IsSuperuser = true,
                BypassesRowSecurity = true,
                CanLogin = true,
                IsForeignOwned = true,
                CreatedAt = Origin.Default,
            });
        }
        var replay = new StatementReplay(context);
        foreach (var script in platform.Scripts)
        {
            context.Source = new SourceText(script.Text, script.Path);
            if (script.Extension is { } extension)
                state.SetExtension(extension, "extensions");
            foreach (var statement in SqlParser.Parse(context.Source).Statements)
            {
                context.Enter(statement);
                replay.Apply(statement);
            }
        }
        return state.Freeze();
    }
}
