using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace CoopAI.Web.Tests.Api.CaseStudies;

public class GetCaseStudiesTests(ApiFixture api)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_search_gives_hits_and_counts_each_facet_without_its_own_filter()
    {
        var found = await Get("/api/case-studies?council=Millford");

        Assert.Equal(["housing-co-op", "youth-fund"], found.GetProperty("hits").EnumerateArray().Select(h => h.GetProperty("slug").GetString()).Order());
        var councils = found.GetProperty("facets").GetProperty("councils").EnumerateArray().ToDictionary(c => c.GetProperty("value").GetString()!, c => c.GetProperty("count").GetInt32());
        Assert.Equal(1, councils["Northbeck Council"]);
        Assert.Equal(2, councils["Millford Council"]);
    }

    [Fact]
    public async Task Pages_are_cut_and_the_total_is_told()
    {
        var second = await Get("/api/case-studies?page=2&pageSize=2");

        Assert.Equal(3, second.GetProperty("total").GetInt32());
        Assert.Single(second.GetProperty("hits").EnumerateArray());
    }

    [Theory]
    [InlineData("?page=0")]
    [InlineData("?pageSize=101")]
    [InlineData("?year=soon")]
    [InlineData("?year=2022..2019")]
    [InlineData("?principle=kindness")]
    [InlineData("?page=first")]
    public async Task A_parameter_that_cannot_be_used_is_a_problem(string query)
    {
        var response = await api.Client.GetAsync("/api/case-studies" + query, Ct);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task A_case_study_that_has_not_changed_is_not_sent_again()
    {
        var first = await api.Client.GetAsync("/api/case-studies/youth-panel", Ct);
        using var again = new HttpRequestMessage(HttpMethod.Get, "/api/case-studies/youth-panel");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var other = new HttpRequestMessage(HttpMethod.Get, "/api/case-studies/youth-panel");
        other.Headers.IfNoneMatch.Add(new EntityTagHeaderValue("\"another\""));

        Assert.Equal(HttpStatusCode.NotModified, (await api.Client.SendAsync(again, Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await api.Client.SendAsync(other, Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await api.Client.GetAsync("/api/case-studies/none", Ct)).StatusCode);
    }

    [Fact]
    public async Task Similar_precedents_are_found_for_a_slug_and_for_a_draft()
    {
        var stored = await Get("/api/case-studies/youth-panel/similar?top=1");
        var draft = await api.Client.PostAsJsonAsync("/api/case-studies/similar", new { text = "Tenants want to run their homes as a co-operative.", top = 1 }, Ct);

        Assert.Equal("youth-fund", stored.GetProperty("hits")[0].GetProperty("slug").GetString());
        Assert.Contains("housing-co-op", await draft.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_principles_and_the_description_answer()
    {
        Assert.Equal("ready", (await Get("/health/ready")).GetProperty("status").GetString());
        Assert.Equal(10, (await Get("/api/principles")).GetProperty("principles").GetArrayLength());
        Assert.True((await Get("/openapi/v1.json")).GetProperty("paths").TryGetProperty("/api/answers", out _));
    }

    private async Task<JsonElement> Get(string address)
    {
        var text = await api.Client.GetStringAsync(address, Ct);
        return JsonDocument.Parse(text).RootElement;
    }
}
