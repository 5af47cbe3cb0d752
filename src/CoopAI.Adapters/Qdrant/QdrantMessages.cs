using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using CoopAI.Core.Corpus;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Vectors;
using Qdrant.Client.Grpc;
using Filter = Qdrant.Client.Grpc.Filter;
using Range = Qdrant.Client.Grpc.Range;

namespace CoopAI.Adapters.Qdrant;

/// <summary>Every message that this adapter sends, in Qdrant's own types.</summary>
internal static class QdrantMessages
{
    /// <summary>This product's namespace: version 5 of "coopai:passage" in the RFC's URL namespace.</summary>
    private static readonly Guid Namespace = Version5(new Guid("6ba7b811-9dad-11d1-80b4-00c04fd430c8"), "coopai:passage");

    /// <summary>Id of the point that says whose a collection is. No passage has it: their ids hold no line break before a generation.</summary>
    public static PointId MarkId { get; } = PointIdOf("\nmark");

    // One leader for the copies of a point: of two changes of one point all copies take the same one last. It needs no majority, so it goes on when a node is lost.
    private static WriteOrdering Ordering => new() { Type = WriteOrderingType.Medium };

    /// <summary>A point id that follows from a passage id, so that writing a passage again replaces its point.</summary>
    public static PointId PointIdOf(string passageId) => new() { Uuid = Version5(Namespace, passageId).ToString() };

    /// <summary>Version 5 of a UTF-8 name in a namespace.</summary>
    /// <remarks>Source: RFC 9562, section 5.5 (UUID version 5: SHA-1 over a namespace and a name).</remarks>
    internal static Guid Version5(Guid space, string name)
    {
        var input = new byte[16 + Encoding.UTF8.GetByteCount(name)];
        space.TryWriteBytes(input, bigEndian: true, out _);
        Encoding.UTF8.GetBytes(name, input.AsSpan(16));
#pragma warning disable CA5350 // the RFC names SHA-1; nothing here depends on it being hard to collide
        var hash = SHA1.HashData(input).AsSpan(0, 16);
#pragma warning restore CA5350
        BinaryPrimitives.WriteUInt16BigEndian(hash[6..], (ushort)((BinaryPrimitives.ReadUInt16BigEndian(hash[6..]) & 0x0FFF) | 0x5000));
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash, bigEndian: true);
    }

    public static CreateCollection Create(string name, int dimension, QdrantOptions options) => new()
    {
        CollectionName = name,
        // Embeddings come normalised; "Cosine" would normalise again and round once more.
        VectorsConfig = new VectorsConfig { ParamsMap = new VectorParamsMap { Map = { [QdrantPayload.DenseVector] = new VectorParams { Size = (ulong)dimension, Distance = Distance.Dot } } } },
        SparseVectorsConfig = new SparseVectorConfig { Map = { [QdrantPayload.LexicalVector] = new SparseVectorParams() } },
        ShardNumber = (uint)options.ShardNumber,
        ReplicationFactor = (uint)options.ReplicationFactor,
        WriteConsistencyFactor = (uint)options.WriteConsistencyFactor,
#pragma warning disable CS0612 // its successor is unknown to servers before 1.20
        OnDiskPayload = options.OnDiskPayload,
#pragma warning restore CS0612
    };

    public static CreateFieldIndexCollection Index(string collection, string field, FieldType type) =>
        new() { CollectionName = collection, FieldName = field, FieldType = type, Wait = true, Ordering = Ordering };

    /// <summary>Moves aliases in one step: no search sees a state in between.</summary>
    /// <param name="moves">Alias, the collection it now names (null: none), and whether it names one at present.</param>
    public static ChangeAliases MoveAliases(IReadOnlyList<(string Alias, string? To, bool Exists)> moves)
    {
        var change = new ChangeAliases();
        foreach (var (alias, to, exists) in moves)
        {
            if (exists) change.Actions.Add(new AliasOperations { DeleteAlias = new DeleteAlias { AliasName = alias } });
            if (to is not null) change.Actions.Add(new AliasOperations { CreateAlias = new CreateAlias { AliasName = alias, CollectionName = to } });
        }

        return change;
    }

    public static UpsertPoints Mark(string collection, CollectionMark mark)
    {
        var point = new PointStruct
        {
            Id = MarkId,
            // A whole point like any other; it is never shown.
            Vectors = Named(new float[mark.Dimension], LexicalVector.Empty),
            Payload =
            {
                ["product"] = QdrantPayload.Product, ["schema"] = (long)QdrantPayload.Schema, ["model"] = mark.ModelId, ["dimension"] = (long)mark.Dimension,
                ["state"] = mark.Ready ? "ready" : "building", [QdrantPayload.Staged] = true,
            },
        };
        return new UpsertPoints { CollectionName = collection, Wait = true, Ordering = Ordering, Points = { point } };
    }

    public static GetPoints GetMark(string collection) => new() { CollectionName = collection, Ids = { MarkId }, WithPayload = new WithPayloadSelector { Enable = true } };

    public static UpdateBatchPoints Batch(string collection, IEnumerable<PointsUpdateOperation> operations) =>
        new() { CollectionName = collection, Wait = true, Ordering = Ordering, Operations = { operations } };

    public static DeletePoints DeleteCaseStudies(string collection, IEnumerable<string> slugs) =>
        new() { CollectionName = collection, Wait = true, Ordering = Ordering, Points = new PointsSelector { Filter = Of(slugs) } };

    /// <summary>Both rankings in one round trip; an empty vector asks for no ranking.</summary>
    public static QueryBatchPoints Search(string collection, HybridQuery query, int limit)
    {
        var batch = new QueryBatchPoints { CollectionName = collection };
        if (!query.Embedding.IsEmpty) batch.QueryPoints.Add(Ranking(new VectorInput { Dense = Dense(query.Embedding.Span) }, QdrantPayload.DenseVector));
        if (query.Lexical.Terms.Count > 0) batch.QueryPoints.Add(Ranking(new VectorInput { Sparse = Sparse(query.Lexical) }, QdrantPayload.LexicalVector));
        return batch;

        QueryPoints Ranking(VectorInput vector, string name) => new()
        {
            CollectionName = collection,
            Query = new Query { Nearest = vector },
            Using = name,
            Filter = Matching(query.Filter),
            // Approximate neighbours would rank unlike the embedded store.
            Params = new SearchParams { Exact = true },
            Limit = (ulong)limit,
            WithPayload = Fields("product", QdrantPayload.Slug, QdrantPayload.PassageId),
        };
    }

    /// <summary>The first passage of each case study, page by page.</summary>
    public static ScrollPoints ListCaseStudies(string collection, PointId? after, int limit)
    {
        var scroll = new ScrollPoints
        {
            CollectionName = collection,
            Limit = (uint)limit,
            Filter = Matching(SearchFilter.None, firstPassagesOnly: true),
            WithPayload = Fields(QdrantPayload.Slug, QdrantPayload.Generation),
        };
        if (after is not null) scroll.Offset = after;
        return scroll;
    }

    public static CountPoints Count(string collection, bool caseStudies) =>
        new() { CollectionName = collection, Filter = Matching(SearchFilter.None, caseStudies), Exact = true };

    public static CountPoints CountGeneration(string collection, string slug, string generation) =>
        new() { CollectionName = collection, Filter = OfGeneration(slug, generation, publishedOnly: true), Exact = true };

    /// <summary>How many case studies bear each value of a field.</summary>
    public static FacetCounts Facet(string collection, string field, SearchFilter filter, int limit) =>
        new() { CollectionName = collection, Key = field, Limit = (ulong)limit, Filter = Matching(filter, firstPassagesOnly: true), Exact = true };

    /// <summary>Case studies that pass <paramref name="filter"/>, without points that are not published yet.</summary>
    /// <param name="firstPassagesOnly">One point a case study, so that counting points counts case studies.</param>
    public static Filter Matching(SearchFilter filter, bool firstPassagesOnly = false)
    {
        var all = new Filter();
        if (firstPassagesOnly) all.Must.Add(Field(QdrantPayload.Ordinal, new Match { Integer = 0 }));
        Folded(QdrantPayload.MatchPrinciples, filter.Principles);
        Folded(QdrantPayload.MatchCouncils, filter.Councils);
        if (filter.YearFrom is not null || filter.YearTo is not null)
        {
            var range = new Range();
            if (filter.YearFrom is { } from) range.Gte = from;
            if (filter.YearTo is { } to) range.Lte = to;
            all.Must.Add(new Condition { Field = new FieldCondition { Key = QdrantPayload.Year, Range = range } });
        }

        Folded(QdrantPayload.MatchKind, filter.Kinds);
        Folded(QdrantPayload.MatchTopics, filter.Topics);
        all.MustNot.Add(IsStaged());
        return all;

        void Folded(string key, IReadOnlyList<string>? values)
        {
            if (values is { Count: > 0 }) all.Must.Add(AnyOf(key, values.Select(QdrantPayload.Fold).Distinct(StringComparer.Ordinal)));
        }
    }

    /// <summary>All points of these case studies, except those of these generations.</summary>
    public static Filter Of(IEnumerable<string> slugs, IReadOnlyCollection<string>? exceptGenerations = null)
    {
        var all = new Filter { Must = { AnyOf(QdrantPayload.Slug, slugs) } };
        if (exceptGenerations is { Count: > 0 }) all.MustNot.Add(AnyOf(QdrantPayload.Generation, exceptGenerations));
        return all;
    }

    /// <summary>The points of one generation of one case study, published or not.</summary>
    public static Filter OfGeneration(string slug, string generation, bool publishedOnly = false)
    {
        var all = new Filter { Must = { AnyOf(QdrantPayload.Slug, [slug]), AnyOf(QdrantPayload.Generation, [generation]) } };
        if (publishedOnly) all.MustNot.Add(IsStaged());
        return all;
    }

    /// <summary>One passage as a point.</summary>
    /// <param name="payload">From <see cref="Payload"/>, the same for each passage of a case study.</param>
    /// <param name="staged">Not to be found yet: it lies under an id of its own, so that it does not displace the one that is shown.</param>
    public static PointStruct Point(StoredPassage stored, IReadOnlyDictionary<string, Value> payload, string generation, bool staged)
    {
        var point = new PointStruct
        {
            Id = PointIdOf(staged ? $"{stored.Passage.Id}\n{generation}" : stored.Passage.Id),
            Vectors = Named(stored.Embedding.Span, stored.Lexical),
        };
        foreach (var (key, value) in payload) point.Payload[key] = value;
        point.Payload[QdrantPayload.PassageId] = stored.Passage.Id;
        point.Payload[QdrantPayload.Ordinal] = (long)stored.Passage.Ordinal;
        if (staged) point.Payload[QdrantPayload.Staged] = true;
        return point;
    }

    /// <summary>What lies on every point of a case study.</summary>
    public static IReadOnlyDictionary<string, Value> Payload(CaseStudy caseStudy, string modelId, string generation)
    {
        var payload = new Dictionary<string, Value>(StringComparer.Ordinal)
        {
            ["product"] = QdrantPayload.Product,
            ["schema"] = (long)QdrantPayload.Schema,
            ["model"] = modelId,
            [QdrantPayload.Generation] = generation,
            [QdrantPayload.Slug] = caseStudy.Slug,
        };
        if (caseStudy.Year is { } year) payload[QdrantPayload.Year] = (long)year;
        Add(payload, value => value);
        var match = new Dictionary<string, Value>(StringComparer.Ordinal);
        Add(match, QdrantPayload.Fold);
        payload["match"] = match;
        return payload;

        void Add(Dictionary<string, Value> to, Func<string, string> form)
        {
            if (caseStudy.Kind is { } kind) to[QdrantPayload.Kind] = form(kind);
            to[QdrantPayload.Principles] = List(caseStudy.Principles ?? [], form);
            to[QdrantPayload.Councils] = List(caseStudy.Councils, form);
            to[QdrantPayload.Topics] = List(caseStudy.Topics, form);
        }

        static Value List(IEnumerable<string> values, Func<string, string> form) => values.Select(form).ToArray();
    }

    private static Vectors Named(ReadOnlySpan<float> embedding, LexicalVector lexical)
    {
        var vectors = new NamedVectors { Vectors = { [QdrantPayload.DenseVector] = new Vector { Dense = Dense(embedding) } } };
        if (lexical.Terms.Count > 0) vectors.Vectors[QdrantPayload.LexicalVector] = new Vector { Sparse = Sparse(lexical) };
        return new Vectors { Vectors_ = vectors };
    }

    private static DenseVector Dense(ReadOnlySpan<float> values)
    {
        var vector = new DenseVector { Data = { Capacity = values.Length } };
        foreach (var value in values) vector.Data.Add(value);
        return vector;
    }

    private static SparseVector Sparse(LexicalVector vector) => new() { Indices = { vector.Terms }, Values = { vector.Weights } };

    private static WithPayloadSelector Fields(params string[] names) => new() { Include = new PayloadIncludeSelector { Fields = { names } } };

    private static Condition IsStaged() => Field(QdrantPayload.Staged, new Match { Boolean = true });

    private static Condition AnyOf(string key, IEnumerable<string> values) => Field(key, new Match { Keywords = new RepeatedStrings { Strings = { values } } });

    private static Condition Field(string key, Match match) => new() { Field = new FieldCondition { Key = key, Match = match } };
}
