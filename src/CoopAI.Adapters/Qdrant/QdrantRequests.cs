using System.Buffers;
using System.Text.Json;
using CoopAI.Core.Retrieval;

namespace CoopAI.Adapters.Qdrant;

/// <summary>Every request that this adapter sends, one method an operation; nothing else makes one.</summary>
/// <remarks>Each equals what Qdrant's official JavaScript client sends for the same call (see the tests). Names of collections hold only letters, digits, '-' and '_', so no path needs escaping.</remarks>
internal static class QdrantRequests
{
    private const string Wait = "wait=true";

    public static QdrantRequest<QdrantVersion> Version() => new(HttpMethod.Get, "/");

    public static QdrantRequest<QdrantPlainText> Ready() => new(HttpMethod.Get, "/readyz");

    public static QdrantRequest<QdrantCollections> ListCollections() => new(HttpMethod.Get, "/collections");

    /// <param name="name">Of a collection or an alias.</param>
    public static QdrantRequest<QdrantCollectionInfo> GetCollection(string name) => new(HttpMethod.Get, $"/collections/{name}");

    public static QdrantRequest<object> CreateCollection(string name, CollectionMark mark, QdrantOptions options) => new(
        HttpMethod.Put, $"/collections/{name}", Body: Body(json =>
        {
            json.WriteStartObject("vectors");
            json.WriteStartObject(QdrantPayload.DenseVector);
            json.WriteNumber("size", mark.Dimension);
            // Embeddings come normalised; "Cosine" would normalise again and round once more.
            json.WriteString("distance", "Dot");
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteStartObject("sparse_vectors");
            json.WriteStartObject(QdrantPayload.LexicalVector);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteNumber("shard_number", options.ShardNumber);
            json.WriteNumber("replication_factor", options.ReplicationFactor);
            json.WriteNumber("write_consistency_factor", options.WriteConsistencyFactor);
            json.WriteBoolean("on_disk_payload", options.OnDiskPayload);
            json.WritePropertyName("metadata");
            mark.Write(json);
        }), IsWrite: true);

    public static QdrantRequest<object> SetMetadata(string name, CollectionMark mark) => new(
        HttpMethod.Patch, $"/collections/{name}", Body: Body(json =>
        {
            json.WritePropertyName("metadata");
            mark.Write(json);
        }), IsWrite: true);

    public static QdrantRequest<object> DeleteCollection(string name) => new(HttpMethod.Delete, $"/collections/{name}", IsWrite: true);

    public static QdrantRequest<QdrantUpdate> CreateIndex(string collection, string field, string schema) => new(
        HttpMethod.Put, $"/collections/{collection}/index", Wait, Body(json =>
        {
            json.WriteString("field_name", field);
            json.WriteString("field_schema", schema);
        }), IsWrite: true);

    public static QdrantRequest<QdrantAliases> ListAliases() => new(HttpMethod.Get, "/aliases");

    /// <summary>Moves aliases in one step: no search sees a state in between.</summary>
    /// <param name="moves">Alias, the collection it now names (null: none), and whether it names one at present.</param>
    public static QdrantRequest<object> MoveAliases(IReadOnlyList<(string Alias, string? To, bool Exists)> moves) => new(
        HttpMethod.Post, "/collections/aliases", Body: Body(json =>
        {
            json.WriteStartArray("actions");
            foreach (var (alias, to, exists) in moves)
            {
                if (exists)
                {
                    json.WriteStartObject();
                    json.WriteStartObject("delete_alias");
                    json.WriteString("alias_name", alias);
                    json.WriteEndObject();
                    json.WriteEndObject();
                }

                if (to is null) continue;
                json.WriteStartObject();
                json.WriteStartObject("create_alias");
                json.WriteString("alias_name", alias);
                json.WriteString("collection_name", to);
                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }), IsWrite: true);

    /// <param name="body">Made by <see cref="QdrantBatch"/>: upserts and deletions that the server takes in order.</param>
    public static QdrantRequest<IReadOnlyList<QdrantUpdate>> WriteBatch(string collection, ReadOnlyMemory<byte> body) =>
        new(HttpMethod.Post, $"/collections/{collection}/points/batch", Wait, body, IsWrite: true);

    public static QdrantRequest<QdrantUpdate> DeleteCaseStudies(string collection, IEnumerable<string> slugs) => new(
        HttpMethod.Post, $"/collections/{collection}/points/delete", Wait, Body(json =>
        {
            json.WritePropertyName("filter");
            QdrantFilter.WriteOf(json, slugs);
        }), IsWrite: true);

    /// <summary>Both rankings in one round trip; an empty vector asks for no ranking.</summary>
    public static QdrantRequest<IReadOnlyList<QdrantRanking>> Search(string collection, HybridQuery query, int limit) => new(
        HttpMethod.Post, $"/collections/{collection}/points/query/batch", Body: Body(
            json =>
            {
                json.WriteStartArray("searches");
                if (!query.Embedding.IsEmpty)
                {
                    Ranking(json, QdrantPayload.DenseVector, query.Filter, limit, () => Floats(json, query.Embedding.Span));
                }

                if (query.Lexical.Terms.Count > 0)
                {
                    Ranking(json, QdrantPayload.LexicalVector, query.Filter, limit, () => Sparse(json, query.Lexical));
                }

                json.WriteEndArray();
            },
            (16 * query.Embedding.Length) + 1024));

    /// <summary>The first passage of each case study, page by page.</summary>
    /// <param name="after">Where the page begins, as the page before said; null: at the start.</param>
    public static QdrantRequest<QdrantScroll> ListCaseStudies(string collection, JsonElement? after, int limit) => new(
        HttpMethod.Post, $"/collections/{collection}/points/scroll", Body: Body(json =>
        {
            json.WriteNumber("limit", limit);
            if (after is { } offset)
            {
                json.WritePropertyName("offset");
                offset.WriteTo(json);
            }

            json.WritePropertyName("filter");
            QdrantFilter.Write(json, SearchFilter.None, firstPassagesOnly: true);
            Strings(json, "with_payload", [QdrantPayload.Slug, QdrantPayload.Generation]);
            json.WriteBoolean("with_vector", false);
        }));

    public static QdrantRequest<QdrantCount> Count(string collection, bool caseStudies) => new(
        HttpMethod.Post, $"/collections/{collection}/points/count", Body: Body(json =>
        {
            json.WritePropertyName("filter");
            QdrantFilter.Write(json, SearchFilter.None, caseStudies);
            json.WriteBoolean("exact", true);
        }));

    public static QdrantRequest<QdrantCount> CountGeneration(string collection, string slug, string generation) => new(
        HttpMethod.Post, $"/collections/{collection}/points/count", Body: Body(json =>
        {
            json.WritePropertyName("filter");
            QdrantFilter.WriteGeneration(json, slug, generation, publishedOnly: true);
            json.WriteBoolean("exact", true);
        }));

    /// <summary>How many case studies bear each value of a field.</summary>
    public static QdrantRequest<QdrantFacets> Facet(string collection, string field, SearchFilter filter, int limit) => new(
        HttpMethod.Post, $"/collections/{collection}/facet", Body: Body(json =>
        {
            json.WriteString("key", field);
            json.WriteNumber("limit", limit);
            json.WritePropertyName("filter");
            QdrantFilter.Write(json, filter, firstPassagesOnly: true);
            json.WriteBoolean("exact", true);
        }));

    // Not repeated: each time makes a file. The body is empty, as the official client sends it.
    public static QdrantRequest<QdrantSnapshot> CreateSnapshot(string collection) =>
        new(HttpMethod.Post, $"/collections/{collection}/snapshots", Wait, Body(_ => { }), IsWrite: true, MayRepeat: false);

    public static QdrantRequest<IReadOnlyList<QdrantSnapshot>> ListSnapshots(string collection) => new(HttpMethod.Get, $"/collections/{collection}/snapshots");

    public static string SnapshotPath(string collection, string snapshot) => $"/collections/{collection}/snapshots/{Uri.EscapeDataString(snapshot)}";

    internal static void Floats(Utf8JsonWriter json, ReadOnlySpan<float> values)
    {
        json.WriteStartArray();
        foreach (var value in values) json.WriteNumberValue(value);
        json.WriteEndArray();
    }

    internal static void Sparse(Utf8JsonWriter json, LexicalVector vector)
    {
        json.WriteStartObject();
        json.WriteStartArray("indices");
        foreach (var term in vector.Terms) json.WriteNumberValue(term);
        json.WriteEndArray();
        json.WriteStartArray("values");
        foreach (var weight in vector.Weights) json.WriteNumberValue(weight);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Ranking(Utf8JsonWriter json, string vector, SearchFilter filter, int limit, Action writeVector)
    {
        json.WriteStartObject();
        json.WritePropertyName("query");
        writeVector();
        json.WriteString("using", vector);
        json.WritePropertyName("filter");
        QdrantFilter.Write(json, filter);
        // Approximate neighbours would rank unlike the embedded store.
        json.WriteStartObject("params");
        json.WriteBoolean("exact", true);
        json.WriteEndObject();
        json.WriteNumber("limit", limit);
        Strings(json, "with_payload", ["product", QdrantPayload.Slug, QdrantPayload.PassageId]);
        json.WriteEndObject();
    }

    private static void Strings(Utf8JsonWriter json, string name, ReadOnlySpan<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private static ReadOnlyMemory<byte> Body(Action<Utf8JsonWriter> write, int capacity = 512)
    {
        var buffer = new ArrayBufferWriter<byte>(capacity);
        using (var json = new Utf8JsonWriter(buffer, QdrantJson.Writer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
