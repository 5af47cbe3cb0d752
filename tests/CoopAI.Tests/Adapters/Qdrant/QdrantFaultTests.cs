using System.Diagnostics;
using System.Globalization;
using CoopAI.Adapters.Qdrant;
using CoopAI.Core.Corpus;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Vectors;
using Grpc.Core;
using Qdrant.Client.Grpc;
using static CoopAI.Tests.Adapters.Qdrant.InMemoryPassageServer;

namespace CoopAI.Tests.Adapters.Qdrant;

/// <summary>What can go wrong between the adapter and its server, over the stand-in.</summary>
public sealed class QdrantFaultTests : IAsyncLifetime
{
    private readonly InMemoryPassageServer _server = InMemoryPassageServer.Start();
    private readonly List<QdrantConnection> _connections = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<Fault> Passing => [Fault.NoAnswer, Fault.Busy, Fault.Error, Fault.Unavailable, Fault.Slow, Fault.LostAnswer];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections) connection.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Passing))]
    public async Task A_search_that_meets_a_passing_fault_is_tried_again(Fault fault)
    {
        var store = Store(options: o => o.For(fault));
        await store.UpsertAsync([Item("a", 2)], Ct);
        await SearchAsync(store);
        FailFirst("Points/QueryBatch", fault, times: 2);

        Assert.Equal(["a#0", "a#1"], (await SearchAsync(store)).Dense.Select(h => h.PassageId));
    }

    [Theory]
    [MemberData(nameof(Passing))]
    public async Task A_write_that_meets_a_passing_fault_is_done_once_in_the_end(Fault fault)
    {
        var store = Store(options: o => o.For(fault));
        await store.UpsertAsync([Item("a", 3)], Ct);
        FailFirst("Points/UpdateBatch", fault, times: 2);

        await store.UpsertAsync([Item("a", 2), Item("b", 1)], Ct);

        Assert.Equal(["a#0", "a#1", "b#0"], (await SearchAsync(store)).Dense.Select(h => h.PassageId));
    }

    [Theory]
    [MemberData(nameof(Passing))]
    public async Task Making_the_first_collection_survives_a_passing_fault_at_every_step(Fault fault)
    {
        string[] steps = ["Qdrant/HealthCheck", "Collections/ListAliases", "Collections/List", "Collections/Create", "Points/Upsert", "Points/CreateFieldIndex", "Collections/UpdateAliases"];
        foreach (var step in steps)
        {
            await using var server = Start();
            server.SlowBy = TimeSpan.FromMilliseconds(700);
            var failures = 1;
            server.Plan = method => method == step && Interlocked.Decrement(ref failures) >= 0 ? fault : Fault.None;
            var store = new QdrantPassageStore(Connection(o => o.For(fault), server), "test", 2);

            await store.UpsertAsync([Item("a", 1)], Ct);

            Assert.Equal(1, (await store.GetStatusAsync(Ct)).Passages);
            Assert.Single(server.CollectionNames());
        }
    }

    [Fact]
    public async Task A_server_that_stays_away_is_reported_with_the_time_to_try_again_and_without_the_key()
    {
        var store = Store(options: o => o with { Key = "s3cret", Retries = 1 });
        await _server.StopAsync();

        var away = await Assert.ThrowsAsync<PassageStoreUnavailableException>(() => SearchAsync(store));

        Assert.Equal(PassageStoreFault.Away, away.Fault);
        Assert.True(away.RetryAfter >= TimeSpan.FromSeconds(1));
        Assert.Contains(_server.Address.ToString(), away.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", away.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_restart_of_the_server_the_same_store_answers_again()
    {
        var store = Store(options: o => o with { Retries = 0 });
        await store.UpsertAsync([Item("a", 1)], Ct);
        await SearchAsync(store);
        await _server.StopAsync();
        await Assert.ThrowsAsync<PassageStoreUnavailableException>(() => SearchAsync(store));

        _server.StartAgain();

        // A channel that met a closed door knocks again after a moment, not at once.
        for (var i = 0; ; i++)
        {
            try
            {
                Assert.Single((await SearchAsync(store)).Dense);
                return;
            }
            catch (PassageStoreUnavailableException) when (i < 50)
            {
                await Task.Delay(100, Ct);
            }
        }
    }

    [Fact]
    public async Task After_repeated_failures_no_request_is_sent_until_the_pause_is_over_then_one_success_closes_it()
    {
        var store = Store(options: o => o with { Retries = 0, BreakAfter = 3 });
        await store.UpsertAsync([Item("a", 1)], Ct);
        await SearchAsync(store);
        // What went well before lies outside the breaker's window by now.
        await Task.Delay(700, Ct);
        _server.Plan = _ => Fault.Error;
        for (var i = 0; i < 3; i++) await Assert.ThrowsAsync<PassageStoreUnavailableException>(() => SearchAsync(store));
        _server.Forget();

        var paused = await Assert.ThrowsAsync<PassageStoreUnavailableException>(() => SearchAsync(store));

        Assert.Contains("pause", paused.Message, StringComparison.Ordinal);
        Assert.Empty(_server.Exchanges);
        _server.Plan = _ => Fault.None;
        await Task.Delay(650, Ct);
        Assert.Single((await SearchAsync(store)).Dense);
    }

    [Fact]
    public async Task A_busy_server_is_given_the_time_it_asks_for_up_to_the_set_limit_and_does_not_open_the_breaker()
    {
        var store = Store(options: o => o with { BreakAfter = 2, MaxRetryDelay = TimeSpan.FromMilliseconds(300) });
        await store.UpsertAsync([Item("a", 1)], Ct);
        await SearchAsync(store);
        _server.RetryAfter = 60;
        FailFirst("Points/QueryBatch", Fault.Busy, times: 3);
        var clock = Stopwatch.StartNew();

        Assert.Single((await SearchAsync(store)).Dense);

        Assert.InRange(clock.Elapsed.TotalSeconds, 0.85, 10);
    }

    [Fact]
    public async Task A_read_with_all_its_attempts_ends_at_its_deadline()
    {
        var store = Store(options: o => o with { ReadTimeout = TimeSpan.FromMilliseconds(200), ReadDeadline = TimeSpan.FromMilliseconds(450), Retries = 10 });
        _server.SlowBy = TimeSpan.FromSeconds(2);
        _server.Plan = _ => Fault.Slow;
        var clock = Stopwatch.StartNew();

        var away = await Assert.ThrowsAsync<PassageStoreUnavailableException>(() => SearchAsync(store));

        Assert.Equal(PassageStoreFault.Away, away.Fault);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0.4, 2);
    }

    [Fact]
    public async Task A_redirect_is_not_followed_nor_tried_again()
    {
        var store = Store(options: o => o with { Key = "s3cret" });
        _server.Plan = _ => Fault.Redirect;

        var refused = await Assert.ThrowsAsync<PassageStoreUnavailableException>(() => SearchAsync(store));

        Assert.Equal(PassageStoreFault.Refused, refused.Fault);
        Assert.Null(refused.RetryAfter);
        Assert.Contains("redirect", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1, _connections[^1].RequestsSent);
    }

    [Fact]
    public async Task Tls_asked_of_a_server_without_it_is_a_refusal_that_names_the_settings()
    {
        var connection = QdrantConnection.Create(new QdrantOptions { Address = new UriBuilder(_server.Address) { Scheme = "https" }.Uri, Retries = 0 }, TimeProvider.System);
        _connections.Add(connection);

        var refused = await Assert.ThrowsAsync<PassageStoreUnavailableException>(() => SearchAsync(new QdrantPassageStore(connection, "test", 2)));

        Assert.Equal(PassageStoreFault.Refused, refused.Fault);
        Assert.Contains("Qdrant:CertificateThumbprint", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_rest_port_in_place_of_the_grpc_port_is_pointed_out()
    {
        var connection = QdrantConnection.Create(new QdrantOptions { Address = _server.FilesAddress, Retries = 0 }, TimeProvider.System);
        _connections.Add(connection);

        var away = await Assert.ThrowsAsync<PassageStoreUnavailableException>(() => SearchAsync(new QdrantPassageStore(connection, "test", 2)));

        Assert.Contains("6334", away.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_key_is_said_to_be_wrong_at_once()
    {
        _server.Key = "right";
        var store = Store(options: o => o with { Key = "wrong" });

        var refused = await Assert.ThrowsAsync<PassageStoreUnavailableException>(() => store.UpsertAsync([Item("a", 1)], Ct));

        Assert.Equal(PassageStoreFault.Refused, refused.Fault);
        Assert.Contains("API key", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong\"", refused.Message, StringComparison.Ordinal);
        Assert.Single(_server.Exchanges, e => e.Status == StatusCode.Unauthenticated);
    }

    [Theory]
    [InlineData("1.14.1", "qdrant - vector search engine", "1.14.1")]
    [InlineData("2.0.0", "qdrant - vector search engine", "2.0.0")]
    [InlineData("new", "qdrant - vector search engine", "new")]
    [InlineData("8.11.1", "You Know, for Search", "not Qdrant")]
    public async Task An_unsupported_server_is_refused_before_anything_is_written(string version, string title, string named)
    {
        (_server.Version, _server.Title) = (version, title);
        var store = Store();

        var refused = await Assert.ThrowsAsync<PassageStoreUnavailableException>(() => store.UpsertAsync([Item("a", 1)], Ct));

        Assert.Equal(PassageStoreFault.UnsupportedServer, refused.Fault);
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
        Assert.All(_server.Exchanges, e => Assert.True(e.IsRead, e.Method));
    }

    [Theory]
    [InlineData(null, 0, "no mark")]
    [InlineData("Another", 0, "'Another'")]
    [InlineData("CoopAI", 99, "99")]
    [InlineData("CoopAI", 2, "no model")]
    public async Task A_collection_of_another_product_is_refused_and_left_untouched(string? product, int schema, string because)
    {
        _server.AddCollection(Theirs("theirs", 2, named: true), product is null ? [] : [MarkOf(("product", product), ("schema", (long)schema))]);
        _server.SetAlias("coopai", "theirs");
        var (store, index) = (Store(), new QdrantIndex(Connection(), "test", 2));

        Func<Task>[] attempts =
        [
            () => SearchAsync(store), () => store.UpsertAsync([Item("a", 1)], Ct), () => store.DeleteAsync(["a"], Ct), () => store.GetStatusAsync(Ct).AsTask(),
            () => index.RebuildAsync(new[] { Item("a", 1) }.ToAsyncEnumerable(), resume: false, moveAlias: true, null, Ct), () => index.SnapshotAsync(null, Ct),
        ];
        foreach (var attempt in attempts)
        {
            var refused = await Assert.ThrowsAsync<PassageStoreUnavailableException>(attempt);
            Assert.Equal(PassageStoreFault.ForeignCollection, refused.Fault);
            Assert.Contains(because, refused.Message, StringComparison.Ordinal);
        }

        Assert.Equal("theirs", _server.AliasTarget("coopai"));
        Assert.All(_server.Exchanges, e => Assert.True(e.IsRead, e.Method));
    }

    [Theory]
    [InlineData(false, Distance.Dot, true, "dense")]
    [InlineData(true, Distance.Cosine, true, "dot product")]
    [InlineData(true, Distance.Dot, false, "lexical")]
    public async Task A_collection_with_our_mark_but_other_vectors_is_refused(bool named, Distance distance, bool lexical, string because)
    {
        _server.AddCollection(Theirs("odd", 2, named, distance, lexical), MarkOf(("product", "CoopAI"), ("schema", 2L), ("model", "test"), ("state", "ready")));
        _server.SetAlias("coopai", "odd");

        var refused = await Assert.ThrowsAsync<PassageStoreUnavailableException>(() => SearchAsync(Store()));

        Assert.Equal(PassageStoreFault.ForeignCollection, refused.Fault);
        Assert.Contains(because, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_collection_in_place_of_the_alias_is_refused()
    {
        _server.AddCollection(Theirs("coopai"));

        var refused = await Assert.ThrowsAsync<PassageStoreUnavailableException>(() => Store().UpsertAsync([Item("a", 1)], Ct));

        Assert.Equal(PassageStoreFault.ForeignCollection, refused.Fault);
        Assert.Equal(["coopai"], _server.CollectionNames());
    }

    [Theory]
    [InlineData("test", 3, PassageStoreFault.OtherDimension, "3")]
    [InlineData("other", 2, PassageStoreFault.OtherModel, "'test'")]
    public async Task An_index_of_another_encoder_is_refused_and_left_untouched(string model, int dimension, PassageStoreFault fault, string named)
    {
        await Store().UpsertAsync([Item("a", 1)], Ct);
        var before = _server.Dump(_server.AliasTarget("coopai")!);
        var store = new QdrantPassageStore(Connection(), model, dimension);
        var item = Item("a", 1, [.. Enumerable.Repeat(0.5f, dimension)]);

        var refused = await Assert.ThrowsAsync<PassageStoreUnavailableException>(() => store.UpsertAsync([item], Ct));
        await Assert.ThrowsAsync<PassageStoreUnavailableException>(() => store.DeleteAsync(["a"], Ct));

        Assert.Equal(fault, refused.Fault);
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
        Assert.Contains("coopai index rebuild", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, _server.Dump(_server.AliasTarget("coopai")!));
        Assert.Equal(("test", 2), ((await store.GetStatusAsync(Ct)).ModelId, (await store.GetStatusAsync(Ct)).Dimension));
    }

    [Fact]
    public async Task An_alias_that_moved_to_points_of_another_product_is_noticed_in_the_answer()
    {
        var store = Store();
        await store.UpsertAsync([Item("a", 1)], Ct);
        await SearchAsync(store);
        _server.AddCollection(Theirs("theirs", 2, named: true), new PointStruct
        {
            Id = Guid.Parse("6ba7b811-9dad-51d1-80b4-00c04fd430c8"),
            Payload = { ["title"] = "theirs" },
            Vectors = new Dictionary<string, Vector> { ["dense"] = new Vector { Dense = new DenseVector { Data = { 1, 0 } } } },
        });
        _server.SetAlias("coopai", "theirs");

        var refused = await Assert.ThrowsAsync<PassageStoreUnavailableException>(() => SearchAsync(store));

        Assert.Equal(PassageStoreFault.ForeignCollection, refused.Fault);
    }

    [Fact]
    public async Task An_alias_that_moved_to_another_dimension_is_explained_instead_of_passed_on()
    {
        var store = Store();
        await store.UpsertAsync([Item("a", 1)], Ct);
        await SearchAsync(store);
        _server.AddCollection(Theirs("coopai-20260131T120000", 3, named: true), MarkOf(("product", "CoopAI"), ("schema", 2L), ("model", "big"), ("dimension", 3L), ("state", "ready")));
        _server.SetAlias("coopai", "coopai-20260131T120000");

        var refused = await Assert.ThrowsAsync<PassageStoreUnavailableException>(() => SearchAsync(store));

        Assert.Equal(PassageStoreFault.OtherDimension, refused.Fault);
        Assert.Contains("'big'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_written_while_the_alias_moves_is_found_behind_it()
    {
        var store = Store();
        await store.UpsertAsync([Item("a", 1)], Ct);
        var index = new QdrantIndex(Connection(), "test", 2);
        var rebuilt = await index.RebuildAsync(new[] { Item("a", 1) }.ToAsyncEnumerable(), resume: true, moveAlias: false, null, Ct);
        var moves = 1;
        _server.Before = method =>
        {
            if (method == "Points/UpdateBatch" && Interlocked.Decrement(ref moves) == 0) _server.SetAlias("coopai", rebuilt.Collection);
        };

        await store.UpsertAsync([Item("b", 1)], Ct);

        Assert.Equal(["a#0", "b#0"], (await SearchAsync(store)).Dense.Select(h => h.PassageId));
        Assert.Equal(rebuilt.Collection, _server.AliasTarget("coopai"));
    }

    [Fact]
    public async Task A_store_whose_index_was_deleted_answers_as_an_empty_one_and_is_filled_again()
    {
        var store = Store();
        await store.UpsertAsync([Item("a", 1)], Ct);
        await SearchAsync(store);
        _server.Drop(_server.AliasTarget("coopai")!);

        Assert.Empty((await SearchAsync(store)).Dense);
        await store.UpsertAsync([Item("b", 1)], Ct);

        Assert.Equal(["b#0"], (await SearchAsync(store)).Dense.Select(h => h.PassageId));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_case_study_of_several_requests_is_replaced_whole_or_not_at_all(int failingRequest)
    {
        // About 150 passages fit into one request of 64 KiB.
        var store = Store(options: o => o with { Retries = 0, MaxRequestBytes = 64 * 1024, BreakAfter = 100 });
        await store.UpsertAsync([Item("a", 5), Item("b", 1)], Ct);
        var request = -1;
        _server.Plan = method => method == "Points/UpdateBatch" && Interlocked.Increment(ref request) == failingRequest ? Fault.Error : Fault.None;

        await Assert.ThrowsAsync<PassageStoreUnavailableException>(() => store.UpsertAsync([Item("a", 600, [0.6f, 0.8f])], Ct));

        Assert.True(request >= failingRequest);
        Assert.Equal(["a#0", "a#1", "a#2", "a#3", "a#4", "b#0"], (await SearchAsync(store)).Dense.Select(h => h.PassageId).Order(StringComparer.Ordinal));
        Assert.Equal((2, 6), await CountsAsync(store));
        await store.UpsertAsync([Item("a", 600, [0.6f, 0.8f])], Ct);
        Assert.Equal((2, 601), await CountsAsync(store));
        var points = _server.Dump(_server.AliasTarget("coopai")!).Split('\n');
        Assert.Equal(601, points.Length);
        Assert.DoesNotContain(points, p => p.Contains("staged", StringComparison.Ordinal));

        // The same once more is seen to be there; a shorter one takes its place.
        await store.UpsertAsync([Item("a", 600, [0.6f, 0.8f])], Ct);
        Assert.Equal((2, 601), await CountsAsync(store));
        await store.UpsertAsync([Item("a", 1)], Ct);
        Assert.Equal((2, 2), await CountsAsync(store));
    }

    [Fact]
    public async Task A_case_study_with_four_megabytes_of_payload_is_written_and_found()
    {
        var store = Store(options: o => o with { MaxRequestBytes = 16 * 1024 * 1024 });
        var item = Item("large", 2) is var l ? l with { CaseStudy = l.CaseStudy with { Topics = [.. Enumerable.Range(0, 2).Select(i => new string((char)('a' + i), 1024 * 1024))] } } : l;

        await store.UpsertAsync([item, Item("b", 1)], Ct);

        Assert.InRange(_server.LargestBody, 4 * 1024 * 1024, 16 * 1024 * 1024);
        Assert.Equal(["b#0", "large#0", "large#1"], (await SearchAsync(store)).Dense.Select(h => h.PassageId));
        Assert.Equal(["large#0", "large#1"], (await SearchAsync(store, new SearchFilter(Topics: [new string('B', 1024 * 1024)]))).Dense.Select(h => h.PassageId));
    }

    [Fact]
    public async Task A_passage_that_no_request_can_hold_is_refused_by_name_and_nothing_of_it_is_found()
    {
        var store = Store(options: o => o with { MaxRequestBytes = 64 * 1024 });
        var item = Item("large", 1) is var l ? l with { CaseStudy = l.CaseStudy with { Topics = [new string('x', 64 * 1024)] } } : l;

        var refused = await Assert.ThrowsAsync<ArgumentException>(() => store.UpsertAsync([item], Ct));

        Assert.Contains("large#0", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Qdrant:MaxRequestBytes", refused.Message, StringComparison.Ordinal);
        Assert.Empty((await SearchAsync(store)).Dense);
    }

    [Fact]
    public async Task An_answer_larger_than_allowed_is_refused()
    {
        var store = Store(options: o => o with { MaxResponseBytes = 64 * 1024 });
        await store.UpsertAsync([.. Enumerable.Range(0, 900).Select(i => Item(string.Create(CultureInfo.InvariantCulture, $"a-rather-long-slug-that-takes-room-in-the-answer-{i}"), 1))], Ct);

        var refused = await Assert.ThrowsAsync<PassageStoreUnavailableException>(() => SearchAsync(store, top: 900));

        Assert.Equal(PassageStoreFault.Refused, refused.Fault);
        Assert.Contains("Qdrant:MaxResponseBytes", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_more_than_two_write_requests_are_under_way_at_one_time()
    {
        var store = Store(options: o => o with { BatchPassages = 5 });
        _server.SlowBy = TimeSpan.FromMilliseconds(20);
        _server.Plan = method => method == "Points/UpdateBatch" ? Fault.Slow : Fault.None;

        await store.UpsertAsync([.. Enumerable.Range(0, 100).Select(i => Item(string.Create(CultureInfo.InvariantCulture, $"s{i}"), 1))], Ct);

        Assert.Equal(2, _server.MaxConcurrentWrites);
        Assert.Equal((100, 100), await CountsAsync(store));
    }

    [Fact]
    public async Task One_search_is_one_request()
    {
        var store = Store();
        await store.UpsertAsync([Item("a", 3)], Ct);
        await SearchAsync(store);
        _server.Forget();

        await store.SearchAsync(new(new[] { 1f, 0f }, new LexicalVector([1], [1f]), SearchFilter.None, 50), Ct);

        Assert.Equal("Points/QueryBatch", Assert.Single(_server.Exchanges).Method);
    }

    [Fact]
    public async Task A_cancelled_search_is_a_cancellation_not_a_fault_of_the_server()
    {
        var store = Store();
        await store.UpsertAsync([Item("a", 1)], Ct);
        await SearchAsync(store);
        _server.SlowBy = TimeSpan.FromSeconds(2);
        _server.Plan = _ => Fault.Slow;
        using var soon = new CancellationTokenSource(50);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.SearchAsync(new(new[] { 1f, 0f }, LexicalVector.Empty, SearchFilter.None, 5), soon.Token));
    }

    private static StoredCaseStudy Item(string slug, int passages, float[]? embedding = null) => new(
        new CaseStudy { Slug = slug, Title = slug, Text = "Text." },
        [.. Enumerable.Range(0, passages).Select(i => new StoredPassage(new Passage(Passage.IdOf(slug, i), slug, i, "Text.", 0), embedding ?? [1f, 0f], new LexicalVector([1], [1f])))]);

    private static Task<HybridHits> SearchAsync(QdrantPassageStore store, SearchFilter? filter = null, int top = 50) =>
        store.SearchAsync(new(new[] { 1f, 0f }, LexicalVector.Empty, filter ?? SearchFilter.None, top), Ct);

    private static async Task<(long, long)> CountsAsync(QdrantPassageStore store) => await store.GetStatusAsync(Ct) is var s ? (s.CaseStudies, s.Passages) : default;

    /// <summary>A collection of somebody else.</summary>
    internal static CreateCollection Theirs(string name, int size = 4, bool named = false, Distance distance = Distance.Dot, bool lexical = true)
    {
        var vector = new VectorParams { Size = (ulong)size, Distance = distance };
        var parameters = new CreateCollection
        {
            CollectionName = name,
            VectorsConfig = named ? new VectorsConfig { ParamsMap = new VectorParamsMap { Map = { ["dense"] = vector } } } : new VectorsConfig { Params = vector },
        };
        if (named && lexical) parameters.SparseVectorsConfig = new SparseVectorConfig { Map = { ["lexical"] = new SparseVectorParams() } };
        return parameters;
    }

    /// <summary>A mark as this program or another would write it.</summary>
    internal static PointStruct MarkOf(params (string Field, Value Value)[] payload)
    {
        var point = new PointStruct { Id = QdrantMessages.MarkId, Vectors = new Vectors { Vectors_ = new NamedVectors() } };
        foreach (var (field, value) in payload) point.Payload[field] = value;
        return point;
    }

    private void FailFirst(string call, Fault fault, int times)
    {
        _server.SlowBy = TimeSpan.FromMilliseconds(700);
        _server.Plan = method => method == call && Interlocked.Decrement(ref times) >= 0 ? fault : Fault.None;
    }

    private QdrantPassageStore Store(Func<Settings, Settings>? options = null) => new(Connection(options), "test", 2);

    private QdrantConnection Connection(Func<Settings, Settings>? options = null, InMemoryPassageServer? server = null)
    {
        var s = (options ?? (x => x))(new Settings());
        _connections.Add(QdrantConnection.Create(
            new QdrantOptions
            {
                Address = (server ?? _server).Address,
                ApiKey = s.Key,
                Retries = s.Retries,
                RetryDelay = TimeSpan.FromMilliseconds(2),
                MaxRetryDelay = s.MaxRetryDelay,
                ReadTimeout = s.ReadTimeout,
                ReadDeadline = s.ReadDeadline,
                WriteTimeout = s.WriteTimeout,
                MaxRequestBytes = s.MaxRequestBytes,
                MaxResponseBytes = s.MaxResponseBytes,
                BatchPassages = s.BatchPassages,
                BreakAfter = s.BreakAfter,
                BreakerWindow = TimeSpan.FromMilliseconds(500),
                BreakDuration = TimeSpan.FromMilliseconds(500),
            },
            TimeProvider.System, jitter: new Random(7).NextDouble));
        return _connections[^1];
    }

    private sealed record Settings
    {
        /// <summary>Short time-outs only where slowness is the subject: this machine may be slow itself.</summary>
        public Settings For(Fault fault) => fault == Fault.Slow ? this with { ReadTimeout = TimeSpan.FromMilliseconds(400), WriteTimeout = TimeSpan.FromMilliseconds(400) } : this;

        public string? Key { get; init; }

        public int Retries { get; init; } = 3;

        public int BreakAfter { get; init; } = 20;

        public int BatchPassages { get; init; } = 256;

        public int MaxRequestBytes { get; init; } = 1024 * 1024;

        public int MaxResponseBytes { get; init; } = 1024 * 1024;

        public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromSeconds(10);

        public TimeSpan ReadDeadline { get; init; } = TimeSpan.FromSeconds(20);

        public TimeSpan WriteTimeout { get; init; } = TimeSpan.FromSeconds(10);

        public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromMilliseconds(50);
    }
}
