using System.Globalization;
using System.Text;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core;
using CoopAI.Core.Briefs;
using CoopAI.Core.Corpus;
using CoopAI.Core.Guidance;
using CoopAI.Core.Verdicts;
using CoopAI.Web.Documents;
using CoopAI.Web.Security;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CoopAI.Web.Pages.Answers;

/// <summary><c>/answers/{id}</c>: a recorded brief; <c>/markdown</c> and <c>/document</c> below it give it as a file, <c>/feedback</c> takes what the officer thinks.</summary>
/// <remarks>Read from the ledger every time, so the same address shows the same answer.</remarks>
[IgnoreAntiforgeryToken]
public sealed class AnswerModel(SqliteLedger ledger, FeedbackBook feedback, GuidanceFramework guidance, IAntiforgery antiforgery, OnceOnly once, ServiceAddress service, ICaseStudyHistory history) : FormPageModel
{
    /// <summary>Rules whose lines say who should have a say; the page gathers them.</summary>
    private static readonly string[] VoiceRules = ["VG15", "VG16", "VG17"];

    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    public Answer Answer { get; private set; } = null!;

    [BindProperty(Name = "useful")]
    public string? Useful { get; set; }

    [BindProperty(Name = "reason")]
    public string[] Reasons { get; set; } = [];

    [BindProperty(Name = "comment")]
    public string? Comment { get; set; }

    [BindProperty(Name = "once")]
    public string? Token { get; set; }

    [BindProperty(Name = "thanks", SupportsGet = true)]
    public bool Thanks { get; set; }

    public bool HasBrief => Answer.Outcome is Outcome.Answered or Outcome.PartlyAnswered or Outcome.MayHelp;

    /// <summary>The brief in order: a heading with the sentences below it.</summary>
    public IReadOnlyList<(string? Heading, IReadOnlyList<AnswerSentence> Sentences)> Parts { get; private set; } = [];

    /// <summary>Lines of the service that are neither headings nor about who should have a say.</summary>
    public IReadOnlyList<AnswerSentence> Lines { get; private set; } = [];

    public IReadOnlyList<AnswerSentence> Voices { get; private set; } = [];

    /// <summary>Places of the sentences that the brief quotes.</summary>
    public IReadOnlySet<(string Slug, int Start)> Quoted { get; private set; } = new HashSet<(string, int)>();

    /// <summary>The sentences themselves: a card does not say them again.</summary>
    public IReadOnlySet<string> Said { get; private set; } = new HashSet<string>();

    /// <summary>What the numbers in the brief mean on paper: title, council and whole address of each source, in order of number.</summary>
    public IReadOnlyList<(string Title, string? Council, string Address)> Notes => [.. _numbers.OrderBy(n => n.Value).Select(n => PrecedentOf(n.Key) is { } p
        ? (p.Title, p.LeadMember, p.Url ?? $"{Address}/case-studies/{Uri.EscapeDataString(n.Key)}")
        : (Answer.Sources.FirstOrDefault(s => s.Slug == n.Key)?.Title ?? n.Key, null, $"{Address}/case-studies/{Uri.EscapeDataString(n.Key)}"))];

    public IReadOnlyList<ConsideredSource> NotUsed { get; private set; } = [];

    /// <summary>What rules found, one line each, in plain words.</summary>
    public IReadOnlyList<(string Rule, string Name, string Explanation)> Found { get; private set; } = [];

    public string Markdown => BriefMarkup.ToMarkdown(Answer, Address, SourcesSince.Of(Answer, history));

    public string ContactAddress => Answer.Notice.Contact.Contains('@', StringComparison.Ordinal) && !Answer.Notice.Contact.Contains(' ', StringComparison.Ordinal) ? $"mailto:{Answer.Notice.Contact}" : "";

    private string Address => service.Of(Request);

    public int Number(string slug) => _numbers[slug];

    public Precedent? PrecedentOf(string slug) => Answer.Precedents.FirstOrDefault(p => p.Slug == slug);

    public int Count(RuleStatus status) => Answer.Rules.Count(r => r.Status == status);

    public string Heading => Answer.Heading ?? "A question that is not kept";

    /// <summary>Longest heading, in characters; a pasted e-mail would fill the screen.</summary>
    private const int MaxHeading = 200;

    /// <summary>Whether the heading is not all that was sent.</summary>
    public bool LongHeading => Heading.Length > MaxHeading || (Answer.Question is { } question && question != Heading);

    /// <summary>The heading, cut at a word.</summary>
    public string ShortHeading
    {
        get
        {
            if (Heading.Length <= MaxHeading) return Heading;
            var cut = Heading.LastIndexOf(' ', MaxHeading);
            return Heading[..(cut > MaxHeading / 2 ? cut : char.IsHighSurrogate(Heading[MaxHeading - 1]) ? MaxHeading - 1 : MaxHeading)].TrimEnd() + "…";
        }
    }

    /// <summary>Nothing was searched for or shown: a page of its own says what to do next.</summary>
    public bool IsRefusal => Answer.Outcome is Outcome.OutOfScope or Outcome.Held or Outcome.Failed;

    /// <summary>Why, without the rule's number, which says nothing to an officer.</summary>
    public string RefusalSummary => Answer.Summary is not { } summary ? "This text was erased."
        : summary.StartsWith("This was held by rule ", StringComparison.Ordinal) && summary.IndexOf("”. ", StringComparison.Ordinal) is > 0 and var end && end + 3 < summary.Length ? summary[(end + 3)..]
        : summary;

    public string Link => $"{Address}/answers/{Answer.Id}";

    public string OutcomeWord => WordOf(Answer.Outcome);

    /// <summary>An outcome in words for the officer.</summary>
    public static string WordOf(Outcome outcome) => outcome switch
    {
        Outcome.Answered => "Answered",
        Outcome.PartlyAnswered => "Partly answered",
        Outcome.MayHelp => "May help",
        Outcome.NotFound => "No precedent found",
        Outcome.OutOfScope => "Not a question about precedents",
        Outcome.Held => "Held by a rule",
        _ => "Not answered",
    };

    /// <summary>Each outcome has a colour of its own; the word beside it says the same.</summary>
    public static string ColourOf(Outcome outcome) => outcome switch
    {
        Outcome.Answered => "govuk-tag--green",
        Outcome.PartlyAnswered => "govuk-tag--yellow",
        Outcome.MayHelp => "govuk-tag--blue",
        Outcome.NotFound => "govuk-tag--grey",
        _ => "govuk-tag--red",
    };

    /// <summary>Title and next step of a refusal.</summary>
    public static (string Title, string Next) RefusalOf(Outcome outcome) => outcome switch
    {
        Outcome.OutOfScope => ("This service cannot do that", "Ask what other councils have done: name the subject, and a council or a year if you like."),
        Outcome.Held => ("This question was stopped by a rule", "Ask again about what councils have done, without names or details of people and without asking for a decision about one person or for party campaigning."),
        _ => ("This question could not be answered now", "Nothing is wrong with your question. Try again in a few minutes."),
    };

    /// <summary>The form with the same question and filters, filled in.</summary>
    /// <param name="without">A reading of the question to leave out; null: none.</param>
    public string FormLink(string? without = null)
    {
        var query = new List<(string Name, string? Value)> { ("question", Answer.Question), ("previous", Answer.Previous), ("askerCouncil", Answer.AskerCouncil) };
        query.AddRange((Answer.Understood?.Without ?? []).Append(without).OfType<string>().Distinct(StringComparer.Ordinal).Select(w => ("without", (string?)w)));
        query.AddRange((Answer.Filter.Councils ?? []).Take(1).Select(c => ("council", (string?)c)));
        query.AddRange((Answer.Filter.Topics ?? []).Take(1).Select(t => ("topic", (string?)t)));
        query.AddRange((Answer.Filter.Principles ?? []).Select(p => ("principle", (string?)p)));
        query.Add(("yearFrom", Answer.Filter.YearFrom?.ToString(CultureInfo.InvariantCulture)));
        query.Add(("yearTo", Answer.Filter.YearTo?.ToString(CultureInfo.InvariantCulture)));
        return "/?" + string.Join('&', query.Where(q => q.Value is not null).Select(q => $"{q.Name}={Uri.EscapeDataString(q.Value!)}"));
    }

    /// <summary>Where the very sentence stands.</summary>
    public static string LinkTo(Citation citation)
    {
        ArgumentNullException.ThrowIfNull(citation);
        return string.Create(CultureInfo.InvariantCulture, $"/case-studies/{Uri.EscapeDataString(citation.Slug)}?from={citation.Start}&to={citation.End}#quote");
    }

    public override void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.HandlerMethod is null || !Load((string?)RouteData.Values["id"])) context.Result = NotFound();
    }

    public void OnGet()
    {
        // Everything was read above.
    }

    public FileContentResult OnGetMarkdown() => File(Encoding.UTF8.GetBytes(Markdown), "text/markdown; charset=utf-8", $"brief-{Answer.Id}.md");

    public FileContentResult OnGetDocument() => File(BriefDocument.Write(Answer, Address, SourcesSince.Of(Answer, history)), BriefDocument.ContentType, BriefDocument.FileName(Answer));

    public async Task<IActionResult> OnPostFeedbackAsync()
    {
        var errors = new List<FormError>();
        if (!await antiforgery.IsRequestValidAsync(HttpContext)) errors.Add(new("useful-yes", FormError.Stale));
        if (Useful is not ("yes" or "no")) errors.Add(new("useful-yes", "Say whether the brief was useful."));
        if (Comment?.Length > FeedbackBook.MaxComment)
            errors.Add(new("comment", $"The comment has {Comment.Length} characters; at most {FeedbackBook.MaxComment} are kept. Shorten it."));
        if (errors.Count == 0)
        {
            try
            {
                await once.RunAsync(Token, string.Join('\n', Answer.Id, Useful, string.Join(',', Reasons), Comment), () =>
                {
                    feedback.Add(Answer.Id, Useful == "yes", Reasons, Comment);
                    return Task.FromResult("");
                });
                return Redirect($"/answers/{Answer.Id}?thanks=true#feedback");
            }
            catch (BadInputException e)
            {
                errors.Add(new("reasons", e.Message));
            }
        }

        Errors = errors;
        Response.StatusCode = StatusCodes.Status400BadRequest;
        return Page();
    }

    private bool Load(string? id)
    {
        if (id is null || ledger.Find(id) is not { } answer) return false;
        Show(answer);
        return true;
    }

    /// <summary>Takes the answer that the page is about.</summary>
    internal void Show(Answer answer)
    {
        Answer = answer;
        foreach (var slug in answer.Sentences.SelectMany(s => s.Citations).Select(c => c.Slug)) _numbers.TryAdd(slug, _numbers.Count + 1);
        (Parts, Lines, Voices) = Arrange(answer.Sentences);
        Quoted = answer.Sentences.SelectMany(s => s.Citations).Select(c => (c.Slug, c.Start)).ToHashSet();
        Said = answer.Sentences.Where(s => s.Kind == SentenceKind.Answer && s.Text is not null).Select(s => s.Text).ToHashSet(StringComparer.Ordinal);
        NotUsed = [.. answer.Sources.Where(s => !s.Used)];
        Found =
        [
            .. answer.Rules.Where(r => r.Status is RuleStatus.Fail or RuleStatus.CouldNotCheck)
                .DistinctBy(r => (r.Rule, r.Explanation)).GroupBy(r => r.Rule, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal)
                // One line a rule: the same remark about every sentence tells an officer nothing more.
                .Select(g => (g.Key, guidance.Rules.FirstOrDefault(d => d.Id == g.Key)?.Name ?? g.Key,
                    g.Count() == 1 ? g.First().Explanation : string.Create(CultureInfo.InvariantCulture, $"{g.Count()} findings, the first: {g.First().Explanation ?? "erased"}"))),
        ];
    }

    /// <summary>One question's share of the brief, as <see cref="Parts"/>.</summary>
    internal static IReadOnlyList<(string? Heading, IReadOnlyList<AnswerSentence> Sentences)> PartsOf(AnswerPart part) => Arrange(part.Sentences ?? []).Parts;

    private static (IReadOnlyList<(string? Heading, IReadOnlyList<AnswerSentence> Sentences)> Parts, IReadOnlyList<AnswerSentence> Lines, IReadOnlyList<AnswerSentence> Voices) Arrange(
        IReadOnlyList<AnswerSentence> all)
    {
        var parts = new List<(string? Heading, List<AnswerSentence> Sentences)>();
        var (lines, voices) = (new List<AnswerSentence>(), new List<AnswerSentence>());
        foreach (var sentence in all)
        {
            if (sentence.Kind == SentenceKind.Answer)
            {
                if (parts.Count == 0) parts.Add((null, []));
                parts[^1].Sentences.Add(sentence);
            }
            else if (sentence.Kind == SentenceKind.Lead)
            {
                // It stands at the head of the page or of its question.
            }
            else if (sentence.Text is { } text && text.EndsWith(':'))
            {
                parts.Add((text.TrimEnd(':'), []));
            }
            else
            {
                (VoiceRules.Contains(sentence.Rule) ? voices : lines).Add(sentence);
            }
        }

        return ([.. parts.Where(p => p.Sentences.Count > 0).Select(p => (p.Heading, (IReadOnlyList<AnswerSentence>)p.Sentences))], lines, voices);
    }
}
