using System.Text.RegularExpressions;
using CoopAI.Core.Corpus;
using YamlDotNet.RepresentationModel;

namespace CoopAI.Adapters.Reading;

/// <summary>Reads Markdown, with or without front matter between lines of three hyphens, and plain text, which is Markdown without marks.</summary>
internal static partial class MarkdownReader
{
    // Deeper front matter than any form needs; also what the parser of YAML can take.
    private const int MaxFrontMatter = 64 * 1024;

    public static SourceDocument Read(string text, SourcePlace source, string fileName)
    {
        var (fields, body) = FrontMatter(text);
        var blocks = Blocks(body);
        var title = blocks.FirstOrDefault(b => b is { Kind: BlockKind.Heading, Level: 1 });
        return new SourceDocument(source, title is null || fields.Any(f => FactFinder.FieldOf(f.Name) == "title" && f.Value != title.Text) ? blocks : [.. blocks.Where(b => b != title)], fields)
        {
            Title = title?.Text,
            TitleOrigin = title is null ? null : "the first heading",
            FileName = fileName,
        };
    }

    /// <summary>Whether a text is written in Markdown: headings, emphasis, links or tables of it.</summary>
    public static bool IsMarkdown(string text) => Marks().IsMatch(text);

    /// <summary>Plain text: paragraphs between blank lines, wrapped lines joined, bullets as items.</summary>
    public static SourceDocument ReadPlain(string text, SourcePlace source, string fileName)
    {
        var (body, signature) = WithoutMail(text);
        var blocks = Blocks(body, plain: true);
        // A short first line above everything is the title.
        var first = blocks.Count > 1 && blocks[0] is { Kind: BlockKind.Paragraph or BlockKind.Heading, Text.Length: < 150 } b && !b.Text.EndsWith('.') && !FactFinder.StartsWithLabel(b.Text) && !FactFinder.StartsWithTitle(b.Text) && !FactFinder.IsLabel(b.Text) ? blocks[0] : null;
        return new SourceDocument(source, first is null ? blocks : [.. blocks.Skip(1)], signature is null ? [] : [new SourceField("contact", signature, "the signature")])
        {
            Title = first?.Text,
            TitleOrigin = first is null ? null : "the first line",
            FileName = fileName,
        };
    }

    private static readonly string[] MailHeads = ["from:", "to:", "cc:", "bcc:", "sent:", "date:", "subject:", "reply-to:", "importance:", "attachments:"];
    private static readonly string[] SignOffs = ["kind regards", "regards", "best regards", "warm regards", "best wishes", "many thanks", "with thanks", "thanks", "thank you", "yours sincerely", "yours faithfully", "cheers", "all the best"];

    /// <summary>A pasted e-mail without its head, and who signed it.</summary>
    private static (string Text, string? Signature) WithoutMail(string text)
    {
        var lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n');
        var start = 0;
        var heads = 0;
        while (start < lines.Length && (lines[start].Trim().Length == 0 || MailHeads.Any(h => lines[start].TrimStart().StartsWith(h, StringComparison.OrdinalIgnoreCase))))
        {
            if (lines[start].Trim().Length > 0) heads++;
            start++;
        }

        // "Subject: housing" alone is a field of a form; a mail has more heads, or passes a subject on.
        if (heads == 0 || (heads == 1 && !lines[..start].Any(l => l.TrimStart().StartsWith("subject: re:", StringComparison.OrdinalIgnoreCase) || l.TrimStart().StartsWith("subject: fw", StringComparison.OrdinalIgnoreCase)))) start = 0;
        var end = Array.FindLastIndex(lines, l => SignOffs.Contains(l.Trim().TrimEnd(',', '.', '!'), StringComparer.OrdinalIgnoreCase));
        string? signature = null;
        if (end > start && lines.Length - end <= 14 && lines[(end + 1)..].All(l => l.Trim().Length < 100))
        {
            signature = string.Join(", ", lines[(end + 1)..].Select(l => l.Trim().TrimEnd(',')).Where(l => l.Length > 0).Take(2));
            if (signature.Length == 0) signature = null;
        }
        else end = lines.Length;

        return start == 0 && end == lines.Length ? (text, null) : (string.Join('\n', lines[start..end]), signature);
    }

    private static (List<SourceField> Fields, string Body) FrontMatter(string text)
    {
        var lines = text.TrimStart('\uFEFF').Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        if (!lines.StartsWith("---\n", StringComparison.Ordinal)) return ([], lines);
        var end = lines.IndexOf("\n---", 3, StringComparison.Ordinal);
        var after = end < 0 ? -1 : lines.IndexOf('\n', end + 1);
        if (end < 0) return ([], lines);
        var yaml = lines[4..Math.Max(4, end + 1)];
        if (yaml.Length > MaxFrontMatter) throw new UnreadableDocumentException($"the front matter has {yaml.Length} characters; at most {MaxFrontMatter} are read.");
        if (yaml.Contains('&', StringComparison.Ordinal) && Anchor().Count(yaml) > 50) throw new UnreadableDocumentException("the front matter repeats itself by anchors. Write each value out.");
        var fields = new List<SourceField>();
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(yaml));
            if (stream.Documents is [{ RootNode: YamlMappingNode map }, ..])
            {
                foreach (var (key, value) in map.Children)
                {
                    if (key is YamlScalarNode { Value: { } name }) fields.Add(new SourceField(name, ValueOf(value), "the front matter"));
                }
            }
        }
        catch (Exception e) when (e is YamlDotNet.Core.YamlException or ArgumentException or InvalidOperationException)
        {
            var line = e is YamlDotNet.Core.YamlException { Start.Line: var at } ? (int)at + 1 : 1;
            throw new UnreadableDocumentException("the front matter is not YAML. Write one “name: value” a line, and values with a colon between quotation marks.", e) { Place = $"line {line}", Line = line };
        }

        return (fields, after < 0 ? "" : lines[(after + 1)..]);
    }

    private static string ValueOf(YamlNode node) => node switch
    {
        YamlScalarNode scalar => scalar.Value ?? "",
        YamlSequenceNode list => string.Join("; ", list.Children.OfType<YamlScalarNode>().Select(s => s.Value ?? "")),
        _ => "",
    };

    /// <summary>The blocks of a text in Markdown.</summary>
    /// <param name="plain">Marks of Markdown inside lines are left as they are.</param>
    public static List<Block> Blocks(string text, bool plain = false)
    {
        var lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Replace('\f', '\n').Replace('\u2028', '\n').Replace("\u2029", "\n\n", StringComparison.Ordinal).Split('\n');
        var words = plain ? new HashSet<string>(lines.SelectMany(l => l.Split([' ', '\t', '.', ',', ';', ':', '(', ')'], StringSplitOptions.RemoveEmptyEntries)), StringComparer.OrdinalIgnoreCase) : null;
        var wrapped = plain && IsWrapped(lines);
        var runs = plain ? WrappedLines(lines) : null;
        var blocks = new List<Block>();
        var paragraph = new List<string>();
        var (kind, group, groups) = (BlockKind.Paragraph, 0, 0);
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line.Length == 0)
            {
                Flush();
                kind = BlockKind.Paragraph;
                continue;
            }

            if (!plain && line.StartsWith("```", StringComparison.Ordinal))
            {
                Flush();
                for (i++; i < lines.Length && !lines[i].TrimStart().StartsWith("```", StringComparison.Ordinal); i++)
                {
                    if (Tidy.Line(lines[i]) is { Length: > 0 } code) blocks.Add(new Block(BlockKind.Paragraph, code));
                }

                continue;
            }

            // Where a link leads to is no text; a footnote's text is.
            if (!plain && LinkDefinition().IsMatch(line))
            {
                Flush();
                continue;
            }

            if (!plain && line.StartsWith("[^", StringComparison.Ordinal) && line.IndexOf("]:", StringComparison.Ordinal) is > 2 and < 40 and var note)
            {
                Flush();
                paragraph.Add(line[(note + 2)..].Trim());
                continue;
            }

            if (line[0] == '#' && Heading(line, out var level, out var heading))
            {
                Flush();
                if (Inline(heading, plain) is { Length: > 0 } head) blocks.Add(new Block(BlockKind.Heading, head, level));
                continue;
            }

            if (IsRule(line))
            {
                // Under a single line of text it makes a heading of it.
                if (paragraph.Count == 1 && kind == BlockKind.Paragraph && line[0] is '=' or '-')
                {
                    var under = Inline(paragraph[0], plain);
                    paragraph.Clear();
                    if (under.Length > 0) blocks.Add(new Block(BlockKind.Heading, under, line[0] == '=' ? 1 : 2));
                }
                else Flush();
                continue;
            }

            if (line[0] == '|' && line.Length > 1)
            {
                Flush();
                var rows = new List<string[]>();
                var head = false;
                for (; i < lines.Length && lines[i].Trim() is ['|', ..] row; i++)
                {
                    if (row.All(c => c is '|' or '-' or ':' or ' ' or '+'))
                    {
                        head |= rows.Count == 1;
                        continue;
                    }

                    rows.Add([.. row.Trim('|').Split('|').Select(c => Inline(c, plain))]);
                }

                i--;
                groups++;
                for (var r = 0; r < rows.Count; r++) blocks.Add(new Block(BlockKind.Row, string.Join(" | ", rows[r])) { Cells = rows[r], IsHead = head && r == 0, Group = groups });
                continue;
            }

            if (Bullet(line) is { } rest)
            {
                Flush();
                if (kind != BlockKind.ListItem) groups++;
                (kind, group) = (BlockKind.ListItem, groups);
                paragraph.Add(rest);
                continue;
            }

            if (!plain && line[0] == '>')
            {
                if (kind != BlockKind.Quote) Flush();
                kind = BlockKind.Quote;
                if (line.TrimStart('>', ' ') is { Length: > 0 } quoted) paragraph.Add(quoted);
                else
                {
                    Flush();
                    kind = BlockKind.Quote;
                }

                continue;
            }

            // In text that is not wrapped, and beside labels, each line stands for itself.
            if (paragraph.Count > 0 && ((plain && !wrapped && !runs!.Contains(i) && kind != BlockKind.ListItem) || FactFinder.StartsWithLabel(line) || FactFinder.IsLabel(line) || FactFinder.StartsWithLabel(paragraph[^1]) || FactFinder.IsLabel(paragraph[^1]) || lines[i - 1].EndsWith("  ", StringComparison.Ordinal) || lines[i - 1].EndsWith('\\')))
                Flush();
            paragraph.Add(line);
        }

        Flush();
        return blocks;

        void Flush()
        {
            if (paragraph.Count > 0)
            {
                var joined = Tidy.Join(paragraph.Select(p => p.TrimEnd('\\')), words is null ? null : words.Contains);
                if (Inline(joined, plain) is { Length: > 0 } finished) blocks.Add(new Block(kind, finished) { Group = kind == BlockKind.ListItem ? group : 0 });
                paragraph.Clear();
            }

            if (kind != BlockKind.ListItem) kind = BlockKind.Paragraph;
        }
    }

    // Most lines that are followed by another end near one width.
    private static bool IsWrapped(string[] lines)
    {
        var followed = lines.Where((l, i) => i + 1 < lines.Length && l.Trim().Length > 0 && lines[i + 1].Trim().Length > 0).Select(l => l.TrimEnd().Length).ToList();
        if (followed.Count < 2) return followed.Count == 1 && followed[0] is > 50 and < 110 && !lines.Any(l => l.Length > 130);
        return followed.Max() <= 130 && followed.Count(l => l > followed.Max() * 0.7) > followed.Count / 2;
    }

    /// <summary>Lines that go on the line before, in runs of lines of about one width.</summary>
    private static HashSet<int> WrappedLines(string[] lines)
    {
        var joined = new HashSet<int>();
        for (var start = 0; start < lines.Length; start++)
        {
            if (lines[start].Trim().Length == 0) continue;
            var end = start;
            while (end + 1 < lines.Length && lines[end + 1].Trim().Length > 0 && Bullet(lines[end + 1].Trim()) is null) end++;
            var full = lines[start..end].Select(l => l.TrimEnd().Length).ToList();
            if (full.Count > 0 && full.Max() is >= 50 and <= 130 && full.Min() >= full.Max() * 0.8 && lines[end].TrimEnd().Length <= full.Max() + 8 && !lines[start..(end + 1)].Any(l => FactFinder.StartsWithLabel(l.Trim())))
            {
                for (var i = start + 1; i <= end; i++) joined.Add(i);
            }

            start = end;
        }

        return joined;
    }

    private static bool Heading(string line, out int level, out string text)
    {
        level = line.TakeWhile(c => c == '#').Count();
        text = line[level..].Trim().TrimEnd('#').Trim();
        return level <= 6 && text.Length > 0 && line[level] is ' ' or '\t';
    }

    private static bool IsRule(string line) => line.Length >= 3 && (line.All(c => c is '-' or ' ') || line.All(c => c is '=' or ' ') || line.All(c => c is '*' or ' ') || line.All(c => c is '_' or ' '));

    /// <summary>What follows the mark of a list's item; null: the line is none.</summary>
    internal static string? Bullet(string line)
    {
        if (line.Length > 2 && line[0] is '-' or '*' or '+' or '•' or '·' or '▪' or '●' or '○' or '◦' or '‣' or '–' or 'o' && char.IsWhiteSpace(line[1]) && (line[0] != 'o' || char.IsUpper(line[2]))) return line[2..].Trim();
        if (line.Length > 1 && line[0] is '•' or '▪' or '●' or '○' or '◦' or '‣' or '·') return line[1..].Trim();
        var digits = line.TakeWhile(char.IsAsciiDigit).Count();
        return digits is > 0 and < 3 && line.Length > digits + 2 && line[digits] is '.' or ')' && line[digits + 1] == ' ' ? line[(digits + 2)..].Trim() : null;
    }

    /// <summary>One line without the marks of Markdown: emphasis, links (their text stays), pictures (nothing stays), code.</summary>
    internal static string Inline(string line, bool plain)
    {
        if (plain) return Tidy.Line(Tidy.Entities(line));
        if (line.Contains('[', StringComparison.Ordinal))
        {
            line = Picture().Replace(line, " ");
            line = Link().Replace(line, "$1");
            line = Reference().Replace(line, "$1");
            line = Footnote().Replace(line, "");
        }

        line = AutoLink().Replace(line, "$1");
        line = Emphasis(line, "**");
        line = Emphasis(line, "__");
        line = Emphasis(line, "~~");
        line = Emphasis(line, "*");
        line = Emphasis(line, "_");
        line = Emphasis(line, "`");
        if (line.Contains('\\', StringComparison.Ordinal)) line = Escape().Replace(line, "$1");
        if (line.Contains('<', StringComparison.Ordinal) && Tidy.HoldsMarkup(line)) line = string.Join(' ', HtmlReader.ReadPiece(line).Select(b => b.Text));
        return Tidy.Line(Tidy.Entities(line));
    }

    /// <summary>Takes pairs of a mark away where they hug words; a lone asterisk or an underscore inside a word stays.</summary>
    private static string Emphasis(string line, string mark)
    {
        var open = line.IndexOf(mark, StringComparison.Ordinal);
        while (open >= 0)
        {
            var inside = open + mark.Length;
            var before = open == 0 || !char.IsLetterOrDigit(line[open - 1]) || mark[0] is '*' or '`';
            if (!before || inside >= line.Length || char.IsWhiteSpace(line[inside]))
            {
                open = line.IndexOf(mark, Math.Min(inside, line.Length), StringComparison.Ordinal);
                continue;
            }

            var close = line.IndexOf(mark, inside, StringComparison.Ordinal);
            while (close > 0 && (char.IsWhiteSpace(line[close - 1]) || close == inside || (mark[0] == '_' && close + mark.Length < line.Length && char.IsLetterOrDigit(line[close + mark.Length])))) close = line.IndexOf(mark, close + 1, StringComparison.Ordinal);
            if (close < 0) break;
            line = string.Concat(line.AsSpan(0, open), line.AsSpan(inside, close - inside), line.AsSpan(close + mark.Length));
            open = line.IndexOf(mark, open, StringComparison.Ordinal);
        }

        return line;
    }

    [GeneratedRegex(@"^#{1,6} \S|\*\*\S[^*\n]*\*\*|(?:^|[^!])\[[^\]\n]+\]\(https?://[^)\s]+\)|^\|[-: |]+\|[ \t]*$|^```", RegexOptions.NonBacktracking | RegexOptions.Multiline)]
    private static partial Regex Marks();

    [GeneratedRegex(@"!\[[^\]]*\]\([^)]*\)", RegexOptions.NonBacktracking)]
    private static partial Regex Picture();

    [GeneratedRegex(@"\[([^\]]+)\]\((?:<[^>]*>|[^()\s]*(?:\([^()\s]*\))?[^()\s]*)(?: +""[^""]*"")?\)", RegexOptions.NonBacktracking)]
    private static partial Regex Link();

    [GeneratedRegex(@"\[([^\]]+)\]\[[^\]]*\]", RegexOptions.NonBacktracking)]
    private static partial Regex Reference();

    [GeneratedRegex(@"\[\^[^\]\s]{1,30}\]", RegexOptions.NonBacktracking)]
    private static partial Regex Footnote();

    [GeneratedRegex(@"^\[[^\]^][^\]]{0,80}\]: *<?(?:https?://|/|mailto:|#)\S+", RegexOptions.NonBacktracking)]
    private static partial Regex LinkDefinition();

    [GeneratedRegex(@"<(https?://[^>\s]+)>", RegexOptions.NonBacktracking)]
    private static partial Regex AutoLink();

    [GeneratedRegex(@"\\([\\`*_{}\[\]()#+.!|~>-])", RegexOptions.NonBacktracking)]
    private static partial Regex Escape();

    [GeneratedRegex(@"(?:^|[\s,\[])&\w", RegexOptions.NonBacktracking)]
    private static partial Regex Anchor();
}
