using CoopAI.Core.Corpus;
using CoopAI.Core.Language;
using CoopAI.Core.Vectors;
using Microsoft.Extensions.AI;

namespace CoopAI.Core.Retrieval;

/// <summary>Turns case studies into what ranking needs of them: passages, sentences and all embeddings.</summary>
/// <param name="chunker">Cuts the passages.</param>
/// <param name="encoder">Gives L2-normalised embeddings of one dimension.</param>
public sealed class CaseStudyIndexer(PassageChunker chunker, IEmbeddingGenerator<string, Embedding<float>> encoder)
{
    /// <summary>One result for each case study, in order. Equal texts are encoded once.</summary>
    /// <remarks>Hand over many case studies at a time (say 50): the encoder works best on long batches.</remarks>
    public async Task<IReadOnlyList<IndexedCaseStudy>> IndexAsync(IReadOnlyList<CaseStudy> caseStudies, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(caseStudies);
        var plans = caseStudies.AsParallel().AsOrdered().WithCancellation(ct)
            .Select(c => (CaseStudy: c, Passages: chunker.Chunk(c), Sentences: Sentences.Split(c.Text))).ToList();
        var texts = plans.SelectMany(p => p.Passages.Select(x => x.Text)
                .Concat(p.Sentences.Select(s => s.In(p.CaseStudy.Text))).Append(p.CaseStudy.Title).Append(TopicsOf(p.CaseStudy)))
            .Where(t => t.Length > 0).Distinct(StringComparer.Ordinal).ToList();
        var vectors = new Dictionary<string, ReadOnlyMemory<float>>(texts.Count, StringComparer.Ordinal);
        // All at once: at the end of each call the processors wait for the slowest.
        foreach (var (text, embedding) in texts.Zip(await encoder.GenerateAsync(texts, cancellationToken: ct))) vectors[text] = embedding.Vector;

        var dimension = vectors.Values.Select(v => v.Length).FirstOrDefault();
        return [.. plans.Select(p => new IndexedCaseStudy(
            p.CaseStudy, p.Passages, [.. p.Passages.Select(x => Of(x.Text))],
            p.Sentences, QuantizedVectors.Of([.. p.Sentences.Select(s => Of(s.In(p.CaseStudy.Text)))], dimension),
            Of(p.CaseStudy.Title), Of(TopicsOf(p.CaseStudy))))];

        ReadOnlyMemory<float> Of(string text) => text.Length == 0 ? new float[dimension] : vectors[text];
    }

    private static string TopicsOf(CaseStudy caseStudy) => string.Join(", ", caseStudy.Topics);
}
