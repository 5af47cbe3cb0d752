using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace CoopAI.Core.Ledger.Proof;

/// <summary>Proof that an entry is in the ledger, checkable offline with nothing but the public key.</summary>
/// <param name="Entry">The whole entry.</param>
/// <param name="Proof">Inclusion proof, nearest the leaf first, each 64 hexadecimal digits.</param>
/// <param name="Head">The signed head that the proof leads to.</param>
[JsonConverter(typeof(ReceiptJson))]
public sealed record Receipt(JsonElement Entry, IReadOnlyList<string> Proof, SignedHead Head)
{
    /// <summary>Largest receipt read, in bytes.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>Place of the entry, from 0.</summary>
    public long Index => Entry.GetProperty("index").GetInt64();

    /// <summary>The receipt as handed out: <c>{"index", "entry", "proof", "head"}</c>.</summary>
    public JsonObject ToJson() => new()
    {
        ["index"] = Index,
        ["entry"] = JsonNode.Parse(Entry.GetRawText()),
        ["proof"] = new JsonArray([.. Proof.Select(p => (JsonNode)p)]),
        ["head"] = Head.ToJson(),
    };

    /// <summary>Reads a receipt; also one that lies under <c>receipt</c> of a larger document, as <c>ask --json</c> prints it.</summary>
    /// <param name="json">UTF-8 JSON.</param>
    /// <param name="from">File name, for the message.</param>
    /// <exception cref="BadInputException">It is no receipt; the message says what is missing.</exception>
    public static Receipt Parse(ReadOnlyMemory<byte> json, string from)
    {
        if (json.Length > MaxBytes)
            throw new BadInputException($"{from} has {json.Length:N0} bytes; a receipt has at most {MaxBytes:N0}.");
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("receipt", out var inner))
                root = inner;
            if (root.ValueKind != JsonValueKind.Object)
                throw new FormatException("it is not a JSON object.");
            foreach (var name in (string[])["index", "entry", "proof", "head"])
            {
                if (!root.TryGetProperty(name, out _)) throw new FormatException($"\"{name}\" is missing.");
            }
            var entry = root.GetProperty("entry").Clone();
            if (entry.ValueKind != JsonValueKind.Object || !entry.TryGetProperty("index", out var index) || !index.TryGetInt64(out var place))
                throw new FormatException("\"entry\" has no index.");
            if (root.GetProperty("index").GetInt64() != place)
                throw new FormatException($"\"index\" does not agree with the entry, which says {place}.");
            var proof = root.GetProperty("proof").EnumerateArray().Select(p => p.GetString() ?? throw new FormatException("\"proof\" holds a null.")).ToList();
            return new(entry, proof, SignedHead.Parse(root.GetProperty("head")));
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            throw new BadInputException($"{from} is not a receipt: {e.Message} A receipt is a JSON object with \"index\", \"entry\", \"proof\" and \"head\".", e);
        }
    }

    /// <summary>Checks the receipt against one public key. Each failing point is a sentence; none: the entry stood in the ledger as shown.</summary>
    public IReadOnlyList<string> Verify(LedgerPublicKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var wrong = new List<string>();
        if (Head.KeyId != key.Id)
            wrong.Add($"The head was signed with the key {Short(Head.KeyId)}, but the public key given is {Short(key.Id)}.");
        else if (!Head.IsSignedBy(key))
            wrong.Add($"The signature does not fit the head of size {Head.Size}: the head was altered, or somebody else signed it.");

        byte[] leaf;
        try
        {
            leaf = MerkleTree.LeafHash(CanonicalJson.Encode(Entry));
        }
        catch (FormatException e)
        {
            wrong.Add($"The entry is not canonical JSON: {e.Message}");
            return wrong;
        }
        if (!Proof.All(p => p.Length == 2 * MerkleTree.HashSize && p.All(char.IsAsciiHexDigitLower)))
        {
            wrong.Add("The proof holds something that is not 64 hexadecimal digits in lower case.");
            return wrong;
        }
        byte[][] proof = [.. Proof.Select(Convert.FromHexString)];
        if (!MerkleTree.VerifyInclusion(leaf, Index, Head.Size, proof, Convert.FromHexString(Head.Root)))
            wrong.Add($"Entry {Index} with this content is not in the ledger that the head of size {Head.Size} stands for: the entry, its place or the proof was altered.");
        return wrong;
    }

    internal static string Short(string keyId) => keyId.Length > 16 ? keyId[..16] + "…" : keyId;
}

/// <summary>One spelling of a receipt at every door.</summary>
internal sealed class ReceiptJson : JsonConverter<Receipt>
{
    public override Receipt Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        try
        {
            return Receipt.Parse(JsonSerializer.SerializeToUtf8Bytes(document.RootElement), "this");
        }
        catch (BadInputException e)
        {
            throw new JsonException(e.Message, e);
        }
    }

    public override void Write(Utf8JsonWriter writer, Receipt value, JsonSerializerOptions options) => value.ToJson().WriteTo(writer, options);
}
