using CoopAI.Adapters.Reading;
using CoopAI.Core;
using CoopAI.Core.Corpus;
using CoopAI.Core.Tagging;
using CoopAI.Orchestration.Ingesting;
using CoopAI.Web.Api.CaseStudies;
using CoopAI.Web.Security;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CoopAI.Web.Pages.Import;

/// <summary><c>/import</c>: staff bring in many case studies at once. What would change is shown first.</summary>
[RequestTimeout(600_000)]
[RequestSizeLimit(MaxBytes)]
[RequestFormLimits(MultipartBodyLengthLimit = MaxBytes)]
public sealed class ImportModel(CaseStudyImporter importer, WebReader web, ImportDesk desk, ICaseStudyHistory history) : FormPageModel
{
    /// <summary>Of all files together; larger ones go through the command line.</summary>
    public const long MaxBytes = 256L * 1024 * 1024;

    [BindProperty(Name = "files")]
    public IReadOnlyList<IFormFile> Uploads { get; set; } = [];

    /// <summary>One a line.</summary>
    [BindProperty(Name = "addresses")]
    public string? Addresses { get; set; }

    [BindProperty(Name = "columns")]
    public string? Columns { get; set; }

    [BindProperty(Name = "by")]
    public string? By { get; set; }

    public IReadOnlyList<ImportSummary> Imports { get; private set; } = [];

    public static IReadOnlyList<(string Format, string What)> Formats => CorpusExport.Formats;

    public void OnGet() => Imports = history.Imports(20);

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (Roles.SignedInName(User) is null && string.IsNullOrWhiteSpace(By)) return Again("by", "Say who imports: your name stands beside it in the history.");
        var addresses = (Addresses ?? "").Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (Uploads.Count == 0 && addresses.Length == 0) return Again("files", "Choose files, or give addresses.");
        if (addresses.FirstOrDefault(a => !(Uri.TryCreate(a, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")) is { } wrong) return Again("addresses", $"“{wrong}” is no address. Write each in full on a line of its own, such as https://www.example.gov.uk/page.");
        var kept = history.KeptColumns().ToDictionary(StringComparer.OrdinalIgnoreCase);
        foreach (var line in (Columns ?? "").Split(['\n', '\r', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var at = line.LastIndexOf('=');
            var field = at < 0 ? "" : line[(at + 1)..].Trim();
            if (at <= 0 || (field.Length > 0 && !CaseStudyImporter.Fields.Contains(field, StringComparer.Ordinal))) return Again("columns", $"“{line}” is no column and field. Write “Project=title”; the fields are {string.Join(", ", CaseStudyImporter.Fields)}.");
            kept[line[..at].Trim()] = field;
        }

        if (!string.IsNullOrWhiteSpace(Columns))
        {
            try
            {
                desk.KeepColumns(kept);
            }
            catch (BadInputException e)
            {
                return Again("columns", e.Message);
            }
        }

        var sheets = new List<(string Sheet, IReadOnlyList<KeyValuePair<string, string?>> Columns)>();
        var options = new ReadingOptions(kept) { OnColumns = (sheet, columns) => sheets.Add((sheet, columns)) };
        // Uploads lie in files while they are read, so that large ones need no memory.
        var folder = Directory.CreateTempSubdirectory("coopai-import-");
        try
        {
            var paths = new List<string>();
            foreach (var upload in Uploads)
            {
                var path = Path.Combine(folder.FullName, $"{paths.Count}-{SafeName(upload.FileName)}");
                await using var file = System.IO.File.Create(path);
                await upload.CopyToAsync(file, ct);
                paths.Add(path);
            }

            var items = new List<ImportItem>();
            await foreach (var item in web.ReadAsync([.. addresses.Select(a => new Uri(a))], refresh: false, ct: ct)) items.Add(item);
            var import = desk.Preview(
                paths.SelectMany((p, i) => importer.Read(p, options).Select(item => Named(item, p, Path.GetFileName(Uploads[i].FileName)))).Concat(items),
                [.. Uploads.Select(u => Path.GetFileName(u.FileName)), .. addresses], ChangeCaseStudy.Editor(User, By, null), ct: ct);
            foreach (var (sheet, columns) in sheets)
                desk.NoteColumns(import.Id, sheet[(sheet.LastIndexOf(Path.DirectorySeparatorChar) + 1)..], columns.GroupBy(c => c.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First().Value, StringComparer.Ordinal));
            return Redirect($"/import/{import.Id}");
        }
        catch (BadInputException e)
        {
            return Again("files", e.Message);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string SafeName(string name)
    {
        var safe = string.Concat(Path.GetFileName(name).Select(c => char.IsLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '_'));
        return safe.Length <= 100 ? safe : safe[^100..];
    }

    // Messages name the file as its owner knows it, not where it lay for a moment.
    private static ImportItem Named(ImportItem item, string path, string name) =>
        item.Read is { } read ? read with { Source = read.Source with { File = read.Source.File.Replace(path, name, StringComparison.Ordinal) } }
        : item.Problem! with { File = item.Problem!.File.Replace(path, name, StringComparison.Ordinal), Message = item.Problem.Message.Replace(path, name, StringComparison.Ordinal) };

    private PageResult Again(string field, string message)
    {
        Imports = history.Imports(20);
        Errors = [new FormError(field, message)];
        Response.StatusCode = StatusCodes.Status400BadRequest;
        return Page();
    }
}
