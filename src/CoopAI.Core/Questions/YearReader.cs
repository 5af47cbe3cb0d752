using System.Globalization;

namespace CoopAI.Core.Questions;

/// <summary>Finds the years that a question speaks of.</summary>
internal static class YearReader
{
    private const int First = 1950;

    private static readonly string[] Numbers = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

    /// <param name="thisYear">Of the clock: what "last year" counts from.</param>
    public static (int? From, int? To, string Typed)? Read(string text, IReadOnlyList<Typed> words, int thisYear)
    {
        for (var i = 0; i < words.Count; i++)
        {
            if (Relative(text, words, i, thisYear) is { } relative) return relative;
            if (Year(text, words, i) is not { } year) continue;
            var start = i;
            if (i > 0 && words[i - 1].Text is "early" or "late" or "mid" or "spring" or "summer" or "autumn" or "winter") start--;
            var before = start > 0 ? words[start - 1].Text : "";
            var (from, to) = ((int?)year, (int?)year);
            var last = i;
            if (Second(text, words, i, year) is { } second)
            {
                to = second.Year;
                last = second.At;
            }
            else
            {
                (from, to) = before switch
                {
                    "since" or "from" => (year, null),
                    "after" or "post" => (year + 1, (int?)null),
                    "before" or "pre" => ((int?)null, year - 1),
                    "until" or "till" or "by" => (null, year),
                    _ => (from, to),
                };
            }

            if (before is "since" or "from" or "after" or "before" or "until" or "till" or "by" or "in" or "between" or "during") start--;
            return (from, to, text[words[start].Span.Start..words[last].Span.End]);
        }

        return null;
    }

    private static int? Year(string text, IReadOnlyList<Typed> words, int i)
    {
        var word = words[i];
        if (word.Text.Length != 4 || !int.TryParse(word.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var year) || year < First || year > 2100) return null;
        if (word.Span.Start > 0 && text[word.Span.Start - 1] is '£' or '$' or '€' or '#') return null;
        if (word.Span.End < text.Length && text[word.Span.End] is '%') return null;
        // "2000 people": a round number that nothing marks as a year is a count.
        var marked = i > 0 && words[i - 1].Text is "in" or "since" or "from" or "before" or "after" or "until" or "by" or "year" or "between" or "during" or "to" or "and";
        return year % 100 == 0 && !marked ? null : year;
    }

    private static (int Year, int At)? Second(string text, IReadOnlyList<Typed> words, int i, int first)
    {
        if (i + 1 >= words.Count) return null;
        var between = text[words[i].Span.End..words[i + 1].Span.Start].Trim();
        var next = words[i + 1];
        if (between is "-" or "/" && next.Text.Length == 2 && int.TryParse(next.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var end) && (first / 100 * 100) + end is var year && year > first && year - first < 20) return (year, i + 1);
        if (between is "-" && Year(text, words, i + 1) is { } other && other > first) return (other, i + 1);
        return next.Text is "to" or "and" or "until" && i + 2 < words.Count && Year(text, words, i + 2) is { } later && later > first ? (later, i + 2) : null;
    }

    private static (int? From, int? To, string Typed)? Relative(string text, IReadOnlyList<Typed> words, int i, int thisYear)
    {
        if (i + 1 >= words.Count || words[i].Text is not ("last" or "past" or "this" or "previous")) return null;
        string Span(int last) => text[words[i].Span.Start..words[last].Span.End];
        if (words[i + 1].Text == "year")
            return words[i].Text == "this" ? (thisYear, thisYear, Span(i + 1)) : words[i].Text == "past" ? (thisYear - 1, thisYear, Span(i + 1)) : (thisYear - 1, thisYear - 1, Span(i + 1));
        if (words[i].Text == "this" || i + 2 >= words.Count || words[i + 2].Text != "years") return null;
        var count = Array.IndexOf(Numbers, words[i + 1].Text);
        if (count < 0 && !int.TryParse(words[i + 1].Text, NumberStyles.None, CultureInfo.InvariantCulture, out count)) count = words[i + 1].Text is "few" or "couple" ? 3 : -1;
        return count is > 0 and < 100 ? (thisYear - count, null, Span(i + 2)) : null;
    }
}
