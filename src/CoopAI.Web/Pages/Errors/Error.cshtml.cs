using System.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CoopAI.Web.Pages.Errors;

/// <summary>What a person sees when a page is missing, forbidden or broken.</summary>
[IgnoreAntiforgeryToken]
[ResponseCache(NoStore = true)]
public sealed class ErrorModel : PageModel
{
    public int Code { get; private set; }

    public string RequestId => Activity.Current?.Id ?? HttpContext.TraceIdentifier;

    /// <summary>Words of a missing case study's address, to search with; empty for other pages.</summary>
    public string Guess { get; private set; } = "";

    public bool IsCaseStudy => Guess.Length > 0;

    public string Heading => Code switch
    {
        404 => IsCaseStudy ? "There is no such case study" : "Page not found",
        401 => "You are not signed in",
        403 => "You may not see this page",
        400 => "The form could not be read",
        413 => "The file is too large",
        429 => "Too many requests",
        503 => "The service is switched off for now",
        _ => "Sorry, something went wrong",
    };

    public string Advice => Code switch
    {
        404 => IsCaseStudy ? "It may have been removed or renamed. Search for it by words of its title." : "If you typed the address, check it. If you followed a link, the case study or answer may have been removed.",
        401 => "Sign in, then open the page again.",
        403 => "Your role does not include this task. Ask an administrator of this service if you need another role.",
        400 => "It may be out of date. Go back, load the page again and send the form once more.",
        413 => "Files may have up to 1 MB. Paste the text instead.",
        429 => "Wait a minute, then try again.",
        503 => "Answering is switched off. Case studies can still be searched and read.",
        _ => "Try again. If it happens again, tell the person who runs this service and give the request id.",
    };

    public void OnGet(int? code) => Show(code);

    public void OnPost(int? code) => Show(code);

    private void Show(int? code)
    {
        Code = code is >= 400 and <= 599 ? code.Value : HttpContext.Response.StatusCode is >= 400 and var status ? status : 500;
        Response.StatusCode = Code;
        const string below = "/case-studies/";
        if (Code == 404 && HttpContext.Features.Get<Microsoft.AspNetCore.Diagnostics.IStatusCodeReExecuteFeature>()?.OriginalPath is { } path && path.StartsWith(below, StringComparison.Ordinal))
            Guess = string.Join(' ', path[below.Length..].Split(['-', '/', '_', ' '], StringSplitOptions.RemoveEmptyEntries).Take(8)) is { Length: <= 100 } words ? words : "";
    }
}
