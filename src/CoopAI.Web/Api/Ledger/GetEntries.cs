using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core;
using CoopAI.Core.Ledger;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CoopAI.Web.Api.Ledger;

/// <summary><c>GET /api/ledger</c>: the entries, newest first, a page at a time.</summary>
public static class GetEntries
{
    public static RouteHandlerBuilder Map(RouteGroupBuilder ledger) =>
        ledger.MapGet("/", Handle).WithName(nameof(GetEntries)).ProducesProblem(StatusCodes.Status400BadRequest);

    /// <param name="Size">Entries in the whole ledger.</param>
    /// <param name="Entries">Each as it was signed; texts that may be erased are only hashes in it.</param>
    /// <param name="Before">Give this as <c>before</c> for the next page; null: this is the last.</param>
    public sealed record Response(long Size, IReadOnlyList<JsonElement> Entries, long? Before);

    internal static Ok<Response> Handle(
        SqliteLedger ledger, string? kind = null, string? about = null, [Range(0, long.MaxValue)] long? before = null, [Range(1, SqliteLedger.MaxPage)] int take = 50)
    {
        LedgerKind? wanted;
        try
        {
            wanted = kind is null ? null : LedgerEntry.ParseKind(kind);
        }
        catch (FormatException e)
        {
            throw new BadInputException($"kind: {e.Message}", e);
        }

        var entries = ledger.List(wanted, about, before, take);
        return TypedResults.Ok(new Response(
            ledger.Head()?.Size ?? 0, [.. entries.Select(e => e.Entry.Json)],
            entries.Count == take && entries[^1].Entry.Index > 0 ? entries[^1].Entry.Index : null));
    }
}
