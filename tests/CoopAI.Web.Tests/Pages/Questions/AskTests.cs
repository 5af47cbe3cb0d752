using System.Net;
using CoopAI.Adapters.Sqlite;
using CoopAI.Orchestration.Settings;

namespace CoopAI.Web.Tests.Pages.Questions;

[Collection(BrowserTests.Name)]
public sealed class AskTests(BrowserFixture service)
{
    private const string Question = "How do councils involve young people in decisions?";

    [Theory]
    [InlineData("", "", "The question is empty")]
    [InlineData("???", "", "no words")]
    [InlineData("Which councils help with food?", "soon", "is not a year or a range")]
    public async Task What_is_wrong_is_named_and_everything_typed_is_kept(string question, string year, string message)
    {
        var hidden = await service.Client.HiddenFieldsAsync("/");

        using var response = await service.Client.PostFormAsync("/", hidden, ("question", question), ("year", year), ("council", "Oldham Council"), ("principle", "innovation"));

        var html = await HtmlAsync(response);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("<title>Error: ", html, StringComparison.Ordinal);
        Assert.Contains(message, html, StringComparison.Ordinal);
        Assert.Contains("value=\"Oldham Council\"", html, StringComparison.Ordinal);
        Assert.Contains("value=\"innovation\" checked", html, StringComparison.Ordinal);
        Assert.Contains($">{question}</textarea>", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_question_too_long_is_refused_and_kept()
    {
        var hidden = await service.Client.HiddenFieldsAsync("/");
        var question = string.Concat(Enumerable.Repeat("food ", 500)).Trim();

        using var response = await service.Client.PostFormAsync("/", hidden, ("question", question));

        var html = await HtmlAsync(response);
        Assert.Contains("at most 2000 are allowed", html, StringComparison.Ordinal);
        Assert.Contains($">{question}</textarea>", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_of_20_MB_is_told_that_it_is_too_large()
    {
        using var content = new ByteArrayContent(new byte[20 * 1024 * 1024]);
        content.Headers.ContentType = new("application/x-www-form-urlencoded");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = content };
        // The answer comes before the body is sent.
        request.Headers.ExpectContinue = true;

        using var response = await service.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("too large", await HtmlAsync(response), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_that_is_too_old_keeps_the_question_and_asks_to_send_it_again()
    {
        var hidden = (await service.Client.HiddenFieldsAsync("/")).Where(f => f.Key != "__RequestVerificationToken");

        using var response = await service.Client.PostFormAsync("/", hidden, ("question", Question));

        var html = await HtmlAsync(response);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("open for too long", html, StringComparison.Ordinal);
        Assert.Contains($">{Question}</textarea>", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_sent_twice_at_once_gives_one_answer()
    {
        var hidden = await service.Client.HiddenFieldsAsync("/");
        var before = service.Get<SqliteLedger>().AnswerIds().Count;

        var both = await Task.WhenAll(service.Client.PostFormAsync("/", hidden, ("question", Question)), service.Client.PostFormAsync("/", hidden, ("question", Question)));

        Assert.Equal(both[0].Headers.Location, both[1].Headers.Location);
        Assert.Equal(before + 1, service.Get<SqliteLedger>().AnswerIds().Count);
        foreach (var response in both) response.Dispose();
    }

    [Fact]
    public async Task Filters_hold_for_the_answer()
    {
        var address = await service.Client.AskAsync("Which councils work on food?", ("topic", "food"), ("council", "Oldham"));

        var html = await service.Client.GetPageAsync(address);

        Assert.Contains("Only looked at:", html, StringComparison.Ordinal);
        Assert.DoesNotContain("Newcastle City Council", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_answering_is_off_the_page_says_why_and_keeps_the_question()
    {
        var settings = service.Get<SettingsBook>();
        settings.Switch(on: false, "A. Member", "The list of councils is being corrected.");
        try
        {
            var hidden = await service.Client.HiddenFieldsAsync("/");
            using var response = await service.Client.PostFormAsync("/", hidden, ("question", Question));

            var html = await HtmlAsync(response);
            Assert.Contains("The list of councils is being corrected.", html, StringComparison.Ordinal);
            Assert.Contains($">{Question}</textarea>", html, StringComparison.Ordinal);
        }
        finally
        {
            settings.Switch(on: true, "A. Member", "Done.");
        }
    }

    [Theory]
    [InlineData("I want to end my life", "116 123")]
    [InlineData("Hello. A child is being hurt in the flat next door", "safeguarding team of your council")]
    public async Task Somebody_in_danger_gets_help_and_nothing_is_kept(string message, string help)
    {
        var hidden = await service.Client.HiddenFieldsAsync("/");
        var before = service.Get<SqliteLedger>().AnswerIds().Count;

        using var response = await service.Client.PostFormAsync("/", hidden, ("question", message));

        var html = await HtmlAsync(response);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("Get help now", html, StringComparison.Ordinal);
        Assert.Contains(help, html, StringComparison.Ordinal);
        Assert.DoesNotContain(message, html, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(before, service.Get<SqliteLedger>().AnswerIds().Count);
    }

    [Fact]
    public async Task A_council_typed_wrongly_is_offered_as_it_is_written()
    {
        var hidden = await service.Client.HiddenFieldsAsync("/");

        using var response = await service.Client.PostFormAsync("/", hidden, ("question", Question), ("council", "Oldam"));
        using var meant = await service.Client.PostFormAsync("/", hidden, ("question", Question), ("council", "Oldam"), ("meant", "Oldham Council"));

        var html = await HtmlAsync(response);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("Did you mean", html, StringComparison.Ordinal);
        Assert.Contains("type=\"radio\" value=\"Oldham Council\"", html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, meant.StatusCode);
    }

    [Fact]
    public async Task The_first_page_shows_what_the_service_is_worth()
    {
        var html = WebUtility.HtmlDecode(await service.Client.GetPageAsync("/"));

        foreach (var entrance in (string[])["entrance-ask", "entrance-find", "sample-title"]) Assert.Contains($"id=\"{entrance}\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_case_study_can_be_asked_about()
    {
        var html = WebUtility.HtmlDecode(await service.Client.GetPageAsync("/?about=10-by-10"));

        Assert.Contains("What came of “10 by 10”", html, StringComparison.Ordinal);
    }

    private static async Task<string> HtmlAsync(HttpResponseMessage response) => WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
}
