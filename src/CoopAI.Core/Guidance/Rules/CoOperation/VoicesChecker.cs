using CoopAI.Core.Language;
using CoopAI.Core.Verdicts;

namespace CoopAI.Core.Guidance.Rules.CoOperation;

/// <summary>VG15: an answer that offers options says who should have a say: residents or users, and staff, unions or councillors.</summary>
internal sealed class VoicesChecker : RuleChecker
{
    private static readonly IReadOnlyList<string> Groups = ["residents_or_users", "staff_unions_or_councillors"];

    private readonly PhraseSet options;
    private readonly PhraseSet involving;
    private readonly PhraseSet not;
    private readonly Dictionary<string, PhraseSet> groups;
    private readonly IReadOnlyList<string> need;

    public VoicesChecker(RuleSettings settings)
    {
        var list = settings.List("lexicon", "voices.txt").Only(["offers-options", "involving-verbs", "not-involving", .. Groups]);
        (options, involving, not) = (list.Phrases("offers-options"), list.Phrases("involving-verbs"), list.Phrases("not-involving", required: false));
        groups = Groups.ToDictionary(g => g, g => list.Phrases(g), StringComparer.Ordinal);
        need = settings.Texts("need", Groups, Groups);
    }

    public override IEnumerable<Finding> Check(RuleContext context)
    {
        var read = context.AnswerSentences.Select(s => (Sentence: s, Tokens: context.Words(s.Text))).ToList();
        if (!read.Any(r => options.Any(r.Tokens)))
        {
            yield return NotApplicable(Whole(context), "The answer reports and offers no options.");
            yield break;
        }

        var met = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (sentence, tokens) in read)
        {
            var spared = not.Find(tokens);
            if (!involving.Find(tokens).Any(m => !spared.Any(s => s.Span.Overlaps(m.Span)))) continue;
            foreach (var group in need)
            {
                if (groups[group].Find(tokens).Any(m => !spared.Any(s => s.Span.Overlaps(m.Span)))) met.TryAdd(group, sentence.Text);
            }
        }

        var missing = need.Where(n => !met.ContainsKey(n)).ToArray();
        yield return missing.Length == 0
            ? Pass(Whole(context), "The answer says who should have a say.", [.. met.Values.Distinct(StringComparer.Ordinal).Select(s => new RuleEvidence(Cut(s)))])
            : Fail(Whole(context), $"The answer offers options but does not involve {string.Join(" or ", missing.Select(m => m.Replace("_or_", ", ", StringComparison.Ordinal).Replace('_', ' ')))}.") with { Line = "prompt" };
    }
}
