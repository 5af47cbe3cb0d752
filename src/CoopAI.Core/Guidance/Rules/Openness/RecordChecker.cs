using System.Globalization;
using CoopAI.Core.Verdicts;

namespace CoopAI.Core.Guidance.Rules.Openness;

/// <summary>VG20: before the answer is shown there is a record that can be checked.</summary>
internal sealed class RecordChecker : RuleChecker
{
    /// <summary>The fields that a record must hold, in the framework's names.</summary>
    public static readonly IReadOnlyList<string> AllFields =
    [
        "id", "generated_at", "question_hash", "outcome", "model", "model_version", "prompt_hash", "guidance_version", "corpus_version",
        "answer_hash", "accountable_role", "tokens_in", "tokens_out", "milliseconds", "previous_hash",
    ];

    private readonly IReadOnlyList<string> required;

    public RecordChecker(RuleSettings settings)
    {
        required = settings.Texts("fields", AllFields, AllFields);
    }

    public override IEnumerable<Finding> Check(RuleContext context)
    {
        if (context.Record is not { } record)
        {
            yield return CouldNotCheck(Whole(context), "There is no record to check.");
            yield break;
        }

        var wrong = Faults(record).ToList();
        foreach (var (field, why) in wrong) yield return Fail(new RuleTarget("field", field), why);
        if (wrong.Count == 0) yield return Pass(Whole(context), "Every field is set, the sources are unchanged and the chain is unbroken.", new RuleEvidence($"Fields: {string.Join(", ", required)}"));
    }

    private IEnumerable<(string Field, string Why)> Faults(RecordUnderCheck record)
    {
        foreach (var field in required)
        {
            // The first record of a ledger has none before it.
            if (field == "previous_hash" && record.ExpectedPreviousHash is null) continue;
            if (string.IsNullOrWhiteSpace(field == "previous_hash" ? record.PreviousHash ?? record.Fields.GetValueOrDefault(field) : record.Fields.GetValueOrDefault(field))) yield return (field, $"{field} is missing.");
        }

        if (record.Fields.GetValueOrDefault("generated_at") is { Length: > 0 } at && !HasZone(at)) yield return ("generated_at", "The time has no zone.");
        foreach (var id in record.RulesExpected ?? [.. Enumerable.Range(1, 19).Select(number => string.Create(CultureInfo.InvariantCulture, $"VG{number:00}"))])
        {
            if (!record.Rules.Contains(id, StringComparer.Ordinal)) yield return ("rules", $"The result of {id} is missing.");
        }

        foreach (var source in record.Sources)
        {
            if (source.Sha256 is not { Length: 64 } hash || !hash.All(char.IsAsciiHexDigit)) yield return ("sources", $"{source.Id} has no SHA-256.");
            else if (source.StoredSha256 is null) yield return ("sources", $"{source.Id} has no stored copy.");
            else if (!string.Equals(hash, source.StoredSha256, StringComparison.OrdinalIgnoreCase)) yield return ("sources", $"The stored copy of {source.Id} is no longer the text that the answer was made from.");
        }

        var previous = record.PreviousHash ?? record.Fields.GetValueOrDefault("previous_hash");
        if (record.ExpectedPreviousHash is { } expected && !string.IsNullOrWhiteSpace(previous) && !string.Equals(expected, previous, StringComparison.OrdinalIgnoreCase))
            yield return ("previous_hash", "The chain is broken: the hash of the record before it is another.");
    }

    private static bool HasZone(string time) =>
        DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out _)
        && (time.EndsWith('Z') || time.EndsWith("UTC", StringComparison.Ordinal) || (time.Length > 6 && time[^6] is '+' or '-' && time[^3] == ':'));
}
