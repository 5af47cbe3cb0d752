using System.Diagnostics;
using CoopAI.Core.Corpus;
using CoopAI.Core.Ranking;
using CoopAI.Core.Retrieval;
using CoopAI.Evaluation.Files;
using CoopAI.Evaluation.Reporting;
using CoopAI.Evaluation.Retrieval;
using Microsoft.Extensions.AI;

namespace CoopAI.Evaluation.Running;

/// <summary>A corpus given for evaluation, indexed in memory with the product's own parts. The user's data is never touched.</summary>
internal sealed class CorpusUnderTest
{
    /// <summary>Case studies indexed at a time: long enough for the encoder, short enough to show progress.</summary>
    private const int Batch = 200;

    private readonly Retriever _retriever;

    private CorpusUnderTest(Retriever retriever, Timing indexing) => (_retriever, Indexing) = (retriever, indexing);

    /// <summary>Time taken to index.</summary>
    public Timing Indexing { get; }

    public static async Task<CorpusUnderTest> IndexAsync(
        IReadOnlyList<CaseStudy> caseStudies, EvaluationSettings settings, IEmbeddingGenerator<string, Embedding<float>> encoder,
        PassageChunker chunker, IProgress<double> progress, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        var indexer = new CaseStudyIndexer(chunker, encoder);
        var indexed = new List<IndexedCaseStudy>(caseStudies.Count);
        foreach (var batch in caseStudies.Chunk(Batch))
        {
            indexed.AddRange(await indexer.IndexAsync(batch, ct));
            progress.Report((double)indexed.Count / caseStudies.Count);
        }

        var corpus = new SearchCorpus();
        corpus.Replace(indexed);
        var store = new EmbeddedPassageStore(indexed[0].TitleEmbedding.Length);
        // All at once: each write to the store builds its whole state anew.
        await store.UpsertAsync([.. indexed.Select(i => new StoredCaseStudy(i.CaseStudy, [.. i.Passages.Select((p, n) =>
            new StoredPassage(p, i.PassageEmbeddings[n], LexicalModel.ForPassage(i.CaseStudy, p)))]))], ct);
        return new CorpusUnderTest(
            new Retriever(corpus, store, encoder, settings.Retrieval),
            new Timing("index", [Stopwatch.GetElapsedTime(started).TotalMilliseconds]));
    }

    /// <summary>The case studies most like a given one, as <c>coopai similar</c> gives them.</summary>
    public IReadOnlyList<string> SimilarTo(string slug, int top) => [.. _retriever.Similar(slug, top).Select(h => h.CaseStudy.Slug)];

    /// <summary>The ranking that the product searches with. A question is read up to the product's limit.</summary>
    public async Task<IReadOnlyList<RankedDocument>> RankAsync(string question, int top, CancellationToken ct)
    {
        var text = question.Length <= RetrievalOptions.MaxQuestionLength ? question : question[..RetrievalOptions.MaxQuestionLength];
        return [.. (await _retriever.RankAsync(text, top, ct)).Select(r => new RankedDocument(r.Slug, r.Score))];
    }
}
