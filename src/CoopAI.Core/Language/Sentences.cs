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
        "c", "ca", "cllrs", "messrs", "drs", "profs", "tel", "ext", "est", "art", "reg", "viz", "incl", "govt", "assn", "bros", "capt", "col", "gen", "sgt", "hon", "jr", "sr", "op",
        "u.k", "u.s", "e.u", "n.b", "i.d", "ph.d", "b.sc", "m.sc",
    };

    // Behind a name that ends in "?" or "!" these show that the name goes on.
    private static readonly HashSet<string> GoesOn = new(StringComparer.Ordinal) { "Ltd", "Limited", "CIC", "CIO", "LLP", "plc", "PLC", "Inc", "Co", "Trust", "Foundation", "UK" };

    // These end a clause as often as they stand inside one, so a capital after them does begin a sentence.
    private static readonly HashSet<string> MayEnd = new(StringComparer.OrdinalIgnoreCase) { "etc", "ltd", "plc", "inc", "co", "a.m", "p.m", "u.k", "u.s", "e.u", "ph.d", "b.sc", "m.sc" };

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
            else if (text[i] == ':' && StartsList(text, i + 1))
            {
                Add(text, start, i + 1, sentences);
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
        // The number of a footnote belongs to the sentence before it: "for £1.[1] It sold …".
        while (end + 2 < text.Length && text[end] == '[' && text.IndexOf(']', end) is var close && close > end + 1 && close <= end + 4 && text.AsSpan(end + 1, close - end - 1).IndexOfAnyExceptInRange('0', '9') < 0) end = close + 1;
        return end;
    }

    // "did three things: 1. It lent …": the first item begins a sentence.
    private static bool StartsList(string text, int at) =>
        at + 3 < text.Length && text[at] == ' ' && text[at + 1] == '1' && text[at + 2] is '.' or ')' && char.IsWhiteSpace(text[at + 3]);

    private static bool EndsSentence(string text, int start, int mark, int end)
    {
        if (end >= text.Length) return true;
        if (!char.IsWhiteSpace(text[end])) return RunsOn(text, mark, end);
        var next = end;
        while (next < text.Length && char.IsWhiteSpace(text[next]) && text[next] is not ('\n' or '\r')) next++;
        if (next >= text.Length || text[next] is '\n' or '\r') return true;
        if (char.IsLower(text[next])) return false;
        if (text[mark] is '!' or '?' && end == mark + 1 && InName(text, start, mark, next)) return false;
        if (text[mark] != '.' || end > mark + 1) return true;

        var word = mark;
        while (word > start && (char.IsLetterOrDigit(text[word - 1]) || text[word - 1] == '.')) word--;
        var before = text[word..mark];
        if (before.Length == 1 && char.IsUpper(before[0])) return false;
        // The number or letter of an item is never a sentence of its own.
        if (before.Length is 1 or 2 && (char.IsAsciiDigit(before[0]) || before.Length == 1) && text.AsSpan(start, word - start).IsWhiteSpace()) return false;
        return !ShortForms.Contains(before) || (MayEnd.Contains(before) && char.IsUpper(text[next]));
    }

    // "lets four rooms.It employs six": a full stop between a small and a capital letter with a small one after it, outside an address.
    private static bool RunsOn(string text, int mark, int end)
    {
        if (text[mark] != '.' || end != mark + 1 || mark < 2 || end + 1 >= text.Length) return false;
        if (!char.IsLower(text[mark - 1]) || !char.IsLower(text[mark - 2]) || !char.IsUpper(text[end]) || !(char.IsLower(text[end + 1]) || char.IsWhiteSpace(text[end + 1]))) return false;
        var from = mark;
        while (from > 0 && !char.IsWhiteSpace(text[from - 1])) from--;
        var to = end;
        while (to < text.Length && !char.IsWhiteSpace(text[to])) to++;
        return text.AsSpan(from, mark - from).IndexOfAny(['@', '/', '.']) < 0 && text.AsSpan(end, to - end).TrimEnd('.').IndexOfAny(['@', '/', '.']) < 0;
    }

    // "the magazine Who Cares? Ltd", "the paper Shout! Fenwick is": a capital before the mark in the middle of a sentence.
    private static bool InName(string text, int start, int mark, int next)
    {
        var stop = next;
        while (stop < text.Length && char.IsLetter(text[stop])) stop++;
        if (GoesOn.Contains(text[next..stop])) return true;
        var word = mark;
        while (word > start && (char.IsLetterOrDigit(text[word - 1]) || text[word - 1] is '\'' or '’')) word--;
        if (text[mark] != '!' || word == mark || !char.IsUpper(text[word]) || word - start < 3) return false;
        var before = text[start..word].TrimEnd();
        return before.Length > 0 && char.IsLower(before[^1]) && before.Count(c => c == ' ') < 4;
    }

    private static void Add(string text, int start, int end, List<TextSpan> sentences)
    {
        while (start < end && char.IsWhiteSpace(text[start])) start++;
        while (end > start && char.IsWhiteSpace(text[end - 1])) end--;
        if (end > start) sentences.Add(new TextSpan(start, end));
    }
}
