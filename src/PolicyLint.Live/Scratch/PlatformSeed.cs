using Npgsql;
using PolicyLint.Core.Platforms;

namespace PolicyLint.Live.Scratch;

/// <summary>Executes a platform's scripts in a template database.</summary>
internal static class PlatformSeed
{
    /// <summary>The database that PostgreSQL keeps as initdb made it.</summary>
    public const string EmptyTemplate = "template0";

    private const string DuplicateObject = "42710";

    /// <summary>Creates the template database of a platform and returns its name.</summary>
    /// <exception cref="ScratchException">A script was refused, which is a fault of ours or a server older than the platform's.</exception>
    public static async Task<string> CreateTemplateAsync(
        ScratchCluster cluster, NpgsqlConnection connection, PlatformSql platform, CancellationToken cancellationToken)
    {
        var name = "template_" + platform.Name;
        await DropTemplateAsync(connection, name, cancellationToken).ConfigureAwait(false);
        await ScratchCluster.ExecuteAsync(connection, $"create database {Identifier.Quote(name)} template {EmptyTemplate}", cancellationToken)
            .ConfigureAwait(false);
        await using var seeding = await cluster.OpenAsync(name, cancellationToken).ConfigureAwait(false);
        foreach (var script in platform.Scripts)
        {
            if (script.Extension is { } extension && await TryCreateExtensionAsync(seeding, extension, cancellationToken).ConfigureAwait(false))
                continue;

            await ExecuteAsync(seeding, script, cancellationToken).ConfigureAwait(false);
        }

        return name;
    }

    /// <summary>Drops a template database that <see cref="CreateTemplateAsync"/> made.</summary>
    public static Task DropTemplateAsync(NpgsqlConnection connection, string template, CancellationToken cancellationToken) =>
        ScratchCluster.ExecuteAsync(connection, $"drop database if exists {Identifier.Quote(template)}", cancellationToken);

    private static async Task<bool> TryCreateExtensionAsync(NpgsqlConnection connection, string extension, CancellationToken cancellationToken)
    {
        await using var installed = new NpgsqlCommand("select exists (select from pg_available_extensions where name = $1)", connection)
        {
            Parameters = { new NpgsqlParameter { Value = extension } },
        };
        if (await installed.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is not true)
            return false;

        await ScratchCluster.ExecuteAsync(connection, $"create extension {Identifier.Quote(extension)} with schema extensions", cancellationToken)
            .ConfigureAwait(false);
        return true;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, PlatformScript script, CancellationToken cancellationToken)
    {
        if (script.Kind != PlatformScriptKind.Roles)
        {
            // One DO statement is one round trip and one transaction.
            await ScratchCluster.ExecuteAsync(connection, $"do $platform$ begin\n{script.Text}\nend $platform$", cancellationToken).ConfigureAwait(false);
            return;
        }

        foreach (var line in script.Text.Split('\n'))
        {
            if (line.Length == 0 || line.StartsWith("--", StringComparison.Ordinal))
                continue;

            try
            {
                await ScratchCluster.ExecuteAsync(connection, line, cancellationToken).ConfigureAwait(false);
            }
            catch (PostgresException e) when (e.SqlState == DuplicateObject)
            {
                // Another database of this cluster brought the role.
            }
        }
    }
}
