using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CoopAI.Core.Guidance;

namespace CoopAI.Core.Ledger;

/// <summary>What a caller asks the ledger to record.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Actor">A role: service, officer, staff, member, administrator. Lower-case words with hyphens, at most 40 characters, so that no name gets in.</param>
/// <param name="Subject">
/// What it is about: an answer id, a slug, the name of a setting. 1 to 200 characters without white space, control characters or "@"; null when it is about nothing in particular.
/// </param>
/// <param name="Payload">Facts without personal data and without free text; at most 256 KiB of canonical JSON. Free text belongs into <see cref="Texts"/>.</param>
public sealed partial record LedgerDraft(LedgerKind Kind, string Actor, string? Subject, JsonObject Payload)
{
    /// <summary>Largest payload in bytes of canonical JSON.</summary>
    public const int MaxPayload = 256 * 1024;

    /// <summary>Largest record in bytes of canonical JSON.</summary>
    public const int MaxRecord = 4 * 1024 * 1024;

    /// <summary>Longest text in UTF-16 units.</summary>
    public const int MaxText = 20_000;

    /// <summary>A question shorter than this is not looked for inside the other strings of a record: it would be found in chance words.</summary>
    public const int MinQuestionSought = 12;

    /// <summary>A word that <c>notCovered</c> lists is looked for inside other strings from this length on.</summary>
    public const int MinWordSought = 5;

    /// <summary>A larger document kept beside the entry under <see cref="Subject"/>; its hash is in the tree. Null: none.</summary>
    public JsonObject? Record { get; init; }

    /// <summary>Texts that must be erasable, by name: kept beside the entry, salted hashes in the tree.</summary>
    public IReadOnlyDictionary<string, string> Texts { get; init; } = new Dictionary<string, string>();

    /// <summary>An answer, with everything that a member may audit and that a replay needs.</summary>
    /// <param name="answerId">Unique.</param>
    /// <param name="question">
    /// As asked, or with personal data masked. Taken out of the record: every string that holds the whole question, what <c>notCovered</c> lists and the
    /// strings that hold it, and the evidence of rules that looked at the question.
    /// </param>
    /// <param name="record">The answer as JSON. A copy is kept; erasable strings in it are replaced by <c>{"erasable": name}</c>.</param>
    /// <param name="facts">What a list of entries shows without opening records, such as the outcome; no free text.</param>
    public static LedgerDraft Answer(string answerId, string question, JsonObject record, JsonObject? facts = null)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(record);
        var eraser = new Eraser(question, record);
        var kept = (JsonObject)eraser.TakeOut(record)!;
        return new(LedgerKind.Answer, "service", answerId, facts ?? []) { Record = kept, Texts = eraser.Texts };
    }

    /// <summary>A setting's change.</summary>
    /// <param name="setting">Its name, such as <c>answering</c>.</param>
    /// <param name="to">New value; null removes it.</param>
    /// <param name="author">Who: kept beside, erasable.</param>
    /// <param name="reason">Why, required: kept beside, erasable.</param>
    /// <exception cref="BadInputException">Author or reason is empty.</exception>
    public static LedgerDraft SettingsChange(string setting, JsonNode? from, JsonNode? to, string author, string reason) =>
        new(LedgerKind.SettingsChange, "administrator", setting, new() { ["from"] = from?.DeepClone(), ["to"] = to?.DeepClone() })
        {
            Texts = By(author, reason, "A change of a setting"),
        };

    /// <summary>A new version of the guidance.</summary>
    /// <param name="files">SHA-256 of each file of the framework, by name.</param>
    /// <exception cref="BadInputException">Author or reason is empty.</exception>
    /// <param name="edits">What people changed beside the files, all of it.</param>
    /// <param name="suggestion">Place of the suggestion that was adopted; null: the files changed.</param>
    /// <param name="actor">Role of whoever adopts it.</param>
    public static LedgerDraft GuidanceChange(
        string? fromVersion, string toVersion, IReadOnlyDictionary<string, string> files, string author, string reason, IReadOnlyList<GuidanceEdit>? edits = null, long? suggestion = null,
        string actor = "administrator")
    {
        ArgumentNullException.ThrowIfNull(files);
        // Nobody changed the first version.
        var payload = new JsonObject
        {
            ["from"] = fromVersion,
            ["to"] = toVersion,
            ["files"] = new JsonObject(files.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => KeyValuePair.Create(f.Key, (JsonNode?)f.Value))),
        };
        if (edits is { Count: > 0 }) payload["edits"] = GuidanceEdit.ToJson(edits);
        if (suggestion is { } place) payload["suggestion"] = place;
        return new(LedgerKind.GuidanceChange, fromVersion is null ? "service" : actor, "guidance", payload) { Texts = By(author, reason, "A change of the guidance") };
    }

    /// <summary>What staff decided on one tag of one case study.</summary>
    /// <param name="decision">accepted, rejected, added or unsure.</param>
    /// <param name="probability">What the tagger had said, in [0, 1]; null when it had said nothing.</param>
    public static LedgerDraft TagDecision(string slug, string principle, string decision, double? probability, string? author)
    {
        var payload = new JsonObject { ["principle"] = principle, ["decision"] = decision };
        if (probability is { } p) payload["probability"] = p;
        return new(LedgerKind.TagDecision, "staff", slug, payload)
        {
            Texts = string.IsNullOrWhiteSpace(author) ? new Dictionary<string, string>() : new Dictionary<string, string> { ["by"] = author },
        };
    }

    /// <summary>What changed about an account.</summary>
    /// <param name="accountId">Its random number; the name is kept beside, erasable.</param>
    /// <param name="change">added, invited, role, password, reset-link, council-account, second-factor, disabled, enabled or removed.</param>
    /// <param name="from">The role, or the state, before; null where there is none.</param>
    /// <param name="actor">Role of whoever made the change.</param>
    /// <exception cref="BadInputException">Author or reason is empty.</exception>
    public static LedgerDraft AccountChange(string accountId, string name, string change, string? from, string? to, string actor, string author, string reason) =>
        new(LedgerKind.AccountChange, actor, accountId, new() { ["change"] = change, ["from"] = from, ["to"] = to })
        {
            Texts = new Dictionary<string, string>(By(author, reason, "A change of an account"), StringComparer.Ordinal) { ["account"] = name },
        };

    /// <summary>A change of one case study: added, edited, drafted, withdrawn or restored.</summary>
    /// <param name="action">One of these words.</param>
    /// <param name="hash">Content hash of the version that the change makes.</param>
    /// <param name="number">Of that version.</param>
    public static LedgerDraft CaseStudyChange(string slug, string action, string hash, int number, string role, string name, string? reason) =>
        new(LedgerKind.CaseStudyChange, role, slug, new() { ["action"] = action, ["hash"] = hash, ["version"] = number }) { Texts = Named(name, reason) };

    /// <summary>An import, applied or undone, with every case study that it changes.</summary>
    /// <param name="action">applied or undone.</param>
    /// <param name="changes">Slug, action and content hash of each.</param>
    public static LedgerDraft CaseStudyImport(string importId, string action, IEnumerable<(string Slug, string Action, string Hash)> changes, string role, string name, string? reason)
    {
        var list = new JsonArray([.. changes.Select(c => (JsonNode)new JsonObject { ["slug"] = c.Slug, ["action"] = c.Action, ["hash"] = c.Hash })]);
        return new(LedgerKind.CaseStudyChange, role, $"import-{importId}-{action}", new() { ["action"] = $"import {action}", ["changes"] = list.Count })
        {
            Record = new() { ["import"] = importId, ["changes"] = list },
            Texts = Named(name, reason),
        };
    }

    private static Dictionary<string, string> Named(string name, string? reason)
    {
        var texts = new Dictionary<string, string>();
        if (!string.IsNullOrWhiteSpace(name)) texts["by"] = name.Trim();
        if (!string.IsNullOrWhiteSpace(reason)) texts["reason"] = reason.Trim();
        return texts;
    }

    /// <summary>Refuses what must not enter.</summary>
    /// <exception cref="BadInputException">A limit of the members above is broken.</exception>
    internal void Check()
    {
        if (!Role().IsMatch(Actor))
            throw new BadInputException($"The actor \"{Actor}\" is not a role: write lower-case letters and hyphens, such as \"member\". Names belong into the texts, where they can be erased.");
        if (Subject is not null && !SubjectForm().IsMatch(Subject))
            throw new BadInputException("The subject of a ledger entry must be 1 to 200 characters without white space, control characters or \"@\".");
        if (Record is not null && Subject is null)
            throw new BadInputException("A record needs a subject to be found by.");
        foreach (var (name, text) in Texts)
        {
            if (text.Length > MaxText)
                throw new BadInputException($"The text \"{name}\" has {text.Length:N0} characters; at most {MaxText:N0} are kept.");
        }
    }

    /// <summary>Author and reason as erasable texts.</summary>
    /// <param name="what">What needs them, for the message.</param>
    /// <exception cref="BadInputException">Either is empty.</exception>
    public static IReadOnlyDictionary<string, string> By(string author, string reason, string what)
    {
        if (string.IsNullOrWhiteSpace(author))
            throw new BadInputException($"{what} needs an author: say who makes it.");
        if (string.IsNullOrWhiteSpace(reason))
            throw new BadInputException($"{what} needs a reason: say why, in a sentence that members will read.");
        return new Dictionary<string, string>(StringComparer.Ordinal) { ["by"] = author.Trim(), ["reason"] = reason.Trim() };
    }

    /// <summary>Puts the texts that are still kept back into a record; an erased one becomes null.</summary>
    public static JsonNode? PutBack(JsonNode? record, IReadOnlyDictionary<string, string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return record switch
        {
            JsonObject o when o.Count == 1 && o["erasable"] is JsonValue name && name.TryGetValue<string>(out var n) => texts.TryGetValue(n, out var text) ? text : null,
            JsonObject o => new JsonObject(o.Select(m => KeyValuePair.Create(m.Key, PutBack(m.Value, texts)))),
            JsonArray a => new JsonArray([.. a.Select(i => PutBack(i, texts))]),
            _ => record?.DeepClone(),
        };
    }

    // Members whose strings come from the corpus or from us, never from the asker.
    private static readonly HashSet<string> NotFromTheAsker = ["id", "citations", "precedents", "sources", "nearest", "nearestTitles", "notice", "passages"];

    // Members that hold what the asker typed beside the question.
    private static readonly HashSet<string> FromTheAsker = ["askerCouncil", "understood", "asked"];

    private sealed class Eraser(string question, JsonObject record)
    {
        // Words of the question that the record names apart from it.
        private readonly List<string> _words =
            [.. new[] { record["notCovered"] }.Concat((record[GuidanceReplay.Member] as JsonArray ?? []).Select(s => s?["retrieval"]?["wordsNotFound"]))
                .OfType<JsonArray>().SelectMany(a => a).OfType<JsonValue>().Select(v => v.TryGetValue<string>(out var w) ? w : "").Where(w => w.Length > 0).Distinct(StringComparer.Ordinal)];

        // The question's parts as they were typed and as they were searched for.
        private readonly List<string> _parts =
            [.. (record["parts"] as JsonArray ?? []).Select(p => p?["question"]).Concat(record["understood"]?["searched"] as JsonArray ?? [])
                .OfType<JsonValue>().Select(v => v.TryGetValue<string>(out var part) ? part : "").Where(p => p.Length > 0).Distinct(StringComparer.Ordinal)];

        public Dictionary<string, string> Texts { get; } = new(StringComparer.Ordinal) { ["question"] = question };

        public JsonNode? TakeOut(JsonNode? node, bool ofQuestion = false)
        {
            switch (node)
            {
                case JsonObject o:
                    var onQuestion = ofQuestion || (o["target"] as JsonObject)?["kind"] is JsonValue kind && kind.TryGetValue<string>(out var k) && k == "question";
                    return new JsonObject(o.Select(m => KeyValuePair.Create(
                        m.Key, NotFromTheAsker.Contains(m.Key) ? m.Value?.DeepClone() : TakeOut(m.Value, FromTheAsker.Contains(m.Key) || (onQuestion && (ofQuestion || m.Key is "evidence"))))));
                case JsonArray a:
                    return new JsonArray([.. a.Select(i => TakeOut(i, ofQuestion))]);
                case JsonValue v when v.TryGetValue<string>(out var text) && text.Length > 0 && (ofQuestion || IsFromQuestion(text)):
                    var name = Texts.FirstOrDefault(t => t.Value == text).Key;
                    if (name is null)
                        Texts[name = $"text{Texts.Count}"] = text;
                    return new JsonObject { ["erasable"] = name };
                default:
                    return node?.DeepClone();
            }
        }

        private bool IsFromQuestion(string text) => question.Length > 0
            && (text == question || _parts.Exists(p => text == p || (p.Length >= MinQuestionSought && text.Contains(p, StringComparison.OrdinalIgnoreCase))) || (question.Length >= MinQuestionSought && text.Contains(question, StringComparison.OrdinalIgnoreCase))
                || _words.Exists(w => text == w || (w.Length >= MinWordSought && text.Contains(w, StringComparison.OrdinalIgnoreCase))));
    }

    [GeneratedRegex("^[a-z]+(-[a-z]+)*$(?<=^.{1,40})", RegexOptions.CultureInvariant)]
    private static partial Regex Role();

    [GeneratedRegex(@"^[^\s@\p{C}]{1,200}\z", RegexOptions.CultureInvariant)]
    private static partial Regex SubjectForm();
}
