using CoopAI.Core.Corpus;

namespace CoopAI.Core.Answering;

/// <summary>The three kinds of principle tags of a case study.</summary>
public interface ITagBook
{
    /// <summary>Published, suggested and decided tags, each in the Network's order.</summary>
    PrincipleTags TagsOf(CaseStudy caseStudy);
}

/// <summary>Knows published tags only.</summary>
public sealed class PublishedTags : ITagBook
{
    public PrincipleTags TagsOf(CaseStudy caseStudy)
    {
        ArgumentNullException.ThrowIfNull(caseStudy);
        return new PrincipleTags(caseStudy.Principles, [], []);
    }
}
