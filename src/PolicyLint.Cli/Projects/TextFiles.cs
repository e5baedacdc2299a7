using System.Text;
using PolicyLint.Sql.Text;

namespace PolicyLint.Cli.Projects;

/// <summary>Reads texts from disk. What is not text is a problem with a reason, never an exception.</summary>
internal static class TextFiles
{
    private const long MaximumLength = 1L << 30;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text of a file; null with a problem that says why there is none.</summary>
    public static SourceText? Read(IFileTree tree, string file, string shownPath, out Problem? problem)
    {
        problem = null;
        try
        {
            if (tree.Read(file, MaximumLength) is not { } bytes)
                problem = new(shownPath, $"not read: files over {MaximumLength:N0} bytes are not checked; split it, or leave it out of the paths");
            else if (Decode(bytes) is { } text)
                return new SourceText(text, shownPath);
            else
                problem = new(shownPath, "not read: this is not a text file (it contains NUL bytes); save it as UTF-8, or give it another extension");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = new(shownPath, "not read: " + e.Message);
        }
        return null;
    }

    // Old scripts in a one-byte encoding must not cost a check: PostgreSQL's syntax is ASCII, so Latin-1 keeps every place right.
    private static string? Decode(byte[] bytes)
    {
        if (bytes is [0xFF, 0xFE, ..])
            return Encoding.Unicode.GetString(bytes, 2, bytes.Length - 2);
        if (bytes is [0xFE, 0xFF, ..])
            return Encoding.BigEndianUnicode.GetString(bytes, 2, bytes.Length - 2);
        if (bytes.AsSpan().IndexOf((byte)0) >= 0)
            return null;
        var start = bytes is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0;
        try
        {
            return StrictUtf8.GetString(bytes, start, bytes.Length - start);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(bytes);
        }
    }
}
