using CoopAI.Adapters.Sqlite;
using CoopAI.Core.Ledger;
using CoopAI.Web.Pages.Audit;
using CoopAI.Web.Security;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace CoopAI.Web.Pages.Admin;

/// <summary><c>/admin/users/{id}</c>: one account, what can be changed about it and what was.</summary>
public sealed class UserModel(AccountBook accounts, SqliteLedger ledger, ServiceAddress service, IAntiforgery antiforgery, OnceOnly once) : AdminPageModel(antiforgery, once)
{
    [BindProperty(Name = "role")]
    public string? Role { get; set; }

    /// <summary>Which button: role, link, factor, close, open or remove.</summary>
    [BindProperty(Name = "do")]
    public string? Deed { get; set; }

    public Account Account { get; private set; } = null!;

    /// <summary>A link that was just made, shown once; null: none.</summary>
    public string? Link { get; private set; }

    public string? DoneWords => Done switch
    {
        "role" => $"{Account.Name} has another role and has to sign in again.",
        "factor" => "The authenticator app is taken off.",
        "close" => "The account is closed and signed out everywhere.",
        "open" => "The account is open again.",
        _ => null,
    };

    public string Means => (Account.Password is not null, Account.HasLogin, Account.HasSecondFactor) switch
    {
        (true, true, _) => "A password or a council account",
        (false, true, _) => "A council account",
        (true, false, true) => "A password and an authenticator app",
        (true, false, false) => "A password",
        _ => "Nothing yet",
    };

    public IEnumerable<string> History => ledger.All(LedgerKind.AccountChange, Account.Id).Reverse().Select(e =>
    {
        var (from, to) = (e.Entry.Payload.GetProperty("from").GetString(), e.Entry.Payload.GetProperty("to").GetString());
        var what = e.Entry.Payload.GetProperty("change").GetString() switch
        {
            "added" => $"Made, as {to}",
            "invited" => "Invited",
            "role" => $"Role changed from {from} to {to}",
            "password" => "Password set",
            "reset-link" => "Link for another password made",
            "council-account" => "Council account joined",
            "second-factor" => $"Authenticator app turned {to}",
            "disabled" => "Closed",
            "enabled" => "Opened again",
            var other => other,
        };
        return $"{AuditWords.Time(e.Entry.At)}: {what}. By {e.Texts.GetValueOrDefault("by") ?? "a name that was erased"}: {e.Texts.GetValueOrDefault("reason") ?? "a reason that was erased"}";
    });

    public override void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (accounts.FindById((string)RouteData.Values["id"]!) is { } account) Account = account;
        else context.Result = Redirect("/admin/users");
    }

    public void OnGet()
    {
        // The account was read above.
    }

    public async Task<IActionResult> OnPostAsync()
    {
        string? secret = null;
        var (name, field) = (Account.Name, Deed == "role" ? "role" : "reason");
        Func<Task>? change = Deed switch
        {
            "role" when Roles.Contains(Role) => () => accounts.SetRoleAsync(name, Role!, By),
            "link" when Account is { Password: null, HasLogin: false } => async () => secret = await accounts.InviteAsync(name, Account.Role, By),
            "link" => () => Task.FromResult(secret = accounts.MakeResetLink(name, By)),
            "factor" => () => accounts.RemoveAuthenticatorAsync(name, By),
            "close" => () => accounts.SetDisabledAsync(name, true, By),
            "open" => () => accounts.SetDisabledAsync(name, false, By),
            "remove" => () => accounts.RemoveAsync(name, By),
            _ => null,
        };
        var result = await ChangeAsync(Deed ?? "", field, $"{Deed}\n{Role}", change is null ? [new(field, "Choose one of the roles, or use one of the buttons.")] : [], change ?? (() => Task.CompletedTask));
        if (Errors.Count == 0 && Deed == "remove") return Redirect("/admin/users");
        // What stands below is the account as it is now, whoever changed it.
        Account = accounts.FindById(Account.Id) ?? Account;
        if (Errors.Count > 0 || secret is null) return result;
        (Link, Reason, Token, Role) = (UsersModel.Address(service, Request, secret), null, null, null);
        return Page();
    }
}
