using CoopAI.Core.Briefs;
using CoopAI.Core.Guidance;
using CoopAI.Core.Tagging;
using CoopAI.Core.Verdicts;
using Microsoft.SemanticKernel;

namespace CoopAI.Orchestration.Asking.Filters;

/// <summary>After the answer is tagged: the rule on tags, run on every tag that the answer shows, its own and those of its precedents.</summary>
public sealed class TagFilter(GuidanceRunner guidance, ITagBook book, AnsweringOptions options) : IFunctionInvocationFilter
{
    public async Task OnFunctionInvocationAsync(FunctionInvocationContext context, Func<FunctionInvocationContext, Task> next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        await next(context);
        if (Step.Tag.PartOf(context) is not { } part) return;
        using var trace = AskTrace.Begin(nameof(TagFilter));
        var found = context.Result.GetValue<IReadOnlyList<AnswerTag>>()!;
        var shown = part.Run.Keep(part.Run.Context(Stage.Answer, part.Question) with { Tags = TagsOf(part, found), Passages = PassagesOf(part), OnlyChecks = [Check] }, part.Number);
        var tagged = guidance.Run(shown);
        part.Run.Rules.AddRange(tagged.Results);
        part.Tags.AddRange(found.Where(t => tagged.Tags.Any(s => s.Of is null && s.Id == t.Id)));
        part.TagsNotShown.UnionWith(shown.Tags.Except(tagged.Tags).Select(t => t.Key));
    }

    /// <summary>The check type of the rules that are run here, and nowhere else.</summary>
    internal const string Check = "tags";

    private List<RuleTag> TagsOf(AskPart part, IReadOnlyList<AnswerTag> own)
    {
        var precedents = part.Sources.Take(options.Precedents).Select(s => s.CaseStudy).ToList();
        var evidence = book.EvidenceOf(precedents);
        return
        [
            .. own.Select(t => new RuleTag(t.Id, t.Basis, t.Passage, t.Sentence)),
            .. precedents.SelectMany(c => (c.Principles ?? []).Select(id => new RuleTag(id, "declared", c.Slug, null, c.Slug))),
            .. evidence.Select(e => new RuleTag(e.Id, e.Basis, e.Slug, e.Sentences.Count > 0 ? e.Sentences[0] : null, e.Slug)),
        ];
    }

    // A tag's sentence may stand in a passage that the search had no use for, so precedents count as a whole.
    private List<RulePassage> PassagesOf(AskPart part) =>
    [
        .. part.Sources.SelectMany(s => s.Passages.Select(p => RulePassage.Of(s.CaseStudy, p.Passage))),
        .. part.Sources.Take(options.Precedents).Select(s => RulePassage.Of(s.CaseStudy)),
    ];
}
