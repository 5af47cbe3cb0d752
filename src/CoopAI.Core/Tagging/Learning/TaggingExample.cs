using CoopAI.Core.Principles;

namespace CoopAI.Core.Tagging.Learning;

/// <summary>A text whose tags are known, at least in part.</summary>
/// <param name="Text">The text.</param>
/// <param name="Labels">Principle id to whether the text evidences it. What is not in here is masked: unknown or arguable, never "no".</param>
/// <param name="Evidence">Principle id to the sentences that show it; may be empty, then the likeliest sentence is taken.</param>
/// <param name="Weight">What the example counts, above 0; 1 for a text that readers labelled.</param>
public sealed record TaggingExample(
    ReadText Text,
    IReadOnlyDictionary<string, bool> Labels,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Evidence,
    float Weight = 1)
{
    /// <summary>The slug, or the text's fingerprint when it has none.</summary>
    public string Key => Text.Source.Slug ?? Text.Source.Fingerprint;
}
