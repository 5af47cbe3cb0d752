using System.Globalization;
using System.Text.Json;
using CoopAI.Adapters.Models;
using CoopAI.Adapters.Qdrant;
using CoopAI.Core.Corpus;
using CoopAI.Core.Ranking;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Vectors;
using CoopAI.Orchestration.Ingesting;
using CoopAI.Tests.Adapters.Models;
using CoopAI.Tests.Adapters.Qdrant;

namespace CoopAI.Tests.Adapters;

/// <summary>The development questions over the shipped case studies, through both stores.</summary>
public sealed class StoresRankAlikeTests
{
    private const int Top = 50;

    /// <summary>Scores reach about 30 and are sums of 32-bit floats, here in another order than there.</summary>
    private const double Rounding = 1e-5;

    [Fact]
    public async Task Both_stores_rank_the_248_development_questions_alike()
    {
        var ct = TestContext.Current.CancellationToken;
        var encoder = SharedEncoder.Encoder;
        var reading = CaseStudyFile.Read(RepositoryFiles.Find("corpus", "case-studies.jsonl"));
        var chunker = new PassageChunker(encoder.CountPieces);
        var passages = reading.CaseStudies.SelectMany(c => chunker.Chunk(c).Select(p => (CaseStudy: c, Passage: p))).ToList();
        var embeddings = await encoder.GenerateAsync(passages.Select(p => p.Passage.Text), cancellationToken: ct);
        var items = passages.Select((p, i) => (p.CaseStudy, Stored: new StoredPassage(p.Passage, embeddings[i].Vector, LexicalModel.ForPassage(p.CaseStudy, p.Passage))))
            .GroupBy(p => p.CaseStudy).Select(g => new StoredCaseStudy(g.Key, [.. g.Select(p => p.Stored)])).ToList();
        var frequencies = reading.CaseStudies.SelectMany(c => LexicalModel.Count(LexicalModel.Fields(c, c.Text)).Keys).CountBy(s => s, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        var statistics = new LexicalStatistics(reading.CaseStudies.Count, frequencies);
        var questions = File.ReadLines(RepositoryFiles.Find("evals", "retrieval", "development.queries.jsonl")).Select(l => JsonElement.Parse(l).GetProperty("text").GetString()!).ToList();
        var asked = await encoder.GenerateAsync(questions, EmbeddedQuestion.Options, ct);

        await using var server = InMemoryPassageServer.Start();
        server.Records = false;
        using var connection = QdrantConnection.Create(new QdrantOptions { Address = server.Address, ReadTimeout = TimeSpan.FromSeconds(30), ReadDeadline = TimeSpan.FromSeconds(60) }, TimeProvider.System);
        var embedded = new EmbeddedPassageStore(encoder.Dimensions, encoder.ModelId);
        var elsewhere = new QdrantPassageStore(connection, encoder.ModelId, encoder.Dimensions);
        await embedded.UpsertAsync(items, ct);
        await elsewhere.UpsertAsync(items, ct);

        var (differing, differingTen, beyondRounding, furthest) = (0, 0, 0, 0.0);
        for (var i = 0; i < questions.Count; i++)
        {
            var query = new HybridQuery(asked[i].Vector, LexicalModel.ForQuestion(questions[i], statistics), SearchFilter.None, Top);
            var (here, there) = (await embedded.SearchAsync(query, ct), await elsewhere.SearchAsync(query, ct));
            foreach (var (a, b) in new[] { (here.Dense, there.Dense), (here.Lexical, there.Lexical) })
            {
                if (!a.Take(10).Select(h => h.PassageId).SequenceEqual(b.Take(10).Select(h => h.PassageId))) differingTen++;
                if (!a.Select(h => h.PassageId).SequenceEqual(b.Select(h => h.PassageId))) differing++;
                // Two passages may change places only where their scores are one score up to rounding.
                if (a.Count != b.Count || a.Zip(b).Any(p => p.First.PassageId != p.Second.PassageId && Math.Abs(p.First.Score - p.Second.Score) > Rounding)) beyondRounding++;
                furthest = a.Zip(b, (x, y) => Math.Abs(x.Score - y.Score)).Append(furthest).Max();
            }
        }

        TestContext.Current.SendDiagnosticMessage($"{questions.Count} questions, {passages.Count} passages: {differingTen} of {2 * questions.Count} rankings differ in the first 10, {differing} in the first {Top}; scores differ by at most {furthest:G3}.");
        Assert.Equal(248, questions.Count);
        Assert.Equal(0, differingTen);
        Assert.Equal(0, beyondRounding);
        Assert.InRange(furthest, 0, Rounding);
    }

    [Theory]
    [InlineData(121)]
    [InlineData(530)]
    public async Task The_final_ranking_is_the_same_from_both_stores_and_each_search_asks_the_store(int size)
    {
        var ct = TestContext.Current.CancellationToken;
        var encoder = SharedEncoder.Encoder;
        var reading = CaseStudyFile.Read(RepositoryFiles.Find("corpus", "case-studies.jsonl"));
        var shipped = await new CaseStudyIndexer(new PassageChunker(encoder.CountPieces), encoder).IndexAsync(reading.CaseStudies, ct);
        // More of them under other names: equal scores in numbers, so that the order of ties counts too.
        List<IndexedCaseStudy> indexed = [.. Enumerable.Range(0, size).Select(i => i < shipped.Count ? shipped[i] : Renamed(shipped[i % shipped.Count], i))];
        await using var server = InMemoryPassageServer.Start();
        using var connection = QdrantConnection.Create(new QdrantOptions { Address = server.Address, ReadTimeout = TimeSpan.FromSeconds(30), ReadDeadline = TimeSpan.FromSeconds(60) }, TimeProvider.System);
        var (embedded, elsewhere) = (new EmbeddedPassageStore(encoder.Dimensions, encoder.ModelId), new QdrantPassageStore(connection, encoder.ModelId, encoder.Dimensions));
        StoredCaseStudy[] stored = [.. indexed.Select(i => new StoredCaseStudy(i.CaseStudy, [.. i.Passages.Select((p, n) => new StoredPassage(p, i.PassageEmbeddings[n], LexicalModel.ForPassage(i.CaseStudy, p)))]))];
        await embedded.UpsertAsync(stored, ct);
        await elsewhere.UpsertAsync(stored, ct);
        var corpus = new SearchCorpus();
        corpus.Replace(indexed);
        var (here, there) = (new Retriever(corpus, embedded, encoder, new RetrievalOptions()), new Retriever(corpus, elsewhere, encoder, new RetrievalOptions()));
        var questions = File.ReadLines(RepositoryFiles.Find("evals", "retrieval", "development.queries.jsonl")).Select(l => JsonElement.Parse(l).GetProperty("text").GetString()!).ToList();

        foreach (var question in questions)
        {
            server.Forget();
            var (a, b) = (await here.SearchAsync(new SearchRequest(question), ct), await there.SearchAsync(new SearchRequest(question), ct));

            Assert.Equal(a.Hits.Select(h => (h.CaseStudy.Slug, h.Score)), b.Hits.Select(h => (h.CaseStudy.Slug, h.Score)));
            Assert.Contains(server.Exchanges, e => e.Method == "Points/QueryBatch");
            Assert.Equal((new StoreUse("embedded"), new StoreUse("qdrant")), (a.Store, b.Store));
        }

        Assert.Equal(248, questions.Count);
    }

    private static IndexedCaseStudy Renamed(IndexedCaseStudy item, int number)
    {
        var slug = string.Create(CultureInfo.InvariantCulture, $"{item.CaseStudy.Slug}-{number}");
        return item with
        {
            CaseStudy = item.CaseStudy with { Slug = slug },
            Passages = [.. item.Passages.Select(p => new Passage(Passage.IdOf(slug, p.Ordinal), slug, p.Ordinal, p.Text, p.Start))],
        };
    }
}
