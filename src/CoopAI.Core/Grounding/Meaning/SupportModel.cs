namespace CoopAI.Core.Grounding.Meaning;

/// <summary>Turns overlap and, where there is one, the encoder's similarity into one support score.</summary>
/// <remarks>A logistic model fitted on the development half of <c>evals/grounding/pairs.jsonl</c>; docs/adr/0004-grounding.md has the table.</remarks>
internal static class SupportModel
{
    /// <summary>Overlap, the worst clause's overlap, the encoder's similarity; each in [0, 1].</summary>
    public static double[] Features(Support support, double? similarity) =>
        [support.Overlap, support.WorstClause, Math.Max(0, similarity ?? 0)];

    /// <summary>Support in [0, 1]. The intercepts are set so that <see cref="GroundingSettings.MinOverlap"/>'s default of 0.55 is the chosen working point.</summary>
    public static double Score(Support support, double? similarity)
    {
        if (support.ContentWords == 0) return 1;
        var x = Features(support, similarity);
        var z = similarity is null
            ? -1.90 + (3.94 * x[0]) + (0.92 * x[1])
            : -3.64 + (2.90 * x[0]) + (0.86 * x[1]) + (4.13 * x[2]);
        return 1 / (1 + Math.Exp(-z));
    }
}
