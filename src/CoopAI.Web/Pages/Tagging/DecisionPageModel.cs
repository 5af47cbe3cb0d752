using CoopAI.Core.Tagging;
using CoopAI.Web.Security;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CoopAI.Web.Pages.Tagging;

/// <summary>A page on which staff decides on tags: who decides, why, and the name that is remembered where nobody signs in.</summary>
public abstract class DecisionPageModel : FormPageModel
{
    /// <summary>Remembers the name where nobody signs in.</summary>
    public const string NameCookie = "coopai-name";

    [BindProperty(Name = "slug", SupportsGet = true)]
    public string? Slug { get; set; }

    /// <summary>Who decides.</summary>
    [BindProperty(Name = "by")]
    public string? By { get; set; }

    [BindProperty(Name = "reason")]
    public string? Reason { get; set; }

    /// <summary>The button that was pressed; empty: only the name is kept.</summary>
    [BindProperty(Name = "decide")]
    public string? Decide { get; set; }

    [BindProperty(Name = "once")]
    public string? Token { get; set; }

    /// <summary>The reason as it is kept: null where none was given.</summary>
    protected string? GivenReason => string.IsNullOrWhiteSpace(Reason) ? null : Reason.Trim();

    /// <summary>The name of the account; where nobody signs in the one that was typed, or else the one remembered.</summary>
    protected string NameNow(string? typed) => Roles.NameOf(User, string.IsNullOrWhiteSpace(typed) ? Request.Cookies[NameCookie] ?? "" : typed).Trim();

    /// <summary>What is wrong with name or reason; null: nothing.</summary>
    protected FormError? WrongWords() =>
        string.IsNullOrWhiteSpace(By) ? new("by", "Say who decides: your name stands beside your decisions.")
        : By.Length > StaffDecision.MaxName ? new("by", $"The name may have up to {StaffDecision.MaxName} characters.")
        : Reason?.Length > StaffDecision.MaxReason ? new("reason", $"The reason has {Reason.Length} characters; at most {StaffDecision.MaxReason} are kept.")
        : null;

    /// <summary>Remembers the name in this browser for the pages of tagging.</summary>
    protected void RememberName()
    {
        if (Roles.SignedInName(User) is null)
            Response.Cookies.Append(NameCookie, By!, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = Request.IsHttps, Path = "/tag", IsEssential = true });
    }

    /// <summary>The page again with what is to be put right.</summary>
    protected PageResult Again(string field, string message)
    {
        Errors = [new FormError(field, message)];
        Response.StatusCode = StatusCodes.Status400BadRequest;
        return Page();
    }
}
