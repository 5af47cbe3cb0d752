using CoopAI.Core;
using CoopAI.Core.Briefs;
using CoopAI.Core.Corpus;
using CoopAI.Core.Principles;
using CoopAI.Core.Retrieval;
using CoopAI.Orchestration.Asking;
using CoopAI.Web.Hosting;
using CoopAI.Web.Pages.Answers;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CoopAI.Web.Pages.Questions;

/// <summary><c>/</c>: one question box. A question is posted, answered, recorded and shown at <c>/answers/{id}</c>.</summary>
/// <remarks>The anti-forgery token is checked here rather than by the filter, so that a form that is too old keeps what was typed.</remarks>
[IgnoreAntiforgeryToken]
public sealed class AskModel(SearchCorpus corpus, AskQuestion ask, IOffSwitch offSwitch, IAntiforgery antiforgery, OnceOnly once, AnswerProgress progress, AnswerPageRenderer pages) : FormPageModel
{
    /// <summary>Asked and answered in the shipped corpus.</summary>
    public static IReadOnlyList<string> Examples { get; } =
    [
        "How do councils involve young people in decisions?",
        "Which councils have helped people to get enough good food?",
        "How can buying keep money in the local economy?",
        CoopWeb.ExampleQuestion,
    ];

    [BindProperty(Name = "question", SupportsGet = true)]
    public string? Text { get; set; }

    /// <summary>The asker's own council.</summary>
    [BindProperty(Name = "askerCouncil", SupportsGet = true)]
    public string? AskerCouncil { get; set; }

    [BindProperty(Name = "principle", SupportsGet = true)]
    public string[] Principles { get; set; } = [];

    [BindProperty(Name = "council", SupportsGet = true)]
    public string? Council { get; set; }

    [BindProperty(Name = "year", SupportsGet = true)]
    public string? Year { get; set; }

    [BindProperty(Name = "topic", SupportsGet = true)]
    public string? Topic { get; set; }

    /// <summary>Id of the answer that this follows up.</summary>
    [BindProperty(Name = "previous", SupportsGet = true)]
    public string? Previous { get; set; }

    /// <summary>Readings of the question that the asker does not want.</summary>
    [BindProperty(Name = "without", SupportsGet = true)]
    public string[] Without { get; set; } = [];

    [BindProperty(Name = "once")]
    public string? Token { get; set; }

    public AnsweringOff? Off { get; private set; }

    public int CaseStudies { get; private set; }

    public IReadOnlyList<string> Councils { get; private set; } = [];

    public IReadOnlyList<string> Topics { get; private set; } = [];

    public bool HasFilter => Principles.Length > 0 || !string.IsNullOrWhiteSpace(Council) || !string.IsNullOrWhiteSpace(Year) || !string.IsNullOrWhiteSpace(Topic);

    /// <param name="about">Slug of a case study that the question begins from.</param>
    public async Task OnGetAsync(string? about, CancellationToken ct)
    {
        await LookUpAsync(ct);
        if (string.IsNullOrWhiteSpace(Text) && about is not null && (await corpus.CurrentAsync(ct)).Find(about)?.CaseStudy is { } found)
            Text = $"What came of “{found.Title}”, and which councils have done the like?";
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        await LookUpAsync(ct);
        if (!await antiforgery.IsRequestValidAsync(HttpContext)) return Again("question", FormError.Stale);
        if (Filter(out var filter) is { } wrong) return Again(wrong.Field, wrong.Message);
        try
        {
            var question = Question.Create(Text, filter, Trimmed(AskerCouncil)) with { Previous = Trimmed(Previous), Without = [.. Without.Where(w => !string.IsNullOrWhiteSpace(w)).Take(50)] };
            var content = string.Join('\n', question.Text, question.AskerCouncil, string.Join(',', Principles), Council, Year, Topic, question.Previous, string.Join(',', question.Without));
            // A browser that gives up does not stop the work: the same form sent again gets this answer.
            var id = await once.RunAsync(Token, content, async () =>
            {
                using var steps = progress.Start(Token);
                return (await ask.AskAsync(question, steps, answer => pages.RenderAsync(answer, HttpContext), CancellationToken.None)).Id;
            });
            return Redirect($"/answers/{id}");
        }
        catch (AnsweringOffException e)
        {
            Off = e.Off;
            return Page();
        }
        catch (BadInputException e)
        {
            return Again("question", e.Message);
        }
    }

    private FormError? Filter(out SearchFilter filter)
    {
        filter = SearchFilter.None;
        if (Principles.FirstOrDefault(p => !PrincipleIds.Contains(p)) is not null) return new("principles", "Choose principles from the list.");
        if (Council?.Length > 200) return new("council", "The council’s name may have up to 200 characters.");
        if (AskerCouncil?.Length > 200) return new("asker-council", "Your council’s name may have up to 200 characters.");
        try
        {
            var (from, to) = YearRange.Parse(Trimmed(Year));
            filter = new SearchFilter(
                Principles.Length > 0 ? Principles : null, Trimmed(Council) is { } council ? [council] : null, from, to,
                Topics: Trimmed(Topic) is { } topic ? [topic] : null);
            return null;
        }
        catch (BadInputException e)
        {
            return new("year", e.Message);
        }
    }

    private async Task LookUpAsync(CancellationToken ct)
    {
        var stored = await corpus.CurrentAsync(ct);
        CaseStudies = stored.CaseStudies.Count;
        Councils = [.. stored.CaseStudies.SelectMany(c => c.CaseStudy.Councils).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        Topics = [.. stored.CaseStudies.SelectMany(c => c.CaseStudy.Topics).CountBy(t => t).OrderByDescending(t => t.Value).ThenBy(t => t.Key, StringComparer.Ordinal)
            .Take(40).Select(t => t.Key).Order(StringComparer.Ordinal)];
        Off = offSwitch.Get();
    }

    private PageResult Again(string field, string message)
    {
        Errors = [new FormError(field, message)];
        Response.StatusCode = StatusCodes.Status400BadRequest;
        return Page();
    }

    private static string? Trimmed(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
