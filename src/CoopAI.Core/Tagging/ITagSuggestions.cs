using CoopAI.Core.Tagging.Learning;

namespace CoopAI.Core.Tagging;

/// <summary>What the tagger suggests for one stored case study.</summary>
/// <param name="Hash">Of the content that was weighed.</param>
/// <param name="Nearest">For principles without evidence the sentence that comes nearest, however weak.</param>
public sealed record StoredSuggestion(string Slug, string Hash, TagSuggestion Suggestion, IReadOnlyDictionary<string, TagEvidence> Nearest);

/// <summary>Keeps what the tagger suggests for the stored corpus, and its figures, so that they are made once for each state of what they depend on (the "basis").</summary>
public interface ITagSuggestions
{
    /// <summary>Whether the corpus was ever tagged.</summary>
    bool HasSuggestions { get; }

    /// <summary>Suggestions made on this basis, by slug.</summary>
    IReadOnlyDictionary<string, StoredSuggestion> Load(string basis);

    /// <summary>The figures of the tagger on this basis, or null.</summary>
    TagFigures? LoadFigures(string basis);

    /// <summary>Keeps suggestions; those for case studies that are gone go.</summary>
    /// <param name="basis">What they depend on besides the case studies.</param>
    /// <param name="made">New ones.</param>
    /// <param name="slugs">All stored case studies.</param>
    void Save(string basis, IEnumerable<StoredSuggestion> made, IReadOnlyCollection<string> slugs);

    /// <summary>Keeps the figures in the place of those on another basis.</summary>
    void SaveFigures(string basis, TagFigures figures);
}
