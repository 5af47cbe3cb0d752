namespace CoopAI.Core.Tagging;

/// <summary>What the tagger says about one principle and one text.</summary>
public enum TagDecision
{
    No,

    /// <summary>Between the two thresholds: a person should look.</summary>
    Unsure,

    Yes,
}

/// <param name="Sentence">The sentence as it stands in the text, without markup.</param>
/// <param name="Start">UTF-16 offset in the text as given, inclusive.</param>
/// <param name="End">Exclusive.</param>
public sealed record TagEvidence(string Sentence, int Start, int End);

/// <param name="Id">The principle.</param>
/// <param name="Probability">Calibrated, in [0, 1]: of texts with 0.7, about seven in ten evidence the principle in the readers' eyes.</param>
/// <param name="Evidence">Likeliest sentence first, at most three; empty for "no".</param>
/// <param name="Neighbours">Slugs of the nearest labelled texts that have the tag, nearest first, at most three.</param>
public sealed record SuggestedTag(string Id, double Probability, TagDecision Decision, IReadOnlyList<TagEvidence> Evidence, IReadOnlyList<string> Neighbours);

/// <summary>The tagger's answer to one text.</summary>
/// <param name="Tags">All ten principles in the Network's order.</param>
/// <param name="Note">Why no tag was given whatever the text says, in plain words; null when the text was weighed.</param>
/// <param name="Version">Of the tagger: changes with its data, settings, prior and principles.</param>
public sealed record TagSuggestion(IReadOnlyList<SuggestedTag> Tags, string? Note, string Version);
