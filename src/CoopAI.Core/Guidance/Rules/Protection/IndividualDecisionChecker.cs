using CoopAI.Core.Guidance.Learning;
using CoopAI.Core.Language;
using CoopAI.Core.Verdicts;

namespace CoopAI.Core.Guidance.Rules.Protection;

/// <summary>VG07: no decision about one person. A decision put as a choice and a pointer to one person must meet.</summary>
internal sealed class IndividualDecisionChecker : RuleChecker
{
    private readonly PhraseSet pointers;
    private readonly PhraseSet choices;
    private readonly PhraseSet asked;
    private readonly PhraseSet rulings;
    private readonly PhraseSet pronouns;
    private readonly PhraseSet harmless;
    private readonly PhraseSet whole;
    private readonly QuestionClassifiers? classifiers;

    public IndividualDecisionChecker(RuleSettings settings)
    {
        classifiers = settings.Classifiers();
        var list = settings.List("lexicon", "individual_decision.txt").Only("one-person", "decision-put-as-a-choice", "ruling-in-an-answer", "asked-about-one-person", "pronouns", "both-in-one", "harmless");
        asked = list.Phrases("asked-about-one-person");
        pointers = list.Phrases("one-person");
        choices = list.Phrases("decision-put-as-a-choice");
        rulings = list.Phrases("ruling-in-an-answer");
        pronouns = list.Phrases("pronouns");
        whole = list.Phrases("both-in-one");
        harmless = list.Phrases("harmless", required: false);
    }

    public override IEnumerable<Finding> Check(RuleContext context)
    {
        var failed = false;
        // "Him" may point to a person named a sentence before, so an answer is read as one text; findings go to the sentence that rules.
        var personNamed = context.Stage == Stage.Answer && pointers.Any(context.Words(context.Text.Length > 0 ? context.Text : string.Join('\n', context.AnswerSentences.Select(s => s.Text))));
        foreach (var (target, text) in Texts(context))
        {
            if (Find(context.Words(text), context.Stage == Stage.Answer, personNamed) is not { } hit || !AsksForOne(context)) continue;
            failed = true;
            yield return Fail(
                target with { Start = hit.Decision.Span.Start, End = hit.Decision.Span.End },
                "This asks for, or gives, a decision about one person.",
                new RuleEvidence($"Decision: “{Cut(hit.Decision.Span.In(text))}”"),
                new RuleEvidence(hit.Person is null ? "Person: named elsewhere in the text" : $"Person: “{Cut(hit.Person.Span.In(text))}”"));
        }

        if (!failed) yield return Learned(classifiers, "individual-decision", context, "This reads like a question for a decision about one person.") ?? Pass(Whole(context), "No decision about one person was found.");
    }

    // A letter tells of people and of what would be awkward or was decided: the decision has to be in what it asks.
    private bool AsksForOne(RuleContext context) => context.Stage != Stage.Question || !context.IsLetter || context.Asked.Count == 0
        || context.Asked.Select(context.Words).Any(w => choices.Any(w) || asked.Any(w) || whole.Any(w));

    private (PhraseMatch Decision, PhraseMatch? Person)? Find(Tokens tokens, bool answer, bool personNamed)
    {
        var spared = harmless.Find(tokens);
        if (Free(whole).FirstOrDefault() is { } both) return (both, both);
        var people = Free(pointers).ToList();
        if (people.Count == 0 && !personNamed) return null;

        var decisions = Free(choices).ToList();
        // A report may say in passing what was decided about somebody; a question that does so asks for it.
        decisions.AddRange(Free(answer ? rulings : asked));
        foreach (var decision in decisions)
        {
            var (start, end) = (tokens.SentenceStart(decision.First), tokens.SentenceEnd(decision.First));
            if (people.Find(p => p.First >= start && p.First < end) is { } person) return (decision, person);
        }

        // The person stands in another sentence: the choice must then speak of "him", "her", "them", or of nobody else.
        foreach (var decision in decisions)
        {
            var (start, end) = (tokens.SentenceStart(decision.First), tokens.SentenceEnd(decision.First));
            var before = people.FindLast(p => p.First < start);
            var near = before is not null && tokens.All.Skip(before.First).Take(start - before.First).Count(t => t.Kind == TokenKind.End) <= 3;
            if (pronouns.Find(tokens).Any(p => p.First >= start && p.First < end) && (people.Count > 0 || personNamed)) return (decision, people.FirstOrDefault());
            if (near && end - decision.End <= 3) return (decision, before);
        }

        return null;

        IEnumerable<PhraseMatch> Free(PhraseSet set) => set.Find(tokens).Where(m => m.First >= 0 && !spared.Any(s => s.Span.Overlaps(m.Span)));
    }
}
