using System.Text.Json;
using CoopAI.Core.Corpus;
using CoopAI.Core.Ranking;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Vectors;
using CoopAI.Evaluation.Retrieval;
using CoopAI.Orchestration.Ingesting;
using CoopAI.Tests.Adapters.Models;

namespace CoopAI.Tests.Core.Ranking;

/// <summary>Holds the shipped weights to what docs/adr/0003-ranking.md says of them, on the shipped corpus and with the real encoder.</summary>
public sealed class RankingGuardTests(RankingGuardTests.Fixture ranking) : IClassFixture<RankingGuardTests.Fixture>
{
    [Fact]
    public async Task The_ranking_beats_both_of_its_arms_and_their_plain_fusion_on_the_development_questions()
    {
        var trained = new List<double>();
        double lexical = 0, dense = 0, fused = 0;
        foreach (var (question, relevant) in ranking.Questions)
        {
            var ranked = await ranking.Retriever.RankAsync(question.Text, 10, TestContext.Current.CancellationToken);
            trained.Add(Ndcg(ranked.Select(r => r.Slug), relevant));
            var features = await ranking.CompareAsync(question.Text);
            lexical += Ndcg(Ordered(features, f => f.Lexical), relevant);
            dense += Ndcg(Ordered(features, f => f.Passage), relevant);
            var hits = new HybridHits(
                [.. features.Select(f => new ScoredPassage(f.Slug, f.Slug, f.Features.Passage))], [.. features.Select(f => new ScoredPassage(f.Slug, f.Slug, f.Features.Lexical))]);
            fused += Ndcg(WeightedFusion.Fuse(hits, 0.5).Select(p => p.Slug), relevant);
        }

        var (mean, n) = (trained.Average(), ranking.Questions.Count);
        Assert.True(mean > Math.Max(fused, Math.Max(lexical, dense)) / n + 0.1, $"trained {mean:F3}, lexical {lexical / n:F3}, dense {dense / n:F3}, fused {fused / n:F3}");
        Assert.True(mean >= 0.77, $"nDCG@10 fell to {mean:F3}.");
    }

    [Fact]
    public async Task Questions_that_the_corpus_does_not_answer_mostly_find_nothing_and_the_others_mostly_something()
    {
        var wrongRefusals = 0;
        foreach (var (question, _) in ranking.Questions)
        {
            if ((await ranking.Retriever.SearchAsync(new SearchRequest(question.Text), TestContext.Current.CancellationToken)).Hits.Count == 0) wrongRefusals++;
        }

        var wrongAnswers = new List<(string Text, bool Foreign)>();
        foreach (var line in File.ReadLines(RepositoryFiles.Find("evals", "retrieval", "unanswerable.jsonl")))
        {
            using var json = JsonDocument.Parse(line);
            var (text, why) = (json.RootElement.GetProperty("text").GetString()!, json.RootElement.GetProperty("why").GetString()!);
            if ((await ranking.Retriever.SearchAsync(new SearchRequest(text), TestContext.Current.CancellationToken)).Hits.Count > 0)
                wrongAnswers.Add((text, why.StartsWith("foreign", StringComparison.Ordinal)));
        }

        // As measured when the floor was chosen, with a little room: 23 of 248, and 7 of 66.
        Assert.InRange(wrongRefusals, 0, 27);
        Assert.InRange(wrongAnswers.Count(w => w.Foreign), 0, 3);
        Assert.InRange(wrongAnswers.Count(w => !w.Foreign), 0, 12);
    }

    [Fact]
    public async Task The_same_search_gives_the_same_answer()
    {
        var first = await ranking.Retriever.RankAsync("How do we bring buses back?", 121, TestContext.Current.CancellationToken);

        Assert.Equal(first, await ranking.Retriever.RankAsync("How do we bring buses back?", 121, TestContext.Current.CancellationToken));
        Assert.Equal(121, first.Count);
    }

    [Theory]
    [InlineData("What is the best recipe for sourdough?")]
    [InlineData("Who won the cricket world cup in 2019?")]
    public async Task A_wholly_foreign_question_finds_near_misses_only(string question)
    {
        var result = await ranking.Retriever.SearchAsync(new SearchRequest(question), TestContext.Current.CancellationToken);

        Assert.Empty(result.Hits);
        Assert.NotEmpty(result.NearMisses);
    }

    [Fact]
    public async Task Services_brought_back_in_house_are_found()
    {
        var result = await ranking.Retriever.SearchAsync(new SearchRequest("How have other councils brought services back in house?"), TestContext.Current.CancellationToken);

        Assert.Contains(result.Hits, h => h.CaseStudy.Topics.Contains("insourcing"));
    }

    private static double Ndcg(IEnumerable<string> slugs, IReadOnlySet<string> relevant) =>
        RankMetrics.NdcgAtK([.. slugs.Select(s => relevant.Contains(s) ? 1 : 0)], relevant.Select(_ => 1), 10);

    private static IEnumerable<string> Ordered(IEnumerable<(string Slug, RankingFeatures Features)> compared, Func<RankingFeatures, double> score) =>
        compared.OrderByDescending(c => score(c.Features)).ThenBy(c => c.Slug, StringComparer.Ordinal).Select(c => c.Slug);

    /// <summary>The shipped corpus, indexed once.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        private readonly SearchCorpus _corpus = new();

        public Retriever Retriever { get; private set; } = null!;

        public IReadOnlyList<(Question Question, IReadOnlySet<string> Relevant)> Questions { get; private set; } = [];

        public async ValueTask InitializeAsync()
        {
            var encoder = SharedEncoder.Encoder;
            var reading = CaseStudyFile.Read(RepositoryFiles.Find("corpus", "case-studies.jsonl"));
            var indexed = await new CaseStudyIndexer(new PassageChunker(encoder.CountPieces), encoder).IndexAsync(reading.CaseStudies);
            _corpus.Replace(indexed);
            var store = new EmbeddedPassageStore(encoder.Dimensions);
            await store.UpsertAsync([.. indexed.Select(i => new StoredCaseStudy(i.CaseStudy, [.. i.Passages.Select((p, n) => new StoredPassage(p, i.PassageEmbeddings[n], LexicalModel.ForPassage(i.CaseStudy, p)))]))], CancellationToken.None);
            Retriever = new Retriever(_corpus, store, encoder, new RetrievalOptions());
            var relevant = File.ReadLines(RepositoryFiles.Find("evals", "retrieval", "development.qrels")).Select(l => l.Split('\t', ' '))
                .ToLookup(f => f[0], f => f[2], StringComparer.Ordinal);
            Questions = [.. QuestionReader.Read(RepositoryFiles.Find("evals", "retrieval", "development.queries.jsonl"))
                .Select(q => (q, (IReadOnlySet<string>)relevant[q.Id].ToHashSet(StringComparer.Ordinal)))];
        }

        internal async Task<IReadOnlyList<(string Slug, RankingFeatures Features)>> CompareAsync(string question)
        {
            var index = _corpus.Current;
            using var prepared = index.Prepare(question, (await SharedEncoder.Encoder.GenerateAsync([question], EmbeddedQuestion.Options))[0].Vector);
            var features = new RankingFeatures[index.CaseStudies.Count];
            index.Compare(prepared, [.. Enumerable.Range(0, features.Length)], features);
            return [.. index.CaseStudies.Zip(features, (c, f) => (c.CaseStudy.Slug, f))];
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
