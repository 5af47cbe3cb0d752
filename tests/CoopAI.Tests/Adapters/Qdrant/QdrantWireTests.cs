using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CoopAI.Adapters.Qdrant;
using CoopAI.Core.Corpus;
using CoopAI.Core.Retrieval;

namespace CoopAI.Tests.Adapters.Qdrant;

/// <summary>The wire format without a server: against the official client's recorded requests, and against the interface's own description.</summary>
public sealed class QdrantWireTests
{
    private const string Name = "coopai-20260131T120000";
    private const string Generation = "dfb8dbc3f5f9e4f2a8a2b5a0bb7a9ab3";

    private static readonly CollectionMark Mark = new("test-model", 2, Ready: false);

    private static readonly SearchFilter Filter = new(["co-production"], ["Oldham", "Kirklees"], 2019, 2022, ["project"], ["Housing"]);

    private static readonly QdrantOptions Options = new() { ShardNumber = 2, ReplicationFactor = 3, WriteConsistencyFactor = 2, OnDiskPayload = false };

    private static readonly StoredCaseStudy Item = new(
        new CaseStudy { Slug = "é", Title = "É", Text = "Text.", LeadMember = "Oldham", ParticipatingMembers = ["Kirklees", "Oldham"], Year = 2021, Kind = "project", Principles = ["co-production"] },
        [
            new(new Passage("é#0", "é", 0, "Text.", 0), new[] { 0.5f, -0.25f }, new LexicalVector([3, uint.MaxValue], [1.5f, 0.75f])),
            new(new Passage("é#1", "é", 1, "Text.", 0), new[] { 1f, 0f }, LexicalVector.Empty),
        ]);

    /// <summary>Each operation with the arguments that record-official-client.mjs gives to the official client, and the method that makes it.</summary>
    private static readonly Dictionary<string, (string Method, Func<IQdrantRequest> Make)> Operations = new(StringComparer.Ordinal)
    {
        ["version"] = (nameof(QdrantRequests.Version), QdrantRequests.Version),
        ["ready"] = (nameof(QdrantRequests.Ready), QdrantRequests.Ready),
        ["list collections"] = (nameof(QdrantRequests.ListCollections), QdrantRequests.ListCollections),
        ["get collection"] = (nameof(QdrantRequests.GetCollection), () => QdrantRequests.GetCollection(Name)),
        ["create collection"] = (nameof(QdrantRequests.CreateCollection), () => QdrantRequests.CreateCollection(Name, Mark, Options)),
        ["set metadata"] = (nameof(QdrantRequests.SetMetadata), () => QdrantRequests.SetMetadata(Name, Mark with { Ready = true })),
        ["delete collection"] = (nameof(QdrantRequests.DeleteCollection), () => QdrantRequests.DeleteCollection(Name)),
        ["create index"] = (nameof(QdrantRequests.CreateIndex), () => QdrantRequests.CreateIndex(Name, "match.principles", "keyword")),
        ["list aliases"] = (nameof(QdrantRequests.ListAliases), QdrantRequests.ListAliases),
        ["move aliases"] = (nameof(QdrantRequests.MoveAliases), () => QdrantRequests.MoveAliases([("coopai", Name, true), ("coopai-previous", "coopai-20260130T120000", false)])),
        ["write batch"] = (nameof(QdrantRequests.WriteBatch), () => QdrantRequests.WriteBatch(Name, Parts([Item], new QdrantOptions()).Single().Body)),
        ["publish staged"] = (nameof(QdrantRequests.WriteBatch), () => QdrantRequests.WriteBatch(Name, QdrantBatch.Publish("é", Generation))),
        ["delete case studies"] = (nameof(QdrantRequests.DeleteCaseStudies), () => QdrantRequests.DeleteCaseStudies(Name, ["a", "é"])),
        ["search"] = (nameof(QdrantRequests.Search), () => QdrantRequests.Search("coopai", new(new[] { 0.5f, -0.25f }, new LexicalVector([3, 9], [1.5f, 0.75f]), Filter, 50), 66)),
        ["list case studies"] = (nameof(QdrantRequests.ListCaseStudies), () => QdrantRequests.ListCaseStudies(Name, JsonElement.Parse("\"6ba7b811-9dad-51d1-80b4-00c04fd430c8\""), 1000)),
        ["count case studies"] = (nameof(QdrantRequests.Count), () => QdrantRequests.Count(Name, caseStudies: true)),
        ["count generation"] = (nameof(QdrantRequests.CountGeneration), () => QdrantRequests.CountGeneration(Name, "é", Generation)),
        ["facet"] = (nameof(QdrantRequests.Facet), () => QdrantRequests.Facet(Name, "principles", Filter, 100)),
        ["create snapshot"] = (nameof(QdrantRequests.CreateSnapshot), () => QdrantRequests.CreateSnapshot(Name)),
        ["list snapshots"] = (nameof(QdrantRequests.ListSnapshots), () => QdrantRequests.ListSnapshots(Name)),
    };

    public static TheoryData<string> Names => [.. Operations.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_operation_sends_what_the_official_client_sends(string operation)
    {
        var expected = Recorded()[operation]!;
        var request = Operations[operation].Make();

        Assert.Equal((string)expected["method"]!, request.Method.Method);
        Assert.Equal((string)expected["path"]!, request.Path);
        Assert.Equal(Query((string)expected["query"]!), Query(request.PathAndQuery[request.Path.Length..].TrimStart('?')));
        var sent = request.Body.IsEmpty ? null : JsonNode.Parse(request.Body.Span);
        Assert.True(JsonNode.DeepEquals(expected["body"], sent), $"{operation}:\nofficial {expected["body"]?.ToJsonString()}\nours     {sent?.ToJsonString()}");

        static IEnumerable<string> Query(string text) => text.Split('&', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal);
    }

    [Fact]
    public void No_operation_is_left_out_of_the_comparison()
    {
        var made = typeof(QdrantRequests).GetMethods(BindingFlags.Static | BindingFlags.Public)
            .Where(m => m.ReturnType.IsAssignableTo(typeof(IQdrantRequest))).Select(m => m.Name).Order(StringComparer.Ordinal);

        Assert.Equal(made, Operations.Values.Select(o => o.Method).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(Operations.Keys.Order(StringComparer.Ordinal), Recorded().Select(r => r.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_key_travels_in_the_header_that_the_official_client_uses()
    {
        await using var server = InMemoryPassageServer.Start();
        server.Key = "the-key";
        using var connection = QdrantConnection.Create(new QdrantOptions { Address = server.Address, ApiKey = "the-key" }, TimeProvider.System);

        await connection.SendAsync(QdrantRequests.ListAliases(), TestContext.Current.CancellationToken);

        // The stand-in reads "api-key", as the recording server did.
        Assert.Equal("the-key", (string)Recorded()["list aliases"]!["key"]!);
        Assert.Equal("the-key", server.Exchanges[0].Key);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_request_fits_the_description(string operation)
    {
        var description = OpenApiDescription.LoadOrSkip();
        var request = Operations[operation].Make();

        Assert.Empty(description.CheckRequest(request.Method.Method, request.Path, request.PathAndQuery[request.Path.Length..].TrimStart('?'), request.Body.IsEmpty ? null : Encoding.UTF8.GetString(request.Body.Span)));
    }

    [Fact]
    public async Task Each_exchange_of_a_whole_life_fits_the_description()
    {
        var description = OpenApiDescription.LoadOrSkip();
        var ct = TestContext.Current.CancellationToken;
        await using var server = InMemoryPassageServer.Start();
        using var connection = QdrantConnection.Create(new QdrantOptions { Address = server.Address, MaxRequestBytes = 64 * 1024 }, TimeProvider.System);
        var (store, index) = (new QdrantPassageStore(connection, "test-model", 2), new QdrantIndex(connection, "test-model", 2));
        var large = Item with
        {
            CaseStudy = Item.CaseStudy with { Slug = "large" },
            Passages = [.. Enumerable.Range(0, 300).Select(i => new StoredPassage(new Passage($"large#{i}", "large", i, "", 0), new[] { 1f, i }, LexicalVector.Empty))],
        };

        await store.UpsertAsync([Item, large], ct);
        await index.RebuildAsync(new[] { Item, large }.ToAsyncEnumerable(), resume: true, moveAlias: true, null, ct);
        await store.SearchAsync(new(new[] { 0.5f, -0.25f }, new LexicalVector([3, 9], [1.5f, 0.75f]), SearchFilter.None, 50), ct);
        await store.CountFacetsAsync(Filter, 10, ct);
        await store.DeleteAsync(["large"], ct);
        await index.SnapshotAsync(null, ct);
        await index.ListSnapshotsAsync(ct);
        await index.GetStatusAsync(ct);
        await index.ConfirmAsync(ct);

        Assert.Equal(16, server.Exchanges.Select(e => (e.Method, System.Text.RegularExpressions.Regex.Replace(e.Path, "coopai[^/]*", "x"))).Distinct().Count());
        foreach (var exchange in server.Exchanges)
        {
            Assert.Empty(description.CheckRequest(exchange.Method, exchange.Path, exchange.Query, exchange.Body));
            if (exchange.Status == 200) Assert.Empty(description.CheckAnswer(exchange.Method, exchange.Path, exchange.Answer));
            // The one question that is answered "no": whether a collection bears the alias's name.
            else Assert.Equal(("GET", "/collections/coopai", 404), (exchange.Method, exchange.Path, exchange.Status));
        }
    }

    [Theory]
    [InlineData("PUT", "/collections/c/points/query/batch", "", """{"searches":[]}""", "not described")]
    [InlineData("POST", "/collections/c/points/query/batch", "", """{"searches":[{"query":[1],"limit":0}]}""", "below 1")]
    [InlineData("POST", "/collections/c/points/query/batch", "", """{"searches":[{"query":[1],"limits":1}]}""", "'limits' is not described")]
    [InlineData("POST", "/collections/c/points/query/batch", "", "{}", "'searches' is missing")]
    [InlineData("POST", "/collections/c/points/count", "", """{"exact":"yes"}""", "no boolean")]
    [InlineData("POST", "/collections/c/points/count", "", """{"filter":{"must":[{"key":"a","match":{"value":{}}}]}}""", "fits none")]
    [InlineData("POST", "/collections/c/points/batch", "wait=1", """{"operations":[]}""", "no boolean")]
    [InlineData("POST", "/collections/c/points/batch", "waits=true", """{"operations":[]}""", "'waits' is not described")]
    [InlineData("POST", "/collections/c/points/batch", "", """{"operations":[{"upsert":{"points":[{"id":"no-uuid","vector":[1]}]}}]}""", "fits none")]
    [InlineData("PUT", "/collections/c", "", """{"vectors":{"dense":{"size":2,"distance":"dot"}}}""", "fits none")]
    public void The_check_against_the_description_can_fail(string method, string path, string query, string body, string because)
    {
        var errors = OpenApiDescription.LoadOrSkip().CheckRequest(method, path, query, body);

        Assert.Contains(because, string.Join('\n', errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Point_ids_are_version_5_uuids_of_passage_ids()
    {
        // From Python's uuid module: uuid5(uuid5(NAMESPACE_URL, "coopai:passage"), "é#0"); the first line is RFC 9562's own example.
        Assert.Equal(new Guid("2ed6657d-e927-568b-95e1-2665a8aea6a2"), QdrantPointId.Version5(new Guid("6ba7b810-9dad-11d1-80b4-00c04fd430c8"), "www.example.com"));
        Assert.Equal(new Guid("ca48af5f-32e3-5f3f-ad99-e00e89736a5d"), QdrantPointId.Of("é#0"));
    }

    private static JsonObject Recorded() =>
        (JsonObject)JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "data", "qdrant", "recorded-requests.json")))!["requests"]!;

    private static List<QdrantBatch.Part> Parts(IReadOnlyList<StoredCaseStudy> items, QdrantOptions options) =>
        QdrantBatch.PartsAsync(items.ToAsyncEnumerable(), "test-model", options, (_, _) => Task.FromResult(false)).ToBlockingEnumerable().ToList();
}
