namespace CoopAI.Core.Tagging;

/// <summary>Blanks out HTML, so that what is left has the same offsets as the text it came from.</summary>
internal static class MarkupMask
{
    private static readonly string[] Hidden = ["script", "style", "template", "noscript", "svg"];
    private static readonly string[] Blocks = ["p", "div", "br", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "td", "th", "table", "section", "article", "header", "footer", "nav", "blockquote"];
    private static readonly (string Entity, char By)[] Entities =
        [("&amp;", '&'), ("&nbsp;", ' '), ("&quot;", '"'), ("&#39;", '\''), ("&apos;", '\''), ("&lt;", ' '), ("&gt;", ' '), ("&rsquo;", '’'), ("&lsquo;", '‘'), ("&ldquo;", '“'), ("&rdquo;", '”'), ("&ndash;", '–'), ("&mdash;", '—'), ("&pound;", '£'), ("&#8217;", '’'), ("&#160;", ' ')];

    /// <summary>The text with tags, comments and hidden elements turned into spaces (a line break where a block begins or ends); as it was when it holds no tag.</summary>
    public static string Apply(string text)
    {
        if (!text.Contains('<', StringComparison.Ordinal) && !text.Contains('&', StringComparison.Ordinal)) return text;
        var result = text.ToCharArray();
        var i = 0;
        while (i < text.Length)
        {
            if (text[i] == '<' && TagEnd(text, i) is { } end)
            {
                var name = Name(text, i);
                Blank(result, i, end);
                if (Blocks.Contains(name, StringComparer.OrdinalIgnoreCase)) result[i] = '\n';
                if (Hidden.Contains(name, StringComparer.OrdinalIgnoreCase) && text[i + 1] != '/')
                {
                    var close = text.IndexOf("</" + name, end, StringComparison.OrdinalIgnoreCase);
                    var stop = close < 0 ? text.Length : close;
                    Blank(result, end, stop);
                    end = stop;
                }

                i = end;
            }
            else if (text[i] == '&' && Array.Find(Entities, e => string.CompareOrdinal(text, i, e.Entity, 0, e.Entity.Length) == 0) is { Entity: not null } entity)
            {
                Blank(result, i, i + entity.Entity.Length);
                // At the end of the gap, so that a word before an apostrophe and the "s" after it stay apart by spaces at most.
                result[i] = entity.By;
                i += entity.Entity.Length;
            }
            else i++;
        }

        return new string(result);
    }

    // A "<" opens a tag only when a letter, "/" or "!" follows and a ">" comes before long: "fewer than < 5" is text.
    private static int? TagEnd(string text, int start)
    {
        if (start + 1 >= text.Length || !(char.IsAsciiLetter(text[start + 1]) || text[start + 1] is '/' or '!')) return null;
        if (text.AsSpan(start).StartsWith("<!--"))
        {
            var close = text.IndexOf("-->", start + 4, StringComparison.Ordinal);
            return close < 0 ? text.Length : close + 3;
        }

        var end = text.IndexOf('>', start, Math.Min(4096, text.Length - start));
        return end < 0 ? null : end + 1;
    }

    private static string Name(string text, int start)
    {
        var from = text[start + 1] == '/' ? start + 2 : start + 1;
        var to = from;
        while (to < text.Length && char.IsAsciiLetterOrDigit(text[to])) to++;
        return text[from..to];
    }

    private static void Blank(char[] text, int start, int end)
    {
        for (var i = start; i < end; i++)
        {
            if (text[i] is not ('\n' or '\r')) text[i] = ' ';
        }
    }
}
