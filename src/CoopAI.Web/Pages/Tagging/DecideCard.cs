using CoopAI.Core.Tagging;

namespace CoopAI.Web.Pages.Tagging;

/// <summary>One tag in a list of tags to decide.</summary>
/// <param name="Finding">What is odd about it, in words; null: nothing.</param>
/// <param name="Back">Address of the list that a decision returns to.</param>
public sealed record DecideCard(string Slug, string Title, string Principle, TagDecision Suggested, bool? Published, bool? Decided, string? Sentence, string? Finding, string Back)
{
    /// <summary>Id of the card on its page.</summary>
    public string Anchor => $"{Slug}-{Principle}";
}
