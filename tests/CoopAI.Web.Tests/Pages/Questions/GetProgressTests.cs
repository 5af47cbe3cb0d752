using System.Net;

namespace CoopAI.Web.Tests.Pages.Questions;

[Collection(BrowserTests.Name)]
public sealed class GetProgressTests(BrowserFixture service)
{
    [Fact]
    public async Task The_steps_of_a_question_are_told_as_events_and_nothing_of_the_question_is()
    {
        var hidden = await service.Client.HiddenFieldsAsync("/");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/progress/{hidden["once"]}");
        // Answered with the first step, so not waited for yet.
        var follow = service.Client.SendAsync(request, TestContext.Current.CancellationToken);

        using var asked = await service.Client.PostFormAsync("/", hidden, ("question", "Which councils have helped people to get enough good food?"));
        using var following = await follow;
        var told = await following.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Redirect, asked.StatusCode);
        Assert.Equal("text/event-stream", following.Content.Headers.ContentType?.MediaType);
        Assert.Equal(
            ["Checking the question", "Searching the case studies", "Checking what was found", "Writing the brief", "Checking every sentence", ""],
            told.Split('\n').Where(l => l.StartsWith("data: ", StringComparison.Ordinal)).Select(l => l["data: ".Length..]));
        Assert.Contains("event: end", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/progress/which-councils")]
    [InlineData("/progress/0123456789abcdef")]
    [InlineData("/progress/0123456789ABCDEF0123456789ABCDEF")]
    public async Task What_is_no_number_of_a_form_is_not_found(string address)
    {
        using var response = await service.Client.GetAsync(new Uri(address, UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }
}
