using System.Text;
using CoopAI.Core.Language;

namespace CoopAI.Core.Grounding.Reading;

/// <summary>Finds quotations and compares them with sources word for word.</summary>
internal static class Quotations
{
    private const int MostQuotations = 50;

    /// <summary>Text between quotation marks of at least <paramref name="shortest"/> characters, outermost first; spans exclude the marks.</summary>
    public static IReadOnlyList<TextSpan> Find(string text, int shortest)
    {
        var found = new List<TextSpan>();
        for (var i = 0; i < text.Length && found.Count < MostQuotations; i++)
        {
            var end = text[i] switch
            {
                '“' or '„' => Closing(text, i, '”', '“'),
                '«' => Closing(text, i, '»', '«'),
                '"' => text.IndexOf('"', i + 1),
                '‘' => SingleEnd(text, i, '’'),
                '\'' when Opens(text, i) => SingleEnd(text, i, '\''),
                _ => -1,
            };
            if (end <= i) continue;
            if (end - i - 1 >= shortest) found.Add(new TextSpan(i + 1, end));
            i = end;
        }

        return found;
    }

    /// <summary>Case, spaces, quotation marks, dashes and punctuation levelled to single spaces between words; bounded by spaces.</summary>
    public static string Level(string text)
    {
        var levelled = Levelling.Level(text);
        var result = new StringBuilder(levelled.Length + 2).Append(' ');
        for (var i = 0; i < levelled.Length; i++)
        {
            var c = levelled[i];
            if (c == '\'' && i > 0 && i + 1 < levelled.Length && char.IsLetterOrDigit(levelled[i - 1]) && char.IsLetterOrDigit(levelled[i + 1])) continue;
            var inNumber = c is '.' or ',' && i > 0 && i + 1 < levelled.Length && char.IsAsciiDigit(levelled[i - 1]) && char.IsAsciiDigit(levelled[i + 1]);
            if (char.IsLetterOrDigit(c) || c is '%' or '£' or '€' or '$' || (inNumber && c == '.')) result.Append(c);
            else if (!inNumber && result[^1] != ' ') result.Append(' ');
        }

        if (result[^1] != ' ') result.Append(' ');
        return result.ToString();
    }

    /// <summary>Whether each part of the quotation (parts are split at "…" and at editorial brackets) stands in the levelled source, in order.</summary>
    public static bool IsVerbatim(string quotation, string levelledSource)
    {
        var from = 0;
        foreach (var part in Parts(quotation))
        {
            var level = Level(part);
            if (level.Length <= 2) continue;
            var at = levelledSource.IndexOf(level, from, StringComparison.Ordinal);
            if (at < 0) return false;
            from = at + level.Length - 1;
        }

        return true;
    }

    private static IEnumerable<string> Parts(string quotation)
    {
        var start = 0;
        for (var i = 0; i < quotation.Length; i++)
        {
            var length = quotation[i] switch
            {
                '…' => 1,
                '.' when i + 2 < quotation.Length && quotation[i + 1] == '.' && quotation[i + 2] == '.' => 3,
                '[' when quotation.IndexOf(']', i) is var close && close > i => close - i + 1,
                _ => 0,
            };
            if (length == 0) continue;
            yield return quotation[start..i];
            start = i + length;
            i = start - 1;
        }

        yield return quotation[start..];
    }

    // A quotation inside a quotation is part of it: the outer one ends at its own mark.
    private static int Closing(string text, int open, char close, char again)
    {
        var depth = 0;
        for (var i = open; i < text.Length; i++)
        {
            if (text[i] == again) depth++;
            else if (text[i] == close && --depth <= 0) return i;
        }

        return -1;
    }

    // An apostrophe has a letter on both sides, or follows a plural s before another word; a closing mark is the last that could close.
    private static int SingleEnd(string text, int open, char close)
    {
        var plural = -1;
        for (var i = open + 1; i < text.Length; i++)
        {
            if (text[i] == '\n') break;
            if (text[i] != close && !(close == '’' && text[i] == '\'')) continue;
            var inWord = i + 1 < text.Length && char.IsLetterOrDigit(text[i + 1]);
            if (inWord || char.IsWhiteSpace(text[i - 1])) continue;
            if (text[i - 1] == 's' && i + 1 < text.Length && text[i + 1] == ' ')
            {
                if (plural < 0) plural = i;
                continue;
            }

            return i;
        }

        return plural;
    }

    private static bool Opens(string text, int i) => (i == 0 || char.IsWhiteSpace(text[i - 1]) || text[i - 1] is '(' or '[' or '—' or '–') && i + 1 < text.Length && char.IsLetterOrDigit(text[i + 1]);
}
