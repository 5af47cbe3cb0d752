using System.Net;
using System.Text;
using CoopAI.Adapters.Reading;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core.Corpus;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CoopAI.Tests.Adapters.Reading;

/// <summary>Fetches from a site that the test serves on this machine, hostile pages included.</summary>
public sealed class WebReaderTests : IAsyncLifetime
{
    private const string Page = "<html><head><title>The bandstand</title></head><body><nav>Home</nav><h1>The bandstand</h1><p>Lead Member: Skelby Town Council</p><p>The council repainted the bandstand in Mill Park in spring. The work took six weeks and cost £9,000.</p></body></html>";

    private readonly string _directory = Directory.CreateTempSubdirectory("coopai-web-").FullName;
    private readonly List<(string Path, string Agent, string? Known, long At)> _requests = [];
    private WebApplication _site = null!;
    private CoopDatabase _database = null!;
    private readonly string _robots = "User-agent: *\nDisallow: /private/\nAllow: /private/open$\n";

    private string Address => _site.Urls.First();

    public async ValueTask InitializeAsync()
    {
        _database = CoopDatabase.Open(_directory);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _site = builder.Build();
        _site.Use(async (context, next) =>
        {
            lock (_requests) _requests.Add((context.Request.Path, context.Request.Headers.UserAgent.ToString(), context.Request.Headers.IfNoneMatch, Environment.TickCount64));
            await next();
        });
        _site.MapGet("/robots.txt", () => Results.Text(_robots));
        _site.MapGet("/page", (HttpContext c) =>
        {
            c.Response.Headers.ETag = "\"one\"";
            return c.Request.Headers.IfNoneMatch == "\"one\"" ? Results.StatusCode(304) : Results.Text(Page, "text/html");
        });
        _site.MapGet("/again", () => Results.Text(Page.Replace("bandstand", "boathouse", StringComparison.Ordinal), "text/html"));
        _site.MapGet("/private/x", () => Results.Text(Page, "text/html"));
        _site.MapGet("/moved", () => Results.Redirect("/page"));
        _site.MapGet("/circle", () => Results.Redirect("/circle"));
        _site.MapGet("/inside", () => Results.Redirect("http://169.254.169.254/latest/meta-data/"));
        _site.MapGet("/file", () => Results.Redirect("file:///etc/passwd"));
        _site.MapGet("/empty", () => Results.Text("", "text/html"));
        _site.MapGet("/login", () => Results.Text("<html><body><form><input type=\"text\"><input type=\"password\"></form></body></html>", "text/html"));
        _site.MapGet("/busy", () => Results.StatusCode(429));
        _site.MapGet("/huge", async (HttpContext c) =>
        {
            c.Response.ContentType = "text/html";
            var block = new byte[1024 * 1024];
            Array.Fill(block, (byte)' ');
            for (var i = 0; i < 2000 && !c.RequestAborted.IsCancellationRequested; i++) await c.Response.Body.WriteAsync(block, c.RequestAborted);
        });
        _site.MapGet("/said-huge", (HttpContext c) => c.Response.ContentLength = 2L * 1024 * 1024 * 1024);
        _site.MapGet("/sitemap.xml", () => Results.Text($"<?xml version=\"1.0\"?><urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"><url><loc>{Address}/page</loc></url><url><loc>{Address}/again</loc></url><url><loc>http://elsewhere.example/x</loc></url></urlset>", "application/xml"));
        _site.MapGet("/list.txt", () => Results.Text($"{Address}/page\n{Address}/again\n", "text/plain"));
        await _site.StartAsync();
    }

    [Theory]
    [InlineData("/page", null)]
    [InlineData("/moved", null)]
    [InlineData("/nothing", "does not exist (404)")]
    [InlineData("/private/x", "robots.txt asks not to fetch")]
    [InlineData("/circle", "leads on from one address to the next")]
    [InlineData("/inside", "an address inside this network")]
    [InlineData("/file", "only http and https")]
    [InlineData("/empty", "the page is empty")]
    [InlineData("/login", "asks to sign in")]
    [InlineData("/busy", "fewer requests (429)")]
    [InlineData("/huge", "larger than 8 MiB")]
    [InlineData("/said-huge", "larger than 32 MiB")]
    public async Task A_page_is_read_or_refused_with_its_address_and_why(string path, string? problem)
    {
        var item = Assert.Single(await ReadAsync(path));

        Assert.Equal(problem is null, item.Read is not null);
        if (problem is not null) Assert.Contains(problem, item.Problem!.Message, StringComparison.Ordinal);
        else Assert.Equal(("Skelby Town Council", $"{Address}/page"), (item.Read!.CaseStudy.LeadMember, item.Read.CaseStudy.Url));
        lock (_requests) Assert.All(_requests, r => Assert.StartsWith("CoopAI/", r.Agent, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/sitemap.xml")]
    [InlineData("/list.txt")]
    public async Task Lists_bring_the_pages_of_their_own_host_and_requests_keep_their_distance(string list)
    {
        var items = await ReadAsync(list, pause: TimeSpan.FromMilliseconds(200));

        Assert.Equal(["The bandstand", "The boathouse"], items.Select(i => i.Read!.CaseStudy.Title));
        lock (_requests) Assert.All(_requests.Zip(_requests.Skip(1)), p => Assert.True(p.Second.At - p.First.At >= 180, $"{p.First.Path} to {p.Second.Path}: {p.Second.At - p.First.At} ms"));
    }

    [Fact]
    public async Task A_refresh_asks_whether_a_page_changed_and_brings_it_only_then()
    {
        using var reader = Reader(TimeSpan.Zero);
        await ReadAsync(reader, refresh: false, $"{Address}/page", $"{Address}/again");
        reader.NoteApplied();

        var again = await ReadAsync(reader, refresh: true);

        Assert.Equal("The boathouse", Assert.Single(again).Read!.CaseStudy.Title);
        lock (_requests) Assert.Contains(_requests, r => r is { Path: "/page", Known: "\"one\"" });
    }

    [Fact]
    public async Task A_run_that_was_cut_off_does_not_fetch_again_what_it_had()
    {
        await ReadAsync("/page");
        var before = Count();

        await ReadAsync("/page");

        Assert.Equal(before, Count());

        int Count()
        {
            lock (_requests) return _requests.Count(r => r.Path == "/page");
        }
    }

    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.31.0.1", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("64:ff9b::a00:1", false)]
    [InlineData("2002:a00:1::", false)]
    [InlineData("93.184.216.34", true)]
    [InlineData("172.32.0.1", true)]
    [InlineData("2606:2800:220:1::1", true)]
    public void Only_addresses_of_the_public_internet_are_connected_to(string address, bool isPublic) => Assert.Equal(isPublic, WebReader.IsPublic(IPAddress.Parse(address)));

    [Fact]
    public async Task Without_the_tests_leave_this_machine_is_refused_by_number_and_by_name()
    {
        using var reader = new WebReader(CaseStudyImporterTests.Importer, new WebPages(_database), new WebOptions(), TimeProvider.System);

        var items = await ReadAsync(reader, refresh: false, $"{Address}/page", Address.Replace("127.0.0.1", "localhost", StringComparison.Ordinal) + "/page");

        Assert.All(items, i => Assert.Contains("an address inside this network", i.Problem!.Message, StringComparison.Ordinal));
        lock (_requests) Assert.Empty(_requests);
    }

    [Theory]
    [InlineData("User-agent: *\nDisallow: /", "/a", false)]
    [InlineData("User-agent: coopai\nAllow: /\n\nUser-agent: *\nDisallow: /", "/a", true)]
    [InlineData("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", true)]
    [InlineData("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf", false)]
    [InlineData("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf?z", true)]
    [InlineData("User-agent: other\nDisallow: /", "/a", true)]
    [InlineData("Disallow: /\nnonsense", "/a", true)]
    public void Robots_rules_are_read_as_RFC_9309_has_them(string robots, string path, bool allowed) =>
        Assert.Equal(allowed, WebReader.Robots.Parse(robots).Allows(new Uri("https://site.example" + path)));

    public async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        _database.ReleaseFile();
        Directory.Delete(_directory, recursive: true);
    }

    private WebReader Reader(TimeSpan pause) =>
        new(CaseStudyImporterTests.Importer, new WebPages(_database), new WebOptions { Pause = pause, Timeout = TimeSpan.FromSeconds(20) }, TimeProvider.System, a => IPAddress.IsLoopback(a) || WebReader.IsPublic(a));

    private async Task<List<ImportItem>> ReadAsync(string path, TimeSpan pause = default)
    {
        using var reader = Reader(pause);
        return await ReadAsync(reader, refresh: false, Address + path);
    }

    private static async Task<List<ImportItem>> ReadAsync(WebReader reader, bool refresh, params string[] addresses)
    {
        var items = new List<ImportItem>();
        await foreach (var item in reader.ReadAsync([.. addresses.Select(a => new Uri(a))], refresh, ct: TestContext.Current.CancellationToken)) items.Add(item);
        return items;
    }
}
