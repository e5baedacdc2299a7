using Npgsql;
using PolicyLint.Core.Analysis;
using PolicyLint.Sql.Text;
using PolicyLint.Sql.Tree;

namespace PolicyLint.Live.Scratch;

/// <summary>Executes the statements of one file on one connection, and keeps track of whether a transaction is open.</summary>
internal sealed class FileSession(NpgsqlConnection connection, InputFile file)
{
    /// <summary>False after a statement that ended the session.</summary>
    public bool IsOpen => connection.State == System.Data.ConnectionState.Open;

    /// <summary>BEGIN was executed and neither COMMIT nor ROLLBACK since.</summary>
    public bool IsInTransaction { get; private set; } = file.IsOneTransaction;

    /// <summary>Executes a text of our own.</summary>
    public Task ExecuteAsync(string sql, CancellationToken cancellationToken) => ScratchCluster.ExecuteAsync(connection, sql, cancellationToken);

    /// <summary>Executes a statement of the file. On an error: the place that the server points at, or else the statement's.</summary>
    /// <param name="statement">The statement.</param>
    /// <param name="text">Its text, or what is executed in its stead.</param>
    /// <param name="rangeEnd">Where the part of the file ends that it stands in; data of COPY end there at the latest.</param>
    /// <param name="cancellationToken">Cancels it on the server too.</param>
    public async Task<(TextSpan Place, PostgresException? Error)> ExecuteAsync(
        Statement statement, string text, int rangeEnd, CancellationToken cancellationToken)
    {
        try
        {
            if (statement is CopyStatement { IsFrom: true, IsProgram: false, File: null })
                await CopyAsync(text, CopyData(statement.End, rangeEnd), cancellationToken).ConfigureAwait(false);
            else
                await ExecuteAsync(text, cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException e)
        {
            // A COMMIT that fails, over a deferred constraint for instance, ends its transaction too.
            if (statement is TransactionStatement { Operation: TransactionOperation.Commit })
                IsInTransaction = false;

            return (PlaceOf(statement, e), e);
        }

        if (statement is TransactionStatement transaction)
        {
            IsInTransaction = transaction.Operation switch
            {
                TransactionOperation.Begin or TransactionOperation.Start => true,
                TransactionOperation.Commit or TransactionOperation.Rollback => transaction.IsChain,
                TransactionOperation.PrepareTransaction => false,
                _ => IsInTransaction,
            };
        }

        return (default, null);
    }

    private async Task CopyAsync(string sql, string data, CancellationToken cancellationToken)
    {
        var writer = await connection.BeginTextImportAsync(sql, cancellationToken).ConfigureAwait(false);
        try
        {
            await writer.WriteAsync(data.AsMemory(), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await writer.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The lines after a COPY FROM STDIN, up to the line <c>\.</c> that ends them (manual, COPY, "File Formats").</summary>
    private string CopyData(int statementEnd, int rangeEnd)
    {
        var all = file.Source.Text;
        var start = all.IndexOf('\n', statementEnd, rangeEnd - statementEnd);
        if (start < 0)
            return "";

        start++;
        for (var line = start; line < rangeEnd;)
        {
            var next = all.IndexOf('\n', line, rangeEnd - line);
            var end = next < 0 ? rangeEnd : next;
            if (all.AsSpan(line, end - line).TrimEnd('\r') is "\\.")
                return all[start..line];

            line = end + 1;
        }

        return all[start..rangeEnd];
    }

    private TextSpan PlaceOf(Statement statement, PostgresException error)
    {
        // Position counts characters from 1; a pair of surrogates is one of them. Zero where the server points at nothing.
        if (error.Position <= 0 || statement is CreateExtensionStatement)
            return statement.Span;

        var text = file.Source.GetText(statement.Span);
        var offset = 0;
        for (var i = 1; i < error.Position && offset < text.Length; i++)
            offset += char.IsSurrogatePair(text, offset) ? 2 : 1;

        return new TextSpan(statement.Start + offset, WordLength(text, offset));
    }

    /// <summary>The server points at the start of a token; this is its length where it is a word or a quoted name.</summary>
    private static int WordLength(string text, int start)
    {
        if (start >= text.Length)
            return 0;

        var end = start + 1;
        if (text[start] == '"')
            return text.IndexOf('"', end) is var quote and > 0 ? quote + 1 - start : 1;

        while (end < text.Length && IsWordPart(text[start]) && IsWordPart(text[end]))
            end++;

        return end - start;

        static bool IsWordPart(char c) => char.IsLetterOrDigit(c) || c is '_' or '$';
    }
}
