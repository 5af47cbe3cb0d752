using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CoopAI.Core.Ledger.Proof;

/// <summary>The entries by which the ledger itself says which keys signed it, from where on.</summary>
/// <remarks>
/// The first entry of every ledger names its first key. A later one names the next key, with the old key's signature over the new key's id;
/// when the old key is lost, there is no such signature, and the entry says so for everybody to see.
/// </remarks>
public static class KeyRotation
{
    /// <summary>The first entry of a ledger.</summary>
    public static LedgerDraft First(LedgerPublicKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new(LedgerKind.KeyRotation, "service", key.Id, new() { ["to"] = key.Id, ["publicKey"] = key.Pem });
    }

    /// <summary>A change of key. The entry is signed by the new key.</summary>
    /// <param name="from">Id of the key in use so far.</param>
    /// <param name="old">That key; null when it is lost.</param>
    /// <exception cref="BadInputException">Author or reason is empty.</exception>
    public static LedgerDraft Next(string from, LedgerSigner? old, LedgerPublicKey next, string author, string reason)
    {
        ArgumentNullException.ThrowIfNull(next);
        var payload = new JsonObject { ["from"] = from, ["to"] = next.Id, ["publicKey"] = next.Pem, ["lost"] = old is null };
        if (old is not null) payload["endorsement"] = Convert.ToBase64String(old.Sign(Endorsed(from, next.Id)));
        return new(LedgerKind.KeyRotation, "administrator", next.Id, payload) { Texts = LedgerDraft.By(author, reason, "A change of the ledger's key") };
    }

    /// <summary>The key that an entry names; null when the entry's PEM and id do not belong together.</summary>
    public static LedgerPublicKey? KeyOf(LedgerEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        try
        {
            var key = LedgerPublicKey.FromPem(entry.Payload.GetProperty("publicKey").GetString()!, "the entry");
            if (key.Id == entry.Payload.GetProperty("to").GetString()) return key;
            key.Dispose();
            return null;
        }
        catch (Exception e) when (e is BadInputException or KeyNotFoundException or InvalidOperationException or ArgumentNullException)
        {
            return null;
        }
    }

    /// <summary>Whether the entry carries the good word of the key before, or openly says that it was lost.</summary>
    public static bool IsEndorsed(LedgerEntry entry, LedgerPublicKey before)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(before);
        var payload = entry.Payload;
        if (payload.TryGetProperty("lost", out var lost) && lost.ValueKind == JsonValueKind.True) return true;
        Span<byte> signature = stackalloc byte[64];
        return payload.TryGetProperty("endorsement", out var endorsement) && endorsement.ValueKind == JsonValueKind.String
            && Convert.TryFromBase64String(endorsement.GetString()!, signature, out var n) && n == 64
            && before.Verify(Endorsed(before.Id, payload.GetProperty("to").GetString()!), signature);
    }

    private static byte[] Endorsed(string from, string to) => Encoding.ASCII.GetBytes($"coopai ledger key {from} is followed by {to}");
}
