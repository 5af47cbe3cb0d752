using System.Net;
using System.Text.RegularExpressions;
using CoopAI.Core.Guidance;

namespace CoopAI.Web.Tests.Pages.Audit;

/// <summary>Members' pages say nothing that a councillor would not, outside what is marked as technical details.</summary>
[Collection(BrowserTests.Name)]
public sealed partial class PlainWordsTests(BrowserFixture service)
{
    [Fact]
    public async Task Pages_carry_no_jargon_outside_technical_details()
    {
        var id = (await service.Client.AskAsync("Which councils have helped people to get enough good food?")).Split('/')[^1];
        var pages = new[]
        {
            "/audit", "/audit?show=all", $"/audit/answers/{id}", "/audit/disagreements?show=all", "/audit/feedback", "/audit/guidance", "/audit/ledger", $"/audit/ledger?answer={id}&check=all",
            "/audit/ledger/proof", "/audit/ledger/receipt", "/audit/settings", "/audit/suggestions", "/audit/suggestions/new?rule=VG12", "/audit/report",
            "/", $"/answers/{id}", "/case-studies", "/compare", "/coverage", "/about", "/about/words", "/about/privacy", "/about/accessibility", "/role",
            "/tag", "/tag/next", "/tag/queue", "/tag/wrong", "/import", "/case-studies/new", "/case-studies/latest",
            "/admin", "/admin/users", "/admin/organisation", "/admin/elections", "/admin/records", "/admin/reviews", "/admin/backup", "/admin/health",
        }.Concat(service.Get<GuidanceFramework>().Rules.Select(r => $"/audit/guidance/{r.Id}"));
        var found = new List<string>();
        foreach (var page in pages)
            found.AddRange(Jargon().Matches(Visible(await service.Client.GetPageAsync(page))).Select(m => $"{page}: {m.Value}"));

        Assert.Empty(found);
    }

    [Fact]
    public async Task The_glossary_has_at_most_twenty_words_and_pages_link_to_those_it_has()
    {
        var glossary = await service.Client.GetPageAsync("/about/words");
        var id = (await service.Client.AskAsync("Which councils have helped people to get enough good food?")).Split('/')[^1];

        Assert.InRange(Entries().Count(glossary), 10, 20);
        foreach (var page in new[] { $"/audit/answers/{id}", "/admin/reviews" })
        {
            var links = Links().Matches(await service.Client.GetPageAsync(page)).Select(m => m.Groups[1].Value).ToList();
            Assert.NotEmpty(links);
            Assert.All(links, word => Assert.Contains($"id=\"{word}\"", glossary, StringComparison.Ordinal));
        }
    }

    [GeneratedRegex("<dt ", RegexOptions.NonBacktracking)]
    private static partial Regex Entries();

    [GeneratedRegex("/about/words#([a-z-]+)", RegexOptions.NonBacktracking)]
    private static partial Regex Links();

    [Theory]
    [InlineData("<p>Root hash</p>", 1)]
    [InlineData("<details class=\"x\" data-technical><p>Root hash, seed 4</p></details><p>A share of chance</p>", 0)]
    [InlineData("<a href=\"/slug?seed=1\">The alphabet</a>", 0)]
    [InlineData("<p>Krippendorff’s alpha, F1 and a Brier score</p>", 4)]
    public void The_check_reads_what_a_reader_sees(string html, int words) => Assert.Equal(words, Jargon().Count(Visible(html)));

    private static string Visible(string html) => WebUtility.HtmlDecode(Tags().Replace(Technical().Replace(html, " "), " "));

    [GeneratedRegex(@"\b(kappa|ndcg\S*|krippendorff\S*|alpha|hash(es)?|seeds?|lexicons?|composers?|iso week|slugs?|f1|brier)\b", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Jargon();

    [GeneratedRegex(@"<(details|section)[^>]* data-technical.*?</(details|section)>|<script.*?</script>|<head>.*?</head>", RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex Technical();

    [GeneratedRegex("<[^>]*>", RegexOptions.NonBacktracking)]
    private static partial Regex Tags();
}
