using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace CoopAI.Core.Ledger.Proof;

/// <summary>The ledger's state at one size, signed: whoever keeps it can later tell whether anything up to there was changed.</summary>
/// <param name="Size">Entries covered.</param>
/// <param name="Root">Root of the Merkle tree over them, 64 hexadecimal digits.</param>
/// <param name="Leaf">Leaf hash of the newest of them, so that each altered entry can be named and not only the first.</param>
/// <param name="Time">When it was signed; not later than the next head's, unless the clock went back.</param>
/// <param name="KeyId">Id of the key that signed (<see cref="LedgerPublicKey.Id"/>).</param>
/// <param name="Previous">SHA-256 of the head before, signature included; null for the first. One good signature thus vouches for all heads before it.</param>
/// <param name="Signature">Over the canonical JSON of the other members; base64 of 64 bytes.</param>
[JsonConverter(typeof(SignedHeadJson))]
public sealed record SignedHead(long Size, string Root, string Leaf, DateTimeOffset Time, string KeyId, string? Previous, string Signature)
{
    /// <summary>Signs a new head.</summary>
    public static SignedHead Sign(long size, ReadOnlySpan<byte> root, ReadOnlySpan<byte> leaf, DateTimeOffset time, string? previous, LedgerSigner signer)
    {
        ArgumentNullException.ThrowIfNull(signer);
        var head = new SignedHead(size, Convert.ToHexStringLower(root), Convert.ToHexStringLower(leaf), time, signer.Public.Id, previous, "");
        return head with { Signature = Convert.ToBase64String(signer.Sign(head.SignedBytes())) };
    }

    /// <summary>Whether <paramref name="key"/> signed this head.</summary>
    public bool IsSignedBy(LedgerPublicKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        Span<byte> signature = stackalloc byte[64];
        // Base64 has several spellings for the same bytes; one alone is taken, so that a head has one hash.
        return KeyId == key.Id && Convert.TryFromBase64String(Signature, signature, out var n) && n == 64
            && Convert.ToBase64String(signature) == Signature && key.Verify(SignedBytes(), signature);
    }

    /// <summary>Canonical JSON of all members, signature included.</summary>
    public byte[] Canonical() => CanonicalJson.Encode(ToJson());

    /// <summary>SHA-256 over <see cref="Canonical"/>: what the next head names as its <see cref="Previous"/>.</summary>
    public string Hash() => Convert.ToHexStringLower(SHA256.HashData(Canonical()));

    /// <summary>The head as it is stored, published and shown.</summary>
    public JsonObject ToJson()
    {
        var json = Unsigned();
        json["signature"] = Signature;
        return json;
    }

    /// <summary>Reads a head.</summary>
    /// <exception cref="FormatException">A member is missing or of the wrong form.</exception>
    public static SignedHead Parse(JsonElement json)
    {
        try
        {
            return new(
                json.GetProperty("size").GetInt64(), Hex(json, "root"), Hex(json, "leaf"), LedgerEntry.ParseTime(json.GetProperty("time").GetString()!),
                Hex(json, "keyId"), json.TryGetProperty("previous", out _) ? Hex(json, "previous") : null, json.GetProperty("signature").GetString()!);
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException or ArgumentNullException)
        {
            throw new FormatException($"This is not a signed head: {e.Message}", e);
        }
    }

    /// <inheritdoc cref="Parse(JsonElement)"/>
    public static SignedHead Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Parse(document.RootElement);
        }
        catch (JsonException e)
        {
            throw new FormatException($"This is not a signed head: {e.Message}", e);
        }
    }

    private byte[] SignedBytes() => CanonicalJson.Encode(Unsigned());

    private JsonObject Unsigned()
    {
        var json = new JsonObject { ["size"] = Size, ["root"] = Root, ["leaf"] = Leaf, ["time"] = LedgerEntry.Time(Time), ["keyId"] = KeyId };
        if (Previous is not null) json["previous"] = Previous;
        return json;
    }

    private static string Hex(JsonElement json, string name) =>
        json.GetProperty(name).GetString() is { Length: 64 } text && text.All(char.IsAsciiHexDigitLower) ? text
            : throw new FormatException($"\"{name}\" is not 64 hexadecimal digits.");
}

/// <summary>One spelling of a head at every door, whatever the serialiser's options: the one that was signed.</summary>
internal sealed class SignedHeadJson : JsonConverter<SignedHead>
{
    public override SignedHead Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        try
        {
            return SignedHead.Parse(document.RootElement);
        }
        catch (FormatException e)
        {
            throw new JsonException(e.Message, e);
        }
    }

    public override void Write(Utf8JsonWriter writer, SignedHead value, JsonSerializerOptions options) => value.ToJson().WriteTo(writer, options);
}
