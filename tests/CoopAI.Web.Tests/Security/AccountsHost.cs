using System.Net;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core.Corpus;
using CoopAI.Orchestration.Ingesting;
using CoopAI.Web.Hosting;
using CoopAI.Web.Security;
using CoopAI.Web.Tests.Pages;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CoopAI.Web.Tests.Security;

/// <summary>A host with accounts and one case study: ada is a member, bea of the staff, root an administrator.</summary>
public sealed class AccountsHost : IAsyncLifetime
{
    public const string Slug = "youth-panel", Question = "Which councils let young people share out money for youth projects?";

    public const string Password = "correct horse battery";

    private readonly string _directory = Directory.CreateTempSubdirectory("coopai-accounts-").FullName;
    private WebApplication? _app;

    public string Address => _app!.Urls.First();

    public T Get<T>()
        where T : notnull => _app!.Services.GetRequiredService<T>();

    public async ValueTask InitializeAsync()
    {
        _app = CoopWeb.Build(
            ["--urls", "http://127.0.0.1:0", "--SignIn:Mode", "Accounts", "--SignIn:RequestsPerMinute", "10000", "--SignIn:QuestionsPerMinute", "1000", "--SignIn:SecondFactorForAdministrators", "false", "--RequestTime", "00:01:00", "--Serilog:MinimumLevel:Default", "Fatal"],
            _directory);
        await Get<CorpusService>().IngestAsync(
            [new CaseStudy { Slug = Slug, Title = "Youth panel of Northbeck", LeadMember = "Northbeck Council", Text = "Northbeck Council set up a panel of young people. The young people shared out £150,000 for youth projects." }], "test");
        await _app.StartAsync();
        foreach (var (name, role) in ((string, string)[])[("ada", "member"), ("bea", "staff"), ("root", "administrator")]) await Get<AccountBook>().AddAsync(name, role, Password);
    }

    /// <summary>A browser with a session: cookies are kept and sent although the test speaks http.</summary>
    /// <param name="ended">The session's time is over.</param>
    public Visitor Visit(string name, bool ended = false)
    {
        var properties = new AuthenticationProperties { IssuedUtc = DateTimeOffset.UtcNow.AddDays(-2), ExpiresUtc = DateTimeOffset.UtcNow.AddDays(ended ? -1 : 1) };
        var ticket = new AuthenticationTicket(Sessions.Principal(Get<AccountBook>().Find(name)!, DateTimeOffset.UtcNow, secondFactor: false), properties, Sessions.Scheme);
        var cookie = Get<IOptionsMonitor<CookieAuthenticationOptions>>().Get(Sessions.Scheme).TicketDataFormat.Protect(ticket);
        return new Visitor(_app!.Urls.First(), $"{Sessions.CookieName}={cookie}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            Get<CoopDatabase>().ReleaseFile();
            await _app.DisposeAsync();
        }

        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>Signs in over the form, keeps the session and follows nothing.</summary>
    public static async Task<Uri> SignInAsync(Visitor visitor, string name, Uri form)
    {
        var html = await visitor.TextAsync(form.OriginalString);
        using var response = await visitor.PostAsync("/sign-in", FormPost.HiddenFieldsOf(html, "name=\"password\""), ("name", name), ("password", Password));
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        return response.Headers.Location!;
    }
}

/// <summary>Sends what a browser would, cookies by hand: a secure cookie would not travel over http.</summary>
public sealed class Visitor(string address, string session) : IDisposable
{
    private readonly HttpClient _client = new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(address) };
    private readonly Dictionary<string, string> _cookies = new(StringComparer.Ordinal) { [session.Split('=')[0]] = session };

    public string Cookies => string.Join("; ", _cookies.Values);

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string page, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, page) { Content = content };
        request.Headers.Add("Cookie", Cookies);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        if (!response.Headers.TryGetValues("Set-Cookie", out var set)) return response;
        foreach (var cookie in set.Select(c => c.Split(';')[0])) _cookies[cookie.Split('=')[0]] = cookie;
        return response;
    }

    public async Task<string> TextAsync(string page, HttpStatusCode status = HttpStatusCode.OK)
    {
        using var response = await SendAsync(HttpMethod.Get, page);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == status, $"{page}: {response.StatusCode} {text}");
        return WebUtility.HtmlDecode(text);
    }

    public Task<HttpResponseMessage> PostAsync(string page, IEnumerable<KeyValuePair<string, string>> hidden, params (string Name, string Value)[] fields) =>
        SendAsync(HttpMethod.Post, page, new FormUrlEncodedContent(hidden.Concat(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)))));

    public void Dispose() => _client.Dispose();
}
