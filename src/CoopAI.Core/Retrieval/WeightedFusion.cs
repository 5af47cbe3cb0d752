namespace CoopAI.Core.Retrieval;

/// <summary>Merges a dense and a lexical ranking by a weighted sum of their normalised scores.</summary>
public static class WeightedFusion
{
    /// <summary><c>score(id) = w · dense′(id) + (1 − w) · lexical′(id)</c>, each ranking scaled to [0, 1] by its own least and greatest score.</summary>
    /// <param name="hits">Rankings as a store returns them; either may be empty.</param>
    /// <param name="denseWeight">In [0, 1].</param>
    /// <returns>Each passage once, highest score first, ties in ordinal id order. Scores lie in [0, 1]; they order the passages of one question and cannot be compared between questions.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="denseWeight"/> lies outside [0, 1].</exception>
    /// <exception cref="ArgumentException">One ranking names a passage twice.</exception>
    /// <remarks>A passage that one ranking does not hold counts there as its least score. A ranking of equal scores counts as ones.</remarks>
    public static IReadOnlyList<ScoredPassage> Fuse(HybridHits hits, double denseWeight)
    {
        ArgumentNullException.ThrowIfNull(hits);
        if (denseWeight is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(denseWeight), denseWeight, "A weight lies in [0, 1].");
        var fused = new Dictionary<string, (string Slug, double Score)>(StringComparer.Ordinal);
        Add(hits.Dense, denseWeight);
        Add(hits.Lexical, 1 - denseWeight);
        return [.. fused.Select(f => new ScoredPassage(f.Key, f.Value.Slug, f.Value.Score))
            .OrderByDescending(p => p.Score).ThenBy(p => p.PassageId, StringComparer.Ordinal)];

        void Add(IReadOnlyList<ScoredPassage> ranking, double weight)
        {
            if (ranking.Count == 0) return;
            Rankings.RefuseRepeats(ranking.Select(p => p.PassageId));
            var (least, greatest) = (ranking.Min(p => p.Score), ranking.Max(p => p.Score));
            foreach (var passage in ranking)
            {
                var scaled = greatest > least ? (passage.Score - least) / (greatest - least) : 1;
                fused[passage.PassageId] = (passage.Slug, fused.GetValueOrDefault(passage.PassageId).Score + (weight * scaled));
            }
        }
    }
}

/// <summary>Merges ranked lists by place alone. Kept as the yardstick that <see cref="WeightedFusion"/> is measured against.</summary>
public static class ReciprocalRankFusion
{
    /// <summary>Merges ranked lists by reciprocal rank fusion: <c>score(id) = Σ 1 / (k + rank(id))</c>.</summary>
    /// <param name="rankings">One list of passage ids per retriever, best first; rank 1 is the first. Lists may differ in length or be empty.</param>
    /// <param name="k">Smoothing constant, at least 1; 60 in the paper.</param>
    /// <returns>Each id once, highest score first, ties in ordinal id order. Scores lie in (0, n/(k+1)] for n lists; they order passages and do not measure relevance.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="k"/> is below 1.</exception>
    /// <exception cref="ArgumentException">One ranking names an id twice.</exception>
    /// <remarks>Source: Cormack, Clarke and Büttcher, SIGIR 2009.</remarks>
    public static IReadOnlyList<(string Id, double Score)> Fuse(IReadOnlyList<IReadOnlyList<string>> rankings, int k = 60)
    {
        ArgumentNullException.ThrowIfNull(rankings);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        var ranks = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        foreach (var ranking in rankings)
        {
            Rankings.RefuseRepeats(ranking);
            for (var i = 0; i < ranking.Count; i++)
            {
                if (!ranks.TryGetValue(ranking[i], out var list)) ranks[ranking[i]] = list = [];
                list.Add(i + 1);
            }
        }

        // Ranks are summed smallest first, so that the order of the retrievers cannot flip a tie.
        return [.. ranks.Select(r => (Id: r.Key, Score: r.Value.Order().Sum(rank => 1.0 / (k + rank))))
            .OrderByDescending(r => r.Score).ThenBy(r => r.Id, StringComparer.Ordinal)];
    }
}

internal static class Rankings
{
    public static void RefuseRepeats(IEnumerable<string> ids)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var id in ids)
        {
            if (!seen.Add(id)) throw new ArgumentException($"A ranking names {id} twice.", nameof(ids));
        }
    }
}
