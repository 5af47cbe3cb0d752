using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using CoopAI.Adapters.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace CoopAI.Web.Tests.Security;

/// <summary>More than three hundred personal details, each another, go through every door at which a person can type; afterwards they are nowhere.</summary>
public sealed class PersonalDataDoorsTests
{
    private const string Question = "Which councils let young people share out money for youth projects?";

    // Pages with forms, and pages that lead to more of them.
    private static readonly string[] Pages =
    [
        "/", "/case-studies", "/case-studies/new", "/case-studies/drafts", "/case-studies/latest", $"/case-studies/{ServiceProcess.Slug}", $"/case-studies/{ServiceProcess.Slug}/edit", $"/case-studies/{ServiceProcess.Slug}/history",
        "/import", "/compare", "/coverage", "/tag", "/tag/next", "/tag/queue", "/tag/wrong", "/tag/report", $"/tag?slug={ServiceProcess.Slug}", "/audit", "/audit/answers", "/audit/feedback", "/audit/disagreements", "/audit/ledger", "/audit/guidance",
        "/audit/settings", "/audit/receipt", "/audit/report", "/audit/suggestions", "/audit/suggestions/new?rule=VG10", "/audit/suggestions/new?rule=VG08", "/audit/guidance/VG10", "/admin/reviews", "/admin", "/admin/users", "/admin/organisation", "/admin/elections", "/admin/records", "/admin/backup", "/account/password", "/account/authenticator", "/role",
    ];

    // These end the test's own session, or take no words.
    private static readonly string[] NotPosted = ["/sign-out", "/account/authenticator", "/role"];

    [Theory]
    [InlineData("Accounts")]
    [InlineData("None")]
    public async Task What_people_type_is_nowhere_afterwards(string mode)
    {
        string[] settings = mode == "None" ? ["--SignIn:Mode", "None"] : ["--SignIn:Mode", "Accounts", "--SignIn:RequestsPerMinute", "100000", "--SignIn:QuestionsPerMinute", "10000", "--SignIn:KilobytesPerMinute", "100000", "--SignIn:SecondFactorForAdministrators", "false"];
        await using var service = await ServiceProcess.StartAsync(
            services => services.GetRequiredService<AccountBook>().AddAsync("root", "administrator", AccountsHost.Password),
            // Everything that the log can be made to say.
            [.. settings, "--RequestTime", "00:02:00", "--Serilog:MinimumLevel:Default", "Verbose", "--Serilog:MinimumLevel:Override:Microsoft", "Verbose", "--Serilog:MinimumLevel:Override:System", "Verbose", "--Serilog:MinimumLevel:Override:Microsoft.AspNetCore.Hosting", "Verbose"]);
        using var visitor = new Visitor(await service.Ready, "none=none");
        if (mode == "Accounts") await AccountsHost.SignInAsync(visitor, "root", new Uri("/sign-in", UriKind.Relative));

        var details = PersonalDetails.Make(13, 1500);
        var sent = new List<(string Door, PersonalDetail Detail, string Reply)>();
        var waiting = details.ToList();
        await ThroughTheInterfaceAsync(visitor, Send);
        await ThroughThePagesAsync(visitor, Send);
        // Whoever is not signed in can type a name.
        using (var stranger = new Visitor(await service.Ready, "none=none"))
        {
            if (mode == "Accounts") await FormsOfAsync(stranger, "/sign-in", Send, []);
        }

        var backUp = await BackUpAsync(visitor);
        List<(string Place, byte[] Bytes)> places = [.. Files(service.Data), ("the back-up", backUp)];
        await service.StopAsync();
        places.AddRange(Files(service.Data).Select(f => (f.Place + " after the end", f.Bytes)));
        places.Add(("the log", Encoding.UTF8.GetBytes(service.Log)));

        Assert.True(sent.Count >= 300 && sent.Select(s => s.Detail).Distinct().Count() == sent.Count, $"{sent.Count} sent");
        var kept = sent.SelectMany(s => places.Where(p => Holds(p.Bytes, s.Detail.Needle)).Select(p => $"{s.Door}: {s.Detail.Kind} “{s.Detail.Sentence}” is in {p.Place}"))
            .Concat(sent.Where(s => s.Reply.Contains(s.Detail.Needle, StringComparison.OrdinalIgnoreCase)).Select(s => $"{s.Door}: {s.Detail.Kind} “{s.Detail.Sentence}” is in the reply"))
            .Distinct().ToList();
        Assert.True(kept.Count == 0, $"{kept.Count} of {sent.Count}\n{string.Join('\n', kept.Take(60))}");

        // Each door gets the next details in turn; a name may be an e-mail address, so that kind stays out there.
        // Where an organisation is reached, its telephone, e-mail and postcode belong.
        async Task Send(string door, int times, bool isName, Func<string, Task<HttpResponseMessage>> send)
        {
            for (var i = 0; i < times; i++)
            {
                // Each once, so that what is found says through which door it came.
                var detail = waiting.First(d => door.StartsWith("/admin/organisation contact", StringComparison.Ordinal) ? d.Kind is not ("email" or "phone" or "postcode") : !isName || d.Kind != "email");
                waiting.Remove(detail);
                using var response = await send(detail.Sentence);
                var reply = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                Assert.True((int)response.StatusCode < 500 || response.StatusCode == HttpStatusCode.ServiceUnavailable, $"{door}: {response.StatusCode} {reply}");
                sent.Add((door, detail, Seen(response, reply)));
            }
        }
    }

    // A form that was refused gives what was typed back in its field, to whoever typed it.
    private static string Seen(HttpResponseMessage response, string reply)
    {
        if (response.Content.Headers.ContentType?.MediaType != "text/html" || response.RequestMessage!.Method == HttpMethod.Get) return response.RequestMessage!.Method == HttpMethod.Get ? "" : reply;
        using var page = new HtmlParser().ParseDocument(reply);
        foreach (var area in page.QuerySelectorAll("textarea")) area.TextContent = "";
        foreach (var input in page.QuerySelectorAll("input")) input.RemoveAttribute("value");
        return page.DocumentElement.OuterHtml;
    }

    private static async Task ThroughTheInterfaceAsync(Visitor visitor, Func<string, int, bool, Func<string, Task<HttpResponseMessage>>, Task> send)
    {
        using var first = await Post(visitor, "/api/answers", new { question = Question });
        var id = (string)(await first.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))!["id"]!;
        const int Times = 8;
        await send("question", 24, false, d => Post(visitor, "/api/answers", new { question = d }));
        await send("question with more", 24, false, d => Post(visitor, "/api/answers", new { question = $"{Question} {d}. What came of it?" }));
        await send("filter.topics", Times, false, d => Post(visitor, "/api/answers", new { question = Question, filter = new { topics = new[] { d } } }));
        await send("filter.councils", Times, false, d => Post(visitor, "/api/answers", new { question = Question, filter = new { councils = new[] { d } } }));
        await send("filter.kinds", Times, false, d => Post(visitor, "/api/answers", new { question = Question, filter = new { kinds = new[] { d } } }));
        await send("filter.principles", Times, false, d => Post(visitor, "/api/answers", new { question = Question, filter = new { principles = new[] { d } } }));
        await send("council", Times, false, d => Post(visitor, "/api/answers", new { question = Question, council = d }));
        await send("without", Times, false, d => Post(visitor, "/api/answers", new { question = Question, without = new[] { "word:" + d, d } }));
        await send("previous", Times, false, d => Post(visitor, "/api/answers", new { question = Question, previous = d }));
        await send("an unknown field", Times, false, d => Post(visitor, "/api/answers", new Dictionary<string, string> { ["question"] = Question, [d] = d }));
        await send("review reason", Times, false, d => Post(visitor, $"/api/answers/{id}/reviews", new { member = "Ann", verdict = "disagree", reason = d }));
        await send("review member", Times, true, d => Post(visitor, $"/api/answers/{id}/reviews", new { member = d, verdict = "disagree", reason = "It misses the point." }));
        await send("review rule", Times, false, d => Post(visitor, $"/api/answers/{id}/reviews", new { member = "Ann", verdict = "disagree", rule = d, reason = "It misses the point." }));
        await send("review target", Times, false, d => Post(visitor, $"/api/answers/{id}/reviews", new { member = "Ann", verdict = "disagree", rule = "VG06", target = d, reason = "It misses the point." }));
        await send("decision reason", Times, false, d => Post(visitor, $"/api/case-studies/{ServiceProcess.Slug}/tags", new { principle = "learning", decision = "accepted", by = "Ann", reason = d }));
        await send("decision by", Times, true, d => Post(visitor, $"/api/case-studies/{ServiceProcess.Slug}/tags", new { principle = "learning", decision = "accepted", by = d }));
        await send("decision sentence", Times, false, d => Post(visitor, $"/api/case-studies/{ServiceProcess.Slug}/tags", new { principle = "learning", decision = "accepted", by = "Ann", sentence = d }));
        await send("settings reason", Times, false, d => Put(visitor, "/api/settings/answering", new { on = false, by = "Ann", reason = d }));
        await send("settings by", Times, true, async d =>
        {
            var off = await Put(visitor, "/api/settings/answering", new { on = false, by = d, reason = "A test." });
            // Where the signed-in name counts instead, it took effect.
            if (off.IsSuccessStatusCode) (await Put(visitor, "/api/settings/answering", new { on = true, by = "Ann", reason = "A test." })).Dispose();
            return off;
        });
        await send("sample seed", Times, false, d => Post(visitor, "/api/reviews/samples", new { seed = d }));
        await send("sample week", Times, false, d => Post(visitor, "/api/reviews/samples", new { week = d }));
        await send("text to tag", Times, false, d => Post(visitor, "/api/tags", new { text = $"Residents meet every month. {d}." }));
        await send("search", Times, false, d => visitor.SendAsync(HttpMethod.Get, $"/api/case-studies?q={Uri.EscapeDataString(d)}"));
        await send("search by council", Times, false, d => visitor.SendAsync(HttpMethod.Get, $"/api/case-studies?q=youth&council={Uri.EscapeDataString(d)}"));
        await send("an address", Times, false, d => visitor.SendAsync(HttpMethod.Get, $"/api/answers/{Uri.EscapeDataString(d)}"));
        var number = 0;
        foreach (var field in (string[])["title", "text", "kind", "leadMember", "status", "url", "slug", "colour"])
        {
            await send($"case study {field}", Times, false, d => Post(visitor, "/api/case-studies?state=draft&by=Ann", CaseStudy($"draft-{number++}", field, d)));
        }

        await send("title to tag", Times, false, d => visitor.SendAsync(HttpMethod.Post, "/api/tags", JsonContent.Create(new { text = "Residents meet.", title = d })));
        await send("case study topics", Times, false, d => Post(visitor, "/api/case-studies?by=Ann", new { slug = $"draft-{number++}", title = "A panel", text = "Residents meet every month.", topics = new[] { d }, participatingMembers = new[] { d } }));
        await send("case study reason", Times, false, d => Post(visitor, $"/api/case-studies?state=draft&by=Ann&reason={Uri.EscapeDataString(d)}", CaseStudy($"draft-{number++}", "kind", "project")));
        await send("case study by", Times, true, d => Post(visitor, $"/api/case-studies?state=draft&by={Uri.EscapeDataString(d)}", CaseStudy($"draft-{number++}", "kind", "project")));
        await send("withdrawing reason", Times, false, d => Delete(visitor, $"/api/case-studies/{ServiceProcess.Slug}?by=Ann&reason={Uri.EscapeDataString(d)}"));
    }

    private static async Task ThroughThePagesAsync(Visitor visitor, Func<string, int, bool, Func<string, Task<HttpResponseMessage>>, Task> send)
    {
        using var asked = await Post(visitor, "/api/answers", new { question = Question });
        var id = (string)(await asked.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))!["id"]!;
        using var review = await Post(visitor, $"/api/answers/{id}/reviews", new { member = "Ann", verdict = "disagree", reason = "It misses the point." });
        Assert.Equal(HttpStatusCode.Created, review.StatusCode);
        var done = new HashSet<string>(StringComparer.Ordinal);
        foreach (var page in (string[])[.. Pages, $"/answers/{id}", $"/audit/answers/{id}"]) await FormsOfAsync(visitor, page, send, done);
        Assert.True(done.Count > 25, string.Join('\n', done));
    }

    /// <summary>Fills every form of a page as a person would, with a detail in one text after the other.</summary>
    private static async Task FormsOfAsync(Visitor visitor, string page, Func<string, int, bool, Func<string, Task<HttpResponseMessage>>, Task> send, HashSet<string> done)
    {
        using var response = await visitor.SendAsync(HttpMethod.Get, page);
        if (response.StatusCode is not HttpStatusCode.OK) return;
        using var document = new HtmlParser().ParseDocument(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        foreach (var form in document.Forms)
        {
            var action = form.GetAttribute("action") is { Length: > 0 } a ? a : page;
            if (!string.Equals(form.Method, "post", StringComparison.OrdinalIgnoreCase) || NotPosted.Contains(action)) continue;
            var texts = form.QuerySelectorAll("textarea, input[type=text], input[type=search], input[type=email], input[type=url], input[type=number], input:not([type]), input[type=file]").Select(e => e.GetAttribute("name")).OfType<string>().Distinct().ToList();
            var buttons = form.QuerySelectorAll("button[name]").Select(b => (b.GetAttribute("name")!, b.GetAttribute("value") ?? "")).DefaultIfEmpty(("", "")).ToList();
            foreach (var text in texts)
            {
                foreach (var button in buttons.Where(b => done.Add($"{action} {text} {b}")))
                {
                    await send($"{action} {text} {button}", 3, text is "by" or "name" or "owner" or "member", d => visitor.SendAsync(HttpMethod.Post, action, Fill(form, text, d, button)));
                }
            }
        }
    }

    private static MultipartFormDataContent Fill(IHtmlFormElement form, string under, string detail, (string Name, string Value) button)
    {
        var content = new MultipartFormDataContent();
        foreach (var group in form.QuerySelectorAll("input, textarea, select").Where(e => e.GetAttribute("name") is { Length: > 0 }).GroupBy(e => e.GetAttribute("name")!, StringComparer.Ordinal))
        {
            var first = group.First();
            var type = first.GetAttribute("type") ?? "";
            if (type == "file")
            {
                var text = group.Key == under ? detail : "Residents meet every month.";
                var line = JsonNode.Parse("""{"slug":"from-a-file","title":"A panel of residents","colour":""}""")!.AsObject();
                (line["text"], line["colour"]) = (text, text);
                content.Add(new StringContent(line.ToJsonString()), group.Key, group.Key == under ? $"{detail}.jsonl" : "panel.jsonl");
                continue;
            }

            var value = group.Key == under ? (under == "columns" ? $"{detail}=title" : detail)
                : type is "radio" or "checkbox" ? first.GetAttribute("value") ?? "on"
                : type is "hidden" ? first.GetAttribute("value") ?? ""
                : first is IHtmlSelectElement select ? select.Options.Select(o => o.Value).FirstOrDefault(v => v.Length > 0) ?? ""
                : first.GetAttribute("value") is { Length: > 0 } given ? given
                : first is IHtmlTextAreaElement { TextContent.Length: > 0 } area ? area.TextContent
                : group.Key is "password" or "current" or "next" ? "a long enough password 7"
                : group.Key.Split('-')[^1] switch { "day" => "1", "month" => "5", "year" => "2027", _ => "" } is { Length: > 0 } part ? part
                : group.Key is "council" && form.GetAttribute("action")!.StartsWith("/admin", StringComparison.Ordinal) ? "Northbeck Council"
                : group.Key is "address" or "addresses" or "columns" or "council" or "year" or "yearFrom" or "yearTo" or "topic" or "Fields.Year" ? "" : "Residents asked for it";
            content.Add(new StringContent(value), group.Key);
        }

        if (button.Name.Length > 0) content.Add(new StringContent(button.Value), button.Name);
        return content;
    }

    private static async Task<byte[]> BackUpAsync(Visitor visitor)
    {
        var page = await visitor.TextAsync("/admin/backup");
        using var response = await visitor.PostAsync("/admin/backup", CoopAI.Web.Tests.Pages.FormPost.HiddenFieldsOf(page, "action=\"/admin/backup\""));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
    }

    private static List<(string Place, byte[] Bytes)> Files(string directory) => [.. Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).Select(f => (Path.GetRelativePath(directory, f), Read(f)))];

    private static byte[] Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var memory = new MemoryStream();
        file.CopyTo(memory);
        return memory.ToArray();
    }

    private static bool Holds(byte[] bytes, string needle) =>
        bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(needle)) >= 0 || bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Uri.EscapeDataString(needle))) >= 0;

    private static JsonObject CaseStudy(string slug, string field, string value)
    {
        var caseStudy = new JsonObject { ["slug"] = slug, ["title"] = "A panel", ["text"] = "Residents meet every month." };
        caseStudy[field] = field switch { "url" => "https://www.example.gov.uk/" + Uri.EscapeDataString(value), "slug" => value.Replace(' ', '-').Replace('/', '-'), "text" => $"Residents meet every month. {value}.", _ => value };
        return caseStudy;
    }

    private static Task<HttpResponseMessage> Post(Visitor visitor, string page, object body) => visitor.SendAsync(HttpMethod.Post, page, JsonContent.Create(body));

    private static Task<HttpResponseMessage> Put(Visitor visitor, string page, object body) => visitor.SendAsync(HttpMethod.Put, page, JsonContent.Create(body));

    private static Task<HttpResponseMessage> Delete(Visitor visitor, string page) => visitor.SendAsync(HttpMethod.Delete, page, null, ("If-Match", "*"));
}
