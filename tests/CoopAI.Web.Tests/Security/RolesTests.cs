using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using CoopAI.Web.Tests.Api;
using CoopAI.Web.Tests.Pages;

namespace CoopAI.Web.Tests.Security;

public partial class RolesTests(ApiFixture api)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("officer", "/api/principles", HttpStatusCode.OK)]
    [InlineData("officer", "/api/ledger", HttpStatusCode.Forbidden)]
    [InlineData("officer", "/api/reviews", HttpStatusCode.Forbidden)]
    [InlineData("officer", "/api/settings", HttpStatusCode.Forbidden)]
    [InlineData("officer", "/api/tags/queue", HttpStatusCode.Forbidden)]
    [InlineData("staff", "/api/ledger", HttpStatusCode.Forbidden)]
    [InlineData("member", "/api/ledger", HttpStatusCode.OK)]
    [InlineData("member", "/api/settings", HttpStatusCode.OK)]
    [InlineData("member", "/api/tags/queue", HttpStatusCode.Forbidden)]
    [InlineData("administrator", "/api/ledger", HttpStatusCode.OK)]
    [InlineData("no-such-role", "/api/ledger", HttpStatusCode.OK)]
    [InlineData(null, "/api/ledger", HttpStatusCode.OK)]
    public async Task Each_role_reaches_what_is_its_own(string? role, string address, HttpStatusCode expected)
    {
        using var response = await SendAsync(HttpMethod.Get, address, role);

        Assert.Equal(expected, response.StatusCode);
        if (expected == HttpStatusCode.Forbidden) Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("officer")]
    [InlineData("staff")]
    [InlineData("member")]
    public async Task Only_an_administrator_switches_answering(string role)
    {
        using var response = await SendAsync(HttpMethod.Put, "/api/settings/answering", role, new { on = false, by = "Test", reason = "Test" });

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Theory]
    [InlineData("officer")]
    [InlineData("staff")]
    public async Task Only_members_review(string role)
    {
        using var response = await SendAsync(HttpMethod.Post, "/api/answers/none/reviews", role, new { member = "Test", verdict = "agree" });

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Theory]
    [InlineData("officer", "/ /case-studies /audit/guidance /coverage /about")]
    [InlineData("staff", "/ /case-studies /tag /audit/guidance /audit/feedback /coverage /about")]
    [InlineData("member", "/ /case-studies /audit /coverage /about")]
    [InlineData("administrator", "/ /case-studies /tag /audit /admin /coverage /about")]
    public async Task The_menus_hold_what_a_role_may_open_and_nothing_else(string role, string expected)
    {
        var menu = await LinksAsync("/", role, "govuk-service-navigation__list");

        Assert.Equal(expected.Split(' '), menu);
        foreach (var address in menu.Concat(await LinksAsync("/audit/guidance", role, "app-subnav")))
        {
            using var response = await SendAsync(HttpMethod.Get, address, role);
            Assert.True(response.StatusCode == HttpStatusCode.OK, $"{role} {address}: {response.StatusCode}");
        }
    }

    [Theory]
    [InlineData("officer", HttpStatusCode.Forbidden)]
    [InlineData("staff", HttpStatusCode.OK)]
    [InlineData("member", HttpStatusCode.OK)]
    public async Task Staff_and_members_read_feedback(string role, HttpStatusCode expected)
    {
        using var response = await SendAsync(HttpMethod.Get, "/audit/feedback", role);

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task The_switch_sets_a_strict_cookie_and_shows_the_role()
    {
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var browser = new HttpClient(handler) { BaseAddress = api.Client.BaseAddress };
        var hidden = await browser.HiddenFieldsAsync("/role");

        using var response = await browser.PostFormAsync("/role", hidden, ("role", "member"));
        var page = await browser.GetStringAsync("/role", Ct);

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        var cookie = Assert.Single(response.Headers.GetValues("Set-Cookie"), c => c.StartsWith("coopai-role=member", StringComparison.Ordinal));
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("You use the service as: Member (councillor).", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_without_its_token_changes_nothing()
    {
        using var response = await api.Client.PostAsync("/role", new FormUrlEncodedContent([new("role", "officer")]), Ct);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.False(response.Headers.Contains("Set-Cookie") && response.Headers.GetValues("Set-Cookie").Any(c => c.StartsWith("coopai-role", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_name_that_is_not_this_machines_is_turned_away()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/principles");
        request.Headers.Host = "attacker.example";

        using var response = await api.Client.SendAsync(request, Ct);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    private async Task<string[]> LinksAsync(string page, string role, string list)
    {
        using var response = await SendAsync(HttpMethod.Get, page, role);
        var html = (await response.Content.ReadAsStringAsync(Ct)).Split($"<ul class=\"{list}\"")[1].Split("</ul>")[0];
        return [.. Link().Matches(html).Select(m => m.Groups[1].Value)];
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string address, string? role, object? body = null)
    {
        using var handler = new HttpClientHandler { UseCookies = false, AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { BaseAddress = api.Client.BaseAddress };
        using var request = new HttpRequestMessage(method, address);
        if (role is not null) request.Headers.Add("Cookie", $"coopai-role={role}");
        if (body is not null) request.Content = JsonContent.Create(body);
        return await client.SendAsync(request, Ct);
    }

    [GeneratedRegex("href=\"([^\"]+)\"", RegexOptions.CultureInvariant)]
    private static partial Regex Link();
}
