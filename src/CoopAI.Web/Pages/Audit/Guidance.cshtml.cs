using CoopAI.Core.Guidance;
using CoopAI.Orchestration.Settings;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CoopAI.Web.Pages.Audit;

/// <summary><c>/audit/guidance</c>: the rules in force, and every change of them.</summary>
public sealed class GuidanceModel(GuidanceFramework guidance, SettingsBook settings) : PageModel
{
    public GuidanceFramework Framework => guidance;

    public IReadOnlyList<SettingChange> History { get; private set; } = [];

    public void OnGet() => History = settings.History("guidance");
}
