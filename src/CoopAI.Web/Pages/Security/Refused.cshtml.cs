using CoopAI.Orchestration.Settings;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CoopAI.Web.Pages.Security;

/// <summary><c>/sign-in/refused/{reason}</c>: why a council account did not open the service, and what to do.</summary>
[ResponseCache(NoStore = true)]
public sealed class RefusedModel(OrganisationBook organisation) : PageModel
{
    /// <summary>Whom to ask; null: nobody was named yet.</summary>
    public string? Contact => organisation.Current.Contact;

    public string Heading { get; private set; } = "";

    public string Advice { get; private set; } = "";

    public void OnGet(string reason)
    {
        (Heading, Advice, Response.StatusCode) = reason switch
        {
            "role" => ("Your council account has no role here", "You signed in at your council, but it names no role of this service for you. Ask your council’s IT service to give you one, then sign in again.", 403),
            "invitation" => ("You have no invitation yet", "You signed in at your council, but nobody has invited you to this service. Ask for an invitation; its link joins your council account.", 403),
            "link" => ("This invitation cannot be used", "It was used already, its time is over, or your council account signs in to another account. Ask for another invitation.", 403),
            "name" => ("Your account could not be made", "Somebody here has your name already, or your name cannot be used. Ask for an invitation; its link joins your council account.", 403),
            "disabled" => ("You may not sign in", "An administrator has closed your account. Ask them if this is a mistake.", 403),
            "cancelled" => ("You did not sign in", "Sign-in was cancelled at your council. Nothing was changed.", 400),
            _ => ("Your council’s sign-in cannot be reached", "It gave no answer, or one that could not be used. Try again in a few minutes. If you have a password here, you can use that meanwhile.", 503),
        };
    }
}
