using CoopAI.Core.Briefs;
using CoopAI.Core.Grounding.Councils;
using CoopAI.Core.Grounding.Meaning;
using CoopAI.Core.Grounding.Reading;
using CoopAI.Core.Language;
using CoopAI.Core.Verdicts;

namespace CoopAI.Core.Guidance.Rules.Evidence;

/// <summary>VG05: no claim that is stronger than its source.</summary>
internal sealed class OverclaimChecker : RuleChecker
{
    private static readonly HashSet<string> NotOwn = ["will", "would", "all", "every", "everywhere", "always", "never", "the", "a", "that"];

    private readonly PhraseSet claims;
    private readonly PhraseSet harmless;
    private readonly PhraseSet attributions;

    public OverclaimChecker(RuleSettings settings)
    {
        var list = settings.List("lexicon", "overclaim.txt").Only("claims", "harmless", "attributions");
        (claims, harmless, attributions) = (list.Phrases("claims"), list.Phrases("harmless"), list.Phrases("attributions"));
    }

    public override IEnumerable<Finding> Check(RuleContext context)
    {
        var failed = false;
        foreach (var sentence in context.AnswerSentences.Where(s => s.Kind == SentenceKind.Answer))
        {
            var plain = context.Plain(sentence.Text);
            var tokens = context.Words(sentence.Text);
            var spared = harmless.Find(tokens);
            foreach (var hit in claims.Find(tokens))
            {
                if (spared.Any(s => s.Span.Overlaps(hit.Span)) || InQuotes(plain, hit.Span)) continue;
                var words = hit.Span.In(plain);
                var source = Backed(words, sentence, context);
                if (source is not null && NamesWhose(tokens, sentence, context)) continue;
                failed = true;
                yield return Fail(
                    new RuleTarget("sentence", FormattableString.Invariant($"{sentence.Number}"), hit.Span.Start, hit.Span.End),
                    source is null ? $"“{words}” claims more than the cited source says." : $"The source says “{words}”, but the sentence does not say whose claim it is.",
                    new RuleEvidence(words, source?.Id));
            }
        }

        if (!failed) yield return Pass(Whole(context), "No overclaim was found.");
    }

    // A quoted claim is the source's own words; VG03 checks that they are.
    private static bool InQuotes(string text, TextSpan span) =>
        text.AsSpan(0, span.Start).Count('“') > text.AsSpan(0, span.Start).Count('”') || (text.AsSpan(0, span.Start).Count('"') % 2 == 1 && text.AsSpan(span.End).Contains('"'));

    private static RulePassage? Backed(string words, RuleSentence sentence, RuleContext context)
    {
        var stems = Words.Split(words).Where(w => !NotOwn.Contains(w.Text)).Select(w => StemmedWords.Stem(w.Text)).ToArray();
        return sentence.Citations.Select(context.PassageOf).FirstOrDefault(p => p is not null && stems.Length > 0
            && StemmedWords.Of(p.Text) is var all && stems.All(s => all.Contains(s, StringComparer.Ordinal)));
    }

    private bool NamesWhose(Tokens tokens, RuleSentence sentence, RuleContext context)
    {
        if (attributions.Any(tokens)) return true;
        string[] members = [.. sentence.Citations.Select(context.PassageOf).OfType<RulePassage>()
            .SelectMany(p => (p.LeadMember is null ? [] : new[] { p.LeadMember }).Concat(p.Partners ?? []))];
        var text = Levelling.Level(sentence.Text);
        if (members.Any(m => text.Contains(Levelling.Level(m), StringComparison.Ordinal))) return true;
        var finder = new CouncilFinder(context.Councils, members);
        var named = finder.Find(AnalysedText.Of(context.Plain(sentence.Text), GroundingLexicon.Default));
        return finder.OfMembers(members).Any(m => named.Any(m.IsSame));
    }
}
