using System.Collections.Frozen;
using System.Globalization;
using CoopAI.Core.Grounding.Reading;
using CoopAI.Core.Language;

namespace CoopAI.Core.Grounding.Quantities;

/// <summary>Finds the numbers of a text: digits and words, money, percentages, fractions, multiples, dates, years, durations, ordinals.</summary>
/// <remarks>A hand-written scan, linear in the number of words: hostile input cannot make it slow.</remarks>
internal static class QuantityReader
{
    private const int LongestNumber = 15;

    private static readonly FrozenDictionary<string, decimal> Units = Table(
        "zero 0 one 1 two 2 three 3 four 4 five 5 six 6 seven 7 eight 8 nine 9 ten 10 eleven 11 twelve 12 thirteen 13 fourteen 14 fifteen 15 sixteen 16 seventeen 17 eighteen 18 nineteen 19");

    private static readonly FrozenDictionary<string, decimal> Tens = Table("twenty 20 thirty 30 forty 40 fifty 50 sixty 60 seventy 70 eighty 80 ninety 90");

    private static readonly FrozenDictionary<string, decimal> Scales = Table(
        "hundred 100 thousand 1000 million 1000000 billion 1000000000 trillion 1000000000000 k 1000 m 1000000 mn 1000000 bn 1000000000 dozen 12");

    private static readonly FrozenDictionary<string, decimal> Ordinals = Table(
        "first 1 second 2 third 3 fourth 4 fifth 5 sixth 6 seventh 7 eighth 8 ninth 9 tenth 10 eleventh 11 twelfth 12 thirteenth 13 fifteenth 15 twentieth 20 thirtieth 30 fortieth 40 fiftieth 50 hundredth 100 thousandth 1000");

    private static readonly FrozenDictionary<string, decimal> Parts = Table(
        "half 2 halves 2 third 3 thirds 3 quarter 4 quarters 4 fourth 4 fourths 4 fifth 5 fifths 5 sixth 6 sixths 6 seventh 7 sevenths 7 eighth 8 eighths 8 ninth 9 ninths 9 tenth 10 tenths 10");

    private static readonly FrozenDictionary<string, decimal> Multiples = Table(
        "twice 2 double 2 doubled 2 doubles 2 doubling 2 twofold 2 thrice 3 triple 3 tripled 3 triples 3 tripling 3 treble 3 trebled 3 threefold 3 quadruple 4 quadrupled 4 fourfold 4 fivefold 5 tenfold 10 halve 0.5 halved 0.5 halves 0.5 halving 0.5");

    private static readonly FrozenDictionary<string, decimal> Magnitudes = Table("dozens 12 tens 10 scores 20 hundreds 100 thousands 1000 millions 1000000 billions 1000000000");

    private static readonly FrozenDictionary<string, decimal> Months = Table(
        "january 1 february 2 march 3 april 4 may 5 june 6 july 7 august 8 september 9 october 10 november 11 december 12 jan 1 feb 2 mar 3 apr 4 jun 6 jul 7 aug 8 sep 9 sept 9 oct 10 nov 11 dec 12");

    // Word, base unit, factor. Months are kept apart from days: no month has a fixed number of them.
    private static readonly FrozenDictionary<string, (string Base, decimal Factor)> Measures =
        ("second second 1 minute second 60 min second 60 hour second 3600 hr second 3600 day day 1 week day 7 fortnight day 14 month month 1 year month 12 yr month 12 decade month 120 century month 1200 " +
        "metre metre 1 meter metre 1 km metre 1000 kilometre metre 1000 mile mile 1 acre acre 1 hectare hectare 1 tonne tonne 1 ton tonne 1 kg kilogram 1 kilogram kilogram 1 kilo kilogram 1 litre litre 1 degree degree 1 " +
        "kw kilowatt 1 kilowatt kilowatt 1 mw kilowatt 1000 megawatt kilowatt 1000 kwh kilowatt-hour 1 mwh kilowatt-hour 1000")
        .Split(' ').Chunk(3).ToFrozenDictionary(t => t[0], t => (t[1], decimal.Parse(t[2], CultureInfo.InvariantCulture)), StringComparer.Ordinal);

    // Every word but one with digits that a quantity begins with.
    private static readonly FrozenSet<string> Beginnings = new[] { Units, Tens, Scales, Ordinals, Parts, Multiples, Magnitudes, Months }.SelectMany(t => t.Keys)
        .Concat(["halfway", "midway", "half", "quarter", "a", "an", "one", "decade", "decades", "century", "fortnight", "couple"]).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>False when no quantity begins with this word.</summary>
    internal static bool MayBegin(string word) => char.IsAsciiDigit(word[0]) || Beginnings.Contains(word);

    /// <summary>Every number of the text, in reading order; none overlapping. Marks the words it takes as numbers.</summary>
    public static IReadOnlyList<Quantity> Read(string text, AnalysedToken[] tokens)
    {
        var found = new List<Quantity>();
        for (var i = 0; i < tokens.Length; i++)
        {
            if (!tokens[i].Facts.BeginsQuantity || ReadAt(text, tokens, i, found.Count > 0 ? found[^1] : null) is not { } quantity) continue;
            found.Add(quantity);
            for (var j = quantity.First; j <= quantity.Last; j++)
            {
                tokens[j].Number = true;
                tokens[j].Content = false;
            }

            i = quantity.Last;
        }

        for (var k = 0; k < found.Count; k++) found[k] = Inherit(found, k, tokens);
        for (var k = 0; k + 1 < found.Count; k++) MarkRange(text, tokens, found, k);
        return found;
    }

    /// <summary>"Between 30 and 40 jobs", "5-8%", "£2m to £3m": one unit for both numbers, and neither of them alone.</summary>
    private static void MarkRange(string text, AnalysedToken[] tokens, List<Quantity> found, int k)
    {
        var (low, high) = (found[k], found[k + 1]);
        var before = Word(tokens, low.First, -1);
        var between = high.First - low.Last == 2 ? tokens[low.Last + 1].Text : high.First - low.Last == 1 ? Between(text, tokens[low.Last], tokens[high.First]).Trim('£', '€', '$', '%', ' ') : "";
        // "Rose from 30 to 40" tells of two numbers; "between 30 and 40" of one.
        if (tokens[low.First].Sentence != tokens[high.First].Sentence || !(between is "-" or "–" or "‑" || (between is "to" && before is not "from") || (between is "and" && before is "between"))) return;
        if (low.Kind == QuantityKind.Count && high.Kind is QuantityKind.Share && high.Unit is "%" && low.Value <= 100)
            low = low with { Kind = QuantityKind.Share, Unit = high.Unit, Value = low.Value / 100, Nouns = [] };
        if (low.Kind == QuantityKind.Money && high.Kind == QuantityKind.Count && high.Nouns.Count == 0)
            high = high with { Kind = QuantityKind.Money, Unit = low.Unit };
        // "£2-3m": the scale is said once.
        if (low.Kind == QuantityKind.Money && high.Kind == QuantityKind.Money && low.Value < 1000 && ScaleOf(tokens, high) is > 1 and var scale && ScaleOf(tokens, low) == 1 && high.Value > low.Value * scale)
            low = low with { Value = low.Value * scale };
        if (low.Kind != high.Kind || low.Unit != high.Unit || low.Value >= high.Value || low.Kind is not (QuantityKind.Count or QuantityKind.Share or QuantityKind.Money or QuantityKind.Measure)) return;
        (found[k], found[k + 1]) = (low with { Hedge = Hedge.LowEnd }, high with { Hedge = Hedge.HighEnd });

        static decimal ScaleOf(AnalysedToken[] tokens, Quantity q)
        {
            var word = tokens[q.Last].Text;
            return Scales.GetValueOrDefault(word.TrimStart('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '.'), 1);
        }
    }

    private static Quantity? ReadAt(string text, AnalysedToken[] tokens, int i, Quantity? before)
    {
        var word = tokens[i].Text;
        if (Months.TryGetValue(word, out var month) && (tokens[i].Capital || tokens[i].Opening)) return MonthAt(tokens, i, (int)month);
        if (Magnitudes.TryGetValue(word, out var magnitude) && (word != "tens" || Word(tokens, i, 1) == "of"))
        {
            var last = i;
            if (word == "tens" && Magnitudes.TryGetValue(Word(tokens, i, 2), out var of)) (magnitude, last) = (magnitude * of, i + 2);
            return Make(QuantityKind.Magnitude, magnitude, "", tokens, i, last);
        }

        if (Multiples.TryGetValue(word, out var multiple)) return Make(QuantityKind.Multiple, multiple, "", tokens, i, i, nouns: []);
        if (FractionAt(tokens, i) is { } fraction) return fraction;
        if (word is "decade" or "decades" or "century" or "fortnight" && Word(tokens, i, -1) is "a" or "the" or "last" or "past")
            return Word(tokens, i, -1) is "a" ? Measure(tokens, i, i, 1, Measures[word.TrimEnd('s')]) : null;
        if (word is "a" or "one" && Word(tokens, i, -1) is "for" or "over" or "within" or "after" or "took" or "lasted" or "lasting" && Word(tokens, i, 1) is "year" or "month" or "week" or "day" or "decade" or "fortnight" or "century" && Word(tokens, i, 2) is not ("of" or "on"))
            return Measure(tokens, i, i + 1, 1, Measures[Word(tokens, i, 1)]);
        if (word is "couple" && Word(tokens, i, -1) is "a") return Counted(text, tokens, i, i, 2, null);

        if (Ordinals.TryGetValue(word, out var ordinal)) return Word(tokens, i, -1) is "at" ? null : Make(QuantityKind.Ordinal, ordinal, "", tokens, i, i);
        return NumberAt(text, tokens, i, before);
    }

    private static Quantity? NumberAt(string text, AnalysedToken[] tokens, int i, Quantity? before)
    {
        decimal value;
        var last = i;
        var suffix = "";
        var raw = tokens[i].Text;
        if (char.IsAsciiDigit(raw[0]))
        {
            var digits = 0;
            while (digits < raw.Length && (char.IsAsciiDigit(raw[digits]) || (raw[digits] == '.' && digits + 1 < raw.Length && char.IsAsciiDigit(raw[digits + 1])))) digits++;
            if (digits > LongestNumber || !decimal.TryParse(raw.AsSpan(0, digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value)) return null;
            suffix = raw[digits..];
            if (suffix.Length == 0)
            {
                if (DateAt(text, tokens, i) is { } iso) return iso;
                if (PartAt(text, tokens, i, value) is { } part) return part;
                while (last - i < 4 && IsGroup(text, tokens, i, last)) value = (value * 1000) + decimal.Parse(tokens[++last].Text, CultureInfo.InvariantCulture);
            }

            if (suffix is "st" or "nd" or "rd" or "th") return DayAt(text, tokens, i, (int)Math.Min(value, 9999)) ?? Make(QuantityKind.Ordinal, value, "", tokens, i, i);
            if (suffix is "s" && value is >= 1500 and < 2100) return Make(QuantityKind.Decade, value, "", tokens, i, i);
            if (suffix is "k" or "m" or "mn" or "bn" or "million" or "billion" or "thousand") value *= Scales[suffix];
            else if (suffix is "g" or "d") return null;
        }
        else if (!Worded(tokens, ref last, out value))
        {
            return null;
        }

        while (last + 1 < tokens.Length && !tokens[last + 1].ClauseStart && Scales.TryGetValue(tokens[last + 1].Text, out var scale) && (tokens[last + 1].Text.Length > 2 || Sign(text, tokens[i]) != '\0'))
        {
            value *= scale;
            last++;
        }

        var sign = Sign(text, tokens[i]);
        var next = Word(tokens, last, 1);
        if (sign != '\0') return Make(QuantityKind.Money, value, sign.ToString(), tokens, i, last);
        if (next is "pounds" or "pound" or "quid") return Make(QuantityKind.Money, value, "£", tokens, i, last + 1);
        if (next is "pence" or "penny" || suffix is "p") return Make(QuantityKind.Money, value / 100, "£", tokens, i, suffix is "p" ? last : last + 1);
        if (next is "euros" or "dollars") return Make(QuantityKind.Money, value, next is "euros" ? "€" : "$", tokens, i, last + 1);
        if (Follows(text, tokens[last], '%')) return Make(QuantityKind.Share, value / 100, "%", tokens, i, last, extra: 1);
        if (next is "percent" or "pc") return Make(QuantityKind.Share, value / 100, "%", tokens, i, last + 1);
        if (next is "per" && Word(tokens, last, 2) is "cent") return Make(QuantityKind.Share, value / 100, "%", tokens, i, last + 2);
        if (next is "percentage") return Make(QuantityKind.Share, value / 100, "points", tokens, i, Math.Min(last + 2, tokens.Length - 1));
        if (next is "times" or "fold") return Make(QuantityKind.Multiple, value, "", tokens, i, last + 1, nouns: []);
        if (InWays(tokens, last, out var outOf, out var end)) return Make(QuantityKind.Share, outOf == 0 ? 0 : value / outOf, "", tokens, i, end);
        if (DayAt(text, tokens, i, value == decimal.Truncate(value) && value < 32 ? (int)value : 0) is { } date) return date;
        if (IsYear(text, tokens, i, value, suffix)) return Make(QuantityKind.Year, value, "", tokens, i, last, nouns: []);
        // "2021/22" and "2022-23" name two years.
        if (before is { Kind: QuantityKind.Year } && before.Last == i - 1 && tokens[i].Span.Start == before.Span.End + 1 && text[before.Span.End] is '/' or '-' or '–' && raw.Length == 2 && before is not null)
            return Make(QuantityKind.Year, (Math.Floor(before.Value / 100) * 100) + value, "", tokens, i, last, nouns: []);
        return Counted(text, tokens, i, last, value, before);
    }

    private static bool Worded(AnalysedToken[] tokens, ref int last, out decimal value)
    {
        value = 0;
        var i = last;
        if (tokens[i].Text is "a" or "an" && Scales.ContainsKey(Word(tokens, i, 1)) && Word(tokens, i, 1).Length > 2)
        {
            value = 1;
            return true;
        }

        if (tokens[i].Text is "hundred" or "thousand" or "million" or "dozen")
        {
            value = 1;
            last = i - 1;
            return Word(tokens, i, -1) is "a" or "the" or "per" or "half" ? (last = i) == i && (value = Scales[tokens[i].Text] * (Word(tokens, i, -2) is "half" || Word(tokens, i, -1) is "half" ? 0.5m : 1)) > 0 : false;
        }

        decimal total = 0, current = 0;
        var any = false;
        for (var j = i; j < tokens.Length && j - i < 12; j++)
        {
            var word = tokens[j].Text;
            if (j > i && (tokens[j].Sentence != tokens[i].Sentence || tokens[j].ClauseStart)) break;
            if (Units.TryGetValue(word, out var unit) && (!any || current % 10 == 0 && (current == 0 || unit < 10) && (current == 0 || current % 100 is not 0 || current >= 100)))
            {
                // "four two" are two numbers, "twenty two" is one.
                if (any && current % 100 is not 0 && current % 100 < 20) break;
                current += unit;
            }
            else if (Tens.TryGetValue(word, out var ten) && (!any || current % 100 == 0))
            {
                current += ten;
            }
            else if (any && word is "hundred")
            {
                current *= 100;
            }
            else if (any && word is "thousand" or "million" or "billion")
            {
                total += current * Scales[word];
                current = 0;
            }
            else if (any && word is "dozen")
            {
                current *= 12;
            }
            else if (any && word is "and" && (current % 100 == 0) && (current >= 100 || total > 0) && (Units.ContainsKey(Word(tokens, j, 1)) || Tens.ContainsKey(Word(tokens, j, 1))))
            {
                continue;
            }
            else if (any && word is "and" && Word(tokens, j, 1) is "a" && Word(tokens, j, 2) is "half")
            {
                // "two and a half thousand"
                current += 0.5m;
                last = j + 2;
                break;
            }
            else
            {
                break;
            }

            any = true;
            last = j;
        }

        value = total + current;
        return any;
    }

    private static Quantity? FractionAt(AnalysedToken[] tokens, int i)
    {
        var word = tokens[i].Text;
        if (word is "halfway" or "midway") return Make(QuantityKind.Share, 0.5m, "", tokens, i, i);
        if (PartOfTime(tokens, i) is { } part) return part;
        if (word is "half")
        {
            // "half a million" and "half a dozen" are counts, "first half" is a part of a match or year.
            if (Word(tokens, i, 1) is "a" && Scales.TryGetValue(Word(tokens, i, 2), out var scale)) return Make(QuantityKind.Count, scale / 2, "", tokens, i, i + 2);
            if (Word(tokens, i, -1) is "first" or "second" or "other") return null;
            if (Word(tokens, i, 1) is "day" or "days" or "hour" or "term" or "way") return null;
            return Make(QuantityKind.Share, 0.5m, "", tokens, i, i);
        }

        if (word is "a" or "one" && Parts.TryGetValue(Word(tokens, i, 1), out var whole) && (Word(tokens, i, 2) is "of" or "" || word is "one" || Word(tokens, i, 1) is "quarter" or "half" || tokens[Math.Min(i + 2, tokens.Length - 1)].ClauseStart || Word(tokens, i, 2) is "in" or "from" or "were" or "had" or "have" or "are" or "said" or "more" or "less" or "fewer"))
            return Make(QuantityKind.Share, 1 / whole, "", tokens, i, i + 1);
        if (Units.TryGetValue(word, out var count) && count > 1 && Parts.TryGetValue(Word(tokens, i, 1), out var parts) && Word(tokens, i, 1).EndsWith('s') && count < parts)
            return Make(QuantityKind.Share, count / parts, "", tokens, i, i + 1);
        if (word is "quarter" or "third" && Word(tokens, i, 1) is "of") return Make(QuantityKind.Share, 1 / Parts[word], "", tokens, i, i);
        if (word is "tenth" or "fifth" or "quarter" or "third" && Word(tokens, i, -1) is "deprived" or "poorest" or "richest") return Make(QuantityKind.Share, 1 / Parts[word], "", tokens, i, i);
        return null;
    }

    // "Half a century", "a quarter of a century".
    private static Quantity? PartOfTime(AnalysedToken[] tokens, int i)
    {
        var at = tokens[i].Text is "a" ? i + 1 : i;
        if (at >= tokens.Length || tokens[at].Text is not ("half" or "quarter")) return null;
        var unit = Word(tokens, at, 1) is "of" ? at + 3 : at + 2;
        if (!(Word(tokens, unit - 1, 0) is "a" or "an") || !Measures.TryGetValue(Word(tokens, unit, 0), out var measure)) return null;
        return Measure(tokens, i, unit, tokens[at].Text is "half" ? 0.5m : 0.25m, measure);
    }

    private static bool InWays(AnalysedToken[] tokens, int last, out decimal outOf, out int end)
    {
        outOf = 0;
        end = last;
        var at = Word(tokens, last, 1) is "in" or "in" ? last + 2 : Word(tokens, last, 1) is "out" && Word(tokens, last, 2) is "of" ? last + 3 : -1;
        if (at < 0) return false;
        if (Word(tokens, at - 1, 1) is "every") at++;
        if (at >= tokens.Length || tokens[at].Sentence != tokens[last].Sentence) return false;
        var word = tokens[at].Text;
        end = at;
        if (!Units.TryGetValue(word, out outOf) && !Tens.TryGetValue(word, out outOf) && !(word is "hundred" && (outOf = 100) > 0)
            && !(word.Length < 4 && decimal.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out outOf))) return false;
        // A count and the year or place behind "in" are not a share.
        return outOf is >= 2 and <= 100;
    }

    private static Quantity MonthAt(AnalysedToken[] tokens, int i, int month)
    {
        var last = i;
        int? day = null;
        if (Digits(Word(tokens, i, 1)) is { } d and > 0 and < 32 && Word(tokens, i, 1).Length < 5) (day, last) = (d, i + 1);
        var year = 0;
        if (Digits(Word(tokens, last, 1)) is { } y and > 1500 and < 2100) (year, last) = (y, last + 1);
        return Make(QuantityKind.Date, year, "", tokens, i, last, nouns: []) with { Month = month, Day = day };
    }

    private static Quantity? DayAt(string text, AnalysedToken[] tokens, int i, int day)
    {
        if (day is < 1 or > 31) return null;
        var at = Word(tokens, i, 1) is "of" ? i + 2 : i + 1;
        if (at < tokens.Length && Months.TryGetValue(tokens[at].Text, out var month) && char.IsUpper(text[tokens[at].Span.Start]))
        {
            var date = MonthAt(tokens, at, (int)month);
            // "12 May 2019": the number behind the month is its year, not a second day.
            return Make(QuantityKind.Date, date.Value, "", tokens, i, date.Last, nouns: []) with { Month = (int)month, Day = day };
        }

        if (i + 2 < tokens.Length && Between(text, tokens[i], tokens[i + 1]) is "/" or "." && Between(text, tokens[i + 1], tokens[i + 2]) is "/" or "."
            && Digits(tokens[i + 1].Text) is { } m and > 0 and < 13 && Digits(tokens[i + 2].Text) is { } y and > 0)
            return Make(QuantityKind.Date, y < 100 ? 2000 + y : y, "", tokens, i, i + 2, nouns: []) with { Month = m, Day = day };
        return null;
    }

    /// <summary>"2021-04-03".</summary>
    private static Quantity? DateAt(string text, AnalysedToken[] tokens, int i) =>
        i + 2 < tokens.Length && tokens[i].Text.Length == 4 && tokens[i + 1].Text.Length == 2 && tokens[i + 2].Text.Length == 2
        && Between(text, tokens[i], tokens[i + 1]) is "-" && Between(text, tokens[i + 1], tokens[i + 2]) is "-"
        && Digits(tokens[i].Text) is { } year and > 1500 and < 2100 && Digits(tokens[i + 1].Text) is { } month and > 0 and < 13 && Digits(tokens[i + 2].Text) is { } day and > 0 and < 32
            ? Make(QuantityKind.Date, year, "", tokens, i, i + 2, nouns: []) with { Month = month, Day = day } : null;

    /// <summary>"2/3 of members"; neither "24/7" nor "2021/22" nor "12/06/2022".</summary>
    private static Quantity? PartAt(string text, AnalysedToken[] tokens, int i, decimal value) =>
        i + 1 < tokens.Length && tokens[i + 1].Text.Length < 3 && Between(text, tokens[i], tokens[i + 1]) is "/" && Digits(tokens[i + 1].Text) is { } whole and > 1 && value > 0 && value < whole
        && !(i + 2 < tokens.Length && Between(text, tokens[i + 1], tokens[i + 2]) is "/") && Word(tokens, i + 1, 1) is "of" or "the"
            ? Make(QuantityKind.Share, value / whole, "", tokens, i, i + 1) : null;

    /// <summary>Whether the word behind <paramref name="last"/> goes on with a number in groups of three: "1 200 000".</summary>
    private static bool IsGroup(string text, AnalysedToken[] tokens, int i, int last)
    {
        if (last + 1 >= tokens.Length || tokens[last + 1].Sentence != tokens[i].Sentence) return false;
        var (first, next) = (tokens[i].Text, tokens[last + 1].Text);
        return first.Length <= 3 && first[0] != '0' && first.All(char.IsAsciiDigit) && next.Length == 3 && next.All(char.IsAsciiDigit)
            && Between(text, tokens[last], tokens[last + 1]) is " " or "\u00A0" or "\u2009" or "\u202F";
    }

    private static bool IsYear(string text, AnalysedToken[] tokens, int i, decimal value, string suffix)
    {
        if (suffix.Length > 0 || value is < 1700 or >= 2100 || value != decimal.Truncate(value) || tokens[i].Span.Length != 4) return false;
        if (Word(tokens, i, -1) is "in" or "since" or "by" or "from" or "during" or "until" or "of" or "to" or "year" or "early" or "late" or "mid" or "before" or "after" or "for" or "summer" or "winter" or "spring" or "autumn" or "and") return true;
        return i + 1 >= tokens.Length || tokens[i + 1].ClauseStart || !IsPlural(tokens[i + 1].Text) || tokens[i + 1].Capital;
    }

    private static Quantity? Counted(string text, AnalysedToken[] tokens, int first, int last, decimal value, Quantity? before)
    {
        // "one of which", "no one", "this one": a pronoun.
        if (value == 1 && tokens[first].Text is "one" && (Word(tokens, last, 1) is "of" or "another" or "or" or "that" or "which" or "who" or "in" or "to" or "is" or "was" or "" || Word(tokens, first, -1) is "no" or "this" or "that" or "the" or "every" or "each" || last + 1 >= tokens.Length || tokens[last + 1].ClauseStart || !tokens[last + 1].Content)) return null;
        for (var j = last + 1; j <= last + 2 && j < tokens.Length && tokens[j].Sentence == tokens[last].Sentence && !tokens[j].ClauseStart; j++)
        {
            var unit = tokens[j].Text is "centuries" ? "century" : tokens[j].Text.TrimEnd('s');
            if (!Measures.TryGetValue(unit, out var measure) || tokens[j].Text is "second" or "min" && j > last + 1) continue;
            if (j == last + 2 && !tokens[last + 1].Content) break;
            return Measure(tokens, first, j, value, measure);
        }

        return Make(QuantityKind.Count, value, "", tokens, first, last);
    }

    private static Quantity Measure(AnalysedToken[] tokens, int first, int last, decimal value, (string Base, decimal Factor) measure) =>
        Make(QuantityKind.Measure, value * measure.Factor, measure.Base, tokens, first, last, nouns: []);

    private static Quantity Make(QuantityKind kind, decimal value, string unit, AnalysedToken[] tokens, int first, int last, int extra = 0, IReadOnlyList<string>? nouns = null)
    {
        last = Math.Min(last, tokens.Length - 1);
        return new Quantity(kind, value, unit, nouns ?? NounsAround(tokens, first, last), new TextSpan(tokens[first].Span.Start, tokens[last].Span.End + extra), first, last, HedgeOf(tokens, first, last));
    }

    private static List<string> NounsAround(AnalysedToken[] tokens, int first, int last)
    {
        var nouns = new List<string>();
        for (var j = last + 1; j < tokens.Length && nouns.Count < 4 && tokens[j].Sentence == tokens[last].Sentence; j++)
        {
            if (tokens[j].Text is "of" or "the" or "our" or "its" or "their" or "these" or "them" && nouns.Count == 0) continue;
            if (tokens[j].ClauseStart && nouns.Count == 0 && tokens[j].Text is not "and") break;
            if (tokens[j].ClauseStart || !tokens[j].Content || char.IsAsciiDigit(tokens[j].Text[0])) break;
            nouns.Add(tokens[j].Key);
            if (IsPlural(tokens[j].Text)) break;
        }

        // What is counted is a plural; "twelve accepted" and "3,000 exist" name nothing.
        if (nouns.Count > 0 && !IsPlural(tokens[last + nouns.Count].Text) && tokens[last].Text is not ("one" or "1") && !Ordinals.ContainsKey(tokens[last].Text)) nouns.Clear();

        // "a panel of 24": the counted thing stands before.
        if (nouns.Count == 0 && first >= 2 && tokens[first - 1].Text is "of" && tokens[first - 2].Content) nouns.Add(tokens[first - 2].Key);
        return nouns;
    }

    private static Hedge HedgeOf(AnalysedToken[] tokens, int first, int last)
    {
        for (var j = first - 1; j >= 0 && j >= first - 3 && tokens[j].Sentence == tokens[first].Sentence; j--)
        {
            switch (tokens[j].Text)
            {
                case "about" or "around" or "roughly" or "approximately" or "circa" or "some":
                    return Hedge.About;
                case "nearly" or "almost" or "approaching" or "close":
                    return Hedge.Nearly;
                case "under" or "below" or "maximum" or "most" when tokens[j].Text != "most" || Word(tokens, j, -1) is "at":
                    return Hedge.AtMost;
                case "over" or "above" or "least" or "exceeding" or "exceeded" or "minimum":
                    return Hedge.AtLeast;
                case "than":
                    // "No more than six" is at most six.
                    var denied = Word(tokens, j, -2) is "no" or "not";
                    return Word(tokens, j, -1) is "more" or "greater" or "higher" ? (denied ? Hedge.AtMost : Hedge.AtLeast) : Word(tokens, j, -1) is "fewer" or "less" ? (denied ? Hedge.AtLeast : Hedge.AtMost) : Hedge.None;
                case "to" when Word(tokens, j, -1) is "up":
                    return Hedge.AtMost;
            }

            if (!(tokens[j].Text is "a" or "the" or "just" or "an")) break;
        }

        return Word(tokens, last, 1) is "or" && Word(tokens, last, 2) is "more" or "so" ? (Word(tokens, last, 2) is "so" ? Hedge.About : Hedge.AtLeast) : Hedge.None;
    }

    // "four to eight weeks" and "from nine weeks to four" share one unit.
    private static Quantity Inherit(List<Quantity> found, int k, AnalysedToken[] tokens)
    {
        var quantity = found[k];
        if (quantity.Kind != QuantityKind.Count) return quantity;
        if (quantity.Nouns.Count == 0 && k + 1 < found.Count && found[k + 1] is { } after && after.First - quantity.Last <= 4 && tokens[after.First].Sentence == tokens[quantity.First].Sentence && JoinsRange(tokens, quantity.Last, after.First))
            return Like(quantity, after, tokens);
        if (quantity.Nouns.Count == 0 && k > 0 && found[k - 1] is { } before && quantity.First - before.Last <= 4 && tokens[before.First].Sentence == tokens[quantity.First].Sentence && JoinsRange(tokens, before.Last, quantity.First))
            return Like(quantity, before, tokens);
        return quantity;

        static bool JoinsRange(AnalysedToken[] tokens, int from, int to)
        {
            for (var j = from + 1; j < to; j++)
            {
                if (!(tokens[j].Text is "to" or "and" or "or" or "than" or "just" or "about" or "over" or "under" or "around" or "nearly" or "only" or "between")) return false;
            }

            return true;
        }

        static Quantity Like(Quantity quantity, Quantity other, AnalysedToken[] tokens)
        {
            if (other.Kind != QuantityKind.Measure) return other.Kind is QuantityKind.Count ? quantity with { Nouns = other.Nouns } : quantity;
            var unit = tokens[other.Last].Text is "centuries" ? "century" : tokens[other.Last].Text.TrimEnd('s');
            return Measures.TryGetValue(unit, out var measure) ? quantity with { Kind = QuantityKind.Measure, Value = quantity.Value * measure.Factor, Unit = measure.Base } : quantity;
        }
    }

    internal static bool IsPlural(string word) =>
        (word.Length > 3 && word.EndsWith('s') && !word.EndsWith("ss", StringComparison.Ordinal)) || word is "people" or "children" or "women" or "men" or "staff";

    private static char Sign(string text, AnalysedToken token) => token.Span.Start > 0 && text[token.Span.Start - 1] is '£' or '€' or '$' ? text[token.Span.Start - 1] : '\0';

    private static bool Follows(string text, AnalysedToken token, char mark) =>
        token.Span.End < text.Length && (text[token.Span.End] == mark || (text[token.Span.End] == ' ' && token.Span.End + 1 < text.Length && text[token.Span.End + 1] == mark));

    private static string Between(string text, AnalysedToken a, AnalysedToken b) => text[a.Span.End..b.Span.Start];

    private static int? Digits(string word) =>
        word.Length is > 0 and < 5 && int.TryParse(word.TrimEnd('s', 't', 'n', 'd', 'r', 'h'), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static string Word(AnalysedToken[] tokens, int i, int by) =>
        i + by >= 0 && i + by < tokens.Length && i >= 0 && i < tokens.Length && tokens[i + by].Sentence == tokens[i].Sentence ? tokens[i + by].Text : "";

    private static FrozenDictionary<string, decimal> Table(string pairs)
    {
        var words = pairs.Split(' ');
        return Enumerable.Range(0, words.Length / 2).ToFrozenDictionary(i => words[2 * i], i => decimal.Parse(words[(2 * i) + 1], CultureInfo.InvariantCulture), StringComparer.Ordinal);
    }
}
