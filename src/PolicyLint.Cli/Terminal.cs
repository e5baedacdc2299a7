using System.Text;

namespace PolicyLint.Cli;

/// <summary>What a command sees of the process around it.</summary>
/// <param name="Output">Where the report goes.</param>
/// <param name="Messages">Where progress and complaints go.</param>
/// <param name="WorkingFolder">Paths are relative to this.</param>
/// <param name="UseColor">The report goes to a terminal that shows colours.</param>
/// <param name="ShowProgress">Messages go to a terminal.</param>
internal sealed record Terminal(TextWriter Output, TextWriter Messages, string WorkingFolder, bool UseColor, bool ShowProgress)
{
    private static readonly UTF8Encoding Encoding = new(encoderShouldEmitUTF8Identifier: false);

    // Console.Out writes every piece by itself; a report has many.
    private static readonly Lazy<TextWriter> StandardOutput = new(() => new StreamWriter(StandardStream.Output(), Encoding, 1 << 16));

    private static readonly Lazy<TextWriter> StandardError = new(() => new StreamWriter(StandardStream.Error(), Encoding, 256) { AutoFlush = true });

    /// <summary>Where the process complains.</summary>
    public static TextWriter Complaints => StandardError.Value;

    public static Terminal ForProcess() => new(
        StandardOutput.Value,
        Complaints,
        Directory.GetCurrentDirectory(),
        UseColor: StandardStream.IsTerminal(1) && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")),
        ShowProgress: StandardStream.IsTerminal(2));

    /// <summary>Writes out what the process still holds.</summary>
    public static void Flush()
    {
        if (StandardOutput.IsValueCreated)
            StandardOutput.Value.Flush();
    }

    /// <summary>A line that says how far a long job is; nothing where no one looks.</summary>
    public ProgressLine StartProgress(string verb, int total) => new(ShowProgress && total > 1 ? Messages : null, verb, total);
}

/// <summary>One line, rewritten in place and wiped at the end.</summary>
internal sealed class ProgressLine(TextWriter? writer, string verb, int total) : IDisposable
{
    private readonly Lock _lock = new();
    private int _done;

    public void Advance(string name)
    {
        if (writer is null)
            return;
        lock (_lock)
            writer.Write($"\r\u001b[K{verb} {++_done}/{total} {(name.Length > 60 ? "…" + name[^59..] : name)}");
    }

    public void Dispose()
    {
        if (writer is not null && _done > 0)
            writer.Write("\r\u001b[K");
    }
}
