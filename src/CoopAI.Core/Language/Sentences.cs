namespace CoopAI.Core.Language;

/// <summary>Splits running text into sentences.</summary>
/// <remarks>
/// A sentence ends at <c>. ! ?</c> (closing quotes and brackets included) before white space and something that can begin a
/// sentence, or at a line break. Short forms ("St.", "e.g.", initials), decimal numbers and addresses do not end one.
/// </remarks>
public static class Sentences
{
    private static readonly HashSet<string> ShortForms = new(StringComparer.OrdinalIgnoreCase)
    {
        "st", "mr", "mrs", "ms", "dr", "prof", "cllr", "rev", "hon", "sir", "no", "nos", "vs", "etc", "eg", "e.g", "ie", "i.e", "cf",
        "approx", "dept", "ltd", "plc", "inc", "co", "fig", "ch", "vol", "p", "pp", "para", "sec", "jan", "feb", "mar", "apr", "jun",
        "jul", "aug", "sep", "sept", "oct", "nov", "dec", "a.m", "p.m",
    };

    // These end a clause as often as they stand inside one, so a capital after them does begin a sentence.
    private static readonly HashSet<string> MayEnd = new(StringComparer.OrdinalIgnoreCase) { "etc", "ltd", "plc", "inc", "co", "a.m", "p.m" };

    /// <summary>The sentences of <paramref name="text"/> in reading order, trimmed, none empty, none overlapping.</summary>
    public static IReadOnlyList<TextSpan> Split(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var sentences = new List<TextSpan>();
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is '\n' or '\r' or '\u2028' or '\u2029')
            {
                Add(text, start, i, sentences);
                start = i + 1;
            }
            else if (text[i] is '.' or '!' or '?' or '…' && EndOf(text, i) is var end && EndsSentence(text, start, i, end))
            {
                Add(text, start, end, sentences);
                start = end;
                i = end - 1;
            }
        }

        Add(text, start, text.Length, sentences);
        return sentences;
    }

    private static int EndOf(string text, int mark)
    {
        var end = mark + 1;
        while (end < text.Length && text[end] is '.' or '!' or '?' or '…' or '"' or '\'' or '”' or '’' or '»' or ')' or ']')
            end++;
        return end;
    }

    private static bool EndsSentence(string text, int start, int mark, int end)
    {
        if (end >= text.Length) return true;
        if (!char.IsWhiteSpace(text[end])) return false;
        var next = end;
        while (next < text.Length && char.IsWhiteSpace(text[next]) && text[next] is not ('\n' or '\r')) next++;
        if (next >= text.Length || text[next] is '\n' or '\r') return true;
        if (char.IsLower(text[next])) return false;
        if (text[mark] != '.' || end > mark + 1) return true;

        var word = mark;
        while (word > start && (char.IsLetterOrDigit(text[word - 1]) || text[word - 1] == '.')) word--;
        var before = text[word..mark];
        if (before.Length == 1 && char.IsUpper(before[0])) return false;
        return !ShortForms.Contains(before) || (MayEnd.Contains(before) && char.IsUpper(text[next]));
    }

    private static void Add(string text, int start, int end, List<TextSpan> sentences)
    {
        while (start < end && char.IsWhiteSpace(text[start])) start++;
        while (end > start && char.IsWhiteSpace(text[end - 1])) end--;
        if (end > start) sentences.Add(new TextSpan(start, end));
    }
}
