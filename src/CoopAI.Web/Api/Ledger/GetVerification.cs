using CoopAI.Adapters.Sqlite;
using CoopAI.Core.Ledger.Proof;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CoopAI.Web.Api.Ledger;

/// <summary><c>GET /api/ledger/verify</c>: checks the whole ledger and names every entry that was altered, removed or put out of order.</summary>
public static class GetVerification
{
    public static RouteHandlerBuilder Map(RouteGroupBuilder ledger) => ledger.MapGet("/verify", Handle).WithName(nameof(GetVerification));

    /// <param name="Sound">Nothing was found.</param>
    public sealed record Response(bool Sound, long Entries, SignedHead? Head, IReadOnlyList<LedgerFinding> Findings, IReadOnlyList<string> Notes);

    internal static Ok<Response> Handle(SqliteLedger ledger)
    {
        var check = ledger.Verify();
        return TypedResults.Ok(new Response(check.Sound, check.Entries, check.Head, check.Findings, check.Notes));
    }
}
