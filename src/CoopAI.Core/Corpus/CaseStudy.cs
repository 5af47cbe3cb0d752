using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CoopAI.Core.Corpus;

/// <summary>Original: the council's own text. Summary: told in other words, after a page that the council published.</summary>
public enum TextBasis { Original, Summary }

/// <summary>What an importer read of one case study. Only slug, title and text are required.</summary>
public sealed record CaseStudy
{
    /// <summary>Unique name in addresses and citations: 1 to 200 characters, no white space, no '#'.</summary>
    public required string Slug { get; init; }

    public string? Url { get; init; }

    public required string Title { get; init; }

    /// <summary>"case-study" or "project" in the shipped corpus; other sources may bring their own.</summary>
    public string? Kind { get; init; }

    public string? LeadMember { get; init; }

    public IReadOnlyList<string> ParticipatingMembers { get; init; } = [];

    /// <summary>The year the work was done, or null: undated.</summary>
    public int? Year { get; init; }

    public string? Status { get; init; }

    /// <summary>Ids of the principles printed on the page, or null: not known.</summary>
    public IReadOnlyList<string>? Principles { get; init; }

    /// <summary>Principles that the page's layout leaves out: unknown, never "no".</summary>
    public IReadOnlyList<string> PrinciplesUnknown { get; init; } = [];

    public IReadOnlyList<string> Topics { get; init; } = [];

    public required string Text { get; init; }

    /// <summary>Whether the text is the council's own or a summary of its page in other words; null: the source does not say. Only what is original is ever called the council's words.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TextBasis? TextBasis { get; init; }

    /// <summary>Fields of the source that this version does not know; kept as they came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Extra { get; init; }

    /// <summary>SHA-256 (lower-case hex) over every field: equal hashes mean that nothing has to be done again.</summary>
    [JsonIgnore]
    public string ContentHash => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this, CoopJson.Options)));

    /// <summary>Lead and participating members, each once, in the source's order.</summary>
    [JsonIgnore]
    public IEnumerable<string> Councils => (LeadMember is null ? [] : new[] { LeadMember }).Concat(ParticipatingMembers).Distinct(StringComparer.Ordinal);
}
