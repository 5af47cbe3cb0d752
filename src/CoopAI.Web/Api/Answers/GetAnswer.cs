using System.Text.Json;
using System.Text.Json.Nodes;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core;
using CoopAI.Core.Briefs;
using CoopAI.Core.Corpus;
using CoopAI.Web.Pages;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CoopAI.Web.Api.Answers;

/// <summary><c>GET /api/answers/{id}</c>: a recorded answer with its sources, every rule's verdict, what was withheld, which sources were withdrawn or changed since, and its receipt.</summary>
public static class GetAnswer
{
    public static RouteHandlerBuilder Map(RouteGroupBuilder answers) =>
        answers.MapGet("/{id}", Handle).WithName(nameof(GetAnswer)).Produces<JsonObject>().ProducesProblem(StatusCodes.Status404NotFound);

    internal static Results<JsonHttpResult<JsonObject>, ProblemHttpResult> Handle(string id, SqliteLedger ledger, ICaseStudyHistory history)
    {
        if (ledger.Answer(id) is not { } found)
        {
            return TypedResults.Problem(
                statusCode: StatusCodes.Status404NotFound, type: "/problems/unknown-answer", title: "There is no answer of this id.",
                detail: "Ask with POST /api/answers, or find answers with GET /api/ledger.");
        }

        var record = (JsonObject)found.Record.DeepClone();
        // Beside the record, which never changes: what its sources have become since.
        record["sourcesSince"] = JsonSerializer.SerializeToNode(SourcesSince.Of(ledger.Find(id)!, history), CoopJson.Options);
        record["receipt"] = JsonSerializer.SerializeToNode(ledger.ReceiptForAnswer(id), CoopJson.Options);
        return TypedResults.Json(record);
    }
}
