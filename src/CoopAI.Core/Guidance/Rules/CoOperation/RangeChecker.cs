using System.Globalization;
using CoopAI.Core.Briefs;
using CoopAI.Core.Corpus;
using CoopAI.Core.Verdicts;

namespace CoopAI.Core.Guidance.Rules.CoOperation;

/// <summary>VG18: hears from a range of councils.</summary>
internal sealed class RangeChecker(RuleSettings settings) : RuleChecker
{
    private readonly int minCouncils = settings.Integer("min_councils", 3, 1, 20);
    private readonly double maxShare = settings.Number("max_share", 0.6, 0, 1);

    public override IEnumerable<Finding> Check(RuleContext context)
    {
        var byId = context.Passages.GroupBy(p => p.Id, StringComparer.Ordinal).ToDictionary(g => g.Key, g => CouncilOf(g.First(), context.Councils), StringComparer.Ordinal);
        var available = byId.Values.Distinct(StringComparer.Ordinal).Count();
        if (available == 0)
        {
            yield return NotApplicable(Whole(context), "There are no passages to compare.");
            yield break;
        }

        var cited = context.Stage == Stage.Answer
            ? context.AnswerSentences.Where(s => s.Kind == SentenceKind.Answer).SelectMany(s => s.Citations).Where(byId.ContainsKey).Select(id => byId[id]).ToList()
            : [.. context.Passages.Select(p => byId[p.Id])];
        if (cited.Count == 0)
        {
            yield return NotApplicable(Whole(context), "Nothing is cited.");
            yield break;
        }

        var shares = cited.GroupBy(c => c, StringComparer.Ordinal).Select(g => (Council: g.Key, Count: g.Count())).OrderByDescending(g => g.Count).ThenBy(g => g.Council, StringComparer.Ordinal).ToList();
        var wanted = Math.Min(minCouncils, available);
        // With few councils to hear from, arithmetic alone can force a share above the limit: 2 of 3 citations when there are two councils.
        var least = Math.Ceiling((double)cited.Count / available) / cited.Count;
        var share = (double)shares[0].Count / cited.Count;
        var evidence = shares.Select(s => new RuleEvidence(string.Create(CultureInfo.InvariantCulture, $"{s.Council}: {s.Count} of {cited.Count}"))).Append(new RuleEvidence(string.Create(CultureInfo.InvariantCulture, $"Councils available: {available}"))).ToArray();
        if (context.Stage == Stage.Answer && shares.Count < wanted)
            yield return Fail(Whole(context), string.Create(CultureInfo.InvariantCulture, $"The answer hears from {shares.Count} of {wanted} councils that it could hear from."), evidence) with { Line = "line" };
        else if (share > Math.Max(maxShare, least) && available > 1 && cited.Count > 1)
            yield return Fail(Whole(context), string.Create(CultureInfo.InvariantCulture, $"{shares[0].Council} stands behind {share:P0} of it."), evidence) with { Line = "line" };
        else yield return Pass(Whole(context), "The evidence comes from a range of councils.", evidence);
    }

    // A council that the table does not know is told apart by its place: its record may be spelt with and without "Council".
    private static string Spelling(string lead) => string.Join(' ', CouncilWords.Place(CouncilWords.Of(lead))) is { Length: > 0 } place ? place : lead;

    // Pages without a lead member are not known to be of one council, so each counts for itself; passages of one page are one.
    private static string CouncilOf(RulePassage passage, CouncilTable councils) =>
        passage.LeadMember is { Length: > 0 } lead ? councils.OfficialName(lead) ?? Spelling(lead) : $"not recorded ({passage.Slug ?? passage.Id.Split('#')[0]})";
}
