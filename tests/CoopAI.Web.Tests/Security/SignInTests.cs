using System.Net;
using System.Net.Http.Json;
using CoopAI.Adapters.Sqlite;
using CoopAI.Web.Hosting;
using CoopAI.Web.Security;
using CoopAI.Web.Tests.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace CoopAI.Web.Tests.Security;

/// <summary>A host with accounts, without case studies: the start of the host itself loads none.</summary>
public sealed class SignInTests : IAsyncLifetime
{
    private const string Password = "correct horse battery";

    private readonly string _directory = Directory.CreateTempSubdirectory("coopai-sign-in-").FullName;
    private WebApplication? _app;
    private HttpClient? _client;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _app = CoopWeb.Build(["--urls", "http://127.0.0.1:0", "--SignIn:Mode", "Accounts", "--SignIn:RequestsPerMinute", "40", "--SignIn:QuestionsPerMinute", "2", "--SignIn:SecondFactorForAdministrators", "false", "--Serilog:MinimumLevel:Default", "Fatal"], _directory);
        await _app.StartAsync(Ct);
        _client = new HttpClient(new HttpClientHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = new Uri(_app.Urls.First()) };
    }

    [Fact]
    public async Task Whoever_is_not_signed_in_is_led_to_the_form_or_told_the_status()
    {
        using var page = await SendAsync(HttpMethod.Get, "/role");
        using var api = await SendAsync(HttpMethod.Get, "/api/settings");
        using var health = await SendAsync(HttpMethod.Get, "/health/live");
        using var forged = await SendAsync(HttpMethod.Get, "/api/settings", "coopai-role=administrator");

        Assert.Equal(HttpStatusCode.Redirect, page.StatusCode);
        Assert.Equal("/sign-in?return=%2Frole", page.Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.Unauthorized, api.StatusCode);
        Assert.Equal("application/problem+json", api.Content.Headers.ContentType?.MediaType);
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, forged.StatusCode);
    }

    [Fact]
    public async Task A_session_has_its_accounts_role_and_ends_with_it()
    {
        await Accounts.AddAsync("ada", "member", Password);
        var session = await SignInAsync("ada", Password);

        using var mine = await SendAsync(HttpMethod.Get, "/api/settings", session);
        using var notMine = await SendAsync(HttpMethod.Put, "/api/settings/answering", session, JsonContent.Create(new { on = false, by = "x", reason = "x" }));
        await Accounts.SetRoleAsync("ada", "officer");
        using var after = await SendAsync(HttpMethod.Get, "/api/settings", session);

        Assert.Equal(HttpStatusCode.OK, mine.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, notMine.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, after.StatusCode);
    }

    [Fact]
    public async Task Who_acts_is_who_signed_in_whatever_the_request_says()
    {
        await Accounts.AddAsync("root", "administrator", Password);
        var session = await SignInAsync("root", Password);

        using var changed = await SendAsync(HttpMethod.Put, "/api/settings/answering", session, JsonContent.Create(new { on = false, by = "somebody else", reason = "Test" }));

        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.Contains("\"root\"", await changed.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://attacker.example/")]
    [InlineData("//attacker.example")]
    [InlineData("/\\attacker.example")]
    public async Task Nobody_is_led_to_another_site_after_signing_in(string target)
    {
        await Accounts.AddAsync("ada", "member", Password);
        using var response = await PostAsync("ada", Password, target);

        Assert.Equal("/audit", response.Headers.Location?.OriginalString);
        var cookie = Assert.Single(response.Headers.GetValues("Set-Cookie"), c => c.StartsWith("__Host-coopai-session=", StringComparison.Ordinal));
        Assert.All(["secure", "httponly", "samesite=strict"], part => Assert.Contains(part, cookie, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_wrong_password_keeps_the_name_and_not_the_password()
    {
        await Accounts.AddAsync("ada", "member", Password);
        using var response = await PostAsync("ada", "quite wrong password");
        var page = await response.Content.ReadAsStringAsync(Ct);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("Name or password is wrong.", page, StringComparison.Ordinal);
        Assert.Contains("value=\"ada\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("quite wrong password", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ada")]
    [InlineData("nobody")]
    public async Task After_wrong_attempts_there_is_a_wait_that_says_how_long_whether_the_name_exists_or_not(string name)
    {
        await Accounts.AddAsync("ada", "member", Password);
        // Even the right password has to wait. Where the machine was too slow and the wait was over, it is tried again: the next wait is as long or longer.
        HttpResponseMessage next;
        var tries = 0;
        do
        {
            while (SignIns.Begin(name, "127.0.0.1") is null)
            {
                // Counts up to the next wait.
            }

            next = await PostAsync(name, Password);
        }
        while (next.StatusCode != HttpStatusCode.TooManyRequests && ++tries < 20);

        using var refused = next;
        Assert.Matches("Too many wrong attempts. Try again in [0-9]+ (second|minute)", await next.Content.ReadAsStringAsync(Ct));
        Assert.InRange(next.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, SignInDelays.Longest.TotalSeconds);
        Assert.False(next.Headers.TryGetValues("Set-Cookie", out var cookies) && cookies.Any(c => c.StartsWith("__Host-coopai-session=", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_copy_of_the_cookie_opens_nothing_after_sign_out()
    {
        await Accounts.AddAsync("ada", "member", Password);
        var session = await SignInAsync("ada", Password);
        using var page = await SendAsync(HttpMethod.Get, "/role", session);
        var form = page.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("__Host-coopai-form=", StringComparison.Ordinal)).Split(';')[0];
        var hidden = FormPost.HiddenFieldsOf(await page.Content.ReadAsStringAsync(Ct), "action=\"/sign-out\"");

        using var signedOut = await SendAsync(HttpMethod.Post, "/sign-out", $"{session}; {form}", new FormUrlEncodedContent(hidden));
        using var replayed = await SendAsync(HttpMethod.Get, "/api/settings", session);

        Assert.Equal(HttpStatusCode.Redirect, signedOut.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, replayed.StatusCode);
    }

    [Fact]
    public async Task Questions_and_sign_ins_have_limits_of_their_own()
    {
        await Accounts.AddAsync("ada", "member", Password);
        var session = await SignInAsync("ada", Password);

        Assert.Equal([HttpStatusCode.BadRequest, HttpStatusCode.BadRequest, HttpStatusCode.TooManyRequests], await PostsAsync("/api/answers", 3, session));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await PostsAsync("/", 1, session))[0]);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await PostsAsync("/sign-in", RequestLimits.SignInsPerMinute + 1, null))[^1]);
        using var other = await SendAsync(HttpMethod.Get, "/api/settings", session);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task Too_many_requests_are_turned_away_with_the_time_to_wait()
    {
        HttpResponseMessage? last = null;
        for (var i = 0; i < 42; i++)
        {
            last?.Dispose();
            last = await SendAsync(HttpMethod.Get, "/api/settings");
        }

        using (last)
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, last!.StatusCode);
            Assert.NotNull(last.Headers.RetryAfter);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_app is not null)
        {
            _app.Services.GetRequiredService<CoopDatabase>().ReleaseFile();
            await _app.DisposeAsync();
        }

        Directory.Delete(_directory, recursive: true);
    }

    private SignInDelays SignIns => _app!.Services.GetRequiredService<SignInDelays>();

    private AccountBook Accounts => _app!.Services.GetRequiredService<AccountBook>();

    private async Task<List<HttpStatusCode>> PostsAsync(string address, int count, string? session)
    {
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < count; i++)
        {
            using var response = await SendAsync(HttpMethod.Post, address, session, address.StartsWith("/api", StringComparison.Ordinal) ? JsonContent.Create(new { }) : new FormUrlEncodedContent([]));
            statuses.Add(response.StatusCode);
        }

        return statuses;
    }

    private async Task<string> SignInAsync(string name, string password)
    {
        using var response = await PostAsync(name, password);
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        return response.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("__Host-coopai-session=", StringComparison.Ordinal)).Split(';')[0];
    }

    private async Task<HttpResponseMessage> PostAsync(string name, string password, string? target = null)
    {
        using var form = await SendAsync(HttpMethod.Get, "/sign-in");
        var token = FormPost.HiddenFieldsOf(await form.Content.ReadAsStringAsync(Ct), "name=\"password\"")["__RequestVerificationToken"];
        var cookie = form.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("__Host-coopai-form=", StringComparison.Ordinal)).Split(';')[0];
        return await SendAsync(HttpMethod.Post, "/sign-in", cookie, new FormUrlEncodedContent(
            [new("name", name), new("password", password), new("return", target ?? ""), new("__RequestVerificationToken", token)]));
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string address, string? cookie = null, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, address) { Content = content };
        if (cookie is not null) request.Headers.Add("Cookie", cookie);
        return await _client!.SendAsync(request, Ct);
    }
}
