using CoopAI.Adapters.Sqlite;
using CoopAI.Core.Ledger.Proof;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CoopAI.Web.Api.Ledger;

/// <summary><c>GET /api/ledger/head</c>: the newest signed head, or with <c>?size=</c> an earlier one. Keep it: it shows later whether anything was changed.</summary>
public static class GetHead
{
    public static RouteHandlerBuilder Map(RouteGroupBuilder ledger) =>
        ledger.MapGet("/head", Handle).WithName(nameof(GetHead)).ProducesProblem(StatusCodes.Status404NotFound);

    internal static Results<Ok<SignedHead>, ProblemHttpResult> Handle(SqliteLedger ledger, long? size = null) =>
        (size is { } s ? ledger.Head(s) : ledger.Head()) is { } head
            ? TypedResults.Ok(head)
            : TypedResults.Problem(statusCode: StatusCodes.Status404NotFound, type: "/problems/unknown-head", title: "There is no such head.",
                detail: size is null ? "Nothing was recorded yet." : $"Heads have the sizes 1 to {ledger.Head()?.Size ?? 0}.");
}
