using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace CoopAI.Web.Tests.Api.Tags;

public class GetTagQueueTests(ApiFixture api)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_most_uncertain_tags_come_first_and_as_many_as_asked_for()
    {
        var queue = await api.Client.GetFromJsonAsync<JsonElement>("/api/tags/queue?top=7", Ct);

        var doubts = queue.GetProperty("tags").EnumerateArray().Select(t => t.GetProperty("uncertainty").GetDouble()).ToList();
        Assert.Equal(7, doubts.Count);
        Assert.Equal(doubts.OrderDescending(), doubts);
        Assert.InRange(queue.GetProperty("total").GetInt32(), 20, 30);
    }

    [Theory]
    [InlineData("?top=0")]
    [InlineData("?top=10001")]
    [InlineData("?top=many")]
    public async Task A_number_out_of_range_is_a_problem(string query)
    {
        var response = await api.Client.GetAsync("/api/tags/queue" + query, Ct);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }
}
