using CoopAI.Adapters.Sqlite;
using CoopAI.Core;
using CoopAI.Core.Guidance;
using CoopAI.Core.Ledger;
using CoopAI.Core.Verdicts;
using CoopAI.Orchestration.Reviewing;
using CoopAI.Web.Security;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;

namespace CoopAI.Web.Pages.Audit;

/// <summary>A past answer of which something would be said otherwise.</summary>
/// <param name="Question">Null: erased.</param>
public sealed record TriedAnswer(string Id, string? Question, IReadOnlyList<ChangedVerdict> Changes);

/// <summary><c>/audit/suggestions/{number}</c>: one suggested change, what past answers and worked examples would say of it, and the decision.</summary>
[IgnoreAntiforgeryToken]
public sealed class SuggestionModel(
    SuggestionBook suggestions, GuidanceInForce inForce, GuidanceRunner rules, RuleExamples examples, SqliteLedger ledger, IAntiforgery antiforgery, OnceOnly once) : FormPageModel
{
    /// <summary>Answers listed on the page; the rest is counted.</summary>
    public const int MostShown = 20;

    public Suggestion Suggestion { get; private set; } = null!;

    public string RuleName { get; private set; } = "";

    /// <summary>What would change; null: it is decided, or cannot be tried.</summary>
    public ReplayReport? Trial { get; private set; }

    public IReadOnlyList<TriedAnswer> Answers { get; private set; } = [];

    /// <summary>Worked examples of the rule that would be judged otherwise: what it says now, and what it would say.</summary>
    public IReadOnlyList<(RuleExample Now, RuleStatus Then)> Examples { get; private set; } = [];

    public int ExamplesTried { get; private set; }

    /// <summary>Why it cannot be tried; null: it can.</summary>
    public string? CannotTry { get; private set; }

    /// <summary>The version that the trial was made under.</summary>
    [BindProperty(Name = "version")]
    public string? Version { get; set; }

    /// <summary>"adopt" or "decline".</summary>
    [BindProperty(Name = "decision")]
    public string? Decision { get; set; }

    [BindProperty(Name = "reason")]
    public string? Reason { get; set; }

    [BindProperty(Name = "by")]
    public string? By { get; set; }

    [BindProperty(Name = "once")]
    public string? Token { get; set; }

    [BindProperty(Name = "done", SupportsGet = true)]
    public string? Done { get; set; }

    public bool MayDecide => Policies.May(User, Policies.Tagging);

    public IActionResult OnGet(long number, CancellationToken ct)
    {
        if (!Load(number, ct)) return NotFound();
        By = ReviewerName.Of(HttpContext, null);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(long number, CancellationToken ct)
    {
        if (!MayDecide) return Forbid();
        By = ReviewerName.Of(HttpContext, By);
        var errors = new List<FormError>();
        if (!await antiforgery.IsRequestValidAsync(HttpContext)) errors.Add(new("reason", FormError.Stale));
        if (Decision is not ("adopt" or "decline")) errors.Add(new("reason", "Adopt or decline it, by one of the two buttons."));
        if (string.IsNullOrWhiteSpace(Reason)) errors.Add(new("reason", "Say why: whoever suggested it reads it."));
        if (string.IsNullOrWhiteSpace(By)) errors.Add(new("by", "Give your name: it stands beside the decision."));
        if (errors.Count == 0)
        {
            try
            {
                await once.RunAsync(Token, string.Join('\n', number, Decision, By, Reason), () =>
                {
                    var role = Roles.Of(User) ?? Roles.Staff;
                    if (Decision == "adopt") suggestions.Adopt(number, Version ?? "", role, By, Reason!);
                    else suggestions.Decline(number, role, By, Reason!);
                    return Task.FromResult("");
                });
                ReviewerName.Remember(HttpContext, By);
                return Redirect($"/audit/suggestions/{number}?done={Decision}");
            }
            catch (BadInputException e)
            {
                errors.Add(new("reason", e.Message));
            }
        }

        if (!Load(number, ct)) return NotFound();
        Errors = errors;
        Response.StatusCode = StatusCodes.Status400BadRequest;
        return Page();
    }

    /// <summary>A verdict with what was done, in words.</summary>
    public static string Verdict(RuleStatus? status, IReadOnlyList<RuleAction> actions)
    {
        ArgumentNullException.ThrowIfNull(actions);
        return (status is { } s ? AuditWords.Of(s).ToLowerInvariant() : "nothing to say") + (actions.Count == 0 ? "" : $" ({string.Join(", ", actions.Select(a => AuditWords.Of(a).ToLowerInvariant()))})");
    }

    private bool Load(long number, CancellationToken ct)
    {
        if (suggestions.Find(number) is not { } found) return false;
        Suggestion = found;
        var framework = inForce.Current;
        Version = framework.Version;
        RuleName = framework.Rules.FirstOrDefault(r => r.Id == found.Rule)?.Name ?? found.Rule;
        if (found.Status != SuggestionStatus.Open || !MayDecide) return true;
        try
        {
            Trial = suggestions.TryOut(found, rules, ct);
            Answers =
            [
                .. Trial.Changes.GroupBy(c => c.AnswerId, StringComparer.Ordinal).Take(MostShown).Select(g => new TriedAnswer(
                    g.Key, ledger.List(LedgerKind.Answer, g.Key, take: 1) is [var entry] ? entry.Texts.GetValueOrDefault("question") : null, [.. g])),
            ];
            var now = examples.Of(found.Rule);
            ExamplesTried = now.Count;
            Examples = [.. now.Zip(examples.Under(found.Rule, rules.With(framework.With(found.Edit!)))).Where(p => p.First.Verdict != p.Second).Select(p => (p.First, p.Second))];
        }
        catch (BadInputException e)
        {
            CannotTry = e.Message;
        }

        return true;
    }
}
