using System.Text.RegularExpressions;
using CoopAI.Core.Corpus;

namespace CoopAI.Core.Cards;

/// <summary>Bodies other than councils that a case study names as taking part.</summary>
/// <remarks>Members of its own lists that are no councils, and names with a word that only bodies bear ("Trust", "University") after "with", "by", "from" and the like.</remarks>
internal static partial class PartnerReader
{
    public const int Most = 12;

    public static IReadOnlyList<string> Read(CaseStudy caseStudy)
    {
        var partners = new List<string>();
        var councils = caseStudy.Councils.ToList();
        foreach (var member in councils.Where(m => !IsCouncil(m))) Add(member);
        foreach (Match match in Named().Matches(caseStudy.Text))
        {
            var name = Possessive().Replace(match.Groups["name"].Value.Trim(), "");
            if (name != "UK" && name != "Group" && !IsCouncil(name) && Head().IsMatch(name)) Add(name);
        }

        return partners;

        void Add(string name)
        {
            if (partners.Count < Most && !partners.Any(p => p.Contains(name, StringComparison.OrdinalIgnoreCase) || name.Contains(p, StringComparison.OrdinalIgnoreCase))) partners.Add(name);
        }
    }

    private static bool IsCouncil(string name) => CouncilName().IsMatch(name) && !name.Contains("Network", StringComparison.Ordinal);

    [GeneratedRegex(@"['’]s?$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex Possessive();

    [GeneratedRegex(@"(?:council|borough of .+|city of .+)$|^(?:london borough|royal borough)", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex CouncilName();

    [GeneratedRegex(@"\b(?:with|by|from|to|and|of|supported|joined|hired|appointed|through|in|the|body|charity|firm|tool|,)\s(?:the\s)?(?<name>(?:[A-Z][\w&'’-]*|UK)(?:\s(?:(?:of|for|and|&|the)\s){0,2}(?:[A-Z][\w&'’-]*|UK)){0,6}(?:\s\([A-Z][\w]{1,8}\))?)", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex Named();

    [GeneratedRegex(@"\b(?:Association|Agency|Alliance|Trust|University|College|Colleges|Forum|Foundation|Consortium|Centre|Society|Company|CIC|Ltd|Limited|LLP|Solicitors|Academy|Hospital|Charity|Union|Federation|Church|Institute|Institution|NHS|Friends|Strategies|Growing Network|Growth Board|Quadrant|Earthwatch|RSA|Locality|Mind|Age UK|Citizens Advice|Co-operatives UK|Co-operative Futures|Partners|Chamber|Club|Clubs|Theatre|Museum|Gallery|Commission Group|Poverty Group|Group)\b|UK$|School$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex Head();
}
