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
    public static SearchFilter None { get; } = new();

    /// <summary>The principles that a case study stands for; null: those published on its page. Set by whoever searches, never by a request.</summary>
    internal Func<Corpus.CaseStudy, IReadOnlyList<string>>? Standing { get; init; }

    public bool IsEmpty => Principles is not { Count: > 0 } && Councils is not { Count: > 0 } && YearFrom is null && YearTo is null
        && Kinds is not { Count: > 0 } && Topics is not { Count: > 0 };

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
