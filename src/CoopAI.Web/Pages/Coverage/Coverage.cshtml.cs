using System.Globalization;
using CoopAI.Core.Tagging;
using CoopAI.Orchestration.Tagging;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CoopAI.Web.Pages.Coverage;

/// <summary>A row of the heat map.</summary>
/// <param name="Counts">One a principle, in the principles' order.</param>
/// <param name="Filter">How a search narrows down to the row, such as <c>topic=housing</c>; null: a search cannot.</param>
public sealed record HeatRow(string Name, IReadOnlyList<int> Counts, string? Filter);

/// <summary><c>/coverage</c>: how many precedents there are for each principle, by topic and by year, and where there are few.</summary>
[RequestTimeout(60_000)]
public sealed class CoverageModel(CorpusTags corpusTags, PrincipleNames names) : PageModel
{
    /// <summary>The commonest topics are shown; the rest would be a wall of noughts.</summary>
    public const int TopicsShown = 12;

    /// <summary>Whether all common topics are shown.</summary>
    [BindProperty(Name = "all", SupportsGet = true)]
    public bool All { get; set; }

    /// <summary>Topics left out.</summary>
    public int TopicsLeft { get; private set; }

    /// <summary>Thin spots listed.</summary>
    public const int GapsShown = 5;

    /// <summary>Fewer expected precedents than this, and a hole is chance.</summary>
    private const double LeastExpected = 2;

    public PrincipleCoverage Coverage { get; private set; } = null!;

    public IReadOnlyList<HeatRow> Topics { get; private set; } = [];

    public IReadOnlyList<HeatRow> Years { get; private set; } = [];

    /// <summary>The largest holes: fewer precedents than the topic's and the principle's frequency would let one expect.</summary>
    public IReadOnlyList<(CoverageGap Gap, double Expected)> ThinSpots { get; private set; } = [];

    public string Name(string id) => names[id];

    public async Task OnGetAsync(CancellationToken ct)
    {
        Coverage = await corpusTags.GetCoverageAsync(ct);
        var principles = Coverage.Principles;
        var totals = principles.ToDictionary(p => p.Id, p => p.Total.Precedents, StringComparer.Ordinal);
        ThinSpots =
        [
            .. Coverage.Gaps.Select(g => (Gap: g, Expected: (double)g.Of * totals[g.Principle] / Math.Max(1, Coverage.CaseStudies))).Where(g => g.Expected >= LeastExpected)
                .OrderByDescending(g => g.Expected - g.Gap.Precedents).ThenBy(g => g.Gap.Topic, StringComparer.Ordinal).ThenBy(g => g.Gap.Principle, StringComparer.Ordinal).Take(GapsShown),
        ];
        Topics =
        [
            .. (principles.Count > 0 ? principles[0].Topics.Keys : []).OrderByDescending(t => principles.Sum(p => p.Topics[t].Precedents)).ThenBy(t => t, StringComparer.Ordinal).Take(All ? int.MaxValue : TopicsShown)
                .Select(t => new HeatRow(t, [.. principles.Select(p => p.Topics[t].Precedents)], $"topic={Uri.EscapeDataString(t)}")),
        ];
        TopicsLeft = (principles.Count > 0 ? principles[0].Topics.Count : 0) - Topics.Count;
        Years =
        [
            .. (principles.Count > 0 ? principles[0].Years.Keys : []).OrderDescending()
                .Select(y => new HeatRow(y.ToString(CultureInfo.InvariantCulture), [.. principles.Select(p => p.Years[y].Precedents)], string.Create(CultureInfo.InvariantCulture, $"year={y}"))),
            new HeatRow("Undated", [.. principles.Select(p => p.Undated.Precedents)], null),
        ];
    }

    /// <summary>Shade of a count, 0 to 4: none, then quarters of the table's largest.</summary>
    public static int Shade(int count, int largest) => count == 0 || largest == 0 ? 0 : Math.Clamp((int)Math.Ceiling(4.0 * count / largest), 1, 4);
}
