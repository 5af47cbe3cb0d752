using CoopAI.Core.Guidance.Learning;
using CoopAI.Core.Language;
using CoopAI.Core.Verdicts;

namespace CoopAI.Core.Guidance.Rules;

/// <summary>One check type. Deterministic: the same context gives the same findings.</summary>
internal interface IRuleChecker
{
    /// <summary>The rule it runs for; set once by the loader.</summary>
    RuleDefinition Rule { get; set; }

    /// <summary>Every verdict of the rule at the context's stage: one for each failure, or a single one when nothing failed.</summary>
    IEnumerable<Finding> Check(RuleContext context);
}

/// <summary>A verdict before the runner adds rule, version and time.</summary>
/// <param name="Key">Which entry of the rule's <c>on_fail</c> applies; null: the stage's.</param>
/// <param name="Action">An action that does not depend on failure (a note beside a pass); otherwise taken from <paramref name="Key"/>.</param>
/// <param name="Replacement">For redaction: the label.</param>
internal sealed record Finding(
    RuleStatus Status,
    RuleTarget Target,
    string Explanation,
    IReadOnlyList<RuleEvidence> Evidence,
    string? Key = null,
    RuleAction Action = RuleAction.None,
    string? Replacement = null,
    string? Line = null);

internal abstract class RuleChecker : IRuleChecker
{
    public RuleDefinition Rule { get; set; } = null!;

    public abstract IEnumerable<Finding> Check(RuleContext context);

    protected static Finding Pass(RuleTarget target, string explanation, params RuleEvidence[] evidence) => new(RuleStatus.Pass, target, explanation, evidence);

    protected static Finding Fail(RuleTarget target, string explanation, params RuleEvidence[] evidence) => new(RuleStatus.Fail, target, explanation, evidence);

    protected static Finding NotApplicable(RuleTarget target, string explanation) => new(RuleStatus.NotApplicable, target, explanation, []);

    protected static Finding CouldNotCheck(RuleTarget target, string explanation) => new(RuleStatus.CouldNotCheck, target, explanation, []);

    protected static RuleTarget Whole(RuleContext context) => new(context.Stage switch
    {
        Stage.Question => "question",
        Stage.Retrieved => "passage",
        Stage.Answer => "answer",
        _ => "record",
    });

    /// <summary>The texts that a rule reads at this stage: the question, every passage, or every sentence.</summary>
    protected static IEnumerable<(RuleTarget Target, string Text)> Texts(RuleContext context) => context.Stage switch
    {
        Stage.Question => [(new RuleTarget("question"), context.Text)],
        Stage.Retrieved => context.Passages.Select(p => (new RuleTarget("passage", p.Id), p.Text)),
        Stage.Answer => context.AnswerSentences.Select(s => (new RuleTarget("sentence", FormattableString.Invariant($"{s.Number}")), s.Text)),
        _ => [],
    };

    /// <summary>The same without passages in which this rule found nothing before: only for rules that judge a passage by its text alone.</summary>
    protected static IEnumerable<(RuleTarget Target, string Text)> UnreadTexts(RuleContext context, CleanTexts clean) =>
        context.Stage != Stage.Retrieved ? Texts(context) : Texts(context).Where(t => !clean.Contains(context.Digest(t.Text)));

    /// <summary>Notes that the rule found nothing in this passage.</summary>
    protected static void Remember(RuleContext context, CleanTexts clean, string text)
    {
        if (context.Stage == Stage.Retrieved) clean.Add(context.Digest(text));
    }

    /// <summary>What the rule's classifier finds in a question; null: nothing, or it does not judge this text.</summary>
    protected static Finding? Learned(QuestionClassifiers? classifiers, string check, RuleContext context, string explanation)
    {
        if (classifiers is null || context.Stage != Stage.Question || context.AsksNothing) return null;
        var vector = context.QuestionVector is { } q && q.ModelId == classifiers.Encoder ? q.Vector.Value : (ReadOnlyMemory<float>?)null;
        if (classifiers.Judge(check, context.Text, vector) is not { Objects: true } judgement) return null;
        // The classifiers learned from single questions. A letter's background is full of "she" and "the", and "is it still running?" could be said of anything:
        // what is asked has to be objected to as well, read for itself.
        if (context.Asked.Count > 0 && !context.Asked.Any(a => classifiers.Judge(check, a, null) is { Objects: true })) return null;
        var evidence = new List<RuleEvidence>
        {
            new(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Learnt from labelled cases: likelihood {judgement.Likelihood:0.00}, objected to from {judgement.Threshold:0.00}.")),
        };
        if (judgement.TellingWords.Count > 0) evidence.Add(new RuleEvidence($"Telling words: {string.Join(", ", judgement.TellingWords.Select(w => $"“{w}”"))}"));
        evidence.AddRange(classifiers.Nearest(check, context.Text).Select(c => new RuleEvidence($"Like the labelled case {c.Id}: “{Cut(c.Text)}”")));
        return Fail(Whole(context), explanation, [.. evidence]);
    }

    protected static string Cut(string text, int length = 160) => text.Length <= length ? text : string.Concat(text.AsSpan(0, length - 1), "…");
}
