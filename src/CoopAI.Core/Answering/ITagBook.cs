using CoopAI.Core.Corpus;

namespace CoopAI.Core.Answering;

/// <summary>The three kinds of principle tags of a case study.</summary>
public interface ITagBook
{
    /// <summary>Published, suggested and decided tags, each in the Network's order.</summary>
    PrincipleTags TagsOf(CaseStudy caseStudy);
}
