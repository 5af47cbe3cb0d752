using System.Globalization;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core.Briefs;
using CoopAI.Orchestration.Settings;
using CoopAI.Web.Security;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;

namespace CoopAI.Web.Pages.Admin;

/// <summary><c>/admin</c>: where an administrator begins: what is to be done, and how the service is set.</summary>
public sealed class IndexModel(AccountBook accounts, OrganisationBook organisation, ElectionBook elections, RetentionBook retention, IOffSwitch off, IOptions<SignInOptions> signIn, TimeProvider clock) : PageModel
{
    public IReadOnlyList<(string Href, string Text)> ToDo { get; private set; } = [];

    public IReadOnlyList<(string What, string Value, string Href, string Verb)> Rows { get; private set; } = [];

    public void OnGet()
    {
        var people = accounts.All();
        var who = organisation.Current;
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var ahead = elections.Set.Count(p => p.To >= today);
        var todo = new List<(string, string)>();
        if (who.Contact is null) todo.Add(("/admin/organisation", "Say who answers for this service and how to reach them."));
        if (ahead == 0) todo.Add(("/admin/elections", "Give the dates of the next elections."));
        if (signIn.Value.Mode == SignInMode.Accounts && people.Count(a => a is { Role: Roles.Administrator, Disabled: false }) < 2) todo.Add(("/admin/users", "Make a second administrator: nobody could let you in again if you lost your password."));
        ToDo = todo;
        Rows =
        [
            ("Answering", off.Get() is { } why ? $"Off: {why.Reason}" : "On", "/audit/settings", "Change"),
            ("People", people.Count(a => !a.Disabled).ToString(CultureInfo.InvariantCulture), "/admin/users", "See"),
            ("Organisation", $"{who.Name ?? "Not said"}; {who.AccountableRole}; {who.Contact ?? "no contact"}", "/admin/organisation", "Change"),
            ("Election dates", $"{ahead} ahead", "/admin/elections", "See"),
            ("Questions are kept", retention.Days == 0 ? "Until they are erased" : $"{retention.Days} days", "/admin/records", "Change"),
        ];
    }
}
