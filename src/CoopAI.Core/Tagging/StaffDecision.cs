using CoopAI.Core.Principles;

namespace CoopAI.Core.Tagging;

/// <summary>What a member of staff did with one tag.</summary>
public enum StaffVerdict
{
    /// <summary>A suggested tag is right.</summary>
    Accepted,

    /// <summary>The text does not evidence the principle, whatever was suggested or published.</summary>
    Rejected,

    /// <summary>The text evidences the principle though it was not suggested.</summary>
    Added,
}

/// <summary>One decision of staff on one principle of one case study.</summary>
/// <param name="By">Who, as given at the door; 1 to 100 characters.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Reason">Why; null when none was given.</param>
/// <param name="Version">Of the tagger whose suggestion was looked at.</param>
/// <param name="Probability">What the tagger had said.</param>
/// <param name="Sentence">The sentence that shows it, for an accepted or added tag; null when none was named.</param>
public sealed record StaffDecision(
    string Slug, string Principle, StaffVerdict Verdict, string By, DateTimeOffset At, string? Reason, string Version, double? Probability, string? Sentence)
{
    public const int MaxName = 100;

    public const int MaxReason = 2000;

    /// <summary>Whether the text evidences the principle, says the decision.</summary>
    public bool IsYes => Verdict is not StaffVerdict.Rejected;
}
