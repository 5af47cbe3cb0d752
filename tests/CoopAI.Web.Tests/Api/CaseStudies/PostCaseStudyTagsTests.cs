using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace CoopAI.Web.Tests.Api.CaseStudies;

public class PostCaseStudyTagsTests(ApiFixture api)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_decision_changes_the_next_suggestion_leaves_the_queue_and_can_be_taken_back()
    {
        var before = await TagAsync();
        var decided = await DecideAsync(new { principle = "learning", decision = "added", by = "Ann", reason = "Shown at the summit" });
        try
        {
            Assert.True(Probability(decided) > Probability(before), $"{Probability(decided)} is not above {Probability(before)}");
            Assert.Equal(Probability(decided), Probability(await TagAsync()));
            var decision = decided.GetProperty("decided").EnumerateArray().Single();
            Assert.Equal(("learning", "added", "Ann", "Shown at the summit"), (Text(decision, "principle"), Text(decision, "verdict"), Text(decision, "by"), Text(decision, "reason")));
            Assert.False(await IsQueuedAsync());
            // Search shows the decided tag as one of its own kind.
            var hit = (await api.Client.GetFromJsonAsync<JsonElement>("/api/case-studies?q=housing+co-operative", Ct)).GetProperty("hits").EnumerateArray().First(h => Text(h, "slug") == "housing-co-op");
            Assert.Equal(["learning"], hit.GetProperty("tags").GetProperty("decided").EnumerateArray().Select(t => t.GetString()));
            Assert.DoesNotContain("learning", hit.GetProperty("tags").GetProperty("published").ToString(), StringComparison.Ordinal);
        }
        finally
        {
            var undone = await DecideAsync(new { principle = "learning", decision = "undone", by = "Ann" });
            Assert.Empty(undone.GetProperty("decided").EnumerateArray());
            Assert.Equal(Probability(before), Probability(undone));
            Assert.True(await IsQueuedAsync());
        }
    }

    [Theory]
    [InlineData("""{"principle":"kindness","decision":"added","by":"Ann"}""", "kindness")]
    [InlineData("""{"principle":"learning","decision":"perhaps","by":"Ann"}""", "perhaps")]
    [InlineData("""{"principle":"learning","decision":"undone","by":"Ann"}""", "none to undo")]
    [InlineData("""{"principle":"learning","decision":"accepted","by":" "}""", "by")]
    [InlineData("""{"principle":"learning","decision":"accepted","by":"Ann","sentence":"This is not in the text."}""", "not in the text")]
    [InlineData("""{"decision":"accepted","by":"Ann"}""", "principle")]
    [InlineData("not json", "")]
    public async Task A_decision_that_makes_no_sense_is_refused_with_the_reason(string body, string says)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        var response = await api.Client.PostAsync("/api/case-studies/youth-panel/tags", content, Ct);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(says, await response.Content.ReadAsStringAsync(Ct), StringComparison.OrdinalIgnoreCase);
        Assert.Empty((await TagAsync("youth-panel")).GetProperty("decided").EnumerateArray());
    }

    [Fact]
    public async Task A_decision_on_an_unknown_case_study_is_not_found()
    {
        var response = await api.Client.PostAsJsonAsync("/api/case-studies/no-such-thing/tags", new { principle = "learning", decision = "added", by = "Ann" }, Ct);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    private async Task<bool> IsQueuedAsync() =>
        (await api.Client.GetFromJsonAsync<JsonElement>("/api/tags/queue?top=10000", Ct)).GetProperty("tags").EnumerateArray().Any(t => Text(t, "slug") == "housing-co-op" && Text(t, "principle") == "learning");

    private async Task<JsonElement> TagAsync(string slug = "housing-co-op") => await ReadAsync(await api.Client.PostAsJsonAsync("/api/tags", new { slug }, Ct));

    private async Task<JsonElement> DecideAsync(object request) => await ReadAsync(await api.Client.PostAsJsonAsync("/api/case-studies/housing-co-op/tags", request, Ct));

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync(Ct);
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{response.StatusCode}: {body}");
        return JsonDocument.Parse(body).RootElement;
    }

    private static double Probability(JsonElement answer) => answer.GetProperty("tags").EnumerateArray().Single(t => Text(t, "id") == "learning").GetProperty("probability").GetDouble();

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
