using System.Buffers;

namespace CoopAI.Core.Language;

/// <summary>One word of a text: its lower-case form and where it stands.</summary>
public readonly record struct Word(string Text, TextSpan Span);

/// <summary>Splits text into words for ranking and comparing.</summary>
public static class Words
{
    private static readonly SearchValues<char> AsciiInWords = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

    private static readonly SearchValues<char> AsciiBetweenWords = SearchValues.Create([.. Enumerable.Range(0, 128).Select(c => (char)c).Where(c => !char.IsAsciiLetterOrDigit(c))]);

    /// <summary>Runs of letters and digits in lower case. Apostrophes inside a word are dropped with a possessive "s"; a hyphen separates; a decimal point or comma between digits does not.</summary>
    public static IEnumerable<Word> Split(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var i = 0;
        while ((i = SkipAll(text, i, AsciiBetweenWords)) < text.Length)
        {
            if (!char.IsLetterOrDigit(text[i]))
            {
                i++;
                continue;
            }

            // Runs of ASCII are passed over at once: before the first answer this code runs hardly compiled.
            var start = i;
            while ((i = SkipAll(text, i, AsciiInWords)) < text.Length && (char.IsLetterOrDigit(text[i]) || IsMark(text[i]) || JoinsDigits(text, i) || JoinsLetters(text, i))) i++;
            var word = Unaccented(text[start..i]).ToLowerInvariant().Replace('’', '\'');
            if (word.EndsWith("'s", StringComparison.Ordinal)) word = word[..^2];
            word = word.Replace("'", "", StringComparison.Ordinal).Replace(",", "", StringComparison.Ordinal);
            if (word.Length > 0) yield return new Word(word, new TextSpan(start, i));
        }
    }

    /// <summary>Stems of the words that carry content: no stop words, Porter stems, in reading order, repeats kept.</summary>
    public static IEnumerable<string> Stems(string text) =>
        Split(text).Where(w => !StopWords.Contains(w.Text)).Select(w => PorterStemmer.Stem(w.Text));

    // An accent that stands as a character of its own, and a soft hyphen, do not end a word.
    private static bool IsMark(char c) => c == '\u00AD' || (c >= '\u0300' && char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.NonSpacingMark);

    /// <summary>The text without accents and soft hyphens. Accents are typed or left out, as one character with the letter or as two ("Gŵyr", "Gwyr"): letters alone are compared.</summary>
    public static string Unaccented(string word)
    {
        if (System.Text.Ascii.IsValid(word)) return word;
        var plain = new System.Text.StringBuilder(word.Length);
        foreach (var rune in word.EnumerateRunes())
        {
            if (rune.IsBmp && IsMark((char)rune.Value)) continue;
            plain.Append(rune.IsAscii ? rune.ToString() : UnicodeNormalization.BaseOf(rune) ?? rune.ToString());
        }

        return plain.ToString();
    }

    private static int SkipAll(string text, int from, SearchValues<char> these) =>
        text.AsSpan(from).IndexOfAnyExcept(these) is >= 0 and var length ? from + length : text.Length;

    private static bool JoinsDigits(string text, int i) =>
        text[i] is '.' or ',' && i > 0 && i + 1 < text.Length && char.IsAsciiDigit(text[i - 1]) && char.IsAsciiDigit(text[i + 1]);

    private static bool JoinsLetters(string text, int i) =>
        text[i] is '\'' or '’' && i > 0 && i + 1 < text.Length && char.IsLetter(text[i - 1]) && char.IsLetter(text[i + 1]);
}
