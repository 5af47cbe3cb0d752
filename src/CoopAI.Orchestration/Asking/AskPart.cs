using System.Globalization;
using CoopAI.Core.Briefs;
using CoopAI.Core.Corpus;
using CoopAI.Core.Guidance;
using CoopAI.Core.Questions;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Verdicts;

namespace CoopAI.Orchestration.Asking;

/// <summary>One question of a message, with its own search, sources, draft and outcome.</summary>
/// <param name="run">The message.</param>
/// <param name="number">Its place in the message, from 0.</param>
/// <param name="question">What is searched for, with the message's filter and council.</param>
/// <param name="reading">How it was read; null: the message was not read.</param>
public sealed class AskPart(AskRun run, int number, Question question, QuestionPart? reading = null)
{
    public AskRun Run => run;

    public int Number => number;

    public Question Question => question;

    public QuestionPart? Reading => reading;

    /// <summary>The question as a person would put it: as typed, with what it leans on.</summary>
    public Question ForReader => reading is null ? question
        : question with { Text = reading.Context.Length == 0 ? reading.Asked : $"{reading.Asked} (This was said before: {reading.Context})" };

    /// <summary>What no case study says of it, in words.</summary>
    public string? Missing { get; set; }

    /// <summary>How it is to be answered; null: nothing was looked for yet, or no case study passes the filter.</summary>
    public PartPlan? Plan { get; set; }

    /// <summary>What was found; null: nothing was looked for yet.</summary>
    public SearchResult? Search { get; set; }

    /// <summary>What may be used, best first.</summary>
    public IReadOnlyList<Source> Sources { get; set; } = [];

    /// <summary>Ids of passages that a rule keeps from being used.</summary>
    public List<string> Quarantined { get; } = [];

    /// <summary>Why sentences are quoted though a language model was to write them; null: they need not be.</summary>
    public string? FallbackReason { get; private set; }

    /// <summary>Whoever wrote the last draft.</summary>
    public Composer? Composer { get; set; }

    /// <summary>SHA-256 of the prompt that was sent; null: none was.</summary>
    public string? PromptHash { get; set; }

    /// <summary>Tokens that a model read, as it said; null: no model was asked, or it did not say.</summary>
    public long? TokensIn { get; private set; }

    /// <summary>Tokens that a model wrote, as it said; null: as above.</summary>
    public long? TokensOut { get; private set; }

    public List<AnswerSentence> Said { get; } = [];

    /// <summary>One line that says what the answer comes to; null: nothing is said.</summary>
    public AnswerSentence? Lead { get; private set; }

    public List<WithheldSentence> Withheld { get; } = [];

    public List<ServiceLine> ServiceLines { get; } = [];

    /// <summary>Principles that its cited sentences evidence.</summary>
    public List<AnswerTag> Tags { get; } = [];

    /// <summary>Tags of precedents that the rule on tags does not let stand, by <see cref="RuleTag.Key"/>.</summary>
    public HashSet<string> TagsNotShown { get; } = new(StringComparer.Ordinal);

    public List<string> NotCovered { get; } = [];

    /// <summary>How it ended; null: not decided yet.</summary>
    public Outcome? Outcome { get; private set; }

    /// <summary>Why the outcome is what it is, in one sentence for the officer.</summary>
    public string Summary { get; private set; } = "";

    /// <summary>Whether something was found and may be shown.</summary>
    public bool Shown => Outcome is Core.Briefs.Outcome.Answered or Core.Briefs.Outcome.PartlyAnswered or Core.Briefs.Outcome.MayHelp;

    /// <summary>Whether no further step has anything to do.</summary>
    public bool Ended => Outcome is not null && !Shown;

    public void Decide(Outcome outcome, string summary) => (Outcome, Summary) = (outcome, summary);

    /// <summary>Adds what one exchange with a model took.</summary>
    public void CountTokens(long? read, long? written) => (TokensIn, TokensOut) = ((TokensIn ?? 0) + read ?? TokensIn, (TokensOut ?? 0) + written ?? TokensOut);

    public void FallBack(string reason) => FallbackReason = reason;

    /// <summary>Whether a rule changed the passage's text.</summary>
    public bool IsRedacted(Passage passage) =>
        Search!.Hits.SelectMany(h => h.Passages).Any(p => p.Passage.Id == passage.Id && p.Passage.Text != passage.Text);

    /// <summary>For each sentence of a draft the chance that it speaks to the question: that of the sentence quoted or, where it was written, of the best in what it cites.</summary>
    /// <returns>By number; null: nothing was weighed.</returns>
    public IReadOnlyDictionary<int, double>? RelevanceOf(IReadOnlyList<DraftSentence> draft)
    {
        if (Plan is null) return null;
        var studies = Plan.Evidence.Studies.ToDictionary(s => s.CaseStudy.Slug, StringComparer.Ordinal);
        var chances = new Dictionary<int, double>();
        foreach (var (sentence, number) in draft.Select((d, i) => (d, i)).Where(d => d.d.Kind == SentenceKind.Answer))
        {
            var cited = Sources.SelectMany(s => s.Passages).Select(p => p.Passage).Where(p => sentence.Cites.Contains(p.Id, StringComparer.Ordinal)).ToList();
            var weighed = cited.SelectMany(p => studies.TryGetValue(p.Slug, out var study) ? study.Sentences.Where(s => s.Span.Start >= p.Start && s.Span.End <= p.Start + p.Text.Length) : []).ToList();
            if (weighed.Count > 0) chances[number] = weighed.Where(w => w.Text == sentence.Text).Concat(weighed.OrderByDescending(w => w.Belongs)).First().Belongs;
        }

        return chances;
    }

    /// <summary>Takes over what the rules kept back of a draft.</summary>
    public void Withhold(IReadOnlyList<DraftSentence> draft, GuidanceOutcome said)
    {
        foreach (var sentence in said.Withheld)
        {
            var checks = ChecksOn(said, sentence);
            Withheld.Add(new WithheldSentence(
                draft[sentence].Text, CitationsOf(draft[sentence]),
                [.. checks.Where(c => c.Action == RuleAction.Withhold).Select(c => c.Rule).Distinct(StringComparer.Ordinal)], checks));
        }
    }

    /// <summary>Takes over what stands of a draft.</summary>
    public void Say(IReadOnlyList<DraftSentence> draft, GuidanceOutcome said)
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

        var caseStudies = Sources.DistinctBy(s => s.CaseStudy.Slug).ToDictionary(s => s.CaseStudy.Slug, s => s.CaseStudy, StringComparer.Ordinal);
        Lead = LeadLine.Of(reading?.Kinds ?? [], Said, caseStudies, AnswersBest, Plan?.Outcome != Core.Briefs.Outcome.MayHelp);
    }

    // What was written by a model was not weighed: it keeps its order.
    private double AnswersBest(AnswerSentence sentence) => Plan?.Studies.Where(s => s.Study.CaseStudy.Slug == sentence.Citations[0].Slug).SelectMany(s => s.Sentences)
        .FirstOrDefault(s => s.Text == sentence.Text)?.Answer ?? double.MinValue;

    private List<Citation> CitationsOf(DraftSentence sentence)
    {
        var passages = Sources.SelectMany(s => s.Passages).Select(p => p.Passage).ToList();
        return [.. sentence.Cites.Select(id => passages.Find(p => p.Id == id)).Where(p => p is not null).Select(p => Citation.Of(p!, sentence.Text))];
    }

    private static List<RuleResult> ChecksOn(GuidanceOutcome said, int number)
    {
        var id = number.ToString(CultureInfo.InvariantCulture);
        return [.. said.Results.Where(r => r.Target.Kind == "sentence" && r.Target.Id == id)];
    }
}
