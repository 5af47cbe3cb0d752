using CoopAI.Core.Briefs;
using CoopAI.Core.Language;
using CoopAI.Core.Verdicts;

namespace CoopAI.Core.Guidance.Rules.CoOperation;

/// <summary>VG17: AI helps people do their jobs and does not remove them.</summary>
internal sealed class JobsChecker : RuleChecker
{
    private readonly PhraseSet losses;
    private readonly PhraseSet machines;
    private readonly PhraseSet direct;
    private readonly PhraseSet cleared;

    public JobsChecker(RuleSettings settings)
    {
        var list = settings.List("lexicon", "jobs.txt").Only("job-loss", "machines", "both-in-one", "cleared");
        (losses, machines, direct, cleared) = (list.Phrases("job-loss"), list.Phrases("machines"), list.Phrases("both-in-one"), list.Phrases("cleared"));
    }

    public override IEnumerable<Finding> Check(RuleContext context)
    {
        var failed = false;
        foreach (var sentence in context.AnswerSentences.Where(s => s.Kind == SentenceKind.Answer))
        {
            var text = context.Plain(sentence.Text);
            var tokens = context.Words(sentence.Text);
            var clear = cleared.Find(tokens);
            var loss = (machines.Any(tokens) ? losses.Find(tokens) : []).Concat(direct.Find(tokens)).FirstOrDefault(l => !clear.Any(c => c.Span.Overlaps(l.Span)));
            if (loss is null) continue;
            failed = true;
            yield return Fail(
                new RuleTarget("sentence", FormattableString.Invariant($"{sentence.Number}"), loss.Span.Start, loss.Span.End),
                "The sentence has AI or automation take people's jobs.",
                new RuleEvidence(Cut(loss.Span.In(text)))) with
            { Line = "line" };
        }

        if (!failed) yield return Pass(Whole(context), "Nobody loses work to a machine here.");
    }
}
