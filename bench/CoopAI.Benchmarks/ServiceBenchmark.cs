using CoopAI.Adapters.Sqlite;
using CoopAI.Core.Briefs;
using CoopAI.Core.Corpus;
using CoopAI.Core.Retrieval;
using CoopAI.Orchestration.Asking;
using CoopAI.Orchestration.Ingesting;
using CoopAI.Web.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CoopAI.Benchmarks;

/// <summary>The service on made-up case studies: ingest, start, search, ask and memory.</summary>
/// <remarks><c>service [CASE-STUDIES] [WORDS]</c>: 530 of 700 words by default.</remarks>
internal static class ServiceBenchmark
{
    private static readonly string[] Subjects =
    [
        "residents", "tenants", "young people", "carers", "small firms", "ward councillors", "housing officers", "volunteers", "schools", "parish councils",
        "the library service", "the parks team", "a community land trust", "a food co-operative", "the credit union", "local employers",
    ];

    private static readonly string[] Actions =
    [
        "set up", "took over", "designed", "agreed", "paid for", "ran", "opened", "tested", "wrote", "shared out", "kept", "closed", "renewed", "measured",
    ];

    private static readonly string[] Things =
    [
        "a residents' panel", "a home care service", "a repair scheme", "a youth fund", "a procurement policy", "a community hub", "an energy co-operative",
        "a training programme", "a bus service", "a recycling round", "a community kitchen", "an asset transfer", "a housing allocation policy", "a skills fund",
        "a neighbourhood plan", "a warm space", "a social value charter", "a digital inclusion course",
    ];

    public static int Run(string[] args) =>
        Measure.InFolder(directory => RunAsync(directory, Measure.Argument(args, 0, 530), Measure.Argument(args, 1, 700)));

    /// <summary>Made-up case studies; the same seed gives the same texts.</summary>
    public static IReadOnlyList<CaseStudy> Generate(int count, int words, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var thing = Things[random.Next(Things.Length)];
            var sentences = new List<string>();
            for (var length = 0; length < words;)
            {
                var sentence = $"In {random.Next(2010, 2026)} {Subjects[random.Next(Subjects.Length)]} and {Subjects[random.Next(Subjects.Length)]} {Actions[random.Next(Actions.Length)]} {(random.Next(3) == 0 ? thing : Things[random.Next(Things.Length)])} for {random.Next(2, 900)} households with £{random.Next(5, 900)},000 from the council.";
                sentences.Add(sentence);
                length += sentence.Split(' ').Length;
            }

            return new CaseStudy { Slug = $"bench-{i}", Title = $"How {Subjects[random.Next(Subjects.Length)]} {Actions[random.Next(Actions.Length)]} {thing}", LeadMember = $"Council {i % 90}", Year = 2010 + (i % 15), Topics = [thing], Text = string.Join(' ', sentences) };
        })];
    }

    /// <summary>Questions about what the case studies are made of.</summary>
    public static IReadOnlyList<string> Questions() => [.. Things.SelectMany(t => Subjects.Take(6).Select(s => $"How did {s} and the council set up {t}?"))];

    private static async Task<int> RunAsync(string directory, int count, int words)
    {
        var caseStudies = Generate(count, words);
        await using (var services = Build(directory))
        {
            var corpus = services.GetRequiredService<CorpusService>();
            Print("ingest", Measure.Run(() => corpus.IngestAsync(caseStudies, "bench").GetAwaiter().GetResult()));
            Print("ingest again, unchanged", Measure.Run(() => corpus.IngestAsync(caseStudies, "bench").GetAwaiter().GetResult()));
        }

        ColdStart.Print(directory);
        var started = System.Diagnostics.Stopwatch.StartNew();
        await using var warm = Build(directory);
        await warm.GetRequiredService<CorpusService>().RefreshAsync();
        var retriever = warm.GetRequiredService<Retriever>();
        var ask = warm.GetRequiredService<AskQuestion>();
        var questions = Questions();
        await ask.AskAsync(Question.Create(questions[0]));
        Console.WriteLine(FormattableString.Invariant($"{"start to first answer, in this warm process",-46}{started.Elapsed.TotalMilliseconds,10:0} ms"));

        await Repeat("search", questions, q => retriever.SearchAsync(new SearchRequest(q)));
        await Repeat("ask", questions, q => ask.AskAsync(Question.Create(q)));
        GC.Collect();
        Console.WriteLine(FormattableString.Invariant($"{"resident memory",-46}{Environment.WorkingSet / 1024 / 1024,10} MiB"));
        Console.WriteLine(FormattableString.Invariant($"{warm.GetRequiredService<SearchCorpus>().Current.CaseStudies.Count} case studies, {warm.GetRequiredService<SearchCorpus>().Current.CaseStudies.Sum(c => c.Passages.Count)} passages; database {new FileInfo(warm.GetRequiredService<CoopDatabase>().Path).Length / 1024 / 1024} MiB"));
        return 0;
    }

    private static ServiceProvider Build(string directory) => CoopServices.Build(new ConfigurationBuilder().Build(), directory);

    /// <summary>The first round, while .NET still compiles the code for speed, and the fifth, as the service runs all day.</summary>
    private static async Task Repeat(string name, IReadOnlyList<string> questions, Func<string, Task> work)
    {
        const int Rounds = 5;
        for (var round = 1; round <= Rounds; round++)
        {
            var times = new List<double>();
            foreach (var question in questions)
            {
                var watch = System.Diagnostics.Stopwatch.StartNew();
                await work(question);
                times.Add(watch.Elapsed.TotalMilliseconds);
            }

            if (round is 1 or Rounds)
                Console.WriteLine(FormattableString.Invariant($"{name + (round == 1 ? ", first round" : ", warm"),-46}{Measure.Median(times),10:0.0} ms median, {Measure.P95(times):0.0} ms p95, {times.Count} questions"));
        }
    }

    private static void Print(string name, Timing timing) =>
        Console.WriteLine(FormattableString.Invariant($"{name,-46}{timing.Elapsed / 1000,10:0.0} s, {timing.Processor / 1000:0.0} s of processor time"));
}
