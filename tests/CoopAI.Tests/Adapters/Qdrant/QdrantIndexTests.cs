using System.Globalization;
using CoopAI.Adapters.Qdrant;
using CoopAI.Core;
using CoopAI.Core.Corpus;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Vectors;
using Qdrant.Client.Grpc;
using static CoopAI.Tests.Adapters.Qdrant.InMemoryPassageServer;
using static CoopAI.Tests.Adapters.Qdrant.QdrantFaultTests;

namespace CoopAI.Tests.Adapters.Qdrant;

/// <summary>Rebuilds, switches, snapshots, facets and the doctor, over the stand-in.</summary>
public sealed class QdrantIndexTests : IAsyncLifetime
{
    private readonly InMemoryPassageServer _server = InMemoryPassageServer.Start();
    private readonly QdrantConnection _connection;
    private readonly QdrantPassageStore _store;
    private readonly QdrantIndex _index;

    public QdrantIndexTests()
    {
        _connection = Connect(_server);
        (_store, _index) = (new(_connection, "test", 2), new(_connection, "test", 2));
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _connection.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_rebuild_goes_into_a_new_collection_and_keeps_the_old_one_until_confirmed()
    {
        await _store.UpsertAsync(Items(3), Ct);
        var old = _server.AliasTarget("coopai")!;

        var rebuilt = await RebuildAsync(Items(5));

        Assert.Equal((old, 5, 5L, 0L, false), (rebuilt.Previous, rebuilt.CaseStudies, rebuilt.Written, rebuilt.Kept, rebuilt.Resumed));
        Assert.Equal([(old, QdrantCollectionRole.KeptFromBefore, 3L), (rebuilt.Collection, QdrantCollectionRole.Searched, 5L)], await RolesAsync());
        Assert.Equal(5, await FoundAsync());

        Assert.Equal([old], await _index.ConfirmAsync(Ct));
        Assert.Equal([(rebuilt.Collection, QdrantCollectionRole.Searched, 5L)], await RolesAsync());
        Assert.Null(_server.AliasTarget("coopai-previous"));
        Assert.Empty(await _index.ConfirmAsync(Ct));
    }

    [Fact]
    public async Task A_switch_goes_back_to_the_collection_before_and_forth_again()
    {
        await _store.UpsertAsync(Items(3), Ct);
        var old = _server.AliasTarget("coopai")!;
        var rebuilt = await RebuildAsync(Items(5));

        Assert.Equal(rebuilt.Collection, await _index.SwitchAsync(null, Ct));
        Assert.Equal((old, 3), (_server.AliasTarget("coopai"), await FoundAsync()));
        Assert.Equal(old, await _index.SwitchAsync(null, Ct));
        Assert.Equal((rebuilt.Collection, 5), (_server.AliasTarget("coopai"), await FoundAsync()));
    }

    [Fact]
    public async Task The_alias_moves_in_one_request()
    {
        await _store.UpsertAsync(Items(1), Ct);
        await RebuildAsync(Items(2));
        _server.Forget();

        await _index.SwitchAsync(null, Ct);

        var moves = (ChangeAliases)Assert.Single(_server.Exchanges, e => e.Method == "Collections/UpdateAliases").Request;
        Assert.Contains(moves.Actions, a => a.DeleteAlias is not null);
        Assert.Contains(moves.Actions, a => a.CreateAlias is not null);
    }

    [Fact]
    public async Task A_rebuild_without_a_switch_waits_and_is_found_by_name()
    {
        await _store.UpsertAsync(Items(3), Ct);

        var rebuilt = await _index.RebuildAsync(Items(5).ToAsyncEnumerable(), resume: true, moveAlias: false, null, Ct);

        Assert.Equal(3, await FoundAsync());
        Assert.Contains((rebuilt.Collection, QdrantCollectionRole.Ready, 5L), await RolesAsync());
        await _index.SwitchAsync(rebuilt.Collection, Ct);
        Assert.Equal(5, await FoundAsync());
    }

    [Theory]
    [InlineData("nothing", "no collection 'nothing'")]
    [InlineData("coopai-20200101T000000", "no collection")]
    [InlineData(null, "No collection is kept")]
    public async Task A_switch_to_what_is_not_there_is_refused(string? target, string because)
    {
        await _store.UpsertAsync(Items(1), Ct);
        _server.AddCollection(Theirs("nothing"));

        var refused = await Assert.ThrowsAsync<BadInputException>(() => _index.SwitchAsync(target, Ct));

        Assert.Contains(because, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rebuild_that_stopped_half_way_is_found_resumed_and_sends_only_what_is_missing()
    {
        await _store.UpsertAsync(Items(2), Ct);
        await StopAfterAsync(batches: 3, Items(10));

        var unfinished = Assert.Single(await RolesAsync(), r => r.Item2 == QdrantCollectionRole.Unfinished);
        Assert.Equal(2, await FoundAsync());
        await Assert.ThrowsAsync<BadInputException>(() => _index.SwitchAsync(unfinished.Item1, Ct));

        // Meanwhile one case study changed and one is gone: both must show.
        var items = Items(9);
        items[1] = Item("s01", [0.6f, 0.8f]);
        var rebuilt = await RebuildAsync(items);

        Assert.Equal((unfinished.Item1, true), (rebuilt.Collection, rebuilt.Resumed));
        Assert.Equal(9, rebuilt.Written + rebuilt.Kept);
        Assert.InRange(rebuilt.Kept, 2, 7);
        var hits = (await _store.SearchAsync(new(new[] { 1f, 0f }, LexicalVector.Empty, SearchFilter.None, 50), Ct)).Dense;
        Assert.Equal(9, hits.Count);
        Assert.Equal(("s01", 0.6), (hits[^1].Slug, Math.Round(hits[^1].Score, 6)));
    }

    [Fact]
    public async Task A_case_study_that_left_the_corpus_is_removed_when_a_rebuild_is_resumed()
    {
        await StopAfterAsync(batches: 5, Items(10));

        await RebuildAsync([.. Items(10).Skip(1)]);

        Assert.Equal(9, await FoundAsync());
    }

    [Fact]
    public async Task A_rebuild_may_begin_afresh_and_discards_what_is_unfinished()
    {
        await StopAfterAsync(batches: 3, Items(10));
        var unfinished = Assert.Single(await RolesAsync()).Item1;

        var rebuilt = await _index.RebuildAsync(Items(4).ToAsyncEnumerable(), resume: false, moveAlias: true, null, Ct);

        Assert.Equal((false, 4L, 0L), (rebuilt.Resumed, rebuilt.Written, rebuilt.Kept));
        Assert.Equal([rebuilt.Collection], _server.CollectionNames());
        Assert.Contains(_server.Exchanges, e => e.Request is DeleteCollection d && d.CollectionName == unfinished);
    }

    [Fact]
    public async Task Unfinished_rebuilds_can_be_discarded_and_nothing_else_goes()
    {
        await _store.UpsertAsync(Items(2), Ct);
        await StopAfterAsync(batches: 3, Items(10));
        _server.AddCollection(Theirs("coopai-20200101T000000"));
        _server.AddCollection(Theirs("coopai-live-20200101T000000", 2, named: true), MarkOf(("product", "CoopAI"), ("schema", 2L), ("model", "test"), ("state", "building")));

        var discarded = Assert.Single(await _index.DiscardUnfinishedAsync(Ct));

        Assert.Equal(["coopai-20200101T000000", _server.AliasTarget("coopai")!, "coopai-live-20200101T000000"], _server.CollectionNames());
        Assert.DoesNotContain(discarded, _server.CollectionNames());
    }

    [Fact]
    public async Task An_unfinished_rebuild_of_another_encoder_is_not_resumed()
    {
        await StopAfterAsync(batches: 3, Items(10));

        var rebuilt = await new QdrantIndex(_connection, "other", 2).RebuildAsync(Items(2).ToAsyncEnumerable(), resume: true, moveAlias: true, null, Ct);

        Assert.False(rebuilt.Resumed);
        Assert.Equal([rebuilt.Collection], _server.CollectionNames());
    }

    [Fact]
    public async Task A_rebuild_replaces_the_index_of_another_encoder()
    {
        await _store.UpsertAsync(Items(3), Ct);
        var large = new QdrantIndex(_connection, "large", 3);

        await large.RebuildAsync(new[] { Item("a", [1f, 0f, 0f]) }.ToAsyncEnumerable(), resume: true, moveAlias: true, null, Ct);

        var status = await new QdrantPassageStore(_connection, "large", 3).GetStatusAsync(Ct);
        Assert.Equal(("large", 3, 1L), (status.ModelId, status.Dimension, status.Passages));
    }

    [Fact]
    public async Task A_rebuild_that_lost_passages_does_not_move_the_alias()
    {
        await _store.UpsertAsync(Items(2), Ct);
        var old = _server.AliasTarget("coopai");
        _server.Before = method =>
        {
            if (method != "Points/Count") return;
            foreach (var collection in _server.CollectionNames())
                _connection.Points.Delete(QdrantMessages.DeleteCaseStudies(collection, ["s00"]), cancellationToken: Ct);
        };

        var lost = await Assert.ThrowsAsync<PassageStoreUnavailableException>(() => RebuildAsync(Items(3)));

        Assert.Contains("2 passages instead of 3", lost.Message, StringComparison.Ordinal);
        Assert.Equal(old, _server.AliasTarget("coopai"));
    }

    [Fact]
    public async Task A_rebuild_refuses_a_case_study_given_twice_and_one_of_another_dimension_and_leaves_the_alias()
    {
        await _store.UpsertAsync(Items(2), Ct);
        var old = _server.AliasTarget("coopai");

        var twice = await Assert.ThrowsAsync<ArgumentException>(() => RebuildAsync([Item("a", [1, 0]), Item("a", [1, 0])]));
        var wide = await Assert.ThrowsAsync<ArgumentException>(() => RebuildAsync([Item("a", [1, 0, 0])]));

        Assert.Contains("'a' is given twice", twice.Message, StringComparison.Ordinal);
        Assert.Contains("a#0", wide.Message, StringComparison.Ordinal);
        Assert.Equal(old, _server.AliasTarget("coopai"));
    }

    [Fact]
    public async Task Ten_thousand_passages_are_rebuilt_with_two_requests_under_way_and_bounded_requests()
    {
        _server.Records = false;
        using var connection = Connect(_server, maxRequestBytes: 256 * 1024);
        var index = new QdrantIndex(connection, "test", 2);
        var mostWaiting = 0L;

        var rebuilt = await index.RebuildAsync(StreamAsync(), resume: true, moveAlias: true, null, Ct);

        Assert.Equal((2000, 10_000L), (rebuilt.CaseStudies, rebuilt.Written));
        Assert.InRange(_server.MaxConcurrentWrites, 1, 2);
        Assert.InRange(_server.LargestBody, 1, 256 * 1024);
        // At most three requests hold passages: two under way, one under construction; case studies are let go as they are written.
        Assert.InRange(mostWaiting, 1, 3 * 256);

        async IAsyncEnumerable<StoredCaseStudy> StreamAsync()
        {
            for (var i = 0; i < 2000; i++)
            {
                mostWaiting = Math.Max(mostWaiting, (i * 5) - _server.PassagesReceived);
                yield return Item(string.Create(CultureInfo.InvariantCulture, $"s{i:0000}"), [1, 0], passages: 5);
                if (i % 100 == 0) await Task.Yield();
            }
        }
    }

    [Fact]
    public async Task A_snapshot_is_made_listed_and_copied()
    {
        await _store.UpsertAsync(Items(1), Ct);
        using var copy = new MemoryStream();

        var made = await _index.SnapshotAsync(copy, Ct);

        Assert.Equal((_server.AliasTarget("coopai"), 1000L), (made.Collection, made.Size));
        Assert.Equal([made], await _index.ListSnapshotsAsync(Ct));
        Assert.True(copy.Length > 0);
    }

    [Fact]
    public async Task A_snapshot_is_not_made_twice_when_its_answer_is_lost()
    {
        await _store.UpsertAsync(Items(1), Ct);
        var lost = 1;
        _server.Plan = method => method == "Snapshots/Create" && Interlocked.Decrement(ref lost) >= 0 ? Fault.LostAnswer : Fault.None;

        await Assert.ThrowsAsync<PassageStoreUnavailableException>(() => _index.SnapshotAsync(null, Ct));

        Assert.Single(await _index.ListSnapshotsAsync(Ct));
    }

    [Fact]
    public async Task The_doctor_finds_nothing_wrong_with_a_sound_index()
    {
        await _store.UpsertAsync(Items(1), Ct);

        var findings = await new QdrantDoctor(_connection, "test", 2).ExamineAsync(Ct);

        Assert.Equal(["address", "server version", "API key", "collection", "encoder"], findings.Select(f => f.Check));
        Assert.All(findings, f => Assert.True(f.Passed));
    }

    [Theory]
    [InlineData("away", "address", "cannot be used now")]
    [InlineData("version", "server version", "1.15")]
    [InlineData("not-qdrant", "server version", "not Qdrant")]
    [InlineData("key", "API key", "Qdrant:ApiKeyFile")]
    [InlineData("foreign", "collection", "left alone")]
    [InlineData("dimension", "encoder", "2 dimensions")]
    [InlineData("model", "encoder", "'test'")]
    [InlineData("redirect", "address", "redirect")]
    public async Task The_doctor_names_what_is_wrong_and_looks_no_further(string wrong, string check, string says)
    {
        await _store.UpsertAsync(Items(1), Ct);
        _server.Forget();
        switch (wrong)
        {
            case "away": await _server.StopAsync(); break;
            case "version": _server.Version = "1.9.0"; break;
            case "not-qdrant": _server.Title = "nginx"; break;
            case "key": _server.Key = "other"; break;
            case "foreign":
                _server.AddCollection(Theirs("theirs"));
                _server.SetAlias("coopai", "theirs");
                break;
            case "redirect":
                _server.Plan = _ => Fault.Redirect;
                break;
        }

        var findings = await new QdrantDoctor(_connection, wrong == "model" ? "other" : "test", wrong == "dimension" ? 3 : 2).ExamineAsync(Ct);

        var failed = Assert.Single(findings, f => f.Passed == false);
        Assert.Equal(check, failed.Check);
        Assert.Contains(says, failed.Detail, StringComparison.Ordinal);
        Assert.All(findings.SkipWhile(f => f != failed).Skip(1), f => Assert.Null(f.Passed));
        Assert.Equal(5, findings.Count);
        Assert.All(_server.Exchanges, e => Assert.True(e.IsRead, e.Method));
    }

    private static QdrantConnection Connect(InMemoryPassageServer server, int maxRequestBytes = 1024 * 1024) => QdrantConnection.Create(
        new QdrantOptions { Address = server.Address, RestAddress = server.FilesAddress, BatchPassages = maxRequestBytes == 1024 * 1024 ? 1 : 256, RetryDelay = TimeSpan.FromMilliseconds(1), MaxRetryDelay = TimeSpan.FromMilliseconds(10), ReadTimeout = TimeSpan.FromSeconds(10), ReadDeadline = TimeSpan.FromSeconds(20), MaxRequestBytes = maxRequestBytes, BreakAfter = 500 },
        TimeProvider.System, () => 0.5);

    private static StoredCaseStudy[] Items(int count) => [.. Enumerable.Range(0, count).Select(i => Item(string.Create(CultureInfo.InvariantCulture, $"s{i:00}"), [1, 0]))];

    private static StoredCaseStudy Item(string slug, float[] embedding, int passages = 1) => new(
        new CaseStudy { Slug = slug, Title = slug, Text = "Text." },
        [.. Enumerable.Range(0, passages).Select(i => new StoredPassage(new Passage(Passage.IdOf(slug, i), slug, i, "Text.", 0), embedding, new LexicalVector([1], [1f])))]);

    private Task<QdrantRebuild> RebuildAsync(IReadOnlyList<StoredCaseStudy> items) => _index.RebuildAsync(items.ToAsyncEnumerable(), resume: true, moveAlias: true, null, Ct);

    private async Task<int> FoundAsync() => (await _store.SearchAsync(new(new[] { 1f, 0f }, LexicalVector.Empty, SearchFilter.None, 50), Ct)).Dense.Count;

    private async Task<IEnumerable<(string, QdrantCollectionRole, long)>> RolesAsync() => (await _index.GetStatusAsync(Ct)).Collections.Select(c => (c.Name, c.Role, c.Passages));

    private async Task StopAfterAsync(int batches, IReadOnlyList<StoredCaseStudy> items)
    {
        _server.Plan = method => method == "Points/UpdateBatch" && Interlocked.Decrement(ref batches) < 0 ? Fault.Error : Fault.None;
        await Assert.ThrowsAsync<PassageStoreUnavailableException>(() => RebuildAsync(items));
        _server.Plan = _ => Fault.None;
    }
}
