using System.Net;
using System.Text.RegularExpressions;
using CoopAI.Core.Corpus;
using CoopAI.Core.Language;
using CoopAI.Core.Retrieval;
using CoopAI.Orchestration.Ingesting;
using CoopAI.Web.Pages.CaseStudies;

namespace CoopAI.Web.Tests.Pages.CaseStudies;

[Collection(BrowserTests.Name)]
public sealed partial class CaseStudyTests(BrowserFixture service)
{
    private CaseStudy Stored => service.Get<SearchCorpus>().Current.CaseStudies[0].CaseStudy;

    [Fact]
    public void However_the_mark_lies_the_pieces_put_together_are_the_text_and_the_marked_ones_the_mark()
    {
        const string text = "One line.\nA second one, longer.\n\nA third.";
        for (var start = 0; start < text.Length; start++)
        {
            for (var end = start + 1; end <= text.Length; end++)
            {
                var pieces = CaseStudyModel.Cut(text, new TextSpan(start, end)).SelectMany(p => p).ToList();

                Assert.Equal(Joined(text), string.Concat(pieces.Select(p => p.Text)));
                Assert.Equal(Joined(text[start..end]), string.Concat(pieces.Where(p => p.Marked).Select(p => p.Text)));
                Assert.Equal(Joined(text[start..end]).Length > 0 ? 1 : 0, pieces.Count(p => p.First));
            }
        }

        static string Joined(string lines) => lines.Replace("\n", "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_marked_sentence_is_the_very_text_that_the_address_names()
    {
        var sentence = Sentences.Split(Stored.Text)[1];

        var html = await service.Client.GetPageAsync($"/case-studies/{Stored.Slug}?from={sentence.Start}&to={sentence.End}");

        Assert.Equal(sentence.In(Stored.Text), WebUtility.HtmlDecode(Mark().Match(html).Groups[1].Value));
        Assert.Equal(Stored.Text.Split('\n')[0], WebUtility.HtmlDecode(Tag().Replace(Paragraph().Match(html).Groups[1].Value, "")));
    }

    [Theory]
    [InlineData("from=-1&to=5")]
    [InlineData("from=5&to=5")]
    [InlineData("from=0&to=99999999")]
    [InlineData("from=x&to=y")]
    public async Task A_mark_outside_the_text_marks_nothing(string query)
    {
        var html = await service.Client.GetPageAsync($"/case-studies/{Stored.Slug}?{query}");

        Assert.DoesNotContain("<mark", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_name_gets_a_helpful_404_page()
    {
        using var response = await service.Client.GetAsync(new Uri("/case-studies/never-written", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("value=\"never written\"", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scripts_in_title_text_topics_and_address_stay_text_on_every_page_that_shows_them()
    {
        const string script = "<script>alert('x')</script>";
        var hostile = new CaseStudy
        {
            Slug = "hostile",
            Title = $"Zebra crossings {script}",
            Url = "javascript:alert(1)",
            LeadMember = $"Council {script}",
            ParticipatingMembers = ["\"><img src=x onerror=alert(1)>"],
            Status = script,
            Topics = [script],
            Kind = script,
            Text = $"Zebra crossings were painted by residents {script}. Zebras rejoiced.\n{script} end.",
        };
        var corpus = service.Get<CorpusService>();
        var others = service.Get<SearchCorpus>().Current.CaseStudies.Select(c => c.CaseStudy).ToList();
        await corpus.IngestAsync([hostile], "test", ct: TestContext.Current.CancellationToken);
        await service.Get<CaseStudyDesk>().ReleaseAsync(hostile.Slug, new("staff", "the tests", "Markup that pages must encode."), TestContext.Current.CancellationToken);
        try
        {
            var answer = await service.Client.AskAsync($"Which councils painted zebra crossings with residents? {script}");
            foreach (var page in (string[])
                     [
                         "/case-studies/hostile?from=3&to=60", "/case-studies?q=zebra", $"/case-studies?topic={Uri.EscapeDataString(script)}&q={Uri.EscapeDataString(script)}",
                         "/compare?slug=hostile&slug=10-by-10", answer, "/", "/?about=hostile",
                     ])
            {
                var html = await service.Client.GetPageAsync(page);

                Assert.DoesNotContain("<script>", html, StringComparison.OrdinalIgnoreCase);
                Assert.DoesNotContain("<img", html, StringComparison.OrdinalIgnoreCase);
                Assert.DoesNotContain("href=\"javascript:", html, StringComparison.OrdinalIgnoreCase);
            }
        }
        finally
        {
            await corpus.IngestAsync(others, "test", prune: true, ct: TestContext.Current.CancellationToken);
        }
    }

    [GeneratedRegex("<mark id=\"quote\" tabindex=\"-1\">(.*?)</mark>", RegexOptions.Singleline)]
    private static partial Regex Mark();

    [GeneratedRegex("<p class=\"govuk-body app-wrap\">(.*?)</p>", RegexOptions.Singleline)]
    private static partial Regex Paragraph();

    [GeneratedRegex("<[^>]+>")]
    private static partial Regex Tag();
}
