using System.Net;
using CoopAI.Adapters.Sqlite;
using CoopAI.Orchestration.Settings;

namespace CoopAI.Web.Tests.Pages;

/// <summary>Every form that was open for too long: it says so, keeps what was typed, and does nothing.</summary>
[Collection(BrowserTests.Name)]
public sealed class StaleFormsTests(BrowserFixture service)
{
    /// <summary>Address of the form, {id} being an answer; its fields; and what has to stand in the page afterwards.</summary>
    public static TheoryData<string, (string, string)[], string[]> Forms => new()
    {
        { "/audit/answers/{id}", [("about", "VG06"), ("verdict", "disagree"), ("member", "Ann Example"), ("reason", "The wrong passage.")],
            ["value=\"VG06\" checked", "value=\"disagree\" checked", "value=\"Ann Example\"", ">The wrong passage.</textarea>"] },
        { "/answers/{id}/feedback", [("useful", "no"), ("reason", "unclear"), ("comment", "Too long for me.")],
            ["value=\"no\" checked", "value=\"unclear\" checked", ">Too long for me.</textarea>"] },
        { "/audit/settings", [("answering", "off"), ("by", "Ann Example"), ("reason", "A drill.")], ["value=\"Ann Example\"", ">A drill.</textarea>"] },
        { "/audit", [("week", "2026-W40"), ("size", "7")], ["value=\"2026-W40\"", "value=\"7\""] },
        { "/tag", [("title", "A title"), ("text", "A text about a panel.")], ["value=\"A title\"", ">A text about a panel.</textarea>"] },
        { "/tag?handler=Decide", [("slug", "10-by-10"), ("decide", "rejected|innovation"), ("by", "Ann Example"), ("reason", "Nothing new.")],
            ["value=\"Ann Example\"", "value=\"Nothing new.\"", "10 by 10"] },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task It_keeps_what_was_typed_and_does_nothing(string address, (string, string)[] fields, string[] expected)
    {
        var id = (await service.Client.AskAsync("Which councils have helped people to get enough good food?")).Split('/')[^1];
        var entries = service.Get<SqliteLedger>().List(take: 1)[0].Entry.Index;
        var feedback = service.Get<FeedbackBook>().Count();

        using var response = await service.Client.PostFormAsync(address.Replace("{id}", id, StringComparison.Ordinal), [KeyValuePair.Create("__RequestVerificationToken", "of yesterday")], fields);
        var html = WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("open for too long", html, StringComparison.Ordinal);
        Assert.All(expected, e => Assert.Contains(e, html, StringComparison.Ordinal));
        Assert.Equal(entries, service.Get<SqliteLedger>().List(take: 1)[0].Entry.Index);
        Assert.Equal((feedback.Useful, feedback.NotUseful), (service.Get<FeedbackBook>().Count().Useful, service.Get<FeedbackBook>().Count().NotUseful));
    }

    [Fact]
    public async Task The_off_switch_sent_twice_is_one_change()
    {
        var hidden = FormPost.HiddenFieldsOf(await service.Client.GetPageAsync("/audit/settings"), "name=\"reason\"");
        var before = service.Get<SettingsBook>().History().Count;
        try
        {
            using var first = await service.Client.PostFormAsync("/audit/settings", hidden, ("by", "Ann Example"), ("reason", "A drill."), ("sure", "yes"));
            using var second = await service.Client.PostFormAsync("/audit/settings", hidden, ("by", "Ann Example"), ("reason", "A drill."), ("sure", "yes"));

            Assert.Equal((HttpStatusCode.Redirect, HttpStatusCode.Redirect), (first.StatusCode, second.StatusCode));
            Assert.Equal(before + 1, service.Get<SettingsBook>().History().Count);
        }
        finally
        {
            service.Get<SettingsBook>().Switch(on: true, "Ann Example", "The drill is over.");
        }
    }
}
