using System.Globalization;
using System.Runtime.CompilerServices;
using CoopAI.Adapters.Qdrant;
using CoopAI.Core.Corpus;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Vectors;
using CoopAI.Tests.Adapters.Qdrant;

namespace CoopAI.Benchmarks;

/// <summary><c>qdrant</c>: what the adapter itself costs, over a stand-in: requests and time a search of 50 hits, and 10,000 passages with back-pressure and bounded messages.</summary>
public static class QdrantBenchmark
{
    private const int Dimension = 384, Hits = 50, Passages = 10_000, PerCaseStudy = 20, Rounds = 200;

    /// <summary>Runs it; exit status 1 when a promise of the adapter is not kept.</summary>
    public static int Run(string[] args) => RunAsync().GetAwaiter().GetResult();

    private static async Task<int> RunAsync()
    {
        await using var server = InMemoryPassageServer.Start();
        server.Records = false;
        using var connection = QdrantConnection.Create(new QdrantOptions { Address = server.Address }, TimeProvider.System);
        var store = new QdrantPassageStore(connection, "benchmark", Dimension);
        var random = new Random(2);
        await store.UpsertAsync([.. Enumerable.Range(0, 10).Select(i => CaseStudy(random, i))], CancellationToken.None);
        await store.SearchAsync(Query(random), CancellationToken.None);
        var before = connection.RequestsSent;
        var times = new List<double>();
        for (var i = 0; i < Rounds; i++)
        {
            var query = Query(random);
            times.Add(Measure.Run(() => store.SearchAsync(query, CancellationToken.None).GetAwaiter().GetResult()).Elapsed);
        }

        var requests = (connection.RequestsSent - before) / (double)Rounds;
        var written = 0L;
        var bulk = Measure.Run(() => written = new QdrantIndex(connection, "benchmark", Dimension)
            .RebuildAsync(StreamAsync(random), resume: false, moveAlias: true, null, CancellationToken.None).GetAwaiter().GetResult().Written);
        Console.WriteLine(Invariant($"one search of {Hits} hits in each ranking over 200 passages: {Measure.Median(times):F2} ms with the stand-in's own work (median of {Rounds})"));
        Console.WriteLine(Invariant($"requests a search: {requests:F2} (promised: 1)"));
        Console.WriteLine(Invariant($"{written} passages of {Dimension} dimensions: {bulk.Elapsed / 1000:F1} s, at most {server.MaxConcurrentWrites} requests under way (promised: 2), largest message {server.LargestBody / 1048576.0:F2} MiB (promised: under 4)"));
        return requests == 1 && server.MaxConcurrentWrites <= 2 && server.LargestBody < 4 * 1024 * 1024 && written == Passages ? 0 : 1;
    }

    private static async IAsyncEnumerable<StoredCaseStudy> StreamAsync(Random random, [EnumeratorCancellation] CancellationToken ct = default)
    {
        for (var i = 0; i < Passages / PerCaseStudy; i++) yield return CaseStudy(random, i);
        await Task.CompletedTask;
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
}
