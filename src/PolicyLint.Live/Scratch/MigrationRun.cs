using PolicyLint.Sql.Text;

namespace PolicyLint.Live.Scratch;

/// <summary>What became of the migrations.</summary>
/// <param name="Statements">Number of statements that the server executed, those of a transaction that was rolled back included.</param>
/// <param name="Files">Number of files that were applied to their end.</param>
/// <param name="Notes">What was not applied, in order.</param>
public sealed record MigrationRun(int Statements, int Files, IReadOnlyList<MigrationNote> Notes)
{
    /// <summary>No file failed; statements may have been passed over all the same, see <see cref="Notes"/>.</summary>
    public bool Succeeded
    {
        get
        {
            foreach (var note in Notes)
            {
                if (note.Kind is MigrationNoteKind.Failed or MigrationNoteKind.NotReached)
                    return false;
            }

            return true;
        }
    }
}

/// <summary>Why something was not applied.</summary>
public enum MigrationNoteKind
{
    /// <summary>The server refused the statement; the rest of its file and the files after it were not applied.</summary>
    Failed,

    /// <summary>The file comes after one that failed.</summary>
    NotReached,

    /// <summary>CREATE EXTENSION of an extension that is not installed on the scratch server's machine.</summary>
    ExtensionNotInstalled,

    /// <summary>CREATE EXTENSION of an extension that is not installed on the scratch server's machine, and whose types and functions we made up for.</summary>
    ExtensionStandIn,

    /// <summary>Something that the migrations use and do not make, and that was made for them.</summary>
    MadeBefore,

    /// <summary>A command of psql, which no server understands.</summary>
    PsqlCommand,

    /// <summary>The file ended inside a transaction that it opened, which was rolled back, as at the end of a psql session.</summary>
    OpenTransaction,
}

/// <summary>Something that was not applied, and where it stands.</summary>
/// <param name="Kind">Why.</param>
/// <param name="Source">The file.</param>
/// <param name="Span">The place that the server points at, or else the statement; empty at the file's start where it is about the file.</param>
/// <param name="Message">In words, for the user.</param>
/// <param name="SqlState">The server's error code; null where the server has not spoken.</param>
public sealed record MigrationNote(MigrationNoteKind Kind, SourceText Source, TextSpan Span, string Message, string? SqlState = null);
