using Microsoft.Win32.SafeHandles;

namespace PolicyLint.Cli;

/// <summary>
/// Standard output or error as they are. The console's own streams first make the terminal ready for input, which takes longer than
/// checking a small file; they are still used on Windows, and where the stream is a file, whose place both streams may share.
/// </summary>
internal sealed class StandardStream : Stream
{
    // PIPE_BUF of pipe(7): so much is written at once or not at all.
    private const int Most = 4096;

    // errno of Linux and macOS, which is what HResult holds there: nobody reads any more; the reader is slow and the pipe was made not to wait.
    private const int BrokenPipe = 32;
    private static readonly int WouldBlock = OperatingSystem.IsMacOS() ? 35 : 11;

    private readonly FileStream _stream;

    private StandardStream(FileStream stream) => _stream = stream;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public static Stream Output() => Open(1) ?? Console.OpenStandardOutput();

    public static Stream Error() => Open(2) ?? Console.OpenStandardError();

    /// <summary>Whether a person looks on. A pipe is known by its name where the system has one for it, without asking the console.</summary>
    public static bool IsTerminal(int descriptor)
    {
        if (OperatingSystem.IsLinux() && new FileInfo(descriptor == 1 ? "/proc/self/fd/1" : "/proc/self/fd/2").LinkTarget?.StartsWith("pipe:", StringComparison.Ordinal) == true)
            return false;
        return !(descriptor == 1 ? Console.IsOutputRedirected : Console.IsErrorRedirected);
    }

    public override void Flush()
    {
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            var part = buffer[..Math.Min(buffer.Length, Most)];
            if (!TryWrite(part))
                return;
            buffer = buffer[part.Length..];
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    // Who closes a pipe early (`| head`) has read enough.
    private bool TryWrite(ReadOnlySpan<byte> part)
    {
        var wait = new SpinWait();
        while (true)
        {
            try
            {
                _stream.Write(part);
                return true;
            }
            catch (IOException e) when (e.HResult == WouldBlock)
            {
                wait.SpinOnce();
            }
            catch (IOException e) when (e.HResult == BrokenPipe)
            {
                return false;
            }
        }
    }

    private static StandardStream? Open(int descriptor)
    {
        if (OperatingSystem.IsWindows())
            return null;
        try
        {
            var stream = new FileStream(new SafeFileHandle(descriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            return stream.CanSeek ? null : new(stream);
        }
        catch (Exception e) when (e is IOException or ArgumentException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
