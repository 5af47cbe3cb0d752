using CoopAI.Core.Corpus;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.DocumentLayoutAnalysis.TextExtractor;

namespace CoopAI.Adapters.Reading;

/// <summary>Reads the text of a PDF in the order of its content: lines joined to paragraphs, heads and feet of pages left out.</summary>
/// <remarks>A PDF that holds pictures of text alone is refused: nothing here recognises letters in pictures.</remarks>
internal static class PdfReader
{
    public static SourceDocument Read(byte[] bytes, SourcePlace source, string fileName)
    {
        var pages = new List<List<string>>();
        string? property, large = null;
        try
        {
            using var document = PdfDocument.Open(bytes, new ParsingOptions { UseLenientParsing = true, SkipMissingFonts = true });
            if (document.NumberOfPages > ReadingLimits.PdfPages)
                throw new UnreadableDocumentException($"the PDF has {document.NumberOfPages} pages; at most {ReadingLimits.PdfPages} are read. Take the pages of the case study out.");
            property = document.Information.Title;
            long letters = 0;
            foreach (var page in document.GetPages())
            {
                var text = ContentOrderTextExtractor.GetText(page, addDoubleNewline: true);
                if (page.Number == 1) large = LargestText(page);
                letters += text.Length;
                if (letters > ReadingLimits.TextLength * 2L) throw new UnreadableDocumentException($"its text has more than {ReadingLimits.TextLength} characters.") { Place = $"page {page.Number}" };
                pages.Add([.. text.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n')]);
            }
        }
        catch (UglyToad.PdfPig.Exceptions.PdfDocumentEncryptedException e)
        {
            throw new UnreadableDocumentException("the PDF is locked with a password. Save a copy without one.", e);
        }
        // A damaged file ends the parser in many ways; whatever they are, the file is the reason.
        catch (Exception e) when (e is not (UnreadableDocumentException or OutOfMemoryException))
        {
            throw new UnreadableDocumentException("the PDF is damaged, or not one. Open it and save (print) it as PDF again.", e);
        }

        var repeated = Repeated(pages);
        var lines = new List<string>();
        foreach (var page in pages)
        {
            var edges = Edges(page);
            var kept = page.Where((l, i) => !(edges.Contains(i) && (IsPageNumber(l) || repeated.Contains(Shape(l))))).ToList();
            lines.AddRange(Trimmed(kept));
            lines.Add("\f");
        }

        var blocks = Paragraphs(lines);
        if (blocks.Sum(b => b.Text.Count(char.IsLetter)) < 20)
            throw new UnreadableDocumentException("the PDF holds no text, only pictures of it perhaps. Recognise its text first (OCR), or give the Word file.");
        // What is set largest on the first page is its title; a running head above it goes.
        var at = large is null ? -1 : blocks.FindIndex(0, Math.Min(4, blocks.Count), x => x.Text == large);
        if (at > 0 && blocks.Count > at + 1 && blocks[..at].All(x => x.Text.Length < 90)) blocks.RemoveRange(0, at);
        var first = blocks.Count > 1 && blocks[0] is { Text.Length: < 150 } b && !b.Text.EndsWith('.') && !FactFinder.StartsWithLabel(b.Text) && !FactFinder.StartsWithTitle(b.Text) ? blocks[0] : null;
        var title = first?.Text ?? (string.IsNullOrWhiteSpace(property) ? null : Tidy.Line(property));
        return new SourceDocument(source, first is null ? blocks : [.. blocks.Skip(1)], [])
        {
            Title = title,
            TitleOrigin = first is not null ? "the first line" : title is null ? null : "the file’s properties",
            FileName = fileName,
        };
    }

    /// <summary>The words in the largest letters of a page, when they are clearly larger than most; null: none are.</summary>
    private static string? LargestText(UglyToad.PdfPig.Content.Page page)
    {
        if (page.Letters.Count < 50) return null;
        var sizes = page.Letters.Select(l => l.PointSize).Order().ToList();
        var (usual, largest) = (sizes[sizes.Count / 2], sizes[^1]);
        if (largest < usual * 1.25) return null;
        var words = page.GetWords().Where(w => w.Letters.Count > 0 && w.Letters[0].PointSize >= largest * 0.97).Select(w => w.Text).ToList();
        return words.Count is > 0 and < 30 ? Tidy.Line(string.Join(' ', words)) : null;
    }

    private static IEnumerable<string> Trimmed(List<string> lines)
    {
        var start = lines.FindIndex(l => l.Trim().Length > 0);
        return start < 0 ? [] : lines[start..(lines.FindLastIndex(l => l.Trim().Length > 0) + 1)];
    }

    /// <summary>Lines at the top or foot of at least half of three pages or more, digits aside.</summary>
    private static HashSet<string> Repeated(List<List<string>> pages)
    {
        if (pages.Count < 2) return [];
        return [.. pages.SelectMany(p => Edges(p).Select(i => Shape(p[i])).Where(s => s.Length > 2).Distinct())
            .CountBy(s => s).Where(s => s.Value >= 2 && s.Value * 2 > pages.Count).Select(s => s.Key)];
    }

    /// <summary>The first two and the last two lines of a page that are not blank.</summary>
    private static HashSet<int> Edges(List<string> page)
    {
        var filled = Enumerable.Range(0, page.Count).Where(i => page[i].Trim().Length > 0).ToList();
        return [.. filled.Take(2), .. filled.TakeLast(2)];
    }

    private static string Shape(string line) => string.Concat(Tidy.Line(line).Where(c => !char.IsDigit(c)));

    private static bool IsPageNumber(string line)
    {
        var text = Tidy.Line(line).Trim('-', '–', ' ', '|');
        return text.Length is > 0 and < 16
            && (text.All(char.IsDigit) || (text.StartsWith("Page", StringComparison.OrdinalIgnoreCase) && text.AsSpan(4).ContainsAnyInRange('0', '9') && text.Length < 14));
    }

    /// <summary>Lines to blocks: a blank line, a bullet, a label or a short line that ends a sentence parts them.</summary>
    private static List<Block> Paragraphs(List<string> lines)
    {
        var words = new HashSet<string>(lines.SelectMany(l => l.Split([' ', '.', ',', ';', ':', '(', ')'], StringSplitOptions.RemoveEmptyEntries)), StringComparer.OrdinalIgnoreCase);
        var widths = lines.Select(l => l.Trim().Length).Where(l => l > 20).Order().ToList();
        var full = widths.Count == 0 ? 80 : widths[(int)(widths.Count * 0.8)];
        var blocks = new List<Block>();
        var paragraph = new List<string>();
        var item = false;
        foreach (var raw in lines)
        {
            var line = Tidy.Entities(raw).Trim();
            if (raw == "\f")
            {
                // A paragraph goes on over a page's end unless its sentence is finished.
                if (paragraph.Count > 0 && EndsSentence(paragraph[^1])) Flush();
                continue;
            }

            if (line.Length == 0)
            {
                // A blank line inside a sentence is spacing of the page.
                if (paragraph.Count > 0 && (EndsSentence(paragraph[^1]) || paragraph[^1].Length < full * 0.75)) Flush();
                continue;
            }

            // A row of figures is no part of a sentence, nor of the row before.
            if (IsFigures(line))
            {
                Flush();
                blocks.Add(new Block(BlockKind.Paragraph, Tidy.Line(line)));
                continue;
            }

            if (MarkdownReader.Bullet(line) is { } rest)
            {
                Flush();
                item = true;
                paragraph.Add(rest);
                continue;
            }

            if (paragraph.Count > 0 && (FactFinder.StartsWithLabel(line) || FactFinder.IsLabel(line) || FactFinder.StartsWithLabel(paragraph[^1]) || FactFinder.IsLabel(paragraph[^1]) || (EndsSentence(paragraph[^1]) && paragraph[^1].Length < full * 0.85) || (IsHeading(paragraph, full) && char.IsUpper(line[0])) || line.StartsWith("We will ", StringComparison.Ordinal))) Flush();
            paragraph.Add(line);
        }

        Flush();
        return blocks;

        void Flush()
        {
            if (paragraph.Count > 0)
            {
                var heading = !item && IsHeading(paragraph, full);
                if (Tidy.Join(paragraph, words.Contains) is { Length: > 0 } text) blocks.Add(new Block(item ? BlockKind.ListItem : heading ? BlockKind.Heading : BlockKind.Paragraph, text, heading ? 2 : 0) { Group = item ? 1 : 0 });
            }

            paragraph.Clear();
            item = false;
        }
    }

    private static bool IsFigures(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length is > 2 and < 12 && !EndsSentence(line) && words.Count(w => w.TrimStart('£', '-', '+', '(', '~') is [>= '0' and <= '9', ..]) * 2 > words.Length;
    }

    private static bool IsHeading(List<string> paragraph, int full) =>
        paragraph is [{ Length: > 0 } one] && one.Length < full * 0.6 && one.Length < 70 && char.IsUpper(one[0]) && !EndsSentence(one) && one[^1] is not (',' or ';' or ':' or '-') && !FactFinder.StartsWithLabel(one);

    private static bool EndsSentence(string line) => line.TrimEnd() is [.., '.' or '!' or '?' or ':' or '”' or '"' or ')'];
}
