using CoopAI.Adapters.Sqlite;
using CoopAI.Core;
using CoopAI.Web.Security;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CoopAI.Web.Pages.Security;

/// <summary><c>/account/password</c>: one's own password.</summary>
[IgnoreAntiforgeryToken]
[ResponseCache(NoStore = true)]
public sealed class PasswordModel(AccountBook accounts, SignInDelays delays, IAntiforgery antiforgery, TimeProvider clock, ILogger<PasswordModel> log) : FormPageModel
{
    [BindProperty(Name = "current")]
    public string? Current { get; set; }

    [BindProperty(Name = "next")]
    public string? Next { get; set; }

    public IActionResult OnGet() => Sessions.AccountOf(User) is { } id && accounts.FindById(id)?.Password is not null ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync()
    {
        if (Sessions.AccountOf(User) is not { } id || accounts.FindById(id) is not { Password: not null } account) return NotFound();
        if (!await antiforgery.IsRequestValidAsync(HttpContext)) return Again("current", "This form was open for too long. Write both passwords again.");
        if (string.IsNullOrEmpty(Current)) return Again("current", "Write your password of now.");
        if (string.IsNullOrEmpty(Next)) return Again("next", "Write the new password.");
        // Whoever found an open browser must not try passwords here.
        if (delays.Begin($"change {id}", "") is { } wait) return Again("current", $"Too many wrong attempts. Try again in {(int)Math.Ceiling(wait.TotalSeconds)} seconds.");
        try
        {
            if (!await accounts.ChangePasswordAsync(account.Name, Current, Next)) return Again("current", "This is not your password of now.");
        }
        catch (BadInputException e)
        {
            delays.Right($"change {id}", "");
            return Again("next", e.Message);
        }

        delays.Right($"change {id}", "");
        SignInLog.Changed(log, id, "changed the own password");
        // The change ended every session; this browser gets a new one.
        await HttpContext.SignInAsync(Sessions.Scheme, Sessions.Principal(accounts.FindById(id)!, Sessions.Began(User) ?? clock.GetUtcNow(), Sessions.HasSecondFactor(User)));
        return Redirect("/role?done=password");
    }

    private PageResult Again(string field, string message)
    {
        Errors = [new(field, message)];
        Response.StatusCode = StatusCodes.Status400BadRequest;
        return Page();
    }
}
