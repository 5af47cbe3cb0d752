using CoopAI.Core.Briefs;
using CoopAI.Core.Corpus;
using CoopAI.Core.Guidance;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Verdicts;
using Microsoft.SemanticKernel;

namespace CoopAI.Orchestration.Asking.Filters;

/// <summary>After a search: the rules on what was found. They keep passages back, remove personal data and spread councils.</summary>
public sealed class SourcesFilter(GuidanceRunner guidance) : IFunctionInvocationFilter
{
    public async Task OnFunctionInvocationAsync(FunctionInvocationContext context, Func<FunctionInvocationContext, Task> next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        if (Step.Search.PartOf(context) is not { } part)
        {
            await next(context);
            return;
        }

        using var trace = AskTrace.Begin(nameof(SourcesFilter));
        part.Run.Report("Searching the case studies");
        await next(context);
        part.Run.Report("Checking what was found");
        part.Search = context.Result.GetValue<SearchResult>()!;
        var found = guidance.Run(part.Run.Keep(ContextOf(part, part.Search), part.Number));
        part.Run.Rules.AddRange(found.Results);
        part.Quarantined.AddRange(found.Quarantined);
        part.Sources = OfConversation(part, SourcesOf(part.Search, found));
        if (found.BlockedBy.Count > 0 || part.Sources.Count == 0) PartOutcome.NotFound(part);
    }

    private static RuleContext ContextOf(AskPart part, SearchResult search) => part.Run.Context(Stage.Retrieved, part.Question) with
    {
        Text = part.Question.Text,
        Passages = [.. search.Hits.SelectMany(h => h.Passages.Select(p => RulePassage.Of(h.CaseStudy, p.Passage)))],
        Retrieval = new RetrievalFigures(
            search.Hits.SelectMany(h => h.Passages.Select(p => (p.Passage.Id, h.Score))).ToDictionary(p => p.Id, p => p.Score, StringComparer.Ordinal),
            search.Floor,
            null,
            null,
            [.. search.NearMisses.Take(3).Select(n => n.CaseStudy.Title)],
            part.Plan?.Chance ?? 0),
    };

    // A follow-up is answered from the case studies that it is about; "who else?" from others.
    private static List<Source> OfConversation(AskPart part, List<Source> sources) => part.Reading is not { } reading ? sources :
    [
        .. sources.Where(s => !reading.Excluded.Contains(s.CaseStudy.Slug, StringComparer.Ordinal))
            .OrderBy(s => reading.Preferred.Contains(s.CaseStudy.Slug, StringComparer.Ordinal) ? 0 : 1),
    ];

    private static List<Source> SourcesOf(SearchResult search, GuidanceOutcome found)
    {
        var texts = found.Passages.ToDictionary(p => p.Id, p => p.Text, StringComparer.Ordinal);
        var sources = search.Hits
            .Select(h => new Source(h.CaseStudy, h.Score,
                [.. h.Passages.Where(p => texts.ContainsKey(p.Passage.Id)).Select(p => p with { Passage = p.Passage with { Text = texts[p.Passage.Id] } })]))
            .Where(s => s.Passages.Count > 0);
        if (!found.ReRanked) return [.. sources];
        var order = found.Passages.Select((p, i) => (p.Id, i)).ToDictionary(p => p.Id, p => p.i, StringComparer.Ordinal);
        return [.. sources.OrderBy(s => s.Passages.Min(p => order[p.Passage.Id]))];
    }
}
