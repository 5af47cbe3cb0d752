using CoopAI.Core.Briefs;
using CoopAI.Core.Language;
using CoopAI.Core.Verdicts;

namespace CoopAI.Core.Guidance.Rules.CoOperation;

/// <summary>VG16: (a) no sweeping statement about a protected group without a source; (b) a prompt when a change to a service may leave people out.</summary>
internal sealed class EqualityChecker : RuleChecker
{
    private readonly PhraseSet sweeping;
    private readonly PhraseSet harmless;
    private readonly PhraseSet triggers;
    private readonly PhraseSet notTriggers;
    private readonly PhraseSet prompts;

    public EqualityChecker(RuleSettings settings)
    {
        var groups = settings.List("groups", "protected_groups.txt").Only("sweeping", "harmless");
        (sweeping, harmless) = (groups.Phrases("sweeping"), groups.Phrases("harmless", required: false));
        var changes = settings.List("triggers", "service_change.txt").Only("triggers", "harmless", "equality-prompts");
        (triggers, notTriggers, prompts) = (changes.Phrases("triggers"), changes.Phrases("harmless", required: false), changes.Phrases("equality-prompts"));
    }

    public override IEnumerable<Finding> Check(RuleContext context)
    {
        var failed = false;
        var sentences = context.Stage == Stage.Answer
            ? context.AnswerSentences.Where(s => s.Kind == SentenceKind.Answer)
            : AnswerText.Split(context.Text);
        foreach (var sentence in sentences)
        {
            if (context.Stage == Stage.Answer && sentence.Citations.Count > 0) continue;
            var text = context.Plain(sentence.Text);
            var tokens = context.Words(sentence.Text);
            var spared = harmless.Find(tokens);
            if (sweeping.Find(tokens).FirstOrDefault(m => !spared.Any(s => s.Span.Overlaps(m.Span))) is not { } hit) continue;
            failed = true;
            yield return Fail(
                context.Stage == Stage.Question ? new RuleTarget("question") : new RuleTarget("sentence", FormattableString.Invariant($"{sentence.Number}"), hit.Span.Start, hit.Span.End),
                "A sweeping statement about a protected group, without a source.",
                new RuleEvidence(hit.Span.In(text))) with
            { Key = context.Stage == Stage.Question ? "b_prompt" : "a_generalisation" };
        }

        var trigger = Trigger(context, context.Text) ?? context.AnswerSentences.Select(s => Trigger(context, s.Text)).FirstOrDefault(t => t is not null)
            ?? (context.Question is { } question ? Trigger(context, question) : null);
        if (trigger is null || failed)
        {
            if (!failed) yield return Pass(Whole(context), "No sweeping statement about a group, and no change to a service.");
            yield break;
        }

        var evidence = new RuleEvidence($"Trigger: “{trigger}”");
        if (context.Stage == Stage.Question)
            yield return Pass(Whole(context), "The topic may leave people out; the answer will carry an equality prompt.", evidence);
        else if (context.AnswerSentences.Any(s => prompts.Any(context.Level(s.Text).Tokens)))
            yield return Pass(Whole(context), "The answer carries an equality prompt.", evidence);
        else
            yield return Fail(Whole(context), "The topic may leave people out and the answer has no equality prompt.", evidence) with { Key = "b_prompt", Line = "prompt" };
    }

    private string? Trigger(RuleContext context, string text)
    {
        var plain = context.Plain(text);
        var tokens = context.Words(text);
        var spared = notTriggers.Find(tokens);
        return triggers.Find(tokens).FirstOrDefault(m => !spared.Any(s => s.Span.Overlaps(m.Span)))?.Span.In(plain);
    }
}
