using System.Net;
using System.Security.Claims;
using CoopAI.Adapters.Sqlite;
using CoopAI.Web.Hosting;
using CoopAI.Web.Tests.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace CoopAI.Web.Tests.Security;

/// <summary>Sign-in with council accounts, against a provider of its own on this machine.</summary>
public sealed class CouncilSignInTests : IAsyncLifetime
{
    private const string RoleSetting = "--SignIn:OpenIdConnect:Roles:coopai-members";

    private readonly string _directory = Directory.CreateTempSubdirectory("coopai-council-").FullName;
    private readonly List<WebApplication> _apps = [];
    private string _provider = "";

    /// <summary>Who is signed in at the provider: subject, name, groups.</summary>
    private (string Subject, string Name, string[] Groups) _person = ("1", "ada@council.gov.uk", ["coopai-members"]);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddOpenIddict().AddServer(server =>
        {
            server.SetAuthorizationEndpointUris("authorize").SetTokenEndpointUris("token");
            server.AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange();
            server.RegisterScopes(Scopes.Profile);
            server.EnableDegradedMode();
            server.AddEphemeralEncryptionKey().AddEphemeralSigningKey();
            server.UseAspNetCore().EnableAuthorizationEndpointPassthrough().DisableTransportSecurityRequirement();
            server.AddEventHandler<ValidateAuthorizationRequestContext>(b => b.UseInlineHandler(context =>
            {
                if (context.ClientId != "coopai") context.Reject(Errors.InvalidClient);
                return default;
            }));
            server.AddEventHandler<ValidateTokenRequestContext>(b => b.UseInlineHandler(_ => default));
        });
        var app = builder.Build();
        app.MapGet("/authorize", () =>
        {
            var identity = new ClaimsIdentity("provider");
            identity.SetClaim(Claims.Subject, _person.Subject).SetClaim(Claims.PreferredUsername, _person.Name);
            foreach (var group in _person.Groups) identity.AddClaim(new Claim("roles", group));
            identity.SetDestinations(_ => [Destinations.IdentityToken]);
            identity.SetScopes(Scopes.OpenId, Scopes.Profile);
            return Results.SignIn(new ClaimsPrincipal(identity), null, OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
        });
        app.UseAuthentication();
        await app.StartAsync(Ct);
        _apps.Add(app);
        _provider = app.Urls.First();
        // Its first answers take longest, on a busy machine longer than the service waits for a provider.
        using var client = new HttpClient { BaseAddress = new Uri(_provider) };
        foreach (var address in (string[])["/.well-known/openid-configuration", "/.well-known/jwks"]) Assert.NotEmpty(await client.GetStringAsync(address, Ct));
    }

    [Fact]
    public async Task A_role_by_claim_opens_the_service_and_follows_the_provider()
    {
        var (host, book) = await StartAsync(RoleSetting, "member", "--SignIn:OpenIdConnect:Roles:coopai-staff", "staff");
        using var visitor = Visit(host);

        Assert.Equal("/audit", await SignInAsync(visitor));
        Assert.Contains("ada@council.gov.uk</span>: Member", await visitor.TextAsync("/role"), StringComparison.Ordinal);

        _person.Groups = ["coopai-staff", "something else"];
        using var later = Visit(host);
        await SignInAsync(later);
        Assert.Equal("staff", book.Find("ada@council.gov.uk")!.Role);
        // The session of before ended with the role.
        Assert.Equal(HttpStatusCode.Redirect, (await visitor.SendAsync(HttpMethod.Get, "/role")).StatusCode);
    }

    [Fact]
    public async Task An_unknown_role_is_said_on_a_page_of_its_own_and_makes_no_account()
    {
        var (host, book) = await StartAsync(RoleSetting, "member");
        _person.Groups = ["somebody-else"];
        using var visitor = Visit(host);

        var refused = await SignInAsync(visitor);

        Assert.Equal("/sign-in/refused/role", refused);
        Assert.Contains("Your council account has no role here", await visitor.TextAsync(refused, HttpStatusCode.Forbidden), StringComparison.Ordinal);
        Assert.Empty(book.All());
        Assert.DoesNotContain("coopai-session", visitor.Cookies, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_roles_by_claim_people_come_by_invitation_once()
    {
        var (host, book) = await StartAsync();
        using var visitor = Visit(host);
        Assert.Equal("/sign-in/refused/invitation", await SignInAsync(visitor));

        var secret = await book.InviteAsync("ada", "staff", new("root", "administrator", "Test."));
        Assert.Equal("/tag/queue", await SignInAsync(visitor, secret));
        Assert.Contains("ada</span>: Staff", await visitor.TextAsync("/role"), StringComparison.Ordinal);

        // The council account is joined now; the link is used up for anybody else.
        using var again = Visit(host);
        Assert.Equal("/tag/queue", await SignInAsync(again));
        _person = ("2", "bob@council.gov.uk", []);
        using var other = Visit(host);
        Assert.Equal("/sign-in/refused/link", await SignInAsync(other, secret));
    }

    [Fact]
    public async Task A_closed_account_stays_closed()
    {
        var (host, book) = await StartAsync(RoleSetting, "member");
        using var visitor = Visit(host);
        await SignInAsync(visitor);
        await book.SetDisabledAsync("ada@council.gov.uk", true, new("root", "administrator", "Test."));

        Assert.Equal("/sign-in/refused/disabled", await SignInAsync(visitor));
    }

    [Fact]
    public async Task A_provider_that_is_down_is_said_on_a_page_of_its_own()
    {
        var (host, _) = await StartAsync(RoleSetting, "member", "--SignIn:OpenIdConnect:Authority", "http://127.0.0.1:5379");
        using var visitor = Visit(host);

        var hidden = FormPost.HiddenFieldsOf(await visitor.TextAsync("/sign-in"), "action=\"/sign-in/council\"");
        using var response = await visitor.PostAsync("/sign-in/council", hidden);

        Assert.Equal("/sign-in/refused/provider", response.Headers.Location?.OriginalString);
        Assert.Contains("cannot be reached", await visitor.TextAsync("/sign-in/refused/provider", HttpStatusCode.ServiceUnavailable), StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var app in _apps)
        {
            app.Services.GetService<CoopDatabase>()?.ReleaseFile();
            await app.DisposeAsync();
        }

        Directory.Delete(_directory, recursive: true);
    }

    private static Visitor Visit(string host) => new(host, "none=none");

    private async Task<(string Host, AccountBook Book)> StartAsync(params string[] settings)
    {
        var app = CoopWeb.Build(
            ["--urls", "http://127.0.0.1:0", "--SignIn:Mode", "Accounts", "--SignIn:OpenIdConnect:Authority", _provider, "--SignIn:OpenIdConnect:ClientId", "coopai", "--RequestTime", "00:02:00", "--Serilog:MinimumLevel:Default", "Fatal", .. settings],
            _directory);
        _apps.Add(app);
        await app.StartAsync(Ct);
        return (app.Urls.First(), app.Services.GetRequiredService<AccountBook>());
    }

    /// <summary>Goes the whole way of a browser, and gives back where it ends.</summary>
    private static async Task<string> SignInAsync(Visitor visitor, string? link = null)
    {
        var page = link is null ? "/sign-in" : $"/sign-in/link?link={link}";
        var html = await visitor.SendAsync(HttpMethod.Get, page) is { StatusCode: HttpStatusCode.OK } shown ? await shown.Content.ReadAsStringAsync(Ct) : await visitor.TextAsync("/sign-in");
        using var challenge = await visitor.PostAsync("/sign-in/council", FormPost.HiddenFieldsOf(html, "action=\"/sign-in/council\"").Where(h => h.Key != "link"), link is null ? [] : [("link", link)]);
        Assert.Equal(HttpStatusCode.Redirect, challenge.StatusCode);
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        using var provider = await browser.GetAsync(challenge.Headers.Location, Ct);
        Assert.True(provider.StatusCode == HttpStatusCode.Redirect, await provider.Content.ReadAsStringAsync(Ct));
        using var back = await visitor.SendAsync(HttpMethod.Get, provider.Headers.Location!.PathAndQuery);
        return back.Headers.Location?.OriginalString ?? await back.Content.ReadAsStringAsync(Ct);
    }
}
