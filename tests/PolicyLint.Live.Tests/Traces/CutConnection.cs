using System.Net;
using System.Net.Sockets;
using System.Text;
using PolicyLint.Live.Scratch;

namespace PolicyLint.Live.Tests.Traces;

/// <summary>
/// Stands between a client and a scratch server. What the server sees when a client's process is killed is that its sockets close: this closes
/// them after a number of messages, and takes no new ones.
/// </summary>
internal sealed class CutConnection : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ScratchDatabase database;
    private readonly string socket;
    private readonly int cutAfter;
    private readonly Func<Task>? insteadOfCutting;
    private readonly List<Socket> open = [];
    private readonly StringBuilder said = new();
    private readonly Task accepting;
    private readonly Lock gate = new();
    private int messages;

    /// <param name="cluster">The server.</param>
    /// <param name="database">Which of its databases.</param>
    /// <param name="cutAfter">After how many messages of the client.</param>
    /// <param name="insteadOfCutting">What happens then; null to close the sockets.</param>
    public CutConnection(ScratchCluster cluster, ScratchDatabase database, int cutAfter = int.MaxValue, Func<Task>? insteadOfCutting = null)
    {
        this.database = database;
        this.cutAfter = cutAfter;
        this.insteadOfCutting = insteadOfCutting;
        socket = Path.Combine(cluster.Folder, ".s.PGSQL.5432");
        listener.Start();
        accepting = AcceptAsync();
    }

    /// <summary>The database by way of this.</summary>
    public DatabaseTarget Target
    {
        get
        {
            var connection = database.Target.Connection;
            connection.Host = "127.0.0.1";
            connection.Port = ((IPEndPoint)listener.LocalEndpoint).Port;
            return new(connection);
        }
    }

    /// <summary>How many messages the client has sent.</summary>
    public int Messages => messages;

    /// <summary>What the client has sent.</summary>
    public string Said
    {
        get
        {
            lock (gate)
                return said.ToString();
        }
    }

    public void Cut()
    {
        lock (gate)
        {
            listener.Stop();
            foreach (var end in open)
                end.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Cut();
        await accepting;
        listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                var client = await listener.AcceptSocketAsync();
                var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await server.ConnectAsync(new UnixDomainSocketEndPoint(socket));
                lock (gate)
                    open.AddRange([client, server]);
                _ = PassAsync(client, server, isClient: true);
                _ = PassAsync(server, client, isClient: false);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
        }
    }

    private async Task PassAsync(Socket from, Socket to, bool isClient)
    {
        var buffer = new byte[1 << 16];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var length)
            {
                if (isClient && await CountAsync(buffer.AsMemory(0, length)))
                    return;
                await to.SendAsync(buffer.AsMemory(0, length));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // One side is gone, and the other goes with it.
        }
        from.Dispose();
        to.Dispose();
    }

    private async Task<bool> CountAsync(ReadOnlyMemory<byte> message)
    {
        lock (gate)
            said.Append(Encoding.Latin1.GetString(message.Span));
        if (Interlocked.Increment(ref messages) != cutAfter)
            return false;
        if (insteadOfCutting is not null)
        {
            await insteadOfCutting();
            return false;
        }
        Cut();
        return true;
    }
}
