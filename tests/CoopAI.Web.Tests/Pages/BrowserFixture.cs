using System.Text.RegularExpressions;
using CoopAI.Web.Hosting;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace CoopAI.Web.Tests.Pages;

/// <summary>Tests that share one host and one browser; they run one after another.</summary>
[CollectionDefinition(Name)]
public sealed class BrowserTests : ICollectionFixture<BrowserFixture>
{
    public const string Name = "Browser";
}

/// <summary>The real host as in production, with the shipped case studies, on a free port of this machine, and Chromium to look at it.</summary>
/// <remarks>
/// Chromium is looked for under COOPAI_CHROMIUM and then where Debian puts it; nothing is downloaded. Without it each test that opens a page
/// skips and says how to get it. Pages of one test share nothing with those of another: each gets a browser context of its own.
/// </remarks>
public sealed class BrowserFixture : IAsyncLifetime
{
    /// <summary>Widths of a phone and of a desktop, in CSS pixels.</summary>
    public const int Phone = 360, Desktop = 1280;

    private static readonly string[] Arguments =
        ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private static readonly System.Net.CookieContainer Cookies = new();

    private readonly string _directory = Directory.CreateTempSubdirectory("coopai-pages-").FullName;
    private WebApplication? _app;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Follows no redirects and keeps cookies: what a browser without any script would send.</summary>
    public HttpClient Client { get; } = new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = true, CookieContainer = Cookies });

    public string Address { get; private set; } = "";

    private static string? Chromium => new[] { Environment.GetEnvironmentVariable("COOPAI_CHROMIUM"), "/usr/bin/chromium" }.FirstOrDefault(File.Exists);

    public T Get<T>()
        where T : notnull => _app!.Services.GetRequiredService<T>();

    public async ValueTask InitializeAsync()
    {
        _app = CoopWeb.Build(["--urls", "http://127.0.0.1:0", "--environment", "Production", "--Serilog:MinimumLevel:Default", "Fatal"], _directory);
        await CoopWeb.StartAsync(_app, TextWriter.Null);
        Address = _app.Urls.First();
        Client.BaseAddress = new Uri(Address);
        if (Chromium is not { } chromium) return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = chromium, Headless = true, Args = Arguments });
    }

    /// <summary>Takes the remembered reviewer's name from <see cref="Client"/>, which the tests share.</summary>
    public void ForgetName()
    {
        foreach (var cookie in Cookies.GetCookies(new Uri(Client.BaseAddress!, "/audit")).Where(c => c.Name == "coopai-name")) cookie.Expired = true;
    }

    /// <summary>Opens an address of the service. A page that asks another host for anything, or breaks the content-security policy, fails the test.</summary>
    /// <param name="path">From the root, such as "/case-studies".</param>
    /// <param name="host">Address of another host of the service than the shared one.</param>
    public async Task<BrowserPage> OpenAsync(string path, bool javaScript = true, int width = Desktop, string? host = null)
    {
        Assert.SkipWhen(_browser is null, "No Chromium: install it (on Debian: apt-get install chromium) or name the program in COOPAI_CHROMIUM. This test looks at pages in a real browser.");
        var context = await _browser!.NewContextAsync(new()
        {
            BaseURL = host ?? Address,
            JavaScriptEnabled = javaScript,
            ViewportSize = new() { Width = width, Height = 900 },
            Locale = "en-GB",
            ReducedMotion = ReducedMotion.Reduce,
        });
        var page = new BrowserPage(await context.NewPageAsync(), host ?? Address);
        await page.GoToAsync(path);
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
        Client.Dispose();
        if (_app is not null) await _app.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_directory, recursive: true);
    }
}

/// <summary>One page in a context of its own, with the checks that hold for every page.</summary>
public sealed class BrowserPage : IAsyncDisposable
{
    /// <summary>WCAG 2.2, levels A and AA.</summary>
    private static readonly List<string> AccessibilityRules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

    private readonly List<string> _complaints = [];

    internal BrowserPage(IPage page, string address)
    {
        Page = page;
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(address, StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal))
                _complaints.Add($"asked another host: {request.Url}");
        };
        page.Console += (_, message) =>
        {
            // The browser itself reports a page's own status of 400 or 404 here; tests look at that where it matters.
            if (message.Type == "error" && !message.Text.Contains("the server responded with a status of 4", StringComparison.Ordinal)) _complaints.Add(message.Text);
        };
        page.PageError += (_, error) => _complaints.Add(error);
    }

    public IPage Page { get; }

    public async Task GoToAsync(string path) => await Page.GotoAsync(path, new() { WaitUntil = WaitUntilState.Load });

    /// <summary>Waits until the address holds this text, such as "/answers/". What is looked for afterwards is looked for on the new page.</summary>
    public Task ArriveAsync(string part) => Assertions.Expect(Page).ToHaveURLAsync(new Regex(Regex.Escape(part)), new() { Timeout = 30_000 });

    /// <summary>A button, link, field or heading by its accessible name.</summary>
    public ILocator Find(AriaRole role, string name) => Page.GetByRole(role, new() { Name = name });

    /// <summary>No violation of WCAG 2.2 A and AA as axe sees it (size of targets included), no sideways scrolling, one main heading, a title, no complaint of the browser.</summary>
    public async Task AssertSoundAsync()
    {
        var result = await Page.RunAxe(new AxeRunOptions
        {
            RunOnly = new RunOnlyOptions { Type = "tag", Values = AccessibilityRules },
            // Off in axe unless asked for.
            Rules = new Dictionary<string, RuleOptions> { ["target-size"] = new() { Enabled = true } },
        });
        var violations = result.Violations.SelectMany(v => v.Nodes.Select(n => $"{v.Id}: {v.Help}: {n.Html}")).ToList();
        Assert.True(violations.Count == 0, $"{Page.Url} has {violations.Count} accessibility violations:\n{string.Join('\n', violations)}");
        Assert.True(await Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), $"{Page.Url} scrolls sideways.");
        Assert.Equal("en-GB", await Page.EvaluateAsync<string>("document.documentElement.lang"));
        Assert.Equal(1, await Page.Locator("h1").CountAsync());
        Assert.EndsWith(" – CoopAI", await Page.TitleAsync(), StringComparison.Ordinal);
        AssertNoComplaints();
    }

    /// <summary>Nothing runs off the screen at 400% on a desktop of 1280 pixels, which is 320.</summary>
    public async Task AssertFitsNarrowestAsync()
    {
        await Page.SetViewportSizeAsync(320, 900);
        Assert.True(await Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), $"{Page.Url} scrolls sideways at 320 pixels.");
    }

    /// <summary>Keeps a picture of the whole page in <c>artifacts/screenshots</c>, for people to look at.</summary>
    public async Task SaveScreenshotAsync(string name)
    {
        var root = Path.GetDirectoryName(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root, "CoopAI.sln"))) root = Path.GetDirectoryName(root);
        if (root is not null) await Page.ScreenshotAsync(new() { Path = Path.Combine(root, "artifacts", "screenshots", $"{name}.png"), FullPage = true });
    }

    /// <summary>Nothing was asked of another host and no script or style was refused.</summary>
    public void AssertNoComplaints() => Assert.True(_complaints.Count == 0, $"{Page.Url}: {string.Join('\n', _complaints)}");

    /// <summary>Presses the tab key until the focus is on an element with this id or text; fails after 200 presses.</summary>
    public async Task TabToAsync(string idOrText)
    {
        for (var i = 0; i < 200; i++)
        {
            await Page.Keyboard.PressAsync("Tab");
            var focused = await Page.EvaluateAsync<string[]>("[document.activeElement.id, document.activeElement.textContent.trim()]");
            if (!focused.Contains(idOrText, StringComparer.Ordinal)) continue;
            Assert.True(
                await Page.EvaluateAsync<bool>("(s => s.outlineStyle !== 'none' || s.boxShadow !== 'none' || s.backgroundColor === 'rgb(255, 221, 0)')(getComputedStyle(document.activeElement))"),
                $"The focus on {idOrText} cannot be seen.");
            return;
        }

        Assert.Fail($"The tab key never reaches {idOrText}.");
    }

    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();
}
