using CoopAI.Web.Security;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;

namespace CoopAI.Web.Pages.Security;

/// <summary><c>/sign-out</c>: ends the session. Only a form does that; an address that is opened leads to <c>/role</c>.</summary>
public sealed class SignOutModel(IOptions<SignInOptions> signIn) : PageModel
{
    public IActionResult OnGet() => Redirect("/role");

    public async Task<IActionResult> OnPostAsync()
    {
        if (signIn.Value.Mode != SignInMode.Accounts) return NotFound();
        await HttpContext.SignOutAsync(Sessions.Scheme);
        return Redirect("/sign-in");
    }
}
