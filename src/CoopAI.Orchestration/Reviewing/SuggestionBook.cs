using System.Text.Json;
using System.Text.Json.Nodes;
using CoopAI.Core;
using CoopAI.Core.Guidance;
using CoopAI.Core.Ledger;

namespace CoopAI.Orchestration.Reviewing;

/// <summary>Where a suggestion stands.</summary>
public enum SuggestionStatus
{
    Open,
    Adopted,
    Declined,
}

/// <summary>A change of a rule that somebody suggests, followed to its end.</summary>
/// <param name="Entry">Its place in the ledger, and its number.</param>
/// <param name="By">Name; null: erased. So is <paramref name="Reason"/>.</param>
/// <param name="Edit">What would change; null: its words were erased.</param>
/// <param name="DecidedBy">Whoever adopted or declined it; null: nobody yet, or erased. So are the other two.</param>
/// <param name="Decision">Why, in a sentence.</param>
public sealed record Suggestion(
    long Entry, DateTimeOffset At, string Role, string? By, string? Reason, string Rule, GuidanceEdit? Edit, SuggestionStatus Status, string? DecidedBy, string? Decision, DateTimeOffset? DecidedAt);

/// <summary>Changes of rules that members suggest, and that staff or an administrator adopts or declines: entries of the ledger, nothing else.</summary>
/// <remarks>
/// What is adopted is one entry: the new version with all edits that are laid over the files, who adopted it, why, and which suggestion it was. So there
/// is never a version in force that is not on record, and a back-up of the ledger holds the rules.
/// </remarks>
public sealed class SuggestionBook(ILedger ledger, ILedgerReader entries, GuidanceInForce inForce)
{
    /// <summary>Past answers, the newest first, that a suggestion is tried on.</summary>
    public const int TriedOn = 200;

    /// <summary>Longest reason, in characters.</summary>
    public const int MaxReason = 2000;

    private readonly Lock _adopting = new();

    /// <summary>What people changed beside the files, as the newest version on record has it.</summary>
    public static IReadOnlyList<GuidanceEdit> EditsInForce(ILedgerReader entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        return entries.List(LedgerKind.GuidanceChange, take: 1) is [var last] && last.Entry.Payload.TryGetProperty("edits", out var edits) ? GuidanceEdit.FromJson(edits) : [];
    }

    /// <summary>Records a suggestion.</summary>
    /// <returns>Its number.</returns>
    /// <exception cref="BadInputException">There is no such rule or list, the rule cannot be changed so, nothing would change, name or reason is missing, or something holds personal data.</exception>
    public long Suggest(GuidanceEdit edit, string role, string by, string reason)
    {
        ArgumentNullException.ThrowIfNull(edit);
        var framework = inForce.Current;
        Check(framework, edit);
        if (string.IsNullOrWhiteSpace(by) || by.Trim().Length > Core.Reviews.ReviewDraft.MaxName) throw new BadInputException($"A suggestion needs the name of whoever makes it, 1 to {Core.Reviews.ReviewDraft.MaxName} characters.");
        if (string.IsNullOrWhiteSpace(reason) || reason.Length > MaxReason) throw new BadInputException($"Say why, in 1 to {MaxReason:N0} characters.");
        framework.RefusePersonalData("reason", reason);
        framework.RefusePersonalData("name", by, isName: true);
        framework.RefusePersonalData("suggestion", edit.Line);
        framework.With(edit);
        var payload = new JsonObject { ["rule"] = edit.Rule, ["kind"] = Word(edit.Kind) };
        if (edit.File is not null) (payload["file"], payload["section"]) = (edit.File, edit.Section);
        var texts = new Dictionary<string, string>(StringComparer.Ordinal) { ["by"] = by.Trim(), ["reason"] = reason.Trim() };
        if (edit.Line is not null) texts["line"] = edit.Line;
        return ledger.Append(new LedgerDraft(LedgerKind.GuidanceSuggestion, role, edit.Rule, payload) { Texts = texts }).Index;
    }

    /// <summary>Every suggestion, newest first.</summary>
    /// <param name="rule">Those about one rule; null: all.</param>
    public IReadOnlyList<Suggestion> All(string? rule = null)
    {
        var adopted = entries.All(LedgerKind.GuidanceChange).Where(e => e.Entry.Payload.TryGetProperty("suggestion", out _)).ToDictionary(e => e.Entry.Payload.GetProperty("suggestion").GetInt64());
        var declined = entries.All(LedgerKind.GuidanceDecline).GroupBy(e => e.Entry.Payload.GetProperty("suggestion").GetInt64()).ToDictionary(g => g.Key, g => g.First());
        return [.. entries.All(LedgerKind.GuidanceSuggestion, rule).Select(e => Read(e, adopted.GetValueOrDefault(e.Entry.Index), declined.GetValueOrDefault(e.Entry.Index))).Reverse()];
    }

    /// <summary>One suggestion; null: there is none of this number.</summary>
    public Suggestion? Find(long number) => All().FirstOrDefault(s => s.Entry == number);

    /// <summary>What the rules would say otherwise of past answers.</summary>
    /// <exception cref="BadInputException">Its words were erased, or it would change nothing any more.</exception>
    public ReplayReport TryOut(Suggestion suggestion, GuidanceRunner rules, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(suggestion);
        ArgumentNullException.ThrowIfNull(rules);
        var before = inForce.Current;
        var answers = entries.AnswerIds().TakeLast(TriedOn).Reverse().Select(entries.Answer).OfType<RecordedAnswer>().Select(a => (a.Entry.Subject!, a.Record, a.Question is not null));
        return GuidanceReplay.Compare(answers, rules.With(before), rules.With(before.With(EditOf(suggestion))), ct);
    }

    /// <summary>Adopts an open suggestion: the new version is on record and in force when this returns.</summary>
    /// <param name="version">The version in force when the trial was shown: another one since means that the trial no longer holds.</param>
    /// <exception cref="BadInputException">It is not open, the rules have changed since, it would break them, or name or reason is missing.</exception>
    public void Adopt(long number, string version, string role, string by, string reason)
    {
        lock (_adopting)
        {
            var suggestion = Open(number);
            var before = inForce.Current;
            if (before.Version != version) throw new BadInputException("The rules have changed since this was shown. Look again at what would change, then decide.");
            RefusePersonalData(by, reason);
            var changed = before.With(EditOf(suggestion));
            ledger.Append(LedgerDraft.GuidanceChange(before.Version, changed.Version, changed.FileHashes, by, reason, changed.Edits, number, role));
            inForce.Become(changed);
        }
    }

    /// <summary>Declines an open suggestion.</summary>
    /// <exception cref="BadInputException">It is not open, or name or reason is missing.</exception>
    public void Decline(long number, string role, string by, string reason)
    {
        lock (_adopting)
        {
            var suggestion = Open(number);
            RefusePersonalData(by, reason);
            ledger.Append(new LedgerDraft(LedgerKind.GuidanceDecline, role, suggestion.Rule, new() { ["suggestion"] = number }) { Texts = LedgerDraft.By(by, reason, "A decision on a suggestion") });
        }
    }

    /// <summary>Whether lines of a rule's lists may be taken away here, and not only added: what protects people can be made stricter in the browser, never weaker.</summary>
    public static bool MayLoosen(RuleDefinition rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return !GuidanceFramework.HardChecks.Contains(rule.Check, StringComparer.Ordinal);
    }

    /// <summary>The lists of a rule that people may change here.</summary>
    /// <remarks>The list of personal data is a table of forms, not of words.</remarks>
    public static IReadOnlyList<RuleList> ListsOf(GuidanceFramework framework, RuleDefinition rule)
    {
        ArgumentNullException.ThrowIfNull(framework);
        ArgumentNullException.ThrowIfNull(rule);
        return rule.Check == "personal-data" ? [] : [.. framework.ListsOf(rule).Where(l => l.File is not ("question-words.txt" or "principle_keys.txt"))];
    }

    private static void Check(GuidanceFramework framework, GuidanceEdit edit)
    {
        var rule = framework.Rules.FirstOrDefault(r => r.Id == edit.Rule) ?? throw new BadInputException($"There is no rule {edit.Rule}.");
        if (edit.Line is { } line && (string.IsNullOrWhiteSpace(line) || line.Length > GuidanceEdit.MaxLine || line.Any(char.IsControl)))
            throw new BadInputException($"The words must have 1 to {GuidanceEdit.MaxLine} characters on one line.");
        switch (edit.Kind)
        {
            case GuidanceEditKind.SwitchOff or GuidanceEditKind.SwitchOn when !rule.CanBeSwitchedOff:
                throw new BadInputException($"The rule {rule.Id} protects people and cannot be switched off.");
            case GuidanceEditKind.SwitchOff when edit.Line is null:
                throw new BadInputException("Say why the rule is to be switched off.");
            case GuidanceEditKind.AddLine or GuidanceEditKind.RemoveLine:
                if (edit.Line is null || !ListsOf(framework, rule).Any(l => l.File == edit.File && l.Section == edit.Section && (edit.Kind == GuidanceEditKind.AddLine || l.Lines.Contains(edit.Line, StringComparer.Ordinal))))
                    throw new BadInputException($"The rule {rule.Id} has no such list, or the list has no such line any more.");
                if (edit.Kind == GuidanceEditKind.RemoveLine && !MayLoosen(rule)) throw new BadInputException($"The rule {rule.Id} protects people: words can be added to it here, not taken away.");
                break;
        }
    }

    private Suggestion Open(long number) => Find(number) switch
    {
        null => throw new BadInputException($"There is no suggestion {number}."),
        { Status: SuggestionStatus.Open } open => open,
        var decided => throw new BadInputException($"This suggestion is {(decided.Status == SuggestionStatus.Adopted ? "adopted" : "declined")} already."),
    };

    private static GuidanceEdit EditOf(Suggestion suggestion) => suggestion.Edit ?? throw new BadInputException("The words of this suggestion were erased, so it cannot be adopted. Decline it.");

    private void RefusePersonalData(string by, string reason)
    {
        inForce.Current.RefusePersonalData("reason", reason);
        inForce.Current.RefusePersonalData("name", by, isName: true);
        if (reason?.Length > MaxReason) throw new BadInputException($"The reason has {reason.Length:N0} characters; at most {MaxReason:N0} are kept.");
    }

    private static Suggestion Read(EntryWithTexts e, EntryWithTexts? adopted, EntryWithTexts? declined)
    {
        var payload = e.Entry.Payload;
        var kind = Kinds[payload.GetProperty("kind").GetString()!];
        var line = e.Texts.GetValueOrDefault("line");
        var hasLine = kind != GuidanceEditKind.SwitchOn;
        var decision = adopted ?? declined;
        return new(
            e.Entry.Index, e.Entry.At, e.Entry.Actor, e.Texts.GetValueOrDefault("by"), e.Texts.GetValueOrDefault("reason"), e.Entry.Subject!,
            hasLine && line is null ? null : new(e.Entry.Subject!, kind, Text("file"), Text("section"), line),
            adopted is not null ? SuggestionStatus.Adopted : declined is not null ? SuggestionStatus.Declined : SuggestionStatus.Open,
            decision?.Texts.GetValueOrDefault("by"), decision?.Texts.GetValueOrDefault("reason"), decision?.Entry.At);

        string? Text(string name) => payload.TryGetProperty(name, out var value) ? value.GetString() : null;
    }

    private static readonly Dictionary<string, GuidanceEditKind> Kinds = Enum.GetValues<GuidanceEditKind>().ToDictionary(Word, StringComparer.Ordinal);

    private static string Word(GuidanceEditKind kind) => JsonNamingPolicy.KebabCaseLower.ConvertName(kind.ToString());
}
