using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using CoopAI.Core.Corpus;

namespace CoopAI.Adapters.Reading;

/// <summary>Reads a page of HTML, or a piece of one, into blocks. Scripts are never run and nothing is fetched.</summary>
internal static class HtmlReader
{
    // Never text of a page, whatever they hold.
    private static readonly HashSet<string> Hidden = Set("script style noscript template svg math iframe object embed applet canvas audio video form button select textarea input dialog head map datalist frameset progress meter");

    // Parts of a page that HTML itself calls something else than the text.
    private static readonly HashSet<string> Furniture = Set("nav footer aside menu");

    private static readonly HashSet<string> Roles = Set("navigation banner contentinfo complementary search dialog alertdialog menu menubar toolbar");

    private static readonly HashSet<string> BlockNames = Set(
        "address article aside blockquote body center dd details dir div dl dt fieldset figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup hr html li main menu nav ol p pre section summary table caption tbody td tfoot th thead tr ul label legend");

    // Elements that the parser closes itself, or that many pages leave open: their number says nothing of depth.
    private static readonly HashSet<string> Unclosed = Set("p li td tr th dt dd option optgroup thead tbody tfoot colgroup area base br col embed hr img input link meta param source track wbr html head body");

    /// <summary>A whole page: its main text, title and address.</summary>
    /// <param name="address">Where it was fetched; the page's own canonical address wins when it is of the same host.</param>
    public static SourceDocument ReadPage(string html, SourcePlace source, string fileName, string? address = null)
    {
        var document = Parse(html);
        var walk = new Walk();
        var main = Main(document);
        if (main is not null) walk.Read(main);
        var blocks = walk.Finish();
        var (title, origin) = Title(document, blocks);
        return new SourceDocument(source, PageFurniture.Without(blocks, title), Meta(document))
        {
            Title = title,
            TitleOrigin = origin,
            Address = Canonical(document, address),
            FileName = fileName,
            Hidden = HiddenIn(document),
        };
    }

    /// <summary>Text that a piece of HTML holds and does not show, at most <see cref="MostHidden"/> characters.</summary>
    public static string HiddenIn(string html) => HiddenIn(Parse(html));

    /// <summary>A piece of HTML as editors keep it: blank lines part paragraphs where no element does.</summary>
    public static IReadOnlyList<Block> ReadPiece(string html)
    {
        html = Tidy.WithoutShortcodes(html);
        // The classic editor of WordPress stores blank lines instead of <p>.
        if (!html.Contains("<p", StringComparison.OrdinalIgnoreCase)) html = html.Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\n\n", "<br><br>", StringComparison.Ordinal);
        var walk = new Walk();
        if (Parse(html).Body is { } body) walk.Read(body);
        return walk.Finish();
    }

    private const int MostHidden = 20_000;

    private static string HiddenIn(IHtmlDocument document)
    {
        var hidden = new StringBuilder();
        foreach (var node in document.Descendants())
        {
            if (hidden.Length > MostHidden) break;
            if (node is IComment comment) hidden.Append(comment.Data).Append('\n');
            else if (node is IElement element && IsHidden(element)) hidden.Append(element.TextContent).Append('\n');
        }

        return hidden.Length > MostHidden ? hidden.ToString(0, MostHidden) : hidden.ToString().Trim();
    }

    private static bool IsHidden(IElement element)
    {
        if (element.HasAttribute("hidden") || element.GetAttribute("aria-hidden") == "true" || element.LocalName is "noscript" or "template") return true;
        if (element.LocalName == "font" && element.GetAttribute("color") is { } color && IsWhite(color)) return true;
        return element.GetAttribute("style") is { } style && IsHiding(style);
    }

    /// <summary>Whether a style shows nothing to a person: not drawn, of no size, see-through, white, or far outside the page.</summary>
    private static bool IsHiding(string style)
    {
        foreach (var part in style.ToLowerInvariant().Replace(" ", "", StringComparison.Ordinal).Split(';'))
        {
            var colon = part.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0) continue;
            var (name, value) = (part[..colon], part[(colon + 1)..].Replace("!important", "", StringComparison.Ordinal));
            if (name switch
            {
                "display" => value == "none",
                "visibility" => value is "hidden" or "collapse",
                "opacity" => value is "0" or "0.0" or "0%" or "0.01",
                "font-size" => value is "0" or "0px" or "0pt" or "0em" or "0rem" or "0%" or "1px" or "0.1px" or "1pt",
                "color" => IsWhite(value) || value == "transparent" || value.EndsWith(",0)", StringComparison.Ordinal),
                "text-indent" or "left" or "right" or "top" or "margin-left" => value.StartsWith("-9", StringComparison.Ordinal) && value.Length > 5,
                "height" or "width" or "max-height" or "max-width" => value is "0" or "0px",
                "clip" => value.StartsWith("rect(0", StringComparison.Ordinal),
                _ => false,
            }) return true;
        }

        return false;
    }

    private static bool IsWhite(string color) => color is "white" or "#fff" or "#ffffff" or "#FFFFFF" or "#FFF" or "rgb(255,255,255)" or "White";

    private static IHtmlDocument Parse(string html)
    {
        if (html.Length > ReadingLimits.HtmlBytes)
            throw new UnreadableDocumentException(FormattableString.Invariant($"the page has {html.Length} characters; at most {ReadingLimits.HtmlBytes} are read."));
        CheckDepth(html);
        return new HtmlParser(new HtmlParserOptions { IsScripting = false }).ParseDocument(html);
    }

    /// <summary>Counts elements that stand in each other before the parser builds them, so that a page made to exhaust it never reaches it.</summary>
    private static void CheckDepth(string html)
    {
        var depth = 0;
        for (var at = 0; at < html.Length && html.IndexOf('<', at) is >= 0 and var open && open + 1 < html.Length;)
        {
            var closes = html[open + 1] == '/';
            var start = open + (closes ? 2 : 1);
            var end = start;
            while (end < html.Length && char.IsAsciiLetterOrDigit(html[end])) end++;
            at = Math.Max(end, open + 1);
            if (end == start || end - start > 20) continue;
            var name = html[start..end];
            if (Unclosed.Contains(name)) continue;
            depth = closes ? Math.Max(0, depth - 1) : depth + 1;
            if (depth > ReadingLimits.HtmlDepth)
            {
                throw new UnreadableDocumentException(FormattableString.Invariant($"at character {open + 1} more than {ReadingLimits.HtmlDepth} elements stand in each other. Save the page anew from a browser."));
            }
        }
    }

    /// <summary>Where the page's text stands: what HTML calls main or article, when it holds most of the words; else the body.</summary>
    private static IElement? Main(IHtmlDocument document)
    {
        if (document.Body is not { } body) return null;
        var all = body.TextContent.Length;
        foreach (var candidates in new[] { document.QuerySelectorAll("main, [role=main]"), document.QuerySelectorAll("article") })
        {
            var best = candidates.Where(c => !Ancestors(c).Any(a => Furniture.Contains(a.LocalName))).MaxBy(c => c.TextContent.Length);
            if (best is not null && Text(best) >= 200 && Text(best) * 5 >= Text(body)) return best;
        }

        return all == 0 ? null : body;

        static int Text(IElement e) => e.TextContent.Count(char.IsLetter);

        static IEnumerable<IElement> Ancestors(IElement e)
        {
            for (var p = e.ParentElement; p is not null; p = p.ParentElement) yield return p;
        }
    }

    private static (string? Title, string? Origin) Title(IHtmlDocument document, IReadOnlyList<Block> blocks)
    {
        var heads = blocks.Where(b => b is { Kind: BlockKind.Heading, Level: 1 } && !PageFurniture.IsFurniture(b.Text)).ToList();
        var shown = Tidy.Line(document.Title ?? "");
        var social = Content(document, "meta[property='og:title']");
        // Where a site's name is a heading of the first level too, the page's own one is in the window's title.
        var head = heads.FirstOrDefault(h => shown.StartsWith(h.Text, StringComparison.OrdinalIgnoreCase)) ?? heads.FirstOrDefault(h => !PageFurniture.NamesTheSite(h.Text));
        if (head is not null) return (head.Text, "the page’s main heading");
        // Pages without headings set their title in bold, large or not, above everything.
        if (blocks.All(b => b.Kind != BlockKind.Heading) && blocks.FirstOrDefault(b => !PageFurniture.IsFurniture(b.Text)) is { IsStrong: true, Kind: BlockKind.Paragraph, Text.Length: > 3 and < 150 } bold
            && bold.Text[^1] != '.' && !FactFinder.StartsWithLabel(bold.Text) && !FactFinder.IsLabel(bold.Text) && (shown.Length == 0 || shown.Contains(bold.Text, StringComparison.OrdinalIgnoreCase)))
            return (bold.Text, "the first line");
        if (social is { Length: > 0 }) return (PageFurniture.WithoutSite(social), "the page’s description of itself");
        if (PageFurniture.WithoutSite(shown) is { Length: > 0 } title) return (title, "the window’s title");
        return blocks.FirstOrDefault(b => b.Kind == BlockKind.Heading) is { } first ? (first.Text, "the first heading") : (null, null);
    }

    private static string? Canonical(IHtmlDocument document, string? fetched)
    {
        var own = document.QuerySelector("link[rel=canonical]")?.GetAttribute("href") ?? Content(document, "meta[property='og:url']");
        if (!Uri.TryCreate(own, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")) return fetched;
        return fetched is null || (Uri.TryCreate(fetched, UriKind.Absolute, out var from) && from.Host == uri.Host) ? uri.ToString() : fetched;
    }

    private static List<SourceField> Meta(IHtmlDocument document) =>
        [.. document.QuerySelectorAll("meta[property='article:tag'], meta[property='article:section']")
            .Select(m => Tidy.Line(m.GetAttribute("content") ?? "")).Where(c => c.Length is > 0 and < 60).Select(c => new SourceField("topics", c, "the page’s description of itself"))];

    private static string? Content(IHtmlDocument document, string selector) => document.QuerySelector(selector)?.GetAttribute("content") is { } c ? Tidy.Line(c) : null;

    private static HashSet<string> Set(string words) => new(words.Split(' '), StringComparer.OrdinalIgnoreCase);

    /// <summary>Goes through elements in reading order without recursion and gathers blocks.</summary>
    private sealed class Walk
    {
        private readonly List<Block> _blocks = [];
        private readonly StringBuilder _text = new();
        private readonly List<string> _cells = [];
        private int _linked, _links, _strong, _letters, _group, _groups;
        private BlockKind _kind;
        private int _level;
        private bool _inHead = true;
        private readonly HashSet<IElement> _layout = [];

        public void Read(INode root)
        {
            // Entering a node pushes its leaving below its children.
            var work = new Stack<(INode Node, bool Leaving, State State)>();
            work.Push((root, false, new State(false, false, false, BlockKind.Paragraph, 0, 0)));
            while (work.TryPop(out var next))
            {
                var (node, leaving, state) = next;
                if (node is IText text)
                {
                    Append(text.Data, state);
                    continue;
                }

                if (node is not IElement element) continue;
                var name = element.LocalName;
                if (leaving)
                {
                    Leave(element, name, state);
                    continue;
                }

                if (node != root && IsSkipped(element, name)) continue;
                if (name == "br")
                {
                    _text.Append('\n');
                    continue;
                }

                var inner = Enter(element, name, state);
                work.Push((node, true, inner));
                for (var child = element.LastChild; child is not null; child = child.PreviousSibling) work.Push((child, false, inner));
            }

            Flush();
        }

        public IReadOnlyList<Block> Finish() => _blocks;

        // White letters may stand on a dark ground, which is not seen from here: they are read, and looked at as hidden ones too.
        private static bool IsBright(IElement element) =>
            !element.HasAttribute("hidden") && element.GetAttribute("aria-hidden") != "true" && element.LocalName is not ("noscript" or "template")
            && (element.LocalName == "font" || element.GetAttribute("style")!.Split(';').Where(p => p.TrimStart().StartsWith("color", StringComparison.OrdinalIgnoreCase)).ToList() is { Count: > 0 } colors
                && !IsHiding(string.Join(';', element.GetAttribute("style")!.Split(';').Except(colors))));

        private static bool IsSkipped(IElement element, string name)
        {
            if (Hidden.Contains(name) || Furniture.Contains(name)) return true;
            if (IsHidden(element) && !IsBright(element)) return true;
            if (element.GetAttribute("role") is { } role && Roles.Contains(role.Trim())) return true;
            // A page's head without its title is a menu.
            return name == "header" && element.QuerySelector("h1, h2") is null;
        }

        private State Enter(IElement element, string name, State state)
        {
            if (!BlockNames.Contains(name))
            {
                return state with { Linked = state.Linked || name == "a", Strong = state.Strong || name is "b" or "strong" };
            }

            // Old pages are laid out in tables: such a table's cells are parts of the page, not figures.
            if (name == "table" && IsLayout(element)) _layout.Add(element);
            if (name is "table" or "tbody" or "thead" or "tr" or "td" or "th" && _layout.Count > 0 && TableOf(element) is { } table && _layout.Contains(table))
            {
                Flush();
                (_kind, _level, _group) = (BlockKind.Paragraph, 0, 0);
                return state with { InCell = false, Kind = BlockKind.Paragraph, Level = 0, Group = 0 };
            }

            var inCell = state.InCell;
            if (!inCell || name is "tr" or "table") Flush();
            else if (_text.Length > 0) _text.Append('\n');
            var inner = state;
            if (name is "ul" or "ol" or "table" or "dl") inner = inner with { Group = ++_groups };
            if (name is "td" or "th") inner = inner with { InCell = true, Kind = BlockKind.Row };
            else if (name == "tr")
            {
                inner = inner with { InCell = false, Kind = BlockKind.Row };
                _cells.Clear();
                _inHead = true;
            }
            else if (name == "table") inner = inner with { InCell = false };
            else if (!inCell)
            {
                inner = name switch
                {
                    "h1" or "h2" or "h3" or "h4" or "h5" or "h6" => inner with { Kind = BlockKind.Heading, Level = name[1] - '0' },
                    "li" or "dd" => inner with { Kind = BlockKind.ListItem, Level = 0 },
                    "dt" => inner with { Kind = BlockKind.Paragraph, Level = 0, Strong = true },
                    "blockquote" => inner with { Kind = BlockKind.Quote, Level = 0 },
                    _ => inner,
                };
            }

            if (element.GetAttribute("role") == "heading") inner = inner with { Kind = BlockKind.Heading, Level = int.TryParse(element.GetAttribute("aria-level"), out var level) ? level : 2 };
            (_kind, _level, _group) = (inner.Kind, inner.Level, inner.Group);
            return inner;
        }

        private void Leave(IElement element, string name, State state)
        {
            if (!BlockNames.Contains(name))
            {
                if (name == "a") _links++;
                return;
            }

            if (name is "tr" or "td" or "th" && _layout.Count > 0 && TableOf(element) is { } table && _layout.Contains(table))
            {
                Flush();
                return;
            }

            if (name is "td" or "th")
            {
                if (name == "td") _inHead = false;
                var cell = Tidy.Cell(_text.ToString().Split('\n'));
                _cells.Add(cell);
                _text.Clear();
                return;
            }

            if (name == "tr")
            {
                var cells = _cells.ToArray();
                _cells.Clear();
                if (cells.Any(c => c.Length > 0))
                    _blocks.Add(new Block(BlockKind.Row, string.Join(" | ", cells), 0, Share()) { Cells = cells, IsHead = _inHead && cells.Length > 1, Group = state.Group, Links = _links });
                Reset();
                return;
            }

            // A label that a form left empty.
            if (name == "dd" && string.IsNullOrWhiteSpace(_text.ToString().Replace('\u200B', ' ')) && element.PreviousElementSibling?.LocalName == "dt" && _blocks.Count > 0 && FactFinder.IsLabel(_blocks[^1].Text) && _blocks[^1].Text == Tidy.Line(element.PreviousElementSibling.TextContent))
                _blocks.RemoveAt(_blocks.Count - 1);
            if (state.InCell) _text.Append('\n');
            else Flush();
            // What follows a list inside its parent is of the parent again.
            if (element.ParentElement is { } parent && parent.LocalName is not ("ul" or "ol" or "table" or "dl" or "tbody" or "thead")) (_kind, _level) = parent.LocalName is "li" or "dd" ? (BlockKind.ListItem, 0) : parent.LocalName is "blockquote" ? (BlockKind.Quote, 0) : (BlockKind.Paragraph, 0);
        }

        private static IElement? TableOf(IElement element)
        {
            for (IElement? e = element; e is not null; e = e.ParentElement)
            {
                if (e.LocalName == "table") return e;
            }

            return null;
        }

        private static bool IsLayout(IElement table) =>
            table.QuerySelector("table, h1, h2, h3, h4, h5, h6, main, article, nav, form") is not null
            || (table.QuerySelectorAll("tr").All(r => r.Children.Count(c => c.LocalName is "td" or "th") < 2) && table.TextContent.Length > 200);

        private void Append(string data, State state)
        {
            _text.Append(data.Replace('\n', ' ').Replace('\r', ' '));
            var letters = data.Count(c => !char.IsWhiteSpace(c));
            _letters += letters;
            if (state.Linked) _linked += letters;
            if (state.Strong) _strong += letters;
        }

        private double Share() => _letters == 0 ? 0 : (double)_linked / _letters;

        private void Flush()
        {
            if (_text.Length > 0)
            {
                // Labels and values under each other by line breaks alone: each line is a block, and lines below a label are its list.
                var label = false;
                foreach (var line in Lines(_text.ToString()))
                {
                    var (kind, piece) = _kind == BlockKind.Paragraph && line.Length > 2 && line[0] is '·' or '•' or '▪' or '●' && MarkdownReader.Bullet(line) is { } item ? (BlockKind.ListItem, item) : (_kind, line);
                    if (FactFinder.IsLabel(line) && _kind == BlockKind.Paragraph) label = true;
                    else if (label && _kind == BlockKind.Paragraph)
                    {
                        _blocks.Add(new Block(BlockKind.ListItem, piece, 0, Share()) { Group = _group, Links = _links });
                        continue;
                    }

                    _blocks.Add(new Block(kind, piece, kind == BlockKind.Heading ? Math.Max(1, _level) : 0, Share()) { Group = _group, Links = _links, IsStrong = _letters > 0 && _strong >= _letters });
                }
            }

            Reset();
        }

        private void Reset()
        {
            _text.Clear();
            (_linked, _links, _strong, _letters) = (0, 0, 0, 0);
        }

        /// <summary>Line breaks inside a block: two part paragraphs; one does where a label or a sentence ends, else it is a space.</summary>
        private static IEnumerable<string> Lines(string text)
        {
            if (!text.Contains('\n', StringComparison.Ordinal))
            {
                if (Tidy.Line(text) is { Length: > 0 } only) yield return only;
                yield break;
            }

            if (text.Split('\n').Count(l => l.Trim() is { Length: > 0 and < 50 } line && FactFinder.IsLabel(line)) > 1)
            {
                foreach (var line in text.Split('\n').Select(Tidy.Line).Where(l => l.Length > 0)) yield return line;
                yield break;
            }

            var current = "";
            foreach (var raw in text.Split('\n'))
            {
                var line = Tidy.Line(raw);
                if (line.Length == 0)
                {
                    if (current.Length > 0) yield return current;
                    current = "";
                    continue;
                }

                if (current.Length > 0 && (EndsAPart(current) || StartsAPart(current, line)))
                {
                    yield return current;
                    current = line;
                }
                else current = current.Length == 0 ? line : current + " " + line;
            }

            if (current.Length > 0) yield return current;
        }

        private static bool EndsAPart(string line) => line[^1] is '.' or '!' or '?' or ':' or ';' or '”' or '"' or '…' or ')';

        private static bool StartsAPart(string before, string line) => line[0] is '•' or '-' or '–' or '*' or '·' || FactFinder.StartsWithLabel(line) || FactFinder.StartsWithLabel(before);
    }

    private readonly record struct State(bool Linked, bool Strong, bool InCell, BlockKind Kind, int Level, int Group);
}
