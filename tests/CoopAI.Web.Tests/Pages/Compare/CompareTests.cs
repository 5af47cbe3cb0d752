using System.Net;

namespace CoopAI.Web.Tests.Pages.Compare;

[Collection(BrowserTests.Name)]
public sealed class CompareTests(BrowserFixture service)
{
    [Fact]
    public async Task Two_case_studies_stand_side_by_side_with_what_is_stated_and_what_is_not()
    {
        var html = await service.Client.GetPageAsync("/compare?slug=10-by-10&slug=addressing-food-insecurity");

        Assert.Contains("2 precedents side by side", html, StringComparison.Ordinal);
        Assert.Contains("Newcastle City Council", html, StringComparison.Ordinal);
        Assert.Contains("Not stated", html, StringComparison.Ordinal);
        Assert.Equal(2, System.Text.RegularExpressions.Regex.Count(html, "<th scope=\"col\""));
    }

    [Theory]
    [InlineData("slug=10-by-10", "Choose two to four case studies")]
    [InlineData("slug=10-by-10&slug=10-by-10", "Choose two to four case studies")]
    [InlineData("slug=10-by-10&slug=nowhere", "There is no case study named “nowhere”")]
    public async Task Too_few_or_unknown_ones_are_named_and_what_was_chosen_is_kept(string query, string named)
    {
        using var response = await service.Client.GetAsync(new Uri($"/compare?{query}", UriKind.Relative), TestContext.Current.CancellationToken);

        var html = WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(named, html, StringComparison.Ordinal);
        Assert.Contains("value=\"10-by-10\" checked", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_than_four_are_refused_with_a_list_to_choose_from()
    {
        var slugs = service.Get<Core.Retrieval.SearchCorpus>().Current.CaseStudies.Take(5).Select(c => c.CaseStudy.Slug);

        using var response = await service.Client.GetAsync(new Uri($"/compare?{string.Join('&', slugs.Select(s => $"slug={s}"))}", UriKind.Relative), TestContext.Current.CancellationToken);

        var html = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("At most 4 fit side by side", html, StringComparison.Ordinal);
        Assert.Equal(5, System.Text.RegularExpressions.Regex.Count(html, "name=\"slug\""));
    }

    [Fact]
    public async Task Without_any_the_page_says_how_to_choose()
    {
        using var response = await service.Client.GetAsync(new Uri("/compare", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("Tick “Compare”", WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)), StringComparison.Ordinal);
    }
}
