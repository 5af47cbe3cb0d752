using System.Text;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core.Ledger.Proof;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CoopAI.Web.Pages.Audit;

/// <summary><c>/audit/ledger/proof</c>: what an expert needs to check the record without this service.</summary>
public sealed class ProofModel(SqliteLedger ledger) : PageModel
{
    public SignedHead? Head { get; private set; }

    public IReadOnlyList<(long FromEntry, string Id, string Pem)> Keys { get; private set; } = [];

    public void OnGet() => (Head, Keys) = (ledger.Head(), ledger.Keys());

    /// <summary>One public key in the form that <c>coopai ledger verify --public-key</c> reads.</summary>
    /// <param name="id">Null: the newest.</param>
    public IActionResult OnGetKey(string? id)
    {
        var found = ledger.Keys().LastOrDefault(k => string.IsNullOrEmpty(id) || k.Id == id);
        return found.Pem is null ? NotFound() : File(Encoding.ASCII.GetBytes(found.Pem), "application/x-pem-file", "coopai-key.pem");
    }
}
