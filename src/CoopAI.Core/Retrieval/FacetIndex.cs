using System.Globalization;
using CoopAI.Core.Corpus;

namespace CoopAI.Core.Retrieval;

/// <summary>The values that case studies are filtered by, numbered, so that counting them for a search costs an addition each.</summary>
internal sealed class FacetIndex
{
    private readonly CaseStudy[] _caseStudies;
    private readonly Field _principles, _councils, _years, _kinds, _topics;

    public FacetIndex(IEnumerable<CaseStudy> caseStudies)
    {
        _caseStudies = [.. caseStudies];
        _principles = Number(c => c.Principles ?? []);
        _councils = Number(c => c.Councils);
        _years = Number(c => c.Year is { } year ? [year.ToString(CultureInfo.InvariantCulture)] : []);
        _kinds = Number(c => c.Kind is null ? [] : [c.Kind]);
        _topics = Number(c => c.Topics);
    }

    /// <summary>Counts each facet over these case studies without its own filter.</summary>
    /// <param name="places">Of the case studies, as they were given.</param>
    public SearchFacets Count(IReadOnlyList<int> places, SearchFilter filter)
    {
        return new SearchFacets(
            filter.Standing is { } standing ? Stand(standing, filter with { Principles = null }) : Ordered(_principles, filter with { Principles = null }),
            Ordered(_councils, filter with { Councils = null }),
            [.. Counted(_years, filter with { YearFrom = null, YearTo = null }).Reverse()],
            Ordered(_kinds, filter with { Kinds = null }),
            Ordered(_topics, filter with { Topics = null }));

        // What a case study stands for changes with every decision, so it is not numbered beforehand.
        IReadOnlyList<FacetCount> Stand(Func<CaseStudy, IReadOnlyList<string>> of, SearchFilter without) =>
            [.. places.Select(place => _caseStudies[place]).Where(without.Matches).SelectMany(of).CountBy(id => id, StringComparer.Ordinal)
                .OrderByDescending(f => f.Value).ThenBy(f => f.Key, StringComparer.Ordinal).Select(f => new FacetCount(f.Key, f.Value))];

        // The sort is stable: equal counts stay in ordinal order.
        IReadOnlyList<FacetCount> Ordered(Field field, SearchFilter without) => [.. Counted(field, without).OrderByDescending(f => f.Count)];

        IEnumerable<FacetCount> Counted(Field field, SearchFilter without)
        {
            var counts = new int[field.Values.Length];
            foreach (var place in places)
            {
                if (!without.IsEmpty && !without.Matches(_caseStudies[place])) continue;
                foreach (var value in field.Of[place]) counts[value]++;
            }

            return field.Values.Select((value, i) => new FacetCount(value, counts[i])).Where(f => f.Count > 0);
        }
    }

    private Field Number(Func<CaseStudy, IEnumerable<string>> values)
    {
        string[] all = [.. _caseStudies.SelectMany(values).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var numbers = all.Select((value, i) => (value, i)).ToDictionary(v => v.value, v => v.i, StringComparer.Ordinal);
        return new Field(all, [.. _caseStudies.Select(c => values(c).Distinct(StringComparer.Ordinal).Select(v => numbers[v]).ToArray())]);
    }

    /// <param name="Values">In ordinal order.</param>
    /// <param name="Of">Of each case study the numbers of its values, each once.</param>
    private sealed record Field(string[] Values, int[][] Of);
}
