using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CoopAI.Web.Pages;

/// <summary>A page that says what to put right in what was typed: in a summary on top and beside each field.</summary>
public abstract class FormPageModel : PageModel
{
    public IReadOnlyList<FormError> Errors { get; protected set; } = [];

    /// <summary>What is wrong with this field; null: nothing.</summary>
    public string? ErrorAt(string field) => Errors.FirstOrDefault(e => e.Field == field)?.Message;
}
