using System.Net;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core.Briefs;
using CoopAI.Core.Ledger;
using CoopAI.Orchestration.Asking;
using CoopAI.Orchestration.Reviewing;
using CoopAI.Orchestration.Settings;
using CoopAI.Web.Tests.Pages;

namespace CoopAI.Web.Tests.Security;

/// <summary>What happens to a form whose sender's session is over, and under whose name a form acts.</summary>
public sealed class EndedSessionTests(AccountsHost host) : IClassFixture<AccountsHost>
{
    /// <summary>Who, page, address of the form, a text of the form, the fields, and what has to stand in the page afterwards. {id} is an answer.</summary>
    public static TheoryData<string, string, string, (string, string)[], string[]> Forms => new()
    {
        { "ada", "/", "/", [("question", "Which councils help with <b>food</b>?"), ("council", "Northbeck"), ("principle", "innovation"), ("year", "2019")],
            [">Which councils help with <b>food</b>?</textarea>", "value=\"Northbeck\"", "value=\"innovation\" checked", "value=\"2019\""] },
        { "ada", "/audit/answers/{id}", "/audit/answers/{id}", [("about", "VG06"), ("verdict", "disagree"), ("reason", "The wrong passage & more.")],
            ["value=\"VG06\" checked", "value=\"disagree\" checked", ">The wrong passage & more.</textarea>"] },
        { "ada", "/answers/{id}", "/answers/{id}/feedback", [("useful", "no"), ("reason", "unclear"), ("comment", "Too long for me.")],
            ["value=\"no\" checked", "value=\"unclear\" checked", ">Too long for me.</textarea>"] },
        { "bea", "/tag?slug=youth-panel", "/tag?handler=Decide", [("slug", "youth-panel"), ("decide", "rejected|innovation"), ("reason", "Nothing new.")],
            ["value=\"Nothing new.\"", "Youth panel of Northbeck"] },
        { "bea", "/tag", "/tag", [("title", "A title"), ("text", "A text about a panel.")],
            ["value=\"A title\"", ">A text about a panel.</textarea>"] },
        { "root", "/audit/settings", "/audit/settings", [("answering", "off"), ("reason", "A drill on Friday.")],
            [">A drill on Friday.</textarea>"] },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task A_form_sent_after_the_session_ended_is_filled_in_again_after_sign_in_and_nothing_was_done(string who, string page, string action, (string, string)[] fields, string[] expected)
    {
        var (id, entries) = await AnsweredAsync();
        (page, action) = (page.Replace("{id}", id, StringComparison.Ordinal), action.Replace("{id}", id, StringComparison.Ordinal));
        using var before = host.Visit(who);
        var hidden = FormPost.HiddenFieldsOf(await before.TextAsync(page), $"action=\"{action}\"");
        using var visitor = host.Visit(who, ended: true);

        using var turnedAway = await visitor.PostAsync(action, hidden.Where(h => fields.All(f => f.Item1 != h.Key)), fields);

        Assert.Equal(HttpStatusCode.Redirect, turnedAway.StatusCode);
        var form = turnedAway.Headers.Location!;
        Assert.StartsWith("/sign-in?return=", form.OriginalString, StringComparison.Ordinal);
        foreach (var (name, value) in fields.Where(f => f.Item1 is "question" or "reason" or "comment" or "text"))
            // Short words stand in random tokens by chance.
            Assert.All(value.Split(' ').Where(w => w.Length > 6).Append(value), w => Assert.DoesNotContain(w, Uri.UnescapeDataString(form.OriginalString) + visitor.Cookies, StringComparison.Ordinal));
        Assert.Contains("what you typed is there again", await visitor.TextAsync(form.OriginalString), StringComparison.Ordinal);

        var back = await AccountsHost.SignInAsync(visitor, who, form);
        var html = await visitor.TextAsync(back.OriginalString);

        Assert.All(expected, e => Assert.Contains(e, html, StringComparison.Ordinal));
        Assert.Contains("you signed in again", html, StringComparison.Ordinal);
        Assert.Equal(entries, Acts());
        Assert.Empty(host.Get<FeedbackBook>().List());
        // What is shown again can be sent, and the address gives it out once only.
        Assert.NotEqual(hidden["__RequestVerificationToken"], FormPost.HiddenFieldsOf(html, $"action=\"{action}\"")["__RequestVerificationToken"]);
        Assert.DoesNotContain("you signed in again", await visitor.TextAsync(back.OriginalString), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_else_who_signs_in_at_the_same_browser_gets_an_empty_form()
    {
        using var visitor = host.Visit("ada", ended: true);
        using var turnedAway = await visitor.PostAsync("/", [], ("question", "What about the matter of my own street?"));

        var back = await AccountsHost.SignInAsync(visitor, "bea", turnedAway.Headers.Location!);

        Assert.DoesNotContain("my own street", await visitor.TextAsync(back.OriginalString), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_never_had_a_session_leaves_no_form_behind()
    {
        using var visitor = host.Visit("ada", ended: true);
        using var stranger = new Visitor($"http://{await HostAsync(visitor)}", "__Host-coopai-session=forged");

        using var turnedAway = await stranger.PostAsync("/", [], ("question", "Which councils help with food?"));

        Assert.Equal("/sign-in?return=%2F", turnedAway.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task A_signed_in_person_reviews_decides_and_switches_under_their_own_name_only()
    {
        var (id, _) = await AnsweredAsync();
        using var ada = host.Visit("ada");
        using var bea = host.Visit("bea");
        using var root = host.Visit("root");

        await SendAsync(ada, $"/audit/answers/{id}", $"/audit/answers/{id}", ("about", ""), ("verdict", "agree"), ("member", "Somebody Else"));
        await SendAsync(bea, "/tag?slug=youth-panel", "/tag?handler=Decide", ("decide", "rejected|innovation"), ("by", "Somebody Else"));
        await SendAsync(bea, "/tag?slug=youth-panel", "/tag?handler=Decide", ("decide", "undone|innovation"), ("by", "Somebody Else"));
        await SendAsync(root, "/audit/settings", "/audit/settings", ("by", "Somebody Else"), ("reason", "A drill."), ("sure", "yes"));
        await SendAsync(root, "/audit/settings", "/audit/settings", ("by", "Somebody Else"), ("reason", "The drill is over."));

        Assert.Equal("ada", Assert.Single(host.Get<ReviewBook>().Of(id)).Member);
        Assert.All(host.Get<SettingsBook>().History(SettingsBook.Answering), c => Assert.Equal("root", c.Author));
        Assert.All(host.Get<SqliteLedger>().All(LedgerKind.TagDecision), d => Assert.Equal("bea", d.Texts.GetValueOrDefault("by")));
        Assert.DoesNotContain("Somebody Else", bea.Cookies, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ada", "/audit/answers/{id}")]
    [InlineData("bea", "/tag?slug=youth-panel")]
    [InlineData("root", "/audit/settings")]
    public async Task The_form_shows_the_name_it_will_act_under_and_asks_for_none(string who, string page)
    {
        using var visitor = host.Visit(who);

        var html = await visitor.TextAsync(page.Replace("{id}", (await AnsweredAsync()).Id, StringComparison.Ordinal));

        Assert.Contains($"Your name: <strong class=\"app-wrap\">{who}</strong>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("autocomplete=\"name\"", html, StringComparison.Ordinal);
    }

    private static async Task<string> HostAsync(Visitor visitor)
    {
        using var response = await visitor.SendAsync(HttpMethod.Get, "/about");
        return response.RequestMessage!.RequestUri!.Authority;
    }

    private static async Task SendAsync(Visitor visitor, string page, string action, params (string, string)[] fields)
    {
        var html = await visitor.TextAsync(page);
        using var response = await visitor.PostAsync(action, FormPost.HiddenFieldsOf(html, $"action=\"{action}\""), fields);
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
    }

    private async Task<(string Id, long Entries)> AnsweredAsync()
    {
        var ledger = host.Get<SqliteLedger>();
        var id = ledger.AnswerIds() is [var first, ..] ? first : (await host.Get<AskQuestion>().AskAsync(Core.Briefs.Question.Create(AccountsHost.Question))).Id;
        return (id, Acts());
    }

    /// <summary>How many acts of people the record holds; tables that the service itself derives, such as suggested tags, are bound to it whenever they are ready.</summary>
    private int Acts() => host.Get<SqliteLedger>().List(take: 200).Count(e => e.Entry.Kind != LedgerKind.StateChange);
}
