using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using CoopAI.Core.Language;
using CoopAI.Core.Verdicts;

namespace CoopAI.Core.Guidance.Rules.Openness;

/// <summary>VG13: the piece of HTML works with assistive technology, as far as a program can tell.</summary>
internal sealed partial class AccessibilityChecker : RuleChecker
{
    private readonly HashSet<string> badLinks;
    private readonly PhraseSet colourAlone;
    private readonly PhraseSet colourAndWords;

    public AccessibilityChecker(RuleSettings settings)
    {
        badLinks = settings.Texts("bad_link_text", ["here", "click here", "read more", "more", "link"]).Select(Level).ToHashSet(StringComparer.Ordinal);
        var list = settings.List("lexicon", "colour.txt").Only("meaning-by-colour", "also-in-words");
        (colourAlone, colourAndWords) = (list.Phrases("meaning-by-colour"), list.Phrases("also-in-words", required: false));
    }

    public override IEnumerable<Finding> Check(RuleContext context)
    {
        var html = context.Html ?? (Tag().IsMatch(context.Text) ? context.Text : null);
        var wrong = Faults(html ?? "").Concat(Colour(context, html is null ? string.Join('\n', context.AnswerSentences.Select(s => s.Text)) : Text(html))).ToList();
        foreach (var (criterion, what, element) in wrong)
            yield return Fail(new RuleTarget("field", criterion), what, new RuleEvidence(Cut(element)));
        if (wrong.Count == 0) yield return html is null ? NotApplicable(Whole(context), "The answer is not rendered as HTML yet; its words were checked.") : Pass(Whole(context), "No fault was found that a program can see.");
    }

    private IEnumerable<(string Criterion, string What, string Element)> Colour(RuleContext context, string text)
    {
        var tokens = context.Level(text).Tokens;
        foreach (var hit in colourAlone.Find(tokens))
        {
            // "shown in red (fail)" says it in words too.
            var after = text[hit.Span.End..Math.Min(text.Length, hit.Span.End + 40)];
            if (InWords().IsMatch(after) || colourAndWords.Find(tokens).Any(w => w.First < 0 || hit.First < 0 || tokens.SentenceStart(w.First) == tokens.SentenceStart(hit.First))) continue;
            yield return ("1.4.1", "Meaning rests on colour alone.", hit.Span.In(text));
        }
    }

    private IEnumerable<(string Criterion, string What, string Element)> Faults(string html)
    {
        var shown = Comment().Replace(html, "");
        if (Root().Match(shown) is { Success: true } root && Attribute(root.Value, "lang") is null or "") yield return ("3.1.1", "The page does not say its language.", root.Value);
        var level = 0;
        foreach (Match heading in Heading().Matches(shown))
        {
            var next = heading.Groups[1].Value[0] - '0';
            if (next > (level == 0 ? 3 : level + 1)) yield return ("1.3.1", string.Create(CultureInfo.InvariantCulture, $"A heading skips a level (h{next} after {(level == 0 ? "the start" : $"h{level}")})."), heading.Value);
            if (Text(heading.Groups[2].Value).Trim().Length == 0 && !Image().IsMatch(heading.Value)) yield return ("2.4.6", "A heading is empty.", heading.Value);
            level = next;
        }

        foreach (Match link in Link().Matches(shown))
        {
            if (Attribute(link.Groups[1].Value, "href") is null) continue;
            var name = Attribute(link.Groups[1].Value, "aria-label") is { Length: > 0 } label ? label : Text(AltText().Replace(link.Groups[2].Value, m => " " + m.Groups[1].Value + m.Groups[2].Value + " "));
            if (Level(name).Length == 0) yield return ("2.4.4", "A link has no text.", link.Value);
            else if (badLinks.Contains(Level(name))) yield return ("2.4.4", $"The link text “{name.Trim()}” says nothing alone.", link.Value);
        }

        foreach (Match image in Image().Matches(shown))
        {
            if (Attribute(image.Value, "alt") is { } alt)
            {
                if (FileName().IsMatch(alt.Trim())) yield return ("1.1.1", "The text of an image is a file name or says nothing.", image.Value);
            }
            else if (Attribute(image.Value, "role") is not ("presentation" or "none") && Attribute(image.Value, "aria-hidden") != "true" && Attribute(image.Value, "aria-label") is null or "")
                yield return ("1.1.1", "An image has no text alternative.", image.Value);
        }

        foreach (Match table in Table().Matches(shown))
        {
            if (Attribute(table.Groups[1].Value, "role") is "presentation" or "none") continue;
            if (!HeaderCell().IsMatch(table.Value)) yield return ("1.3.1", "A table has no header cells.", Cut(table.Value, 80));
            foreach (Match cell in HeaderCell().Matches(table.Value))
            {
                if (Attribute(cell.Value, "scope") is not ("row" or "col" or "rowgroup" or "colgroup") && Attribute(cell.Value, "id") is null) yield return ("1.3.1", "A table header has no scope.", cell.Value);
            }
        }

        foreach (Match button in Button().Matches(shown))
        {
            if (Level(Text(AltText().Replace(button.Groups[2].Value, m => " " + m.Groups[1].Value + m.Groups[2].Value + " "))).Length == 0 && Attribute(button.Groups[1].Value, "aria-label") is null or "") yield return ("4.1.2", "A button has no name.", button.Value);
        }

        foreach (Match input in Input().Matches(shown))
        {
            if (Attribute(input.Value, "type") is "hidden" or "submit" or "button" or "reset") continue;
            var id = Attribute(input.Value, "id");
            var labelled = Attribute(input.Value, "aria-label") is { Length: > 0 } || Attribute(input.Value, "aria-labelledby") is { Length: > 0 } || Attribute(input.Value, "title") is { Length: > 0 }
                || (id is not null && (shown.Contains($"for=\"{id}\"", StringComparison.Ordinal) || shown.Contains($"for='{id}'", StringComparison.Ordinal)))
                || LabelAround().Matches(shown).Any(l => input.Index > l.Index && input.Index < l.Index + l.Length);
            if (!labelled) yield return ("1.3.1", "A field has no label.", input.Value);
        }

        foreach (Match frame in Frame().Matches(shown))
        {
            if (Attribute(frame.Value, "title") is null or "") yield return ("4.1.2", "A frame has no title.", frame.Value);
        }

        foreach (Match moving in Moving().Matches(shown)) yield return ("2.2.2", "Something moves or plays by itself.", moving.Value);
        foreach (Match tab in TabOrder().Matches(shown)) yield return ("2.4.3", "A positive tabindex changes the reading order.", tab.Value);
        foreach (var id in Id().Matches(shown).Select(m => m.Groups[1].Value + m.Groups[2].Value).GroupBy(i => i, StringComparer.Ordinal).Where(g => g.Count() > 1))
            yield return ("4.1.2", "An id is used twice.", id.Key);
    }

    private static string Level(string text) => PunctuationEnds().Replace(Spaces().Replace(WebUtility.HtmlDecode(text), " ").Trim().ToLowerInvariant(), "");

    private static string Text(string html) => WebUtility.HtmlDecode(Tag().Replace(Block().Replace(Comment().Replace(html, ""), ". "), ""));

    private static string? Attribute(string tag, string name)
    {
        foreach (Match attribute in AttributePair().Matches(tag))
        {
            if (string.Equals(attribute.Groups[1].Value, name, StringComparison.OrdinalIgnoreCase))
                return attribute.Groups[2].Success ? attribute.Groups[2].Value : attribute.Groups[3].Success ? attribute.Groups[3].Value : attribute.Groups[4].Success ? attribute.Groups[4].Value : "";
        }

        return null;
    }

    private const int Limit = 1000;
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant;

    [GeneratedRegex(@"<!--.*?-->", Options, Limit)]
    private static partial Regex Comment();

    [GeneratedRegex(@"</?[a-z][a-z0-9]*\b[^>]*>", Options, Limit)]
    private static partial Regex Tag();

    [GeneratedRegex(@"</(?:p|h[1-6]|li|td|th|div|tr|caption)>|<br\b[^>]*>", Options, Limit)]
    private static partial Regex Block();

    [GeneratedRegex(@"<html\b[^>]*>", Options, Limit)]
    private static partial Regex Root();

    [GeneratedRegex(@"<h([1-6])\b[^>]*>(.*?)</h\1>", Options, Limit)]
    private static partial Regex Heading();

    [GeneratedRegex(@"<a\b([^>]*)>(.*?)</a>", Options, Limit)]
    private static partial Regex Link();

    [GeneratedRegex(@"<img\b[^>]*\balt\s*=\s*(?:""([^""]*)""|'([^']*)')[^>]*>", Options, Limit)]
    private static partial Regex AltText();

    [GeneratedRegex(@"<img\b[^>]*>|<input\b[^>]*type\s*=\s*[""']?image[^>]*>", Options, Limit)]
    private static partial Regex Image();

    [GeneratedRegex(@"^(?:[\w\-]+\.(?:jpe?g|png|gif|svg|webp)|image|img|photo|picture|graphic|untitled|img_?\d+|dsc_?\d+)$", Options, Limit)]
    private static partial Regex FileName();

    [GeneratedRegex(@"<table\b([^>]*)>.*?</table>", Options, Limit)]
    private static partial Regex Table();

    [GeneratedRegex(@"<th\b[^>]*>", Options, Limit)]
    private static partial Regex HeaderCell();

    [GeneratedRegex(@"<button\b([^>]*)>(.*?)</button>", Options, Limit)]
    private static partial Regex Button();

    [GeneratedRegex(@"<(?:input|select|textarea)\b[^>]*>", Options, Limit)]
    private static partial Regex Input();

    [GeneratedRegex(@"<label\b[^>]*>.*?</label>", Options, Limit)]
    private static partial Regex LabelAround();

    [GeneratedRegex(@"<iframe\b[^>]*>", Options, Limit)]
    private static partial Regex Frame();

    [GeneratedRegex(@"<(?:marquee|blink)\b[^>]*>|<(?:audio|video)\b[^>]*\bautoplay\b[^>]*>|<meta\b[^>]*http-equiv\s*=\s*[""']?refresh[^>]*>", Options, Limit)]
    private static partial Regex Moving();

    [GeneratedRegex(@"<[^>]*\btabindex\s*=\s*[""']?[1-9][^>]*>", Options, Limit)]
    private static partial Regex TabOrder();

    [GeneratedRegex(@"<[^>]*\sid\s*=\s*(?:""([^""]+)""|'([^']+)')", Options, Limit)]
    private static partial Regex Id();

    [GeneratedRegex(@"([a-z][\w:-]*)\s*(?:=\s*(?:""([^""]*)""|'([^']*)'|([^\s""'>]+)))?", Options, Limit)]
    private static partial Regex AttributePair();

    [GeneratedRegex(@"^\s{0,2}\(|^[^.]{0,12}\b(?:and|with)\b[^.]{0,20}\b(?:the word|text|label|mark|icon|symbol|tick|cross)|^\s?[:=]\s|^\s?[“""'‘]", Options, Limit)]
    private static partial Regex InWords();

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant, Limit)]
    private static partial Regex Spaces();

    [GeneratedRegex(@"^[\s>»→.,:;!-]+|[\s>»→.,:;!…-]+$", RegexOptions.CultureInvariant, Limit)]
    private static partial Regex PunctuationEnds();
}
