using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CoopAI.Core.Ledger.Proof;
using CoopAI.Core.Reviews;

namespace CoopAI.Core.Ledger;

/// <summary>What an entry records.</summary>
public enum LedgerKind
{
    Answer,
    Review,
    ReviewSample,
    TagDecision,
    GuidanceChange,
    SettingsChange,
    KeyRotation,
    Erasure,
    AccountChange,

    /// <summary>Rows of the database that a write touched, each with its salted hash.</summary>
    StateChange,
    CaseStudyChange,

    /// <summary>What was answered to a member's disagreement.</summary>
    ReviewReply,

    /// <summary>A change of a rule that somebody suggests.</summary>
    GuidanceSuggestion,

    /// <summary>A suggestion that was declined; one that was adopted is a <see cref="GuidanceChange"/>.</summary>
    GuidanceDecline,

    /// <summary>An answer with a known error, given to members for review among real ones.</summary>
    PlantedError,
}

/// <summary>One entry of the ledger: canonical JSON whose bytes are a leaf of the Merkle tree.</summary>
/// <remarks>
/// Members: <c>index</c> (0-based place), <c>kind</c>, <c>at</c> (UTC, milliseconds; the order of the entries is the truth, times may go back),
/// <c>actor</c> (a role, never a name), <c>subject</c> (what it is about: an answer id, a slug, a setting), <c>payload</c> (facts without personal
/// data), <c>record</c> (SHA-256 of the record kept beside), <c>texts</c> (salted SHA-256 of each text kept beside), <c>previous</c> (leaf hash of
/// the entry before), <c>clockWentBackMs</c> (how far the clock stood behind the entry before, when it did).
/// </remarks>
public sealed class LedgerEntry
{
    private static readonly Dictionary<LedgerKind, string> Words =
        Enum.GetValues<LedgerKind>().ToDictionary(k => k, k => JsonNamingPolicy.KebabCaseLower.ConvertName(k.ToString()));

    private static readonly Dictionary<string, LedgerKind> Kinds = Words.ToDictionary(w => w.Value, w => w.Key, StringComparer.Ordinal);

    private LedgerEntry(byte[] canonical, JsonElement json)
    {
        Canonical = canonical;
        Json = json;
        Index = json.GetProperty("index").GetInt64();
        Kind = ParseKind(json.GetProperty("kind").GetString()!);
        At = ParseTime(json.GetProperty("at").GetString()!);
        Actor = json.GetProperty("actor").GetString()!;
        Subject = Optional("subject");
        RecordHash = Optional("record");
        Previous = Optional("previous");
        Texts = json.TryGetProperty("texts", out var texts)
            ? texts.EnumerateObject().ToDictionary(t => t.Name, t => t.Value.GetString()!, StringComparer.Ordinal)
            : new Dictionary<string, string>();
    }

    /// <summary>The bytes that were hashed.</summary>
    public ReadOnlyMemory<byte> Canonical { get; }

    /// <summary>The entry as JSON.</summary>
    public JsonElement Json { get; }

    public long Index { get; }

    public LedgerKind Kind { get; }

    public DateTimeOffset At { get; }

    public string Actor { get; }

    public string? Subject { get; }

    /// <summary>SHA-256 of the canonical record beside the entry, hexadecimal; null when there is none.</summary>
    public string? RecordHash { get; }

    /// <summary>Leaf hash of the entry before; null for the first.</summary>
    public string? Previous { get; }

    /// <summary>Salted hashes of the texts beside the entry, by name.</summary>
    public IReadOnlyDictionary<string, string> Texts { get; }

    public JsonElement Payload => Json.GetProperty("payload");

    /// <summary>Leaf hash: RFC 6962 over <see cref="Canonical"/>.</summary>
    public byte[] LeafHash() => MerkleTree.LeafHash(Canonical.Span);

    /// <summary>Reads an entry from its bytes.</summary>
    /// <exception cref="FormatException">The bytes are not an entry.</exception>
    public static LedgerEntry Parse(byte[] canonical)
    {
        try
        {
            using var document = JsonDocument.Parse(canonical);
            return new(canonical, document.RootElement.Clone());
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException or FormatException)
        {
            throw new FormatException($"This is not an entry of the ledger: {e.Message}", e);
        }
    }

    /// <summary>The word for a kind in JSON, on the command line and in the database.</summary>
    public static string Word(LedgerKind kind) => Words[kind];

    /// <summary>The kind for a word.</summary>
    /// <exception cref="FormatException">There is no such kind.</exception>
    public static LedgerKind ParseKind(string word) => Kinds.TryGetValue(word, out var kind) ? kind
        : throw new FormatException($"\"{word}\" is no kind of entry; there are {string.Join(", ", Words.Values)}.");

    internal static string Time(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    internal static DateTimeOffset ParseTime(string at) => DateTimeOffset.ParseExact(
        at, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    internal static LedgerEntry Create(LedgerDraft draft, long index, DateTimeOffset at, SignedHead? previous, string? previousLeaf, string? recordHash, IEnumerable<LedgerText> texts)
    {
        var json = new JsonObject
        {
            ["index"] = index,
            ["kind"] = Word(draft.Kind),
            ["at"] = Time(at),
            ["actor"] = draft.Actor,
            ["payload"] = draft.Payload.DeepClone(),
        };
        if (draft.Subject is not null) json["subject"] = draft.Subject;
        if (recordHash is not null) json["record"] = recordHash;
        if (previousLeaf is not null) json["previous"] = previousLeaf;
        if (previous is not null && previous.Time > at) json["clockWentBackMs"] = (long)(previous.Time - at).TotalMilliseconds;
        var commitments = new JsonObject();
        foreach (var text in texts) commitments[text.Name] = text.Commitment;
        if (commitments.Count > 0) json["texts"] = commitments;
        return Parse(CanonicalJson.Encode(json));
    }

    private string? Optional(string name) => Json.TryGetProperty(name, out var value) ? value.GetString() : null;
}
