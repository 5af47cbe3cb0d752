using CoopAI.Core.Corpus;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CoopAI.Web.Pages.CaseStudies;

/// <summary><c>/case-studies/drafts</c>: drafts, what waits for somebody to look at it, and what was withdrawn with its reason.</summary>
public sealed class DraftsModel(ICaseStudyHistory history) : PageModel
{
    public IReadOnlyList<CaseStudyVersion> Drafts { get; private set; } = [];

    public IReadOnlyList<CaseStudyVersion> Withdrawn { get; private set; } = [];

    public IReadOnlyDictionary<string, string> Twins { get; private set; } = new Dictionary<string, string>();

    public IReadOnlyList<QuarantinedCaseStudy> Waiting { get; private set; } = [];

    public void OnGet() => (Drafts, Withdrawn, Twins, Waiting) = (history.InState(CaseStudyState.Draft), history.InState(CaseStudyState.Withdrawn), history.Twins(), history.InQuarantine());
}
