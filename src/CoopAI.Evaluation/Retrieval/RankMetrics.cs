namespace CoopAI.Evaluation.Retrieval;

/// <summary>Rank metrics of one question, as trec_eval defines them. All lie in [0, 1].</summary>
/// <remarks>
/// <c>grades</c> holds the grade of each retrieved document by rank, best rank first; 0 for a document without judgement.
/// <c>judged</c> holds the grades of all judged documents of the question, in any order. A grade of 1 or more is relevant.
/// A question without a relevant document has no score: the caller reports it apart.
/// Source: trec_eval 9 (measures ndcg_cut, map, recip_rank, recall, success); nDCG after Järvelin and Kekäläinen, TOIS 20 (2002).
/// </remarks>
public static class RankMetrics
{
    /// <summary>nDCG@k with linear gain (the grade itself, below 0 as 0) and discount log₂(rank + 1).</summary>
    public static double NdcgAtK(IReadOnlyList<int> grades, IEnumerable<int> judged, int k)
    {
        ArgumentNullException.ThrowIfNull(grades);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        return Dcg(grades, k) / Dcg([.. Relevant(judged).OrderDescending()], k);
    }

    /// <summary>Mean of the precision at the rank of each relevant document; one that was not retrieved adds 0.</summary>
    public static double AveragePrecision(IReadOnlyList<int> grades, IEnumerable<int> judged)
    {
        ArgumentNullException.ThrowIfNull(grades);
        var found = 0;
        var sum = 0.0;
        for (var i = 0; i < grades.Count; i++)
        {
            if (grades[i] >= 1) sum += (double)++found / (i + 1);
        }

        return sum / Relevant(judged).Count;
    }

    /// <summary>1 / rank of the first relevant document; 0 when none was retrieved.</summary>
    public static double ReciprocalRank(IReadOnlyList<int> grades)
    {
        ArgumentNullException.ThrowIfNull(grades);
        for (var i = 0; i < grades.Count; i++)
        {
            if (grades[i] >= 1) return 1.0 / (i + 1);
        }

        return 0;
    }

    /// <summary>Share of the relevant documents among the first k.</summary>
    public static double RecallAtK(IReadOnlyList<int> grades, IEnumerable<int> judged, int k)
    {
        ArgumentNullException.ThrowIfNull(grades);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        return (double)grades.Take(k).Count(g => g >= 1) / Relevant(judged).Count;
    }

    /// <summary>1 when a relevant document is among the first k, otherwise 0.</summary>
    public static double SuccessAtK(IReadOnlyList<int> grades, int k)
    {
        ArgumentNullException.ThrowIfNull(grades);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        return grades.Take(k).Any(g => g >= 1) ? 1 : 0;
    }

    private static double Dcg(IReadOnlyList<int> grades, int k)
    {
        var sum = 0.0;
        for (var i = 0; i < Math.Min(k, grades.Count); i++)
        {
            if (grades[i] > 0) sum += grades[i] / Math.Log2(i + 2);
        }

        return sum;
    }

    private static List<int> Relevant(IEnumerable<int> judged)
    {
        List<int> relevant = [.. judged.Where(g => g >= 1)];
        return relevant.Count > 0 ? relevant : throw new ArgumentException("The question has no relevant document.", nameof(judged));
    }
}
