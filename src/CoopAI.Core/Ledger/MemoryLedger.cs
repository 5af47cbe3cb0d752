using System.Text.Json.Nodes;
using CoopAI.Core.Ledger.Proof;

namespace CoopAI.Core.Ledger;

/// <summary>A ledger that lasts as long as the process: for evaluations and trials, whose answers no member will audit.</summary>
/// <param name="clock">Time of the entries.</param>
/// <param name="signer">Its key.</param>
/// <param name="salt">Fills salts, from a random source.</param>
public sealed class MemoryLedger(TimeProvider clock, LedgerSigner signer, Action<byte[]> salt) : ILedger, ILedgerReader
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

    /// <inheritdoc/>
    public SignedHead? Head() => Kept() is [.., var last] ? last.Head : null;

    /// <inheritdoc/>
    public EntryWithTexts? Entry(long index) => index >= 0 && Kept() is var kept && index < kept.Count ? WithTexts(kept[(int)index]) : null;

    /// <inheritdoc/>
    public IReadOnlyList<EntryWithTexts> List(LedgerKind? kind = null, string? subject = null, long? before = null, int take = 50)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(take, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(take, ILedgerReader.MaxPage);
        return [.. Of(kind, subject).Where(a => a.Entry.Index < (before ?? long.MaxValue)).Reverse().Take(take).Select(WithTexts)];
    }

    /// <inheritdoc/>
    public IReadOnlyList<EntryWithTexts> All(LedgerKind? kind = null, string? subject = null) => [.. Of(kind, subject).Select(WithTexts)];

    /// <inheritdoc/>
    public RecordedAnswer? Answer(string answerId) => Of(LedgerKind.Answer, answerId).FirstOrDefault() is { Record: { } record } found && WithTexts(found).Texts is var texts
        ? new(found.Entry, (JsonObject)LedgerDraft.PutBack(JsonNode.Parse(record), texts)!, texts.GetValueOrDefault("question"))
        : null;

    /// <inheritdoc/>
    public IReadOnlyList<string> AnswerIds(long from = 0, long to = long.MaxValue) =>
        [.. Of(LedgerKind.Answer, null).Select(a => a.Entry).Where(e => e.Index >= from && e.Index < to).Select(e => e.Subject!)];

    /// <inheritdoc/>
    public IReadOnlyList<string> AnswersBetween(DateTimeOffset from, DateTimeOffset to) =>
        [.. Of(LedgerKind.Answer, null).Select(a => a.Entry).Where(e => e.At >= from && e.At < to).Select(e => e.Subject!)];

    /// <inheritdoc/>
    public Receipt? ReceiptFor(long index)
    {
        lock (_lock)
        {
            if (index < 0 || index >= _appends.Count) return null;
            var head = _appends[^1].Head;
            return new(_appends[(int)index].Entry.Json, [.. MerkleTree.InclusionProof(index, head.Size, (level, place) => _nodes[(level, place)]).Select(Convert.ToHexStringLower)], head);
        }
    }

    private List<LedgerAppend> Kept()
    {
        lock (_lock) return [.. _appends];
    }

    private IEnumerable<LedgerAppend> Of(LedgerKind? kind, string? subject) =>
        Kept().Where(a => (kind is null || a.Entry.Kind == kind) && (subject is null || a.Entry.Subject == subject));

    private static EntryWithTexts WithTexts(LedgerAppend append) => new(append.Entry, append.Texts.ToDictionary(t => t.Name, t => t.Text, StringComparer.Ordinal));

    private Receipt Store(LedgerDraft draft)
    {
        var append = LedgerAppend.Prepare(
            draft, _appends.Count == 0 ? null : _appends[^1].Head, (level, index) => _nodes[(level, index)], clock.GetUtcNow(), signer,
            salt);
        foreach (var node in append.Nodes) _nodes[(node.Level, node.Index)] = node.Hash;
        _appends.Add(append);
        return append.Receipt;
    }
}
