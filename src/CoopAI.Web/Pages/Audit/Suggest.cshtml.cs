using CoopAI.Core;
using CoopAI.Core.Guidance;
using CoopAI.Core.Reviews;
using CoopAI.Orchestration.Reviewing;
using CoopAI.Web.Security;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;

namespace CoopAI.Web.Pages.Audit;

/// <summary><c>/audit/suggestions/new</c>: suggests a change of one rule or of a list that it goes by.</summary>
[IgnoreAntiforgeryToken]
public sealed class SuggestModel(SuggestionBook suggestions, GuidanceFramework guidance, IAntiforgery antiforgery, OnceOnly once) : FormPageModel
{
    [BindProperty(Name = "rule", SupportsGet = true)]
    public string? RuleId { get; set; }

    /// <summary>"add", "remove", "off" or "on".</summary>
    [BindProperty(Name = "kind")]
    public string? Kind { get; set; }

    /// <summary>Number of the list that words are added to, as the page counts them.</summary>
    [BindProperty(Name = "list")]
    public int? ListNumber { get; set; }

    [BindProperty(Name = "words")]
    public string? Words { get; set; }

    /// <summary>What people should write instead, for a list that says so.</summary>
    [BindProperty(Name = "instead")]
    public string? Instead { get; set; }

    /// <summary>The line to take away: numbers of list and line.</summary>
    [BindProperty(Name = "line")]
    public string? Line { get; set; }

    [BindProperty(Name = "reason")]
    public string? Reason { get; set; }

    [BindProperty(Name = "by")]
    public string? By { get; set; }

    [BindProperty(Name = "once")]
    public string? Token { get; set; }

    public RuleDefinition Rule { get; private set; } = null!;

    public IReadOnlyList<RuleList> Lists { get; private set; } = [];

    public bool MayLoosen => SuggestionBook.MayLoosen(Rule);

    /// <summary>Whether a list says what to write instead of each of its words.</summary>
    public static bool HasInstead(RuleList list)
    {
        ArgumentNullException.ThrowIfNull(list);
        return list.Lines.Any(l => l.Contains("=>", StringComparison.Ordinal));
    }

    public IActionResult OnGet()
    {
        if (!Load()) return NotFound();
        By = ReviewerName.Of(HttpContext, null);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!Load()) return NotFound();
        By = ReviewerName.Of(HttpContext, By);
        var errors = new List<FormError>();
        if (!await antiforgery.IsRequestValidAsync(HttpContext)) errors.Add(new("reason", FormError.Stale));
        var edit = Edit(errors);
        if (string.IsNullOrWhiteSpace(Reason)) errors.Add(new("reason", "Say why, so that whoever decides can follow you."));
        else if (Reason.Length > SuggestionBook.MaxReason) errors.Add(new("reason", $"The reason has {Reason.Length} characters; at most {SuggestionBook.MaxReason} are kept. Shorten it."));
        if (string.IsNullOrWhiteSpace(By)) errors.Add(new("by", "Give your name: it stands beside the suggestion."));
        else if (By.Length > ReviewDraft.MaxName) errors.Add(new("by", $"The name may have up to {ReviewDraft.MaxName} characters."));
        if (errors.Count == 0)
        {
            try
            {
                var number = await once.RunAsync(Token, string.Join('\n', RuleId, Kind, edit!.File, edit.Section, edit.Line, By, Reason), () =>
                    Task.FromResult(suggestions.Suggest(edit, Roles.Of(User) ?? Roles.Member, By, Reason!).ToString(System.Globalization.CultureInfo.InvariantCulture)));
                ReviewerName.Remember(HttpContext, By);
                return Redirect($"/audit/suggestions/{number}?done=suggested");
            }
            catch (BadInputException e)
            {
                errors.Add(new(Kind switch { "add" => "words", "remove" => "line", _ => "kind-add" }, e.Message));
            }
        }

        Errors = errors;
        Response.StatusCode = StatusCodes.Status400BadRequest;
        return Page();
    }

    private GuidanceEdit? Edit(List<FormError> errors)
    {
        switch (Kind)
        {
            case "off":
                return new(Rule.Id, GuidanceEditKind.SwitchOff, Line: string.IsNullOrWhiteSpace(Reason) ? null : Short(Reason));
            case "on":
                return new(Rule.Id, GuidanceEditKind.SwitchOn);
            case "remove" when Line?.Split('-') is [var l, var n] && int.TryParse(l, out var list) && int.TryParse(n, out var line) && list >= 0 && list < Lists.Count && line >= 0 && line < Lists[list].Lines.Count:
                return new(Rule.Id, GuidanceEditKind.RemoveLine, Lists[list].File, Lists[list].Section, Lists[list].Lines[line]);
            case "remove":
                errors.Add(new("line", "Choose the words to take away."));
                return null;
            case "add":
                var to = Lists.Count == 1 ? 0 : ListNumber ?? -1;
                if (to < 0 || to >= Lists.Count) errors.Add(new("list", "Choose the list that the words go to."));
                var words = Plain(Words, "words", "Write the words to add.", errors);
                if (words is null || to < 0 || to >= Lists.Count) return null;
                if (HasInstead(Lists[to])) words = Plain(Instead, "instead", "Write what people should say instead: this list says it for each of its words.", errors) is { } instead ? $"{words} => {instead}" : null;
                return words is null ? null : new(Rule.Id, GuidanceEditKind.AddLine, Lists[to].File, Lists[to].Section, words);
            default:
                errors.Add(new("kind-add", "Choose what should change."));
                return null;
        }
    }

    // Lists are patterns, whose signs mean something: what is typed here is words and nothing else.
    private static string? Plain(string? typed, string field, string missing, List<FormError> errors)
    {
        var words = string.Join(' ', (typed ?? "").Replace('’', '\'').Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ToLowerInvariant();
        if (words.Length == 0) errors.Add(new(field, missing));
        else if (words.Length > 100) errors.Add(new(field, "Write at most 100 characters."));
        else if (!words.All(c => char.IsLetterOrDigit(c) || c is ' ' or '\'' or '-')) errors.Add(new(field, "Write words alone: letters, figures, hyphens and apostrophes."));
        else return words;
        return null;
    }

    private static string Short(string reason) => string.Join(' ', reason.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)) is var line && line.Length > GuidanceEdit.MaxLine ? line[..(GuidanceEdit.MaxLine - 1)] + "…" : line;

    private bool Load()
    {
        if (guidance.Rules.FirstOrDefault(r => string.Equals(r.Id, RuleId, StringComparison.OrdinalIgnoreCase)) is not { } rule) return false;
        (Rule, Lists) = (rule, SuggestionBook.ListsOf(guidance, rule));
        return true;
    }
}
