using System.Net.Http.Headers;
using System.Text;
using System.Threading.Channels;
using CoopAI.Core.Ledger.Proof;

namespace CoopAI.Adapters.Sqlite;

/// <summary>Hands each new signed head to a place outside, so that a ledger cut back or rewritten with its own key is found out.</summary>
/// <remarks>
/// Runs beside the answers and never holds one up. A failure is logged; what was missed goes out with the next head, since the last size that
/// arrived is kept in the database. At most <see cref="MaxBehind"/> heads are caught up: every head vouches for those before it.
/// </remarks>
internal sealed class HeadPublisher : IDisposable
{
    /// <summary>Heads sent in one go after an outage.</summary>
    public const int MaxBehind = 1000;

    private readonly SqliteLedger _ledger;
    private readonly string _target;
    private readonly LedgerOptions _options;
    private readonly Action<string> _log;
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Task _work;
    private readonly Lazy<HttpClient> _http;

    public HeadPublisher(SqliteLedger ledger, string target, LedgerOptions options, Action<string> log)
    {
        _ledger = ledger;
        _target = target;
        _options = options;
        _log = log;
        _http = new(() => new HttpClient { Timeout = options.PublishTimeout });
        _work = Task.Run(RunAsync);
    }

    /// <summary>There is a new head.</summary>
    public void Signal() => _signal.Writer.TryWrite(true);

    /// <summary>What was published to a file; nothing for an address, which need not give back what it took.</summary>
    public IReadOnlyList<SignedHead> ReadBack()
    {
        if (_options.PublishesToAddress || !File.Exists(_target)) return [];
        var heads = new List<SignedHead>();
        foreach (var line in File.ReadLines(_target))
        {
            try
            {
                heads.Add(SignedHead.Parse(Encoding.UTF8.GetBytes(line)));
            }
            catch (FormatException)
            {
                // A half-written last line proves nothing either way.
            }
        }
        return heads;
    }

    /// <summary>Heads that were published to the file and are there no more: somebody emptied, cut or removed it. Null: none are missing, or an address was published to.</summary>
    public string? FindLoss()
    {
        if (_options.PublishesToAddress) return null;
        var published = _ledger.PublishedSize(_target);
        var there = ReadBack().Select(h => h.Size).DefaultIfEmpty(0).Max();
        return there >= published ? null
            : $"Heads up to size {published} were published to {_target}, but the file holds none above {there}: it was emptied, cut or removed. Ask who keeps it, and compare with a copy: coopai ledger verify --heads FILE.";
    }

    public void Dispose()
    {
        _signal.Writer.TryComplete();
        // A short-lived command gets its head out too, but does not wait longer than one attempt.
        _work.Wait(_options.PublishTimeout + TimeSpan.FromSeconds(1));
        if (_http.IsValueCreated) _http.Value.Dispose();
    }

    private async Task RunAsync()
    {
        await foreach (var _ in _signal.Reader.ReadAllAsync())
        {
            try
            {
                await CatchUpAsync();
            }
            catch (Exception e)
            {
                // Whatever went wrong outside must not end the loop: the next head tries again.
                _log($"The ledger's head could not be published to {_target}: {e.Message} It is tried again with the next head.");
            }
        }
    }

    private FileStream Open()
    {
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = SmallFile.OwnerOnly;
        return new FileStream(_target, options);
    }

    private async Task CatchUpAsync()
    {
        while (true)
        {
            var newest = _ledger.Head()?.Size ?? 0;
            var done = Math.Max(_ledger.PublishedSize(_target), newest - MaxBehind);
            var heads = _ledger.Heads(done, MaxBehind);
            if (heads.Count == 0) return;
            if (_options.PublishesToAddress)
            {
                foreach (var head in heads)
                {
                    using var content = new ByteArrayContent(head.Canonical()) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
                    using var response = await _http.Value.PostAsync(new Uri(_target), content);
                    response.EnsureSuccessStatusCode();
                    _ledger.RememberPublished(_target, head.Size);
                }
            }
            else
            {
                using (var file = Open())
                {
                    file.Write([.. heads.SelectMany(h => (byte[])[.. h.Canonical(), (byte)'\n'])]);
                    file.Flush(flushToDisk: true);
                }
                _ledger.RememberPublished(_target, heads[^1].Size);
            }
        }
    }
}
