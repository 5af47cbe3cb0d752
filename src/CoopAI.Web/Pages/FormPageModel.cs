using CoopAI.Core.Guidance;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CoopAI.Web.Pages;

/// <summary>A page that says what to put right in what was typed: in a summary on top and beside each field.</summary>
public abstract class FormPageModel : PageModel
{
    /// <summary>A message may name what was typed; nothing personal is said again.</summary>
    public IReadOnlyList<FormError> Errors
    {
        get;
        protected set => field = [.. value.Select(e => e with { Message = Masked(e.Message) })];
    } = [];

    /// <summary>The text with labels in place of personal data.</summary>
    protected string Masked(string text) => HttpContext.RequestServices.GetRequiredService<PersonalDataMask>().Apply(text).Text;

    /// <summary>What is wrong with this field; null: nothing.</summary>
    public string? ErrorAt(string field) => Errors.FirstOrDefault(e => e.Field == field)?.Message;
}
