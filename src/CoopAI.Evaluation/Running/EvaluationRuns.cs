using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text;
using CoopAI.Core;
using CoopAI.Core.Briefs;
using CoopAI.Core.Cards;
using CoopAI.Core.Corpus;
using CoopAI.Core.Grounding;
using CoopAI.Core.Guidance;
using CoopAI.Core.Guidance.Learning;
using CoopAI.Core.Principles;
using CoopAI.Core.Ranking;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Tagging;
using CoopAI.Core.Tagging.Learning;
using CoopAI.Core.Verdicts;
using CoopAI.Evaluation.Answers;
using CoopAI.Evaluation.Briefs;
using CoopAI.Evaluation.Cards;
using CoopAI.Evaluation.Files;
using CoopAI.Evaluation.Grounding;
using CoopAI.Evaluation.Guidance;
using CoopAI.Evaluation.Reporting;
using CoopAI.Evaluation.Retrieval;
using CoopAI.Evaluation.Statistics;
using CoopAI.Evaluation.Tagging;
using CoopAI.Orchestration.Asking;
using CoopAI.Orchestration.Ingesting;
using Microsoft.Extensions.AI;

namespace CoopAI.Evaluation.Running;

/// <summary>Puts the product's parts under the suites. Whatever has to lie on disk lies in a temporary folder of its own.</summary>
public sealed class EvaluationRuns(ProductUnderTest product, EvaluationSettings settings, IEvaluationProgress steps, DirectoryInfo? evals) : IAsyncDisposable
{
    private const int TaggingFolds = 5;

    /// <summary>Cases that name no day are judged as of this one, so that the figures do not change with the calendar.</summary>
    private static readonly DateOnly DefaultDay = new(2026, 6, 12);

    private EvaluationData? _data;

    public DateTimeOffset Started { get; } = TimeProvider.System.GetUtcNow();

    public string Version { get; } = typeof(EvaluationRuns).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    /// <summary>The evaluation data that comes with the source; looked for on first use.</summary>
    public EvaluationData Data => _data ??= EvaluationData.Find(evals);

    /// <summary>Searches a collection, or scores a run over it.</summary>
    /// <param name="corpus">Null: the shipped case studies, unless a run is scored on files of its own.</param>
    /// <param name="queries">Null: the development questions.</param>
    /// <param name="score">A TREC run to score instead of searching.</param>
    public async Task<SuiteReport> RetrievalAsync(string? corpus, string? queries, string? qrels, string? score, int depth, CancellationToken ct)
    {
        var collection = Collection(queries is null || corpus is not null || score is null ? corpus ?? product.Corpus : null, queries, qrels);
        if (score is not null) return RetrievalSuite.Report(RetrievalSuite.Name, collection, TrecRun.Read(score), []);
        var (run, times, index) = await RankAsync(collection, settings, depth, ct);
        var report = RetrievalSuite.Report(RetrievalSuite.Name, collection, run, times);
        if (index is not null && queries is null && corpus is null && File.Exists(Data.Similar)) report = RetrievalSuite.WithSimilar(report, Qrels.Read(Data.Similar), index.SimilarTo);
        var clipped = collection.Questions.Count(q => q.Text.Length > RetrievalOptions.MaxQuestionLength);
        return clipped == 0 ? report : report with { Notes = [.. report.Notes, $"{clipped} questions are longer than {RetrievalOptions.MaxQuestionLength} characters and were read up to there."] };
    }

    /// <summary>Trains on one file and tags another, or cross-validates on the readers' labels.</summary>
    public async Task<SuiteReport> TaggingAsync(string? train, string? test, CancellationToken ct)
    {
        var tested = CaseStudyFile.ReadLabels(test ?? Data.TaggingLabels);
        IReadOnlyList<LabelledText>? learnt = train is null ? null : CaseStudyFile.ReadLabels(train);
        return await steps.RunAsync(learnt is null ? $"Tagging {tested.Count} texts in {TaggingFolds} folds" : $"Learning from {learnt.Count} texts, tagging {tested.Count}", async progress =>
        {
            var clock = Stopwatch.GetTimestamp();
            var reader = await TaggableTextReader.CreateAsync(product.Get<PrincipleCatalogue>(), Encoder(), ct);
            var examples = await ReadAsync(reader, tested, ct);
            progress.Report(0.5);
            // The weights that ship were learnt from other texts; where one of those is under test they would know the answer.
            var prior = examples.Any(e => TaggingPrior.Shipped.Texts.Contains(e.Text.Source.Fingerprint)) ? null : TaggingPrior.Shipped;
            var read = new Timing("read", [Stopwatch.GetElapsedTime(clock).TotalMilliseconds]);
            if (learnt is null)
            {
                clock = Stopwatch.GetTimestamp();
                var held = TaggingCrossValidation.Run(reader, examples, prior, TaggingFolds, repeats: 1, seed: Bootstrap.DefaultSeed);
                return TaggingSuite.Report(tested, [.. held.Select(h => TagPrediction.Of(h.Example.Text.Source.Slug!, h.Suggestion))], null, [read, new("cross-validate", [Stopwatch.GetElapsedTime(clock).TotalMilliseconds])]);
            }

            clock = Stopwatch.GetTimestamp();
            var tagger = TaggerTrainer.Train(reader, await ReadAsync(reader, learnt, ct), prior);
            var trained = new Timing("train", [Stopwatch.GetElapsedTime(clock).TotalMilliseconds]);
            var times = new List<double>(tested.Count);
            var predictions = new List<TagPrediction>(tested.Count);
            foreach (var example in examples)
            {
                clock = Stopwatch.GetTimestamp();
                predictions.Add(TagPrediction.Of(example.Text.Source.Slug!, tagger.Suggest(example.Text)));
                times.Add(Stopwatch.GetElapsedTime(clock).TotalMilliseconds);
            }

            var report = TaggingSuite.Report(tested, predictions, learnt, [read, trained, new("suggest", times)]);
            return prior is not null ? report : report with
            {
                Notes = [.. report.Notes, "Some of these texts are among those that the shipped weights were learnt from; the tagger was trained without these weights."],
            };
        });

        static async Task<IReadOnlyList<TaggingExample>> ReadAsync(TaggableTextReader reader, IReadOnlyList<LabelledText> texts, CancellationToken ct)
        {
            var read = await reader.ReadAsync([.. texts.Select(t => TaggableText.Of(t.CaseStudy))], ct);
            return [.. texts.Select((t, i) => t.ToExample(read[i]))];
        }
    }

    /// <summary>Runs the values rules over labelled cases: those of a file, or all of the evaluation data.</summary>
    public Task<SuiteReport> GuidanceAsync(string? cases, CancellationToken ct)
    {
        RuleCase[] read = [.. (cases is null ? Data.RuleCases : [cases]).SelectMany(RuleCaseFile.Read).DistinctBy(c => c.Id, StringComparer.Ordinal)];
        return steps.RunAsync($"Holding {read.Length} cases against the rules", progress => Task.Run(() =>
        {
            var runner = new GuidanceRunner(Framework(), questions: QuestionEncoder.Of(Encoder()));
            var evaluator = new RuleCaseEvaluator(runner, DefaultDay);
            var (predictions, times) = Each(read, evaluator.Evaluate, progress, ct);
            return GuidanceSuite.Report(read, predictions, [new("case", times)]);
        }, ct));
    }

    /// <summary>Holds evidence cards against labels. Models that never saw a case study read it, unless the labels are not those that the shipped ones learned from.</summary>
    public Task<SuiteReport> CardsAsync(string? labels, string? corpus, CancellationToken ct)
    {
        var studies = CorpusFile.Read(corpus ?? product.Corpus).ToDictionary(c => c.Slug, StringComparer.Ordinal);
        var read = CardsSuite.Read(labels ?? Data.CardLabels, studies);
        return steps.RunAsync($"Reading {read.Count} cards", progress => Task.Run(() =>
        {
            var learnt = File.Exists(Data.CardLabels) ? CardsSuite.Read(Data.CardLabels, CorpusFile.Read(product.Corpus).ToDictionary(c => c.Slug, StringComparer.Ordinal)).Select(l => l.Labels.Slug).ToHashSet(StringComparer.Ordinal) : [];
            var clock = Stopwatch.GetTimestamp();
            var unseen = !read.Any(r => learnt.Contains(r.Labels.Slug));
            IReadOnlyList<EvidenceCard> cards = unseen ? [.. read.Select(r => EvidenceCards.Of(r.CaseStudy))] : CardTrainer.CrossValidate(read);
            var report = CardsSuite.Report(read, cards, [new("all", [Stopwatch.GetElapsedTime(clock).TotalMilliseconds])]);
            return unseen ? report with { Notes = [.. report.Notes, "None of these case studies is among those that the shipped models learned from; the shipped models read them."] } : report;
        }, ct));
    }

    /// <summary>Checks labelled sentences against the shipped case studies that they cite.</summary>
    public Task<SuiteReport> GroundingAsync(string? pairs, CancellationToken ct)
    {
        var read = GroundingPair.Read(pairs ?? Data.GroundingPairs);
        var corpus = CorpusFile.Read(product.Corpus).ToDictionary(c => c.Slug, StringComparer.Ordinal);
        if (read.SelectMany(p => p.Retrieved).FirstOrDefault(s => !corpus.ContainsKey(s)) is { } unknown)
            throw new BadInputException($"{pairs ?? Data.GroundingPairs}: a sentence cites \"{unknown}\", which is no case study of the shipped corpus.");
        return steps.RunAsync($"Checking {read.Count} sentences", progress => Task.Run(() =>
        {
            var verifier = Framework().CreateVerifier();
            var (passes, times) = Each(read, p => Shown(verifier.Verify(p.Sentence, p.Cites, p.Retrieved.Select(s => Source(corpus[s])))), progress, ct);
            return GroundingSuite.Report(read, passes, [new("sentence", times)]);
        }, ct));

        static SourcePassage Source(CaseStudy c) => new(c.Slug, c.Text, c.Title, c.LeadMember, c.ParticipatingMembers, c.Year);
    }

    /// <summary>Holds claims against the pages that they rest on, beside plain word overlap. The file is read, never kept.</summary>
    public Task<SuiteReport> ClaimsAsync(string claims, CancellationToken ct)
    {
        var read = ClaimCase.Read(claims);
        return steps.RunAsync($"Checking {read.Count} claims", progress => Task.Run(() =>
        {
            var verifier = Framework().CreateVerifier();
            var (judged, times) = Each(read, c =>
            {
                var sources = verifier.Prepare([new SourcePassage("page", string.Join('\n', c.Evidence))]);
                return (Support: verifier.ScoreOf(c.Claim, sources), Overlap: WordPairs.Precision(c.Claim, c.Evidence), Shown: Shown(verifier.Verify(c.Claim, ["page"], sources)));
            }, progress, ct);
            return ClaimsSuite.Report(read, [.. judged.Select(j => j.Support)], [.. judged.Select(j => j.Overlap)], [.. judged.Select(j => j.Shown)], [new("claim", times)]);
        }, ct));
    }

    /// <summary>A sentence is shown when no rule fails it and none was unable to check it.</summary>
    private static bool Shown(IReadOnlyList<RuleResult> results) => results.All(r => r.Status is RuleStatus.Pass or RuleStatus.NotApplicable);

    private static (IReadOnlyList<TOut> Results, IReadOnlyList<double> Milliseconds) Each<TIn, TOut>(IReadOnlyList<TIn> items, Func<TIn, TOut> work, IProgress<double> progress, CancellationToken ct)
    {
        var results = new List<TOut>(items.Count);
        var times = new List<double>(items.Count);
        foreach (var item in items)
        {
            ct.ThrowIfCancellationRequested();
            var clock = Stopwatch.GetTimestamp();
            results.Add(work(item));
            times.Add(Stopwatch.GetElapsedTime(clock).TotalMilliseconds);
            progress.Report((double)results.Count / items.Count);
        }

        return (results, times);
    }

    private GuidanceFramework Framework() => product.Get<GuidanceFramework>();

    /// <summary>Asks whole questions of the product on a folder of its own.</summary>
    /// <param name="corpus">Null: the shipped case studies.</param>
    /// <param name="queries">Answerable questions; null: the development questions, and with them the unanswerable ones and the expected facts.</param>
    public async Task<SuiteReport> AnswersAsync(string? corpus, string? queries, string? unanswerable, string? facts, CancellationToken ct)
    {
        var expected = (facts ?? (queries is null ? Data.ExpectedFacts : null)) is { } file ? ExpectedFacts.Read(file).ToDictionary(f => f.QuestionId, StringComparer.Ordinal) : [];
        var questions = QuestionReader.Read(queries ?? Data.Queries);
        if (expected.Keys.FirstOrDefault(id => questions.All(q => q.Id != id)) is { } unknown)
            throw new BadInputException($"{facts ?? Data.ExpectedFacts} expects facts for \"{unknown}\", which is not among the questions.");
        List<AnswerCase> cases = [.. questions.Select(q => new AnswerCase(q, Answerable: true, expected.GetValueOrDefault(q.Id)))];
        if ((unanswerable ?? (queries is null ? Data.Unanswerable : null)) is { } none) cases.AddRange(QuestionReader.Read(none).Select(q => new AnswerCase(q, Answerable: false, null)));

        var index = await LoadAsync(corpus, ct);
        var ask = product.Get<AskQuestion>();
        var verifier = product.Get<GuidanceFramework>().CreateVerifier();
        return await steps.RunAsync($"Asking {cases.Count} questions", progress => Task.Run(async () =>
        {
            var answers = new List<EvaluatedAnswer>(cases.Count);
            var times = new List<double>(cases.Count);
            foreach (var item in cases)
            {
                var clock = Stopwatch.GetTimestamp();
                var answer = await ask.AskAsync(Core.Briefs.Question.Create(item.Question.Text), ct: ct);
                times.Add(Stopwatch.GetElapsedTime(clock).TotalMilliseconds);
                answers.Add(Evaluated(answer));
                progress.Report((double)answers.Count / cases.Count);
            }

            return AnswersSuite.Report(cases, answers, Supports, [new("ask", times)]);
        }, ct));

        bool Supports(string sentence, IReadOnlyList<string> passages) => Shown(verifier.Verify(sentence, passages, passages.Select(Source)));

        SourcePassage Source(string id)
        {
            var source = index.Find(id[..id.LastIndexOf('#')])!;
            var c = source.CaseStudy;
            return new SourcePassage(id, source.Passages.First(p => p.Id == id).Text, c.Title, c.LeadMember, c.ParticipatingMembers, c.Year);
        }
    }

    /// <summary>Whole briefs on questions with the sentences that answer, asked of the product on a folder of its own.</summary>
    /// <param name="questions">Null: those of <c>evals/briefs</c>.</param>
    /// <param name="corpus">Null: the shipped case studies.</param>
    public async Task<SuiteReport> BriefsAsync(string? questions, string? corpus, CancellationToken ct)
    {
        var cases = BriefCase.Read(questions ?? Data.BriefQuestions);
        var followUps = questions is null && File.Exists(Data.FollowUps) ? BriefCase.ReadFollowUps(Data.FollowUps) : [];
        _ = await LoadAsync(corpus, ct);
        var ask = product.Get<AskQuestion>();
        return await steps.RunAsync($"Writing {cases.Count} briefs", progress => Task.Run(async () =>
        {
            var scores = new List<BriefScore>(cases.Count);
            var times = new List<double>(cases.Count);
            foreach (var item in cases)
            {
                var clock = Stopwatch.GetTimestamp();
                var answer = await ask.AskAsync(Core.Briefs.Question.Create(item.Text), ct: ct);
                times.Add(Stopwatch.GetElapsedTime(clock).TotalMilliseconds);
                scores.Add(BriefScore.Of(item, Quoted(answer)));
                progress.Report((double)scores.Count / cases.Count);
            }

            var followed = new List<BriefScore>();
            foreach (var (first, item) in followUps)
            {
                var before = await ask.AskAsync(Core.Briefs.Question.Create(first), ct: ct);
                followed.Add(BriefScore.Of(item, Quoted(await ask.AskAsync(Core.Briefs.Question.Create(item.Text) with { Previous = before.Id }, ct: ct))));
            }

            return BriefsSuite.Report(scores, [new("ask, briefs", times)], followed);
        }, ct));
    }

    /// <summary>The first letters of <c>evals/briefs</c> with the briefs that they get, as Markdown for the documentation.</summary>
    public async Task<string> LettersAsync(int count, CancellationToken ct)
    {
        var letters = BriefCase.Read(Data.BriefQuestions).Where(c => c.Kind == "email").Take(count).ToList();
        _ = await LoadAsync(null, ct);
        var ask = product.Get<AskQuestion>();
        var text = new StringBuilder("# Letters with their briefs\n\nWritten by `coopai eval briefs --letters docs/examples/letters.md` from `evals/briefs/development.jsonl`; nobody has changed a word. The line with the address of the answer is left out.\n");
        foreach (var (letter, number) in letters.Select((l, i) => (l, i + 1)))
        {
            var answer = await ask.AskAsync(Core.Briefs.Question.Create(letter.Text), ct: ct);
            var brief = BriefMarkup.ToMarkdown(answer with { Question = null }).TrimEnd();
            text.Append(CultureInfo.InvariantCulture, $"\n## Letter {number}\n\n```text\n{letter.Text.ReplaceLineEndings("\n")}\n```\n\nOutcome: {NameOf(answer.Outcome)}\n\n{brief[..brief.LastIndexOf('\n')].TrimEnd().ReplaceLineEndings("\n")}\n");
        }

        return text.ToString();
    }

    private static QuotedBrief Quoted(Answer answer) => new(
        NameOf(answer.Outcome),
        [.. answer.Sentences.Where(s => s.Kind == SentenceKind.Answer).SelectMany(s => s.Citations).Select(c => new LabelledQuote(c.Slug, c.Quote))]);

    private async Task<CorpusIndex> LoadAsync(string? corpus, CancellationToken ct)
    {
        var service = product.Get<CorpusService>();
        await steps.RunAsync("Loading case studies into a temporary place", async p => corpus is null
            ? await service.LoadShippedAsync(product.Corpus, new Share(p), ct)
            : await service.IngestAsync(CorpusFile.Read(corpus), corpus, prune: true, new Share(p), ct));
        return await service.RefreshAsync(ct);
    }

    private static string NameOf(Outcome outcome) => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(outcome.ToString());

    private static EvaluatedAnswer Evaluated(Answer answer)
    {
        var sentences = answer.Sentences.Where(s => s.Kind == SentenceKind.Answer).ToArray();
        return new EvaluatedAnswer(
            NameOf(answer.Outcome),
            [.. sentences.Select(s => new CitedSentence(s.Text, [.. s.Citations.Select(c => c.Passage).Distinct(StringComparer.Ordinal)]))],
            string.Join('\n', sentences.Select(s => s.Text)
                .Concat(answer.Precedents.SelectMany(p => p.Matches.Select(m => m.Quote).Append(p.Title).Concat(p.Card.Facts().SelectMany(f => f.Lines))))),
            [.. answer.Precedents.Select(p => p.Slug)],
            answer.Withheld.Count);
    }

    /// <summary>How fast the parts are on this machine, now; only times, so that it never gates.</summary>
    public Task<SuiteReport> SpeedAsync(CancellationToken ct) => steps.RunAsync("Measuring speed", async _ =>
    {
        var texts = CorpusFile.Read(product.Corpus).Select(c => c.Text).ToArray();
        var encoder = Encoder();
        var single = new List<double>();
        foreach (var text in texts.Take(40))
        {
            var each = Stopwatch.GetTimestamp();
            await encoder.GenerateAsync([text], cancellationToken: ct);
            single.Add(Stopwatch.GetElapsedTime(each).TotalMilliseconds);
        }

        var clock = Stopwatch.GetTimestamp();
        await encoder.GenerateAsync(texts, cancellationToken: ct);
        var batch = Stopwatch.GetElapsedTime(clock).TotalMilliseconds;
        return new SuiteReport
        {
            Name = "speed",
            Title = "Speed",
            Description = $"Milliseconds of single steps on the machine that made this report; they stand with the other times below. Encoding is of the {texts.Length} shipped texts, one at a time and all in one batch. Speed depends on the machine and on what else runs there, so it never gates; the benchmark project measures ratios.",
            Times = [new("encode one text", single), new("encode all texts in a batch", [batch])],
        };
    });

    /// <summary>Every offline suite on the evaluation data.</summary>
    public async Task<IReadOnlyList<SuiteReport>> AllAsync(CancellationToken ct) =>
    [
        await RetrievalAsync(null, null, null, null, 1000, ct),
        await AnswersAsync(null, null, null, null, ct),
        File.Exists(Data.BriefQuestions) ? await BriefsAsync(null, null, ct) : Missing(BriefsSuite.Name, "Briefs", Data.BriefQuestions),
        File.Exists(Data.GroundingPairs) ? await GroundingAsync(null, ct) : Missing(GroundingSuite.Name, "Grounding", Data.GroundingPairs),
        File.Exists(Data.CardLabels) ? await CardsAsync(null, null, ct) : Missing(CardsSuite.Name, "Evidence cards", Data.CardLabels),
        await GuidanceAsync(null, ct),
        await TaggingAsync(null, null, ct),
        await SpeedAsync(ct),
    ];

    // A suite without its data has no figures, so every threshold on it is missed.
    private static SuiteReport Missing(string name, string title, string place) =>
        new() { Name = name, Title = title, Description = "Not measured.", Notes = [$"Not measured: there is no {Path.GetFileName(place)}."] };

    private sealed class Share(IProgress<double> progress) : IProgress<IngestProgress>
    {
        public void Report(IngestProgress value) => progress.Report((double)value.Done / Math.Max(1, value.Total));
    }

    /// <summary>Two settings files or runs on the same questions.</summary>
    public async Task<RankingComparison> CompareAsync(
        FileInfo a, FileInfo b, string? corpus, string? queries, string? qrels, string metric, int top, CancellationToken ct)
    {
        var collection = Collection(corpus ?? (queries is null ? product.Corpus : null), queries, qrels);
        var (runA, runB) = (await RunOfAsync(a), await RunOfAsync(b));
        string[] ids = [.. collection.Questions.Select(q => q.Id)];
        var (scoresA, scoresB) = (RunScorer.Score(runA, collection.Qrels, ids), RunScorer.Score(runB, collection.Qrels, ids));
        var result = Comparisons.Of(a.Name, [(RetrievalSuite.Name, Items(scoresB), Items(scoresA))])[0];
        return new RankingComparison(a.Name, b.Name, runA, runB, collection, result, scoresA, scoresB, top);

        ItemScores Items(RunScores scores) => new(metric, [.. scores.Questions.Select(q => q.QuestionId).Zip(scores.Values(metric))]);

        async Task<TrecRun> RunOfAsync(FileInfo file)
        {
            if (!file.Exists) throw new BadInputException($"{file}: there is no such file.");
            if (!LooksLikeJson(file)) return TrecRun.Read(file.FullName);
            if (collection.CaseStudies.Count == 0) throw new BadInputException("--corpus is missing: which case studies are to be searched with these settings?");
            return (await RankAsync(collection, EvaluationSettings.Read(settings.Configuration, file), 1000, ct)).Run;
        }
    }

    /// <summary>Holds this run against an earlier report, or a TREC run where rankings were made.</summary>
    public IReadOnlyList<Comparison> CompareWith(string baseline, IReadOnlyList<SuiteReport> suites)
    {
        if (LooksLikeJson(new FileInfo(baseline))) return Comparisons.Of(suites, EvaluationReport.ReadItems(baseline), Path.GetFileName(baseline));
        var run = TrecRun.Read(baseline);
        return Comparisons.Of(Path.GetFileName(baseline), suites.Where(s => s.Run is not null && _collections.ContainsKey(s.Name)).SelectMany(s =>
        {
            var collection = _collections[s.Name];
            var before = RunScorer.Score(run, collection.Qrels, collection.Questions.Select(q => q.Id));
            return s.Items.Select(i => (s.Name, i, new ItemScores(i.Metric, [.. before.Questions.Select(q => q.QuestionId).Zip(before.Values(i.Metric))])));
        }));
    }

    private readonly Dictionary<string, RetrievalCollection> _collections = new(StringComparer.Ordinal);

    public ValueTask DisposeAsync() => product.DisposeAsync();

    private RetrievalCollection Collection(string? corpus, string? queries, string? qrels) =>
        _collections[RetrievalSuite.Name] = RetrievalCollection.Read(corpus, queries ?? Data.Queries, qrels ?? Data.Qrels);

    private async Task<(TrecRun Run, IReadOnlyList<Timing> Times, CorpusUnderTest? Index)> RankAsync(RetrievalCollection collection, EvaluationSettings with, int depth, CancellationToken ct)
    {
        if (with.Ranking == EvaluationSettings.Bm25Ranking)
        {
            var bm25 = new Bm25Baseline(collection.CaseStudies);
            var (plain, time) = await RetrievalSuite.RankAsync(collection.Questions, (q, _) => Task.FromResult(bm25.Rank(q, depth)), depth, "bm25", null, ct);
            return (plain, [time], null);
        }

        var encoder = Encoder();
        var index = await steps.RunAsync($"Indexing {collection.CaseStudies.Count} case studies", p =>
            CorpusUnderTest.IndexAsync(collection.CaseStudies, with, encoder, product.Get<PassageChunker>(), p, ct));
        var (run, search) = await steps.RunAsync($"Asking {collection.Questions.Count} questions", p =>
            RetrievalSuite.RankAsync(collection.Questions, (q, stop) => index.RankAsync(q, depth, stop), depth, "coopai", p, ct));
        return (run, [index.Indexing, search], index);
    }

    private IEmbeddingGenerator<string, Embedding<float>> Encoder() => product.Get<IEmbeddingGenerator<string, Embedding<float>>>();

    private static bool LooksLikeJson(FileInfo file)
    {
        if (!file.Exists) throw new BadInputException($"{file}: there is no such file.");
        using var reader = file.OpenText();
        int c;
        while ((c = reader.Read()) >= 0)
        {
            if (!char.IsWhiteSpace((char)c)) return c == '{';
        }

        return false;
    }
}
