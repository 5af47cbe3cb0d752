using CoopAI.Core.Text;

namespace CoopAI.Core.Retrieval;

/// <summary>The content words that ranking compares: as <see cref="Words"/>, without stop words, and with "co-operative" read as "cooperative".</summary>
internal static class SearchWords
{
    /// <summary>In reading order, repeats kept.</summary>
    public static IEnumerable<string> Split(string text)
    {
        Word? prefix = null;
        foreach (var word in Words.Split(text))
        {
            var joined = word.Text;
            if (prefix is { } co)
            {
                prefix = null;
                // "co-op" and "coop" are the same word to an officer, and must be to the ranking.
                if (word.Span.Start == co.Span.End + 1 && text[co.Span.End] is '-' or '‐' or '‑') joined = co.Text + word.Text;
                else yield return co.Text;
            }

            if (joined == "co") prefix = word;
            else if (!StopWords.Contains(joined)) yield return joined;
        }

        if (prefix is not null) yield return "co";
    }
}
