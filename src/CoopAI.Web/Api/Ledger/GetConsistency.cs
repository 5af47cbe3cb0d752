using CoopAI.Adapters.Sqlite;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CoopAI.Web.Api.Ledger;

/// <summary><c>GET /api/ledger/consistency?from=&amp;to=</c>: the proof of RFC 6962 that the ledger of one size continues the ledger of a smaller one.</summary>
public static class GetConsistency
{
    public static RouteHandlerBuilder Map(RouteGroupBuilder ledger) =>
        ledger.MapGet("/consistency", Handle).WithName(nameof(GetConsistency)).ProducesProblem(StatusCodes.Status400BadRequest);

    /// <param name="Proof">Hashes, hexadecimal; empty when the sizes are equal.</param>
    public sealed record Response(long From, long To, string FromRoot, string ToRoot, IReadOnlyList<string> Proof);

    internal static Ok<Response> Handle(SqliteLedger ledger, long from, long? to = null)
    {
        var end = to ?? ledger.Head()?.Size ?? 0;
        var proof = ledger.ConsistencyProof(from, end);
        return TypedResults.Ok(new Response(from, end, ledger.Head(from)!.Root, ledger.Head(end)!.Root, proof));
    }
}
