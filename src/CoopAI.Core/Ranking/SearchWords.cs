using CoopAI.Core.Language;

namespace CoopAI.Core.Ranking;

/// <summary>The content words that ranking compares: as <see cref="Words"/>, without stop words; "co-operative" is read as "cooperative" and "in house" as "inhouse".</summary>
internal static class SearchWords
{
    /// <summary>In reading order, repeats kept.</summary>
    public static IEnumerable<string> Split(string text) => SplitWithSpans(text).Select(word => word.Text);

    /// <summary>As <see cref="Split"/>, with where each word stands.</summary>
    public static IEnumerable<Word> SplitWithSpans(string text)
    {
        Word? previous = null;
        foreach (var word in Words.Split(text))
        {
            if (previous is { } prefix)
            {
                previous = null;
                if (Joins(text, prefix, word))
                {
                    yield return new Word(prefix.Text + word.Text, new TextSpan(prefix.Span.Start, word.Span.End));
                    continue;
                }

                if (!StopWords.Contains(prefix.Text)) yield return prefix;
            }

            if (word.Text is "co" or "in") previous = word;
            else if (!StopWords.Contains(word.Text)) yield return word;
        }

        if (previous is { Text: "co" } last) yield return last;
    }

    // "co-op" and "coop" are the same word to an officer. "In house" is no house.
    private static bool Joins(string text, Word prefix, Word word)
    {
        var hyphen = word.Span.Start == prefix.Span.End + 1 && text[prefix.Span.End] is '-' or '‐' or '‑';
        return prefix.Text == "co" ? hyphen : word.Text == "house" && (hyphen || text[prefix.Span.End] == ' ');
    }
}
