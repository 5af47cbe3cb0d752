using System.Globalization;
using CoopAI.Adapters.Sqlite;
using CoopAI.Web.Security;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;

namespace CoopAI.Web.Pages.Security;

/// <summary><c>/sign-in</c>: name and password, where the service keeps accounts.</summary>
/// <remarks>The anti-forgery token is checked here, so that a form that is too old keeps the name.</remarks>
[IgnoreAntiforgeryToken]
[ResponseCache(NoStore = true)]
public sealed class SignInModel(AccountBook accounts, IOptions<SignInOptions> signIn, IAntiforgery antiforgery) : FormPageModel
{
    [BindProperty(Name = "name")]
    public string? AccountName { get; set; }

    [BindProperty(Name = "password")]
    public string? Password { get; set; }

    /// <summary>Where the reader was going; only an address of this service is followed.</summary>
    [BindProperty(Name = "return", SupportsGet = true)]
    public string? Return { get; set; }

    /// <summary>Whether a form waits for the reader to sign in again.</summary>
    public bool HasKeptForm => Return?.Contains($"{KeptForms.Parameter}=", StringComparison.Ordinal) == true;

    public IActionResult OnGet() => signIn.Value.Mode == SignInMode.Accounts ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync()
    {
        if (signIn.Value.Mode != SignInMode.Accounts) return NotFound();
        if (!await antiforgery.IsRequestValidAsync(HttpContext)) return Again("name", "This form was open for too long. Type your password and send it again.", StatusCodes.Status400BadRequest);
        if (string.IsNullOrWhiteSpace(AccountName)) return Again("name", "Write your name.", StatusCodes.Status400BadRequest);
        if (string.IsNullOrEmpty(Password)) return Again("password", "Write your password.", StatusCodes.Status400BadRequest);
        var attempt = accounts.SignIn(AccountName.Trim(), Password);
        if (attempt.LockedUntil is { } until)
            return Again("name", $"Too many wrong passwords. Try again after {until.UtcDateTime.ToString("HH:mm", CultureInfo.InvariantCulture)} UTC, or ask the person who runs this service.", StatusCodes.Status429TooManyRequests);
        if (attempt.Account is not { } account) return Again("name", "Name or password is wrong.", StatusCodes.Status400BadRequest);
        await HttpContext.SignInAsync(Sessions.Scheme, Sessions.Principal(account));
        return LocalRedirect(Url.IsLocalUrl(Return) ? Return! : "/");
    }

    private PageResult Again(string field, string message, int status)
    {
        Errors = [new(field, message)];
        Response.StatusCode = status;
        return Page();
    }
}
