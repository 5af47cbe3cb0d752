using CoopAI.Core.Statistics;

namespace CoopAI.Core.Tagging.Learning;

/// <summary>How right the tagger is, on texts it had not seen: what of the report takes time to compute.</summary>
/// <param name="Principles">From five-fold cross-validation on the readers' labels.</param>
/// <param name="Readers">How well the two readers agree, by principle.</param>
public sealed record TagFigures(
    string Version, int LabelledTexts, IReadOnlyList<PrincipleAccuracy> Principles, double MacroF1, double Brier, IReadOnlyList<ReliabilityRow> Reliability,
    IReadOnlyDictionary<string, Agreement> Readers, DecisionComparison Decisions);
