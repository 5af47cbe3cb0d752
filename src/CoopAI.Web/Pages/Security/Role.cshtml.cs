using CoopAI.Adapters.Sqlite;
using CoopAI.Orchestration.Settings;
using CoopAI.Web.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;

namespace CoopAI.Web.Pages.Security;

/// <summary><c>/role</c>: who the reader is; where nobody signs in, a switch to see the service as another role.</summary>
public sealed class RoleModel(IOptions<SignInOptions> signIn, AccountBook accounts, OrganisationBook organisation) : FormPageModel
{
    [BindProperty(Name = "role")]
    public string? Chosen { get; set; }

    public SignInMode Mode => signIn.Value.Mode;

    public string Current => Roles.Of(User) ?? Roles.Officer;

    /// <summary>What was just done; null: nothing.</summary>
    [BindProperty(Name = "done", SupportsGet = true)]
    public string? Done { get; set; }

    public bool HasPassword { get; private set; }

    public bool HasSecondFactor { get; private set; }

    /// <summary>Whom to ask; null: nobody was named yet.</summary>
    public string? Contact => organisation.Current.Contact;

    public string UserName => User.Identity?.Name ?? "";

    public void OnGet()
    {
        if (Sessions.AccountOf(User) is { } id && accounts.FindById(id) is { } account) (HasPassword, HasSecondFactor) = (account.Password is not null, account.HasSecondFactor);
    }

    public IActionResult OnPost()
    {
        if (Mode != SignInMode.None) return Forbid();
        if (!Roles.Contains(Chosen))
        {
            Errors = [new("role-officer", "Choose one of the four roles.")];
            Response.StatusCode = StatusCodes.Status400BadRequest;
            return Page();
        }

        Response.Cookies.Append(LocalRoleHandler.CookieName, Chosen!, new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = Request.IsHttps,
            IsEssential = true,
        });
        return RedirectToPage();
    }
}
