using System.Globalization;
using CoopAI.Adapters.Qdrant;
using CoopAI.Core.Corpus;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Vectors;

namespace CoopAI.Tests.Adapters.Qdrant;

/// <summary>Collections of one test behind an alias of its own, removed after it.</summary>
internal sealed class QdrantUnderTest(Uri address, string? key) : IAsyncDisposable
{
    private readonly List<QdrantConnection> _connections = [];

    /// <summary>A real server, when <c>COOPAI_QDRANT_URL</c> names its gRPC interface (its key in <c>COOPAI_QDRANT_KEY</c>, copies of each shard in <c>COOPAI_QDRANT_REPLICAS</c>).</summary>
    public static QdrantUnderTest Real()
    {
        var url = Environment.GetEnvironmentVariable("COOPAI_QDRANT_URL");
        Assert.SkipWhen(url is null, "COOPAI_QDRANT_URL is not set: no Qdrant server to test against.");
        return new QdrantUnderTest(new Uri(url!), Environment.GetEnvironmentVariable("COOPAI_QDRANT_KEY"));
    }

    public QdrantConnection Connect(int? maxRequestBytes = null)
    {
        var options = new QdrantOptions
        {
            Address = address,
            ApiKey = key,
            AllowApiKeyOverHttp = true,
            Alias = $"coopai-test-{Guid.NewGuid():N}",
            ReplicationFactor = int.Parse(Environment.GetEnvironmentVariable("COOPAI_QDRANT_REPLICAS") ?? "1", CultureInfo.InvariantCulture),
            MaxRequestBytes = maxRequestBytes ?? new QdrantOptions().MaxRequestBytes,
            // A machine that tests may be slow; slowness is tested elsewhere.
            ReadTimeout = TimeSpan.FromSeconds(20),
            ReadDeadline = TimeSpan.FromSeconds(60),
        };
        _connections.Add(QdrantConnection.Create(options, TimeProvider.System));
        return _connections[^1];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections)
        {
            var (index, gate) = (new QdrantIndex(connection, "test", 2), new QdrantGate(connection));
            foreach (var collection in (await index.GetStatusAsync(CancellationToken.None)).Collections) await gate.DeleteAsync(collection.Name, CancellationToken.None);
            connection.Dispose();
        }
    }
}

/// <summary>The contract of passage stores against a real server.</summary>
public sealed class QdrantPassageStoreTests : PassageStoreContract<QdrantPassageStore>, IAsyncLifetime
{
    private QdrantUnderTest? _qdrant;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_qdrant is not null) await _qdrant.DisposeAsync();
    }

    protected override Task<QdrantPassageStore> CreateEmptyAsync()
    {
        _qdrant ??= QdrantUnderTest.Real();
        return Task.FromResult(new QdrantPassageStore(_qdrant.Connect(), "test", dimension: 2));
    }
}

/// <summary>What Qdrant's index promises beyond the contract of stores: rebuilds, switches, facets, snapshots, messages of bounded size.</summary>
public abstract class QdrantIndexContract : IAsyncLifetime
{
    private QdrantUnderTest? _qdrant;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public virtual async ValueTask DisposeAsync()
    {
        if (_qdrant is not null) await _qdrant.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_rebuild_is_switched_to_back_and_confirmed_while_searches_go_on()
    {
        var (store, index) = Open();
        await store.UpsertAsync(Items(3), Ct);

        var rebuilt = await index.RebuildAsync(Items(5).ToAsyncEnumerable(), resume: true, moveAlias: true, null, Ct);
        Assert.Equal(5, await FoundAsync(store));
        Assert.Equal(rebuilt.Collection, await index.SwitchAsync(null, Ct));
        Assert.Equal(3, await FoundAsync(store));
        await index.SwitchAsync(rebuilt.Collection, Ct);
        Assert.Equal([rebuilt.Previous!], await index.ConfirmAsync(Ct));

        Assert.Equal(5, await FoundAsync(store));
        Assert.Equal([(rebuilt.Collection, QdrantCollectionRole.Searched, 5L)], (await index.GetStatusAsync(Ct)).Collections.Select(c => (c.Name, c.Role, c.Passages)));
    }

    [Fact]
    public async Task A_rebuild_that_stopped_goes_on_where_it_was()
    {
        var (store, index) = Open(maxRequestBytes: 64 * 1024);

        await Assert.ThrowsAsync<ArgumentException>(() => index.RebuildAsync(Items(300).Append(Item("s000", 1)).ToAsyncEnumerable(), resume: true, moveAlias: true, null, Ct));
        Assert.Equal(0, (await store.GetStatusAsync(Ct)).Passages);
        var rebuilt = await index.RebuildAsync(Items(300).ToAsyncEnumerable(), resume: true, moveAlias: true, null, Ct);

        Assert.True(rebuilt.Resumed);
        Assert.True(rebuilt.Kept > 0);
        Assert.Equal(300, rebuilt.Kept + rebuilt.Written);
        Assert.Equal((300L, 300L), await store.GetStatusAsync(Ct) is var s ? (s.CaseStudies, s.Passages) : default);
    }

    [Fact]
    public async Task A_case_study_of_several_messages_is_replaced_whole()
    {
        var (store, _) = Open(maxRequestBytes: 64 * 1024);
        await store.UpsertAsync([Item("large", 700), Item("small", 1)], Ct);
        await store.UpsertAsync([Item("large", 600)], Ct);

        Assert.Equal((2L, 601L), await store.GetStatusAsync(Ct) is var s ? (s.CaseStudies, s.Passages) : default);
        Assert.Equal(601, (await store.SearchAsync(new(new[] { 1f, 0f }, LexicalVector.Empty, SearchFilter.None, 1000), Ct)).Dense.Count);
    }

    [Fact]
    public async Task A_snapshot_is_made_and_listed()
    {
        var (store, index) = Open();
        await store.UpsertAsync(Items(1), Ct);

        var made = await index.SnapshotAsync(null, Ct);

        Assert.Contains(made.Name, (await index.ListSnapshotsAsync(Ct)).Select(s => s.Name));
    }

    [Fact]
    public async Task Facets_count_case_studies_not_passages_within_the_filter()
    {
        var items = new[]
        {
            Item("a", 3) is var a ? a with { CaseStudy = a.CaseStudy with { LeadMember = "Oldham", Year = 2020, Principles = ["p1", "p2"], Kind = "project", Topics = ["Housing"] } } : null!,
            Item("b", 2) is var b ? b with { CaseStudy = b.CaseStudy with { LeadMember = "Kirklees", ParticipatingMembers = ["Oldham"], Year = 2021, Principles = ["p2"] } } : null!,
            Item("c", 1),
        };
        var (store, _) = Open();
        await store.UpsertAsync(items, Ct);

        var all = await store.CountFacetsAsync(SearchFilter.None, 10, Ct);
        var some = await store.CountFacetsAsync(new(Principles: ["P1"]), 10, Ct);

        Assert.Equal([("Oldham", 2L), ("Kirklees", 1L)], all["councils"]);
        Assert.Equal([("p2", 2L), ("p1", 1L)], all["principles"]);
        Assert.Equal([("2020", 1L), ("2021", 1L)], all["year"]);
        Assert.Equal([("project", 1L)], all["kind"]);
        Assert.Equal([("Housing", 1L)], all["topics"]);
        Assert.Equal([("p1", 1L), ("p2", 1L)], some["principles"]);
        Assert.Equal([("Oldham", 1L)], some["councils"]);
    }

    internal abstract QdrantUnderTest Server();

    private (QdrantPassageStore Store, QdrantIndex Index) Open(int? maxRequestBytes = null)
    {
        _qdrant ??= Server();
        var connection = _qdrant.Connect(maxRequestBytes);
        return (new(connection, "test", 2), new(connection, "test", 2));
    }

    private static StoredCaseStudy[] Items(int count) => [.. Enumerable.Range(0, count).Select(i => Item(string.Create(CultureInfo.InvariantCulture, $"s{i:000}"), 1))];

    private static StoredCaseStudy Item(string slug, int passages) => new(
        new CaseStudy { Slug = slug, Title = slug, Text = "Text." },
        [.. Enumerable.Range(0, passages).Select(i => new StoredPassage(new Passage(Passage.IdOf(slug, i), slug, i, "Text.", 0), new[] { 1f, 0f }, new LexicalVector([1], [1f])))]);

    private static async Task<int> FoundAsync(QdrantPassageStore store) => (await store.SearchAsync(new(new[] { 1f, 0f }, LexicalVector.Empty, SearchFilter.None, 50), Ct)).Dense.Count;
}

/// <summary>Against a real server.</summary>
public sealed class QdrantIndexContractTests : QdrantIndexContract
{
    internal override QdrantUnderTest Server() => QdrantUnderTest.Real();
}
