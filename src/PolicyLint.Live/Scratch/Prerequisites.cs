using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Migrations;
using PolicyLint.Sql.Text;

namespace PolicyLint.Live.Scratch;

/// <summary>
/// Makes what migrations take for granted: roles, which belong to a whole server and are often made by whoever runs it, and the table in which
/// their tool keeps account of them.
/// </summary>
internal static class Prerequisites
{
    public static async Task<IReadOnlyList<MigrationNote>> MakeAsync(
        ScratchDatabase database, IReadOnlyList<InputFile> files, ICatalog replayed, CancellationToken cancellationToken)
    {
        var made = new List<MigrationNote>();
        await using var connection = await database.OpenAsync(cancellationToken).ConfigureAwait(false);
        foreach (var role in replayed.Roles.Values.Where(static r => r.IsAssumed).OrderBy(static r => r.Name, StringComparer.Ordinal))
        {
            // Names that start with pg_ are PostgreSQL's own, of this version or another.
            if (role.Name.StartsWith("pg_", StringComparison.Ordinal))
                continue;

            await ScratchCluster.ExecuteAsync(connection, $"create role {Identifier.Quote(role.Name)}", cancellationToken).ConfigureAwait(false);
            Note(role.CreatedAt, $"role {role.Name} is made by no migration: it was made here, with no rights of its own");
        }

        foreach (var relation in replayed.Relations.Values.Where(static r => r.IsAssumed).OrderBy(static r => r.Id.ToString(), StringComparer.Ordinal))
        {
            if (!MigrationAccount.IsAccount(relation.Id.Name) || !replayed.Schemas.ContainsKey(relation.Id.Schema) || relation.Id.Schema != "public")
                continue;

            var table = $"{Identifier.Quote(relation.Id.Schema)}.{Identifier.Quote(relation.Id.Name)}";
            await ScratchCluster.ExecuteAsync(connection, $"create table {table} ({MigrationAccount.ColumnsFor(files)})", cancellationToken).ConfigureAwait(false);
            Note(relation.CreatedAt, $"table {relation.Id} is made by the tool that runs the migrations: it was made here as that would");
        }

        return made;

        void Note(Origin origin, string message)
        {
            var source = origin.Source ?? files[0].Source;
            made.Add(new MigrationNote(MigrationNoteKind.MadeBefore, source, origin.Source is null ? default(TextSpan) : origin.Span, message));
        }
    }
}
