using System.Net;

namespace CoopAI.Web.Tests.Pages.CaseStudies;

[Collection(BrowserTests.Name)]
public sealed class FindTests(BrowserFixture service)
{
    [Theory]
    [InlineData("/case-studies", null)]
    [InlineData("/case-studies?year=soon", null)]
    [InlineData("/case-studies?q=food", " for “food”")]
    [InlineData("/case-studies?topic=food", "1 filter in use")]
    public async Task What_a_search_found_is_there_to_be_read_out(string address, string? expected)
    {
        var html = WebUtility.HtmlDecode(await (await service.Client.GetAsync(new Uri(address, UriKind.Relative), TestContext.Current.CancellationToken)).Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        if (expected is null) Assert.DoesNotContain("data-announce", html, StringComparison.Ordinal);
        else Assert.Contains(expected, html.Split("role=\"status\" data-announce=\"")[1].Split('"')[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_facet_counts_what_choosing_it_would_leave()
    {
        var all = await GetAsync("/case-studies");
        var food = System.Text.RegularExpressions.Regex.Match(all, @">food <span class=""app-meta"">\((\d+)\)");

        var chosen = await GetAsync("/case-studies?topic=food");

        Assert.Contains($"{food.Groups[1].Value} case studies</h2>", chosen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chosen_filter_can_be_taken_away_and_leaves_the_others_in_the_address()
    {
        var html = await GetAsync("/case-studies?q=food&topic=food&principle=innovation");

        Assert.Contains("href=\"/case-studies?q=food&amp;principle=innovation\"><span class=\"govuk-visually-hidden\">Remove filter </span>food", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("year=soon", "soon")]
    [InlineData("year=2022..2019", "ends before it begins")]
    [InlineData("principle=kindness", "kindness")]
    public async Task A_wrong_filter_is_named_and_what_was_typed_is_kept(string query, string named)
    {
        using var response = await service.Client.GetAsync(new Uri($"/case-studies?q=food&{query}", UriKind.Relative), TestContext.Current.CancellationToken);

        var html = WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("There is a problem", html, StringComparison.Ordinal);
        Assert.Contains(named, html, StringComparison.Ordinal);
        Assert.Contains("name=\"q\" type=\"search\" value=\"food\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_of_results_share_nothing_and_together_hold_everything()
    {
        var slugs = new List<string>();
        for (var page = 1; page <= 7; page++)
        {
            var html = await GetAsync($"/case-studies?page={page}");
            slugs.AddRange(System.Text.RegularExpressions.Regex.Matches(html, "name=\"add\" value=\"([^\"]+)\"").Select(m => m.Groups[1].Value));
        }

        Assert.Equal(service.Get<Core.Retrieval.SearchCorpus>().Current.CaseStudies.Count, slugs.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(slugs.Distinct(StringComparer.Ordinal).Count(), slugs.Count);
    }

    [Fact]
    public async Task Every_topic_and_council_can_be_ticked()
    {
        var html = await GetAsync("/case-studies");
        var all = service.Get<Core.Retrieval.SearchCorpus>().Current.CaseStudies.Select(c => c.CaseStudy).ToList();

        Assert.Equal(all.SelectMany(c => c.Topics).Distinct(StringComparer.Ordinal).Count(), System.Text.RegularExpressions.Regex.Count(html, "name=\"topic\""));
        Assert.Equal(all.SelectMany(c => c.Councils).Distinct(StringComparer.Ordinal).Count(), System.Text.RegularExpressions.Regex.Count(html, "name=\"council\""));
    }

    [Fact]
    public async Task The_newest_come_first_and_the_undated_last()
    {
        var html = WebUtility.HtmlDecode(await GetAsync("/case-studies?sort=newest"));

        var years = System.Text.RegularExpressions.Regex.Matches(html, @"app-meta"">[^<]* · (\d{4}|undated)").Select(m => m.Groups[1].Value).ToList();
        Assert.Equal(years.OrderByDescending(y => y == "undated" ? "0" : y), years);
        Assert.NotEqual("undated", years[0]);
    }

    [Theory]
    [InlineData("from=2019&to=2021")]
    [InlineData("year=2019..2021")]
    public async Task Years_are_given_in_two_boxes_or_in_one_word(string query)
    {
        var html = await GetAsync($"/case-studies?{query}");

        Assert.Contains("Years 2019 to 2021", html, StringComparison.Ordinal);
        Assert.Contains("name=\"from\" type=\"text\" inputmode=\"numeric\" value=\"2019\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_search_that_finds_nothing_says_so_and_offers_a_way_on()
    {
        var html = await GetAsync("/case-studies?q=quantum+chromodynamics");

        Assert.Contains("0 case studies", html, StringComparison.Ordinal);
        Assert.Contains("see all case studies", html, StringComparison.Ordinal);
        Assert.DoesNotContain("Nearest titles", html, StringComparison.Ordinal);
    }

    private Task<string> GetAsync(string address) => service.Client.GetPageAsync(address);
}
