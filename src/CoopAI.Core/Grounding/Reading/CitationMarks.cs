using CoopAI.Core.Language;

namespace CoopAI.Core.Grounding.Reading;

/// <summary>A sentence of a text with the marks that belong to it taken out.</summary>
/// <param name="Text">Without marks and with single spaces.</param>
/// <param name="Cites">Ids in the order of the marks, each once.</param>
/// <param name="Span">Where it stands in the marked text, marks included.</param>
/// <param name="IsClaim">False for questions and headings, which need no source.</param>
public sealed record MarkedSentence(string Text, IReadOnlyList<string> Cites, TextSpan Span, bool IsClaim);

/// <summary>Reads marks such as <c>[CS1]</c>, <c>[CS1][CS2]</c> or <c>[CS1, CS2]</c>.</summary>
public static class CitationMarks
{
    private const int LongestMark = 400;

    /// <summary>The sentences of a marked text. A mark behind the full stop belongs to the sentence before it.</summary>
    /// <param name="isSource">Whether an id is one of the answer's sources; null: not known.</param>
    /// <param name="isProse">Whether a text in square brackets stands so in a source: "[1]" or "[Covid-19]" of the source is prose, no mark.</param>
    public static IReadOnlyList<MarkedSentence> Read(string text, Func<string, bool>? isSource = null, Func<string, bool>? isProse = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        var marks = new List<(TextSpan Span, string[] Ids)>();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '[') continue;
            var end = text.IndexOfAny([']', '[', '\n'], i + 1);
            if (end < 0 || text[end] != ']' || end - i > LongestMark) continue;
            var ids = text[(i + 1)..end].Split([',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            // "[the council]" inside a quotation is a word of the editor's, not a mark: ids hold no space and are not plain words.
            if (ids.Length == 0 || ids.Any(id => id.Contains(' ', StringComparison.Ordinal) || (!id.Any(char.IsAsciiDigit) && !id.Contains('-', StringComparison.Ordinal) && !id.Contains('#', StringComparison.Ordinal)))) continue;
            if (isProse is not null && !(isSource is not null && ids.All(isSource)) && isProse(text[i..(end + 1)])) continue;
            marks.Add((new TextSpan(i, end + 1), ids));
            i = end;
        }

        // Marks are blanked, not cut, so that places in the text stay as they are.
        var blank = text.ToCharArray();
        foreach (var (span, _) in marks) Array.Fill(blank, ' ', span.Start, span.Length);
        var spans = Sentences.Split(new string(blank));
        var ids2 = new List<string>[spans.Count];
        foreach (var (span, ids) in marks)
        {
            var owner = -1;
            for (var s = 0; s < spans.Count && spans[s].Start < span.Start; s++) owner = s;
            if (owner < 0) owner = 0;
            if (owner < spans.Count) (ids2[owner] ??= []).AddRange(ids);
        }

        var many = spans.Count > 1;
        return [.. spans.Select((s, i) =>
        {
            var plain = string.Join(' ', new string(blank, s.Start, s.Length).Split(' ', StringSplitOptions.RemoveEmptyEntries)).Replace(" .", ".", StringComparison.Ordinal).Replace(" ,", ",", StringComparison.Ordinal);
            var cites = (ids2[i] ?? []).Distinct(StringComparer.Ordinal).ToArray();
            return new MarkedSentence(plain, cites, s, IsClaim(plain, cites.Length > 0, many));
        })];
    }

    /// <summary>Whether a sentence states something: questions, headings and bare punctuation do not.</summary>
    public static bool IsClaim(string sentence, bool cited, bool amongOthers)
    {
        ArgumentNullException.ThrowIfNull(sentence);
        var trimmed = sentence.Trim();
        if (!trimmed.Any(char.IsLetterOrDigit)) return false;
        if (trimmed.EndsWith('?')) return false;
        if (trimmed.StartsWith('#') || (trimmed.StartsWith("**", StringComparison.Ordinal) && trimmed.EndsWith("**", StringComparison.Ordinal))) return cited;
        // A short line without a full stop among others is a heading; a lone one is judged.
        return cited || !amongOthers || !(trimmed.EndsWith(':') || (char.IsLetterOrDigit(trimmed[^1]) && trimmed.Count(c => c == ' ') < 7 && !trimmed.Any(char.IsAsciiDigit)));
    }
}
