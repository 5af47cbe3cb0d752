using CoopAI.Web.Pages.Audit;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;

namespace CoopAI.Web.Documents;

/// <summary>The report for a committee as a Word document.</summary>
public static class CommitteeDocument
{
    /// <returns>The file. The same report at the same time gives the same bytes.</returns>
    public static byte[] Write(CommitteeReport report, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(report);
        const string Title = "Review of CoopAI’s answers";
        using var stream = new MemoryStream();
        using (var document = WordprocessingDocument.Create(stream, WordprocessingDocumentType.Document))
        {
            BriefDocument.WriteProperties(document.AddNewPart<CoreFilePropertiesPart>("application/vnd.openxmlformats-package.core-properties+xml", "rId2"), $"{Title}, {report.Period}", at);
            var main = document.AddNewPart<MainDocumentPart>("application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml", "rId1");
            main.AddNewPart<StyleDefinitionsPart>("rIdStyles").Styles = BriefDocument.CreateStyles();
            var body = new Body(Line(Title, "Title"), Line(report.Organisation is null ? report.Period : $"{report.Organisation}, {report.Period}"));
            foreach (var part in report.Parts)
            {
                body.Append(Line(part.Heading, "Heading1"));
                foreach (var sentence in part.Sentences) body.Append(Line(sentence));
                // A bullet as text: a list of Word's own needs a part for its numbering, which nothing else here uses.
                foreach (var point in part.Points) body.Append(Line("• " + point));
            }

            body.Append(Line($"Made on {AuditWords.Day(at)} from the record of the service."));
            body.Append(new SectionProperties(
                new PageSize { Width = 11906, Height = 16838 },
                new PageMargin { Top = 900, Right = 1100, Bottom = 900, Left = 1100, Header = 500, Footer = 500, Gutter = 0 }));
            main.Document = new Document(body);
        }

        return BriefDocument.WithFixedTimes(stream.ToArray(), at);
    }

    private static Paragraph Line(string text, string? style = null)
    {
        var run = new Run(new Text(BriefDocument.Clean(text)) { Space = SpaceProcessingModeValues.Preserve });
        // One page is what a committee reads: smaller than a brief, and closer.
        if (style is null) run.PrependChild(new RunProperties(new FontSize { Val = "21" }));
        var properties = style is null ? new ParagraphProperties(new SpacingBetweenLines { After = "80", Line = "252", LineRule = LineSpacingRuleValues.Auto }) : new ParagraphProperties(new ParagraphStyleId { Val = style });
        return new Paragraph(properties, run);
    }
}
