using System.Net;
using CoopAI.Adapters.Sqlite;
using CoopAI.Web.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace CoopAI.Web.Tests.Security;

/// <summary>Sign-in by a proxy's headers: believed from the proxy's own address, this machine's here, and from no other.</summary>
public sealed class ProxyTests : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("coopai-proxy-").FullName;
    private readonly List<WebApplication> _apps = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::ffff:127.0.0.1")]
    public async Task The_named_proxys_headers_say_who_somebody_is(string proxy)
    {
        var host = await StartAsync(proxy);

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(host, "/api/settings", ("X-Remote-User", "ada"), ("X-Remote-Role", "member")));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(host, "/api/tags/queue", ("X-Remote-User", "ada"), ("X-Remote-Role", "member")));
        Assert.Contains("You are signed in as <span class=\"app-wrap\">ada</span>: Member", await TextAsync(host, "/role", ("X-Remote-User", "ada"), ("X-Remote-Role", "member")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_without_a_role_is_an_officer()
    {
        var host = await StartAsync("127.0.0.1");

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(host, "/api/principles", ("X-Remote-User", "ada")));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(host, "/api/settings", ("X-Remote-User", "ada")));
    }

    [Fact]
    public async Task The_same_headers_from_any_other_address_are_not_believed()
    {
        var host = await StartAsync("10.0.0.5");

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(host, "/api/settings", ("X-Remote-User", "ada"), ("X-Remote-Role", "administrator")));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(host, "/role", ("X-Remote-User", "ada"), ("X-Remote-Role", "administrator")));
        // A header that says whence a request came is the sender's own claim.
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(host, "/api/settings", ("X-Remote-User", "ada"), ("X-Remote-Role", "administrator"), ("X-Forwarded-For", "10.0.0.5")));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(host, "/health/live"));
    }

    [Fact]
    public async Task Headers_that_came_twice_are_empty_or_name_no_role_open_nothing()
    {
        var host = await StartAsync("127.0.0.1");

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(host, "/api/principles"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(host, "/api/principles", ("X-Remote-User", "")));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(host, "/api/principles", ("X-Remote-User", "ada"), ("X-Remote-User", "root")));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(host, "/api/principles", ("X-Remote-User", "ada"), ("X-Remote-Role", "king")));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(host, "/api/principles", ("X-Remote-User", "ada"), ("X-Remote-Role", "officer"), ("X-Remote-Role", "administrator")));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(host, "/api/principles", ("X-Remote-User", new string('a', 201))));
        // Cookies of the other ways to sign in mean nothing here.
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(host, "/api/principles", ("Cookie", "coopai-role=administrator; __Host-coopai-session=x")));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("proxy.example")]
    public void Without_the_proxys_address_the_service_does_not_start(string? address)
    {
        string[] args = ["--urls", "http://127.0.0.1:0", "--SignIn:Mode", "Proxy", .. address is null ? Array.Empty<string>() : ["--SignIn:ProxyAddress", address]];
        var app = CoopWeb.Build(args, _directory);
        _apps.Add(app);

        var refused = Assert.ThrowsAny<Exception>(() => CoopWeb.StartAsync(app, TextWriter.Null, Ct).GetAwaiter().GetResult());

        Assert.Contains("ProxyAddress", refused.Message, StringComparison.Ordinal);
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

    private async Task<string> StartAsync(string proxy)
    {
        var app = CoopWeb.Build(["--urls", "http://127.0.0.1:0", "--SignIn:Mode", "Proxy", "--SignIn:ProxyAddress", proxy, "--Serilog:MinimumLevel:Default", "Fatal"], _directory);
        _apps.Add(app);
        await app.StartAsync(Ct);
        return app.Urls.First();
    }

    private static async Task<HttpStatusCode> StatusAsync(string host, string address, params (string Name, string Value)[] headers)
    {
        using var response = await SendAsync(host, address, headers);
        return response.StatusCode;
    }

    private static async Task<string> TextAsync(string host, string address, params (string Name, string Value)[] headers)
    {
        using var response = await SendAsync(host, address, headers);
        return WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync(Ct));
    }

    private static async Task<HttpResponseMessage> SendAsync(string host, string address, (string Name, string Value)[] headers)
    {
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, host + address);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await client.SendAsync(request, Ct);
    }
}
