using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CoopAI.Tests.Adapters.Models;

/// <summary>A model endpoint on loopback that replays recorded answers, one a request, and keeps what it was asked.</summary>
public sealed class RecordedEndpoint : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<Reply> _replies;
    private readonly Task _serving;

    /// <param name="replies">In the order of the requests; the last one answers all further requests too.</param>
    public RecordedEndpoint(params Reply[] replies)
    {
        _replies = new ConcurrentQueue<Reply>(replies);
        _listener.Start();
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/v1"));
        _serving = ServeAsync();
    }

    /// <summary>What the endpoint answers.</summary>
    /// <param name="Status">HTTP status.</param>
    /// <param name="Body">The body; null hangs up without an answer.</param>
    /// <param name="ContentType">Its type.</param>
    /// <param name="Delay">Wait before the answer.</param>
    /// <param name="CutAfter">Bytes of the body after which the connection is closed, although more was announced.</param>
    public sealed record Reply(int Status, string? Body, string ContentType = "application/json", TimeSpan Delay = default, int? CutAfter = null);

    /// <summary>Base address.</summary>
    public Uri Address { get; }

    /// <summary>Head and body of each request.</summary>
    public ConcurrentQueue<(string Head, string Body)> Requests { get; } = [];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _serving;
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true) connections.Add(AnswerAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await using var stream = client.GetStream();
                Requests.Enqueue(await ReadAsync(stream));
                if (!_replies.TryPeek(out var reply)) return;
                if (_replies.Count > 1) _replies.TryDequeue(out _);
                await Task.Delay(reply.Delay, _end.Token);
                if (reply.Body is null) return;
                var body = Encoding.UTF8.GetBytes(reply.Body);
                var head = $"HTTP/1.1 {reply.Status} Recorded\r\nContent-Type: {reply.ContentType}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n";
                await stream.WriteAsync(Encoding.ASCII.GetBytes(head), _end.Token);
                await stream.WriteAsync(body.AsMemory(0, reply.CutAfter ?? body.Length), _end.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or IOException)
            {
                // The test, or the client, is done with it.
            }
        }
    }

    private async Task<(string Head, string Body)> ReadAsync(NetworkStream stream)
    {
        var bytes = new List<byte>();
        var buffer = new byte[8192];
        while (true)
        {
            var text = Encoding.Latin1.GetString([.. bytes]);
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end >= 0)
            {
                var length = text[..end].Split("\r\n").Where(l => l.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
                    .Select(l => int.Parse(l["Content-Length:".Length..], CultureInfo.InvariantCulture)).SingleOrDefault();
                if (bytes.Count >= end + 4 + length) return (text[..end], Encoding.UTF8.GetString([.. bytes.GetRange(end + 4, length)]));
            }

            var read = await stream.ReadAsync(buffer, _end.Token);
            if (read == 0) return (text, "");
            bytes.AddRange(buffer[..read]);
        }
    }
}
