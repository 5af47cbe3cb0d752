using System.Globalization;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core;
using CoopAI.Core.Ledger;
using CoopAI.Core.Ledger.Proof;
using CoopAI.Core.Reviews;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CoopAI.Web.Pages.Audit;

/// <summary>What the check of one answer's receipt found.</summary>
/// <param name="Wrong">A sentence for each failing point; none: the answer stands in the ledger as it was given.</param>
public sealed record CheckedReceipt(string AnswerId, Receipt Receipt, IReadOnlyList<string> Wrong);

/// <summary><c>/audit/ledger</c>: the record as a readable history, and the check of one answer or of the whole.</summary>
public sealed class LedgerModel(SqliteLedger ledger) : FormPageModel
{
    /// <summary>Entries on one page.</summary>
    public const int PageSize = 50;

    /// <summary>Id of the answer to verify.</summary>
    [BindProperty(Name = "answer", SupportsGet = true)]
    public string? AnswerId { get; set; }

    /// <summary>"all": the whole ledger is checked.</summary>
    [BindProperty(Name = "check", SupportsGet = true)]
    public string? Check { get; set; }

    [BindProperty(Name = "kind", SupportsGet = true)]
    public string? Kind { get; set; }

    [BindProperty(Name = "before", SupportsGet = true)]
    public string? Before { get; set; }

    public CheckedReceipt? Checked { get; private set; }

    public LedgerVerification? Verification { get; private set; }

    public IReadOnlyList<HistoryLine> Entries { get; private set; } = [];

    public string? Older { get; private set; }

    public void OnGet()
    {
        var errors = new List<FormError>();
        if (!string.IsNullOrWhiteSpace(AnswerId))
        {
            if (ledger.ReceiptForAnswer(AnswerId.Trim()) is { } receipt) Checked = new(AnswerId.Trim(), receipt, Verify(receipt));
            else errors.Add(new("answer", "No answer of this number is in the ledger. Copy the number from the foot of the answer."));
        }

        if (Check == "all") Verification = ledger.Verify();
        LedgerKind? kind = null;
        try
        {
            kind = string.IsNullOrEmpty(Kind) ? null : LedgerEntry.ParseKind(Kind);
        }
        catch (FormatException)
        {
            errors.Add(new("kind", "Choose a kind of entry from the list."));
        }

        var before = long.TryParse(Before, NumberStyles.None, CultureInfo.InvariantCulture, out var place) ? place : (long?)null;
        Entries = [.. ledger.List(kind, before: before, take: PageSize).Select(e => LedgerHistory.Of(e, QuestionOf))];
        Older = Entries.Count == PageSize && Entries[^1].Entry > 0
            ? string.Create(CultureInfo.InvariantCulture, $"/audit/ledger?kind={(kind is { } k ? LedgerEntry.Word(k) : "")}&before={Entries[^1].Entry}") : null;
        Errors = errors;
        if (errors.Count > 0) Response.StatusCode = StatusCodes.Status400BadRequest;
    }

    private string? QuestionOf(string answerId) => ledger.List(LedgerKind.Answer, answerId, take: 1) is [var entry] ? entry.Texts.GetValueOrDefault("question") : null;

    private IReadOnlyList<string> Verify(Receipt receipt) => Verify(ledger, receipt);

    /// <summary>What is wrong with a receipt, checked with the key that its head names.</summary>
    internal static IReadOnlyList<string> Verify(SqliteLedger ledger, Receipt receipt)
    {
        if (ledger.Keys().FirstOrDefault(k => k.Id == receipt.Head.KeyId) is not { Pem: { } pem }) return ["It is signed with a key that this service has never used."];
        try
        {
            using var key = LedgerPublicKey.FromPem(pem);
            return receipt.Verify(key);
        }
        catch (BadInputException e)
        {
            return [e.Message];
        }
    }
}
