using CoopAI.Adapters.Sqlite;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CoopAI.Web.Api.Ledger;

/// <summary><c>GET /api/ledger/keys</c>: the public keys that signed the ledger, oldest first, with the entry from which each signs.</summary>
public static class GetKeys
{
    public static RouteHandlerBuilder Map(RouteGroupBuilder ledger) => ledger.MapGet("/keys", Handle).WithName(nameof(GetKeys));

    public sealed record Key(long FromEntry, string Id, string Pem);

    public sealed record Response(IReadOnlyList<Key> Keys);

    internal static Ok<Response> Handle(SqliteLedger ledger) => TypedResults.Ok(new Response([.. ledger.Keys().Select(k => new Key(k.FromEntry, k.Id, k.Pem))]));
}
