using System.Net;
using CoopAI.Adapters.Sqlite;
using CoopAI.Web.Hosting;
using CoopAI.Web.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace CoopAI.Web.Tests.Security;

/// <summary>Whose address counts, which host names are answered, and the headers on replies of every kind.</summary>
public sealed class AddressesTests : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("coopai-addresses-").FullName;
    private readonly List<WebApplication> _apps = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("X-Forwarded-For", "10.1.2.3")]
    [InlineData("X-Forwarded-Host", "council.example")]
    [InlineData("Forwarded", "for=10.1.2.3")]
    [InlineData("X-Real-IP", "10.1.2.3")]
    [InlineData("Via", "1.1 proxy")]
    public async Task Where_nobody_signs_in_a_request_that_came_through_a_proxy_is_refused(string header, string value)
    {
        var host = await StartAsync();

        using var refused = await SendAsync(host, "/api/ledger", (header, value));
        using var direct = await SendAsync(host, "/api/ledger");

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Contains("SignIn:ProxyAddress", await refused.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, direct.StatusCode);
    }

    [Fact]
    public async Task The_hosts_own_switch_for_forwarded_headers_makes_nobody_another_sender()
    {
        // What ASPNETCORE_FORWARDEDHEADERS_ENABLED=true sets, without changing the environment of other tests.
        var host = await StartAsync("--SignIn:Mode", "Proxy", "--SignIn:ProxyAddress", "10.0.0.5", "--FORWARDEDHEADERS_ENABLED", "true");

        using var response = await SendAsync(host, "/api/settings", ("X-Forwarded-For", "10.0.0.5"), ("X-Remote-User", "ada"), ("X-Remote-Role", "administrator"));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Behind_the_configured_proxy_each_client_has_limits_of_its_own_and_cannot_choose_its_address()
    {
        var host = await StartAsync("--SignIn:Mode", "Accounts", "--SignIn:ProxyAddress", "127.0.0.1", "--SignIn:RequestsPerMinute", "10");

        for (var i = 0; i < 10; i++)
        {
            // The proxy appends the address that it saw: what stands before it is the client's own claim.
            using var allowed = await SendAsync(host, "/api/principles", ("X-Forwarded-For", $"9.9.9.{i}, 10.1.2.3"));
            Assert.Equal(HttpStatusCode.Unauthorized, allowed.StatusCode);
        }

        using var limited = await SendAsync(host, "/api/principles", ("X-Forwarded-For", "9.9.9.99, 10.1.2.3"));
        using var other = await SendAsync(host, "/api/principles", ("X-Forwarded-For", "10.1.2.4"));
        using var form = await SendAsync(host, "/sign-in", ("X-Forwarded-For", "10.1.2.3"));

        Assert.Equal(HttpStatusCode.TooManyRequests, limited.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, other.StatusCode);
        Assert.Equal(HttpStatusCode.OK, form.StatusCode);
    }

    [Fact]
    public async Task An_attacker_behind_the_proxy_locks_out_neither_the_person_nor_other_addresses()
    {
        var host = await StartAsync("--SignIn:Mode", "Accounts", "--SignIn:ProxyAddress", "127.0.0.1");
        await Get<AccountBook>().AddAsync("ada", "officer", AccountsHost.Password);
        Get<SignInDelays>().Right("ada", "10.1.2.3");
        for (var i = 0; i < SignInDelays.FreeTogether; i++) Get<SignInDelays>().Begin("ada", $"10.9.9.{i}");

        Assert.NotNull(Get<SignInDelays>().Begin("ada", "10.9.9.200"));
        Assert.Equal(HttpStatusCode.Redirect, await SignInAsync(host, "10.1.2.3"));
    }

    [Theory]
    [InlineData("/api/case-studies?page=x", null)]
    [InlineData("/api/case-studies?page=x", "text/html")]
    [InlineData("/no-such-page", "text/html")]
    [InlineData("/api/answers/none", null)]
    [InlineData("/sign-in", null)]
    public async Task Replies_of_every_kind_carry_the_headers_and_over_TLS_the_promise_to_stay_there(string address, string? accept)
    {
        var host = await StartAsync("--SignIn:Mode", "Proxy", "--SignIn:ProxyAddress", "127.0.0.1", "--SignIn:PublicAddress", "https://coopai.council.example");
        (string, string)[] sent = [("X-Remote-User", "ada"), ("X-Forwarded-Proto", "https"), ("Host", "coopai.council.example"), .. accept is null ? Array.Empty<(string, string)>() : [("Accept", accept)]];

        using var response = await SendAsync(host, address, sent);

        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal(SecurityHeaders.ContentSecurityPolicy, Assert.Single(response.Headers.GetValues("Content-Security-Policy")));
        Assert.Equal(SecurityHeaders.TransportSecurity, Assert.Single(response.Headers.GetValues("Strict-Transport-Security")));
        if (!address.Contains("case-studies", StringComparison.Ordinal) || address.StartsWith("/api", StringComparison.Ordinal)) Assert.True(response.Headers.CacheControl?.NoStore);
    }

    [Theory]
    [InlineData("/audit/feedback")]
    [InlineData("/audit/ledger")]
    [InlineData("/api/answers/none")]
    [InlineData("/api/reviews")]
    [InlineData("/api/ledger")]
    [InlineData("/answers/none/document")]
    public async Task What_is_of_somebody_is_not_kept_by_browsers_or_proxies(string address)
    {
        var host = await StartAsync();

        using var response = await SendAsync(host, address);

        Assert.True(response.Headers.CacheControl?.NoStore);
        Assert.False(response.Headers.Contains("Strict-Transport-Security"));
    }

    [Fact]
    public async Task Only_the_configured_host_and_this_machine_are_answered()
    {
        var host = await StartAsync("--SignIn:Mode", "Accounts", "--SignIn:PublicAddress", "https://coopai.council.example");

        using var configured = await SendAsync(host, "/about", ("Host", "coopai.council.example"));
        using var attacker = await SendAsync(host, "/about", ("Host", "attacker.example"));
        using var own = await SendAsync(host, "/health/live");

        Assert.Equal(HttpStatusCode.OK, configured.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, attacker.StatusCode);
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
    }

    [Fact]
    public void A_line_of_the_log_cannot_be_forged()
    {
        using var output = new StringWriter();
        using (var log = new Serilog.LoggerConfiguration().WriteTo.Sink(new TextSink(output)).CreateLogger())
            log.Error(new InvalidOperationException("x\n16:00:00 INF FORGED\u001b[31m"), "Bad {Value}", "x\r\n16:00:00 INF FORGED\u2028\u202e\u001b[2J");

        var lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines.Skip(1), line => Assert.StartsWith("    ", line, StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.StartsWith("16:00:00", StringComparison.Ordinal));
        Assert.DoesNotContain(output.ToString(), c => c is '\u001b' or '\u2028' or '\u202e');
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var app in _apps)
        {
            app.Services.GetRequiredService<CoopDatabase>().ReleaseFile();
            await app.DisposeAsync();
        }

        Directory.Delete(_directory, recursive: true);
    }

    private T Get<T>()
        where T : notnull => _apps[^1].Services.GetRequiredService<T>();

    private async Task<string> StartAsync(params string[] settings)
    {
        var app = CoopWeb.Build(["--urls", "http://127.0.0.1:0", "--Serilog:MinimumLevel:Default", "Fatal", .. settings], _directory);
        _apps.Add(app);
        await app.StartAsync(Ct);
        return app.Urls.First();
    }

    private static async Task<HttpStatusCode> SignInAsync(string host, string from)
    {
        using var form = await SendAsync(host, "/sign-in", ("X-Forwarded-For", from));
        var token = Pages.FormPost.HiddenFieldsOf(await form.Content.ReadAsStringAsync(Ct), "name=\"password\"")["__RequestVerificationToken"];
        var cookie = form.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false });
        using var request = new HttpRequestMessage(HttpMethod.Post, host + "/sign-in")
        {
            Content = new FormUrlEncodedContent([new("name", "ada"), new("password", AccountsHost.Password), new("__RequestVerificationToken", token)]),
        };
        request.Headers.Add("Cookie", cookie);
        request.Headers.Add("X-Forwarded-For", from);
        using var response = await client.SendAsync(request, Ct);
        return response.StatusCode;
    }

    private static async Task<HttpResponseMessage> SendAsync(string host, string address, params (string Name, string Value)[] headers)
    {
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, host + address);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await client.SendAsync(request, Ct);
    }

    private sealed class TextSink(TextWriter output) : Serilog.Core.ILogEventSink
    {
        private readonly LineFormatter _formatter = new();

        public void Emit(Serilog.Events.LogEvent logEvent) => _formatter.Format(logEvent, output);
    }
}
