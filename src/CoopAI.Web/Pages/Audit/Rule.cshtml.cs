using CoopAI.Adapters.Embedded;
using CoopAI.Core.Guidance;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CoopAI.Web.Pages.Audit;

/// <summary><c>/audit/guidance/{rule}</c>: what one rule is for, where it comes from, how it is checked and what it cannot see.</summary>
public sealed class RuleModel(GuidanceFramework guidance, SettingsBook settings) : PageModel
{
    public RuleDefinition Rule { get; private set; } = null!;

    public IReadOnlyList<SettingChange> History { get; private set; } = [];

    public IActionResult OnGet(string rule)
    {
        if (guidance.Rules.FirstOrDefault(r => string.Equals(r.Id, rule, StringComparison.OrdinalIgnoreCase)) is not { } found) return NotFound();
        Rule = found;
        History = settings.History("guidance");
        return Page();
    }

    /// <summary>A setting's value in words; a list is joined.</summary>
    public static string Show(object value) => value switch
    {
        string text => text,
        System.Collections.IEnumerable list => string.Join(", ", list.Cast<object>()),
        _ => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? "",
    };

    public static bool IsWeb(string? address) => Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https";
}
