using System.Text.Json;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core.Ledger.Proof;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CoopAI.Web.Api.Ledger;

/// <summary><c>GET /api/ledger/{index}</c>: one entry with the texts beside it and a fresh receipt.</summary>
public static class GetEntry
{
    public static RouteHandlerBuilder Map(RouteGroupBuilder ledger) =>
        ledger.MapGet("/{index:long}", Handle).WithName(nameof(GetEntry)).ProducesProblem(StatusCodes.Status404NotFound);

    /// <param name="Texts">By name; erased ones are left out.</param>
    public sealed record Response(JsonElement Entry, IReadOnlyDictionary<string, string> Texts, Receipt Receipt);

    internal static Results<Ok<Response>, ProblemHttpResult> Handle(long index, SqliteLedger ledger) =>
        ledger.Entry(index) is { } found && ledger.ReceiptFor(index) is { } receipt
            ? TypedResults.Ok(new Response(found.Entry.Json, found.Texts, receipt))
            : Unknown($"Entries have the places 0 to {(ledger.Head()?.Size ?? 0) - 1}.");

    internal static ProblemHttpResult Unknown(string detail) => TypedResults.Problem(
        statusCode: StatusCodes.Status404NotFound, type: "/problems/unknown-entry", title: "There is no such entry in the ledger.", detail: detail);
}
