using CoopAI.Adapters.Models;
using CoopAI.Core.Guidance;
using CoopAI.Core.Retrieval;
using CoopAI.Orchestration.Settings;
using CoopAI.Web.Transparency;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CoopAI.Web.Pages.About;

/// <summary><c>/about</c>: how the service works, what it cannot do, and how well it did when it was last measured.</summary>
public sealed class AboutModel(SearchCorpus corpus, ModelOptions models, OrganisationBook organisation, GuidanceFramework guidance, AcceptedEvaluation evaluation) : PageModel
{
    public int CaseStudies { get; private set; }

    public int Rules => guidance.Rules.Count;

    public string GuidanceVersion => guidance.Version;

    /// <summary>The chat model that drafts sentences; null: none.</summary>
    public string? ChatModel => models.Chat.Provider == ChatProvider.None ? null : models.Chat.Model;

    public string AccountableRole => organisation.Current.AccountableRole;

    public string Contact => organisation.Current.Contact ?? "nobody is named yet";

    /// <summary>What a reader can do something with; the transparency record holds every figure.</summary>
    public IEnumerable<(string Measure, TransparencyFigure Figure)> Figures =>
        from known in Known
        from figure in evaluation.Figures
        where figure.Suite == known.Suite && figure.Metric == known.Metric
        select (known.Measure, figure);

    private static IEnumerable<(string Suite, string Metric, string Measure)> Known =>
    [
        ("retrieval", "recall@10", "Of the right case studies, found among the first ten"),
        ("answers", "outcomeAccuracy", "Questions answered, or rightly not answered"),
        ("answers", "factCoverage", "Of the facts that an expert expects, given in the brief"),
        ("grounding", "right", "Sentences rightly accepted or withheld"),
        ("guidance", "accuracy", "Verdicts of the values rules that are right"),
        ("tagging", "documentF1", "Agreement of suggested principles with readers"),
    ];

    /// <summary>A share in words that never claim more than was measured: what is nearly all is not all.</summary>
    public static string Share(double mean) => mean is > 0.995 and < 1 ? "over 99%" : mean is > 0 and < 0.005 ? "under 1%" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{mean * 100:0}%");

    public async Task OnGetAsync(CancellationToken ct) => CaseStudies = (await corpus.CurrentAsync(ct)).CaseStudies.Count;
}
