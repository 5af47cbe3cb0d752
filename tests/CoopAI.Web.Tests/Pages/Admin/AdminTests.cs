using System.Net;
using System.Text.RegularExpressions;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core.Briefs;
using CoopAI.Core.Ledger;
using CoopAI.Orchestration.Asking;
using CoopAI.Orchestration.Settings;
using CoopAI.Web.Tests.Security;

namespace CoopAI.Web.Tests.Pages.Admin;

/// <summary>What administrators do in the browser, as a browser without scripts sends it.</summary>
public sealed partial class AdminTests(AccountsHost host) : IClassFixture<AccountsHost>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/admin")]
    [InlineData("/admin/users")]
    [InlineData("/admin/organisation")]
    [InlineData("/admin/elections")]
    [InlineData("/admin/records")]
    [InlineData("/admin/reviews")]
    [InlineData("/admin/backup")]
    [InlineData("/admin/health")]
    public async Task Only_administrators_open_their_pages(string page)
    {
        foreach (var who in (string[])["ada", "bea"])
        {
            using var visitor = host.Visit(who);
            using var response = await visitor.SendAsync(HttpMethod.Get, page);
            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        }

        using var root = host.Visit("root");
        Assert.Contains("<h1", await root.TextAsync(page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_is_invited_signs_in_gets_another_role_and_is_shut_out()
    {
        using var root = host.Visit("root");
        using var invited = await SendAsync(root, "/admin/users", "/admin/users", ("name", "cy"), ("role", "officer"), ("reason", "New in the policy team."));
        var link = Link().Match(WebUtility.HtmlDecode(await invited.Content.ReadAsStringAsync(Ct))).Groups[1].Value;
        using var cy = new Visitor(host.Address, "none=none");

        using var set = await SendAsync(cy, link, "/sign-in/link", ("password", "seven quiet lamps here"));
        Assert.Equal("/sign-in", set.Headers.Location?.OriginalString);
        Assert.Contains("cannot be used", await cy.TextAsync(link, HttpStatusCode.NotFound), StringComparison.Ordinal);
        using var signedIn = await SendAsync(cy, "/sign-in", "/sign-in", ("name", "cy"), ("password", "seven quiet lamps here"));
        Assert.Equal("/", signedIn.Headers.Location?.OriginalString);

        var page = $"/admin/users/{host.Get<AccountBook>().Find("cy")!.Id}";
        using var silent = await SendAsync(root, page, page, ("do", "role"), ("role", "staff"), ("reason", " "));
        Assert.Equal(HttpStatusCode.BadRequest, silent.StatusCode);
        using var changed = await SendAsync(root, page, page, ("do", "role"), ("role", "staff"), ("reason", "Moves to the Network."));
        Assert.Equal($"{page}?done=role", changed.Headers.Location?.OriginalString);
        using var ended = await cy.SendAsync(HttpMethod.Get, "/role");
        Assert.StartsWith("/sign-in", ended.Headers.Location?.OriginalString, StringComparison.Ordinal);
        using var closed = await SendAsync(root, page, page, ("do", "close"), ("reason", "Left."));

        Assert.True(host.Get<AccountBook>().Find("cy")!.Disabled);
        Assert.Contains("Role changed from officer to staff. By root: Moves to the Network.", await root.TextAsync(page), StringComparison.Ordinal);
        Assert.Contains(host.Get<SqliteLedger>().All(LedgerKind.AccountChange), e => e.Texts.GetValueOrDefault("reason") == "Left.");
    }

    [Fact]
    public async Task The_last_administrator_cannot_shut_himself_out()
    {
        using var root = host.Visit("root");
        var page = $"/admin/users/{host.Get<AccountBook>().Find("root")!.Id}";
        foreach (var deed in (string[])["close", "remove", "role"])
        {
            using var refused = await SendAsync(root, page, page, ("do", deed), ("role", "officer"), ("reason", "Test."));
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Contains("last administrator", await refused.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        }

        Assert.Equal("administrator", host.Get<AccountBook>().Find("root")!.Role);
    }

    [Fact]
    public async Task Two_administrators_who_shut_each_other_out_at_once_leave_one()
    {
        var book = host.Get<AccountBook>();
        await book.AddAsync("second", "administrator", AccountsHost.Password);
        using var root = host.Visit("root");
        using var second = host.Visit("second");
        var (first, other) = ($"/admin/users/{book.Find("root")!.Id}", $"/admin/users/{book.Find("second")!.Id}");
        var (byRoot, bySecond) = (await root.TextAsync(other), await second.TextAsync(first));

        var answers = await Task.WhenAll(
            root.PostAsync(other, FormPost.HiddenFieldsOf(byRoot, "value=\"close\""), ("do", "close"), ("reason", "At once.")),
            second.PostAsync(first, FormPost.HiddenFieldsOf(bySecond, "value=\"close\""), ("do", "close"), ("reason", "At once.")));

        foreach (var answer in answers) answer.Dispose();
        Assert.Contains(book.All(), a => a is { Role: "administrator", Disabled: false });
        // Put right for the other tests of this host.
        foreach (var shut in book.All().Where(a => a is { Role: "administrator", Disabled: true }).ToList()) await book.SetDisabledAsync(shut.Name, disabled: false, new("the test", "administrator", "Put right."));
        await book.RemoveAsync("second");
    }

    [Fact]
    public async Task Who_answers_for_it_stands_on_the_next_brief_and_an_example_is_no_contact()
    {
        using var root = host.Visit("root");
        using var example = await SendAsync(root, "/admin/organisation", "/admin/organisation", ("name", "Northbeck Council"), ("role", "Head of Policy"), ("contact", "policy@council.example"), ("reason", "Set up."));
        Assert.Contains("is an example", await example.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        using var saved = await SendAsync(root, "/admin/organisation", "/admin/organisation", ("name", "Northbeck Council"), ("role", "Head of Policy, Northbeck"), ("contact", "policy@northbeck.gov.uk"), ("reason", "Set up."));
        Assert.Equal(HttpStatusCode.Redirect, saved.StatusCode);

        var answer = await host.Get<AskQuestion>().AskAsync(Question.Create(AccountsHost.Question), ct: Ct);

        Assert.Equal(("Head of Policy, Northbeck", "policy@northbeck.gov.uk"), (answer.Notice.AccountableRole, answer.Notice.Contact));
        Assert.Contains("policy@northbeck.gov.uk", await root.TextAsync("/about"), StringComparison.Ordinal);
        Assert.Equal("Set up.", host.Get<SettingsBook>().History(OrganisationBook.Setting)[0].Reason);
    }

    [Fact]
    public async Task Election_dates_are_written_imported_and_removed()
    {
        using var root = host.Visit("root");
        using var wrong = await SendAsync(root, "/admin/elections", "/admin/elections", ("council", "Northbeck Council"), ("from-day", "31"), ("from-month", "2"), ("from-year", "2027"), ("to-day", "6"), ("to-month", "5"), ("to-year", "2027"), ("reason", "Test."));
        Assert.Contains("Notice of election must be a day, month and year", await wrong.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        using var one = await SendAsync(root, "/admin/elections", "/admin/elections", ("council", "Northbeck Council"), ("from-day", "23"), ("from-month", "3"), ("from-year", "2027"), ("to-day", "6"), ("to-month", "5"), ("to-year", "2027"), ("reason", "Notice."));
        Assert.Equal(HttpStatusCode.Redirect, one.StatusCode);

        var html = await root.TextAsync("/admin/elections");
        using var form = new MultipartFormDataContent();
        foreach (var (name, value) in FormPost.HiddenFieldsOf(html, "name=\"file\"")) form.Add(new StringContent(value), name);
        form.Add(new StringContent("From the commission."), "reason");
        form.Add(new StringContent("council,from,to\nMillford Council,2027-03-23,06/05/2027\n"), "file", "dates.csv");
        using var imported = await root.SendAsync(HttpMethod.Post, "/admin/elections", form);
        Assert.Equal(HttpStatusCode.Redirect, imported.StatusCode);
        Assert.Equal(["Millford Council", "Northbeck Council"], host.Get<ElectionBook>().Set.Select(p => p.Council));

        var period = Period().Match(await root.TextAsync("/admin/elections")).Groups[1].Value;
        using var removed = await SendAsync(root, "/admin/elections", "/admin/elections/remove", ("period", period));
        Assert.Single(host.Get<ElectionBook>().Set);
    }

    [Fact]
    public async Task A_question_is_erased_and_the_time_of_keeping_changed()
    {
        var answer = await host.Get<AskQuestion>().AskAsync(Question.Create(AccountsHost.Question), ct: Ct);
        using var root = host.Visit("root");

        using var none = await SendAsync(root, "/admin/records", "/admin/records/erase", ("answer", "nothing"));
        Assert.Contains("There is no answer", await none.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        using var erased = await SendAsync(root, "/admin/records", "/admin/records/erase", ("answer", $"https://coopai.example/answers/{answer.Id}"));
        Assert.Equal(HttpStatusCode.Redirect, erased.StatusCode);
        Assert.Null(host.Get<SqliteLedger>().Answer(answer.Id)!.Question);
        using var kept = await SendAsync(root, "/admin/records", "/admin/records", ("days", "365"), ("reason", "Our schedule."));
        Assert.Equal(365, host.Get<RetentionBook>().Days);
        using var wrong = await SendAsync(root, "/admin/records", "/admin/records", ("days", "-1"), ("reason", "x"));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
    }

    [Fact]
    public async Task A_copy_is_taken_and_put_back_and_a_foreign_file_is_refused()
    {
        using var root = host.Visit("root");
        using var copy = await SendAsync(root, "/admin/backup", "/admin/backup");
        Assert.Equal("application/vnd.sqlite3", copy.Content.Headers.ContentType?.MediaType);
        var bytes = await copy.Content.ReadAsByteArrayAsync(Ct);
        await host.Get<AccountBook>().AddAsync("dee", "officer", AccountsHost.Password);

        Assert.Equal(HttpStatusCode.BadRequest, await RestoreAsync(root, "not a database"u8.ToArray()));
        Assert.NotNull(host.Get<AccountBook>().Find("dee"));
        Assert.Equal(HttpStatusCode.Redirect, await RestoreAsync(root, bytes));

        Assert.Null(host.Get<AccountBook>().Find("dee"));
        Assert.NotNull(host.Get<AccountBook>().Find("root"));
        Assert.Equal("A drill.", host.Get<SettingsBook>().History("restored")[0].Reason);
        // What was published since the copy was taken is missed, and nothing else is wrong.
        Assert.All(host.Get<SqliteLedger>().Verify().Findings, f => Assert.Contains("published", f.Message, StringComparison.Ordinal));
    }

    private static async Task<HttpStatusCode> RestoreAsync(Visitor root, byte[] copy)
    {
        var html = await root.TextAsync("/admin/backup");
        using var form = new MultipartFormDataContent();
        foreach (var (name, value) in FormPost.HiddenFieldsOf(html, "name=\"file\"")) form.Add(new StringContent(value), name);
        form.Add(new StringContent("A drill."), "reason");
        form.Add(new StringContent("yes"), "sure");
        form.Add(new ByteArrayContent(copy), "file", "copy.db");
        using var response = await root.SendAsync(HttpMethod.Post, "/admin/backup/restore", form);
        return response.StatusCode;
    }

    private static async Task<HttpResponseMessage> SendAsync(Visitor visitor, string page, string action, params (string, string)[] fields) =>
        await visitor.PostAsync(action, FormPost.HiddenFieldsOf(await visitor.TextAsync(page), $"action=\"{action}\""), fields);

    [GeneratedRegex("(/sign-in/link\\?link=[A-Za-z0-9_-]+)")]
    private static partial Regex Link();

    [GeneratedRegex("name=\"period\" value=\"([^\"]+)\"")]
    private static partial Regex Period();
}
