using CoopAI.Core.Guidance;
using CoopAI.Orchestration.Reviewing;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CoopAI.Web.Pages.Audit;

/// <summary><c>/audit/suggestions</c>: changes of rules that members suggest, open ones first.</summary>
public sealed class SuggestionsModel(SuggestionBook suggestions, GuidanceFramework guidance) : PageModel
{
    public IReadOnlyList<Suggestion> Open { get; private set; } = [];

    public IReadOnlyList<Suggestion> Decided { get; private set; } = [];

    public void OnGet()
    {
        var all = suggestions.All().ToLookup(s => s.Status == SuggestionStatus.Open);
        (Open, Decided) = ([.. all[true]], [.. all[false]]);
    }

    public string NameOf(string rule) => guidance.Rules.FirstOrDefault(r => r.Id == rule)?.Name is { } name ? $"{name} ({rule})" : rule;
}

/// <summary>Suggestions in words.</summary>
public static class SuggestionWords
{
    public static string Of(SuggestionStatus status) => status switch { SuggestionStatus.Open => "Open", SuggestionStatus.Adopted => "Adopted", _ => "Declined" };

    public static string Colour(SuggestionStatus status) => status switch { SuggestionStatus.Open => "govuk-tag--yellow", SuggestionStatus.Adopted => "govuk-tag--green", _ => "govuk-tag--grey" };

    /// <summary>What would change, in a sentence.</summary>
    public static string Of(GuidanceEdit? edit) => edit switch
    {
        null => "The words of this suggestion were erased.",
        { Kind: GuidanceEditKind.SwitchOff } => $"Switch the rule off: {edit.Line}",
        { Kind: GuidanceEditKind.SwitchOn } => "Switch the rule on again.",
        { Kind: GuidanceEditKind.AddLine } => $"Add {Words(edit.Line!)} to {ListName(edit.Section)}.",
        _ => $"Take {Words(edit.Line!)} away from {ListName(edit.Section)}.",
    };

    private static string Words(string line) => line.Split("=>", 2) is [var words, var instead] ? $"“{RuleListPart.InWords(words)}” (say “{instead.Trim()}”)" : $"“{RuleListPart.InWords(line)}”";

    /// <summary>A list's section as people read it.</summary>
    public static string ListName(string? section) => string.IsNullOrEmpty(section) ? "the list" : $"the list “{section.Replace('-', ' ').Replace('_', ' ')}”";
}
