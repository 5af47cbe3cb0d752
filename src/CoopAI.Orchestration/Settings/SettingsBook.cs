using System.Text.Json.Nodes;
using CoopAI.Core;
using CoopAI.Core.Briefs;
using CoopAI.Core.Guidance;
using CoopAI.Core.Ledger;

namespace CoopAI.Orchestration.Settings;

/// <summary>One change of a setting or of the guidance.</summary>
/// <param name="Entry">Its place in the ledger.</param>
/// <param name="Setting">Name, or "guidance".</param>
/// <param name="From">Null: it was not set.</param>
/// <param name="Author">Null: erased, or made by the service itself.</param>
/// <param name="Reason">Null: erased.</param>
public sealed record SettingChange(long Entry, DateTimeOffset At, string Setting, JsonNode? From, JsonNode? To, string? Author, string? Reason);

/// <summary>Settings that people change while the service runs, with who changed them and why: entries of the ledger, nothing else.</summary>
/// <param name="guidance">Refuses personal data in reasons and names; null: nothing is refused.</param>
public sealed class SettingsBook(ILedger ledger, ILedgerReader entries, GuidanceInForce? guidance = null) : IOffSwitch
{
    /// <summary>The setting behind the off switch.</summary>
    public const string Answering = "answering";

    /// <summary>Every change, newest first.</summary>
    /// <param name="setting">Null: all, changes of the guidance among them.</param>
    public IReadOnlyList<SettingChange> History(string? setting = null) =>
    [
        .. (setting is null or "guidance" ? entries.All(LedgerKind.GuidanceChange) : [])
            .Concat(setting is "guidance" ? [] : entries.All(LedgerKind.SettingsChange, setting))
            .OrderByDescending(e => e.Entry.Index).Select(Read),
    ];

    /// <summary>A setting's value now; null: it was never set, or was removed.</summary>
    public JsonNode? Get(string setting) => Current(setting)?.To;

    /// <summary>Records a change.</summary>
    /// <exception cref="BadInputException">Author or reason is missing, or the value is the same as before.</exception>
    public SettingChange Change(string setting, JsonNode? to, string author, string reason)
    {
        var from = Current(setting)?.To;
        if (JsonNode.DeepEquals(from, to)) throw new BadInputException($"The setting \"{setting}\" is {to?.ToJsonString() ?? "not set"} already.");
        RefusePersonalData(setting, to);
        guidance?.Current.RefusePersonalData("reason", reason);
        guidance?.Current.RefusePersonalData("name", author, isName: true);
        var index = ledger.Append(LedgerDraft.SettingsChange(setting, from, to, author, reason)).Index;
        return Read(entries.Entry(index)!);
    }

    /// <inheritdoc/>
    public AnsweringOff? Get() => Current(Answering) is { } change && (string?)change.To == "off"
        ? new(change.Reason ?? "The reason is no longer kept.", change.At) : null;

    /// <summary>Switches answering off or on.</summary>
    /// <exception cref="BadInputException">It is so already, or author or reason is missing.</exception>
    public SettingChange Switch(bool on, string author, string reason)
    {
        if (on == (Get() is null)) throw new BadInputException($"Answering is {(on ? "on" : "off")} already.");
        return Change(Answering, on ? "on" : "off", author, reason);
    }

    /// <summary>Records the version of the guidance in force, when it is not the one recorded last.</summary>
    /// <returns>Whether there was something to record.</returns>
    /// <param name="edits">What people changed beside the files.</param>
    public bool NoteGuidance(string version, IReadOnlyDictionary<string, string> files, string author, string reason, IReadOnlyList<GuidanceEdit>? edits = null)
    {
        var last = LastGuidance();
        if (last == version) return false;
        ledger.Append(LedgerDraft.GuidanceChange(last, version, files, author, reason, edits));
        return true;
    }

    /// <summary>The version of the guidance that was recorded last; null: none was.</summary>
    public string? LastGuidance() => entries.List(LedgerKind.GuidanceChange, take: 1) is [var e] ? e.Entry.Payload.GetProperty("to").GetString() : null;

    // A value is part of the entry for good, so it must not hold what might have to be erased.
    private void RefusePersonalData(string field, JsonNode? value)
    {
        switch (value)
        {
            case JsonObject o:
                foreach (var (name, member) in o) RefusePersonalData(name, member);
                break;
            case JsonArray a:
                foreach (var item in a) RefusePersonalData(field, item);
                break;
            case JsonValue v when v.TryGetValue<string>(out var text):
                guidance?.Current.RefusePersonalData(field, text, isContact: field == "contact");
                break;
        }
    }

    private SettingChange? Current(string setting) => entries.List(LedgerKind.SettingsChange, setting, take: 1) is [var entry] ? Read(entry) : null;

    private static SettingChange Read(EntryWithTexts e)
    {
        var payload = JsonNode.Parse(e.Entry.Payload.GetRawText())!.AsObject();
        return new(
            e.Entry.Index, e.Entry.At, e.Entry.Kind == LedgerKind.GuidanceChange ? "guidance" : e.Entry.Subject!, payload["from"], payload["to"],
            e.Texts.GetValueOrDefault("by"), e.Texts.GetValueOrDefault("reason"));
    }
}
