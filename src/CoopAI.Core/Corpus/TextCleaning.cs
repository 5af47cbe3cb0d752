using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using CoopAI.Core.Language;

namespace CoopAI.Core.Corpus;

/// <summary>Takes out of a text what its carrier put in: tags, entities, shortcodes, Markdown's marks, marks of quoted mail, page breaks with running heads, wrapped lines, invisible characters.</summary>
/// <remarks>
/// Done once, before a text is stored, so that quotes and offsets are true of what is stored. Plain prose comes out as it went in; square
/// brackets that belong to the prose stay. Every expression reads a line or a tag of bounded length; the time grows with the text.
/// </remarks>
public static partial class TextCleaning
{
    // A wrapped line is at least this long; a shorter one that is followed by a capital is a heading or an item.
    private const int WrappedFrom = 60;

    public static string Clean(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Block().IsMatch(text))
        {
            text = Comment().Replace(text, "\n");
            text = Block().Replace(text, "\n");
            text = Inline().Replace(text, "");
        }

        if (text.Contains('&', StringComparison.Ordinal) && Entity().IsMatch(text)) text = WebUtility.HtmlDecode(text);
        if (text.Contains('[', StringComparison.Ordinal)) text = Shortcode().Replace(text, "\n");
        text = Invisible(text);
        var lines = Pages(Unquote([.. text.ReplaceLineEndings("\n").Split('\n').Select(l => l.TrimEnd())]));
        return Join(Markdown(lines));
    }

    /// <summary>What stands in comments of HTML and reads like words; marks of the block editor of WordPress are none. Empty: nothing.</summary>
    public static string CommentsOf(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.Contains("<!--", StringComparison.Ordinal)) return "";
        return string.Join('\n', Comment().Matches(text).Select(m => m.Value[4..^3].Trim()).Where(c => !c.StartsWith("wp:", StringComparison.Ordinal) && !c.StartsWith("/wp:", StringComparison.Ordinal) && c.Count(char.IsWhiteSpace) >= 3));
    }

    /// <summary>A title is one line.</summary>
    public static string CleanTitle(string title) => Spaces().Replace(Clean(title), " ").Trim();

    // Soft hyphens and zero-width characters go; a no-break space is a space; a letter and its accent become one character.
    private static string Invisible(string text)
    {
        if (!text.Any(c => c >= '\u0080')) return text;
        var clean = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is '\u00AD' or '\u200B' or '\u200C' or '\u2060' or '\uFEFF') continue;
            if (c is '\u00A0' or '\u202F' or '\u2007' or '\u2009') c = ' ';
            if (clean.Length > 0 && char.IsLetter(clean[^1]) && char.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark)
            {
                var composed = UnicodeNormalization.ToFormKC($"{clean[^1]}{c}");
                clean.Length--;
                clean.Append(composed);
                continue;
            }

            clean.Append(c);
        }

        return clean.ToString();
    }

    // Quoted mail: every line of a block of two or more begins with ">".
    private static List<string> Unquote(List<string> lines)
    {
        var marked = lines.Count(l => l.StartsWith('>'));
        return marked < 2 || marked * 2 < lines.Count(l => l.Length > 0) ? lines : [.. lines.Select(l => QuoteMark().Replace(l, ""))];
    }

    // "Page 3 of 12" with the running heads beside it, between blank lines.
    private static List<string> Pages(List<string> lines)
    {
        var kept = new List<string>(lines.Count);
        for (var i = 0; i < lines.Count; i++)
        {
            var end = i;
            while (end < lines.Count && lines[end].Length > 0) end++;
            var block = lines[i..end];
            if (block.Count is > 0 and <= 3 && block.Any(l => PageNumber().IsMatch(l)) && block.All(l => l.Length < 100 && !l.EndsWith('.')))
            {
                while (kept.Count > 0 && kept[^1].Length == 0) kept.RemoveAt(kept.Count - 1);
                while (end < lines.Count && lines[end].Length == 0) end++;
                // In the middle of a sentence the break goes altogether; between sentences a paragraph stays.
                if (kept.Count > 0 && end < lines.Count && EndsSentence(kept[^1])) kept.Add("");
                i = end - 1;
                continue;
            }

            kept.AddRange(block);
            if (end < lines.Count) kept.Add(lines[end]);
            i = end;
        }

        return kept;
    }

    private static List<string> Markdown(List<string> lines)
    {
        var clean = new List<string>(lines.Count);
        string[]? heads = null;
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i];
            if (line.StartsWith('|') && line.Length > 1)
            {
                if (TableRule().IsMatch(line)) continue;
                var cells = line.Trim('|').Split('|', StringSplitOptions.TrimEntries);
                if (i + 1 < lines.Count && TableRule().IsMatch(lines[i + 1])) heads = cells;
                else clean.Add(string.Join("; ", cells.Select((c, k) => heads is not null && k < heads.Length && heads[k].Length > 0 ? $"{heads[k]}: {c}" : c)));
                continue;
            }

            heads = null;
            clean.Add(Emphasis().Replace(Strong().Replace(MarkdownLink().Replace(HeadingMark().Replace(line, ""), "${text}"), "${text}"), "${before}${text}"));
        }

        return clean;
    }

    private static string Join(List<string> lines)
    {
        var text = new StringBuilder();
        for (var i = 0; i < lines.Count; i++)
        {
            var line = i > 0 && Joined(lines[i - 1], lines[i]) ? lines[i].TrimStart() : lines[i];
            if (i > 0) text.Append(Joined(lines[i - 1], lines[i]) ? ' ' : '\n');
            text.Append(line);
        }

        return ManyBlank().Replace(text.ToString(), "\n\n").Trim();
    }

    private static bool Joined(string line, string next)
    {
        var (before, after) = (line.TrimEnd(), next.TrimStart());
        if (before.Length == 0 || after.Length == 0 || EndsSentence(before) || before[^1] is ':' or ';' || Item().IsMatch(after)) return false;
        return char.IsLower(after[0]) || (before.Length >= WrappedFrom && !Item().IsMatch(before) && after[0] is not ('-' or '*' or '•' or '|'));
    }

    private static bool EndsSentence(string line) => line.TrimEnd('"', '\'', '”', '’', ')', ']') is [.., '.' or '!' or '?' or '…'];

    [GeneratedRegex(@"</?(?:p|div|br|li|ul|ol|h[1-6]|table|tr|td|th|section|article|blockquote|figure|figcaption|hr)\b[^<>]{0,500}>|<!--", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Block();

    [GeneratedRegex(@"<!--[^>]{0,2000}-->", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex Comment();

    [GeneratedRegex(@"</?(?:a|b|i|u|em|strong|span|sup|sub|small|abbr|cite|q|img|code|mark|font|figure|s|del|ins)\b[^<>]{0,500}>", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Inline();

    [GeneratedRegex(@"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,10});", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex Entity();

    // Names of shortcodes, or any name with an attribute in quotes; "[1]", "[Covid-19]" and "[see page 3]" are prose.
    [GeneratedRegex(@"\[/?(?:gallery|caption|youtube|vimeo|embed|audio|video|playlist|contact-form|vc_\w+|et_pb_\w+)(?:\s[^\]\[]{0,500})?/?\]|\[\w+\s\w+=""[^\]\[]{0,500}\]", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex Shortcode();

    [GeneratedRegex(@"^(?:>\s?)+", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex QuoteMark();

    [GeneratedRegex(@"^\s*(?:page\s)?\d{1,4}\s(?:of|/)\s\d{1,4}\s*$|^\s*page\s\d{1,4}\s*$", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex PageNumber();

    [GeneratedRegex(@"^\|[\s:|-]+$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex TableRule();

    [GeneratedRegex(@"^#{1,6}\s+", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex HeadingMark();

    [GeneratedRegex(@"\[(?<text>[^\]\[]{1,300})\]\(https?://[^\s()]{1,500}\)", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex MarkdownLink();

    [GeneratedRegex(@"\*\*(?<text>[^*]{1,300})\*\*", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex Strong();

    [GeneratedRegex(@"(?<before>^|[\s(])\*(?<text>[^*\s][^*]{0,200})\*", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex Emphasis();

    [GeneratedRegex(@"^(?:\d{1,2}[.)]|[-*•–]|[a-z][.)]|\([a-z0-9]{1,3}\))\s", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex Item();

    [GeneratedRegex(@"\n{3,}", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex ManyBlank();

    [GeneratedRegex(@"\s+", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex Spaces();
}
