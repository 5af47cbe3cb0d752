using System.Globalization;
using System.Net;
using CoopAI.Adapters.Sqlite;
using CoopAI.Web.Pages.Audit;

namespace CoopAI.Web.Tests.Pages.Audit;

[Collection(BrowserTests.Name)]
public sealed class FeedbackTests(BrowserFixture service)
{
    private const string Question = "Which councils have helped people to get enough good food?";

    [Fact]
    public async Task What_officers_said_stands_with_the_question_counted_and_escaped_and_is_found_by_its_reason()
    {
        var address = await service.Client.AskAsync(Question);
        var before = service.Get<FeedbackBook>().Count();
        var hidden = FormPost.HiddenFieldsOf(await service.Client.GetPageAsync(address), "name=\"useful\"");
        using var first = await service.Client.PostFormAsync($"{address}/feedback", hidden, ("useful", "no"), ("reason", "unclear"), ("comment", "Too <b>long</b>."));
        using var second = await service.Client.PostFormAsync($"{address}/feedback", hidden, ("useful", "no"), ("reason", "unclear"), ("comment", "Too <b>long</b>."));

        var html = await service.Client.GetPageAsync("/audit/feedback?useful=no&reason=unclear");

        Assert.Equal((HttpStatusCode.Redirect, HttpStatusCode.Redirect), (first.StatusCode, second.StatusCode));
        Assert.Equal(before.NotUseful + 1, service.Get<FeedbackBook>().Count().NotUseful);
        Assert.Contains("Too &lt;b&gt;long&lt;/b&gt;.", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>long", html, StringComparison.Ordinal);
        Assert.Contains($"/audit{address}", html, StringComparison.Ordinal);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"{before.Useful} of {before.Useful + before.NotUseful + 1} found the brief useful"), html, StringComparison.Ordinal);
        Assert.DoesNotContain(address, await service.Client.GetPageAsync("/audit/feedback?reason=saved-time"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?useful=perhaps&reason=<script>&page=-3")]
    [InlineData("?page=99999999999999")]
    public async Task Filters_that_mean_nothing_are_left_out(string query)
    {
        var html = await service.Client.GetPageAsync($"/audit/feedback{query}");

        Assert.Contains("<h1 class=\"govuk-heading-xl\">Feedback</h1>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_than_one_page_holds_is_reached_page_by_page()
    {
        var id = (await service.Client.AskAsync(Question)).Split('/')[^1];
        for (var i = 0; i <= FeedbackModel.PageSize; i++) service.Get<FeedbackBook>().Add(id, true, ["saved-time"], $"Comment {i}.");

        var first = await service.Client.GetPageAsync("/audit/feedback?reason=saved-time");
        var second = await service.Client.GetPageAsync("/audit/feedback?reason=saved-time&page=2");

        Assert.Contains($"Comment {FeedbackModel.PageSize}.", first, StringComparison.Ordinal);
        Assert.DoesNotContain("Comment 0.", first, StringComparison.Ordinal);
        Assert.Contains("/audit/feedback?reason=saved-time&amp;page=2", first, StringComparison.Ordinal);
        Assert.Contains("Comment 0.", second, StringComparison.Ordinal);
    }
}
