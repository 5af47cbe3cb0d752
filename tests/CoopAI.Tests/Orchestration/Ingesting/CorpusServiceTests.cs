using CoopAI.Adapters.Sqlite;
using CoopAI.Core;
using CoopAI.Core.Corpus;
using CoopAI.Core.Retrieval;
using CoopAI.Orchestration.Ingesting;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.AI;

namespace CoopAI.Tests.Orchestration.Ingesting;

public sealed class CorpusServiceTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("coopai-test-").FullName;
    private readonly CountingEncoder _encoder = new();
    private readonly CoopDatabase _database;
    private readonly CaseStudyLibrary _library;
    private readonly SearchCorpus _corpus = new();
    private readonly EmbeddedPassageStore _store = new(2);
    private readonly CorpusService _service;

    public CorpusServiceTests()
    {
        _database = CoopDatabase.Open(_directory);
        _library = new CaseStudyLibrary(_database);
        _service = new CorpusService(
            _library, _store, _corpus, new CaseStudyIndexer(new PassageChunker(), _encoder), new EncoderIdentity("counting", 2),
            TimeProvider.System);
    }

    [Fact]
    public async Task A_full_disk_ends_an_ingest_with_a_message_keeps_whole_case_studies_and_the_next_ingest_does_the_rest()
    {
        var ct = TestContext.Current.CancellationToken;
        await _service.IngestAsync(Studies(24), "test", ct: ct);
        // SQLite's own limit on pages reports exactly what a full disk does; the pool hands the ingest this very connection.
        _database.Read(c => c.Execute($"PRAGMA max_page_count = {c.ExecuteScalar<long>("PRAGMA page_count") + 20}"));

        var error = await Assert.ThrowsAsync<BadInputException>(() => _service.IngestAsync(Studies(400), "test", ct: ct));

        Assert.StartsWith("The disk is full", error.Message, StringComparison.Ordinal);
        _database.ReleaseFile();
        var stored = _library.Load();
        Assert.InRange(stored.Count, 24, 399);
        Assert.All(stored, c => Assert.Equal((c.Passages.Count, c.Sentences.Count), (c.PassageEmbeddings.Count, c.SentenceEmbeddings.Count)));
        Assert.Empty(_database.CheckIntegrity());
        Assert.Equal(new IngestReport(400 - stored.Count, 0, stored.Count, 0), await _service.IngestAsync(Studies(400), "test", ct: ct));
    }

    [Fact]
    public async Task A_store_in_memory_is_filled_at_any_size_and_follows_from_then_on()
    {
        var ct = TestContext.Current.CancellationToken;
        await _service.RefreshAsync(ct);

        await _service.IngestAsync(Studies(60), "test", ct: ct);
        var below = await _store.GetStatusAsync(ct);
        await _service.IngestAsync(Studies(101), "test", ct: ct);
        var above = await _store.GetStatusAsync(ct);
        await _service.IngestAsync(Studies(50), "test", prune: true, ct: ct);

        Assert.Equal((60, 101), (below.CaseStudies, above.CaseStudies));
        Assert.Equal(50, (await _store.GetStatusAsync(ct)).CaseStudies);
    }

    [Fact]
    public async Task An_ingest_alone_loads_nothing_and_the_next_refresh_loads_all()
    {
        var ct = TestContext.Current.CancellationToken;

        var report = await _service.IngestAsync(Studies(60), "test", ct: ct);

        Assert.Equal(new IngestReport(60, 0, 0, 0), report);
        Assert.Empty(_corpus.Current.CaseStudies);
        Assert.Empty(_library.GetPending());
        Assert.Equal(60, (await _service.RefreshAsync(ct)).CaseStudies.Count);
    }

    [Fact]
    public async Task A_loaded_index_follows_an_ingest_at_once()
    {
        var ct = TestContext.Current.CancellationToken;
        await _service.IngestAsync(Studies(3), "test", ct: ct);
        await _service.RefreshAsync(ct);

        await _service.IngestAsync(Studies(30).Skip(1).ToList(), "test", prune: true, ct: ct);

        Assert.Equal(29, _corpus.Current.CaseStudies.Count);
        Assert.Null(_corpus.Current.Find("case-0"));
        Assert.Empty(_library.GetPending());
    }

    [Fact]
    public async Task An_ingest_that_stops_keeps_the_batches_before()
    {
        _encoder.FailAtCall = 3;

        await Assert.ThrowsAsync<InvalidOperationException>(() => _service.IngestAsync(Studies(60), "test", ct: TestContext.Current.CancellationToken));

        Assert.Equal(48, _library.GetHashes().Count);
    }

    [Fact]
    public async Task Progress_counts_what_is_stored_and_ends_with_all()
    {
        var seen = new List<IngestProgress>();

        await _service.IngestAsync(Studies(60), "test", progress: new Collect(p =>
        {
            Assert.Equal(p.Done, _library.GetHashes().Count);
            seen.Add(p);
        }), ct: TestContext.Current.CancellationToken);

        Assert.Equal([24, 48, 60], seen.Select(p => p.Done));
        Assert.All(seen, p => Assert.Equal(60, p.Total));
    }

    [Fact]
    public async Task Equal_texts_are_encoded_once_in_a_batch_and_unchanged_case_studies_not_at_all()
    {
        var ct = TestContext.Current.CancellationToken;

        await _service.IngestAsync(Studies(2), "test", ct: ct);
        var first = _encoder.Texts.Count;
        await _service.IngestAsync(Studies(2), "test", ct: ct);

        Assert.Equal(_encoder.Texts.Distinct(StringComparer.Ordinal).Count(), first);
        Assert.Equal(1, _encoder.Texts.Count(t => t == "The same sentence ends them all."));
        Assert.Equal(first, _encoder.Texts.Count);
    }

    public void Dispose()
    {
        _service.Dispose();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_directory, recursive: true);
    }

    private static List<CaseStudy> Studies(int count) => [.. Enumerable.Range(0, count).Select(i => new CaseStudy
    {
        Slug = $"case-{i}",
        Title = $"Case {i}",
        Text = $"The council opened library {i}. The same sentence ends them all.",
    })];

    private sealed class Collect(Action<IngestProgress> report) : IProgress<IngestProgress>
    {
        public void Report(IngestProgress value) => report(value);
    }

    private sealed class CountingEncoder : IEmbeddingGenerator<string, Embedding<float>>
    {
        private int _calls;

        public int FailAtCall { get; set; }

        public List<string> Texts { get; } = [];

        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
        {
            if (++_calls == FailAtCall) throw new InvalidOperationException("The encoder stopped.");
            var texts = values.ToList();
            Texts.AddRange(texts);
            return Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(texts.Select(_ => new Embedding<float>(new float[] { 0.6f, 0.8f }))));
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
