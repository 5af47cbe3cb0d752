using CoopAI.Core.Briefs;
using CoopAI.Core.Guidance;

namespace CoopAI.Orchestration.Asking;

/// <summary>How a part ends: from what was found, what stands of the draft, and what of the question is in none of it.</summary>
internal static class PartOutcome
{
    /// <summary>After the answer rules.</summary>
    public static void Decide(AskPart part, GuidanceOutcome said)
    {
        if (said.BlockedBy.Count > 0)
        {
            part.Decide(said.LacksEvidence ? Outcome.NotFound : Outcome.Held, said.Reply ?? NotFoundText(part));
            return;
        }

        part.Missing = part.Plan!.Missing;
        if (part.Missing is not null) part.NotCovered.Add(part.Missing);
        part.Decide(part.Plan.Outcome, Summary(part));
    }

    /// <summary>After a search that found nothing to use.</summary>
    public static void NotFound(AskPart part) => part.Decide(Outcome.NotFound, NotFoundText(part));

    /// <summary>Longest question that is repeated to the asker.</summary>
    private const int LongestShown = 140;

    // What was looked for, and what came nearest.
    private static string NotFoundText(AskPart part)
    {
        var asked = part.Reading?.Asked ?? part.Question.Text;
        var space = asked.Length <= LongestShown ? 0 : asked.LastIndexOf(' ', LongestShown);
        var sought = asked.Length <= LongestShown ? asked : asked[..(space > 0 ? space : LongestShown)] + " …";
        var nearest = part.Plan?.Nearest.Select(s => s.CaseStudy).FirstOrDefault();
        string[] said =
        [
            .. part.Plan?.First ?? [],
            $"No case study speaks to “{sought}”.",
            nearest is null ? "None passes the filter." : $"The nearest is “{nearest.Title}”{(nearest.LeadMember is { } council ? $" ({council})" : "")}; it may not help.",
            "Ask in other words, or ask the Network or a peer council.",
        ];
        return string.Join(' ', said);
    }

    private static string Summary(AskPart part)
    {
        var count = part.Said.SelectMany(s => s.Citations).Select(c => c.Slug).Distinct(StringComparer.Ordinal).Count();
        var found = (part.Plan!.Outcome, count) switch
        {
            (Outcome.MayHelp, 1) => "One case study comes near and may help.",
            (Outcome.MayHelp, _) => FormattableString.Invariant($"{count} case studies come near and may help."),
            (_, 1) => "One case study speaks to this.",
            _ => FormattableString.Invariant($"{count} case studies speak to this."),
        };
        return string.Join(' ', [.. part.Plan.First, found, .. part.Missing is { } missing ? [missing] : Array.Empty<string>()]);
    }
}
