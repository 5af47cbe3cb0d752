using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using CoopAI.Core.Briefs;
using CoopAI.Core.Corpus;
using CoopAI.Core.Language;

namespace CoopAI.Core.Cards;

/// <summary>Reads from a case study what it states and what it leaves out.</summary>
public static partial class EvidenceCards
{
    public const int MaxFigures = 8;

    // A case study does not change, and popular ones stand in many answers; a card goes with its case study.
    private static readonly ConditionalWeakTable<CaseStudy, EvidenceCard> Cards = [];

    /// <summary>The card of one case study. Deterministic; time linear in the text, once for each object.</summary>
    public static EvidenceCard Of(CaseStudy caseStudy)
    {
        ArgumentNullException.ThrowIfNull(caseStudy);
        return Cards.GetValue(caseStudy, Read);
    }

    private static EvidenceCard Read(CaseStudy caseStudy)
    {
        var sentences = Sentences.Split(caseStudy.Text).Select(s => s.In(caseStudy.Text)).ToList();
        return new EvidenceCard(
            caseStudy.Year is { } year ? FormattableString.Invariant($"{year}") : "undated",
            caseStudy.LeadMember ?? "not stated",
            sentences.Select(s => (Sentence: s, Strength: OutcomeStrength(s))).Where(s => s.Strength > 0)
                .OrderByDescending(s => s.Strength).Select(s => s.Sentence).FirstOrDefault(),
            sentences.FirstOrDefault(s => Money().IsMatch(s)),
            Figures(caseStudy.Text));
    }

    /// <summary>How clearly a sentence states what came of the work: 0 not at all, 1 a change, 2 a change with a figure.</summary>
    public static int OutcomeStrength(string sentence) =>
        !Change().IsMatch(sentence) || Plan().IsMatch(sentence) ? 0 : Figure().Matches(sentence).Any(m => !IsYear(m)) ? 2 : 1;

    /// <summary>Amounts, shares and counts with the words they count, as written; years and dates are none.</summary>
    public static IReadOnlyList<string> Figures(string text) =>
        [.. Figure().Matches(text).Where(m => !IsYear(m)).Select(m => m.Value.Trim().TrimEnd(',')).Distinct(StringComparer.OrdinalIgnoreCase).Take(MaxFigures)];

    private static bool IsYear(Match figure) => figure.Groups["bare"].Success
        && YearLike().IsMatch(figure.Groups["bare"].Value);

    // A figure: money, a percentage, or a number with up to two words after it ("40 organisations", "24 local firms").
    [GeneratedRegex(
        @"(?:(?:more than|over|about|around|nearly|almost|at least|up to|some)\s+)?(?:£\s?\d[\d,]*(?:\.\d+)?(?:\s?(?:million|billion|thousand|bn|m|k)\b)?|\d[\d,]*(?:\.\d+)?\s?(?:%|per cent\b)|(?<![\w./-])(?<bare>\d[\d,]*(?:\.\d+)?(?![\w./]))(?!\s(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b)(?:\s(?!and\b|the\b|in\b|to\b|of\b|by\b|on\b|at\b|for\b|it\b|with\b|was\b|were\b|is\b|are\b|has\b|have\b|had\b|from\b|across\b|came\b|took\b|met\b|moved\b|who\b|that\b|which\b|as\b|an?\b|or\b|per\b)[a-z][\w-]*){0,2})",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 2000)]
    private static partial Regex Figure();

    [GeneratedRegex(@"^(?:1[89]|20)\d\d$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 2000)]
    private static partial Regex YearLike();

    [GeneratedRegex(
        @"£\s?\d|\b(?:cost|costs|costing|funded|funding|budget|grants? of|invest(?:ed|ment)|worth)\b[^.]{0,60}\d|\b\d[\d,.]*\s?(?:pounds|million|bn)\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 2000)]
    private static partial Regex Money();

    [GeneratedRegex(
        @"\b(?:results?|resulted|outcomes?|led to|as a result|since then|sav(?:ed|es|ing|ings)|reduc(?:ed|es|tion)|cut|fell|fallen|rose|risen|grew|grown|increas(?:ed|es|e)|improv(?:ed|es|ement)|rais(?:ed|es)|creat(?:ed|es)|helped|supported|reached|achiev(?:ed|es)|won|secured|delivered|trained|recruited|gained|evaluation|found that|showed|learned|learnt|success|benefit(?:ed|s)?|took part|have taken part|attended|distributed|gave out|built|opened|returned)\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 2000)]
    private static partial Regex Change();

    [GeneratedRegex(@"\b(?:will|would|aims?|aimed|plans?|planned|hopes?|intends?|proposes?|should|seeks?|expected)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 2000)]
    private static partial Regex Plan();
}
