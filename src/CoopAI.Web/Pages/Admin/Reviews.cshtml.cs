using CoopAI.Orchestration.Reviewing;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;

namespace CoopAI.Web.Pages.Admin;

/// <summary><c>/admin/reviews</c>: whether known errors may be put among the answers that members review, and how many were found.</summary>
public sealed class ReviewsModel(PlantedErrors planted, IAntiforgery antiforgery, OnceOnly once) : AdminPageModel(antiforgery, once)
{
    /// <summary>"on" or "off".</summary>
    [BindProperty(Name = "to")]
    public string? To { get; set; }

    public bool Allowed => planted.Allowed;

    public ReviewMeasure Measure { get; private set; } = new(0, 0, 0);

    public void OnGet() => Load();

    public async Task<IActionResult> OnPostAsync()
    {
        var result = await ChangeAsync(To == "on" ? "on" : "off", "reason", To ?? "", To is "on" or "off" ? [] : [new("reason", "Use the button on this page.")], () =>
        {
            planted.Allow(To == "on", Author, Reason!.Trim());
            return Task.CompletedTask;
        });
        Load();
        return result;
    }

    private void Load() => Measure = planted.Measure(DateTimeOffset.MinValue, DateTimeOffset.MaxValue);
}
