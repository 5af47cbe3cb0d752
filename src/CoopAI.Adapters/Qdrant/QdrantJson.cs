using System.Text.Encodings.Web;
using System.Text.Json;

namespace CoopAI.Adapters.Qdrant;

/// <summary>The shapes of Qdrant's answers, as far as they are read. Unknown fields are ignored.</summary>
/// <remarks>Source: the OpenAPI description of Qdrant 1.18.</remarks>
internal static class QdrantJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.General) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static JsonWriterOptions Writer { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}

internal sealed record QdrantEnvelope<T>(T? Result);

internal sealed record QdrantPlainText(string Text);

internal sealed record QdrantVersion(string? Title, string? Version);

internal sealed record QdrantAliases(IReadOnlyList<QdrantAlias> Aliases);

internal sealed record QdrantAlias(string AliasName, string CollectionName);

internal sealed record QdrantCollections(IReadOnlyList<QdrantCollectionName> Collections);

internal sealed record QdrantCollectionName(string Name);

internal sealed record QdrantCollectionInfo(string Status, QdrantCollectionConfig Config);

internal sealed record QdrantCollectionConfig(QdrantCollectionParams Params, JsonElement Metadata);

/// <param name="Vectors">One object for an unnamed vector, or one object a name.</param>
internal sealed record QdrantCollectionParams(JsonElement Vectors, JsonElement SparseVectors);

internal sealed record QdrantCount(long Count);

internal sealed record QdrantUpdate(string Status);

internal sealed record QdrantRanking(IReadOnlyList<QdrantScoredPoint> Points);

internal sealed record QdrantScoredPoint(float Score, QdrantHitPayload? Payload);

internal sealed record QdrantHitPayload(string? Product, string? Slug, string? Passage);

internal sealed record QdrantScroll(IReadOnlyList<QdrantScrolledPoint> Points, JsonElement NextPageOffset);

internal sealed record QdrantScrolledPoint(QdrantWrittenPayload? Payload);

internal sealed record QdrantWrittenPayload(string? Slug, string? Generation);

internal sealed record QdrantFacets(IReadOnlyList<QdrantFacetHit> Hits);

internal sealed record QdrantFacetHit(JsonElement Value, long Count);

internal sealed record QdrantSnapshot(string Name, string? CreationTime, long Size, string? Checksum);
