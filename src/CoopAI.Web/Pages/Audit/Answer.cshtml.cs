using CoopAI.Adapters.Sqlite;
using CoopAI.Core;
using CoopAI.Core.Briefs;
using CoopAI.Core.Guidance;
using CoopAI.Core.Reviews;
using CoopAI.Orchestration.Reviewing;
using CoopAI.Web.Security;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CoopAI.Web.Pages.Audit;

/// <summary>One rule with everything that it found in one answer.</summary>
/// <param name="Worst">Fail before "could not check" before pass before "does not apply".</param>
public sealed record RuleVerdicts(string Id, string Name, RuleStatus Worst, IReadOnlyList<RuleResult> Results);

/// <summary><c>/audit/answers/{id}</c>: the whole record of an answer, and the form by which members review it.</summary>
[IgnoreAntiforgeryToken]
public sealed class AnswerModel(SqliteLedger ledger, ReviewBook reviews, GuidanceFramework guidance, IAntiforgery antiforgery, OnceOnly once) : FormPageModel
{
    /// <summary>Most places of one rule that the form offers one by one: the rest are reviewed with the rule.</summary>
    private const int MostTargets = 20;

    public Answer Answer { get; private set; } = null!;

    public IReadOnlyList<RuleVerdicts> Rules { get; private set; } = [];

    public IReadOnlyList<Review> Reviews { get; private set; } = [];

    public long Entry { get; private set; }

    /// <summary>"" for the whole answer, a rule's id, or rule and target with a bar between.</summary>
    [BindProperty(Name = "about", SupportsGet = true)]
    public string? About { get; set; }

    [BindProperty(Name = "verdict")]
    public string? Verdict { get; set; }

    [BindProperty(Name = "member")]
    public string? Member { get; set; }

    [BindProperty(Name = "reason")]
    public string? Reason { get; set; }

    [BindProperty(Name = "once")]
    public string? Token { get; set; }

    [BindProperty(Name = "kept", SupportsGet = true)]
    public bool Kept { get; set; }

    /// <summary>What a review can be about: value and text.</summary>
    public IEnumerable<(string Value, string Text)> Subjects =>
        Rules.SelectMany(r => r.Results.Count > 1
            ? r.Results.Where(x => x.Status is not RuleStatus.NotApplicable).DistinctBy(x => AuditWords.Key(x.Target)).Take(MostTargets)
                .Select(x => ($"{r.Id}|{AuditWords.Key(x.Target)}", $"{r.Id}, {AuditWords.Of(x.Target)}: {AuditWords.Of(x.Status)}")).Prepend((r.Id, $"{r.Id} {r.Name}"))
            : [(r.Id, $"{r.Id} {r.Name}: {AuditWords.Of(r.Worst)}")]);

    public IActionResult OnGet(string id) => Load(id) ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync(string id)
    {
        if (!Load(id)) return NotFound();
        Member = Roles.NameOf(User, Member ?? "");
        var errors = new List<FormError>();
        if (!await antiforgery.IsRequestValidAsync(HttpContext)) errors.Add(new("verdict-agree", FormError.Stale));
        var verdict = Verdict switch { "agree" => ReviewVerdict.Agree, "disagree" => ReviewVerdict.Disagree, "unsure" => ReviewVerdict.Unsure, _ => (ReviewVerdict?)null };
        if (verdict is null) errors.Add(new("verdict-agree", "Say whether you agree, disagree or are unsure."));
        if (string.IsNullOrWhiteSpace(Member)) errors.Add(new("member", "Give your name: a review counts once for each member."));
        else if (Member.Trim().Length > ReviewDraft.MaxName) errors.Add(new("member", $"The name may have up to {ReviewDraft.MaxName} characters."));
        if (verdict == ReviewVerdict.Disagree && string.IsNullOrWhiteSpace(Reason)) errors.Add(new("reason", "Say in a sentence what is wrong, so that the rule or the answer can be put right."));
        else if (Reason?.Length > ReviewDraft.MaxReason) errors.Add(new("reason", $"The reason has {Reason.Length} characters; at most {ReviewDraft.MaxReason} are kept. Shorten it."));
        if (errors.Count == 0)
        {
            try
            {
                var parts = (About ?? "").Split('|', 2);
                var (rule, target) = (parts[0].Length > 0 ? parts[0] : null, parts.Length > 1 ? parts[1] : null);
                await once.RunAsync(Token, string.Join('\n', id, About, Verdict, Member, Reason), () =>
                {
                    reviews.Add(new(id, Member!, verdict!.Value, rule, target, Reason));
                    return Task.FromResult("");
                });
                return Redirect($"/audit/answers/{Uri.EscapeDataString(id)}?kept=true#reviews");
            }
            catch (BadInputException e)
            {
                errors.Add(new("about", e.Message));
            }
        }

        Errors = errors;
        Response.StatusCode = StatusCodes.Status400BadRequest;
        return Page();
    }

    private bool Load(string id)
    {
        if (ledger.Find(id) is not { } answer || ledger.Answer(id) is not { } recorded) return false;
        (Answer, Entry, Reviews) = (answer, recorded.Entry.Index, reviews.Of(id));
        Rules =
        [
            .. answer.Rules.GroupBy(r => r.Rule, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => new RuleVerdicts(
                g.Key, guidance.Rules.FirstOrDefault(r => r.Id == g.Key)?.Name ?? "A rule of an earlier version", g.MinBy(r => Rank(r.Status))!.Status, [.. g.OrderBy(r => Rank(r.Status))])),
        ];
        return true;
    }

    private static int Rank(RuleStatus status) => status switch { RuleStatus.Fail => 0, RuleStatus.CouldNotCheck => 1, RuleStatus.Pass => 2, _ => 3 };
}
