using CoopAI.Core.Principles;

namespace CoopAI.Core.Retrieval;

/// <summary>Which case studies may be found. Fields are joined by "and", the values of one field by "or"; an empty field does not filter.</summary>
/// <param name="Principles">Ids of principles.</param>
/// <param name="Councils">Names as stored on the case study (lead or participating member); aliases are resolved before.</param>
/// <param name="YearFrom">First year, inclusive. An undated case study never matches a year filter.</param>
/// <param name="YearTo">Last year, inclusive.</param>
public sealed record SearchFilter(
    IReadOnlyList<string>? Principles = null,
    IReadOnlyList<string>? Councils = null,
    int? YearFrom = null,
    int? YearTo = null,
    IReadOnlyList<string>? Kinds = null,
    IReadOnlyList<string>? Topics = null)
{
    /// <summary>Most values of one field, and the longest value, in characters.</summary>
    public const int MaxValues = 50, MaxValueLength = 200;

    public static SearchFilter None { get; } = new();

    /// <summary>The principles that a case study stands for; null: those published on its page. Set by whoever searches, never by a request.</summary>
    internal Func<Corpus.CaseStudy, IReadOnlyList<string>>? Standing { get; init; }

    public bool IsEmpty => Principles is not { Count: > 0 } && Councils is not { Count: > 0 } && YearFrom is null && YearTo is null
        && Kinds is not { Count: > 0 } && Topics is not { Count: > 0 };

    /// <summary>The filter itself, when it can be used.</summary>
    /// <exception cref="BadInputException">A field has more than <see cref="MaxValues"/> values, a value is empty or longer than <see cref="MaxValueLength"/>, a principle is none, or the years are out of order or range.</exception>
    public SearchFilter Checked()
    {
        foreach (var (field, values) in ((string, IReadOnlyList<string>?)[])[("principles", Principles), ("councils", Councils), ("kinds", Kinds), ("topics", Topics)])
        {
            if (values is null) continue;
            if (values.Count > MaxValues) throw new BadInputException($"The filter \"{field}\" has {values.Count} values; at most {MaxValues} are allowed.");
            if (values.Any(string.IsNullOrWhiteSpace)) throw new BadInputException($"The filter \"{field}\" holds null or an empty text. Leave the value out.");
            if (values.FirstOrDefault(v => v.Length > MaxValueLength) is { } tooLong) throw new BadInputException($"A value of the filter \"{field}\" has {tooLong.Length} characters; at most {MaxValueLength} are allowed.");
        }

        if (Principles?.FirstOrDefault(p => !PrincipleIds.Contains(p)) is { } unknown)
            throw new BadInputException($"principle \"{(unknown.Length > 60 ? unknown[..60] + "…" : unknown)}\" is not a principle. The ten ids are {string.Join(", ", PrincipleIds.All)}.");
        if (YearFrom is < YearRange.First or > YearRange.Last || YearTo is < YearRange.First or > YearRange.Last) throw new BadInputException($"A year of the filter must be from {YearRange.First} to {YearRange.Last}.");
        return YearFrom > YearTo ? throw new BadInputException($"The filter's years run backwards: {YearFrom} to {YearTo}.") : this;
    }

    /// <summary>Whether this case study passes.</summary>
    public bool Matches(Corpus.CaseStudy caseStudy)
    {
        ArgumentNullException.ThrowIfNull(caseStudy);
        // Most searches have no filter, and each asks this of every case study several times.
        return IsEmpty || (Any(Principles, Principles is not { Count: > 0 } ? [] : Standing is null ? caseStudy.Principles ?? [] : Standing(caseStudy))
            && Any(Councils, caseStudy.Councils)
            && (YearFrom is null || caseStudy.Year >= YearFrom)
            && (YearTo is null || caseStudy.Year <= YearTo)
            && Any(Kinds, caseStudy.Kind is null ? [] : [caseStudy.Kind])
            && Any(Topics, caseStudy.Topics));

        static bool Any(IReadOnlyList<string>? wanted, IEnumerable<string> present) =>
            wanted is not { Count: > 0 } || present.Any(p => wanted.Contains(p, StringComparer.OrdinalIgnoreCase));
    }
}
