using System.Text.Json;

namespace CoopAI.Adapters.Qdrant;

/// <summary>What a collection of ours says of itself, in its metadata (Qdrant 1.16 and later).</summary>
/// <param name="ModelId">Encoder of the embeddings.</param>
/// <param name="Ready">False while it is being built: it is not searched, and may be resumed or discarded.</param>
internal sealed record CollectionMark(string ModelId, int Dimension, bool Ready)
{
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("product", QdrantPayload.Product);
        json.WriteNumber("schema", QdrantPayload.Schema);
        json.WriteString("model", ModelId);
        json.WriteNumber("dimension", Dimension);
        json.WriteString("state", Ready ? "ready" : "building");
        json.WriteEndObject();
    }

    /// <summary>The mark, or null and why this collection is not ours.</summary>
    public static (CollectionMark? Mark, string? Foreign) Read(QdrantCollectionInfo info)
    {
        var metadata = info.Config.Metadata;
        if (Text("product") is not { } product) return (null, "it carries no mark of this product");
        if (product != QdrantPayload.Product) return (null, $"it belongs to '{product}'");
        if (Number("schema") != QdrantPayload.Schema) return (null, $"its layout has version {Number("schema")?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"}; this program knows {QdrantPayload.Schema}");
        if (Text("model") is not { } model) return (null, "its mark names no model");
        if (Vector(info.Config.Params.Vectors, QdrantPayload.DenseVector) is not { } dense || !dense.TryGetProperty("size", out var size) || !size.TryGetInt32(out var dimension))
            return (null, $"it has no vector named '{QdrantPayload.DenseVector}'");
        if (!dense.TryGetProperty("distance", out var distance) || distance.GetString() != "Dot") return (null, $"its vector '{QdrantPayload.DenseVector}' is not compared by dot product");
        if (Vector(info.Config.Params.SparseVectors, QdrantPayload.LexicalVector) is null) return (null, $"it has no sparse vector named '{QdrantPayload.LexicalVector}'");
        return (new CollectionMark(model, dimension, Text("state") == "ready"), null);

        string? Text(string name) => metadata.ValueKind == JsonValueKind.Object && metadata.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        int? Number(string name) => metadata.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;
        static JsonElement? Vector(JsonElement vectors, string name) =>
            vectors.ValueKind == JsonValueKind.Object && vectors.TryGetProperty(name, out var vector) && vector.ValueKind == JsonValueKind.Object ? vector : null;
    }
}
