using CoopAI.Adapters.Sqlite;
using CoopAI.Orchestration.Settings;
using CoopAI.Web.Hosting;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Mvc;

namespace CoopAI.Web.Pages.Admin;

/// <summary><c>/admin/backup</c>: a copy of everything stored, and putting one back.</summary>
[DisableRequestTimeout]
[RequestSizeLimit(MaxBytes)]
[RequestFormLimits(MultipartBodyLengthLimit = MaxBytes)]
public sealed class BackupModel(BackUps backUps, SqliteLedger ledger, SettingsBook settings, IAntiforgery antiforgery, OnceOnly once, TimeProvider clock) : AdminPageModel(antiforgery, once)
{
    /// <summary>Largest copy that is taken back through a browser, in bytes.</summary>
    public const long MaxBytes = 2L * 1024 * 1024 * 1024;

    private readonly IAntiforgery _antiforgery = antiforgery;

    [BindProperty(Name = "file")]
    public IFormFile? Upload { get; set; }

    [BindProperty(Name = "sure")]
    public string? Sure { get; set; }

    public string KeyFile => Path.GetFileName(ledger.Key.Path);

    public void OnGet()
    {
        // Nothing is read before somebody asks for it.
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await _antiforgery.IsRequestValidAsync(HttpContext))
        {
            Errors = [new("reason", FormError.Stale)];
            Response.StatusCode = StatusCodes.Status400BadRequest;
            return Page();
        }

        var now = clock.GetUtcNow();
        BackUpRecord.Taken(settings, now, Author, "A copy of everything stored was downloaded.");
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        backUps.Write(path);
        return File(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None, 81_920, FileOptions.DeleteOnClose | FileOptions.Asynchronous), "application/vnd.sqlite3", BackUps.NameAt(now));
    }

    public async Task<IActionResult> OnPostRestoreAsync()
    {
        var errors = new List<FormError>();
        if (Upload is not { Length: > 0 }) errors.Add(new("file", "Choose the copy."));
        if (Sure != "yes") errors.Add(new("sure", "Say that you can do without what was stored since."));
        var result = await ChangeAsync("restored", "file", Upload?.FileName ?? "", errors, async () =>
        {
            var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
            try
            {
                await using (var target = BackUps.CreatePrivate(path))
                    await Upload!.CopyToAsync(target, HttpContext.RequestAborted);
                BackUpRecord.PutBack(settings, backUps.Restore(path), clock.GetUtcNow(), Author, Reason!.Trim());
            }
            finally
            {
                System.IO.File.Delete(path);
            }
        });
        return result is RedirectResult ? Redirect("/admin/backup?done=restored") : result;
    }
}
