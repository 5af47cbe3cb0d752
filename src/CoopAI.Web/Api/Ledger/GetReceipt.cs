using CoopAI.Adapters.Sqlite;
using CoopAI.Core.Ledger.Proof;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CoopAI.Web.Api.Ledger;

/// <summary><c>GET /api/ledger/answers/{id}/receipt</c>: a fresh receipt for an answer, for <c>coopai ledger verify</c>.</summary>
public static class GetReceipt
{
    public static RouteHandlerBuilder Map(RouteGroupBuilder ledger) =>
        ledger.MapGet("/answers/{id}/receipt", Handle).WithName(nameof(GetReceipt)).ProducesProblem(StatusCodes.Status404NotFound);

    internal static Results<Ok<Receipt>, ProblemHttpResult> Handle(string id, SqliteLedger ledger) =>
        ledger.ReceiptForAnswer(id) is { } receipt ? TypedResults.Ok(receipt) : GetEntry.Unknown("No answer of this id was recorded.");
}
