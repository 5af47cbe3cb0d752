using System.Text.Json;
using System.Text.Json.Serialization;
using CoopAI.Core.Verdicts;

namespace CoopAI.Core.Guidance;

/// <summary>One labelled case for the rules: a text, what surrounds it, and what the rules must make of it.</summary>
public sealed record RuleCase
{
    public required string Id { get; init; }

    public required Stage Stage { get; init; }

    /// <summary>The question, the passage or the answer (for VG13 HTML, for VG11 the notice). May be empty when passages or a record are given.</summary>
    public string Text { get; init; } = "";

    /// <summary>The question behind the text, where it matters.</summary>
    public string? Question { get; init; }

    public IReadOnlyList<CasePassage>? Passages { get; init; }

    public DateOnly? AsOf { get; init; }

    public string? AskerCouncil { get; init; }

    public IReadOnlyList<CaseWindow>? Windows { get; init; }

    public IReadOnlyList<CaseTag>? Tags { get; init; }

    public AnswerNotice? Notice { get; init; }

    public RecordUnderCheck? Record { get; init; }

    /// <summary>By sentence number (0-based) the chance, in [0, 1], that it speaks to the question; for the check of relevance.</summary>
    public IReadOnlyDictionary<int, double>? Relevance { get; init; }

    /// <summary>A rule's id, "grounded" (VG01, VG02 and VG03 together) or "any" (no rule may stop it).</summary>
    public required string Rule { get; init; }

    /// <summary>"pass" or "fail"; null: not labelled.</summary>
    public string? Expect { get; init; }

    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Extra { get; init; }
}

/// <summary>A passage of a case.</summary>
public sealed record CasePassage
{
    public required string Id { get; init; }

    public string Text { get; init; } = "";

    public string? LeadMember { get; init; }

    public IReadOnlyList<string>? Partners { get; init; }

    public int? Year { get; init; }

    public IReadOnlyList<string>? Principles { get; init; }

    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Extra { get; init; }
}

/// <summary>A pre-election window of a case, both days inclusive.</summary>
public sealed record CaseWindow(string Council, DateOnly From, DateOnly To);

/// <summary>A tag of a case.</summary>
public sealed record CaseTag(string Id, string? Basis = null, string? Source = null, string? Evidence = null);

/// <summary>What the rules made of a case.</summary>
/// <param name="Status">Verdict of the case's rule; of several verdicts the gravest.</param>
/// <param name="Stopped">Whether a rule blocks, quarantines, withholds or redacts.</param>
/// <param name="By">The rules that do, in running order.</param>
/// <param name="Statuses">The gravest verdict of each rule that ran.</param>
public sealed record RuleCasePrediction(
    string Id, string Rule, RuleStatus Status, bool Stopped, IReadOnlyList<string> By, [property: JsonIgnore] IReadOnlyDictionary<string, RuleStatus> Statuses);
