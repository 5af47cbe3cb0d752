using System.Globalization;
using CoopAI.Core.Language;

namespace CoopAI.Core.Cards;

/// <summary>A number that a sentence prints, with what it counts, before anybody decided whether it tells of the work.</summary>
/// <param name="Value">As printed, with bound, adjectives and noun.</param>
/// <param name="Of">The adjectives and noun; empty when the number stands alone.</param>
/// <param name="Number">The number itself in lower case: "5,308", "six", "£7.7m".</param>
internal sealed record PrintedNumber(string Value, string Of, string Number, NumberKind Kind, bool Bound, TextSpan Span);

internal enum NumberKind { Count, Money, Share, Duration }

/// <summary>Finds the numbers of a sentence. Years, dates, ordinals, "one" and numbers inside names are none.</summary>
internal static class FigureReader
{
    private static readonly string[] Bounds =
    [
        "more than", "fewer than", "less than", "little more than", "at least", "at most", "up to", "over", "under", "below", "above", "about", "around", "some", "almost", "nearly", "only", "just over", "just under", "roughly",
        "approximately", "close to", "as many as", "no fewer than", "well over", "c.", "circa",
    ];

    private static readonly Dictionary<string, int> Words0 = new(StringComparer.Ordinal)
    {
        ["two"] = 2,
        ["three"] = 3,
        ["four"] = 4,
        ["five"] = 5,
        ["six"] = 6,
        ["seven"] = 7,
        ["eight"] = 8,
        ["nine"] = 9,
        ["ten"] = 10,
        ["eleven"] = 11,
        ["twelve"] = 12,
        ["thirteen"] = 13,
        ["fourteen"] = 14,
        ["fifteen"] = 15,
        ["sixteen"] = 16,
        ["seventeen"] = 17,
        ["eighteen"] = 18,
        ["nineteen"] = 19,
        ["twenty"] = 20,
        ["thirty"] = 30,
        ["forty"] = 40,
        ["fifty"] = 50,
        ["sixty"] = 60,
        ["seventy"] = 70,
        ["eighty"] = 80,
        ["ninety"] = 90,
        ["hundred"] = 100,
        ["hundreds"] = 100,
        ["thousand"] = 1000,
        ["thousands"] = 1000,
        ["dozen"] = 12,
        ["dozens"] = 12,
        ["million"] = 1000000,
        ["millions"] = 1000000,
    };

    private static readonly CueList Units = new("million, billion, thousand, hundred, m, bn, k, dozen");
    private static readonly CueList Months = new("january, february, march, april, may, june, july, august, september, october, november, december, jan, feb, mar, apr, jun, jul, aug, sep, sept, oct, nov, dec");
    private static readonly CueList Time = new("year, years, month, months, week, weeks, day, days, hour, hours, minutes");
    private static readonly CueList Stop = new("""
        and, or, the, a, an, in, to, of, by, on, at, for, it, with, was, were, is, are, has, have, had, from, across, who, that, which, as, per, be, been, will, would, can, could, may, might, so, but, then, when, where, while, than, also,
        into, out, up, down, off, over, under, through, between, among, during, since, until, after, before, each, all, its, their, his, her, this, these, those, not, no, if, because, about, around, look, take, make, come, go, get, give, run, use,
        offer, offers, live, work, help, need, want, left, now, still, already, apart, alone, together, wide, long, old, high, us, we, they, he, she, i, you, our, your, there, here, exist, only, both, do, did, does
        """);
    private static readonly CueList HeadPeople = new("people, children, men, women, staff, police, offspring, youth, personnel, sheep, fish, co-operatives");

    public static IReadOnlyList<PrintedNumber> Find(string sentence)
    {
        var words = Tokens(sentence);
        var found = new List<PrintedNumber>();
        for (var i = 0; i < words.Count; i++)
        {
            var (text, span) = words[i];
            var lower = text.ToLowerInvariant();
            var money = span.Start > 0 && MoneyMark(sentence, span.Start, out _);
            var digits = char.IsAsciiDigit(lower[0]);
            var first = lower.Split('-')[0];
            if (!digits && !Words0.ContainsKey(lower) && !(lower.Contains('-', StringComparison.Ordinal) && Words0.ContainsKey(first))) continue;
            if (digits && !money && (IsYearLike(lower, sentence, span) || IsDate(words, i) || IsInName(words, i, sentence))) continue;
            // "four in ten", "3 out of 5": a share of a population in words.
            if (i + 2 < words.Count && (words[i + 1].Text is "in" || (words[i + 1].Text is "out" && words[i + 2].Text is "of")) && words.Skip(i + 2).Take(2).Any(w => Words0.ContainsKey(w.Text) || char.IsAsciiDigit(w.Text[0])) && !words.Skip(i + 2).Take(1).Any(w => OutcomeFeatures.IsYear(w.Text)))
            {
                i += 2;
                continue;
            }

            if (!digits && lower.Contains('-', StringComparison.Ordinal) && !Words0.ContainsKey(lower.Split('-')[^1]) && !Time.Word(lower.Split('-')[1])) continue;

            var kind = money ? NumberKind.Money : NumberKind.Count;
            var start = span.Start;
            if (money) MoneyMark(sentence, span.Start, out start);
            var end = span.End;
            var last = i;
            // "£18.6 million", "a hundred", "£2million"
            while (last + 1 < words.Count && Units.Word(words[last + 1].Text.ToLowerInvariant()) && Gap(sentence, end, words[last + 1].Span.Start)) end = words[++last].Span.End;
            if (last + 1 < words.Count && kind == NumberKind.Count && words[last + 1].Text is "pounds") { kind = NumberKind.Money; end = words[++last].Span.End; }
            if (Percent(sentence, end, out var percentEnd)) { kind = NumberKind.Share; end = percentEnd; while (last + 1 < words.Count && words[last + 1].Span.Start < end) last++; }
            var number = sentence[start..end].ToLowerInvariant();
            if (i > 0 && lower is "hundred" or "hundreds" or "thousand" or "thousands" or "dozen" or "dozens" or "million" or "millions" && words[i - 1].Text is "a" or "A" or "one" or "several" or "many" && Gap(sentence, words[i - 1].Span.End, start)) start = words[i - 1].Span.Start;

            var of = "";
            if (kind is NumberKind.Count)
            {
                if (lower.Contains('-', StringComparison.Ordinal) && Time.Word(lower.Split('-')[^1]))
                {
                    kind = NumberKind.Duration;
                    if (last + 1 < words.Count && Gap(sentence, end, words[last + 1].Span.Start) && !Stop.Word(words[last + 1].Text.ToLowerInvariant())) { of = words[last + 1].Text; end = words[++last].Span.End; }
                }
                else if (lower is "hundreds" or "thousands" or "dozens" or "millions" && last + 2 < words.Count && words[last + 1].Text == "of")
                {
                    (of, end) = Noun(words, last + 2, sentence, words[last + 1].Span.End);
                    if (of.Length == 0) end = words[last].Span.End;
                }
                else
                {
                    var (noun, nounEnd) = Noun(words, last + 1, sentence, end);
                    if (noun.Length > 0) (of, end) = (noun, nounEnd);
                    if (of.Length > 0 && Time.Word(of.Split(' ')[^1].ToLowerInvariant())) kind = NumberKind.Duration;
                }
            }

            var bound = false;
            foreach (var b in Bounds.OrderByDescending(b => b.Length))
            {
                var at = start - b.Length - 1;
                if (at < 0 || string.Compare(sentence, at, b, 0, b.Length, StringComparison.OrdinalIgnoreCase) != 0 || !char.IsWhiteSpace(sentence[start - 1]) || (at > 0 && char.IsLetterOrDigit(sentence[at - 1]))) continue;
                // "over three years" tells how long, not at least how long.
                if (kind == NumberKind.Duration && b == "over") break;
                // "a case study about two reports": before a small number in letters the word is a preposition.
                if (b is "about" or "over" or "around" or "under" or "above" or "below" && char.IsLetter(number[0]) && Words0.TryGetValue(number, out var small) && small < 20) break;
                start = at;
                bound = true;
                break;
            }

            found.Add(new PrintedNumber(sentence[start..end], of, number, kind, bound, new TextSpan(start, end)));
            while (i + 1 < words.Count && words[i + 1].Span.End <= end) i++;
        }

        return found;
    }

    private static (string Noun, int End) Noun(List<(string Text, TextSpan Span)> words, int from, string sentence, int end)
    {
        var start = -1;
        for (var k = from; k < words.Count && k < from + 5; k++)
        {
            var word = words[k].Text;
            var lower = word.ToLowerInvariant();
            if (!Gap(sentence, k == from ? end : words[k - 1].Span.End, words[k].Span.Start)) break;
            if (lower == "more" && k == from)
            {
                var (rest, restEnd) = Noun(words, k + 1, sentence, words[k].Span.End);
                return (rest.Length > 0 ? sentence[words[k].Span.Start..restEnd] : word, rest.Length > 0 ? restEnd : words[k].Span.End);
            }

            if (Stop.Word(lower) || char.IsAsciiDigit(word[0])) break;
            if (start < 0) start = words[k].Span.Start;
            if (HeadPeople.Word(lower) || (lower.Length > 3 && lower.EndsWith('s') && !lower.EndsWith("ss", StringComparison.Ordinal) && !lower.EndsWith("'s", StringComparison.Ordinal) && !lower.EndsWith("’s", StringComparison.Ordinal) && !lower.EndsWith("ous", StringComparison.Ordinal)))
            {
                // "28 member organisations": a plural before a plural is no head.
                return (sentence[start..words[k].Span.End], words[k].Span.End);
            }
        }

        return ("", end);
    }

    // One space, or none, and no mark between the words.
    private static bool Gap(string sentence, int from, int to) => to - from <= 1 && sentence.AsSpan(from, to - from).IsWhiteSpace();

    private static bool MoneyMark(string sentence, int at, out int start)
    {
        start = at;
        var k = at - 1;
        while (k > 0 && sentence[k] == ' ') k--;
        if (k < 0 || sentence[k] is not ('£' or '€' or '$')) return false;
        start = k;
        return true;
    }

    private static bool Percent(string sentence, int at, out int end)
    {
        end = at;
        foreach (var mark in new[] { "%", " %", " per cent", " percent", "pc" })
        {
            if (string.Compare(sentence, at, mark, 0, mark.Length, StringComparison.OrdinalIgnoreCase) != 0) continue;
            if (mark == "pc" && at + 2 < sentence.Length && char.IsLetterOrDigit(sentence[at + 2])) continue;
            end = at + mark.Length;
            return true;
        }

        return false;
    }

    private static bool IsYearLike(string lower, string sentence, TextSpan span) =>
        (OutcomeFeatures.IsYear(lower) && !(span.End < sentence.Length && sentence[span.End] is '%'))
        || (lower.Length == 2 && span.Start >= 5 && sentence[span.Start - 1] is '-' or '/' or '–')
        || (lower.EndsWith('s') && lower.Length is 3 or 5)
        || lower.EndsWith("st", StringComparison.Ordinal) || lower.EndsWith("nd", StringComparison.Ordinal) || lower.EndsWith("rd", StringComparison.Ordinal) || lower.EndsWith("th", StringComparison.Ordinal);

    private static bool IsDate(List<(string Text, TextSpan Span)> words, int i) =>
        (i + 1 < words.Count && Months.Word(words[i + 1].Text.ToLowerInvariant()) && char.IsUpper(words[i + 1].Text[0]))
        || (i > 0 && Months.Word(words[i - 1].Text.ToLowerInvariant()) && char.IsUpper(words[i - 1].Text[0]) && words[i].Text.Length <= 2);

    // "Covid-19", "G20", "Policy Lab 3", "aged 13", "page 4".
    private static bool IsInName(List<(string Text, TextSpan Span)> words, int i, string sentence)
    {
        var at = words[i].Span.Start;
        if (at > 0 && (char.IsLetter(sentence[at - 1]) || (sentence[at - 1] is '-' or '.' or '/' && at > 1 && char.IsLetterOrDigit(sentence[at - 2])))) return true;
        if (i > 1 && i + 1 < words.Count && char.IsUpper(words[i - 1].Text[0]) && char.IsUpper(words[i + 1].Text[0]) && words[i + 1].Span.Start - words[i].Span.End == 1 && at - words[i - 1].Span.End == 1) return true;
        return i > 0 && words[i - 1].Text.ToLowerInvariant() is "aged" or "age" or "page" or "phase" or "stage" or "section" or "chapter" or "figure" or "table" or "zone" or "tier" or "level" or "no" or "version" or "over-" or "under-" or "grade";
    }

    // Letters, digits, apostrophes, hyphens and decimal marks hold a token together.
    private static List<(string Text, TextSpan Span)> Tokens(string s)
    {
        var tokens = new List<(string, TextSpan)>();
        for (var i = 0; i < s.Length;)
        {
            if (!char.IsLetterOrDigit(s[i])) { i++; continue; }
            var start = i;
            var number = char.IsAsciiDigit(s[i]);
            while (i < s.Length && (char.IsLetterOrDigit(s[i]) || (i + 1 < s.Length && char.IsLetterOrDigit(s[i + 1]) && (s[i] is '\'' or '’' or '-' || (s[i] is ',' or '.' && char.IsAsciiDigit(s[i - 1]) && char.IsAsciiDigit(s[i + 1]))))))
            {
                // "£2million", "£31m": the number ends where letters begin, its unit is kept with it below.
                if (number && s[i] == '-' && char.IsAsciiDigit(s[i + 1])) break;
                i++;
            }

            tokens.Add((s[start..i], new TextSpan(start, i)));
        }

        return tokens;
    }
}

/// <summary>What the figure model looks at.</summary>
internal static class FigureFeatures
{
    private static readonly CueList Abstract = new("""
        aims, aim, pillars, priorities, principles, fields, missions, strands, traits, points, values, areas, themes, attributes, objectives, standards, challenges, goals, ways, elements, parts, stages, phases, steps, levels, features,
        questions, lessons, reasons, things, kinds, types, sides, others, times, outcomes, councils, authorities, cities, boroughs, districts, towns, wards, halves, models, sectors, layers, dimensions, workstreams, criteria, conditions, tiers
        """);
    private static readonly CueList Baseline = new("inhabitants, population, census, deprived, deprivation, poverty, register, residents, live, lives, households, turnover, stock, borough, unemployed, homes are, gap, expectancy, adults in, in the country, born, over 65, one in");
    private static readonly CueList Before = new("before, used to, had been, previously, until, once, at the time, ago, since the, peak, history, nearly every, every year, average");

    public static readonly IReadOnlyList<string> Names =
    [
        "happened", "expected", "money", "share", "duration", "bound", "word number", "people", "thing", "abstract noun", "baseline", "before", "stands alone", "first sentence", "past", "national", "about the page", "cost sentence", "more", "large", "compound",
    ];

    public static readonly float[] Belief = [1.6f, 0.4f, 0.8f, -1.2f, -0.4f, 0.3f, -0.2f, 0.5f, 0.5f, -1.6f, -1.4f, -1.2f, -0.4f, -0.2f, 0.4f, -1.2f, -0.3f, 0.8f, 0.5f, -0.3f, -0.3f];

    public const float BeliefBias = -0.4f;

    private static readonly CueList National = new("england, britain, uk, national, country, europe, world, government, everywhere, worldwide");
    private static readonly CueList About = new("case study, page, profile, paper, policy lab");

    /// <summary>One row for each number of a sentence.</summary>
    /// <param name="index">Of the sentence in its text.</param>
    public static IEnumerable<(PrintedNumber Number, float[] Row)> Of(string sentence, int index, double happened, double expected, bool cost)
    {
        var numbers = FigureReader.Find(sentence);
        if (numbers.Count == 0) return [];
        var about = new SentenceSignals(sentence).Has(About);
        var past = MainClause.Of(sentence).Any(OutcomeFeatures.PastForm);
        return [.. numbers.Take(MostInASentence).Select(n => (n, Row(n, sentence, index, happened, expected, cost, about, past)))];
    }

    private const int MostInASentence = 40;

    private static float[] Row(PrintedNumber figure, string sentence, int index, double happened, double expected, bool cost, bool about, bool past)
    {
        var noun = figure.Of.ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var letters = figure.Number.Length > 0 && char.IsLetter(figure.Number[0]);
        var large = figure.Kind == NumberKind.Count && decimal.TryParse(figure.Number, NumberStyles.Number, CultureInfo.InvariantCulture, out var n) && n >= 10000;
        // The words just about the number tell a baseline better than the whole sentence.
        var near = new SentenceSignals(sentence[Math.Max(0, figure.Span.Start - 60)..Math.Min(sentence.Length, figure.Span.End + 60)]);
        bool[] flags =
        [
            figure.Kind == NumberKind.Money, figure.Kind == NumberKind.Share, figure.Kind == NumberKind.Duration, figure.Bound, letters, noun.Any(OutcomeFeatures.People.Word), noun.Any(OutcomeFeatures.Thing.Word),
            noun.Any(Abstract.Word), near.Has(Baseline), near.Has(Before), figure.Of.Length == 0 && figure.Kind == NumberKind.Count, index == 0, past, near.Has(National), about, cost, noun.Contains("more"), large, figure.Number.Contains('-', StringComparison.Ordinal),
        ];
        return [(float)happened, (float)expected, .. flags.Select(f => f ? 1f : 0f)];
    }
}
