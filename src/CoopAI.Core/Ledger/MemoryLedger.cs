using System.Security.Cryptography;
using CoopAI.Core.Ledger.Proof;

namespace CoopAI.Core.Ledger;

/// <summary>A ledger that lasts as long as the process: for evaluations and trials, whose answers no member will audit.</summary>
/// <param name="clock">Time of the entries.</param>
/// <param name="signer">Its key.</param>
/// <param name="salt">Fills salts; the system's random source unless given.</param>
public sealed class MemoryLedger(TimeProvider clock, LedgerSigner signer, Action<byte[]>? salt = null) : ILedger
{
    private readonly Lock _lock = new();
    private readonly List<LedgerAppend> _appends = [];
    private readonly Dictionary<(int, long), byte[]> _nodes = [];

    /// <summary>All that was recorded, in order.</summary>
    public IReadOnlyList<LedgerEntry> Entries
    {
        get
        {
            lock (_lock) return [.. _appends.Select(a => a.Entry)];
        }
    }

    /// <inheritdoc/>
    public LedgerPublicKey PublicKey => signer.Public;

    /// <inheritdoc/>
    public Receipt Append(LedgerDraft draft) => Append(_ => draft);

    /// <inheritdoc/>
    public Receipt Append(Func<LedgerPlace, LedgerDraft> draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        lock (_lock)
        {
            if (_appends.Count == 0) Store(KeyRotation.First(signer.Public));
            var last = _appends[^1];
            return Store(draft(new(_appends.Count, last.Head.Leaf, Convert.ToHexStringLower(last.Entry.LeafHash()))));
        }
    }

    private Receipt Store(LedgerDraft draft)
    {
        var append = LedgerAppend.Prepare(
            draft, _appends.Count == 0 ? null : _appends[^1].Head, (level, index) => _nodes[(level, index)], clock.GetUtcNow(), signer,
            salt ?? (bytes => RandomNumberGenerator.Fill(bytes)));
        foreach (var node in append.Nodes) _nodes[(node.Level, node.Index)] = node.Hash;
        _appends.Add(append);
        return append.Receipt;
    }
}
