using System.Globalization;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Tagging;
using CoopAI.Core.Tagging.Learning;
using CoopAI.Orchestration.Tagging;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CoopAI.Web.Pages.Tagging;

/// <summary><c>/tag/report</c>: how right the tagger is about each principle and how people agree, in plain words; the figures behind them stand below.</summary>
[RequestTimeout(60_000)]
public sealed class ReportModel(SearchCorpus stored, CorpusTags corpusTags, ITagDecisions decisions, PrincipleNames names) : PageModel
{
    /// <summary>Of ten tags of a principle that people gave, the tagger finds fewer than this: people must look for it themselves.</summary>
    public const double SeldomFound = 0.2;

    public TagReport Report { get; private set; } = null!;

    /// <summary>Tags on which two or more people decided.</summary>
    public IReadOnlyList<(string Slug, string Principle, IReadOnlyList<StaffDecision> Decisions)> Shared { get; private set; } = [];

    public IReadOnlyList<(string Slug, string Principle, IReadOnlyList<StaffDecision> Decisions)> Differing { get; private set; } = [];

    /// <summary>Share of the readers' tags that it finds, and share of its tags that are right; null: it gave none, or there were none.</summary>
    public (double? Found, double? Right) Overall { get; private set; }

    public int Decided { get; private set; }

    public IReadOnlyList<string> Seldom => [.. Report.Principles.Where(p => p.Support > 0 && p.Found < SeldomFound * p.Support).Select(p => names[p.Id])];

    public string Name(string id) => names[id];

    public string TitleOf(string slug) => stored.Current.Find(slug)?.CaseStudy.Title ?? slug;

    /// <summary>What the tagger finds of one principle, in words.</summary>
    public static string Finds(PrincipleAccuracy accuracy)
    {
        ArgumentNullException.ThrowIfNull(accuracy);
        return accuracy.Support == 0 ? "Not measured" : accuracy.Found == 0 ? "None" : Capital(TagWords.Share((double)accuracy.Found / accuracy.Support));
    }

    /// <summary>How often it is right when it gives the principle, in words.</summary>
    public static string IsRight(PrincipleAccuracy accuracy)
    {
        ArgumentNullException.ThrowIfNull(accuracy);
        return accuracy.Given == 0 ? "It gave none" : string.Create(CultureInfo.InvariantCulture, $"{accuracy.Found} of {accuracy.Given}");
    }

    /// <summary>A share with its interval in figures.</summary>
    public static string Show(Rate rate)
    {
        ArgumentNullException.ThrowIfNull(rate);
        return rate.Value is not { } value ? "not known"
            : string.Create(CultureInfo.InvariantCulture, $"{value:0.00}") + (rate is { Low: { } low, High: { } high } ? string.Create(CultureInfo.InvariantCulture, $" ({low:0.00} to {high:0.00})") : "");
    }

    /// <summary>A number for an attribute of SVG.</summary>
    public static string At(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    public async Task OnGetAsync(CancellationToken ct)
    {
        Report = await corpusTags.GetReportAsync(ct);
        var (support, given, found) = (Report.Principles.Sum(p => p.Support), Report.Principles.Sum(p => p.Given), Report.Principles.Sum(p => p.Found));
        Overall = (support == 0 ? null : (double)found / support, given == 0 ? null : (double)found / given);
        var byPerson = decisions.GetByPerson();
        (Shared, Differing) = (TagWork.Shared(byPerson), TagWork.Differing(byPerson));
        Decided = decisions.GetStanding().Count;
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
