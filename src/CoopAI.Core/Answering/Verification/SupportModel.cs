namespace CoopAI.Core.Answering.Verification;

/// <summary>Turns overlap and, where there is one, the encoder's similarity into one support score.</summary>
/// <remarks>A logistic model fitted on the development half of <c>evals/grounding/pairs.jsonl</c>; docs/adr/0004-grounding.md has the table.</remarks>
internal static class SupportModel
{
    /// <summary>What the model looks at, each in [0, 1] except the last, which counts words.</summary>
    public static double[] Features(Support support, double? similarity) =>
    [
        support.Overlap,
        support.PlainOverlap,
        support.PassageOverlap,
        support.WorstClause,
        Math.Min(support.LongestGap, 6) / 6.0,
        support.Order,
        similarity ?? 0,
        Math.Min(support.Replaced, 3) / 3.0,
        Math.Min(support.ContentWords * (1 - support.PlainOverlap), 8) / 8.0,
        Math.Min(support.ContentWords, 16) / 16.0,
    ];

    /// <summary>Support in [0, 1]; 0.55 is where altered and faithful sentences part on the development half.</summary>
    public static double Score(Support support, double? similarity)
    {
        if (support.ContentWords == 0) return 1;
        var x = Features(support, similarity);
        var z = similarity is null
            ? -2.2 + (4.2 * x[0]) + (0.8 * x[2]) + (1.6 * x[3]) - (1.5 * x[4])
            : -3.2 + (3.6 * x[0]) + (0.8 * x[2]) + (1.5 * x[3]) - (1.5 * x[4]) + (2.0 * x[6]);
        return 1 / (1 + Math.Exp(-z));
    }
}
