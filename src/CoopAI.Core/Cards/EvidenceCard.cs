using System.Text.Json.Serialization;

namespace CoopAI.Core.Cards;

/// <summary>What a case study states and what it leaves out; every quote is a sentence of its text, letter for letter.</summary>
/// <param name="Stub">The text says little more than that something exists: never a precedent on its own.</param>
/// <param name="Outcome">What came of the work and what is hoped for, in reading order.</param>
/// <param name="Cost">Sentences that give a sum which the work cost, brought in, saved or was worth.</param>
/// <param name="Lesson">What worked, what did not, what is advised, what stood in the way.</param>
/// <param name="Figures">Numbers of the work itself, in reading order; baselines, years and shares of a population are none.</param>
/// <param name="Partners">Bodies other than councils, each once.</param>
[JsonConverter(typeof(EvidenceCardConverter))]
public sealed record EvidenceCard(
    bool Stub, IReadOnlyList<OutcomeStated> Outcome, IReadOnlyList<CostStated> Cost, IReadOnlyList<LessonStated> Lesson,
    CardPeriod Period, IReadOnlyList<CardFigure> Figures, IReadOnlyList<string> Partners)
{
    public static EvidenceCard Empty { get; } = new(false, [], [], [], CardPeriod.Unknown, [], []);

    /// <summary>The card as headings with their lines, in the order in which every door shows them; what is not stated says so.</summary>
    /// <remarks>Expected outcomes, lessons and partners stand only where there are some.</remarks>
    public IEnumerable<(string Heading, IReadOnlyList<string> Lines)> Facts()
    {
        if (Stub) yield return ("Note", ["Stub: this text says little more than that something exists."]);
        yield return ("When", [Period.ToString()]);
        yield return ("What came of it", Lines(Happened.Select(o => o.Quote), "Not stated"));
        if (Outcome.Any(o => o.Kind == OutcomeKind.Expected)) yield return ("Planned or hoped for", Lines(Outcome.Where(o => o.Kind == OutcomeKind.Expected).Select(o => o.Quote), ""));
        yield return ("Cost or funding", Lines(Cost.Select(c => $"{Named(c.Kind)}: {c.Quote}"), "Not stated"));
        if (Lesson.Count > 0) yield return ("Lesson", Lines(Lesson.Select(l => $"{Named(l.Kind)}: {l.Quote}"), ""));
        yield return ("Figures", Lines(Figures.Select(f => f.Value), "None stated"));
        if (Partners.Count > 0) yield return ("Partners named", Partners);
    }

    private static IReadOnlyList<string> Lines(IEnumerable<string> lines, string none) => lines.Distinct(StringComparer.Ordinal).ToList() is { Count: > 0 } list ? list : [none];

    private static string Named(CostKind kind) => kind switch { CostKind.Funding => "Funding", CostKind.Saving => "Saving", CostKind.Value => "Value", _ => "Cost" };

    private static string Named(LessonKind kind) => kind switch { LessonKind.Worked => "What worked", LessonKind.DidNotWork => "What did not work", LessonKind.Barrier => "What stood in the way", _ => "Advised" };

    /// <summary>What happened (result and output), without what is only expected.</summary>
    [JsonIgnore]
    public IEnumerable<OutcomeStated> Happened => Outcome.Where(o => o.Kind != OutcomeKind.Expected);
}

/// <summary>Result: a change for people or money said to have happened. Output: delivered or reached. Expected: planned or hoped for.</summary>
public enum OutcomeKind { Result, Output, Expected }

public sealed record OutcomeStated(string Quote, OutcomeKind Kind);

/// <summary>Cost: spent. Funding: given or received. Saving: saved. Value: what a contract or an order was worth.</summary>
public enum CostKind { Cost, Funding, Saving, Value }

public sealed record CostStated(string Quote, CostKind Kind);

public enum LessonKind { Worked, DidNotWork, Recommendation, Barrier }

public sealed record LessonStated(string Quote, LessonKind Kind);

/// <summary>Text: the years stand in the text. Field: they are the year that the source's own list gives.</summary>
public enum PeriodBasis { Text, Field }

/// <summary>When the work was done.</summary>
/// <param name="From">First year; null: not stated.</param>
/// <param name="To">Last year; null: not stated, or the work goes on.</param>
/// <param name="Basis">Null: no year is known.</param>
/// <param name="Quote">The sentence that names the first year, when the basis is the text.</param>
public sealed record CardPeriod(int? From, int? To, PeriodBasis? Basis, string? Quote = null)
{
    public static CardPeriod Unknown { get; } = new(null, null, null);

    /// <summary>"2016 to 2019, from the text"; "from 2021, from the text"; "2019, from the list"; "undated".</summary>
    public override string ToString()
    {
        if (Basis is not { } basis) return "undated";
        var years = (From, To) switch
        {
            ({ } from, { } to) when from == to => FormattableString.Invariant($"{from}"),
            ({ } from, { } to) => FormattableString.Invariant($"{from} to {to}"),
            ({ } from, null) => FormattableString.Invariant($"since {from}"),
            (null, { } to) => FormattableString.Invariant($"until {to}"),
            _ => "undated",
        };
        return basis == PeriodBasis.Text ? $"{years}, from the text" : $"{years}, from the published list";
    }
}

/// <param name="Value">The figure as printed, with its bound and what it counts: "more than 40 events".</param>
/// <param name="Of">What it counts: "events".</param>
/// <param name="Quote">The sentence.</param>
public sealed record CardFigure(string Value, string Of, string Quote);
