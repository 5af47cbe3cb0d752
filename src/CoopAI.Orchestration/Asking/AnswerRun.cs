using System.Diagnostics;
using System.Globalization;
using CoopAI.Core.Briefs;
using CoopAI.Core.Corpus;
using CoopAI.Core.Guidance;
using CoopAI.Core.Retrieval;

namespace CoopAI.Orchestration.Asking;

/// <summary>What one question gathers on its way.</summary>
internal sealed class AnswerRun(Question question, string id, DateTimeOffset at, Stopwatch watch, CancellationToken ct)
{
    public Question Question => question;

    public string Id => id;

    public DateTimeOffset At => at;

    public Stopwatch Watch => watch;

    public CancellationToken Ct => ct;

    public SearchResult? Search { get; set; }

    public List<Source> Sources { get; set; } = [];

    public Notice? Notice { get; set; }

    public string? FallbackReason { get; private set; }

    public bool FellBack => FallbackReason is not null;

    public List<RuleResult> Rules { get; } = [];

    public SortedDictionary<Stage, RuleContext> Stages { get; } = [];

    public List<string> Quarantined { get; } = [];

    public List<AnswerSentence> Said { get; } = [];

    public List<WithheldSentence> Withheld { get; } = [];

    public List<ServiceLine> ServiceLines { get; } = [];

    public List<string> NotCovered { get; } = [];

    public void FallBack(string reason) => FallbackReason = reason;

    public bool IsRedacted(Passage passage) =>
        Search!.Hits.SelectMany(h => h.Passages).Any(p => p.Passage.Id == passage.Id && p.Passage.Text != passage.Text);

    public void Withhold(IReadOnlyList<DraftSentence> draft, GuidanceOutcome said)
    {
        foreach (var number in said.Withheld)
        {
            var checks = ChecksOn(said, number);
            Withheld.Add(new WithheldSentence(
                draft[number].Text, CitationsOf(draft[number]),
                [.. checks.Where(c => c.Action == RuleAction.Withhold).Select(c => c.Rule).Distinct(StringComparer.Ordinal)], checks));
        }
    }

    public void Say(IReadOnlyList<DraftSentence> draft, GuidanceOutcome said, List<Source> sources)
    {
        var standing = said.Sentences.OrderBy(s => s.Number).ToList();
        for (var i = 0; i < standing.Count; i++)
        {
            var sentence = standing[i];
            // A heading whose sentences were all withheld has nothing to head.
            var headsNothing = sentence.Kind == SentenceKind.Service && (i + 1 == standing.Count || standing[i + 1].Kind == SentenceKind.Service);
            if (!headsNothing)
                Said.Add(new AnswerSentence(sentence.Text, sentence.Kind, CitationsOf(draft[sentence.Number] with { Text = sentence.Text }), ChecksOn(said, sentence.Number)));
        }
    }

    private List<Citation> CitationsOf(DraftSentence sentence)
    {
        var passages = Sources.SelectMany(s => s.Passages).Select(p => p.Passage).ToList();
        return [.. sentence.Cites.Select(id => passages.Find(p => p.Id == id)).Where(p => p is not null).Select(p => AnswerPipeline.Cite(p!, sentence.Text))];
    }

    private static List<RuleResult> ChecksOn(GuidanceOutcome said, int number)
    {
        var id = number.ToString(CultureInfo.InvariantCulture);
        return [.. said.Results.Where(r => r.Target.Kind == "sentence" && r.Target.Id == id)];
    }
}
