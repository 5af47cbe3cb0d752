using CoopAI.Adapters.Sqlite;
using CoopAI.Web.Security;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;

namespace CoopAI.Web.Pages.Security;

/// <summary><c>/sign-out</c>: ends the account's sessions, here and at every other browser, at the server. Only a form does that; an address that is opened leads to <c>/role</c>.</summary>
public sealed class SignOutModel(AccountBook accounts, IOptions<SignInOptions> signIn, ILogger<SignOutModel> log) : PageModel
{
    public IActionResult OnGet() => Redirect("/role");

    public async Task<IActionResult> OnPostAsync()
    {
        if (signIn.Value.Mode != SignInMode.Accounts) return NotFound();
        if (Sessions.AccountOf(User) is { } id)
        {
            // A copy of the cookie opens nothing either.
            await accounts.EndSessionsAsync(id);
            SignInLog.SignedOut(log, id);
        }

        await HttpContext.SignOutAsync(Sessions.Scheme);
        return Redirect("/sign-in");
    }
}
