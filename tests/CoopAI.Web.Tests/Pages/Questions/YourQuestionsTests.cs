using System.Net;
using CoopAI.Adapters.Sqlite;
using CoopAI.Web.Tests.Security;

namespace CoopAI.Web.Tests.Pages.Questions;

/// <summary>"Your questions" of somebody who signs in: on the account, for nobody else, erasable.</summary>
public sealed class YourQuestionsTests(AccountsHost host) : IClassFixture<AccountsHost>
{
    [Fact]
    public async Task They_stand_on_the_account_that_asked_and_go_with_one_button_or_with_the_question()
    {
        using var ada = host.Visit("ada");
        using var bea = host.Visit("bea");
        var first = await AskAsync(ada, AccountsHost.Question);
        var second = await AskAsync(ada, "What did Northbeck share out?");

        var html = await ada.TextAsync("/");
        Assert.True(html.IndexOf(second, StringComparison.Ordinal) < html.IndexOf(first, StringComparison.Ordinal) && html.Contains(first, StringComparison.Ordinal), "newest first");
        Assert.DoesNotContain("Your questions", await bea.TextAsync("/"), StringComparison.Ordinal);
        Assert.DoesNotContain("data-remember", await ada.TextAsync(first), StringComparison.Ordinal);

        host.Get<SqliteLedger>().EraseQuestion(first.Split('/')[^1]);
        Assert.DoesNotContain(first, await ada.TextAsync("/"), StringComparison.Ordinal);
        using var forgotten = await ada.PostAsync("/?handler=Forget", FormPost.HiddenFieldsOf(await ada.TextAsync("/"), "Remove all from my account"));
        Assert.Equal(HttpStatusCode.Redirect, forgotten.StatusCode);
        Assert.DoesNotContain(second, await ada.TextAsync("/"), StringComparison.Ordinal);
        Assert.Empty(host.Get<QuestionShelf>().Of(host.Get<AccountBook>().Find("ada")!.Id));
    }

    [Fact]
    public async Task Only_the_newest_are_kept_and_a_removed_account_takes_its_list_along()
    {
        var book = host.Get<AccountBook>();
        await book.AddAsync("dee", "officer", AccountsHost.Password);
        var (id, shelf) = (book.Find("dee")!.Id, host.Get<QuestionShelf>());
        for (var i = 0; i < QuestionShelf.Most + 5; i++) shelf.Add(id, $"{i:x32}");

        Assert.Equal(QuestionShelf.Most, shelf.Of(id).Count);
        await book.RemoveAsync("dee");
        Assert.Empty(shelf.Of(id));
    }

    private static async Task<string> AskAsync(Visitor visitor, string question)
    {
        using var response = await visitor.PostAsync("/", FormPost.HiddenFieldsOf(await visitor.TextAsync("/"), "name=\"question\""), ("question", question));
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        return response.Headers.Location!.OriginalString;
    }
}
