using System.Text.Json;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core;
using CoopAI.Core.Briefs;

namespace CoopAI.Web.Pages;

/// <summary>Reads answers back from the ledger, for pages.</summary>
public static class RecordedAnswers
{
    /// <summary>The answer as it was given; null: there is none of this id. Texts that were erased since are null in it, whatever their type says.</summary>
    public static Answer? Find(this SqliteLedger ledger, string id)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        return ledger.Answer(id) is { } found ? found.Record.Deserialize<Answer>(CoopJson.Options)! with { Question = found.Question } : null;
    }
}
