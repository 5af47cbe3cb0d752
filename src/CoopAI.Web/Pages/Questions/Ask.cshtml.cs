using System.Globalization;
using System.Runtime.CompilerServices;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core;
using CoopAI.Core.Briefs;
using CoopAI.Core.Cards;
using CoopAI.Core.Corpus;
using CoopAI.Core.Ledger;
using CoopAI.Core.Principles;
using CoopAI.Core.Questions;
using CoopAI.Core.Ranking;
using CoopAI.Core.Retrieval;
using CoopAI.Orchestration.Ingesting;
using CoopAI.Orchestration.Asking;
using CoopAI.Web.Hosting;
using CoopAI.Web.Pages.Answers;
using CoopAI.Web.Security;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CoopAI.Web.Pages.Questions;

/// <summary><c>/</c>: one question box. A question is posted, answered, recorded and shown at <c>/answers/{id}</c>.</summary>
/// <remarks>The anti-forgery token is checked here rather than by the filter, so that a form that is too old keeps what was typed.</remarks>
[IgnoreAntiforgeryToken]
public sealed class AskModel(SearchCorpus corpus, AskQuestion ask, IOffSwitch offSwitch, IAntiforgery antiforgery, OnceOnly once, AnswerProgress progress, AnswerPageRenderer pages, Signposts signposts, ICaseStudyHistory history, SampleBrief samples, SqliteLedger ledger, QuestionShelf shelf) : FormPageModel
{
    /// <summary>Asked and answered in the shipped corpus.</summary>
    public static IReadOnlyList<string> Examples { get; } =
    [
        "How do councils involve young people in decisions?",
        "Which councils work on food poverty with local organisations?",
        "How do councils use social value when they buy?",
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

    /// <summary>The council that was meant by one typed wrongly.</summary>
    [BindProperty(Name = "meant")]
    public string? Meant { get; set; }

    /// <summary>First and last year; they stand before <see cref="Year"/>, which older addresses carry.</summary>
    [BindProperty(Name = "yearFrom", SupportsGet = true)]
    public string? YearFrom { get; set; }

    [BindProperty(Name = "yearTo", SupportsGet = true)]
    public string? YearTo { get; set; }

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

    /// <summary>Names near to the council that was typed, when no council that is held is called so.</summary>
    public IReadOnlyList<string> DidYouMean { get; private set; } = [];

    /// <summary>What was typed tells of a danger to the writer or to somebody else: where to get help; null: it does not.</summary>
    public Danger? Danger { get; private set; }

    /// <summary>The newest case studies.</summary>
    public IReadOnlyList<CaseStudyVersion> Latest { get; private set; } = [];

    /// <summary>A real brief, of which the page shows the beginning; null: no example is answered from these case studies.</summary>
    public Answer? Sample { get; private set; }

    /// <summary>Questions of this account that are still kept, newest first; null: nobody signs in, and the browser keeps them.</summary>
    public IReadOnlyList<(string Id, string Question)>? Yours { get; private set; }

    [BindProperty(Name = "forgotten", SupportsGet = true)]
    public bool Forgotten { get; set; }

    private string? Years => (Trimmed(YearFrom), Trimmed(YearTo)) switch
    {
        (null, null) => Trimmed(Year),
        var (from, to) when from == to => from,
        var (from, to) => $"{from}..{to}",
    };

    public bool HasFilter => Principles.Length > 0 || !string.IsNullOrWhiteSpace(Council) || !string.IsNullOrWhiteSpace(Years) || !string.IsNullOrWhiteSpace(Topic);

    /// <param name="about">Slug of a case study that the question begins from.</param>
    public async Task OnGetAsync(string? about, CancellationToken ct)
    {
        await LookUpAsync(ct);
        if (string.IsNullOrWhiteSpace(Text) && about is not null && (await corpus.CurrentAsync(ct)).Find(about)?.CaseStudy is { } found)
            Text = $"What came of “{found.Title}”, and which councils have done the like?";
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        if (Trimmed(Meant) is { } meant) Council = meant;
        await LookUpAsync(ct);
        if (!await antiforgery.IsRequestValidAsync(HttpContext)) return Again("question", FormError.Stale);
        // Somebody in need gets help at once: nothing is searched for, recorded or shown again.
        Danger = signposts.Read(Text);
        if (Danger is not null)
        {
            Response.Headers.CacheControl = "no-store";
            return Page();
        }

        if (Filter(out var filter) is { } wrong) return Again(wrong.Field, wrong.Message);
        try
        {
            var question = Question.Create(Text, filter, Trimmed(AskerCouncil), Trimmed(Previous), Without);
            var content = string.Join('\n', question.Text, question.AskerCouncil, string.Join(',', Principles), Council, Years, Topic, question.Previous, string.Join(',', question.Without));
            // A browser that gives up does not stop the work: the same form sent again gets this answer.
            var id = await once.RunAsync(Token, content, async () =>
            {
                using var steps = progress.Start(Token);
                return (await ask.AskAsync(question, steps, answer => pages.RenderAsync(answer, HttpContext), CancellationToken.None)).Id;
            });
            if (Sessions.AccountOf(User) is { } account) shelf.Add(account, id);
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

    /// <summary>Takes the questions of this account away.</summary>
    public async Task<IActionResult> OnPostForgetAsync(CancellationToken ct)
    {
        await LookUpAsync(ct);
        if (!await antiforgery.IsRequestValidAsync(HttpContext)) return Again("question", FormError.Stale);
        if (Sessions.AccountOf(User) is { } account) shelf.Clear(account);
        return Redirect("/?forgotten=true");
    }

    private FormError? Filter(out SearchFilter filter)
    {
        filter = SearchFilter.None;
        if (Principles.FirstOrDefault(p => !PrincipleIds.Contains(p)) is not null) return new("principles", "Choose principles from the list.");
        if (Council?.Length > 200) return new("council", "The council’s name may have up to 200 characters.");
        if (AskerCouncil?.Length > 200) return new("asker-council", "Your council’s name may have up to 200 characters.");
        try
        {
            var (from, to) = YearRange.Parse(Years);
            if (Trimmed(Council) is { } typed && typed.Length <= 100 && Unheld(typed))
            {
                DidYouMean = Near(typed);
                return new("council", DidYouMean.Count > 0
                    ? $"No case study is held of a council called “{typed}”. Did you mean one of these?"
                    : $"No case study is held of a council called “{typed}”. Choose one from the list, or leave this empty.");
            }

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
        if (Sessions.AccountOf(User) is { } account)
            Yours = [.. shelf.Of(account).Select(id => (id, Question: ledger.List(LedgerKind.Answer, id, take: 1) is [var e] ? e.Texts.GetValueOrDefault("question") : null)).Where(q => q.Question is not null).Select(q => (q.id, q.Question!))];
        if (HttpMethods.IsGet(Request.Method)) Latest = [.. history.PublishedSince(DateTimeOffset.MinValue, 200).Where(v => stored.Find(v.Slug) is not null).Take(3)];
        if (HttpMethods.IsGet(Request.Method) && Text is null) Sample = await samples.OfAsync(Examples, ct);
        if (string.IsNullOrWhiteSpace(YearFrom) && string.IsNullOrWhiteSpace(YearTo)) ShowYears();
    }

    // An older address carries both years in one.
    private void ShowYears()
    {
        try
        {
            var (from, to) = YearRange.Parse(Trimmed(Year));
            (YearFrom, YearTo) = (from?.ToString(CultureInfo.InvariantCulture), to?.ToString(CultureInfo.InvariantCulture));
        }
        catch (BadInputException)
        {
            YearFrom = Year;
        }
    }

    private bool Unheld(string typed) => !Councils.Any(c => CouncilTable.Default.Names(typed, c) || c.Contains(typed, StringComparison.OrdinalIgnoreCase));

    /// <summary>At most three held names within two changed letters of what was typed, nearest first.</summary>
    private List<string> Near(string typed) =>
        [.. Councils.Select(c => (Name: c, Away: c.Split(' ').Append(c).Min(w => Changes(w.ToUpperInvariant(), typed.ToUpperInvariant()))))
            .Where(c => c.Away <= (typed.Length < 5 ? 1 : 2)).OrderBy(c => c.Away).ThenBy(c => c.Name, StringComparer.Ordinal).Take(3).Select(c => c.Name)];

    private static int Changes(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var corner = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++) (corner, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, corner + (a[i - 1] == b[j - 1] ? 0 : 1)));
        }

        return row[^1];
    }

    private PageResult Again(string field, string message)
    {
        Errors = [new FormError(field, message)];
        Response.StatusCode = StatusCodes.Status400BadRequest;
        return Page();
    }

    private static string? Trimmed(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
