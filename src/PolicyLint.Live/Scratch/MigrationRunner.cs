using Npgsql;
using PolicyLint.Core.Analysis;
using PolicyLint.Core.Catalog;
using PolicyLint.Core.Catalog.Replay;
using PolicyLint.Sql;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Live.Scratch;

/// <summary>
/// Applies migrations to a scratch database, each file in a session of its own, statement by statement or in one transaction. It stops at the
/// first file that fails; what was committed until then stays.
/// </summary>
public sealed class MigrationRunner
{
    private readonly ScratchDatabase database;
    private readonly HashSet<string> available;
    private readonly HashSet<string> standIns;
    private readonly List<MigrationNote> notes = [];
    private readonly bool goesOn;
    private int statements;

    private MigrationRunner(ScratchDatabase database, HashSet<string> available, HashSet<string> standIns, bool goesOn)
    {
        this.goesOn = goesOn;
        this.database = database;
        this.available = available;
        this.standIns = standIns;
    }

    /// <summary>
    /// Applies the files whose role is migration and passes over each statement that the server refuses: what is left is what the files make of a
    /// database that lacks something. No file is one transaction then but for its own BEGIN.
    /// </summary>
    /// <param name="database">Where to.</param>
    /// <param name="files">As the analysis takes them; other roles are passed over.</param>
    /// <param name="cancellationToken">Stops between and inside statements.</param>
    /// <exception cref="ScratchException">The scratch server is gone.</exception>
    public static Task<MigrationRun> ApplyWhatIsTakenAsync(ScratchDatabase database, IReadOnlyList<InputFile> files, CancellationToken cancellationToken = default) =>
        ApplyAsync(database, [.. files.Select(static f => f with { IsOneTransaction = false })], goesOn: true, progress: null, cancellationToken);

    /// <summary>Applies the files whose role is migration, in the order given.</summary>
    /// <param name="database">Where to.</param>
    /// <param name="files">As the analysis takes them; other roles are passed over.</param>
    /// <param name="progress">Told the path of each file before it is applied; null for nobody.</param>
    /// <param name="cancellationToken">Stops between and inside statements.</param>
    /// <returns>What was applied and what was not. A statement that the server refuses is part of the result and not an exception.</returns>
    /// <exception cref="ScratchException">The scratch server is gone.</exception>
    public static Task<MigrationRun> ApplyAsync(
        ScratchDatabase database, IReadOnlyList<InputFile> files, IProgress<string>? progress = null, CancellationToken cancellationToken = default) =>
        ApplyAsync(database, files, goesOn: false, progress, cancellationToken);

    /// <summary>The same, after what the files use and do not make, as far as it can be made without knowing more than its name: it is noted.</summary>
    /// <param name="database">Where to.</param>
    /// <param name="files">As the analysis takes them; other roles are passed over.</param>
    /// <param name="replayed">The catalog that their replay gave: what it had to assume.</param>
    /// <param name="progress">Told the path of each file before it is applied; null for nobody.</param>
    /// <param name="cancellationToken">Stops between and inside statements.</param>
    /// <exception cref="ScratchException">The scratch server is gone.</exception>
    public static async Task<MigrationRun> ApplyAsync(
        ScratchDatabase database, IReadOnlyList<InputFile> files, ICatalog replayed, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var made = await Prerequisites.MakeAsync(database, files, replayed, cancellationToken).ConfigureAwait(false);
        var run = await ApplyAsync(database, files, progress, cancellationToken).ConfigureAwait(false);
        return run with { Notes = [.. made, .. run.Notes] };
    }

    private static async Task<MigrationRun> ApplyAsync(
        ScratchDatabase database, IReadOnlyList<InputFile> files, bool goesOn, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        try
        {
            var available = await ExtensionsAsync(database, "select name::text from pg_available_extensions", cancellationToken).ConfigureAwait(false);
            var standIns = await ExtensionsAsync(database, $"select extname::text from pg_extension where extversion = '{ExtensionStandIn.Version}'", cancellationToken).ConfigureAwait(false);
            var runner = new MigrationRunner(database, available, standIns, goesOn);
            return await runner.ApplyAllAsync(files, progress, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is NpgsqlException or IOException)
        {
            throw new ScratchException(ScratchFailure.DatabaseFailed, $"The scratch server was lost while it applied the migrations: {e.Message}");
        }
    }

    private async Task<MigrationRun> ApplyAllAsync(IReadOnlyList<InputFile> files, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var applied = 0;
        var failed = false;
        foreach (var file in files)
        {
            if (file.Role != ScriptRole.Migration)
                continue;

            if (failed)
            {
                notes.Add(new MigrationNote(MigrationNoteKind.NotReached, file.Source, default, "not applied: a file before it failed"));
                continue;
            }

            progress?.Report(file.Source.Path);
            failed = !await ApplyFileAsync(file, cancellationToken).ConfigureAwait(false);
            applied += failed ? 0 : 1;
        }

        return new MigrationRun(statements, applied, notes);
    }

    private async Task<bool> ApplyFileAsync(InputFile file, CancellationToken cancellationToken)
    {
        // A session of its own, as migration tools give it or reset it: what one file sets does not reach the next.
        await using var connection = await database.OpenAsync(cancellationToken).ConfigureAwait(false);
        var session = new FileSession(connection, file);
        if (file.IsOneTransaction)
            await session.ExecuteAsync("begin", cancellationToken).ConfigureAwait(false);

        foreach (var range in file.Ranges ?? [new TextSpan(0, file.Source.Text.Length)])
        {
            var tree = SqlParser.Parse(file.Source, new SqlParseOptions { Range = range }, cancellationToken);
            foreach (var statement in tree.Statements)
            {
                if (TextFor(file, statement) is not { } text)
                    continue;

                if (!session.IsOpen)
                {
                    notes.Add(new MigrationNote(MigrationNoteKind.Failed, file.Source, statement.Span, "not applied: a statement before it ended the session"));
                    if (!goesOn)
                        return false;

                    continue;
                }

                if (goesOn && session.IsInTransaction && statement is not TransactionStatement { Operation: TransactionOperation.Commit or TransactionOperation.Rollback })
                    await session.ExecuteAsync("savepoint statement", cancellationToken).ConfigureAwait(false);

                var (place, error) = await session.ExecuteAsync(statement, text, range.End, cancellationToken).ConfigureAwait(false);
                if (error is not null)
                {
                    notes.Add(new MigrationNote(MigrationNoteKind.Failed, file.Source, goesOn ? statement.Span : place, MessageOf(error), error.SqlState));
                    if (!goesOn)
                        return false;

                    if (session is { IsInTransaction: true, IsOpen: true })
                        await session.ExecuteAsync("rollback to statement", cancellationToken).ConfigureAwait(false);

                    continue;
                }

                statements++;
            }
        }

        return await FinishAsync(file, session, cancellationToken).ConfigureAwait(false);
    }

    private async Task<bool> FinishAsync(InputFile file, FileSession session, CancellationToken cancellationToken)
    {
        if (!session.IsInTransaction)
            return true;

        var end = new TextSpan(file.Source.Text.Length, 0);
        if (!file.IsOneTransaction)
        {
            notes.Add(new MigrationNote(
                MigrationNoteKind.OpenTransaction, file.Source, end,
                "the file ends inside a transaction that it opened: everything since its BEGIN was rolled back"));
            return true;
        }

        try
        {
            // Deferred constraints and constraint triggers are checked here.
            await session.ExecuteAsync("commit", cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (PostgresException e)
        {
            notes.Add(new MigrationNote(MigrationNoteKind.Failed, file.Source, end, "at the end of the file's transaction: " + MessageOf(e), e.SqlState));
            return false;
        }
    }

    /// <summary>What to execute for a statement; null to pass it over, which is noted where it matters.</summary>
    private string? TextFor(InputFile file, Statement statement)
    {
        switch (statement)
        {
            case PsqlCommand command:
                if (!IsSilent(command))
                    Note(MigrationNoteKind.PsqlCommand, file, command, $"not applied: \\{command.Command} is a command of psql");

                return null;

            case CreateExtensionStatement create when !available.Contains(create.Name.Text):
                return standIns.Add(create.Name.Text) || !create.IfNotExists ? StandInFor(file, create) : null;

            case DropStatement { Kind: ObjectKind.Extension } drop:
                standIns.ExceptWith(drop.Targets.Select(static target => target.Name.Name.Text));
                return file.Source.GetText(statement.Span);

            // Methods of a stand-in take no storage parameters.
            case CreateIndexStatement { Options.Length: > 0, Method.Text: "hnsw" or "ivfflat" } index when standIns.Contains("vector"):
                return WithoutOptions(file, index);

            default:
                return file.Source.GetText(statement.Span);
        }
    }

    private string StandInFor(InputFile file, CreateExtensionStatement create)
    {
        var name = create.Name.Text;
        var script = ResourceText.Find($"Scratch/StandIns/{name}.sql");
        if (script is not null)
        {
            Note(
                MigrationNoteKind.ExtensionStandIn, file, create,
                $"extension {name} is not installed here: its types and functions are stand-ins that do nothing");
        }
        else if (!database.Platform.Extensions.Contains(name))
            Note(MigrationNoteKind.ExtensionNotInstalled, file, create, $"not applied: extension {name} is not installed here");

        return ExtensionStandIn.Create(name, create.Schema.IsEmpty ? null : create.Schema.Text, script ?? "");
    }

    private static string WithoutOptions(InputFile file, CreateIndexStatement index)
    {
        var text = file.Source.GetText(index.Span);
        var open = text.LastIndexOf('(', index.Options[0].Start - index.Start);
        var start = text.LastIndexOf("with", open, StringComparison.OrdinalIgnoreCase);
        var end = text.IndexOf(')', index.Options[^1].End - index.Start) + 1;

        // Blanks, so that places in what follows stay where they are.
        return string.Concat(text.AsSpan(0, start), new string(' ', end - start), text.AsSpan(end));
    }

    private void Note(MigrationNoteKind kind, InputFile file, Statement statement, string message) =>
        notes.Add(new MigrationNote(kind, file.Source, statement.Span, message));

    /// <summary>Commands of psql that are about its display alone.</summary>
    private static bool IsSilent(PsqlCommand command) =>
        command.Command is "set" or "unset" or "echo" or "qecho" or "warn" or "pset" or "timing" or "x" or "encoding" or "restrict" or "unrestrict"
            or "." or "q";

    private static string MessageOf(PostgresException error)
    {
        var message = error.MessageText;
        if (!string.IsNullOrEmpty(error.Hint))
            message += " (" + error.Hint + ")";

        // The context of an error in a function or DO block: the innermost line says where in the body.
        if (!string.IsNullOrEmpty(error.Where))
            message += " [" + error.Where.Split('\n')[0] + "]";

        return message;
    }

    private static async Task<HashSet<string>> ExtensionsAsync(ScratchDatabase database, string query, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var command = new NpgsqlCommand(query, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            names.Add(reader.GetString(0));

        return names;
    }
}
