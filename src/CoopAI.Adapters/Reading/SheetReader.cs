using System.Globalization;
using System.Xml;
using CoopAI.Core.Corpus;
using CsvHelper;
using CsvHelper.Configuration;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;

namespace CoopAI.Adapters.Reading;

/// <summary>Reads sheets, CSV or Excel: one case study a row, its fields by the names in the head row.</summary>
internal static class SheetReader
{
    /// <summary>One row: its number in the sheet (from 1) and its cells.</summary>
    private sealed record Row(int Number, string[] Cells);

    public static IEnumerable<(SourceDocument? Document, ImportProblem? Problem)> ReadCsv(string text, string file, ReadingOptions options)
    {
        var rows = new List<Row>();
        ImportProblem? broken = null;
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = Delimiter(text),
            HasHeaderRecord = false,
            MaxFieldSize = ReadingLimits.RowLength,
            BadDataFound = null,
            IgnoreBlankLines = true,
            DetectColumnCountChanges = false,
        };
        using var parser = new CsvParser(new StringReader(text), configuration);
        while (broken is null)
        {
            try
            {
                if (!parser.Read()) break;
                if (rows.Count > ReadingLimits.Rows) broken = new ImportProblem(file, $"row {parser.Row}", $"more than {ReadingLimits.Rows} rows. Part the sheet in several.");
                else rows.Add(new Row(parser.Row, [.. parser.Record!]));
            }
            catch (CsvHelperException)
            {
                broken = new ImportProblem(file, string.Create(CultureInfo.InvariantCulture, $"row {parser.Row}"), $"the row is larger than {ReadingLimits.RowLength} characters, or a quotation mark in it is never closed. Mend that row; it and what follows were not read.");
            }
        }

        foreach (var item in Read(rows, file, "", options)) yield return item;
        if (broken is not null) yield return (null, broken);
    }

    public static IEnumerable<(SourceDocument? Document, ImportProblem? Problem)> ReadExcel(byte[] bytes, string file, ReadingOptions options)
    {
        OfficeFiles.Check(bytes);
        foreach (var (name, rows) in Sheets(bytes))
        {
            foreach (var item in Read(rows, file, $"sheet “{name}”, ", options)) yield return item;
        }
    }

    private static IEnumerable<(SourceDocument? Document, ImportProblem? Problem)> Read(List<Row> rows, string file, string sheet, ReadingOptions options)
    {
        rows.RemoveAll(r => r.Cells.All(string.IsNullOrWhiteSpace));
        if (rows.Count == 0) yield break;
        // Notes above the table come before its head: the head is the first row that names a title and a text.
        // Of two heads over each other the one that names more fields counts.
        var head = rows.Take(10).Select(r => (Row: r, Fields: Fields(r.Cells, options))).Where(h => h.Fields.Any(x => x.Value == "title") && h.Fields.Any(x => x.Value == "text"))
            .OrderByDescending(h => h.Fields.Count(x => x.Value is not null)).ThenBy(h => h.Row.Number).FirstOrDefault().Row;
        if (head is null)
        {
            // A list that other sheets choose from is no table of case studies.
            if (sheet.Length > 0 && rows.All(r => r.Cells.Count(c => c.Trim().Length > 0) < 2)) yield break;
            var first = rows[0];
            var seen = string.Join(", ", first.Cells.Where(c => c.Length > 0).Take(12).Select(c => $"“{(c.Length > 30 ? c[..30] + "…" : c)}”"));
            yield return (null, new ImportProblem(file, sheet + string.Create(CultureInfo.InvariantCulture, $"row {first.Number}"),
                $"no row names a column for the title and one for the text; found: {seen}. Name them “title” and “text”, or say which they are: --columns \"Project=title,Story=text\"."));
            yield break;
        }

        var fields = Fields(head.Cells, options);
        // What this product wrote itself comes back as it went.
        var export = ExportColumns.All(c => head.Cells.Contains(c, StringComparer.Ordinal));
        options.OnColumns?.Invoke($"{file}{(sheet.Length > 0 ? ", " + sheet.TrimEnd(',', ' ') : "")}", fields);
        foreach (var row in rows.Where(r => r.Number > head.Number))
        {
            var values = new List<SourceField>();
            for (var c = 0; c < Math.Min(row.Cells.Length, fields.Count); c++)
            {
                var value = Unescaped(row.Cells[c]);
                if (string.IsNullOrWhiteSpace(value)) continue;
                if (export) values.Add(new SourceField(fields[c].Key, value, "the export"));
                else if (fields[c].Value is { } field) values.Add(new SourceField(field, value, $"the column “{fields[c].Key}”"));
            }

            yield return (new SourceDocument(new SourcePlace(file, sheet + string.Create(CultureInfo.InvariantCulture, $"row {row.Number}")), [], values) { IsExport = export }, null);
        }
    }

    private static readonly string[] ExportColumns = ["slug", "title", "leadMember", "participatingMembers", "principles", "principlesUnknown", "topics", "text", "extra"];

    private static List<KeyValuePair<string, string?>> Fields(string[] head, ReadingOptions options) =>
        [.. head.Select(h => Tidy.Line(h)).Select(h => KeyValuePair.Create(h,
            options.Columns is not null && options.Columns.TryGetValue(h, out var told) ? (told.Length == 0 ? null : told)
            : h.Length == 0 ? null
            : h == "extra" ? "extra" : FactFinder.FieldOf(h)))];

    // An export writes an apostrophe before what a spreadsheet would take for a formula.
    private static string Unescaped(string cell) => cell is ['\'', '=' or '+' or '-' or '@' or '＝' or '＋' or '－' or '＠' or '\t' or '\r' or '\n', ..] ? cell[1..] : cell;

    /// <summary>The mark that parts most cells of the first line, outside quotation marks.</summary>
    private static string Delimiter(string text)
    {
        var counts = new Dictionary<char, int> { [','] = 0, [';'] = 0, ['\t'] = 0, ['|'] = 0 };
        var quoted = false;
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, 20_000)))
        {
            if (c == '"') quoted = !quoted;
            else if (c is '\n' && !quoted && counts.Values.Max() > 0) break;
            else if (!quoted && counts.TryGetValue(c, out var n)) counts[c] = n + 1;
        }

        return counts.OrderByDescending(p => p.Value).First() is { Value: > 0 } best ? best.Key.ToString() : ",";
    }

    private static List<(string Name, List<Row> Rows)> Sheets(byte[] bytes)
    {
        try
        {
            using var stream = new MemoryStream(bytes, writable: false);
            using var document = SpreadsheetDocument.Open(stream, isEditable: false);
            var workbook = document.WorkbookPart ?? throw new UnreadableDocumentException("the Excel file holds no workbook. Open it in Excel and save it again.");
            var shared = workbook.SharedStringTablePart?.SharedStringTable?.Elements<SharedStringItem>().Select(TextOf).ToArray() ?? [];
            var dates = Dates(workbook.WorkbookStylesPart?.Stylesheet);
            var sheets = new List<(string, List<Row>)>();
            foreach (var sheet in workbook.Workbook?.Sheets?.Elements<Sheet>() ?? [])
            {
                if (sheet.State is not null && sheet.State.Value != SheetStateValues.Visible) continue;
                if (sheet.Id?.Value is not { } id || workbook.GetPartById(id) is not WorksheetPart part) continue;
                sheets.Add((sheet.Name?.Value ?? "?", Rows(part, shared, dates)));
            }

            return sheets;
        }
        catch (Exception e) when (e is OpenXmlPackageException or XmlException or FileFormatException or InvalidDataException or InvalidOperationException or ArgumentException or IOException or FormatException or KeyNotFoundException or IndexOutOfRangeException or OverflowException)
        {
            throw new UnreadableDocumentException("the Excel file is damaged, or not one. Open it in Excel and save it as .xlsx again.", e);
        }
    }

    private static List<Row> Rows(WorksheetPart part, string[] shared, HashSet<uint> dates)
    {
        var rows = new List<Row>();
        using var reader = OpenXmlReader.Create(part);
        var number = 0;
        while (reader.Read())
        {
            if (reader.ElementType != typeof(DocumentFormat.OpenXml.Spreadsheet.Row) || !reader.IsStartElement) continue;
            var row = (DocumentFormat.OpenXml.Spreadsheet.Row)reader.LoadCurrentElement()!;
            number = row.RowIndex?.Value is { } index ? (int)Math.Min(index, 2_000_000) : number + 1;
            var cells = new List<string>();
            foreach (var cell in row.Elements<Cell>())
            {
                var column = Column(cell.CellReference?.Value) ?? cells.Count;
                if (column > 500) continue;
                while (cells.Count < column) cells.Add("");
                if (cells.Count == column) cells.Add(ValueOf(cell, shared, dates));
            }

            rows.Add(new Row(number, [.. cells]));
            if (rows.Count > ReadingLimits.Rows) throw new UnreadableDocumentException($"a sheet has more than {ReadingLimits.Rows} rows. Part it in several files.");
        }

        return rows;
    }

    /// <summary>Numbers of the cell formats that show a number as a date.</summary>
    private static HashSet<uint> Dates(Stylesheet? styles)
    {
        var dates = new HashSet<uint>();
        var own = styles?.NumberingFormats?.Elements<NumberingFormat>().Where(f => f.NumberFormatId?.HasValue == true && f.FormatCode?.Value?.Contains('y', StringComparison.OrdinalIgnoreCase) == true).Select(f => f.NumberFormatId!.Value).ToHashSet() ?? [];
        var at = 0u;
        foreach (var format in styles?.CellFormats?.Elements<CellFormat>() ?? [])
        {
            if (format.NumberFormatId?.Value is { } id && (id is >= 14 and <= 17 or 22 || own.Contains(id))) dates.Add(at);
            at++;
        }

        return dates;
    }

    private static string ValueOf(Cell cell, string[] shared, HashSet<uint> dates)
    {
        var value = cell.CellValue?.Text ?? "";
        if (cell.DataType is null || cell.DataType.Value == CellValues.Number)
        {
            return cell.StyleIndex?.Value is { } style && dates.Contains(style) && double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var days) && days is >= 1 and < 73_050
                ? DateTime.FromOADate(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : value;
        }

        if (cell.DataType.Value == CellValues.SharedString) return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var i) && i < shared.Length ? shared[i] : "";
        if (cell.DataType.Value == CellValues.InlineString) return cell.InlineString is { } inline ? string.Concat(inline.Descendants<Text>().Select(t => t.Text)) : "";
        return cell.DataType.Value == CellValues.Error ? "" : value;
    }

    private static string TextOf(SharedStringItem item) => string.Concat(item.Descendants<Text>().Where(t => t.Parent is not PhoneticRun).Select(t => t.Text));

    private static int? Column(string? reference)
    {
        if (reference is null) return null;
        var column = 0;
        foreach (var c in reference.TakeWhile(char.IsAsciiLetterUpper).Take(3)) column = (column * 26) + (c - 'A' + 1);
        return column == 0 ? null : column - 1;
    }
}
