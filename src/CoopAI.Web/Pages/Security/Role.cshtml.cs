using CoopAI.Web.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;

namespace CoopAI.Web.Pages.Security;

/// <summary><c>/role</c>: who the reader is; where nobody signs in, a switch to see the service as another role.</summary>
public sealed class RoleModel(IOptions<SignInOptions> signIn) : FormPageModel
{
    [BindProperty(Name = "role")]
    public string? Chosen { get; set; }

    public SignInMode Mode => signIn.Value.Mode;

    public string Current => Roles.Of(User) ?? Roles.Officer;

    public string UserName => User.Identity?.Name ?? "";

    public void OnGet()
    {
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
