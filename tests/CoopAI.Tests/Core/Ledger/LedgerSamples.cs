using System.Text.Json.Nodes;
using CoopAI.Core.Ledger;

namespace CoopAI.Tests.Core.Ledger;

/// <summary>Made-up answers and a clock and salts that are the same in every run.</summary>
internal static class LedgerSamples
{
    public const string Question = "Which councils set up a community land trust?";

    public static JsonObject Record(string id, string question = Question) => new()
    {
        ["id"] = id,
        ["question"] = question,
        ["outcome"] = "answered",
        ["sentences"] = new JsonArray(new JsonObject { ["text"] = "Northbeck set one up in 2022.", ["citations"] = new JsonArray("northbeck#0") }),
        ["notCovered"] = new JsonArray($"Nothing further on: {question}"),
    };

    public static LedgerDraft Answer(string id, string question = Question) =>
        LedgerDraft.Answer(id, question, Record(id, question), new() { ["outcome"] = "answered" });

    public static Action<byte[]> Salt(int seed = 1)
    {
        var random = new Random(seed);
        return bytes => random.NextBytes(bytes);
    }
}

/// <summary>A clock that the test sets.</summary>
internal sealed class SetClock(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}
