using System.Globalization;
using CoopAI.Core.Briefs;
using CoopAI.Core.Verdicts;

namespace CoopAI.Core.Guidance.Rules.Evidence;

/// <summary>VG22: every sentence speaks to the question. A sentence beside one that does may stand: it is what that one points to, or goes on from.</summary>
internal sealed class RelevanceChecker(RuleSettings settings) : RuleChecker
{
    private readonly double minChance = settings.Number("min_chance", 0.3, 0, 1);

    public override IEnumerable<Finding> Check(RuleContext context)
    {
        if (context.Relevance is not { } chances)
        {
            yield return NotApplicable(Whole(context), "The search gave no figures for single sentences.");
            yield break;
        }

        var sentences = context.AnswerSentences.Where(s => s.Kind == SentenceKind.Answer).ToList();
        var speaks = sentences.ConvertAll(s => chances.GetValueOrDefault(s.Number) >= minChance);
        for (var i = 0; i < sentences.Count; i++)
        {
            var target = new RuleTarget("sentence", FormattableString.Invariant($"{sentences[i].Number}"));
            if (!chances.TryGetValue(sentences[i].Number, out var chance))
            {
                yield return CouldNotCheck(target, "The search gave no figure for this sentence.");
                continue;
            }

            var figures = string.Create(CultureInfo.InvariantCulture, $"The chance that it speaks to the question is {chance:0.00}; {minChance:0.00} is needed");
            if (speaks[i]) yield return Pass(target, $"{figures}.");
            else if (Beside(sentences, speaks, i)) yield return Pass(target, $"{figures}, but it stands beside a sentence of the same case study that does, and explains it.");
            else yield return Fail(target, $"{figures}.", new RuleEvidence(Cut(sentences[i].Text)));
        }
    }

    private static bool Beside(List<RuleSentence> sentences, List<bool> speaks, int at)
    {
        bool Shares(int other) => other >= 0 && other < sentences.Count && speaks[other] && sentences[other].Citations.Intersect(sentences[at].Citations, StringComparer.Ordinal).Any();
        return Shares(at - 1) || Shares(at + 1);
    }
}
