using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CoopAI.Core.Ledger.Proof;

namespace CoopAI.Core.Ledger;

/// <summary>One entry worked out in full, ready to be stored in one transaction.</summary>
/// <param name="Record">Canonical bytes of the record beside the entry; null: none.</param>
/// <param name="Texts">The erasable texts beside the entry.</param>
/// <param name="Nodes">Subtrees that the entry closed, its leaf first.</param>
/// <param name="Head">The new head.</param>
/// <param name="Receipt">Proof against that head.</param>
public sealed record LedgerAppend(
    LedgerEntry Entry, byte[]? Record, IReadOnlyList<LedgerText> Texts, IReadOnlyList<MerkleNode> Nodes, SignedHead Head, Receipt Receipt)
{
    /// <summary>Works out the next entry from the last head and the stored nodes. Pure: the caller holds the lock and stores the outcome.</summary>
    /// <param name="draft">What to record.</param>
    /// <param name="last">The newest head; null: the ledger is empty.</param>
    /// <param name="nodes">Stored subtrees.</param>
    /// <param name="at">Now.</param>
    /// <param name="salt">Fills a span with random bytes.</param>
    /// <exception cref="BadInputException">As for <see cref="ILedger.Append(LedgerDraft)"/>.</exception>
    public static LedgerAppend Prepare(LedgerDraft draft, SignedHead? last, MerkleNodes nodes, DateTimeOffset at, LedgerSigner signer, Action<byte[]> salt)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(signer);
        ArgumentNullException.ThrowIfNull(salt);
        draft.Check();
        at = new(at.UtcTicks - at.UtcTicks % TimeSpan.TicksPerMillisecond, TimeSpan.Zero);

        var frontier = new MerkleFrontier(last?.Size ?? 0, nodes);
        // Signing on top of changed nodes would lend them the key's word.
        if (last is not null && Convert.ToHexStringLower(frontier.Root) != last.Root)
            throw new BadInputException("The stored ledger does not match its signed head, so nothing is added to it. Run \"coopai ledger verify\" to see which entry was altered.");

        var texts = draft.Texts.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t =>
        {
            var bytes = new byte[LedgerText.SaltSize];
            salt(bytes);
            return new LedgerText(t.Key, LedgerText.WellFormed(t.Value), bytes);
        }).ToList();
        var record = draft.Record is null ? null : Encode(draft.Record, "record", LedgerDraft.MaxRecord);
        Encode(draft.Payload, "payload", LedgerDraft.MaxPayload);

        var entry = LedgerEntry.Create(draft, frontier.Size, at, last, last?.Leaf, record is null ? null : Convert.ToHexStringLower(SHA256.HashData(record)), texts);
        var leaf = entry.LeafHash();
        // The path of the newest leaf is the right edge as it stood before it was added.
        var closed = frontier.Append(leaf);
        var head = SignedHead.Sign(frontier.Size, frontier.Root, leaf, at, last?.Hash(), signer);

        var fresh = closed.ToDictionary(n => (n.Level, n.Index), n => n.Hash);
        var proof = MerkleTree.InclusionProof(entry.Index, head.Size, (level, index) => fresh.TryGetValue((level, index), out var hash) ? hash : nodes(level, index));
        return new(entry, record, texts, closed, head, new(entry.Json, proof.Select(Convert.ToHexStringLower).ToList(), head));
    }

    private static byte[] Encode(JsonObject json, string what, int limit)
    {
        byte[] bytes;
        try
        {
            bytes = CanonicalJson.Encode(json);
        }
        catch (FormatException e)
        {
            throw new BadInputException($"The {what} of a ledger entry cannot be recorded: {e.Message}", e);
        }
        return bytes.Length <= limit ? bytes
            : throw new BadInputException($"The {what} of a ledger entry has {bytes.Length:N0} bytes; at most {limit:N0} are kept.");
    }
}
