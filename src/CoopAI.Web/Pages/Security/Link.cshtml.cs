using CoopAI.Adapters.Sqlite;
using CoopAI.Core;
using CoopAI.Web.Security;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace CoopAI.Web.Pages.Security;

/// <summary><c>/sign-in/link?link=…</c>: an invitation or a reset that an administrator handed over. It works once, until its time is over.</summary>
[IgnoreAntiforgeryToken]
[ResponseCache(NoStore = true)]
public sealed class LinkModel(AccountBook accounts, SignInDelays delays, IOptions<SignInOptions> signIn, IAntiforgery antiforgery, ILogger<LinkModel> log) : FormPageModel
{
    [BindProperty(Name = "link", SupportsGet = true)]
    public string? Secret { get; set; }

    [BindProperty(Name = "password")]
    public string? Password { get; set; }

    /// <summary>Null: it cannot be used.</summary>
    public AccountLink? Link { get; private set; }

    /// <summary>What council accounts are called here; null: there are none.</summary>
    public string? Council => signIn.Value.OpenIdConnect is { IsUsed: true } provider ? provider.Name : null;

    public IActionResult OnGet() => signIn.Value.Mode == SignInMode.Accounts ? Show([]) : NotFound();

    public async Task<IActionResult> OnPostAsync()
    {
        if (signIn.Value.Mode != SignInMode.Accounts) return NotFound();
        if (!await antiforgery.IsRequestValidAsync(HttpContext)) return Show([new("password", "This form was open for too long. Write the password again and send it.")]);
        if (string.IsNullOrEmpty(Password)) return Show([new("password", "Write a password.")]);
        try
        {
            var account = await accounts.UseLinkAsync(Secret ?? "", Password);
            // Its owner does not wait for what somebody tried before.
            delays.Right(account.Name, ClientAddress.LineOf(HttpContext));
            SignInLog.Changed(log, account.Id, "a link was used and a password set");
            return Redirect("/sign-in");
        }
        catch (BadInputException e)
        {
            return Show([new("password", e.Message)]);
        }
    }

    private IActionResult Show(IReadOnlyList<FormError> errors)
    {
        Link = Secret is { Length: > 0 and < 100 } ? accounts.FindLink(Secret) : null;
        // Without a form there is nothing that an error could stand beside.
        Errors = Link is null ? [] : errors;
        Response.StatusCode = Link is null ? StatusCodes.Status404NotFound : Errors.Count > 0 ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK;
        return Page();
    }
}
