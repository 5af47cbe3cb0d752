using CoopAI.Core.Briefs;
using CoopAI.Core.Corpus;

namespace CoopAI.Core.Tagging;

/// <summary>The three kinds of principle tags of a case study.</summary>
public interface ITagBook
{
    /// <summary>Published, suggested and decided tags of each, by slug, in the Network's order.</summary>
    IReadOnlyDictionary<string, PrincipleTags> TagsOf(IReadOnlyCollection<CaseStudy> caseStudies);
}
