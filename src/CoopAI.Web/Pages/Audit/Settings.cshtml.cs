using CoopAI.Core;
using CoopAI.Core.Briefs;
using CoopAI.Orchestration.Settings;
using CoopAI.Web.Security;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CoopAI.Web.Pages.Audit;

/// <summary><c>/audit/settings</c>: the off switch, and every change of a setting or of the guidance with its author and reason.</summary>
[IgnoreAntiforgeryToken]
public sealed class SettingsModel(SettingsBook settings, IAntiforgery antiforgery, OnceOnly once) : FormPageModel
{
    /// <summary>Longest name and reason, in characters; the same as over HTTP.</summary>
    public const int MaxName = 200, MaxReason = 2000;

    /// <summary>"off" or "on": what answering shall be.</summary>
    [BindProperty(Name = "answering")]
    public string? Answering { get; set; }

    /// <summary>"yes": whoever switches off knows what it means.</summary>
    [BindProperty(Name = "sure")]
    public string? Sure { get; set; }

    [BindProperty(Name = "by")]
    public string? By { get; set; }

    [BindProperty(Name = "reason")]
    public string? Reason { get; set; }

    [BindProperty(Name = "once")]
    public string? Token { get; set; }

    public AnsweringOff? Off { get; private set; }

    public IReadOnlyList<SettingChange> History { get; private set; } = [];

    public void OnGet() => Load();

    public async Task<IActionResult> OnPostAsync()
    {
        By = Roles.NameOf(User, By ?? "");
        var errors = new List<FormError>();
        if (!await antiforgery.IsRequestValidAsync(HttpContext)) errors.Add(new("reason", FormError.Stale));
        if (Answering is not ("on" or "off")) errors.Add(new("reason", "Use the button to switch answering."));
        if (string.IsNullOrWhiteSpace(Reason)) errors.Add(new("reason", "Say why: everybody who asks reads it, and it stands in the ledger."));
        else if (Reason.Length > MaxReason) errors.Add(new("reason", $"The reason has {Reason.Length} characters; at most {MaxReason} are kept. Shorten it."));
        if (string.IsNullOrWhiteSpace(By)) errors.Add(new("by", "Give your name: it stands beside the change."));
        else if (By.Length > MaxName) errors.Add(new("by", $"The name may have up to {MaxName} characters."));
        if (Answering == "off" && Sure != "yes") errors.Add(new("sure", "Say that you know what switching off means."));
        if (errors.Count == 0)
        {
            try
            {
                await once.RunAsync(Token, string.Join('\n', Answering, By, Reason), () =>
                {
                    settings.Switch(Answering == "on", By!.Trim(), Reason!.Trim());
                    return Task.FromResult("");
                });
                return Redirect("/audit/settings#history");
            }
            catch (BadInputException e)
            {
                errors.Add(new("reason", e.Message));
            }
        }

        Load();
        Errors = errors;
        Response.StatusCode = StatusCodes.Status400BadRequest;
        return Page();
    }

    private void Load() => (Off, History) = (settings.Get(), settings.History());
}
