using System.Net;
using System.Text.Json;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core.Guidance;
using CoopAI.Core.Ledger;
using CoopAI.Core.Reviews;
using CoopAI.Core.Verdicts;
using CoopAI.Orchestration.Asking;
using CoopAI.Orchestration.Reviewing;
using CoopAI.Web.Tests.Security;

namespace CoopAI.Web.Tests.Pages.Audit;

/// <summary>A member suggests a change of a rule; staff looks at what would change and decides. And known errors that measure the review.</summary>
public sealed class SuggestionsTests(AccountsHost host) : IClassFixture<AccountsHost>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_suggestion_is_tried_on_past_answers_adopted_with_a_reason_and_in_force_at_once()
    {
        var before = host.Get<GuidanceInForce>().Current.Version;
        var answer = await AskAsync();
        using var ada = host.Visit("ada");
        using var bea = host.Visit("bea");
        var page = await SuggestAsync(ada, ("kind", "add"), ("list", "0"), ("words", "Youth panel"), ("instead", "group of young people"), ("reason", "Nobody says so."));

        Assert.DoesNotContain("decision", await ada.TextAsync(page), StringComparison.Ordinal);
        var shown = await bea.TextAsync(page);
        Assert.Contains("Tried on the newest", shown, StringComparison.Ordinal);
        Assert.Contains("“youth panel” (say “group of young people”)", shown, StringComparison.Ordinal);
        using var byMember = await PostAsync(ada, page, shown, ("decision", "adopt"), ("reason", "I say so."));
        Assert.Equal(HttpStatusCode.Forbidden, byMember.StatusCode);
        using var adopted = await PostAsync(bea, page, shown, ("decision", "adopt"), ("reason", "We agree."));
        using var again = await PostAsync(bea, page, shown, ("decision", "adopt"), ("reason", "We agree."));

        Assert.Equal((HttpStatusCode.Redirect, HttpStatusCode.Redirect), (adopted.StatusCode, again.StatusCode));
        var now = host.Get<GuidanceInForce>().Current;
        Assert.NotEqual(before, now.Version);
        Assert.Equal(now.Edits, SuggestionBook.EditsInForce(host.Get<SqliteLedger>()));
        var change = host.Get<SqliteLedger>().List(LedgerKind.GuidanceChange, take: 1)[0];
        Assert.Equal((before, now.Version, "staff", "bea", "We agree."), (
            change.Entry.Payload.GetProperty("from").GetString(), change.Entry.Payload.GetProperty("to").GetString(), change.Entry.Actor, change.Texts["by"], change.Texts["reason"]));
        Assert.All((await host.Get<AskQuestion>().AskAsync(CoopAI.Core.Briefs.Question.Create(AccountsHost.Question), ct: Ct)).Rules, r => Assert.Equal(now.Version, r.Version));
        Assert.Contains("youth panel", await ada.TextAsync("/audit/guidance/VG12"), StringComparison.Ordinal);
        Assert.Contains("Adopted by bea", await ada.TextAsync(page), StringComparison.Ordinal);
        Assert.Contains("(say “group of young people”) to the list “avoid”. We agree.", await ada.TextAsync("/audit/report"), StringComparison.Ordinal);
        Assert.Contains("Adopted a suggested change of the rules", await ada.TextAsync("/audit/ledger"), StringComparison.Ordinal);
        Assert.Empty(host.Get<SqliteLedger>().Verify().Findings);
        Assert.NotEmpty(answer);
    }

    [Fact]
    public async Task What_would_change_is_what_the_two_versions_say_otherwise_of_the_same_answer()
    {
        var id = await AskAsync();
        var book = host.Get<SuggestionBook>();
        var number = book.Suggest(new("VG12", GuidanceEditKind.AddLine, "words_to_avoid.txt", "avoid", "shared out => divided"), "member", "ada", "Plainer.");

        var trial = book.TryOut(book.Find(number)!, host.Get<GuidanceRunner>(), Ct);
        var none = book.TryOut(book.Find(book.Suggest(new("VG12", GuidanceEditKind.AddLine, "words_to_avoid.txt", "avoid", "zeppelin => airship"), "member", "ada", "Plainer."))!, host.Get<GuidanceRunner>(), Ct);

        Assert.Contains(trial.Changes, c => c.AnswerId == id && c is { Rule: "VG12", Now: RuleStatus.Fail });
        Assert.All(trial.Changes, c => Assert.Equal("VG12", c.Rule));
        Assert.Empty(none.Changes);
        book.Decline(number, "staff", "bea", "Not now.");
    }

    [Fact]
    public async Task A_trial_that_no_longer_holds_is_not_adopted_and_a_decided_one_is_not_decided_again()
    {
        using var ada = host.Visit("ada");
        using var bea = host.Visit("bea");
        var first = await SuggestAsync(ada, ("kind", "add"), ("list", "0"), ("words", "moonshot"), ("instead", "bold plan"), ("reason", "Jargon."));
        var second = await SuggestAsync(ada, ("kind", "add"), ("list", "0"), ("words", "ideation"), ("instead", "thinking"), ("reason", "Jargon."));
        var (shownFirst, shownSecond) = (await bea.TextAsync(first), await bea.TextAsync(second));
        using var adopted = await PostAsync(bea, first, shownFirst, ("decision", "adopt"), ("reason", "Yes."));

        using var late = await PostAsync(bea, second, shownSecond, ("decision", "adopt"), ("reason", "Yes."));
        using var declined = await PostAsync(bea, second, shownSecond, ("decision", "decline"), ("reason", "Not this one."));
        using var twice = await PostAsync(bea, second, shownSecond, ("decision", "decline"), ("reason", "Once more."));

        Assert.Equal((HttpStatusCode.Redirect, HttpStatusCode.BadRequest, HttpStatusCode.Redirect, HttpStatusCode.BadRequest), (adopted.StatusCode, late.StatusCode, declined.StatusCode, twice.StatusCode));
        Assert.Contains("The rules have changed since this was shown", WebUtility.HtmlDecode(await late.Content.ReadAsStringAsync(Ct)), StringComparison.Ordinal);
        Assert.Contains("declined already", WebUtility.HtmlDecode(await twice.Content.ReadAsStringAsync(Ct)), StringComparison.Ordinal);
        Assert.Contains("Not this one.", await ada.TextAsync(second), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("VG12", "Choose what should change")]
    [InlineData("VG12", "Choose the list", "kind=add", "words=smart city")]
    [InlineData("VG12", "Write the words to add", "kind=add", "list=0", "words=  ")]
    [InlineData("VG12", "Write words alone", "kind=add", "list=0", "words=re: .*")]
    [InlineData("VG12", "Write words alone", "kind=add", "list=0", "words=@jobs")]
    [InlineData("VG12", "say instead", "kind=add", "list=0", "words=smart city")]
    [InlineData("VG12", "Choose the words to take away", "kind=remove", "line=9-999")]
    [InlineData("VG08", "protects people", "kind=remove", "line=0-0")]
    [InlineData("VG06", "protects people", "kind=off")]
    public async Task What_cannot_be_suggested_is_told_and_nothing_is_kept(string rule, string said, params string[] fields)
    {
        using var ada = host.Visit("ada");
        var page = $"/audit/suggestions/new?rule={rule}";
        var before = host.Get<SuggestionBook>().All().Count;

        using var response = await PostAsync(ada, page, await TokenPageAsync(ada), [.. fields.Select(f => f.Split('=', 2)).Select(f => (f[0], f[1])), ("reason", "Because.")]);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(said, WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync(Ct)), StringComparison.Ordinal);
        Assert.Equal(before, host.Get<SuggestionBook>().All().Count);
    }

    [Fact]
    public async Task Personal_data_in_a_reason_is_not_kept()
    {
        using var ada = host.Visit("ada");
        var before = host.Get<SuggestionBook>().All().Count;

        using var response = await PostAsync(ada, "/audit/suggestions/new?rule=VG12", await TokenPageAsync(ada), ("kind", "add"), ("list", "0"), ("words", "smart city"), ("instead", "town"), ("reason", "Ring me on 07700 900123."));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(before, host.Get<SuggestionBook>().All().Count);
    }

    [Fact]
    public async Task A_known_error_is_planted_only_when_allowed_counts_in_nothing_and_is_told_after_the_review()
    {
        var id = await AskAsync();
        var planted = host.Get<PlantedErrors>();
        var week = ReviewSample.WeekOf(host.Get<SqliteLedger>().Answer(id)!.Entry.At);
        var sample = new ReviewSample(week, "a seed", 1, ["another"]);
        Assert.Null(planted.Plant(sample));
        planted.Allow(true, "root", "To measure reviews.");

        var error = planted.Plant(sample);

        Assert.NotNull(error);
        Assert.Null(planted.Plant(sample));
        var real = planted.RealFigure(error)!;
        Assert.Equal((real.Length, false), (error.Figure.Length, real == error.Figure));
        using var ada = host.Visit("ada");
        using var officer = host.Visit("root");
        var page = $"/audit/answers/{error.Id}";
        var shown = await ada.TextAsync(page);
        Assert.Contains($"£{error.Figure},000", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("known error", shown, StringComparison.Ordinal);
        // Nobody can open it as an answer.
        await officer.TextAsync($"/answers/{error.Id}", HttpStatusCode.NotFound);
        await officer.TextAsync($"/api/answers/{error.Id}", HttpStatusCode.NotFound);
        var (reviews, disagreements) = (host.Get<ReviewBook>().All().Count, host.Get<ReviewBook>().Disagreements().Count);

        using var reviewed = await ada.PostAsync(page, FormPost.HiddenFieldsOf(shown, "name=\"reason\""), ("verdict", "disagree"), ("reason", "The sum is not the source's."), ("about", ""));

        Assert.Equal(HttpStatusCode.Redirect, reviewed.StatusCode);
        Assert.Contains($"says {error.Figure} where the source says {real}", await ada.TextAsync(page), StringComparison.Ordinal);
        Assert.Equal((reviews, disagreements), (host.Get<ReviewBook>().All().Count, host.Get<ReviewBook>().Disagreements().Count));
        Assert.Equal(new ReviewMeasure(1, 1, 1), planted.Measure(DateTimeOffset.MinValue, DateTimeOffset.MaxValue));
        Assert.Contains("the error was found in 1", await ada.TextAsync("/audit/report"), StringComparison.Ordinal);
        Assert.Contains("Put an answer with a known error among those to review", await ada.TextAsync("/audit/ledger"), StringComparison.Ordinal);
        Assert.Empty(host.Get<SqliteLedger>().Verify().Findings);

        // It is a view of the real answer: with its question it goes.
        host.Get<SqliteLedger>().EraseQuestion(error.Of);
        await ada.TextAsync(page, HttpStatusCode.NotFound);
        planted.Allow(false, "root", "Enough.");
    }

    [Fact]
    public async Task The_report_for_a_committee_follows_a_disagreement_to_its_end_and_names_nobody()
    {
        var id = await AskAsync();
        var reviews = host.Get<ReviewBook>();
        var review = reviews.Add(new(id, "Cllr Vera Unmistakable", ReviewVerdict.Disagree, Reason: "It leaves out what it cost."));
        reviews.Reply(new(review.Entry, "staff", "Bo Recognisable", "The cost is added to the case study.", DealtWith: true));
        using var ada = host.Visit("ada");

        var html = await ada.TextAsync("/audit/report");
        using var word = await ada.SendAsync(HttpMethod.Get, "/audit/report?as=word");

        Assert.Contains("A member: It leaves out what it cost. Dealt with: The cost is added to the case study.", html, StringComparison.Ordinal);
        Assert.DoesNotContain("Unmistakable", html, StringComparison.Ordinal);
        Assert.DoesNotContain("Recognisable", html, StringComparison.Ordinal);
        using var document = DocumentFormat.OpenXml.Packaging.WordprocessingDocument.Open(await word.Content.ReadAsStreamAsync(Ct), isEditable: false);
        var text = document.MainDocumentPart!.Document!.Body!.InnerText;
        Assert.Contains("Dealt with: The cost is added to the case study.", text, StringComparison.Ordinal);
        Assert.Empty(new DocumentFormat.OpenXml.Validation.OpenXmlValidator().Validate(document, Ct));
        Assert.Contains("is no date", await ada.TextAsync("/audit/report?from=soon", HttpStatusCode.BadRequest), StringComparison.Ordinal);
        Assert.Contains("Swap them", await ada.TextAsync("/audit/report?from=2026-03-02&to=2026-03-01", HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    private async Task<string> AskAsync() => (await host.Get<AskQuestion>().AskAsync(CoopAI.Core.Briefs.Question.Create(AccountsHost.Question), ct: Ct)).Id;

    private static Task<string> TokenPageAsync(Visitor visitor) => visitor.TextAsync("/audit/suggestions/new?rule=VG12");

    private static async Task<string> SuggestAsync(Visitor visitor, params (string, string)[] fields)
    {
        using var response = await PostAsync(visitor, "/audit/suggestions/new?rule=VG12", await TokenPageAsync(visitor), fields);
        Assert.True(response.StatusCode == HttpStatusCode.Redirect, WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync(Ct)));
        return response.Headers.Location!.OriginalString.Split('?')[0];
    }

    private static Task<HttpResponseMessage> PostAsync(Visitor visitor, string page, string html, params (string, string)[] fields) =>
        visitor.PostAsync(page, FormPost.HiddenFieldsOf(html, "name=\"reason\""), fields);
}
