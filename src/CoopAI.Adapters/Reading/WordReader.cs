using System.IO.Compression;
using System.Text;
using System.Xml;
using CoopAI.Core.Corpus;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;

namespace CoopAI.Adapters.Reading;

/// <summary>Reads a Word document (.docx): paragraphs, headings by their style, lists, tables. Headers, footers, comments, deleted text and field codes are left out.</summary>
internal static class WordReader
{
    public static SourceDocument Read(byte[] bytes, SourcePlace source, string fileName)
    {
        OfficeFiles.Check(bytes);
        try
        {
            using var stream = new MemoryStream(bytes, writable: false);
            using var document = WordprocessingDocument.Open(stream, isEditable: false, new OpenSettings { AutoSave = false });
            if (document.MainDocumentPart?.Document?.Body is not { } body) throw new UnreadableDocumentException("the Word file holds no document. Open it in Word and save it again.");
            var styles = Styles(document.MainDocumentPart);
            var blocks = new List<Block>();
            Block? title = null;
            var tables = 0;
            foreach (var element in Flat(body))
            {
                if (element is Paragraph paragraph)
                {
                    var (style, level) = StyleOf(paragraph, styles);
                    var item = paragraph.ParagraphProperties?.NumberingProperties?.NumberingId?.Val is { Value: > 0 } || style.StartsWith("list", StringComparison.OrdinalIgnoreCase);
                    foreach (var piece in TextOf(paragraph).Split('\n'))
                    {
                        var text = Tidy.Line(piece);
                        if (text.Length == 0) continue;
                        if (MarkdownReader.Bullet(text) is { } bullet) (text, item) = (bullet, true);
                        var block = style.Equals("title", StringComparison.OrdinalIgnoreCase) ? new Block(BlockKind.Heading, text, 1)
                            : level > 0 ? new Block(BlockKind.Heading, text, level)
                            : new Block(item ? BlockKind.ListItem : BlockKind.Paragraph, text) { IsStrong = IsStrong(paragraph), Group = item ? 1 : 0 };
                        if (title is null && block is { Kind: BlockKind.Heading, Level: 1 }) title = block;
                        blocks.Add(block);
                    }
                }
                else if (element is Table table)
                {
                    tables++;
                    var first = true;
                    foreach (var row in table.Elements<TableRow>())
                    {
                        var cells = row.Elements<TableCell>().Select(c => Tidy.Cell(c.Descendants<Paragraph>().SelectMany(x => TextOf(x).Split('\n')))).ToArray();
                        if (cells.All(c => c.Length == 0)) continue;
                        blocks.Add(new Block(BlockKind.Row, string.Join(" | ", cells)) { Cells = cells, IsHead = first && cells.Length > 1 && IsHead(row, cells), Group = tables });
                        first = false;
                    }
                }
            }

            var property = Tidy.Line(document.PackageProperties.Title ?? "");
            var (name, origin) = title is not null ? (title.Text, "the document’s title")
                : FirstLine(blocks) is { } line ? (line.Text, "the first line")
                : property.Length > 0 ? (property, "the file’s properties") : (null, null);
            return new SourceDocument(source, [.. Without(blocks, name)], []) { Title = name, TitleOrigin = origin, FileName = fileName };
        }
        catch (Exception e) when (e is OpenXmlPackageException or XmlException or FileFormatException or InvalidDataException or InvalidOperationException or ArgumentException or IOException or FormatException or KeyNotFoundException or NotSupportedException)
        {
            throw new UnreadableDocumentException("the Word file is damaged, or not one. Open it in Word and save it as .docx again.", e);
        }
    }

    private static IEnumerable<Block> Without(List<Block> blocks, string? title)
    {
        var first = true;
        foreach (var block in blocks)
        {
            if (first && title is not null && block.Text == title)
            {
                first = false;
                continue;
            }

            yield return block;
        }
    }

    private static Block? FirstLine(List<Block> blocks) => blocks.Count > 1 && blocks[0] is { Kind: not BlockKind.Row, Text.Length: < 150 } b && !b.Text.EndsWith('.') && !FactFinder.StartsWithLabel(b.Text) && !FactFinder.StartsWithTitle(b.Text) && !FactFinder.IsLabel(b.Text) ? b : null;

    // A head is marked as one, set in bold, or has no figure where every other row has.
    private static bool IsHead(TableRow row, string[] cells) =>
        row.TableRowProperties?.Elements<TableHeader>().Any() == true
        || (row.Descendants<Run>().Where(r => r.InnerText.Trim().Length > 0).All(r => r.RunProperties?.Bold is { } b && (b.Val is null || b.Val.Value)) && row.Descendants<Run>().Any())
        || (cells.All(c => c.Length is > 0 and < 40 && !c.Any(char.IsDigit)) && row.NextSibling<TableRow>() is { } next && next.InnerText.Any(char.IsDigit));

    private static bool IsStrong(Paragraph paragraph)
    {
        var runs = paragraph.Elements<Run>().Where(r => r.InnerText.Trim().Length > 0).ToList();
        return runs.Count > 0 && runs.All(r => r.RunProperties?.Bold is { } b && (b.Val is null || b.Val.Value));
    }

    /// <summary>Paragraphs and tables in reading order, also those inside content controls.</summary>
    private static IEnumerable<OpenXmlElement> Flat(OpenXmlElement body)
    {
        var work = new Stack<OpenXmlElement>(body.ChildElements.Reverse());
        while (work.TryPop(out var element))
        {
            if (element is Paragraph or Table) yield return element;
            else if (element is not (SectionProperties or DeletedRun)) foreach (var child in element.ChildElements.Reverse()) work.Push(child);
        }
    }

    private static string TextOf(Paragraph paragraph)
    {
        var text = new StringBuilder();
        foreach (var element in paragraph.Descendants())
        {
            // A text box stands in its own place; its fallback would say everything twice.
            if (element.Ancestors().TakeWhile(a => a != paragraph).Any(a => a is AlternateContentFallback or DeletedRun or MoveFromRun || (a is Run { RunProperties.Vanish: { } hidden } && (hidden.Val is null || hidden.Val.Value)))) continue;
            switch (element)
            {
                case Text t: text.Append(t.Text); break;
                case TabChar: text.Append(' '); break;
                case Break { Type: null } or CarriageReturn: text.Append('\n'); break;
                case NoBreakHyphen: text.Append('-'); break;
                case SymbolChar: text.Append(' '); break;
                default: break;
            }
        }

        return text.ToString();
    }

    private static (string Style, int Level) StyleOf(Paragraph paragraph, Dictionary<string, (string Name, int Level)> styles)
    {
        var id = paragraph.ParagraphProperties?.ParagraphStyleId?.Val?.Value ?? "";
        var (name, level) = styles.GetValueOrDefault(id, (id, 0));
        if (paragraph.ParagraphProperties?.OutlineLevel?.Val is { Value: < 9 } outline) level = outline.Value + 1;
        return (name, level);
    }

    private static Dictionary<string, (string Name, int Level)> Styles(MainDocumentPart part)
    {
        var styles = new Dictionary<string, (string, int)>(StringComparer.OrdinalIgnoreCase);
        foreach (var style in part.StyleDefinitionsPart?.Styles?.Elements<Style>() ?? [])
        {
            if (style.StyleId?.Value is not { } id) continue;
            var name = style.StyleName?.Val?.Value ?? id;
            styles[id] = (name, LevelOf(name) is > 0 and var level ? level : style.StyleParagraphProperties?.OutlineLevel?.Val is { Value: < 9 } outline ? outline.Value + 1 : 0);
        }

        for (var i = 1; i <= 6; i++) styles.TryAdd($"Heading{i}", ($"heading {i}", i));
        return styles;
    }

    private static int LevelOf(string name) => name.StartsWith("heading ", StringComparison.OrdinalIgnoreCase) && int.TryParse(name.AsSpan(8), out var level) ? level : 0;
}

/// <summary>What Word and Excel files share: archives with parts, guarded before anything opens them.</summary>
internal static class OfficeFiles
{
    /// <exception cref="UnreadableDocumentException">Damaged, too large unpacked, or packed as a bomb is.</exception>
    public static void Check(byte[] bytes)
    {
        try
        {
            using var zip = new ZipArchive(new MemoryStream(bytes, writable: false), ZipArchiveMode.Read);
            long total = 0;
            foreach (var entry in zip.Entries)
            {
                total += entry.Length;
                if (total > ReadingLimits.OfficeBytes || zip.Entries.Count > 5000 || (entry.Length > 1024 * 1024 && entry.Length / Math.Max(1, entry.CompressedLength) > ReadingLimits.ArchiveRatio))
                    throw new UnreadableDocumentException($"unpacked it would be larger than {ReadingLimits.OfficeBytes / (1024 * 1024)} MiB, or is packed {ReadingLimits.ArchiveRatio} to 1. Save the text alone in a new file.") { Place = entry.FullName };
                if (entry.Length > 0 && entry.FullName.EndsWith(".xml", StringComparison.OrdinalIgnoreCase)) CheckXml(entry);
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException or NotSupportedException)
        {
            throw new UnreadableDocumentException("the file is damaged: its archive cannot be opened. Save it again.", e);
        }
    }

    /// <summary>Refuses definitions of entities, and counts what a part really unpacks to: its own word for it may be false.</summary>
    private static void CheckXml(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        var buffer = new byte[64 * 1024];
        long total = 0;
        var first = true;
        int count;
        while ((count = stream.Read(buffer, 0, buffer.Length)) > 0)
        {
            if (first && Encoding.UTF8.GetString(buffer, 0, Math.Min(count, 4096)).Contains("<!DOCTYPE", StringComparison.OrdinalIgnoreCase))
                throw new UnreadableDocumentException("a part of it defines entities of its own, which no Office program writes. Save it again in Word or Excel.") { Place = entry.FullName };
            first = false;
            total += count;
            if (total > ReadingLimits.OfficeBytes) throw new UnreadableDocumentException($"unpacked it is larger than {ReadingLimits.OfficeBytes / (1024 * 1024)} MiB.") { Place = entry.FullName };
        }
    }
}
