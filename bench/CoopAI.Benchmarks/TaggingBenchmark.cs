using System.Diagnostics;
using CoopAI.Core.Corpus;
using CoopAI.Core.Language;
using CoopAI.Core.Principles;
using CoopAI.Core.Tagging;
using CoopAI.Core.Tagging.Learning;
using CoopAI.Orchestration.Ingesting;
using CoopAI.Orchestration.Tagging;
using CoopAI.Web.Hosting;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CoopAI.Benchmarks;

/// <summary>The tagger: training, one suggestion, a batch, and what the pages of staff wait for.</summary>
/// <remarks><c>tagging [TEXTS] [BATCH] [WORDS]</c>: 530 texts to train on, 1,000 to tag, each of 700 words by default. Every sentence of every text is encoded.</remarks>
internal static class TaggingBenchmark
{
    public static int Run(string[] args) =>
        Measure.InFolder(directory => RunAsync(directory, Measure.Argument(args, 0, 530), Measure.Argument(args, 1, 1000), Measure.Argument(args, 2, 700)));

    private static async Task<int> RunAsync(string directory, int texts, int batch, int words)
    {
        await using var services = CoopServices.Build(new ConfigurationBuilder().Build(), directory);
        var caseStudies = ServiceBenchmark.Generate(texts, words);
        var corpus = services.GetRequiredService<CorpusService>();
        Print("ingest, for comparison", Measure.Run(() => corpus.IngestAsync(caseStudies, "bench").GetAwaiter().GetResult()));
        await corpus.RefreshAsync();

        var index = services.GetRequiredService<CoopAI.Core.Retrieval.SearchCorpus>().Current;
        var reader = await TaggableTextReader.CreateAsync(services.GetRequiredService<CoopAI.Core.Principles.PrincipleCatalogue>(), services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>());
        IReadOnlyList<ReadText> read = [];
        Print($"read {texts} stored texts", Measure.Run(() => read = reader.ReadAsync(index.CaseStudies).GetAwaiter().GetResult()));
        var examples = Label(index.CaseStudies.Select(c => c.CaseStudy), read);
        Print($"train on {texts} texts, calibration included", Measure.Run(() => TaggerTrainer.Train(reader, examples, TaggingPrior.Shipped)));

        var (trained, corpusTags, tagDesk) = (services.GetRequiredService<TrainedTagger>(), services.GetRequiredService<CorpusTags>(), services.GetRequiredService<TagDesk>());
        Print("tag the stored corpus after ingest", Measure.Run(() => corpusTags.UpdateAsync().GetAwaiter().GetResult()));
        var fresh = ServiceBenchmark.Generate(batch + 200, words, seed: 2).Select(TaggableText.Of).ToList();
        await Repeat($"one suggestion, {words} words, encoding included", 100, i => trained.SuggestAsync(fresh[batch + i]));
        await Repeat("one suggestion, 100 words, encoding included", 100, i => trained.SuggestAsync(fresh[batch + 100 + i] with { Text = Cut(fresh[batch + 100 + i].Text, 100) }));
        await Repeat("one stored case study", 100, i => trained.GetTagsAsync(caseStudies[i].Slug));
        await Repeat("queue", 100, _ => corpusTags.GetQueueAsync());
        await Repeat("label audit", 100, _ => corpusTags.GetAuditAsync());
        await Repeat("coverage", 100, _ => corpusTags.GetCoverageAsync());
        await Repeat("report", 100, _ => corpusTags.GetReportAsync());
        Print($"batch of {batch} texts", Measure.Run(() =>
        {
            foreach (var chunk in fresh.Take(batch).Chunk(64)) trained.SuggestAsync(chunk).GetAwaiter().GetResult();
        }));
        Print("one decision, until the next suggestion", Measure.Run(() => tagDesk.DecideAsync(caseStudies[0].Slug, "learning", StaffVerdict.Added, "bench", null, null).GetAwaiter().GetResult()));
        Print("and until the whole corpus knows it", Measure.Run(() => corpusTags.UpdateAsync().GetAwaiter().GetResult()));
        return 0;
    }

    /// <summary>Made-up labels: a third of the texts evidence each principle, each with one of its own sentences.</summary>
    private static List<TaggingExample> Label(IEnumerable<CaseStudy> caseStudies, IReadOnlyList<ReadText> read)
    {
        var random = new Random(1);
        return [.. caseStudies.Select((c, i) =>
        {
            var sentences = Sentences.Split(c.Text);
            var labels = PrincipleIds.All.ToDictionary(id => id, _ => random.Next(3) == 0, StringComparer.Ordinal);
            var evidence = labels.Where(l => l.Value).ToDictionary(l => l.Key, _ => (IReadOnlyList<string>)[sentences[random.Next(sentences.Count)].In(c.Text)], StringComparer.Ordinal);
            return new TaggingExample(read[i], labels, evidence);
        })];
    }

    private static string Cut(string text, int words) => string.Join(' ', text.Split(' ').Take(words));

    private static async Task Repeat(string name, int times, Func<int, Task> work)
    {
        await work(0);
        var taken = new List<double>();
        var before = Environment.CpuUsage.TotalTime;
        for (var i = 0; i < times; i++)
        {
            var watch = Stopwatch.StartNew();
            await work(i);
            taken.Add(watch.Elapsed.TotalMilliseconds);
        }

        var processor = (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / times;
        Console.WriteLine(FormattableString.Invariant($"{name,-50}{Measure.Median(taken),10:0.0} ms median, {Measure.P95(taken):0.0} ms p95, {processor:0.0} ms of processor time"));
    }

    private static void Print(string name, Timing timing) =>
        Console.WriteLine(FormattableString.Invariant($"{name,-50}{timing.Elapsed / 1000,10:0.00} s, {timing.Processor / 1000:0.0} s of processor time"));
}
