using System.Globalization;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;

namespace CoopAI.Web.Documents;

/// <summary>Precedents side by side as a Word document, on a page turned sideways.</summary>
public static class ComparisonDocument
{
    /// <param name="Address">Of the council's page; null: none is known.</param>
    /// <param name="Basis">Whose words the text is in.</param>
    public sealed record Column(string Title, string? Address, string Basis);

    /// <param name="rows">A heading with one cell for each column; a cell holds one line or several.</param>
    /// <param name="nobodyStates">Headings that were left out because no cell would say anything.</param>
    /// <returns>The file. The same comparison at the same time gives the same bytes.</returns>
    public static byte[] Write(IReadOnlyList<Column> columns, IReadOnlyList<(string Heading, IReadOnlyList<IReadOnlyList<string>> Cells)> rows, IReadOnlyList<string> nobodyStates, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(nobodyStates);
        using var stream = new MemoryStream();
        using (var document = WordprocessingDocument.Create(stream, WordprocessingDocumentType.Document))
        {
            BriefDocument.WriteProperties(document.AddNewPart<CoreFilePropertiesPart>("application/vnd.openxmlformats-package.core-properties+xml", "rId2"), "Comparison of precedents", at);
            var main = document.AddNewPart<MainDocumentPart>("application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml", "rId1");
            main.AddNewPart<StyleDefinitionsPart>("rIdStyles").Styles = BriefDocument.CreateStyles();
            var body = new Body(Line("Comparison of precedents", "Title"), TableOf(columns, rows));
            if (nobodyStates.Count > 0) body.Append(Line($"Not stated by any of them: {string.Join(", ", nobodyStates)}."));
            body.Append(Line("Sources", "Heading1"));
            foreach (var column in columns) body.Append(Line($"{column.Title}. {column.Basis} {column.Address}".TrimEnd()));
            body.Append(
                Line(string.Create(CultureInfo.InvariantCulture, $"Put together by CoopAI on {at:d MMMM yyyy} from the case studies. Check each council’s page before you rely on it.")),
                new SectionProperties(
                    new PageSize { Width = 16838, Height = 11906, Orient = PageOrientationValues.Landscape },
                    new PageMargin { Top = 1000, Right = 1000, Bottom = 1000, Left = 1000, Header = 500, Footer = 500, Gutter = 0 }));
            main.Document = new Document(body);
        }

        return BriefDocument.WithFixedTimes(stream.ToArray(), at);
    }

    /// <param name="width">Of the table, in twentieths of a point.</param>
    internal static Table TableOf(IReadOnlyList<Column> columns, IReadOnlyList<(string Heading, IReadOnlyList<IReadOnlyList<string>> Cells)> rows, int width = 14800)
    {
        var table = new Table(
            new TableProperties(
                new TableWidth { Width = "5000", Type = TableWidthUnitValues.Pct },
                new TableBorders(
                    new TopBorder { Val = BorderValues.Single, Size = 4 }, new LeftBorder { Val = BorderValues.Single, Size = 4 }, new BottomBorder { Val = BorderValues.Single, Size = 4 },
                    new RightBorder { Val = BorderValues.Single, Size = 4 }, new InsideHorizontalBorder { Val = BorderValues.Single, Size = 4 }, new InsideVerticalBorder { Val = BorderValues.Single, Size = 4 }),
                new TableLook { Val = "04A0" }),
            new TableGrid(Enumerable.Range(0, columns.Count + 1).Select(_ => new GridColumn { Width = (width / (columns.Count + 1)).ToString(CultureInfo.InvariantCulture) })));
        // Said again on top of each page that the table runs over.
        table.Append(new TableRow(new OpenXmlElement[] { new TableRowProperties(new TableHeader()), Cell([""], true) }.Concat(columns.Select(c => Cell([c.Title], true)))));
        foreach (var (heading, cells) in rows)
            table.Append(new TableRow(new OpenXmlElement[] { new TableRowProperties(new CantSplit()), Cell([heading], true) }.Concat(cells.Select(c => Cell(c, false)))));
        return table;
    }

    private static TableCell Cell(IEnumerable<string> lines, bool bold) => new(lines.Select(line => (OpenXmlElement)Line(line, bold: bold, size: "20")));

    private static Paragraph Line(string text, string? style = null, bool bold = false, string? size = null)
    {
        var run = new Run(new Text(BriefDocument.Clean(text)) { Space = SpaceProcessingModeValues.Preserve });
        if (bold || size is not null)
        {
            var properties = new RunProperties();
            if (bold) properties.Append(new Bold());
            if (size is not null) properties.Append(new FontSize { Val = size });
            run.PrependChild(properties);
        }

        return style is null ? new Paragraph(run) : new Paragraph(new ParagraphProperties(new ParagraphStyleId { Val = style }), run);
    }
}
