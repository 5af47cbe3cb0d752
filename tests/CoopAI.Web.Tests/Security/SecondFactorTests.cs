using System.Net;
using System.Text.RegularExpressions;
using CoopAI.Adapters.Sqlite;
using CoopAI.Tests.Adapters.Sqlite;
using CoopAI.Web.Hosting;
using CoopAI.Web.Tests.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace CoopAI.Web.Tests.Security;

/// <summary>An administrator's second factor, from setting it up to signing in with it.</summary>
public sealed partial class SecondFactorTests : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("coopai-factor-").FullName;
    private WebApplication? _app;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _app = CoopWeb.Build(["--urls", "http://127.0.0.1:0", "--SignIn:Mode", "Accounts", "--Serilog:MinimumLevel:Default", "Fatal"], _directory);
        await _app.StartAsync(Ct);
        await _app.Services.GetRequiredService<AccountBook>().AddAsync("root", "administrator", AccountsHost.Password);
    }

    [Fact]
    public async Task An_administrator_sets_up_an_app_before_the_pages_open_and_signs_in_with_its_codes_once_each()
    {
        using var visitor = new Visitor(_app!.Urls.First(), "none=none");
        Assert.Equal("/admin", await PasswordAsync(visitor, "/sign-in"));
        using (var shut = await visitor.SendAsync(HttpMethod.Get, "/admin")) Assert.Equal("/account/authenticator?return=%2Fadmin", shut.Headers.Location?.OriginalString);
        using (var api = await visitor.SendAsync(HttpMethod.Put, "/api/settings/answering", new StringContent("{\"on\":false,\"by\":\"x\",\"reason\":\"x\"}", null, "application/json"))) Assert.Equal(HttpStatusCode.Forbidden, api.StatusCode);

        var html = await visitor.TextAsync("/account/authenticator");
        var key = Key().Match(html).Groups[1].Value.Replace(" ", "", StringComparison.Ordinal);
        using (var wrong = await visitor.PostAsync("/account/authenticator", FormPost.HiddenFieldsOf(html, "name=\"code\""), ("code", "000000"))) Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        var code = Totp.Code(key, DateTimeOffset.UtcNow);
        using var set = await visitor.PostAsync("/account/authenticator", FormPost.HiddenFieldsOf(html, "name=\"code\""), ("code", code));
        var recovery = Code().Match(WebUtility.HtmlDecode(await set.Content.ReadAsStringAsync(Ct))).Groups[1].Value;
        Assert.Contains("Administration", await visitor.TextAsync("/admin"), StringComparison.Ordinal);

        // The password alone opens nothing now; a code that was used already does not either, a recovery code does, once.
        using var second = new Visitor(_app.Urls.First(), "none=none");
        var asked = await PasswordAsync(second, "/sign-in");
        Assert.Contains("Code from your app", asked, StringComparison.Ordinal);
        using (var before = await second.SendAsync(HttpMethod.Get, "/admin")) Assert.StartsWith("/sign-in", before.Headers.Location?.OriginalString, StringComparison.Ordinal);
        var hidden = FormPost.HiddenFieldsOf(asked, "name=\"code\"");
        using (var used = await second.PostAsync("/sign-in/code", hidden, ("code", code))) Assert.Equal(HttpStatusCode.BadRequest, used.StatusCode);
        using (var right = await second.PostAsync("/sign-in/code", hidden, ("code", recovery))) Assert.Equal("/admin", right.Headers.Location?.OriginalString);
        Assert.Contains("Administration", await second.TextAsync("/admin"), StringComparison.Ordinal);
        using var third = new Visitor(_app.Urls.First(), "none=none");
        hidden = FormPost.HiddenFieldsOf(await PasswordAsync(third, "/sign-in"), "name=\"code\"");
        using var again = await third.PostAsync("/sign-in/code", hidden, ("code", recovery));
        Assert.Equal(HttpStatusCode.BadRequest, again.StatusCode);
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            _app.Services.GetRequiredService<CoopDatabase>().ReleaseFile();
            await _app.DisposeAsync();
        }

        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>Sends name and password; where it leads, or the page that asks for more.</summary>
    private static async Task<string> PasswordAsync(Visitor visitor, string page)
    {
        using var response = await visitor.PostAsync("/sign-in", FormPost.HiddenFieldsOf(await visitor.TextAsync(page), "name=\"password\""), ("name", "root"), ("password", AccountsHost.Password));
        return response.Headers.Location?.OriginalString ?? WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync(Ct));
    }

    [GeneratedRegex("<code>([A-Z2-7 ]{32,})</code>")]
    private static partial Regex Key();

    [GeneratedRegex("<li><code>([A-Z0-9-]+)</code></li>")]
    private static partial Regex Code();
}
