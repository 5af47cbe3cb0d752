using CoopAI.Adapters.Sqlite;
using CoopAI.Web.Tests.Security;
using Microsoft.Playwright;

namespace CoopAI.Web.Tests.Pages;

/// <summary>Signing in, and signing in again in the middle of a question, in a browser.</summary>
[Collection(BrowserTests.Name)]
public sealed class SignInJourneyTests(BrowserFixture service, AccountsHost host) : IClassFixture<AccountsHost>
{
    [Theory]
    [InlineData(true, BrowserFixture.Desktop)]
    [InlineData(false, BrowserFixture.Phone)]
    public async Task A_question_typed_while_the_session_ended_is_there_again_after_sign_in_and_can_be_asked(bool javaScript, int width)
    {
        await using var browser = await service.OpenAsync("/", javaScript, width, host.Address);
        await browser.SaveScreenshotAsync($"sign-in-{width}");
        if (javaScript) await browser.AssertSoundAsync();
        await SignInAsync(browser);

        await browser.Page.GetByLabel("Your question", new() { Exact = true }).FillAsync(AccountsHost.Question);
        // Another password ends every session of the account; this one is the old one again.
        await host.Get<AccountBook>().SetPasswordAsync("ada", AccountsHost.Password);
        await browser.Find(AriaRole.Button, "Ask").ClickAsync();
        await browser.ArriveAsync("/sign-in?return=");
        await Assertions.Expect(browser.Page.GetByText("what you typed is there again")).ToBeVisibleAsync();
        await SignInAsync(browser);

        await Assertions.Expect(browser.Page.GetByLabel("Your question", new() { Exact = true })).ToHaveValueAsync(AccountsHost.Question);
        await Assertions.Expect(browser.Page.Locator("#error-summary")).ToContainTextAsync("you signed in again");
        await browser.SaveScreenshotAsync($"ask-kept-{width}");
        if (javaScript) await browser.AssertSoundAsync();
        await browser.Find(AriaRole.Button, "Ask").ClickAsync();
        await browser.ArriveAsync("/answers/");
        browser.AssertNoComplaints();
    }

    [Fact]
    public async Task A_wrong_password_is_said_beside_the_field_and_the_name_stays()
    {
        await using var browser = await service.OpenAsync("/sign-in", host: host.Address);

        await browser.Page.GetByLabel("Name").FillAsync("ada");
        await browser.Page.GetByLabel("Password", new() { Exact = true }).FillAsync("not the password");
        await browser.Find(AriaRole.Button, "Sign in").ClickAsync();

        await Assertions.Expect(browser.Page.Locator("#error-summary")).ToContainTextAsync("Name or password is wrong");
        await Assertions.Expect(browser.Page.GetByLabel("Name")).ToHaveValueAsync("ada");
        await Assertions.Expect(browser.Page.GetByLabel("Password", new() { Exact = true })).ToHaveValueAsync("");
        await browser.AssertSoundAsync();
    }

    private static async Task SignInAsync(BrowserPage browser)
    {
        await browser.Page.GetByLabel("Name").FillAsync("ada");
        await browser.Page.GetByLabel("Password", new() { Exact = true }).FillAsync(AccountsHost.Password);
        await browser.Find(AriaRole.Button, "Sign in").ClickAsync();
        await Assertions.Expect(browser.Page).Not.ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/sign-in"), new() { Timeout = 30_000 });
    }
}
