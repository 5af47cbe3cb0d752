using System.Text;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core;
using CoopAI.Core.Ledger;
using CoopAI.Core.Ledger.Proof;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CoopAI.Web.Pages.Audit;

/// <summary><c>/audit/ledger/receipt</c>: whether a receipt, as a file or pasted, is of this service and unaltered.</summary>
[IgnoreAntiforgeryToken]
[RequestSizeLimit(MaxUpload)]
public sealed class ReceiptCheckModel(SqliteLedger ledger, IAntiforgery antiforgery) : FormPageModel
{
    /// <summary>Largest request that is answered with what is wrong, in bytes; a receipt itself is far smaller.</summary>
    public const long MaxUpload = 32L * 1024 * 1024;

    [BindProperty(Name = "file")]
    public IFormFile? Upload { get; set; }

    [BindProperty(Name = "text")]
    public string? Pasted { get; set; }

    /// <summary>What is wrong with the receipt; null: none was checked.</summary>
    public IReadOnlyList<string>? Wrong { get; private set; }

    /// <summary>The entry that the receipt shows, in words; null: none was checked, or it is no entry.</summary>
    public HistoryLine? Line { get; private set; }

    public void OnGet()
    {
        // The empty form.
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var field = Upload is null ? "text" : "file";
        try
        {
            if (!await antiforgery.IsRequestValidAsync(HttpContext)) throw new BadInputException(FormError.Stale);
            if (Upload is null && string.IsNullOrWhiteSpace(Pasted)) throw new BadInputException("Choose the file of a receipt, or paste its text.");
            if (Upload?.Length > Receipt.MaxBytes) throw new BadInputException($"The file has {Upload.Length:N0} bytes; a receipt has at most {Receipt.MaxBytes:N0}. Choose the file that “Download the receipt” gave.");
            var receipt = Receipt.Parse(await ReadAsync(), Upload is null ? "What you pasted" : "The file");
            Wrong = LedgerModel.Verify(ledger, receipt);
            if (Wrong.Count == 0 && ledger.Entry(receipt.Index) is { } entry) Line = LedgerHistory.Of(entry, _ => null);
        }
        catch (BadInputException e)
        {
            Errors = [new(field, e.Message)];
            Response.StatusCode = StatusCodes.Status400BadRequest;
        }

        return Page();
    }

    private async Task<byte[]> ReadAsync()
    {
        if (Upload is null) return Encoding.UTF8.GetBytes(Pasted!);
        using var bytes = new MemoryStream();
        await Upload.CopyToAsync(bytes, HttpContext.RequestAborted);
        return bytes.ToArray();
    }
}
