using System.Globalization;
using CoopAI.Adapters.Sqlite;
using CoopAI.Orchestration.Settings;
using CoopAI.Web.Security;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;

namespace CoopAI.Web.Pages.Security;

/// <summary><c>/sign-in</c>: name and password, then a code for those who set up an authenticator app; or a council account.</summary>
/// <remarks>
/// The anti-forgery token is checked here, so that a form that is too old keeps the name. What is refused says the same, after the same time,
/// whether the name exists or not.
/// </remarks>
[IgnoreAntiforgeryToken]
[ResponseCache(NoStore = true)]
public sealed class SignInModel(
    AccountBook accounts, SignInDelays delays, IOptions<SignInOptions> signIn, IAntiforgery antiforgery, IDataProtectionProvider protection, OrganisationBook organisation, TimeProvider clock,
    ILogger<SignInModel> log) : FormPageModel
{
    /// <summary>A refusal comes no sooner than this after the attempt: longer than any password takes to be looked at.</summary>
    internal static readonly TimeSpan LeastTime = TimeSpan.FromMilliseconds(600);

    /// <summary>Time between the password and the code.</summary>
    private static readonly TimeSpan CodeTime = TimeSpan.FromMinutes(5);

    [BindProperty(Name = "name")]
    public string? AccountName { get; set; }

    [BindProperty(Name = "password")]
    public string? Password { get; set; }

    [BindProperty(Name = "code")]
    public string? Code { get; set; }

    /// <summary>Whose code is asked for, protected; null: name and password are asked for.</summary>
    [BindProperty(Name = "pending")]
    public string? Pending { get; set; }

    /// <summary>Where the reader was going; only an address of this service is followed.</summary>
    [BindProperty(Name = "return", SupportsGet = true)]
    public string? Return { get; set; }

    /// <summary>Whether a form waits for the reader to sign in again.</summary>
    public bool HasKeptForm => Return?.Contains($"{KeptForms.Parameter}=", StringComparison.Ordinal) == true;

    /// <summary>What council accounts are called here; null: there are none.</summary>
    public string? Council => signIn.Value.OpenIdConnect is { IsUsed: true } provider ? provider.Name : null;

    /// <summary>Whom to ask; null: nobody was named yet.</summary>
    public string? Contact => organisation.Current.Contact;

    private ITimeLimitedDataProtector Protector => protection.CreateProtector("CoopAI.SignIn.Code").ToTimeLimitedDataProtector();

    private string Line => ClientAddress.LineOf(HttpContext);

    public IActionResult OnGet()
    {
        Pending = null;
        return signIn.Value.Mode == SignInMode.Accounts ? Page() : NotFound();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        Pending = null;
        if (signIn.Value.Mode != SignInMode.Accounts) return NotFound();
        if (!await antiforgery.IsRequestValidAsync(HttpContext)) return Again("name", "This form was open for too long. Type your password and send it again.", StatusCodes.Status400BadRequest);
        if (string.IsNullOrWhiteSpace(AccountName)) return Again("name", "Write your name.", StatusCodes.Status400BadRequest);
        if (string.IsNullOrEmpty(Password)) return Again("password", "Write your password.", StatusCodes.Status400BadRequest);
        var name = AccountName.Trim();
        if (delays.Begin(name, Line) is { } wait) return Wait("name", wait, name);
        var began = clock.GetTimestamp();
        if (await accounts.CheckAsync(name, Password) is not { } account)
        {
            if (LeastTime - clock.GetElapsedTime(began) is var rest && rest > TimeSpan.Zero) await Task.Delay(rest, clock, HttpContext.RequestAborted);
            SignInLog.Refused(log, Line, "name or password is wrong", SignInLog.Mark(name));
            return Again("name", "Name or password is wrong.", StatusCodes.Status400BadRequest);
        }

        delays.Right(name, Line);
        if (!account.HasSecondFactor) return await SignInAsync(account, false, "password");
        Pending = Protector.Protect($"{account.Id} {account.Stamp}", CodeTime);
        return Page();
    }

    public async Task<IActionResult> OnPostCodeAsync()
    {
        if (signIn.Value.Mode != SignInMode.Accounts) return NotFound();
        if (Pending is null || OfPending(Pending) is not { } account)
        {
            Pending = null;
            return Again("name", "Five minutes have passed since you wrote your password. Sign in again.", StatusCodes.Status400BadRequest);
        }

        if (!await antiforgery.IsRequestValidAsync(HttpContext)) return Again("code", "This form was open for too long. Send it again.", StatusCodes.Status400BadRequest);
        if (string.IsNullOrWhiteSpace(Code)) return Again("code", "Write the six digits that your app shows.", StatusCodes.Status400BadRequest);
        var key = $"code {account.Id}";
        // All addresses together: whoever has the password and guesses codes has many addresses.
        if (delays.Begin(key, "") is { } wait) return Wait("code", wait, key);
        var code = Code.Trim();
        if (code.Length > 40 || !await accounts.CheckCodeAsync(account.Id, code) || !delays.IsFirstUse(account.Id, new([.. code.Where(char.IsLetterOrDigit)])))
        {
            SignInLog.Refused(log, Line, "the code is wrong", SignInLog.Mark(account.Name));
            return Again("code", "This code is wrong, or was used already. Wait for the next one that your app shows.", StatusCodes.Status400BadRequest);
        }

        delays.Right(key, "");
        return await SignInAsync(accounts.FindById(account.Id)!, true, "password and code");
    }

    /// <summary>Leads to the council's own sign-in.</summary>
    public async Task<IActionResult> OnPostCouncilAsync([FromForm(Name = "link")] string? link)
    {
        if (Council is null) return NotFound();
        if (!await antiforgery.IsRequestValidAsync(HttpContext)) return Again("name", "This form was open for too long. Send it again.", StatusCodes.Status400BadRequest);
        if (!await CouncilSignIn.IsReachableAsync(HttpContext)) return Redirect(CouncilSignIn.Refusal("provider"));
        return Challenge(CouncilSignIn.Properties(Url.IsLocalUrl(Return) ? Return! : null, link), CouncilSignIn.Scheme);
    }

    private async Task<IActionResult> SignInAsync(Account account, bool secondFactor, string means)
    {
        await HttpContext.SignInAsync(Sessions.Scheme, Sessions.Principal(account, clock.GetUtcNow(), secondFactor));
        SignInLog.SignedIn(log, account.Id, Line, means);
        return LocalRedirect(Url.IsLocalUrl(Return) ? Return! : Roles.StartOf(account.Role));
    }

    private Account? OfPending(string pending)
    {
        try
        {
            return Protector.Unprotect(pending).Split(' ') is [var id, var stamp] && accounts.FindById(id) is { Disabled: false } account && account.Stamp == stamp ? account : null;
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return null;
        }
    }

    private PageResult Wait(string field, TimeSpan wait, string name)
    {
        SignInLog.Refused(log, Line, "too many attempts", SignInLog.Mark(name));
        var seconds = (int)Math.Ceiling(wait.TotalSeconds);
        Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        var words = seconds < 90 ? $"{seconds} second{(seconds == 1 ? "" : "s")}" : $"{(seconds + 59) / 60} minutes";
        return Again(field, $"Too many wrong attempts. Try again in {words}.", StatusCodes.Status429TooManyRequests);
    }

    private PageResult Again(string field, string message, int status)
    {
        Errors = [new(field, message)];
        Response.StatusCode = status;
        return Page();
    }
}
