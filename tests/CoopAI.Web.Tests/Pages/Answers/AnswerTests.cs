using System.Net;
using System.Text.RegularExpressions;
using CoopAI.Adapters.Sqlite;
using CoopAI.Web.Documents;
using CoopAI.Web.Pages;
using DocumentFormat.OpenXml.Packaging;

namespace CoopAI.Web.Tests.Pages.Answers;

[Collection(BrowserTests.Name)]
public sealed partial class AnswerTests(BrowserFixture service)
{
    private const string Question = "Which councils have helped people to get enough good food?";

    [Fact]
    public async Task The_same_address_shows_the_same_answer_again()
    {
        var address = await service.Client.AskAsync(Question);

        var first = Steady(await GetAsync(address));

        Assert.Contains(Question, first, StringComparison.Ordinal);
        Assert.Equal(first, Steady(await GetAsync(address)));

        // Only the form's tokens differ from one showing to the next.
        static string Steady(string html) => Tokens().Replace(html, "");
    }

    [Fact]
    public async Task Every_sentence_of_the_brief_links_to_a_place_that_holds_it_word_for_word()
    {
        var address = await service.Client.AskAsync(Question);
        var answer = service.Get<SqliteLedger>().Find(address.Split('/')[^1])!;
        var cited = answer.Sentences.Where(s => s.Kind == Core.Verdicts.SentenceKind.Answer).ToList();
        Assert.NotEmpty(cited);

        foreach (var sentence in cited)
        {
            var link = CoopAI.Web.Pages.Answers.AnswerModel.LinkTo(sentence.Citations[0]);
            Assert.Contains(WebUtility.HtmlEncode(link), await GetAsync(address), StringComparison.Ordinal);
            Assert.Equal(sentence.Text, WebUtility.HtmlDecode(Mark().Match(await GetAsync(link.Split('#')[0])).Groups[1].Value));
        }
    }

    [Fact]
    public async Task The_Word_file_opens_and_holds_the_brief()
    {
        var address = await service.Client.AskAsync(Question);

        using var response = await service.Client.GetAsync(new Uri($"{address}/document", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(BriefDocument.ContentType, response.Content.Headers.ContentType!.MediaType);
        Assert.EndsWith(".docx", response.Content.Headers.ContentDisposition!.FileName, StringComparison.Ordinal);
        using var document = WordprocessingDocument.Open(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken), isEditable: false);
        Assert.Contains(Question, document.MainDocumentPart!.Document.Body!.InnerText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_Markdown_file_quotes_and_numbers_its_sources()
    {
        var address = await service.Client.AskAsync(Question);

        var markdown = await GetAsync($"{address}/markdown");

        Assert.StartsWith($"## {Question}", markdown, StringComparison.Ordinal);
        Assert.Contains(" [1]", markdown, StringComparison.Ordinal);
        Assert.Contains(address, markdown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_question_with_personal_data_is_not_shown_again()
    {
        var address = await service.Client.AskAsync("What did other councils do for Jane Example, NI number QQ 12 34 56 C, jane@mail.example?");

        var html = await GetAsync(address);

        Assert.Contains("Held by a rule", html, StringComparison.Ordinal);
        Assert.DoesNotContain("jane@mail.example", html, StringComparison.OrdinalIgnoreCase);
        // There is no brief to take along: the page says what to do next.
        Assert.Contains("What you can do", html, StringComparison.Ordinal);
        Assert.DoesNotContain("Download for Word", html, StringComparison.Ordinal);
        Assert.DoesNotContain("put together", html, StringComparison.Ordinal);
        Assert.DoesNotContain("rule VG", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Changing_the_question_keeps_every_filter()
    {
        var address = await service.Client.AskAsync("Which councils work on food?", ("topic", "food"), ("yearFrom", "2015"), ("yearTo", "2024"), ("principle", "innovation"));

        var html = WebUtility.HtmlDecode(await GetAsync(address));

        Assert.Contains("/?question=Which%20councils%20work%20on%20food%3F&topic=food&principle=innovation&yearFrom=2015&yearTo=2024\">Change the question", html, StringComparison.Ordinal);
        var form = await GetAsync("/?question=food&yearFrom=2015&yearTo=2024");
        Assert.Contains("name=\"yearFrom\" type=\"text\" inputmode=\"numeric\" value=\"2015\"", form, StringComparison.Ordinal);
        Assert.Contains("name=\"yearTo\" type=\"text\" inputmode=\"numeric\" value=\"2024\"", form, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/answers/0123", "/answers/0123", "Back to the brief")]
    [InlineData("/case-studies?q=food&topic=food", "/case-studies?q=food&topic=food", "Back to what you found")]
    [InlineData("/about", "/case-studies", "All case studies")]
    [InlineData("https://other.example/answers/0123", "/case-studies", "All case studies")]
    public async Task A_case_study_leads_back_to_where_one_came_from(string from, string back, string words)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/case-studies/10-by-10", UriKind.Relative));
        request.Headers.Referrer = new Uri(service.Client.BaseAddress!, from);

        using var response = await service.Client.SendAsync(request, TestContext.Current.CancellationToken);

        var html = WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Contains($"href=\"{back}\">{words}</a>", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_question_is_cut_with_the_whole_behind_a_link()
    {
        var question = "Which councils have helped people to get enough good food? " + string.Join(' ', Enumerable.Repeat("We are a small district council.", 20));

        var html = await GetAsync(await service.Client.AskAsync(question));

        Assert.Contains("Show all of the question", html, StringComparison.Ordinal);
        Assert.InRange(WebUtility.HtmlDecode(Heading().Match(html).Groups[1].Value).Length, 100, 201);
    }

    [Fact]
    public async Task What_is_technical_stands_folded_and_times_are_British()
    {
        var html = await GetAsync(await service.Client.AskAsync(Question));

        var open = Folded().Replace(html, "");
        Assert.Contains("app-quote", open, StringComparison.Ordinal);
        foreach (var word in (string[])["UTC", "extractive", "receipt", "Markdown", "Score", "hash"]) Assert.DoesNotContain(word, open, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_whose_question_was_erased_still_opens_on_page_and_on_paper()
    {
        const string question = "Which councils have helped people to grow food near the old gasworks?";
        var address = await service.Client.AskAsync(question);
        service.Get<SqliteLedger>().EraseQuestion(address.Split('/')[^1]);

        var html = await GetAsync(address);

        Assert.Contains("A question that is not kept", html, StringComparison.Ordinal);
        Assert.DoesNotContain("gasworks", html, StringComparison.OrdinalIgnoreCase);
        using var document = await service.Client.GetAsync(new Uri($"{address}/document", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, document.StatusCode);
    }

    [Fact]
    public async Task A_question_without_precedent_gets_the_nearest_titles_and_no_sentence()
    {
        var address = await service.Client.AskAsync("Which councils have built a space rocket to mine asteroids?");

        var html = await GetAsync(address);

        Assert.Contains("No precedent found", html, StringComparison.Ordinal);
        Assert.DoesNotContain("app-quote", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/answers/none")]
    [InlineData("/answers/none/document")]
    [InlineData("/answers/none/other")]
    public async Task An_unknown_answer_gets_a_helpful_404_page(string address)
    {
        using var response = await service.Client.GetAsync(new Uri(address, UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("Page not found", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Feedback_is_kept_once_and_thanked_for()
    {
        var address = await service.Client.AskAsync(Question);
        var hidden = await service.Client.HiddenFieldsAsync(address);
        (string, string)[] fields = [("useful", "no"), ("reason", "missing"), ("reason", "unclear"), ("comment", " Leeds is missing. ")];

        using var response = await service.Client.PostFormAsync($"{address}/feedback", hidden, fields);
        using var again = await service.Client.PostFormAsync($"{address}/feedback", hidden, fields);

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Equal(response.Headers.Location, again.Headers.Location);
        Assert.Contains("Your feedback was kept", await GetAsync(response.Headers.Location!.OriginalString.Split('#')[0]), StringComparison.Ordinal);
        var kept = Assert.Single(service.Get<FeedbackBook>().List(address.Split('/')[^1]));
        Assert.False(kept.Useful);
        Assert.Equal(["missing", "unclear"], kept.Reasons);
        Assert.Equal("Leeds is missing.", kept.Comment);
    }

    [Fact]
    public async Task Feedback_without_a_verdict_is_asked_for_one_and_the_comment_is_kept()
    {
        var address = await service.Client.AskAsync(Question);
        var hidden = await service.Client.HiddenFieldsAsync(address);

        using var response = await service.Client.PostFormAsync($"{address}/feedback", hidden, ("comment", "Leeds is missing."));

        var html = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("Say whether the brief was useful.", html, StringComparison.Ordinal);
        Assert.Contains(">Leeds is missing.</textarea>", html, StringComparison.Ordinal);
        Assert.Empty(service.Get<FeedbackBook>().List(address.Split('/')[^1]));
    }

    private Task<string> GetAsync(string address) => service.Client.GetPageAsync(address);

    [GeneratedRegex("<mark id=\"quote\" tabindex=\"-1\">(.*?)</mark>", RegexOptions.Singleline)]
    private static partial Regex Mark();

    [GeneratedRegex("<h1[^>]*>(.*?)</h1>", RegexOptions.Singleline)]
    private static partial Regex Heading();

    [GeneratedRegex("<head>.*?</head>|<details.*?</details>|<script.*?</script>", RegexOptions.Singleline)]
    private static partial Regex Folded();

    [GeneratedRegex("<input[^>]*type=\"hidden\"[^>]*>")]
    private static partial Regex Tokens();
}
