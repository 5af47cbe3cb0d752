namespace CoopAI.Evaluation.Tagging;

/// <summary>What one text should be tagged with and what the tagger gave it.</summary>
/// <param name="Id">Slug.</param>
/// <param name="Labels">Ids of the principles that the text evidences.</param>
/// <param name="Masked">Ids whose truth is not known (arguable, unknown): they count in no figure.</param>
/// <param name="Scores">Probability in [0, 1] of every principle.</param>
/// <param name="Given">Ids the tagger decided "yes" on. "Unsure" is no "yes".</param>
public sealed record TaggedText(
    string Id,
    IReadOnlySet<string> Labels,
    IReadOnlySet<string> Masked,
    IReadOnlyDictionary<string, double> Scores,
    IReadOnlySet<string> Given)
{
    /// <summary>Whether the truth about this principle is known for this text.</summary>
    public bool Knows(string principle) => !Masked.Contains(principle);
}
