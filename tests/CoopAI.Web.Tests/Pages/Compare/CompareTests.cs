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
    public async Task What_nobody_states_is_one_line_and_the_principles_say_where_they_come_from()
    {
        var html = await service.Client.GetPageAsync("/compare?slug=10-by-10&slug=addressing-food-insecurity");

        foreach (var row in html.Split("<tr ").Skip(2)) Assert.False(row.Contains("<td", StringComparison.Ordinal) && row.Split("<td").Skip(1).All(c => c.Contains("Not stated", StringComparison.Ordinal)), row);
        Assert.Matches(@"\((published|confirmed|suggested)\)", html);
    }

    [Fact]
    public async Task The_comparison_leaves_as_a_Word_file_with_its_table()
    {
        using var response = await service.Client.GetAsync(new Uri("/compare?slug=10-by-10&slug=addressing-food-insecurity&handler=Word", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal("comparison-of-precedents.docx", response.Content.Headers.ContentDisposition?.FileName?.Trim('"'));
        await using var stream = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        using var document = DocumentFormat.OpenXml.Packaging.WordprocessingDocument.Open(stream, false);
        var table = Assert.Single(document.MainDocumentPart!.Document!.Body!.Elements<DocumentFormat.OpenXml.Wordprocessing.Table>());
        Assert.Contains("Newcastle City Council", table.InnerText, StringComparison.Ordinal);
        Assert.Empty(new DocumentFormat.OpenXml.Validation.OpenXmlValidator().Validate(document, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_shortlist_survives_another_search_and_is_compared_and_emptied()
    {
        using var reader = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = true }) { BaseAddress = service.Client.BaseAddress };
        foreach (var slug in (string[])["10-by-10", "addressing-food-insecurity", "nowhere"])
        {
            var hidden = FormPost.HiddenFieldsOf(await reader.GetPageAsync("/case-studies?q=food&page=2"), "id=\"shortlist\"");
            using var kept = await reader.PostFormAsync("/compare?handler=Shortlist", hidden, ("add", slug));
            Assert.StartsWith("/case-studies?q=food", kept.Headers.Location!.OriginalString, StringComparison.Ordinal);
        }

        Assert.Contains("2 on your shortlist", await reader.GetPageAsync("/case-studies?topic=housing"), StringComparison.Ordinal);
        Assert.Contains("2 precedents side by side", await reader.GetPageAsync("/compare"), StringComparison.Ordinal);

        using var emptied = await reader.PostFormAsync("/compare?handler=Shortlist", FormPost.HiddenFieldsOf(await reader.GetPageAsync("/case-studies"), "id=\"shortlist\""), ("empty", "yes"), ("back", "https://elsewhere.example/"));
        Assert.DoesNotContain("on your shortlist", await reader.GetPageAsync("/case-studies"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://elsewhere.example/")]
    [InlineData("//elsewhere.example/")]
    public async Task The_shortlists_form_never_leads_elsewhere(string back)
    {
        var hidden = FormPost.HiddenFieldsOf(await service.Client.GetPageAsync("/case-studies"), "id=\"shortlist\"").Where(h => h.Key != "back");

        using var response = await service.Client.PostFormAsync("/compare?handler=Shortlist", hidden, ("empty", "yes"), ("back", back));

        Assert.Equal("/case-studies", response.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task Without_any_the_page_says_how_to_choose()
    {
        using var response = await service.Client.GetAsync(new Uri("/compare", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("your shortlist when you", WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)), StringComparison.Ordinal);
    }
}
