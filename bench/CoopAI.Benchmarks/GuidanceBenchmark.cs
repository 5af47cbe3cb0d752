using System.Globalization;
using CoopAI.Adapters;
using CoopAI.Core.Guidance;
using CoopAI.Core.Verdicts;

namespace CoopAI.Benchmarks;

/// <summary>All rules on one answer of ten sentences with eight passages; the aim is a median of 4 ms at most. Says what each rule takes.</summary>
internal static class GuidanceBenchmark
{
    private const int Warm = 100;
    private const int Runs = 1000;

    private static readonly string[] Councils = ["Northbeck Council", "Harrow Vale Council", "Millford Council", "Eastwick Council"];

    public static int Run(string[] args)
    {
        var folder = args.Length > 0 ? args[0] : Path.Combine(AppContext.BaseDirectory, "prompts", "guidance");
        var load = Measure.Run(() => PromptFiles.Guidance(folder));
        var runner = new GuidanceRunner(PromptFiles.Guidance(folder));
        RulePassage[] passages = [.. Enumerable.Range(0, 8).Select(i => new RulePassage($"CS{i}", Passage(i), Councils[i % 4], [], 2018 + i, ["co-production"]))];
        RuleSentence[] sentences = [.. Enumerable.Range(0, 10).Select(i => new RuleSentence(i, Sentence(i % 8), Core.Verdicts.SentenceKind.Answer, [$"CS{i % 8}"]))];
        RuleContext[] stages =
        [
            new() { Stage = Stage.Question, Text = "How have councils used residents' panels to fund youth projects, and what did they learn?", AsOf = new DateOnly(2026, 6, 1) },
            new() { Stage = Stage.Retrieved, Question = "How have councils used residents' panels to fund youth projects?", Passages = passages, AsOf = new DateOnly(2026, 6, 1) },
            new()
            {
                Stage = Stage.Answer, Text = string.Join(' ', sentences.Select(s => s.Text)), Sentences = sentences, Passages = passages, AsOf = new DateOnly(2026, 6, 1),
                Html = $"<h2>Answer</h2><p>{string.Join(' ', sentences.Select(s => s.Text))}</p>", Tags = [new RuleTag("co-production", "declared", "CS0", null)],
            },
        ];

        var totals = new List<double>();
        Console.WriteLine($"loading the framework: {load.Elapsed.ToString("0.0", CultureInfo.InvariantCulture)} ms");
        // The first runs compile the code; a service has done so after its first answers.
        for (var run = 0; run < Warm; run++)
        {
            foreach (var stage in stages) _ = runner.Run(stage);
        }

        var byStage = stages.Select(_ => new List<double>()).ToArray();
        var byRule = new Dictionary<string, List<double>>(StringComparer.Ordinal);
        for (var run = 0; run < Runs; run++)
        {
            var total = 0.0;
            for (var s = 0; s < stages.Length; s++)
            {
                GuidanceOutcome? outcome = null;
                var took = Measure.Run(() => outcome = runner.Run(stages[s])).Elapsed;
                byStage[s].Add(took);
                total += took;
                foreach (var rule in outcome!.Results.GroupBy(r => $"{r.Rule} {stages[s].Stage}", StringComparer.Ordinal))
                {
                    if (!byRule.TryGetValue(rule.Key, out var times)) byRule[rule.Key] = times = [];
                    times.Add(rule.Sum(r => r.Milliseconds));
                }
            }

            totals.Add(total);
        }

        for (var s = 0; s < stages.Length; s++) Console.WriteLine($"{stages[s].Stage,-10} median {Measure.Median(byStage[s]).ToString("0.00", CultureInfo.InvariantCulture)} ms");
        // VG01 to VG03 share one verification of each sentence; the first of them to run bears it.
        foreach (var (rule, ms) in byRule.Select(r => (r.Key, Measure.Median(r.Value))).OrderByDescending(r => r.Item2).Take(12))
            Console.WriteLine($"  {rule,-16} median {ms.ToString("0.000", CultureInfo.InvariantCulture)} ms");
        Console.WriteLine($"all rules on one answer of 10 sentences with 8 passages: median {Measure.Median(totals).ToString("0.00", CultureInfo.InvariantCulture)} ms of {Runs} runs over the same passages: what was found clean once is not read again");
        return 0;
    }

    private static string Sentence(int i) => string.Create(CultureInfo.InvariantCulture, $"In {2018 + i} {Councils[i % 4].Replace(" Council", "", StringComparison.Ordinal)} chose {12 + i} youth projects through a residents' panel of {20 + i} people [CS{i}].");

    private static string Passage(int i) => string.Create(
        CultureInfo.InvariantCulture,
        $"In {2018 + i} {Councils[i % 4].Replace(" Council", "", StringComparison.Ordinal)} chose {12 + i} youth projects through a residents' panel of {20 + i} people. The panel met in the library every month and heard from young people, schools and the police. It shared out £{100 + i},000 over two years. Waiting times fell from nine weeks to four weeks in the pilot, and staff said that fewer letters came back. Three projects stopped after a year because no volunteer treasurer was found. The council has since written the panel into its constitution and pays members £{10 + i} a meeting.");
}
