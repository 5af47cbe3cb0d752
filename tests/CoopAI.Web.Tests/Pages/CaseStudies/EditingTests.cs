using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CoopAI.Core;
using CoopAI.Core.Corpus;
using CoopAI.Web.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace CoopAI.Web.Tests.Pages.CaseStudies;

/// <summary>A host of its own: these tests change the corpus.</summary>
public sealed class EditingHost : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("coopai-editing-").FullName;
    private WebApplication? _app;

    public HttpClient Client { get; } = new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = true });

    public string Address { get; private set; } = "";

    public T Get<T>()
        where T : notnull => _app!.Services.GetRequiredService<T>();

    public async ValueTask InitializeAsync()
    {
        _app = CoopWeb.Build(["--urls", "http://127.0.0.1:0", "--environment", "Production", "--Serilog:MinimumLevel:Default", "Fatal"], _directory);
        await CoopWeb.StartAsync(_app, TextWriter.Null);
        Address = _app.Urls.First();
        Client.BaseAddress = new Uri(Address);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_app is not null) await _app.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_directory, recursive: true);
    }
}

/// <summary>Adding, editing, withdrawing and importing over HTTP, by pages and by the programming interface.</summary>
public sealed class EditingTests(EditingHost host) : IClassFixture<EditingHost>
{
    private const string Html = "<html><body><div>We use cookies to work together with partners.</div><h1>The net loft</h1><p>Lead Member: Skelby Town Council</p><p>Year: 2021</p>" +
        "<p>The net loft guild trains 30 net menders a year in the old loft. It is owned by its net menders. <script>alert('x')</script></p><p>Contact: Robin Aster, 01632 960 441</p></body></html>";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_page_is_uploaded_checked_published_found_edited_withdrawn_and_restored()
    {
        var read = await UploadAsync("/case-studies/new?handler=Read", "/case-studies/new", ("file", "net-loft.html", Html));
        Assert.Contains("value=\"Skelby Town Council\"", read, StringComparison.Ordinal);
        Assert.Contains("From the line “Year: 2021”.", WebUtility.HtmlDecode(read), StringComparison.Ordinal);
        Assert.DoesNotContain("01632", read, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", read, StringComparison.Ordinal);
        Assert.DoesNotContain("We use cookies", read, StringComparison.Ordinal);

        var fields = new (string, string)[]
        {
            ("Slug", "the-net-loft"), ("title", "The net loft"), ("leadMember", "Skelby Town Council"), ("year", "2021"), ("PrinciplesKnown", "no"),
            ("Text", "The net loft guild trains 30 net menders a year in the old loft. It is owned by its net menders."), ("Contacts", "Robin Aster"), ("by", "Bea Example"),
        };
        using var published = await host.Client.PostFormAsync("/case-studies/new?handler=Save", FormPost.HiddenFieldsOf(read, "name=\"state\""), [.. fields, ("state", "published")]);
        Assert.Equal("/case-studies/the-net-loft?saved=published", published.Headers.Location!.OriginalString);
        Assert.Contains("the-net-loft", await host.Client.GetPageAsync("/case-studies?q=The+net+loft+guild+trains+net+menders"), StringComparison.Ordinal);
        using var officer = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(host.Address) };
        officer.DefaultRequestHeaders.Add("Cookie", "coopai-role=officer");
        Assert.DoesNotContain("Robin Aster", await officer.GetPageAsync("/case-studies/the-net-loft"), StringComparison.Ordinal);
        Assert.Contains("Robin Aster", await host.Client.GetPageAsync("/case-studies/the-net-loft"), StringComparison.Ordinal);
        Assert.DoesNotContain("Robin Aster", await host.Client.GetPageAsync("/api/case-studies/the-net-loft"), StringComparison.Ordinal);
        Assert.Contains("Robin Aster", await host.Client.GetPageAsync("/case-studies/the-net-loft/history"), StringComparison.Ordinal);
        Assert.Contains("<title>The net loft</title>", await host.Client.GetPageAsync("/case-studies/latest.atom"), StringComparison.Ordinal);

        // Two editors open the form; the second is shown what the first did.
        var hidden = FormPost.HiddenFieldsOf(await host.Client.GetPageAsync("/case-studies/the-net-loft/edit"), "name=\"state\"");
        using var first = await host.Client.PostFormAsync("/case-studies/the-net-loft/edit", hidden, [.. fields.Where(f => f.Item1 != "Text"), ("Text", "The net loft guild trains 40 net menders a year in the old loft."), ("state", "published")]);
        Assert.Equal(HttpStatusCode.Redirect, first.StatusCode);
        using var second = await host.Client.PostFormAsync("/case-studies/the-net-loft/edit", hidden, [.. fields.Where(f => f.Item1 != "Text"), ("Text", "My own words on the loft."), ("state", "published")]);
        var shown = WebUtility.HtmlDecode(await second.Content.ReadAsStringAsync(Ct));
        Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
        Assert.Contains("<ins>The net loft guild trains 40 net menders a year in the old loft.</ins>", shown, StringComparison.Ordinal);
        Assert.Contains("My own words on the loft.", shown, StringComparison.Ordinal);

        hidden = FormPost.HiddenFieldsOf(await host.Client.GetPageAsync("/case-studies/the-net-loft/edit"), "name=\"state\"");
        using var unreasoned = await host.Client.PostFormAsync("/case-studies/the-net-loft/edit", hidden, [.. fields, ("state", "withdrawn")]);
        Assert.Contains("Give a reason", await unreasoned.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        using var withdrawn = await host.Client.PostFormAsync("/case-studies/the-net-loft/edit", hidden, [.. fields, ("state", "withdrawn"), ("reason", "The guild closed.")]);
        Assert.Equal(HttpStatusCode.Redirect, withdrawn.StatusCode);
        using var gone = await host.Client.GetAsync(new Uri("/case-studies/the-net-loft", UriKind.Relative), Ct);
        Assert.Equal(HttpStatusCode.Gone, gone.StatusCode);
        Assert.Contains("The guild closed.", await gone.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);

        var history = await host.Client.GetPageAsync("/case-studies/the-net-loft/history");
        using var restored = await host.Client.PostFormAsync("/case-studies/the-net-loft/history?handler=Restore", FormPost.HiddenFieldsOf(history, "name=\"number\""), ("by", "Bea Example"), ("number", "1"));
        Assert.Equal(HttpStatusCode.Redirect, restored.StatusCode);
        Assert.Contains("30 net menders", await host.Client.GetPageAsync("/case-studies/the-net-loft"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_draft_is_seen_by_staff_alone()
    {
        var hidden = FormPost.HiddenFieldsOf(await UploadAsync("/case-studies/new?handler=Read", "/case-studies/new", ("file", "kiln.txt", "The shared kiln\n\nPotters share a kiln in the old fire station of the town.")), "name=\"state\"");

        using var saved = await host.Client.PostFormAsync("/case-studies/new?handler=Save", hidden, ("Slug", "shared-kiln"), ("title", "The shared kiln"), ("Text", "Potters share a kiln in the old fire station."), ("PrinciplesKnown", "no"), ("by", "Bea Example"), ("state", "draft"));

        Assert.Equal("/case-studies/shared-kiln/edit?saved=draft", saved.Headers.Location!.OriginalString);
        using var page = await host.Client.GetAsync(new Uri("/case-studies/shared-kiln", UriKind.Relative), Ct);
        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
        Assert.Contains("The shared kiln", await host.Client.GetPageAsync("/case-studies/drafts"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("officer")]
    [InlineData("member")]
    public async Task Nobody_but_staff_may_open_the_pages_or_change_anything(string role)
    {
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(host.Address) };
        client.DefaultRequestHeaders.Add("Cookie", "coopai-role=" + role);

        foreach (var path in new[] { "/case-studies/new", "/case-studies/drafts", "/import", "/import/x", "/case-studies/addressing-food-insecurity/edit", "/case-studies/addressing-food-insecurity/history", "/api/case-studies/export" })
        {
            using var response = await client.GetAsync(new Uri(path, UriKind.Relative), Ct);
            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        }

        using var post = await client.PostAsJsonAsync("/api/case-studies", new { slug = "x", title = "X", text = "Text of x." }, Ct);
        Assert.Equal(HttpStatusCode.Forbidden, post.StatusCode);
    }

    [Fact]
    public async Task The_programming_interface_adds_edits_and_withdraws_with_ETags()
    {
        var study = new { slug = "api-loft", title = "The api loft", leadMember = "Skelby Town Council", text = "The api loft lends 40 looms to weavers. Write to jo.bloggs@example.com for one." };
        using var created = await host.Client.PostAsJsonAsync("/api/case-studies", study, Ct);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.DoesNotContain("jo.bloggs@", await created.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        using var taken = await host.Client.PostAsJsonAsync("/api/case-studies", study, Ct);
        Assert.Equal(HttpStatusCode.Conflict, taken.StatusCode);
        using var misspelt = await host.Client.PostAsJsonAsync("/api/case-studies", new { slug = "y", title = "Y", text = "Y.", leadmember = "X" }, Ct);
        Assert.Equal(HttpStatusCode.BadRequest, misspelt.StatusCode);
        Assert.Contains("meant: leadMember", await misspelt.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);

        using var got = await host.Client.GetAsync(new Uri("/api/case-studies/api-loft", UriKind.Relative), Ct);
        var tag = got.Headers.ETag!.ToString();
        Assert.Equal(HttpStatusCode.PreconditionRequired, (await SendAsync(HttpMethod.Put, null, study with { title = "Other" })).StatusCode);
        var put = await SendAsync(HttpMethod.Put, tag, study with { title = "The weavers’ loft" });
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        Assert.NotEqual(tag, put.Headers.ETag!.ToString());
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await SendAsync(HttpMethod.Put, tag, study with { title = "Late" })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(HttpMethod.Delete, "*", null)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(HttpMethod.Delete, put.Headers.ETag!.ToString(), null, "?reason=It%20closed.")).StatusCode);
        using var gone = await host.Client.GetAsync(new Uri("/api/case-studies/api-loft", UriKind.Relative), Ct);
        Assert.Equal(HttpStatusCode.Gone, gone.StatusCode);
        var ledger = await host.Client.GetPageAsync("/api/ledger?kind=case-study-change");
        Assert.Contains("api-loft", ledger, StringComparison.Ordinal);

        async Task<HttpResponseMessage> SendAsync(HttpMethod method, string? ifMatch, object? body, string query = "")
        {
            using var request = new HttpRequestMessage(method, new Uri("/api/case-studies/api-loft" + query, UriKind.Relative));
            if (body is not null) request.Content = JsonContent.Create(body);
            if (ifMatch is not null) request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
            return await host.Client.SendAsync(request, Ct);
        }
    }

    [Fact]
    public async Task An_import_is_shown_applied_taken_back_and_the_export_brings_the_same_corpus()
    {
        var lines = string.Join('\n', Enumerable.Range(1, 3).Select(i => JsonSerializer.Serialize(new { slug = $"import-{i}", title = $"Import {i}", text = $"Number {i} of the import tells of {i * 17} boats on lake {i}." })).Append("{\"slug\":\"bad\"}"));
        var preview = await UploadAsync("/import", "/import", ("files", "three.jsonl", lines), ("by", null, "Bea Example"));
        Assert.Contains("three.jsonl, line 4", preview, StringComparison.Ordinal);
        Assert.Contains("Apply 3 changes", preview, StringComparison.Ordinal);
        var id = Assert.Single(host.Get<ICaseStudyHistory>().Imports(10), i => i.Sources.Contains("three.jsonl")).Id;

        using var applied = await host.Client.PostFormAsync($"/import/{id}?handler=Apply", FormPost.HiddenFieldsOf(preview, "formaction"), ("by", "Bea Example"));
        Assert.Equal(HttpStatusCode.Redirect, applied.StatusCode);
        await AppliedAsync(id);
        Assert.Contains("boats on lake 2", await host.Client.GetPageAsync("/case-studies/import-2"), StringComparison.Ordinal);

        foreach (var format in new[] { "jsonl", "csv" })
        {
            var export = await host.Client.GetPageAsync($"/api/case-studies/export?format={format}");
            var again = await UploadAsync("/import", "/import", ("files", "export." + format, export), ("by", null, "Bea Example"));
            Assert.Contains("Added: none", again, StringComparison.Ordinal);
            Assert.Contains("Changed: none", again, StringComparison.Ordinal);
            Assert.Contains("Refused: none", again, StringComparison.Ordinal);
        }

        using var undone = await host.Client.PostFormAsync($"/import/{id}?handler=Undo", FormPost.HiddenFieldsOf(await host.Client.GetPageAsync($"/import/{id}"), "formaction"), ("by", "Bea Example"));
        Assert.Equal(HttpStatusCode.OK, undone.StatusCode);
        using var gone = await host.Client.GetAsync(new Uri("/case-studies/import-2", UriKind.Relative), Ct);
        Assert.Equal(HttpStatusCode.Gone, gone.StatusCode);
    }

    [Fact]
    public async Task An_answer_says_from_then_on_that_a_text_it_quotes_was_changed_or_withdrawn()
    {
        var study = new { slug = "quoted-weir", title = "The weir wardens", leadMember = "Skelby Town Council", year = 2022, text = "The weir wardens open the sluice of Skelby weir by hand. They are 34 volunteers, and the weir has not flooded since." };
        using var created = await host.Client.PostAsJsonAsync("/api/case-studies", study, Ct);
        using var asked = await host.Client.PostAsJsonAsync("/api/answers", new { question = "Who opens the sluice of Skelby weir by hand?" }, Ct);
        var id = (await asked.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("id").GetString();
        Assert.Contains("The weir wardens open the sluice", await host.Client.GetPageAsync($"/answers/{id}"), StringComparison.Ordinal);
        Assert.DoesNotContain("app-since", await host.Client.GetPageAsync($"/answers/{id}"), StringComparison.Ordinal);

        await SendAsync(HttpMethod.Put, study with { text = "Nobody opens anything at Skelby any more: the weir is gone, and the river runs free past the mill." });
        Assert.Contains("no longer stand in it", WebUtility.HtmlDecode(await host.Client.GetPageAsync($"/answers/{id}")), StringComparison.Ordinal);

        await SendAsync(HttpMethod.Delete, null, "?reason=The%20figures%20were%20wrong.");
        foreach (var path in new[] { $"/answers/{id}", $"/audit/answers/{id}", $"/answers/{id}/markdown" })
        {
            var page = WebUtility.HtmlDecode(await host.Client.GetPageAsync(path));
            Assert.Contains("“The weir wardens” was withdrawn on", page, StringComparison.Ordinal);
            Assert.Contains("The figures were wrong.", page, StringComparison.Ordinal);
        }

        var since = JsonDocument.Parse(await host.Client.GetPageAsync($"/api/answers/{id}")).RootElement.GetProperty("sourcesSince");
        Assert.Equal(("quoted-weir", true), (since[0].GetProperty("slug").GetString(), since[0].GetProperty("withdrawn").GetBoolean()));
        var word = await host.Client.GetByteArrayAsync(new Uri($"/answers/{id}/document", UriKind.Relative), Ct);
        using var document = DocumentFormat.OpenXml.Packaging.WordprocessingDocument.Open(new MemoryStream(word), isEditable: false);
        Assert.Contains("was withdrawn on", document.MainDocumentPart!.Document!.Body!.InnerText, StringComparison.Ordinal);

        async Task SendAsync(HttpMethod method, object? body, string query = "")
        {
            using var request = new HttpRequestMessage(method, new Uri("/api/case-studies/quoted-weir" + query, UriKind.Relative));
            if (body is not null) request.Content = JsonContent.Create(body);
            request.Headers.TryAddWithoutValidation("If-Match", "*");
            using var response = await host.Client.SendAsync(request, Ct);
            response.EnsureSuccessStatusCode();
        }
    }

    [Fact]
    public async Task Likely_duplicates_are_merged_and_parted_at_import_and_in_edit_and_never_count_twice()
    {
        const string Story = "The ropewalk lends 60 ropes a year to the harbour’s children. Retired riggers teach them nine knots on Saturdays, and the sheds have stood open since the chandler left.";
        using var created = await host.Client.PostAsJsonAsync("/api/case-studies", new { slug = "ropewalk", title = "The ropewalk at Kelby", leadMember = "Kelby Borough Council", year = 2020, text = Story }, Ct);
        var lines = string.Join('\n', new[]
        {
            new { slug = "ropewalk-copy", title = "Ropes for children", leadMember = "Kelby Borough Council", year = 2020, text = Story },
            new { slug = "ropewalk-like", title = "The ropewalk at Kelby", leadMember = "Kelby Borough Council", year = 2020, text = "Children of the port borrow ropes, 60 in twelve months, and learn knots from people who once rigged ships for a living." },
            new { slug = "ropewalk-other", title = "Ropes for children", leadMember = "Kelby Borough Council", year = 2020, text = Story },
        }.Select(l => JsonSerializer.Serialize(l)));
        var preview = WebUtility.HtmlDecode(await UploadAsync("/import", "/import", ("files", "ropes.jsonl", lines), ("by", null, "Bea Example")));
        Assert.Contains("Do not merge “Ropes for children”", preview, StringComparison.Ordinal);
        Assert.Contains("Merge “The ropewalk at Kelby”", preview, StringComparison.Ordinal);

        var id = Assert.Single(host.Get<ICaseStudyHistory>().Imports(20), i => i.Sources.Contains("ropes.jsonl")).Id;
        using var applied = await host.Client.PostFormAsync($"/import/{id}?handler=Apply", FormPost.HiddenFieldsOf(preview, "formaction"), ("by", "Bea Example"), ("merge", "ropewalk-like"), ("part", "ropewalk-other"));
        await AppliedAsync(id);
        var twins = host.Get<ICaseStudyHistory>().Twins();
        Assert.Equal(("ropewalk", "ropewalk", null), (twins.GetValueOrDefault("ropewalk-copy"), twins.GetValueOrDefault("ropewalk-like"), twins.GetValueOrDefault("ropewalk-other")));
        var found = await host.Client.GetPageAsync("/api/case-studies?q=ropes+for+children+and+knots");
        Assert.DoesNotContain("\"ropewalk-copy\"", found, StringComparison.Ordinal);
        Assert.DoesNotContain("\"ropewalk-like\"", found, StringComparison.Ordinal);

        // Parted in its history, offered no more; merged the other way round, that one is shown.
        var page = await host.Client.GetPageAsync("/case-studies/ropewalk-like/edit");
        Assert.Contains("They are two stories", page, StringComparison.Ordinal);
        using var parted = await host.Client.PostFormAsync("/case-studies/ropewalk-like/history?handler=OwnStory", FormPost.HiddenFieldsOf(page, "mergedBy"), ("mergedBy", "Bea Example"));
        Assert.DoesNotContain("They are two stories", await host.Client.GetPageAsync("/case-studies/ropewalk-like/edit"), StringComparison.Ordinal);
        using var nameless = await host.Client.PostFormAsync("/case-studies/ropewalk/history?handler=Merge&keep=other", FormPost.HiddenFieldsOf(page, "mergedBy"), ("other", "ropewalk-like"));
        Assert.Equal(HttpStatusCode.BadRequest, nameless.StatusCode);
        using var merged = await host.Client.PostFormAsync("/case-studies/ropewalk/history?handler=Merge&keep=other", FormPost.HiddenFieldsOf(page, "mergedBy"), ("other", "ropewalk-like"), ("mergedBy", "Bea Example"));
        twins = host.Get<ICaseStudyHistory>().Twins();
        Assert.Equal(("ropewalk-like", "ropewalk-like"), (twins["ropewalk"], twins["ropewalk-copy"]));
        Assert.Contains("merged into ropewalk-like", await host.Client.GetPageAsync("/api/ledger?kind=case-study-change"), StringComparison.Ordinal);
    }

    private async Task AppliedAsync(string id)
    {
        for (var i = 0; i < 1200 && (await host.Client.GetPageAsync($"/import/{id}")).Contains("data-follow", StringComparison.Ordinal); i++) await Task.Delay(100, Ct);
        Assert.Equal(ImportState.Applied, host.Get<ICaseStudyHistory>().Import(id)!.State);
    }

    /// <summary>Sends a form with files; a field without a file name is a plain one. Follows to the page that it leads to.</summary>
    private async Task<string> UploadAsync(string address, string page, params (string Field, string? File, string Content)[] parts)
    {
        using var form = new MultipartFormDataContent();
        foreach (var (name, value) in FormPost.HiddenFieldsOf(await host.Client.GetPageAsync(page), "type=\"file\"")) form.Add(new StringContent(value), name);
        foreach (var (field, file, content) in parts)
        {
            if (file is null) form.Add(new StringContent(content), field);
            else
            {
                var bytes = new ByteArrayContent(Encoding.UTF8.GetBytes(content));
                bytes.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
                form.Add(bytes, field, file);
            }
        }

        using var response = await host.Client.PostAsync(new Uri(address, UriKind.Relative), form, Ct);
        if (response.Headers.Location is { } location) return await host.Client.GetPageAsync(location.OriginalString);
        return await response.Content.ReadAsStringAsync(Ct);
    }
}
