using CoopAI.Adapters.Sqlite;
using CoopAI.Core;
using CoopAI.Web.Security;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;

namespace CoopAI.Web.Pages.Admin;

/// <summary>A page on which an administrator changes something: every change has a reason, is made once however often the form is sent, and stands in the ledger.</summary>
/// <remarks>The anti-forgery token is checked here, so that a form that is too old keeps what was typed.</remarks>
[IgnoreAntiforgeryToken]
public abstract class AdminPageModel(IAntiforgery antiforgery, OnceOnly once) : FormPageModel
{
    /// <summary>Longest reason, in characters; the same as over HTTP.</summary>
    public const int MaxReason = 2000;

    [BindProperty(Name = "reason")]
    public string? Reason { get; set; }

    [BindProperty(Name = "once")]
    public string? Token { get; set; }

    /// <summary>What was done last; null: nothing.</summary>
    [BindProperty(Name = "done", SupportsGet = true)]
    public string? Done { get; set; }

    /// <summary>Who changes: the signed-in name, or whoever sits at this machine.</summary>
    protected string Author => Roles.SignedInName(User) ?? "whoever uses this machine";

    protected AccountChange By => new(Author, Roles.Administrator, Reason!.Trim());

    /// <summary>Makes a change when the form is whole, and leads to the page again; else shows the page with what to put right.</summary>
    /// <param name="done">A word for what was done, shown on the next page.</param>
    /// <param name="field">The field beside which a refusal stands.</param>
    /// <param name="content">What the form says: the same form with other content is another change.</param>
    /// <param name="errors">Found wrong already.</param>
    protected async Task<IActionResult> ChangeAsync(string done, string field, string content, IEnumerable<FormError> errors, Func<Task> change)
    {
        var found = errors.ToList();
        if (!await antiforgery.IsRequestValidAsync(HttpContext)) found.Insert(0, new("reason", FormError.Stale));
        if (string.IsNullOrWhiteSpace(Reason)) found.Add(new("reason", "Say why: it stands in the record beside the change."));
        else if (Reason.Length > MaxReason) found.Add(new("reason", $"The reason has {Reason.Length} characters; at most {MaxReason} are kept. Shorten it."));
        if (found.Count == 0)
        {
            try
            {
                await once.RunAsync(Token, string.Join('\n', Request.Path, done, content, Author, Reason), async () =>
                {
                    await change();
                    return "";
                });
                return Redirect($"{Request.Path}?done={done}");
            }
            catch (BadInputException e)
            {
                found.Add(new(field, e.Message));
            }
        }

        Errors = found;
        Response.StatusCode = StatusCodes.Status400BadRequest;
        return Page();
    }

    /// <summary>The field for the reason.</summary>
    public FormField ReasonField(string hint = "A sentence that members may read in the record.") => new("reason", "Reason") { Type = "textarea", Hint = hint, Value = Reason, Error = ErrorAt("reason") };
}
