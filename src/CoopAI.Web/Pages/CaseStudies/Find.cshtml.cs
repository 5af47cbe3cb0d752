using System.Globalization;
using System.Text;
using CoopAI.Core;
using CoopAI.Core.Corpus;
using CoopAI.Core.Principles;
using CoopAI.Core.Retrieval;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CoopAI.Web.Pages.CaseStudies;

/// <summary><c>/case-studies</c>: finds case studies by words and facets. Everything that is chosen stands in the address, with the names of the API.</summary>
public sealed class FindModel(Retriever retriever, PrincipleNames principles) : FormPageModel
{
    public const int PageSize = 20;

    /// <summary>Values of a facet that stand before "show all".</summary>
    public const int FacetSize = 10;

    /// <summary>Titles below this share of a hit's least score are no near misses: they share a word or less with the question.</summary>
    private const double Near = 0.5;

    [BindProperty(Name = "q", SupportsGet = true)]
    public string? Words { get; set; }

    [BindProperty(Name = "principle", SupportsGet = true)]
    public string[] Principles { get; set; } = [];

    [BindProperty(Name = "council", SupportsGet = true)]
    public string[] Councils { get; set; } = [];

    [BindProperty(Name = "topic", SupportsGet = true)]
    public string[] Topics { get; set; } = [];

    [BindProperty(Name = "kind", SupportsGet = true)]
    public string[] Kinds { get; set; } = [];

    [BindProperty(Name = "year", SupportsGet = true)]
    public string? Year { get; set; }

    /// <summary>First and last year; together they say what <see cref="Year"/> says in one.</summary>
    [BindProperty(Name = "from", SupportsGet = true)]
    public string? YearFrom { get; set; }

    [BindProperty(Name = "to", SupportsGet = true)]
    public string? YearTo { get; set; }

    /// <summary>One of <see cref="Sorts"/>; null: by fit when words were typed, else by title.</summary>
    [BindProperty(Name = "sort", SupportsGet = true)]
    public string? Sort { get; set; }

    public static IReadOnlyList<(string Value, string Text)> Sorts { get; } = [("fit", "Best fit"), ("title", "Title"), ("newest", "Newest"), ("council", "Council")];

    // From the query by name: "page" is also what the framework calls its own route value.
    [FromQuery(Name = "page")]
    public string? PageText { get; set; }

    public Paged<SearchHit> Hits { get; private set; } = Paged.Of<SearchHit>([], 1, PageSize);

    public IReadOnlyList<SearchHit> NearMisses { get; private set; } = [];

    /// <summary>The passage store that answered; null: the list was browsed.</summary>
    public string? Store { get; private set; }

    /// <summary>Slugs kept for comparing.</summary>
    public IReadOnlyList<string> Shortlist { get; private set; } = [];

    public IReadOnlyList<Facet> Facets { get; private set; } = [];

    public IReadOnlyList<FacetCount> Years { get; private set; } = [];

    public IReadOnlyList<(string Text, string Without)> Chosen { get; private set; } = [];

    /// <param name="Name">As the address has it.</param>
    public sealed record Facet(string Name, string Legend, IReadOnlyList<FacetValue> Values)
    {
        public bool Any => Values.Any(v => v.Selected);

        /// <summary>How many stand before "show all".</summary>
        public int First => Values.Count <= FacetSize + 2 ? Values.Count : Math.Max(FacetSize, Values.Count(v => v.Selected));
    }

    public sealed record FacetValue(string Value, string Text, int Count, bool Selected);

    public string Summary =>
        (Hits.Total == 1 ? "1 case study" : string.Create(CultureInfo.InvariantCulture, $"{Hits.Total} case studies"))
        + (string.IsNullOrWhiteSpace(Words) ? "" : $" for “{Words.Trim()}”");

    /// <summary>How many of what was found carry a year, in words.</summary>
    public string Dated => Years.Count == 0 ? "" : Years.Sum(y => y.Count) switch
    {
        1 => $" One of these is dated: {Years[0].Value}.",
        var n when Years.Count == 1 => $" {n} of these are dated: {Years[0].Value}.",
        var n => $" {n} of these are dated, from {Years[^1].Value} to {Years[0].Value}.",
    };

    /// <summary>What screen readers are told once the page stands; null: nothing was searched for.</summary>
    public string? Announcement => Errors.Count > 0 || (string.IsNullOrWhiteSpace(Words) && Chosen.Count == 0) ? null
        : $"{Summary}{(Chosen.Count > 0 ? $", {Chosen.Count} {(Chosen.Count == 1 ? "filter" : "filters")} in use" : "")}{(Hits.Pages > 1 ? $", page {Hits.Number} of {Hits.Pages}" : "")}.";

    public async Task OnGetAsync(CancellationToken ct)
    {
        Shortlist = Pages.Compare.Shortlist.Of(Request);
        if (string.IsNullOrWhiteSpace(Year)) Year = RangeOf(YearFrom, YearTo);
        SearchResult result;
        try
        {
            var (from, to) = YearRange.Parse(Year);
            (YearFrom, YearTo) = (Text(from), Text(to));
            if (Principles.FirstOrDefault(p => !PrincipleIds.Contains(p)) is { } unknown)
                throw new BadInputException($"“{unknown}” is not one of the ten principles. Choose from the list.");
            var filter = new SearchFilter(Some(Principles), Some(Councils), from, to, Some(Kinds), Some(Topics)).Checked();
            result = string.IsNullOrWhiteSpace(Words)
                ? await retriever.BrowseAsync(filter, ct)
                : await retriever.SearchAsync(new SearchRequest(Words.Trim(), filter, RetrievalOptions.MaxTop), ct);
        }
        catch (BadInputException e)
        {
            // What was typed stays in the boxes; below it stands everything, so that the page is of use all the same.
            Errors = [new FormError(e.Message.Contains("year", StringComparison.Ordinal) || e.Message.Contains("range", StringComparison.Ordinal) ? "year" : "q", e.Message)];
            Response.StatusCode = StatusCodes.Status400BadRequest;
            result = await retriever.BrowseAsync(SearchFilter.None, ct);
        }

        var hits = result.Hits;
        Sort = Sorts.Any(s => s.Value == Sort) && !(Sort == "fit" && string.IsNullOrWhiteSpace(Words)) ? Sort : string.IsNullOrWhiteSpace(Words) ? "title" : "fit";
        hits = Sort switch
        {
            "title" => [.. hits.OrderBy(h => h.CaseStudy.Title, StringComparer.OrdinalIgnoreCase).ThenBy(h => h.CaseStudy.Slug, StringComparer.Ordinal)],
            "newest" => [.. hits.OrderByDescending(h => h.CaseStudy.Year ?? 0)],
            "council" => [.. hits.OrderBy(h => h.CaseStudy.LeadMember is null).ThenBy(h => h.CaseStudy.LeadMember, StringComparer.OrdinalIgnoreCase)],
            _ => hits,
        };
        Hits = Paged.Of(hits, int.TryParse(PageText, NumberStyles.None, CultureInfo.InvariantCulture, out var page) ? page : 1, PageSize);
        // What comes nowhere near is no help: half of the way to a hit is the least.
        NearMisses = [.. result.NearMisses.Where(n => n.Score >= Near * result.Floor).Take(5)];
        Store = result.Store?.ToString();
        Years = result.Facets.Years;
        Facets =
        [
            FacetOf("principle", "Principles", result.Facets.Principles, Principles, v => principles[v]),
            FacetOf("topic", "Topics", result.Facets.Topics, Topics),
            FacetOf("council", "Councils and partners", result.Facets.Councils, Councils),
            FacetOf("kind", "Kind", result.Facets.Kinds, Kinds, v => v.Replace('-', ' ')),
        ];
        Chosen =
        [
            .. Facets.SelectMany(f => f.Values.Where(v => v.Selected).Select(v => (v.Text, Address(f.Name, v.Value)))),
            .. string.IsNullOrWhiteSpace(Year) ? [] : new[] { (YearText(), Address("year", Year)) },
        ];
    }

    private string YearText() => (YearFrom, YearTo) switch
    {
        ({ Length: > 0 } from, { Length: > 0 } to) => from == to ? $"Year {from}" : $"Years {from} to {to}",
        ({ Length: > 0 } from, _) => $"Since {from}",
        (_, { Length: > 0 } to) => $"Until {to}",
        _ => $"Year {Year!.Trim()}",
    };

    private static string? Text(int? year) => year?.ToString(CultureInfo.InvariantCulture);

    private static string? RangeOf(string? from, string? to) => (from?.Trim(), to?.Trim()) is ({ Length: > 0 }, _) or (_, { Length: > 0 })
        ? (from?.Trim() == to?.Trim() ? from!.Trim() : $"{from?.Trim()}..{to?.Trim()}") : null;

    /// <summary>This search without one value or on another page.</summary>
    public string Address(string? withoutName = null, string? withoutValue = null, int page = 1)
    {
        var address = new StringBuilder("/case-studies");
        Add("q", string.IsNullOrWhiteSpace(Words) ? [] : [Words.Trim()]);
        Add("principle", Principles);
        Add("topic", Topics);
        Add("council", Councils);
        Add("kind", Kinds);
        Add("year", string.IsNullOrWhiteSpace(Year) ? [] : [Year]);
        if (Sort is not (null or "") && Sort != (string.IsNullOrWhiteSpace(Words) ? "title" : "fit")) Add("sort", [Sort]);
        if (page > 1) Add("page", [page.ToString(CultureInfo.InvariantCulture)]);
        return address.ToString();

        void Add(string name, IEnumerable<string> values)
        {
            foreach (var value in values.Where(v => !string.IsNullOrEmpty(v) && !(name == withoutName && v == withoutValue)))
                address.Append(address.Length == "/case-studies".Length ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        }
    }

    /// <summary>The sentence of a hit that fits best, with its place; null when nothing was searched for.</summary>
    public static (string Text, string Address)? BestSentence(SearchHit hit)
    {
        ArgumentNullException.ThrowIfNull(hit);
        return hit.Passages.Select(p => p.BestSentence).FirstOrDefault(s => s is not null) is { } span
            ? (span.In(hit.CaseStudy.Text), string.Create(CultureInfo.InvariantCulture, $"/case-studies/{Uri.EscapeDataString(hit.CaseStudy.Slug)}?from={span.Start}&to={span.End}#quote"))
            : null;
    }

    private static string[]? Some(string[] values) => Array.FindAll(values, v => !string.IsNullOrWhiteSpace(v)) is { Length: > 0 } some ? some : null;

    private static Facet FacetOf(string name, string legend, IReadOnlyList<FacetCount> counts, string[] selected, Func<string, string>? text = null)
    {
        var known = counts.Select(c => c.Value).ToHashSet(StringComparer.OrdinalIgnoreCase);
        // What is chosen stays in view, first, even when nothing is left of it.
        var values = counts.Select(c => Value(c.Value, c.Count))
            .Concat(selected.Where(s => !string.IsNullOrWhiteSpace(s) && !known.Contains(s)).Select(s => Value(s, 0)))
            .OrderByDescending(v => v.Selected);
        return new Facet(name, legend, [.. values]);

        FacetValue Value(string value, int count) =>
            new(value, text is null ? value : text(value), count, selected.Contains(value, StringComparer.OrdinalIgnoreCase));
    }
}
