using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using CoopAI.Adapters.Qdrant;
using CoopAI.Core.Corpus;
using CoopAI.Core.Retrieval;
using CoopAI.Tests.Adapters.Qdrant;

namespace CoopAI.Benchmarks;

/// <summary><c>qdrant</c>: what the adapter itself costs, without an engine: writing and reading one search of 50 hits, requests a search, and 10,000 passages with back-pressure and bounded memory.</summary>
public static class QdrantBenchmark
{
    private const int Dimension = 512, Hits = 50, Passages = 10_000, PerCaseStudy = 20, Rounds = 500;

    /// <summary>Runs it; exit status 1 when a promise of the adapter is not kept.</summary>
    public static int Run(string[] args)
    {
        var serialisation = Serialisation();
        var requests = RequestsOfASearchAsync().GetAwaiter().GetResult();
        var (written, inFlight, growth, largest, seconds) = BulkAsync().GetAwaiter().GetResult();
        Console.WriteLine(Invariant($"one search of {Hits} hits in each ranking: {serialisation:F3} ms to write the request and read the answer (median of {Rounds}; promised: under 1 ms)"));
        Console.WriteLine(Invariant($"requests a search: {requests:F2} (promised: 1)"));
        Console.WriteLine(Invariant($"{written} passages of {Dimension} dimensions: {seconds:F1} s, at most {inFlight} requests under way (promised: 2), largest request {largest / 1048576.0:F1} MiB, managed memory grew by at most {growth / 1048576.0:F0} MiB (all passages at once would be {Passages * Dimension * 4 / 1048576.0:F0} MiB as floats and several times that as JSON)"));
        return serialisation < 1 && requests == 1 && inFlight <= 2 && written == Passages ? 0 : 1;
    }

    private static double Serialisation()
    {
        var random = new Random(1);
        var query = Query(random);
        var answer = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new
        {
            result = Enumerable.Range(0, 2).Select(_ => new
            {
                points = Enumerable.Range(0, Hits).Select(i => new { id = Guid.NewGuid(), version = 3, score = random.NextSingle(), payload = new { product = "CoopAI", slug = $"a-case-study-with-a-long-name-{i}", passage = $"a-case-study-with-a-long-name-{i}#3" } }),
            }),
            status = "ok",
            time = 0.0012,
        }));
        return Measure.Median(Enumerable.Range(0, Rounds).Select(_ => Measure.Run(() =>
        {
            var request = QdrantRequests.Search("coopai", query, Hits);
            if (request.Read(answer) is not IReadOnlyList<QdrantRanking> { Count: 2 }) throw new InvalidOperationException("The answer was not read.");
        }).Elapsed));
    }

    private static async Task<double> RequestsOfASearchAsync()
    {
        await using var server = InMemoryPassageServer.Start();
        server.Records = false;
        using var connection = QdrantConnection.Create(new QdrantOptions { Address = server.Address }, TimeProvider.System);
        var store = new QdrantPassageStore(connection, "benchmark", Dimension);
        var random = new Random(2);
        await store.UpsertAsync([.. Enumerable.Range(0, 10).Select(i => CaseStudy(random, i))], CancellationToken.None);
        await store.SearchAsync(Query(random), CancellationToken.None);
        var before = connection.RequestsSent;
        for (var i = 0; i < 20; i++) await store.SearchAsync(Query(random), CancellationToken.None);
        return (connection.RequestsSent - before) / 20.0;
    }

    private static async Task<(long Written, int InFlight, long Growth, long Largest, double Seconds)> BulkAsync()
    {
        using var sink = new Sink();
        using var connection = new QdrantConnection(new HttpClient(sink), new QdrantOptions(), TimeProvider.System);
        GC.Collect();
        var (start, most) = (GC.GetTotalMemory(forceFullCollection: true), 0L);
        var random = new Random(3);
        var written = 0L;
        var timing = Measure.Run(() => written = QdrantWriter.WriteAsync(
            connection, "coopai-benchmark", QdrantBatch.PartsAsync(StreamAsync(), "benchmark", connection.Options, (_, _) => Task.FromResult(false)), null, CancellationToken.None).GetAwaiter().GetResult());
        return (written, sink.MostInFlight, most, sink.Largest, timing.Elapsed / 1000);

        async IAsyncEnumerable<StoredCaseStudy> StreamAsync([EnumeratorCancellation] CancellationToken ct = default)
        {
            for (var i = 0; i < Passages / PerCaseStudy; i++)
            {
                // What the collector has not taken yet is no need of the adapter.
                if (i % 25 == 0) most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - start);
                yield return CaseStudy(random, i);
            }

            await Task.CompletedTask;
        }
    }

    private static HybridQuery Query(Random random) => new(Floats(random), new LexicalVector([.. Enumerable.Range(1, 12).Select(i => (uint)i)], [.. Enumerable.Range(1, 12).Select(_ => random.NextSingle())]), SearchFilter.None, Hits);

    private static StoredCaseStudy CaseStudy(Random random, int number)
    {
        var slug = string.Create(CultureInfo.InvariantCulture, $"case-{number:00000}");
        return new(
            new CaseStudy { Slug = slug, Title = slug, Text = "Text." },
            [.. Enumerable.Range(0, PerCaseStudy).Select(i => new StoredPassage(
                new Passage(Passage.IdOf(slug, i), slug, i, "Text.", 0), Floats(random), new LexicalVector([.. Enumerable.Range(0, 60).Select(t => (uint)((t * 60_000_000) + random.Next(60_000_000)))], [.. Enumerable.Range(0, 60).Select(_ => random.NextSingle())])))]);
    }

    private static float[] Floats(Random random) => [.. Enumerable.Range(0, Dimension).Select(_ => (random.NextSingle() - 0.5f) / 10)];

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    /// <summary>Takes every write and keeps nothing, so that only the adapter's memory is seen.</summary>
    private sealed class Sink : HttpMessageHandler
    {
        private int _running;

        public int MostInFlight { get; private set; }

        public long Largest { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            lock (this)
            {
                MostInFlight = Math.Max(MostInFlight, ++_running);
                Largest = Math.Max(Largest, request.Content?.Headers.ContentLength ?? 0);
            }

            // As long as a server would take, so that the writer has to wait.
            await Task.Delay(150, cancellationToken);
            lock (this) _running--;
            return new HttpResponseMessage(HttpStatusCode.OK)
            {
                Content = new StringContent("""{"result":[{"operation_id":1,"status":"completed"},{"operation_id":2,"status":"completed"}],"status":"ok","time":0.01}"""),
            };
        }
    }
}
