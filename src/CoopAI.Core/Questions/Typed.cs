using System.Text;
using CoopAI.Core.Language;

namespace CoopAI.Core.Questions;

/// <summary>A word as it was typed.</summary>
/// <param name="Text">Lower case, without apostrophes and a possessive "s".</param>
/// <param name="Span">Where it stands.</param>
/// <param name="Capital">Begins with a capital.</param>
/// <param name="AllCapitals">Of two letters or more, all of them capitals but for a plural "s".</param>
internal readonly record struct Typed(string Text, TextSpan Span, bool Capital, bool AllCapitals)
{
    /// <summary>The words of a levelled text. A hyphen or slash separates; "A&amp;E" and "e.g." are one word each.</summary>
    public static IEnumerable<Typed> Split(string text)
    {
        for (var i = 0; i < text.Length;)
        {
            if (!char.IsLetterOrDigit(text[i]))
            {
                i++;
                continue;
            }

            var start = i;
            while (i < text.Length && (char.IsLetterOrDigit(text[i]) || Joins(text, i, start))) i++;
            var raw = text.AsSpan(start, i - start);
            var word = Words.Unaccented(new string(raw)).ToLowerInvariant();
            if (word.EndsWith("'s", StringComparison.Ordinal) && word.Length > 3) word = word[..^2];
            word = word.Replace("'", "", StringComparison.Ordinal).Replace(",", "", StringComparison.Ordinal);
            if (!char.IsAsciiDigit(word[0])) word = word.Replace(".", "", StringComparison.Ordinal);
            var (letters, capitals) = (0, 0);
            foreach (var c in raw)
            {
                if (!char.IsLetter(c)) continue;
                letters++;
                if (char.IsUpper(c)) capitals++;
            }

            yield return new Typed(word, new TextSpan(start, i), char.IsUpper(raw[0]), letters >= 2 && (capitals == letters || (letters >= 3 && capitals == letters - 1 && raw[^1] == 's')));
        }
    }

    /// <summary>Levels marks and white space that carry no meaning; keeps capitals and line ends ("\n").</summary>
    public static string Level(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var c in UnicodeNormalization.ToFormKC(text.ReplaceLineEndings("\n")))
        {
            var level = c switch
            {
                '‘' or '’' or '‚' or '‛' or '`' or '´' or 'ʼ' => '\'',
                '“' or '”' or '„' or '‟' or '«' or '»' => '"',
                '‐' or '‑' or '‒' or '−' => '-',
                '–' or '—' => '-',
                '\u00AD' or '\u200B' or '\u200C' or '\u200D' or '\u2060' or '\uFEFF' => '\0',
                '\n' or '\t' => c,
                _ when char.IsWhiteSpace(c) => ' ',
                _ => c,
            };
            if (level != '\0') result.Append(level);
        }

        return result.ToString();
    }

    private static bool Joins(string text, int i, int start)
    {
        if (i == start || i + 1 >= text.Length) return false;
        var (before, after) = (text[i - 1], text[i + 1]);
        return text[i] switch
        {
            '\'' => char.IsLetter(before) && char.IsLetter(after),
            '&' => i - start == 1 && char.IsLetter(before) && char.IsLetter(after) && (i + 2 >= text.Length || !char.IsLetterOrDigit(text[i + 2])),
            '.' or ',' when char.IsAsciiDigit(before) => char.IsAsciiDigit(after),
            '.' => i - start == 1 && char.IsLetter(after) && (i + 2 >= text.Length || !char.IsLetter(text[i + 2]) || text[i + 2] == 's'),
            _ => false,
        };
    }
}
