using CoopAI.Core.Corpus;
using CoopAI.Core.Language;
using CoopAI.Evaluation.Files;

namespace CoopAI.Evaluation.Retrieval;

/// <summary>Plain BM25 over whole case studies, title and text as one: the yardstick that every ranking is held against.</summary>
/// <remarks>
/// Porter stems without stop words, k1 = 1.2, b = 0.75, idf = ln(1 + (N − n + ½) / (n + ½)). It shares no code with the product's
/// ranking but the tokeniser. Source: Robertson and Zaragoza, "The probabilistic relevance framework: BM25 and beyond" (2009).
/// </remarks>
public sealed class Bm25Baseline
{
    private const double K1 = 1.2;
    private const double B = 0.75;

    private readonly string[] _slugs;
    private readonly double[] _norms;
    private readonly Dictionary<string, List<(int Document, int Count)>> _postings = new(StringComparer.Ordinal);

    public Bm25Baseline(IReadOnlyList<CaseStudy> caseStudies)
    {
        ArgumentNullException.ThrowIfNull(caseStudies);
        _slugs = [.. caseStudies.Select(c => c.Slug)];
        var lengths = new int[_slugs.Length];
        for (var d = 0; d < _slugs.Length; d++)
        {
            foreach (var stem in Words.Stems($"{caseStudies[d].Title}\n{caseStudies[d].Text}").GroupBy(s => s, StringComparer.Ordinal))
            {
                var count = stem.Count();
                lengths[d] += count;
                if (!_postings.TryGetValue(stem.Key, out var list)) _postings[stem.Key] = list = [];
                list.Add((d, count));
            }
        }

        var average = lengths.Length == 0 ? 1 : Math.Max(1, lengths.Average());
        _norms = [.. lengths.Select(l => K1 * (1 - B + B * l / average))];
    }

    /// <summary>Case studies that share a word with the question, best first; ties in ordinal slug order.</summary>
    public IReadOnlyList<RankedDocument> Rank(string question, int top)
    {
        var scores = new Dictionary<int, double>();
        foreach (var stem in Words.Stems(question))
        {
            if (!_postings.TryGetValue(stem, out var list)) continue;
            var idf = Math.Log(1 + (_slugs.Length - list.Count + 0.5) / (list.Count + 0.5));
            foreach (var (document, count) in list)
                scores[document] = scores.GetValueOrDefault(document) + idf * count * (K1 + 1) / (count + _norms[document]);
        }

        return [.. scores.Select(s => new RankedDocument(_slugs[s.Key], s.Value))
            .OrderByDescending(d => d.Score).ThenBy(d => d.DocumentId, StringComparer.Ordinal).Take(top)];
    }
}
