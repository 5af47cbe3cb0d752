using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Vectors;
using Qdrant.Client.Grpc;

namespace CoopAI.Adapters.Qdrant;

/// <summary>What lies beside the vectors of a point, and the marks that tell our collections from others.</summary>
internal static class QdrantPayload
{
    /// <summary>Mark of this product on every collection and point.</summary>
    public const string Product = "CoopAI";

    /// <summary>Version of collection and payload. Another version is another product's payload: it is refused and left alone.</summary>
    public const int Schema = 2;

    public const string DenseVector = "dense";
    public const string LexicalVector = "lexical";

    public const string Slug = "slug";
    public const string PassageId = "passage";
    public const string Ordinal = "ordinal";
    public const string Year = "year";
    public const string Principles = "principles";
    public const string Councils = "councils";
    public const string Kind = "kind";
    public const string Topics = "topics";

    /// <summary>Fingerprint of the case study's points as written: what is left of an older one is told by it.</summary>
    public const string Generation = "generation";

    /// <summary>True on points that are not to be found yet; absent on all others.</summary>
    public const string Staged = "staged";

    public const string MatchPrinciples = "match.principles";
    public const string MatchCouncils = "match.councils";
    public const string MatchKind = "match.kind";
    public const string MatchTopics = "match.topics";

    /// <summary>Every payload field that a filter or a facet names, with its index.</summary>
    public static IReadOnlyList<(string Field, FieldType Type)> Indexes { get; } =
    [
        (Slug, FieldType.Keyword), (Generation, FieldType.Keyword), (Ordinal, FieldType.Integer), (Staged, FieldType.Bool), (Year, FieldType.Integer),
        (Principles, FieldType.Keyword), (Councils, FieldType.Keyword), (Kind, FieldType.Keyword), (Topics, FieldType.Keyword),
        (MatchPrinciples, FieldType.Keyword), (MatchCouncils, FieldType.Keyword), (MatchKind, FieldType.Keyword), (MatchTopics, FieldType.Keyword),
    ];

    /// <summary>The form in which filters compare. Qdrant compares bytes; upper case by the invariant culture is what "ignore case" compares elsewhere.</summary>
    public static string Fold(string value) => value.ToUpperInvariant();

    /// <summary>128-bit fingerprint (hex) of everything that the points of a case study are written from.</summary>
    public static string GenerationOf(StoredCaseStudy item, string modelId)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[4];
        var c = item.CaseStudy;
        Text([modelId, c.Slug, c.Kind ?? "", c.Year?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? ""], length);
        Text(c.Principles ?? [], length);
        Text(c.Councils, length);
        Text(c.Topics, length);
        foreach (var (passage, embedding, lexical) in item.Passages)
        {
            Text([passage.Id], length);
            hash.AppendData(MemoryMarshal.AsBytes(embedding.Span));
            hash.AppendData(MemoryMarshal.AsBytes(lexical.Terms.ToArray().AsSpan()));
            hash.AppendData(MemoryMarshal.AsBytes(lexical.Weights.ToArray().AsSpan()));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));

        // Lengths keep ["ab"] and ["a", "b"] apart.
        void Text(IEnumerable<string> values, Span<byte> length)
        {
            foreach (var value in values)
            {
                var bytes = Encoding.UTF8.GetBytes(value);
                BitConverter.TryWriteBytes(length, bytes.Length);
                hash.AppendData(length);
                hash.AppendData(bytes);
            }

            BitConverter.TryWriteBytes(length, -1);
            hash.AppendData(length);
        }
    }
}
