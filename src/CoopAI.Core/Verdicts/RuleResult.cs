namespace CoopAI.Core.Verdicts;

/// <summary>What a rule found. <see cref="CouldNotCheck"/> is never shown as a pass.</summary>
public enum RuleStatus
{
    Pass,
    Fail,
    NotApplicable,
    CouldNotCheck,
}

/// <summary>Where in the life of an answer a rule runs: before we look, what we found, what we say, what we keep.</summary>
public enum Stage
{
    Question,
    Retrieved,
    Answer,
    Record,
}

/// <summary>What a failure does.</summary>
public enum RuleAction
{
    None,
    Block,
    Quarantine,
    Withhold,
    Redact,
    Retry,
    Flag,
    Annotate,
    DropTag,
    ReRank,
}

/// <summary>What a result speaks of.</summary>
/// <param name="Kind">question, passage, sentence, answer, tag or field.</param>
/// <param name="Id">Passage id, 0-based sentence number, field name; empty for the question and the whole answer.</param>
/// <param name="Start">UTF-16 offset of the finding in that text, inclusive; null: the whole of it.</param>
/// <param name="End">Exclusive.</param>
public sealed record RuleTarget(string Kind, string Id = "", int? Start = null, int? End = null);

/// <summary>What a councillor is shown for a verdict.</summary>
/// <param name="Text">In plain words; personal data is masked.</param>
/// <param name="Source">Passage id, when the evidence lies in a source.</param>
/// <param name="Sha256">Hash of that passage's text.</param>
public sealed record RuleEvidence(string Text, string? Source = null, int? Start = null, int? End = null, string? Sha256 = null, string? Url = null);

/// <summary>The verdict of one rule on one target.</summary>
/// <param name="Rule">VG01 to VG20.</param>
/// <param name="Version">Version of the framework: a hash over its rules, settings and lists.</param>
/// <param name="Explanation">One plain sentence: what was checked and what came of it.</param>
/// <param name="Action">What was done because of a failure; <see cref="RuleAction.None"/> otherwise.</param>
/// <param name="Milliseconds">Time taken; not part of any hash or comparison.</param>
public sealed record RuleResult(
    string Rule,
    string Version,
    Stage Stage,
    RuleTarget Target,
    RuleStatus Status,
    string Explanation,
    IReadOnlyList<RuleEvidence> Evidence,
    RuleAction Action = RuleAction.None,
    double Milliseconds = 0);
