using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CoopAI.Core.Retrieval;
using CoopAI.Web.Pages.Tagging;
using CoopAI.Web.Security;
using CoopAI.Web.Tests.Api;
using CoopAI.Web.Transparency;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.Extensions.Options;

namespace CoopAI.Web.Tests.Pages.About;

public class AboutPagesTests(ApiFixture api)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/about", "How it works and what it cannot do")]
    [InlineData("/about/privacy", "Privacy")]
    [InlineData("/about/accessibility", "Accessibility statement")]
    [InlineData("/about/transparency", "Transparency record")]
    public async Task Each_page_says_what_it_is_in_title_and_heading(string address, string heading)
    {
        var page = await api.Client.GetStringAsync(address, Ct);

        Assert.Contains($"<title>{heading} – CoopAI</title>", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        Assert.Contains($"<h1 class=\"govuk-heading-xl\">{heading}</h1>", page, StringComparison.Ordinal);
        Assert.Single(page.Split("<h1").Skip(1));
        Assert.DoesNotContain("style=", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_cookie_that_the_service_sets_stands_on_the_privacy_page()
    {
        var page = await api.Client.GetStringAsync("/about/privacy", Ct);
        var forms = api.Get<IOptions<AntiforgeryOptions>>().Value.Cookie.Name!;

        Assert.All([forms, LocalRoleHandler.CookieName, Sessions.CookieName, TagModel.NameCookie], cookie => Assert.Contains(cookie, page, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_transparency_record_holds_every_field_and_none_is_left_open()
    {
        var record = await api.Client.GetFromJsonAsync<JsonElement>("/about/transparency.json", Ct);

        Assert.Equal(
            ["metadata", "tier-1", "owner", "description", "decision", "data", "risks"],
            record.GetProperty("sections").EnumerateArray().Select(s => s.GetProperty("id").GetString()));
        var fields = record.GetProperty("sections").EnumerateArray().SelectMany(s => s.GetProperty("fields").EnumerateArray()).ToList();
        Assert.True(fields.Count >= 30, $"only {fields.Count} fields");
        Assert.All(fields, f =>
        {
            Assert.False(string.IsNullOrWhiteSpace(f.GetProperty("value").GetString()), f.ToString());
            Assert.DoesNotContain("TBC", f.GetProperty("value").GetString(), StringComparison.OrdinalIgnoreCase);
        });
        Assert.Equal(fields.Count, fields.Select(f => f.GetProperty("id").GetString()).Distinct().Count());
    }

    [Fact]
    public async Task The_transparency_record_names_what_the_running_configuration_uses()
    {
        var record = await api.Client.GetFromJsonAsync<JsonElement>("/about/transparency.json", Ct);

        Assert.Equal(api.Get<CoopAI.Core.Retrieval.EncoderIdentity>().ModelId, record.GetProperty("models")[0].GetProperty("name").GetString());
        Assert.Equal("none", record.GetProperty("models")[1].GetProperty("name").GetString());
        Assert.Equal(api.Get<CoopAI.Core.Guidance.GuidanceFramework>().Version, record.GetProperty("guidanceVersion").GetString());
        Assert.Contains(record.GetProperty("evaluation").EnumerateArray(), f => f.GetProperty("metric").GetString() == "recall@10" && f.GetProperty("mean").GetDouble() is > 0.5 and <= 1);
    }

    [Fact]
    public async Task An_unknown_address_is_answered_with_a_page_that_leads_on()
    {
        using var response = await api.Client.GetAsync("/no-such-page?x=<script>alert(1)</script>", Ct);
        var page = await response.Content.ReadAsStringAsync(Ct);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("Page not found", page, StringComparison.Ordinal);
        Assert.Contains("href=\"/case-studies\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("alert(1)", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Means_are_taken_over_the_items_of_each_metric()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, """{"suites":[{"name":"retrieval","items":{"MRR":{"q1":1,"q2":0.25,"q3":0.25},"none":{}}}]}""");

            Assert.Equal([new TransparencyFigure("retrieval", "MRR", 0.5, 3)], new AcceptedEvaluation(path).Figures);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("Alpha", "2026-01-01", null, true)]
    [InlineData("Retired", "2026-01-01", null, false)]
    [InlineData("Retired", "2026-01-01", "2026-02-01", true)]
    [InlineData("Alpha", "2026-01-01", "2026-02-01", false)]
    [InlineData("Retired", "2026-03-01", "2026-02-01", false)]
    public void Phase_and_dates_must_agree(string phase, string completed, string? archived, bool valid)
    {
        var options = new TransparencyOptions
        {
            Phase = phase,
            Completed = DateOnly.Parse(completed, System.Globalization.CultureInfo.InvariantCulture),
            Archived = archived is null ? null : DateOnly.Parse(archived, System.Globalization.CultureInfo.InvariantCulture),
        };

        Assert.Equal(valid, !options.Validate(new(options)).Any());
    }
}
