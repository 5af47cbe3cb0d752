using System.Globalization;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core;
using CoopAI.Core.Guidance;
using CoopAI.Core.Ledger;
using CoopAI.Core.Reviews;
using CoopAI.Core.Verdicts;
using CoopAI.Orchestration.Reviewing;
using CoopAI.Web.Security;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;

namespace CoopAI.Web.Pages.Audit;

/// <summary>One disagreement with the question of its answer.</summary>
/// <param name="Question">Null: erased.</param>
/// <param name="About">What the member disagrees with, in words.</param>
public sealed record DisagreementRow(Disagreement Disagreement, string? Question, string About);

/// <summary><c>/audit/disagreements</c>: what members disagree with, until staff or an administrator has dealt with it.</summary>
[IgnoreAntiforgeryToken]
public sealed class DisagreementsModel(ReviewBook reviews, SqliteLedger ledger, GuidanceFramework guidance, IAntiforgery antiforgery, OnceOnly once) : FormPageModel
{
    /// <summary>"all": those dealt with too.</summary>
    [BindProperty(Name = "show", SupportsGet = true)]
    public string? Show { get; set; }

    /// <summary>Number of the disagreement that is replied to.</summary>
    [BindProperty(Name = "review")]
    public string? Review { get; set; }

    [BindProperty(Name = "reply")]
    public string? Reply { get; set; }

    [BindProperty(Name = "owner")]
    public string? Owner { get; set; }

    /// <summary>"dealt-with" or "open".</summary>
    [BindProperty(Name = "status")]
    public string? Status { get; set; }

    [BindProperty(Name = "by")]
    public string? By { get; set; }

    [BindProperty(Name = "once")]
    public string? Token { get; set; }

    [BindProperty(Name = "kept", SupportsGet = true)]
    public bool Kept { get; set; }

    public IReadOnlyList<DisagreementRow> Rows { get; private set; } = [];

    public int Open { get; private set; }

    /// <summary>Whether this reader may reply: staff and administrators.</summary>
    public bool MayReply => Policies.May(User, Policies.Tagging);

    public void OnGet()
    {
        By = ReviewerName.Of(HttpContext, null);
        Load();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!MayReply) return Forbid();
        By = ReviewerName.Of(HttpContext, By);
        var field = $"reply-{Review}";
        var errors = new List<FormError>();
        if (!await antiforgery.IsRequestValidAsync(HttpContext)) errors.Add(new(field, FormError.Stale));
        if (!long.TryParse(Review, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) errors.Add(new("list", "Use the form below one of the disagreements."));
        if (Status is not ("open" or "dealt-with")) errors.Add(new(field, "Say whether it is dealt with, by one of the two buttons."));
        if (errors.Count == 0)
        {
            try
            {
                await once.RunAsync(Token, string.Join('\n', Review, Status, Owner, By, Reply), () =>
                {
                    reviews.Reply(new(number, Roles.Of(User) ?? Roles.Staff, By, Reply ?? "", Status == "dealt-with", Owner));
                    return Task.FromResult("");
                });
                ReviewerName.Remember(HttpContext, By);
                return Redirect($"/audit/disagreements?show=all&kept=true#d-{number}");
            }
            catch (BadInputException e)
            {
                errors.Add(new(e.Message.Contains("name of whoever gives", StringComparison.Ordinal) ? $"by-{Review}" : field, e.Message));
            }
        }

        Load();
        Errors = errors;
        Response.StatusCode = StatusCodes.Status400BadRequest;
        return Page();
    }

    private void Load()
    {
        var all = reviews.Disagreements();
        Open = all.Count(d => d.IsOpen);
        Rows =
        [
            .. all.Where(d => Show == "all" || d.IsOpen).Select(d => new DisagreementRow(
                d, ledger.List(LedgerKind.Answer, d.Review.AnswerId, take: 1) is [var entry] ? entry.Texts.GetValueOrDefault("question") : null, InWords(d.Review))),
        ];
    }

    private string InWords(Review review)
    {
        if (review.Rule is not { } id) return "the whole answer";
        var name = guidance.Rules.FirstOrDefault(r => r.Id == id)?.Name is { } known ? $"{known} ({id})" : id;
        return review.Target?.Split(':', 2) is not { } target ? name : $"{name}: {AuditWords.Of(new RuleTarget(target[0], target.Length > 1 ? target[1] : ""))}";
    }
}
