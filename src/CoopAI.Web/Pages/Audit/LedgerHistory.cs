using System.Text.Json;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core.Guidance;
using CoopAI.Core.Ledger;

namespace CoopAI.Web.Pages.Audit;

/// <summary>One entry of the record as people read it.</summary>
/// <param name="Who">Role, and the name where one is kept.</param>
/// <param name="What">What was done, in a sentence.</param>
/// <param name="Question">The question of the answer that it is about; null: about none, or erased.</param>
/// <param name="Address">Where to read more; null: nowhere.</param>
public sealed record HistoryLine(long Entry, DateTimeOffset At, string Who, string What, string? Question, string? Address);

/// <summary>Entries of the ledger in words.</summary>
public static class LedgerHistory
{
    /// <param name="question">The question of an answer by its number; null: none is kept.</param>
    public static HistoryLine Of(EntryWithTexts entry, Func<string, string?> question)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(question);
        var (kept, texts) = (entry.Entry, entry.Texts);
        var name = texts.GetValueOrDefault("by");
        var role = AuditWords.Role(kept.Actor);
        var isOfAnswer = kept.Kind is LedgerKind.Answer or LedgerKind.Review or LedgerKind.ReviewReply or LedgerKind.Erasure;
        return new(
            kept.Index, kept.At, name is null ? role : $"{name} ({role.ToLowerInvariant()})", What(kept, texts),
            !isOfAnswer || kept.Subject is null ? null : kept.Kind == LedgerKind.Answer ? texts.GetValueOrDefault("question") : question(kept.Subject), AddressOf(kept));
    }

    /// <summary>The address of what an entry is about; null: it has no page.</summary>
    public static string? AddressOf(LedgerEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return entry.Subject is not { } subject ? null : entry.Kind switch
        {
            LedgerKind.Answer or LedgerKind.Review => $"/audit/answers/{Uri.EscapeDataString(subject)}",
            LedgerKind.ReviewReply => "/audit/disagreements?show=all",
            LedgerKind.ReviewSample => "/audit",
            LedgerKind.TagDecision => $"/case-studies/{Uri.EscapeDataString(subject)}",
            LedgerKind.GuidanceChange when entry.Payload.TryGetProperty("suggestion", out var number) => $"/audit/suggestions/{number.GetInt64()}",
            LedgerKind.GuidanceChange => "/audit/guidance",
            LedgerKind.GuidanceSuggestion => $"/audit/suggestions/{entry.Index}",
            LedgerKind.GuidanceDecline => $"/audit/suggestions/{entry.Payload.GetProperty("suggestion").GetInt64()}",
            LedgerKind.SettingsChange => "/audit/settings",
            _ => null,
        };
    }

    private static string What(LedgerEntry entry, IReadOnlyDictionary<string, string> texts)
    {
        var payload = entry.Payload;
        return entry.Kind switch
        {
            LedgerKind.Answer => $"Answered a question: {AuditWords.OfOutcome(Text("outcome")).ToLowerInvariant()}",
            LedgerKind.Review => Judged(Text("verdict")) + (Text("rule") is { } rule ? $" what rule {rule} found" : " the answer"),
            LedgerKind.ReviewReply => $"Replied to a disagreement: {(Text("status") == "dealt-with" ? "dealt with" : "still open")}",
            LedgerKind.ReviewSample => $"Drew {AuditWords.Count(payload.GetProperty("answers").GetArrayLength(), "answer")} for review",
            LedgerKind.TagDecision => $"Decided on the principle {Text("principle")?.Replace('-', ' ')}: {Text("decision")}",
            LedgerKind.GuidanceChange when payload.TryGetProperty("suggestion", out _) => "Adopted a suggested change of the rules",
            LedgerKind.GuidanceSuggestion => $"Suggested a change of rule {entry.Subject}",
            LedgerKind.GuidanceDecline => $"Declined a suggested change of rule {entry.Subject}",
            LedgerKind.PlantedError => "Put an answer with a known error among those to review",
            LedgerKind.GuidanceChange => "Brought a version of the rules into force",
            LedgerKind.SettingsChange => $"Changed the setting “{entry.Subject}”{(texts.GetValueOrDefault("reason") is { } why ? $": {why}" : "")}",
            LedgerKind.KeyRotation => "Began to sign with a new key",
            LedgerKind.AccountChange => $"Changed an account: {Text("change")?.Replace('-', ' ')}",
            LedgerKind.StateChange => "Noted what changed in the store",
            LedgerKind.Erasure => "Erased a question",
            _ => "Something that this version does not know",
        };

        static string Judged(string? verdict) => verdict switch { "agree" => "Agreed with", "disagree" => "Disagreed with", _ => "Was unsure about" };

        string? Text(string name) => payload.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }
}
