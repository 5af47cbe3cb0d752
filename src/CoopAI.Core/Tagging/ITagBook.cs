using CoopAI.Core.Briefs;
using CoopAI.Core.Corpus;

namespace CoopAI.Core.Tagging;

/// <summary>The three kinds of principle tags of a case study.</summary>
public interface ITagBook
{
    /// <summary>Published, suggested and decided tags of each, by slug, in the Network's order.</summary>
    IReadOnlyDictionary<string, PrincipleTags> TagsOf(IReadOnlyCollection<CaseStudy> caseStudies);

    /// <summary>The principles that a case study stands for, as searches, facets and coverage count them, at this moment: what staff decided; where they did not, what its page publishes or the tagger suggests with confidence.</summary>
    /// <returns>A function that is cheap to call for each case study of a corpus; ids in the Network's order.</returns>
    Func<CaseStudy, IReadOnlyList<string>> Standing() => caseStudy => caseStudy.Principles ?? [];

    /// <summary>The sentences behind the suggested and the decided tags of each; by slug, then in the Network's order, decided before suggested.</summary>
    IReadOnlyList<EvidencedTag> EvidenceOf(IReadOnlyCollection<CaseStudy> caseStudies);
}

/// <summary>A tag with the sentences that show it.</summary>
/// <param name="Basis">"inferred": the tagger gives it, above its threshold; "decided": staff do.</param>
/// <param name="Sentences">Word for word from the case study's text, likeliest first; may be empty for a decided one.</param>
/// <param name="Rejected">Staff decided against a tag that the tagger gives.</param>
public sealed record EvidencedTag(string Slug, string Id, string Basis, IReadOnlyList<string> Sentences, bool Rejected = false);
