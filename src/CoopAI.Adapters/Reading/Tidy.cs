using System.Buffers;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace CoopAI.Adapters.Reading;

/// <summary>Resolves what stands in texts by accident of their making: invisible characters, white space, shortcodes of WordPress, words cut at line ends.</summary>
internal static partial class Tidy
{
    // Names that plug-ins of WordPress use most; any other name counts when it has attributes or is closed.
    private static readonly HashSet<string> Shortcodes = new(
        "caption gallery audio video playlist embed youtube vimeo iframe button buttons share toc table row column columns spacer divider tabs tab accordion toggle map contact-form contact-form-7 gravityform wpforms sharethis addtoany social".Split(' '),
        StringComparer.OrdinalIgnoreCase);

    /// <summary>One line: soft hyphens and zero-width characters gone, every run of white space one space, trimmed.</summary>
    public static string Line(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var result = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (c is '\u00AD' or '\u200B' or '\u200C' or '\u200D' or '\u2060' or '\uFEFF' or '\uFFFC') continue;
            if (char.IsWhiteSpace(c) || char.IsControl(c))
            {
                if (result.Length > 0 && result[^1] != ' ') result.Append(' ');
            }
            else result.Append(c);
        }

        if (result.Length > 0 && result[^1] == ' ') result.Length--;
        return result.ToString();
    }

    /// <summary>A table's cell on one line: names that stand below each other are parted by semicolons.</summary>
    public static string Cell(IEnumerable<string> lines)
    {
        var parts = lines.Select(Line).Where(l => l.Length > 0).ToList();
        return string.Join(parts.Count > 1 && parts.All(p => char.IsUpper(p[0]) && p.Contains(' ', StringComparison.Ordinal) && p[^1] is not ('.' or ',' or ';' or ':' or '!' or '?')) ? "; " : " ", parts);
    }

    /// <summary>Named and numbered entities as characters, also those that were written twice (<c>&amp;amp;pound;</c>).</summary>
    public static string Entities(string text)
    {
        for (var i = 0; i < 3 && text.Contains('&', StringComparison.Ordinal); i++)
        {
            var decoded = WebUtility.HtmlDecode(text);
            if (decoded == text) break;
            text = decoded;
        }

        return text;
    }

    /// <summary>Whether <see cref="WithoutShortcodes"/> or <see cref="Entities"/> would change the text, or it holds tags of HTML or comments of the block editor.</summary>
    public static bool HoldsMarkup(string text) =>
        (text.Contains('&', StringComparison.Ordinal) && WebUtility.HtmlDecode(text) != text)
        || (text.Contains('<', StringComparison.Ordinal) && Tag().IsMatch(text))
        || (text.Contains('[', StringComparison.Ordinal) && WithoutShortcodes(text) != text);

    /// <summary>Takes <c>[gallery ids="1,2"]</c>, <c>[/caption]</c> and their like out; words in brackets that are none, such as <c>[sic]</c> or <c>[1]</c>, stay.</summary>
    /// <remarks>What an enclosing shortcode holds stays, on a line of its own.</remarks>
    public static string WithoutShortcodes(string text)
    {
        if (!text.Contains('[', StringComparison.Ordinal)) return text;
        HashSet<string>? closed = null;
        var result = new StringBuilder(text.Length);
        var at = 0;
        while (text.IndexOf('[', at) is >= 0 and var open)
        {
            result.Append(text, at, open - at);
            at = open + 1;
            if (ShortcodeEnd(text, open, out var name, out var hasAttributes, out var closes) is not { } end
                || !(closes || hasAttributes || Shortcodes.Contains(name) || (closed ??= Closed(text)).Contains(name))
                // "[x](address)" is a link of Markdown.
                || (end < text.Length && text[end] == '('))
            {
                result.Append('[');
                continue;
            }

            result.Append("\n\n");
            at = end;
        }

        return result.Append(text, at, text.Length - at).ToString();
    }

    /// <summary>Joins lines that were wrapped: "inno-" and "vation" become one word, "co-" and "operative" keep their hyphen.</summary>
    /// <param name="known">Whether the document holds a word elsewhere; decides whether a hyphen at a line's end belongs to the word.</param>
    public static string Join(IEnumerable<string> lines, Func<string, bool>? known = null)
    {
        var result = new StringBuilder();
        foreach (var raw in lines)
        {
            var line = raw.Trim();
            if (line.Length == 0) continue;
            if (result.Length == 0)
            {
                result.Append(line);
                continue;
            }

            var soft = result[^1] == '\u00AD';
            if (result.Length > 1 && (soft || result[^1] is '-' or '‐') && char.IsLetter(result[^2]) && char.IsLower(line[0]))
            {
                if (soft || !KeepsHyphen(LastWord(result), FirstWord(line), known)) result.Length--;
                result.Append(line);
            }
            else if (result[^1] is '-' or '–' or '/' && result.Length > 1 && char.IsLetterOrDigit(result[^2]) && char.IsLetterOrDigit(line[0])) result.Append(line);
            else result.Append(' ').Append(line);
        }

        return Line(result.ToString());
    }

    private static readonly HashSet<string> Prefixes = new("co non self well cross multi inter semi anti ex pre post re long short low high part full user staff resident tenant community council member peer place asset data evidence worker employee two three four five six seven eight nine ten".Split(' '), StringComparer.OrdinalIgnoreCase);

    private static bool KeepsHyphen(string before, string after, Func<string, bool>? known)
    {
        if (known?.Invoke(before + after) == true) return false;
        if (known?.Invoke(before + "-" + after) == true) return true;
        return Prefixes.Contains(before) || before.EndsWith("-co", StringComparison.OrdinalIgnoreCase);
    }

    private static string LastWord(StringBuilder text)
    {
        var start = text.Length - 1;
        while (start > 0 && (char.IsLetterOrDigit(text[start - 1]) || text[start - 1] == '-')) start--;
        return text.ToString(start, text.Length - 1 - start);
    }

    private static string FirstWord(string line)
    {
        var end = 0;
        while (end < line.Length && (char.IsLetterOrDigit(line[end]) || line[end] == '-')) end++;
        return line[..end].TrimEnd('-');
    }

    private static HashSet<string> Closed(string text)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var at = 0; text.IndexOf("[/", at, StringComparison.Ordinal) is >= 0 and var open; at = open + 2)
        {
            if (ShortcodeEnd(text, open, out var name, out _, out _) is not null) names.Add(name);
        }

        return names;
    }

    private static int? ShortcodeEnd(string text, int open, out string name, out bool hasAttributes, out bool closes)
    {
        (name, hasAttributes) = ("", false);
        var at = open + 1;
        closes = at < text.Length && text[at] == '/';
        if (closes) at++;
        var start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '-' or '_')) at++;
        if (at == start || !char.IsAsciiLetter(text[start])) return null;
        name = text[start..at];
        var end = text.AsSpan(at, Math.Min(2000, text.Length - at)).IndexOf(']');
        if (end < 0) return null;
        var inside = text.AsSpan(at, end);
        if (inside.Length > 0 && !char.IsWhiteSpace(inside[0]) && inside[0] != '/') return null;
        if (closes && inside.Trim().Length > 0) return null;
        hasAttributes = inside.Contains('=') && inside.IndexOfAny('"', '\'', '“') >= 0;
        return at + end + 1;
    }

    [GeneratedRegex("<(?:!--|/?(?:p|div|span|br|ul|ol|li|h[1-6]|strong|em|b|i|u|a|img|table|tr|td|th|tbody|thead|blockquote|figure|figcaption|section|article|header|footer|nav|script|style|html|body|main|sup|sub|hr|dl|dt|dd|iframe|svg|form|input|button|font|center|pre|code|small|noscript|template|video|audio|object|embed|link|meta|base)(?:[\\s/>]))", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex Tag();
}
