using CoopAI.Adapters.Sqlite;
using CoopAI.Web.Security;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace CoopAI.Web.Pages.Admin;

/// <summary><c>/admin/users</c>: who may sign in, and invitations.</summary>
public sealed class UsersModel(AccountBook accounts, IOptions<SignInOptions> signIn, ServiceAddress service, IAntiforgery antiforgery, OnceOnly once) : AdminPageModel(antiforgery, once)
{
    [BindProperty(Name = "name")]
    public string? Name { get; set; }

    [BindProperty(Name = "role")]
    public string? Role { get; set; }

    public IReadOnlyList<Account> Accounts => accounts.All();

    public bool HasAccounts => signIn.Value.Mode == SignInMode.Accounts;

    /// <summary>The link of an invitation that was just made, shown once; null: none.</summary>
    public string? Link { get; private set; }

    public string? Invited { get; private set; }

    public static string State(Account account) =>
        account.Disabled ? "Closed" : account.Password is not null || account.HasLogin ? "Active" : account.IsInvited ? "Invited" : "Invitation over";

    public static string Colour(Account account) => State(account) switch { "Active" => "govuk-tag--green", "Closed" => "govuk-tag--red", "Invited" => "govuk-tag--blue", _ => "govuk-tag--grey" };

    public void OnGet()
    {
        // The list is read as it is shown.
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var errors = new List<FormError>();
        if (string.IsNullOrWhiteSpace(Name)) errors.Add(new("name", "Write the name of the account."));
        if (!Roles.Contains(Role)) errors.Add(new("role", "Choose one of the four roles."));
        string? secret = null;
        var result = await ChangeAsync("invited", "name", $"{Name}\n{Role}", errors, async () => secret = await accounts.InviteAsync(Name!.Trim(), Role!, By));
        // Sent twice, the form has made one invitation, whose link was shown already: show the list.
        if (secret is null || Errors.Count > 0) return result;
        (Link, Invited, Name, Role, Reason, Token) = (Address(service, Request, secret), Name!.Trim(), null, null, null, null);
        return Page();
    }

    /// <summary>The address of a link, at the service's own name.</summary>
    internal static string Address(ServiceAddress service, HttpRequest request, string secret) =>
        $"{(service.Of(request) is { Length: > 0 } known ? known : $"{request.Scheme}://{request.Host}")}/sign-in/link?link={secret}";
}
