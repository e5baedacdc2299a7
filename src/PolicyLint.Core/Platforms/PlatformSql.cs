using System.Text;

namespace PolicyLint.Core.Platforms;

/// <summary>What a platform has in its databases before the first migration, as SQL text.</summary>
public sealed class PlatformSql
{
    /// <summary>PostgreSQL as it comes.</summary>
    public static PlatformSql Plain { get; } = new("plain") { SearchPath = ["$user", "public"] };

    /// <summary>A new Supabase project. Its search_path has <c>extensions</c>, where uuid-ossp and pgcrypto are installed.</summary>
    public static PlatformSql Supabase { get; } = new("supabase")
    {
        SearchPath = ["$user", "public", "extensions"],
        MigrationRole = "postgres",
        Schemas =
        [
            "auth", "storage", "realtime", "vault", "extensions", "graphql", "graphql_public", "supabase_functions", "supabase_migrations",
            "_analytics", "_realtime", "_supavisor", "cron", "net", "pgbouncer", "pgmq", "pgsodium", "pgsodium_masks", "pgtle",
        ],
        Roles =
        [
            "postgres", "anon", "authenticated", "service_role", "authenticator", "supabase_admin", "supabase_auth_admin",
            "supabase_storage_admin", "supabase_realtime_admin", "supabase_functions_admin", "supabase_replication_admin",
            "supabase_read_only_user", "supabase_etl_admin", "dashboard_user", "pgbouncer", "pgsodium_keyholder", "pgsodium_keyiduser",
            "pgsodium_keymaker", "pgtle_admin",
        ],
        Extensions = ["pg_graphql", "pg_stat_statements", "pgcrypto", "plpgsql", "supabase_vault", "uuid-ossp"],
        Scripts =
        [
            Read("supabase.roles.sql", PlatformScriptKind.Roles),
            Read("supabase.sql", PlatformScriptKind.Schema),
            Read("supabase.extension.uuid-ossp.sql", PlatformScriptKind.Extension, "uuid-ossp"),
            Read("supabase.extension.pgcrypto.sql", PlatformScriptKind.Extension, "pgcrypto"),
        ],
    };

    private PlatformSql(string name) => Name = name;

    /// <summary>Every platform, in the order in which help texts list them.</summary>
    public static IReadOnlyList<PlatformSql> All { get; } = [Plain, Supabase];

    /// <summary>The name as <c>policylint.yml</c> writes it.</summary>
    public string Name { get; }

    /// <summary>The search_path of a new session; <c>$user</c> stands for the schema named like the role.</summary>
    public IReadOnlyList<string> SearchPath { get; private init; } = [];

    /// <summary>The role that migrations run as, and that owns what they make; null where the platform does not say.</summary>
    public string? MigrationRole { get; private init; }

    /// <summary>Schemas whose relations and types are the platform's: those that the scripts make, and those that its services may bring.</summary>
    public IReadOnlyList<string> Schemas { get; private init; } = [];

    /// <summary>Roles that are the platform's: those that the scripts make, and those that its services may bring.</summary>
    public IReadOnlyList<string> Roles { get; private init; } = [];

    /// <summary>Extensions that are installed before the first migration; what migrations use of them the scripts make.</summary>
    public IReadOnlyList<string> Extensions { get; private init; } = ["plpgsql"];

    /// <summary>The scripts in the order in which they run.</summary>
    public IReadOnlyList<PlatformScript> Scripts { get; private init; } = [];

    /// <summary>
    /// An object is the platform's: it lies in one of the platform's schemas and does not belong to the role that migrations run as. Projects put
    /// objects of their own into schemas such as auth; the schema where migrations are kept track of is the platform's all the same.
    /// </summary>
    public bool Owns(string schema, string? owner) =>
        Contains(Schemas, schema) && (owner is null || owner != MigrationRole || schema == "supabase_migrations");

    /// <summary>The platform of that name, or null when there is none.</summary>
    public static PlatformSql? Find(string name)
    {
        foreach (var platform in All)
        {
            if (platform.Name == name)
                return platform;
        }

        return null;
    }

    private static bool Contains(IReadOnlyList<string> names, string name)
    {
        foreach (var candidate in names)
        {
            if (candidate == name)
                return true;
        }
        return false;
    }

    private static PlatformScript Read(string file, PlatformScriptKind kind, string? extension = null)
    {
        // Bytes and not a reader: what the compiler loads has no readers and writers at all.
        using var stream = typeof(PlatformSql).Assembly.GetManifestResourceStream("Platforms/" + file)
            ?? throw new InvalidOperationException($"The assembly lacks the resource Platforms/{file}.");
        var bytes = new byte[(int)stream.Length];
        for (var read = 0; read < bytes.Length;)
        {
            var count = stream.Read(bytes, read, bytes.Length - read);
            if (count == 0)
                throw new InvalidOperationException($"The resource Platforms/{file} ends early.");

            read += count;
        }

        return new PlatformScript("platform/" + file, kind, Encoding.UTF8.GetString(bytes), extension);
    }
}
