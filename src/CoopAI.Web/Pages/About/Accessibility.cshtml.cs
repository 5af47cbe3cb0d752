using CoopAI.Orchestration.Settings;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CoopAI.Web.Pages.About;

/// <summary><c>/about/accessibility</c>: the accessibility statement.</summary>
public sealed class AccessibilityModel(OrganisationBook organisation) : PageModel
{
    /// <summary>When the statement was last looked through; it must be less than a year old.</summary>
    public static DateOnly Reviewed => new(2026, 11, 22);

    public string Contact => organisation.Current.Contact ?? "nobody is named yet";
}
