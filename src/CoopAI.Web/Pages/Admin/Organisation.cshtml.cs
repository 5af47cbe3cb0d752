using CoopAI.Orchestration.Settings;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;

namespace CoopAI.Web.Pages.Admin;

/// <summary><c>/admin/organisation</c>: who runs the service and answers for what it says.</summary>
public sealed class OrganisationModel(OrganisationBook organisation, IAntiforgery antiforgery, OnceOnly once) : AdminPageModel(antiforgery, once)
{
    [BindProperty(Name = "name")]
    public string? Name { get; set; }

    [BindProperty(Name = "role")]
    public string? Role { get; set; }

    [BindProperty(Name = "contact")]
    public string? Contact { get; set; }

    public void OnGet() => (Name, Role, Contact) = (organisation.Current.Name, organisation.Current.AccountableRole, organisation.Current.Contact);

    public Task<IActionResult> OnPostAsync()
    {
        var errors = ((string Id, string? Value, string What)[])[("name", Name, "the council or network"), ("role", Role, "the accountable role"), ("contact", Contact, "how to reach that role")];
        return ChangeAsync(
            "changed", "contact", $"{Name}\n{Role}\n{Contact}", errors.Where(e => string.IsNullOrWhiteSpace(e.Value)).Select(e => new FormError(e.Id, $"Write {e.What}.")),
            () =>
            {
                organisation.Change(Name!, Role!, Contact!, Author, Reason!.Trim());
                return Task.CompletedTask;
            });
    }
}
