using CoopAI.Adapters.Sqlite;
using CoopAI.Core;
using CoopAI.Core.Briefs;
using CoopAI.Core.Guidance;
using CoopAI.Core.Reviews;
using CoopAI.Core.Verdicts;
using CoopAI.Orchestration.Reviewing;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CoopAI.Web.Pages.Audit;

/// <summary>One rule with everything that it found in one answer.</summary>
/// <param name="Sign">Of the result to look at first.</param>
/// <param name="Results">What to look at first before the rest.</param>
public sealed record RuleVerdicts(string Id, string Name, VerdictSign Sign, IReadOnlyList<RuleResult> Results)
{
    /// <summary>Results that a member should look at, each with agree and disagree beside it.</summary>
    public IReadOnlyList<RuleResult> ToLookAt { get; } = [.. Results.Where(r => VerdictSign.Of(r).Rank < VerdictSign.Pass.Rank)];
}

/// <summary><c>/audit/answers/{id}</c>: what to look at in an answer, with agree and disagree beside each verdict, and its whole record.</summary>
[IgnoreAntiforgeryToken]
public sealed class AnswerModel(SqliteLedger ledger, ReviewBook reviews, PlantedErrors planted, GuidanceFramework guidance, IAntiforgery antiforgery, OnceOnly once) : FormPageModel
{
    public Answer Answer { get; private set; } = null!;

    public Findings Findings { get; private set; } = null!;

    public IReadOnlyList<RuleVerdicts> Rules { get; private set; } = [];

    public IReadOnlyList<Review> Reviews { get; private set; } = [];

    public IReadOnlyList<Disagreement> Disagreements { get; private set; } = [];

    public long Entry { get; private set; }

    /// <summary>The known error that was put into this answer; null: it is a real one.</summary>
    public PlantedError? Planted { get; private set; }

    /// <summary>What the known error was, for a member who has reviewed it; null: not to be told.</summary>
    public string? Revealed { get; private set; }

    /// <summary>"" for the whole answer, a rule's id, or rule and target with a bar between.</summary>
    [BindProperty(Name = "about", SupportsGet = true)]
    public string? About { get; set; }

    [BindProperty(Name = "verdict", SupportsGet = true)]
    public string? Verdict { get; set; }

    /// <summary>The verdict whose "Agree" was pressed, as <see cref="About"/> has it; null: the form at the foot was sent.</summary>
    [BindProperty(Name = "agree")]
    public string? Agree { get; set; }

    [BindProperty(Name = "member")]
    public string? Member { get; set; }

    [BindProperty(Name = "reason")]
    public string? Reason { get; set; }

    [BindProperty(Name = "once")]
    public string? Token { get; set; }

    [BindProperty(Name = "kept", SupportsGet = true)]
    public bool Kept { get; set; }

    /// <summary>What <see cref="About"/> names, in words; null: the whole answer.</summary>
    public string? AboutInWords => string.IsNullOrEmpty(About) ? null : InWords(About.Split('|', 2) is [var rule, var target] ? (rule, target) : (About, null));

    public IActionResult OnGet(string id)
    {
        if (!Load(id)) return NotFound();
        Member = ReviewerName.Of(HttpContext, null);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(string id)
    {
        if (!Load(id)) return NotFound();
        if (Agree is not null) (About, Verdict, Reason) = (Agree, "agree", null);
        Member = ReviewerName.Of(HttpContext, Member);
        var errors = new List<FormError>();
        if (!await antiforgery.IsRequestValidAsync(HttpContext)) errors.Add(new("verdict-agree", FormError.Stale));
        var verdict = Verdict switch { "agree" => ReviewVerdict.Agree, "disagree" => ReviewVerdict.Disagree, "unsure" => ReviewVerdict.Unsure, _ => (ReviewVerdict?)null };
        if (verdict is null) errors.Add(new("verdict-agree", "Say whether you agree, disagree or are unsure."));
        // In the order of the page: verdict, reason, name.
        if (verdict == ReviewVerdict.Disagree && string.IsNullOrWhiteSpace(Reason)) errors.Add(new("reason", "Say in a sentence what is wrong, so that somebody can put it right."));
        else if (Reason?.Length > ReviewDraft.MaxReason) errors.Add(new("reason", $"The reason has {Reason.Length} characters; at most {ReviewDraft.MaxReason} are kept. Shorten it."));
        if (string.IsNullOrWhiteSpace(Member)) errors.Add(new("member", "Give your name: a review counts once for each member."));
        else if (Member.Length > ReviewDraft.MaxName) errors.Add(new("member", $"The name may have up to {ReviewDraft.MaxName} characters."));
        if (errors.Count == 0)
        {
            try
            {
                var parts = (About ?? "").Split('|', 2);
                var (rule, target) = (parts[0].Length > 0 ? parts[0] : null, parts.Length > 1 ? parts[1] : null);
                await once.RunAsync(Token, string.Join('\n', id, About, Verdict, Member, Reason), () =>
                {
                    reviews.Add(new(id, Member, verdict!.Value, rule, target, Reason));
                    return Task.FromResult("");
                });
                ReviewerName.Remember(HttpContext, Member);
                // Back to the verdict that was judged, so that nobody has to look for the place again.
                return Redirect($"/audit/answers/{Uri.EscapeDataString(id)}?kept=true#{(Agree is null ? "reviews" : "rule-" + Uri.EscapeDataString(parts[0]))}");
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

    /// <summary>What is reviewed, in words.</summary>
    public string InWords((string? Rule, string? Target) about)
    {
        if (about.Rule is not { } id) return "the whole answer";
        var rule = Rules.FirstOrDefault(r => r.Id == id);
        var name = rule is null ? id : $"{rule.Name} ({id})";
        var result = about.Target is { } target ? rule?.Results.FirstOrDefault(r => AuditWords.Key(r.Target) == target) : null;
        return result is null ? name : $"{name}: {AuditWords.Of(result.Target)}";
    }

    /// <summary>What this reader, or anybody, said last of one verdict.</summary>
    public IEnumerable<Review> Of(string rule, string? target) => Reviews.Where(r => r.Counts && r.Rule == rule && r.Target == target);

    private void Reveal(PlantedError error)
    {
        var name = ReviewerName.Of(HttpContext, Member);
        Reviews = [.. Reviews.Where(r => r.Counts && name.Length > 0 && string.Equals(r.Member, name, StringComparison.OrdinalIgnoreCase))];
        if (Reviews.Count == 0 || planted.RealFigure(error) is not { } real) return;
        var found = Reviews.Any(r => r.Verdict == ReviewVerdict.Disagree);
        Revealed = $"This answer had a known error, put in to see how well reviews find one: sentence {error.Sentence + 1} says {error.Figure} where the source says {real}. {(found ? "You disagreed with something in it." : "You did not disagree with it.")} No officer ever saw it, and it counts in no figure about answers.";
    }

    private bool Load(string id)
    {
        Planted = planted.Find(id);
        var (answer, entry) = Planted is { } error ? (planted.Show(error), ledger.Answer(error.Of)?.Entry.Index) : (ledger.Find(id), ledger.Answer(id)?.Entry.Index);
        if (answer is null || entry is null) return false;
        // Of a planted answer nobody sees what others said of it, nor hears that it is one, before having reviewed it.
        (Answer, Entry, Reviews, Findings) = (answer, entry.Value, reviews.Of(id), Findings.Of(answer));
        if (Planted is null) Disagreements = reviews.Disagreements(id);
        else Reveal(Planted);
        Rules =
        [
            .. answer.Rules.GroupBy(r => r.Rule, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => new RuleVerdicts(
                g.Key, guidance.Rules.FirstOrDefault(r => r.Id == g.Key)?.Name ?? "A rule of an earlier version", g.Select(VerdictSign.Of).MinBy(s => s.Rank)!,
                [.. g.OrderBy(r => VerdictSign.Of(r).Rank)])),
        ];
        return true;
    }
}
