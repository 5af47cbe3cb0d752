using System.Globalization;
using System.Text.RegularExpressions;

namespace CoopAI.Core.Cards;

/// <summary>Reads when the work was done. Years of laws, censuses, surveys and reports, of history, of targets and of the page itself are no period.</summary>
internal static partial class PeriodReader
{
    // Years more than this before the latest one tell how things were, not when the work was done.
    private const int History = 12;

    // The expressions below see this much of a sentence at most and repeat nothing inside a repeat: their time is bounded.
    private const int Near = 160;

    private static readonly CueList Source = new("census, act, index, survey, statistics, ons, article, regulations, review, indices, edition, wave, acts, election, elections, referendum, olympics, jubilee, figures, data, estimate, estimates, ratings");
    private static readonly CueList Later = new("by, until, target, extension, forecast, horizon");
    private static readonly CueList Ongoing = new("plan, plans, strategy, programme, runs, run, contract, framework");

    /// <param name="sentences">The text's sentences, in order.</param>
    /// <param name="title">Its years count only when the text has none.</param>
    /// <param name="year">The year that the source's list gives, or null.</param>
    public static CardPeriod Read(IReadOnlyList<string> sentences, string title, int? year)
    {
        var named = new List<(int From, int To, bool Range, bool Closed, bool Label, string Quote)>();
        int? end = null;
        string? endQuote = null;
        var background = new List<int>();
        foreach (var sentence in sentences)
        {
            if (Page().IsMatch(sentence) && sentence.Length < 60) continue;
            foreach (Match match in YearMention().Matches(sentence))
            {
                var from = int.Parse(match.Groups["from"].ValueSpan, CultureInfo.InvariantCulture);
                var to = match.Groups["to"] is { Success: true } second ? Full(from, second.Value) : from;
                if (to < from) to = from;
                // What stands near decides, and a text of one endless sentence is read in a time that grows with its length.
                var before = sentence[Math.Max(0, match.Index - Near)..match.Index];
                var after = sentence[(match.Index + match.Length)..Math.Min(sentence.Length, match.Index + match.Length + Near)];
                if (IsCount(before, after)) continue;
                if (IsLabel(before, after))
                {
                    named.Add((from, to, to > from, true, true, sentence));
                    continue;
                }

                if (IsSource(before, after)) continue;
                if (match.Groups["to"] is { Success: true } && EndWord().IsMatch(before)) { named.Add((from, to, true, true, false, sentence)); continue; }
                if (IsLater(before, after, out var planned))
                {
                    if (planned) (end, endQuote) = (from, sentence);
                    continue;
                }

                if (IsAside(before)) { background.Add(from); continue; }
                named.Add((from, to, to > from, to > from || Lasted(before, after, sentence), false, sentence));
            }
        }

        if (named.FirstOrDefault(n => n.Label) is { Quote: not null } label)
            named = [.. named.Where(n => n.Label || n.From >= label.From - 1)];
        if (named.Count > 0)
        {
            var latest = named.Max(n => n.To);
            named = [.. named.Where(n => n.From >= latest - History)];
            // A named span ("a strategy for 2019 to 2024") holds the single years inside it.
            var first = named.MinBy(n => n.From);
            var last = named.Max(n => n.To);
            int? to = named.Count == 1 || last == first.From ? (named.Any(n => n.Closed && n.To == last) ? last : null) : last;
            return new CardPeriod(first.From, to, PeriodBasis.Text, first.Quote);
        }

        if (end is { } until) return new CardPeriod(null, until, PeriodBasis.Text, endQuote);
        if (year is { } field) return new CardPeriod(field, field, PeriodBasis.Field);
        foreach (Match match in YearMention().Matches(title))
        {
            var from = int.Parse(match.Groups["from"].ValueSpan, CultureInfo.InvariantCulture);
            var to = match.Groups["to"] is { Success: true } second ? Full(from, second.Value) : from;
            return new CardPeriod(from, Math.Max(from, to), PeriodBasis.Text, null);
        }

        return CardPeriod.Unknown;
    }

    private static int Full(int from, string to) => to.Length == 2 ? (from / 100 * 100) + int.Parse(to, CultureInfo.InvariantCulture) : int.Parse(to, CultureInfo.InvariantCulture);

    // "A 2022 Policy Lab", "a policy lab of 2022": the source says which year the work belongs to.
    private static bool IsLabel(string before, string after) =>
        (ArticleEnd().IsMatch(before) && LabelAfter().IsMatch(after)) || LabelBefore().IsMatch(before);

    private static bool IsSource(string before, string after)
    {
        // Only words of the same bracket or phrase count.
        var near = LastWords(before, 3);
        var next = FirstWords(after, 2);
        return NamedByYear().IsMatch(before) || Source.In(near, "") || Source.In(next, "") || (before.LastIndexOf('(') > before.LastIndexOf(')') && !Recent().IsMatch(before) && HasCapital(before[(before.LastIndexOf('(') + 1)..]))
            || SinceBackground().IsMatch(before);
    }

    private static bool HasCapital(string bracket) => bracket.Any(char.IsUpper);

    private static bool IsLater(string before, string after, out bool planned)
    {
        planned = false;
        if (RunsTo().IsMatch(before)) return planned = true;
        return LaterBefore().IsMatch(before) && !DueBy().IsMatch(before) && !DoneBy().IsMatch(after);
    }

    // "a town council that declared an emergency in 2019": a year that describes, not one that dates the work.
    private static bool IsAside(string before) => Restrictive().IsMatch(before);

    // The work itself is dated by one year when what happened in it has an end: it was worked on, reviewed, held, asked.
    private static bool Lasted(string before, string after, string sentence) => WorkIn().IsMatch(before) || InYearWorked().IsMatch(before + "\u0001" + after);

    private static string[] LastWords(string text, int n) => [.. Language.Words.Split(text).Select(w => w.Text).TakeLast(n)];

    private static string[] FirstWords(string text, int n) => [.. Language.Words.Split(text).Select(w => w.Text).Take(n)];


    [GeneratedRegex(@"\b(?<from>(?:19|20)\d\d)(?:\s?(?:-|–|—|/|to)\s?(?<to>(?:19|20)\d\d|\d\d)\b)?", RegexOptions.CultureInvariant)]
    private static partial Regex YearMention();

    // "£2020", "2,019", "2019 people", "45 2019": a sum or a count.
    private static bool IsCount(string before, string after) =>
        (before.Length > 0 && before[^1] is '£' or '€' or '$' or '.' or ',' or '/' or '-') || CountAfter().IsMatch(after);

    [GeneratedRegex(@"^(?:[.,]\d|s\b|\s?%|\s(?:per cent|homes|people|households|residents|members|jobs|pupils|families)\b)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex CountAfter();

    [GeneratedRegex(@"^(?:Published|Updated|Posted|Dated|Page dated|Written)\b", RegexOptions.CultureInvariant)]
    private static partial Regex Page();

    [GeneratedRegex(@"\b(?:an?|the|this)\s$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ArticleEnd();

    [GeneratedRegex(@"^\s(?:policy lab|lab|policy prototype|prototype|action learning)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex LabelAfter();

    [GeneratedRegex(@"\b(?:policy lab|lab|prototype|project|study visit)\s(?:of|from|in)\s$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex LabelBefore();

    [GeneratedRegex(@"\b(?:for|from|of|in|between|during|strategy|plan|over)\s$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex EndWord();

    [GeneratedRegex(@"\b(?:in|since|from|by|early|late|spring|summer|autumn|winter|january|february|march|april|may|june|july|august|september|october|november|december)\s$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Recent();

    // "the report of January 2020", "an agreement of 2015": the year names a paper.
    [GeneratedRegex(@"\b(?:report|reports|agreement|declaration|publication|paper|motion|review|study|book|article|white paper|strategy paper|survey|letter|speech|manifesto|case study)\sof\s(?:\w+\s)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NamedByYear();

    // "nothing since 2010", "down since 2010": how things went everywhere, not when the work began.
    [GeneratedRegex(@"\b(?:nothing|little|fallen|lost|cut|cuts|worse|down|up|risen|grown|fell|gap|peak|by \d+%|per cent|%)\b[^.;]{0,40}\bsince(?: about)?\s$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SinceBackground();

    [GeneratedRegex(@"\b(?:runs|run|running|plan|strategy|programme|lasts|continues)\b[^.,;]{0,20}\b(?:to|until|till|up to)\s$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex RunsTo();

    [GeneratedRegex(@"\b(?:by|by the end of|before|until|to|till|extension to|rise to|target of|ready for|beyond)\s(?:\w+\s){0,2}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex LaterBefore();

    // "By 2023 the shop had trained 24 residents": done, not planned.
    [GeneratedRegex(@"^,?\s[^.;:]{0,60}\b(?:had|was|were)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex DoneBy();

    [GeneratedRegex(@"\b(?:due|open|opened|complete|completed|finished|had|were|was|been)\b[^.;,]{0,30}\bby\s(?:\w+\s){0,4}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex DueBy();

    [GeneratedRegex(@"\b(?:council|councils|crisis|pandemic|body|group|place|town|city|authority|people|company|charity|trust|firm|area|school)\s(?:that|who)\s[^,;:.]*$|\b(?:previous|earlier|former)\b[^,;:.]*$|\b(?:set up|began|founded|built|formed|existed|known)\b[^,;:.]{0,25}\b(?:in the|back in|since the)\s[^,;:.]*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Restrictive();

    [GeneratedRegex(@"\b(?:worked|ran|took place|was held|were held|was done|was carried out|lasted|met|trained|visited)\s(?:\w+\s){0,3}(?:in|during|throughout|through|over)\s$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex WorkIn();

    [GeneratedRegex("^(?:In|During|Throughout)\\s\u0001[^.;:]{0,80}\\b(?:worked|ran|held|took part|visited|trained)\\b", RegexOptions.CultureInvariant)]
    private static partial Regex InYearWorked();
}
