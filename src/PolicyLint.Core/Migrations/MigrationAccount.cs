using PolicyLint.Core.Analysis;

namespace PolicyLint.Core.Migrations;

/// <summary>The table in which a migration tool keeps account of what it has applied. It is in the database and in no migration.</summary>
public static class MigrationAccount
{
    private const string GooseColumns = "id serial primary key, version_id bigint not null, is_applied boolean not null, tstamp timestamp default now()";

    private static readonly HashSet<string> s_names = new(StringComparer.OrdinalIgnoreCase)
    {
        "schema_migrations", "schema_migrations_lock", "goose_db_version", "flyway_schema_history", "_prisma_migrations", "__drizzle_migrations",
        "__EFMigrationsHistory", "schemaversions", "schema_version", "knex_migrations", "knex_migrations_lock", "pgmigrations", "_sqlx_migrations",
        "__diesel_schema_migrations", "databasechangelog", "databasechangeloglock", "ar_internal_metadata", "atlas_schema_revisions", "seed_files",
        "sequelizemeta", "kysely_migration", "kysely_migration_lock", "_migrations", "migrations", "typeorm_metadata", "gorp_migrations", "refinery_schema_history",
    };

    /// <summary>A tool gives its table this name, by default or by custom.</summary>
    public static bool IsAccount(string table) => s_names.Contains(table);

    /// <summary>The table that EF Core's idempotent scripts ask before each statement whether it ran.</summary>
    public static bool IsAskedByScripts(string table) => table is "__EFMigrationsHistory" or "__ef_migrations_history";

    /// <summary>The columns of the table for the tool that the files are written for, as CREATE TABLE takes them.</summary>
    public static string ColumnsFor(IReadOnlyList<InputFile> files)
    {
        foreach (var file in files)
        {
            if (file.Ranges is not null && file.Source.Text.IndexOf("+goose Up", StringComparison.OrdinalIgnoreCase) >= 0)
                return GooseColumns;
        }
        return "version varchar primary key";
    }
}
