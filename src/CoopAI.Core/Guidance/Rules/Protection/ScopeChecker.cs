using CoopAI.Core.Language;
using CoopAI.Core.Verdicts;

namespace CoopAI.Core.Guidance.Rules.Protection;

/// <summary>A request for another task than finding precedents (a poem, a sum, a translation). One that asks what others have done is never refused for a word.</summary>
internal sealed class ScopeChecker : RuleChecker
{
    /// <summary>The check type's name.</summary>
    public const string Type = "scope";

    private readonly PhraseSet tasks;
    private readonly PhraseSet precedents;

    public ScopeChecker(RuleSettings settings)
    {
        var list = settings.List("lexicon", "scope.txt").Only("other-task", "about-precedents");
        (tasks, precedents) = (list.Phrases("other-task"), list.Phrases("about-precedents"));
    }

    public override IEnumerable<Finding> Check(RuleContext context)
    {
        var failed = false;
        foreach (var (target, text) in Texts(context))
        {
            var tokens = context.Words(text);
            if (tasks.Find(tokens) is not [var task, ..] || precedents.Any(tokens)) continue;
            failed = true;
            yield return Fail(
                target with { Start = task.Span.Start, End = task.Span.End }, "This asks for another task than finding precedents.", new RuleEvidence($"Task: “{Cut(task.Span.In(text))}”"));
        }

        if (!failed) yield return Pass(Whole(context), "Nothing but precedents is asked for.");
    }
}
