using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using System.Text;
using System.Text.Json;
using CoopAI.Adapters.Models;
using CoopAI.Adapters.Qdrant;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core.Briefs;
using CoopAI.Core.Corpus;
using CoopAI.Core.Ranking;
using CoopAI.Core.Retrieval;
using CoopAI.Orchestration.Asking;
using CoopAI.Orchestration.Ingesting;
using CoopAI.Tests.Adapters.Qdrant;
using CoopAI.Web.Hosting;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CoopAI.Benchmarks;

/// <summary><c>growth</c>: what search, ask, start, memory and disk cost with 530 case studies, 10,000 and 100,000 passages; writes <c>docs/benchmarks/growth.md</c> and <c>growth.svg</c>.</summary>
/// <remarks>
/// Texts are made up. Encoding 100,000 passages would take a quarter of an hour, so their vectors are those of some 900 encoded texts, each
/// turned a little by seeded noise; what is measured does not depend on their values. Questions are encoded as always.
/// <c>growth PASSAGES…</c> measures other sizes and writes no files; with <c>qdrant</c> before them the passages lie in a stand-in of Qdrant in another
/// process than the one that is measured: memory and start are the service's own, times hold the stand-in's work.
/// </remarks>
internal static class GrowthBenchmark
{
    private const int Words = 700, Batch = 100, Questions = 40;

    // Passages that the chunker makes of one such case study, for choosing how many to make.
    private const double PassagesEach = 12;

    // Times in milliseconds, memory and disk in bytes.
    private sealed record Row(int CaseStudies, int Passages, int Sentences, double Search, double SearchP95, double Ask, double AskP95, double Memory, double Peak, double Disk, double Start);

    public static int Run(string[] args)
    {
        if (args is ["--measure", var measured, .. var at])
        {
            Console.WriteLine(JsonSerializer.Serialize(MeasureAsync(measured, at is [var address] ? address : null).GetAwaiter().GetResult()));
            return 0;
        }

        var qdrant = args is ["qdrant", ..];
        if (qdrant) args = args[1..];

        int[] sizes = args.Length > 0 ? [.. args.Select(a => (int)Math.Ceiling(int.Parse(a, CultureInfo.InvariantCulture) / PassagesEach))] : [530, (int)Math.Ceiling(10_000 / PassagesEach), (int)Math.Ceiling(100_000 / PassagesEach)];
        var rows = new List<Row>();
        using var encoder = Perturbed.Create();
        foreach (var size in sizes)
        {
            var row = Measure.InFolder(directory =>
            {
                Fill(directory, size, encoder);
                if (qdrant) return OverStandInAsync(directory);
                return Task.FromResult(Child(directory, null) with { Disk = new FileInfo(Path.Combine(directory, CoopDatabase.FileName)).Length, Start = ColdStart.MedianOf(directory) });
            });
            rows.Add(row);
            Console.WriteLine(Line(row));
        }

        if (args.Length == 0 && !qdrant) Write(rows);
        return 0;
    }

    private static void Fill(string directory, int count, Perturbed encoder)
    {
        var database = CoopDatabase.Open(directory);
        var library = new CaseStudyLibrary(database);
        var indexer = new CaseStudyIndexer(new PassageChunker(encoder.Encoder.CountPieces), encoder);
        foreach (var batch in ServiceBenchmark.Generate(count, Words).Chunk(Batch))
        {
            library.Save(indexer.IndexAsync(batch).GetAwaiter().GetResult(), encoder.Encoder.ModelId, "growth", DateTimeOffset.UnixEpoch);
        }

        library.ClearPending(library.GetPending());
    }

    private static async Task<Row> OverStandInAsync(string directory)
    {
        await using var server = InMemoryPassageServer.Start();
        server.Records = false;
        await using (var services = CoopServices.Build(Settings(server.Address.ToString()), directory))
        {
            var passages = services.GetRequiredService<CorpusService>().ReadAll().ToAsyncEnumerable();
            await services.GetRequiredService<QdrantIndex>().RebuildAsync(passages, resume: false, moveAlias: true, null, CancellationToken.None);
        }

        return Child(directory, server.Address.ToString()) with { Disk = new FileInfo(Path.Combine(directory, CoopDatabase.FileName)).Length };
    }

    private static IConfiguration Settings(string? qdrant) => qdrant is null ? new ConfigurationBuilder().Build()
        : new ConfigurationBuilder().AddInMemoryCollection([new("Store", "Qdrant"), new("Qdrant:Address", qdrant), new("Qdrant:ReadTimeout", "00:01:00"), new("Qdrant:ReadDeadline", "00:02:00")]).Build();

    // In a process of its own, so that memory is that of one size alone.
    private static Row Child(string directory, string? qdrant)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(GrowthBenchmark).Assembly.Location, "growth", "--measure", directory, .. qdrant is null ? Array.Empty<string>() : [qdrant]]) { RedirectStandardOutput = true })!;
        var line = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? JsonSerializer.Deserialize<Row>(line)! : throw new InvalidOperationException($"The measuring process ended with {process.ExitCode}.");
    }

    private static async Task<Row> MeasureAsync(string directory, string? qdrant)
    {
        await using var services = CoopServices.Build(Settings(qdrant), directory);
        var loading = Stopwatch.StartNew();
        var index = await services.GetRequiredService<CorpusService>().RefreshAsync();
        var loaded = loading.Elapsed.TotalMilliseconds;
        var questions = ServiceBenchmark.Questions().Take(Questions + 5).ToList();
        var retriever = services.GetRequiredService<Retriever>();
        var question = services.GetRequiredService<AskQuestion>();
        var search = await TimesAsync(questions, q => retriever.SearchAsync(new SearchRequest(q)));
        var ask = await TimesAsync(questions, q => question.AskAsync(Question.Create(q)));
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        return new Row(
            index.CaseStudies.Count, index.CaseStudies.Sum(c => c.Passages.Count), index.CaseStudies.Sum(c => c.Sentences.Count),
            Measure.Median(search), Measure.P95(search), Measure.Median(ask), Measure.P95(ask), Environment.WorkingSet, process.PeakWorkingSet64, 0, loaded);
    }

    // The first five warm up.
    private static async Task<List<double>> TimesAsync(IReadOnlyList<string> questions, Func<string, Task> work)
    {
        var times = new List<double>();
        foreach (var question in questions)
        {
            var watch = Stopwatch.StartNew();
            await work(question);
            times.Add(watch.Elapsed.TotalMilliseconds);
        }

        return [.. times.Skip(questions.Count - Questions)];
    }

    private static void Write(List<Row> rows)
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "CoopAI.sln")))
            root = Path.GetDirectoryName(root) ?? throw new DirectoryNotFoundException("CoopAI.sln was not found above the program.");
        var folder = Directory.CreateDirectory(Path.Combine(root, "docs", "benchmarks")).FullName;
        var text = new StringBuilder();
        text.AppendLine("# How cost grows").AppendLine();
        text.AppendLine("Measured by `dotnet run -c Release --project bench/CoopAI.Benchmarks -- growth`, which writes this page and its plot.").AppendLine();
        text.AppendLine(Invariant($"{Environment.ProcessorCount} processors, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1073741824.0:0} GiB of memory, .NET {Environment.Version}. Each size is measured in a process of its own, with {Questions} questions."));
        text.AppendLine(Invariant($"The case studies are made up, {Words} words each. Questions are encoded as always; the vectors of the case studies are those of some 900 encoded texts, each turned a little by seeded noise, because encoding 100,000 passages takes long and the cost of a search does not depend on the values.")).AppendLine();
        text.AppendLine("| case studies | passages | sentences | search, median (p95) | ask, median (p95) | start to first answer | memory, resident (peak while loading) | database |");
        text.AppendLine("| --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (var row in rows) text.AppendLine(Line(row));
        text.AppendLine().AppendLine("Start to first answer is `coopai ask` as a process of its own, from its start to its end, median of 5. Scored are the case studies that either ranking of the store brings.").AppendLine();
        text.AppendLine("![The figures of the table as four plots over the number of passages, with logarithmic axes](growth.svg)");
        File.WriteAllText(Path.Combine(folder, "growth.md"), text.ToString().ReplaceLineEndings("\n"));
        File.WriteAllText(Path.Combine(folder, "growth.svg"), GrowthPlot.Draw(
            [.. rows.Select(r => (double)r.Passages)],
            [
                ("Search, median", "ms", [.. rows.Select(r => r.Search)]),
                ("Ask, median", "ms", [.. rows.Select(r => r.Ask)]),
                ("Start to first answer", "ms", [.. rows.Select(r => r.Start)]),
                ("Resident memory", "MiB", [.. rows.Select(r => r.Memory / 1048576)]),
            ]));
        Console.WriteLine($"written: {Path.Combine(folder, "growth.md")} and growth.svg");
    }

    private static string Line(Row row) => Invariant(
        $"| {row.CaseStudies:#,0} | {row.Passages:#,0} | {row.Sentences:#,0} | {row.Search:0.0} ms ({row.SearchP95:0.0}) | {row.Ask:0.0} ms ({row.AskP95:0.0}) | {row.Start / 1000:0.0} s | {row.Memory / 1048576:#,0} MiB ({row.Peak / 1048576:#,0}) | {row.Disk / 1048576:#,0} MiB |");

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    /// <summary>Gives each text the vector of one of a pool of encoded texts, turned a little; the same text gives the same vector.</summary>
    private sealed class Perturbed : IEmbeddingGenerator<string, Embedding<float>>
    {
        private const float Noise = 0.3f;

        private readonly float[][] _pool;

        private Perturbed(OnnxEmbeddingGenerator encoder, float[][] pool) => (Encoder, _pool) = (encoder, pool);

        public OnnxEmbeddingGenerator Encoder { get; }

        public static Perturbed Create()
        {
            var encoder = new OnnxEmbeddingGenerator();
            var indexed = new CaseStudyIndexer(new PassageChunker(encoder.CountPieces), encoder).IndexAsync(ServiceBenchmark.Generate(20, Words, seed: 2)).GetAwaiter().GetResult();
            var pool = indexed.SelectMany(i => i.PassageEmbeddings.Select(e => e.ToArray()).Concat(Enumerable.Range(0, i.SentenceEmbeddings.Count).Select(s =>
            {
                var vector = new float[encoder.Dimensions];
                i.SentenceEmbeddings.CopyTo(s, vector);
                return vector;
            })));
            return new Perturbed(encoder, [.. pool]);
        }

        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
            Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.AsParallel().AsOrdered().Select(v => new Embedding<float>(VectorOf(v)))));

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }

        private float[] VectorOf(string text)
        {
            var random = new Random((int)LexicalModel.TermId(text));
            float[] vector = [.. _pool[random.Next(_pool.Length)]];
            // Uniform noise of the wanted length: the variance of a number in [−½, ½] is one twelfth.
            var scale = Noise * MathF.Sqrt(12f / vector.Length);
            for (var i = 0; i < vector.Length; i++) vector[i] += (random.NextSingle() - 0.5f) * scale;
            TensorPrimitives.Divide(vector, TensorPrimitives.Norm<float>(vector), vector);
            return vector;
        }
    }
}
