using CoopAI.Adapters.Sqlite;
using CoopAI.Web.Security;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Extensions.Options;

namespace CoopAI.Web.Pages.Security;

/// <summary><c>/account/authenticator</c>: a second factor for whoever wants one; administrators need it.</summary>
[IgnoreAntiforgeryToken]
[ResponseCache(NoStore = true)]
public sealed class AuthenticatorModel(AccountBook accounts, SignInDelays delays, IOptions<SignInOptions> signIn, IAntiforgery antiforgery, TimeProvider clock, ILogger<AuthenticatorModel> log) : FormPageModel
{
    [BindProperty(Name = "code")]
    public string? Code { get; set; }

    [BindProperty(Name = "return", SupportsGet = true)]
    public string? Return { get; set; }

    public string Target => Url.IsLocalUrl(Return) ? Return! : "/role";

    public bool IsOn { get; private set; }

    /// <summary>Whether the reader's role cannot do without.</summary>
    public bool IsNeeded => signIn.Value.SecondFactorForAdministrators && User.IsInRole(Roles.Administrator);

    /// <summary>The app's key, in groups of four.</summary>
    public string Key { get; private set; } = "";

    public string Address { get; private set; } = "";

    /// <summary>Shown once, when the app was just set up.</summary>
    public IReadOnlyList<string> Codes { get; private set; } = [];

    public override void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        // A council account's second factor is its provider's.
        if (Sessions.AccountOf(User) is not { } id || accounts.FindById(id) is not { Password: not null }) context.Result = NotFound();
    }

    public Task OnGetAsync() => LoadAsync();

    public async Task<IActionResult> OnPostAsync()
    {
        var id = Sessions.AccountOf(User)!;
        if (!await antiforgery.IsRequestValidAsync(HttpContext)) return await AgainAsync("This form was open for too long. Send it again.");
        if (string.IsNullOrWhiteSpace(Code)) return await AgainAsync("Write the six digits that your app shows.");
        if (delays.Begin($"set up {id}", "") is { } wait) return await AgainAsync($"Too many wrong codes. Try again in {(int)Math.Ceiling(wait.TotalSeconds)} seconds.");
        if (await accounts.ConfirmAuthenticatorAsync(id, Code) is not { } codes) return await AgainAsync("This code is wrong. Check the key and the clock of your device, then write the next code.");
        delays.Right($"set up {id}", "");
        delays.IsFirstUse(id, new([.. Code.Where(char.IsLetterOrDigit)]));
        SignInLog.Changed(log, id, "set up an authenticator app");
        await HttpContext.SignInAsync(Sessions.Scheme, Sessions.Principal(accounts.FindById(id)!, Sessions.Began(User) ?? clock.GetUtcNow(), secondFactor: true));
        (IsOn, Codes) = (true, codes);
        return Page();
    }

    private async Task<IActionResult> AgainAsync(string message)
    {
        Errors = [new("code", message)];
        Response.StatusCode = StatusCodes.Status400BadRequest;
        await LoadAsync();
        return Page();
    }

    private async Task LoadAsync()
    {
        var id = Sessions.AccountOf(User)!;
        IsOn = accounts.FindById(id)!.HasSecondFactor;
        if (IsOn) return;
        var (key, address) = await accounts.NewAuthenticatorKeyAsync(id);
        (Key, Address) = (string.Join(' ', key.Chunk(4).Select(c => new string(c))), address);
    }
}
