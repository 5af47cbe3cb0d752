namespace CoopAI.Core.Grounding;

/// <summary>What a sentence may cite: a retrieved passage with what its record says about it.</summary>
/// <param name="Id">As it stands in the marks of the text, for example "CS1" or "slug#0".</param>
/// <param name="Text">Verbatim text of the passage.</param>
/// <param name="Title">Title of its case study.</param>
/// <param name="LeadMember">Lead member on the record; null: not recorded.</param>
/// <param name="Partners">Participating members on the record.</param>
/// <param name="Year">Year on the record; null: undated.</param>
public sealed record SourcePassage(
    string Id,
    string Text,
    string? Title = null,
    string? LeadMember = null,
    IReadOnlyList<string>? Partners = null,
    int? Year = null)
{
    /// <summary>Lead member and partners as recorded.</summary>
    public IEnumerable<string> Members => (LeadMember is null ? [] : new[] { LeadMember }).Concat(Partners ?? []);
}
