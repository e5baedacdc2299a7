namespace PolicyLint.Live.Scratch;

/// <summary>The last lines that a process wrote, for the message when it fails.</summary>
internal sealed class LogTail
{
    private const int Kept = 20;
    private readonly Queue<string> lines = new();

    /// <summary>Reads until the other end closes.</summary>
    public async Task ReadToEndAsync(TextReader reader)
    {
        while (await reader.ReadLineAsync().ConfigureAwait(false) is { } line)
            Add(line);
    }

    public void Add(string line)
    {
        lock (lines)
        {
            lines.Enqueue(line);
            if (lines.Count > Kept)
                lines.Dequeue();
        }
    }

    /// <summary>The lines, each on a line of its own and indented; a remark when there are none.</summary>
    public override string ToString()
    {
        lock (lines)
            return lines.Count == 0 ? "\n  (it wrote nothing)" : string.Concat(lines.Select(static line => "\n  " + line));
    }
}
