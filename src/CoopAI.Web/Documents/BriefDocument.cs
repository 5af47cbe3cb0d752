using System.Globalization;
using System.IO.Compression;
using System.Xml;
using System.Xml.Linq;
using CoopAI.Core.Briefs;
using CoopAI.Core.Verdicts;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;

namespace CoopAI.Web.Documents;

/// <summary>A brief as a Word document for a committee report: sentences with numbered citations, the sources, and the notice.</summary>
/// <remarks>Real headings and lists, British English, a title: what a screen reader needs. The same answer gives the same bytes.</remarks>
public static class BriefDocument
{
    public const string ContentType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

    private const string Title = "Title";
    private const string Heading = "Heading1";
    private const string SubHeading = "Heading2";
    private const string Quotation = "Quote";
    private const string Link = "Hyperlink";
    private const string FooterId = "rIdFooter";

    /// <summary>Named after the question and the day: "Brief 2026-03-04 What happened to waiting times.docx".</summary>
    public static string FileName(Answer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        var words = string.Join(' ', new string([.. (answer.Heading ?? "").Select(c => char.IsLetterOrDigit(c) || c is '-' ? c : ' ')]).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        if (words.Length > 60) words = words[..(words.LastIndexOf(' ', 60) is > 20 and var cut ? cut : 60)];
        return string.Create(CultureInfo.InvariantCulture, $"Brief {CoopAI.Web.Pages.Audit.AuditWords.DayOf(answer.At):yyyy-MM-dd} {words}").TrimEnd() + ".docx";
    }

    /// <param name="serviceUrl">Address before "/answers/…", such as http://127.0.0.1:5080.</param>
    /// <param name="since">Sources that no longer hold.</param>
    /// <returns>The file.</returns>
    public static byte[] Write(Answer answer, string serviceUrl, IReadOnlyList<SourceSince>? since = null)
    {
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(serviceUrl);
        using var stream = new MemoryStream();
        using (var document = WordprocessingDocument.Create(stream, WordprocessingDocumentType.Document))
        {
            var question = answer.Heading ?? "A question that is not kept";
            WriteProperties(document.AddNewPart<CoreFilePropertiesPart>("application/vnd.openxmlformats-package.core-properties+xml", "rId2"), Clean(question), answer.At);
            var main = document.AddNewPart<MainDocumentPart>("application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml", "rId1");
            main.AddNewPart<StyleDefinitionsPart>("rIdStyles").Styles = CreateStyles();
            // Printed pages get mixed up on a committee's table.
            main.AddNewPart<FooterPart>(FooterId).Footer = new Footer(new Paragraph(
                new ParagraphProperties(new Justification { Val = JustificationValues.Right }),
                new Run(new Text("Page ") { Space = SpaceProcessingModeValues.Preserve }), new SimpleField(new Run(new Text("1"))) { Instruction = " PAGE " }));
            main.Document = new Document(new Body(new Writer(main, answer, serviceUrl, since ?? []).Paragraphs(question).Append(PageSetup())));
        }

        return WithFixedTimes(stream.ToArray(), answer.At);
    }

    // Written by hand: the library's own properties get a name drawn at random, and the bytes would differ each time.
    internal static void WriteProperties(CoreFilePropertiesPart part, string title, DateTimeOffset at)
    {
        XNamespace package = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties";
        XNamespace core = "http://purl.org/dc/elements/1.1/";
        XNamespace terms = "http://purl.org/dc/terms/";
        XNamespace instance = "http://www.w3.org/2001/XMLSchema-instance";
        var time = new object[] { new XAttribute(instance + "type", "dcterms:W3CDTF"), at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) };
        var properties = new XElement(
            package + "coreProperties",
            new XAttribute(XNamespace.Xmlns + "cp", package), new XAttribute(XNamespace.Xmlns + "dc", core),
            new XAttribute(XNamespace.Xmlns + "dcterms", terms), new XAttribute(XNamespace.Xmlns + "xsi", instance),
            new XElement(core + "title", title), new XElement(core + "creator", "CoopAI"), new XElement(core + "language", "en-GB"),
            new XElement(terms + "created", time), new XElement(terms + "modified", time));
        using var stream = part.GetStream(FileMode.Create);
        properties.Save(stream);
    }

    private static SectionProperties PageSetup() => new(
        new FooterReference { Type = HeaderFooterValues.Default, Id = FooterId },
        new PageSize { Width = 11906, Height = 16838 },
        new PageMargin { Top = 1440, Right = 1304, Bottom = 1440, Left = 1304, Header = 709, Footer = 709, Gutter = 0 });

    private sealed class Writer(MainDocumentPart main, Answer answer, string serviceUrl, IReadOnlyList<SourceSince> since)
    {
        private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
        private int _links;

        public IEnumerable<OpenXmlElement> Paragraphs(string question)
        {
            yield return Styled(Title, question);
            foreach (var source in since) yield return Styled(null, source.InWords, bold: true);
            yield return Styled(null, answer.Summary ?? "This text was erased.");
            var said = answer.Sentences.Where(s => s.Text is not null && s.Text != answer.Summary).ToList();
            var lastQuote = said.FindLastIndex(s => s.Kind == SentenceKind.Answer);
            if (lastQuote >= 0) yield return Styled(Heading, "What others did");
            for (var i = 0; i < said.Count; i++)
            {
                var sentence = said[i];
                // What the service adds itself must not read as part of the last council's account.
                if (lastQuote >= 0 && i == lastQuote + 1) yield return Styled(Heading, "Before you rely on it");
                if (sentence.Kind == SentenceKind.Answer) yield return Quote(sentence);
                else if (sentence.Kind == SentenceKind.Lead) yield return Styled(null, sentence.Text);
                else yield return sentence.Text.EndsWith(':') ? Styled(SubHeading, sentence.Text.TrimEnd(':')) : Styled(null, sentence.Text, italic: true);
            }

            if (answer.NotCovered.Count > 0)
            {
                yield return Styled(Heading, "Not covered");
                yield return Styled(null, string.Join(' ', answer.NotCovered.Select(w => w ?? "erased")));
            }

            if (answer.Precedents.Count > 0)
            {
                yield return Styled(Heading, answer.Precedents.Count == 1 ? "The case study at a glance" : "The case studies side by side");
                var facts = answer.Precedents.Select(p => p.Facts().ToList()).ToList();
                var rows = facts.SelectMany(f => f.Select(x => x.Heading)).Distinct(StringComparer.Ordinal)
                    .Select(h => (Heading: h, Cells: facts.Select(f => f.FirstOrDefault(x => x.Heading == h).Lines ?? (IReadOnlyList<string>)["Not stated"]).ToList())).ToList();
                // What nobody states is no row.
                var stated = rows.Where(r => r.Cells.Any(c => c is not ["Not stated"] and not ["None stated"])).Select(r => (r.Heading, (IReadOnlyList<IReadOnlyList<string>>)r.Cells)).ToList();
                yield return ComparisonDocument.TableOf([.. answer.Precedents.Select(p => new ComparisonDocument.Column($"{p.Title} ({p.LeadMember ?? "lead council not stated"})", p.Url, p.BasisInWords))], stated, width: 9298);
                // A table must not be a page's last element, nor touch the next.
                yield return new Paragraph();
            }

            if (_numbers.Count > 0)
            {
                yield return Styled(Heading, "Sources");
                foreach (var (slug, number) in _numbers) yield return SourceLine(slug, number);
            }

            yield return Styled(Heading, "About this brief");
            yield return Styled(null, answer.Notice.Text);
            yield return Styled(null, $"Who answers for it: {answer.Notice.AccountableRole}, {answer.Notice.Contact}.");
            yield return Styled(null, string.Create(CultureInfo.InvariantCulture,
                $"Made {CoopAI.Web.Pages.Audit.AuditWords.Time(answer.At)} (British time) by {answer.Notice.Model}; rules: {answer.Notice.GuidanceVersion}."));
            var where = new Paragraph(Words("Answer "), Words($"{answer.Id}: "));
            where.Append(LinkTo($"{serviceUrl}/answers/{answer.Id}", $"{serviceUrl}/answers/{answer.Id}"));
            yield return where;
        }

        private Paragraph Quote(AnswerSentence sentence)
        {
            var paragraph = Styled(Quotation, sentence.Text);
            foreach (var slug in sentence.Citations.Select(c => c.Slug).Distinct(StringComparer.Ordinal))
            {
                if (!_numbers.TryGetValue(slug, out var number)) _numbers[slug] = number = _numbers.Count + 1;
                paragraph.Append(Words(string.Create(CultureInfo.InvariantCulture, $" [{number}]")));
            }

            return paragraph;
        }

        private Paragraph SourceLine(string slug, int number)
        {
            var precedent = answer.Precedents.FirstOrDefault(p => p.Slug == slug);
            var considered = answer.Sources.FirstOrDefault(s => s.Slug == slug);
            var year = (precedent?.Year ?? considered?.Year)?.ToString(CultureInfo.InvariantCulture) ?? "undated";
            var line = Styled(null, string.Create(CultureInfo.InvariantCulture,
                $"[{number}] {precedent?.Title ?? considered?.Title ?? slug}. {precedent?.LeadMember ?? considered?.LeadMember ?? "Lead council not stated"}, {precedent?.Card.Period.ToString() ?? year}. {(precedent is null ? "" : precedent.BasisInWords + " ")}"));
            if (precedent?.Url is { } url) line.Append(LinkTo(url, url));
            return line;
        }

        // An address that is none, or not of the web, stays text: a document must not carry what the corpus smuggled in.
        private OpenXmlElement LinkTo(string address, string text)
        {
            if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")) return Words(text);
            var id = string.Create(CultureInfo.InvariantCulture, $"rIdLink{++_links}");
            main.AddHyperlinkRelationship(uri, true, id);
            return new Hyperlink(new Run(new RunProperties(new RunStyle { Val = Link }), TextOf(text))) { Id = id };
        }

        private static Paragraph Styled(string? style, string text, bool italic = false, bool bold = false)
        {
            var run = new Run(TextOf(text));
            if (italic) run.PrependChild(new RunProperties(new Italic()));
            if (bold) run.PrependChild(new RunProperties(new Bold()));
            return style is null ? new Paragraph(run) : new Paragraph(new ParagraphProperties(new ParagraphStyleId { Val = style }), run);
        }

        private static Run Words(string text) => new(TextOf(text));

        private static Text TextOf(string text) => new(Clean(text)) { Space = SpaceProcessingModeValues.Preserve };
    }

    /// <summary>XML allows no control characters, and lone surrogates break the file.</summary>
    internal static string Clean(string text)
    {
        var clean = new char[text.Length];
        for (var i = 0; i < text.Length; i++)
        {
            var pair = i + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[i + 1], text[i]);
            if (pair)
            {
                (clean[i], clean[i + 1]) = (text[i], text[i + 1]);
                i++;
                continue;
            }

            clean[i] = XmlConvert.IsXmlChar(text[i]) ? text[i] is '\r' or '\n' or '\t' ? ' ' : text[i] : '\uFFFD';
        }

        return new string(clean);
    }

    internal static Styles CreateStyles() => new(
        new DocDefaults(
            new RunPropertiesDefault(new RunPropertiesBaseStyle(
                new RunFonts { Ascii = "Arial", HighAnsi = "Arial", ComplexScript = "Arial" }, new FontSize { Val = "24" }, new Languages { Val = "en-GB" })),
            new ParagraphPropertiesDefault(new ParagraphPropertiesBaseStyle(new SpacingBetweenLines { After = "160", Line = "288", LineRule = LineSpacingRuleValues.Auto }))),
        new Style(new StyleName { Val = "Normal" }) { Type = StyleValues.Paragraph, StyleId = "Normal", Default = true },
        HeadingStyle(Title, "Title", "40", null),
        HeadingStyle(Heading, "heading 1", "32", 0),
        HeadingStyle(SubHeading, "heading 2", "26", 1),
        new Style(
            new StyleName { Val = "Quote" }, new BasedOn { Val = "Normal" },
            new StyleParagraphProperties(
                new ParagraphBorders(new LeftBorder { Val = BorderValues.Single, Size = 24, Space = 10, Color = "1D4F5F" }),
                new Indentation { Left = "340" }))
        { Type = StyleValues.Paragraph, StyleId = Quotation },
        new Style(
            new StyleName { Val = "Hyperlink" },
            new StyleRunProperties(new Color { Val = "1D4F5F" }, new Underline { Val = UnderlineValues.Single }))
        { Type = StyleValues.Character, StyleId = Link });

    private static Style HeadingStyle(string id, string name, string halfPoints, int? level)
    {
        var paragraph = new StyleParagraphProperties(new KeepNext(), new SpacingBetweenLines { Before = "240", After = "120" });
        if (level is { } outline) paragraph.Append(new OutlineLevel { Val = outline });
        return new Style(
            new StyleName { Val = name }, new BasedOn { Val = "Normal" }, new NextParagraphStyle { Val = "Normal" }, paragraph,
            new StyleRunProperties(new Bold(), new FontSize { Val = halfPoints }))
        { Type = StyleValues.Paragraph, StyleId = id };
    }

    // The package stamps its parts with the wall clock: the answer's own time makes the bytes those of the answer.
    internal static byte[] WithFixedTimes(byte[] package, DateTimeOffset at)
    {
        using var result = new MemoryStream();
        using (var from = new ZipArchive(new MemoryStream(package), ZipArchiveMode.Read))
        using (var to = new ZipArchive(result, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var part in from.Entries.OrderBy(e => e.FullName, StringComparer.Ordinal))
            {
                var copy = to.CreateEntry(part.FullName, CompressionLevel.Optimal);
                copy.LastWriteTime = at.ToUniversalTime();
                using var reading = part.Open();
                using var writing = copy.Open();
                reading.CopyTo(writing);
            }
        }

        return result.ToArray();
    }
}
