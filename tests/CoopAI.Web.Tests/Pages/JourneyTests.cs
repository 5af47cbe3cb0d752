using Microsoft.Playwright;

namespace CoopAI.Web.Tests.Pages;

/// <summary>An officer's ways through the service from start to end, in a browser.</summary>
[Collection(BrowserTests.Name)]
public sealed class JourneyTests(BrowserFixture service)
{
    private const string Question = "Which councils have helped people to get enough good food?";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static TheoryData<bool, int> Ways => new()
    {
        { true, BrowserFixture.Desktop }, { false, BrowserFixture.Desktop }, { true, BrowserFixture.Phone }, { false, BrowserFixture.Phone },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task An_officer_asks_reads_the_brief_and_opens_the_very_sentence(bool javaScript, int width)
    {
        await using var browser = await service.OpenAsync("/", javaScript, width);

        await browser.Page.GetByLabel("Your question", new() { Exact = true }).FillAsync(Question);
        await browser.Find(AriaRole.Button, "Ask").ClickAsync();
        await browser.ArriveAsync("/answers/");
        var quote = browser.Page.Locator(".app-quote").First;
        var sentence = (await quote.Locator("p").First.InnerTextAsync()).Trim();
        await quote.GetByRole(AriaRole.Link).ClickAsync();
        await browser.ArriveAsync("#quote");

        Assert.Equal(sentence, await browser.Page.Locator("mark#quote").InnerTextAsync());
        await Assertions.Expect(browser.Page.Locator("mark#quote")).ToBeInViewportAsync();
        browser.AssertNoComplaints();
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task An_officer_searches_narrows_down_takes_a_filter_away_and_compares(bool javaScript, int width)
    {
        await using var browser = await service.OpenAsync("/case-studies", javaScript, width);

        await browser.Page.GetByLabel("Words or a question").FillAsync("food");
        await browser.Find(AriaRole.Button, "Search").ClickAsync();
        await browser.ArriveAsync("q=food");
        await browser.Page.GetByText("Topics", new() { Exact = true }).First.ClickAsync();
        await browser.Page.Locator("label[for=topic-0]").ClickAsync();
        await browser.Find(AriaRole.Button, "Apply filters").ClickAsync();
        await browser.ArriveAsync("topic=");
        if (javaScript) await Assertions.Expect(browser.Page.GetByRole(AriaRole.Status)).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("case stud.* for “food”, 1 filter in use"));
        var narrowed = await browser.Page.Locator("#results").InnerTextAsync();
        await browser.Page.Locator(".app-filter-tags a").First.ClickAsync();
        await Assertions.Expect(browser.Page).Not.ToHaveURLAsync(new System.Text.RegularExpressions.Regex("topic="));
        await Assertions.Expect(browser.Page.Locator("#results")).Not.ToHaveTextAsync(narrowed);

        await browser.Page.Locator("button[name=add]").First.ClickAsync();
        await Assertions.Expect(browser.Page.Locator("#shortlist")).ToContainTextAsync("1 on your shortlist");
        await browser.Page.Locator("button[name=add]").First.ClickAsync();
        await browser.Page.Locator("#shortlist a").ClickAsync();
        await browser.ArriveAsync("/compare");
        await Assertions.Expect(browser.Page.Locator("thead th")).ToHaveCountAsync(2);
        browser.AssertNoComplaints();
    }

    [Fact]
    public async Task Everything_from_question_to_feedback_works_with_the_keyboard_alone()
    {
        await using var browser = await service.OpenAsync("/");

        await browser.TabToAsync("question");
        await browser.Page.Keyboard.TypeAsync(Question);
        await browser.TabToAsync("Ask");
        await browser.Page.Keyboard.PressAsync("Enter");
        await browser.ArriveAsync("/answers/");
        await browser.TabToAsync("useful-yes");
        await browser.Page.Keyboard.PressAsync("Space");
        await browser.TabToAsync("Say why (optional)");
        await browser.Page.Keyboard.PressAsync("Enter");
        await browser.TabToAsync("comment");
        await browser.Page.Keyboard.TypeAsync("Just what I needed.");
        await browser.TabToAsync("Send feedback");
        await browser.Page.Keyboard.PressAsync("Enter");
        await browser.ArriveAsync("thanks=true");

        Assert.Contains("Your feedback was kept", await browser.Page.Locator("#feedback").InnerTextAsync(), StringComparison.Ordinal);
        browser.AssertNoComplaints();
    }

    [Fact]
    public async Task The_skip_link_comes_first_and_leads_to_the_content()
    {
        await using var browser = await service.OpenAsync("/case-studies");

        await browser.Page.Keyboard.PressAsync("Tab");
        await browser.Page.Keyboard.PressAsync("Enter");

        Assert.Equal("main-content", await browser.Page.EvaluateAsync<string>("document.activeElement.id"));
    }

    [Fact]
    public async Task A_mistake_moves_the_focus_to_the_summary_whose_link_leads_to_the_field()
    {
        await using var browser = await service.OpenAsync("/");

        await browser.Find(AriaRole.Button, "Ask").ClickAsync();
        await browser.Page.Locator("#error-summary").WaitForAsync();

        Assert.Equal("error-summary", await browser.Page.EvaluateAsync<string>("document.activeElement.id"));
        await browser.Page.Locator("#error-summary a").ClickAsync();
        Assert.Equal("question", await browser.Page.EvaluateAsync<string>("document.activeElement.id"));
    }

    [Fact]
    public async Task While_it_works_the_page_says_so_and_a_second_click_sends_nothing()
    {
        await using var browser = await service.OpenAsync("/");
        var sent = 0;
        browser.Page.Request += (_, request) => sent += request.Method == "POST" ? 1 : 0;
        await browser.Page.GetByLabel("Your question", new() { Exact = true }).FillAsync(Question);

        var said = await browser.Page.EvaluateAsync<string>(
            "(button => { button.click(); button.click(); return document.querySelector('form [role=status]').textContent; })(document.querySelector('form[data-busy] button'))");
        await browser.ArriveAsync("/answers/");

        Assert.Contains("checking every sentence", said, StringComparison.Ordinal);
        Assert.Equal(1, sent);
    }

    [Fact]
    public async Task While_it_works_the_page_tells_each_step_as_the_service_takes_it()
    {
        await using var browser = await service.OpenAsync("/");
        var sent = new TaskCompletionSource();
        var mayGoOn = new TaskCompletionSource();
        await browser.Page.RouteAsync("**/", async route =>
        {
            sent.TrySetResult();
            await mayGoOn.Task;
            await route.ContinueAsync();
        });
        await browser.Page.GetByLabel("Your question", new() { Exact = true }).FillAsync(Question);
        var form = await browser.Page.Locator("form input[name=once]").InputValueAsync();
        // The page itself tells what it shows: while a page is being left, the driver waits for the next one.
        var shown = System.Threading.Channels.Channel.CreateUnbounded<string>();
        browser.Page.Console += (_, message) => shown.Writer.TryWrite(message.Text);
        await browser.Page.EvaluateAsync(
            """
            new MutationObserver(changes => changes.flatMap(c => [...c.addedNodes]).filter(n => n.nodeName === 'LI').forEach(n => console.log(n.textContent)))
              .observe(document.querySelector('form[data-busy]'), { childList: true, subtree: true });
            setTimeout(() => document.querySelector('form[data-busy] button[type=submit]').click());
            """);
        await sent.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        using (var work = service.Get<CoopAI.Web.Pages.Questions.AnswerProgress>().Start(form))
        {
            foreach (var step in (string[])["Searching the case studies", "Checking <b>every</b> sentence"])
            {
                work.Report(step);
                Assert.Equal(step, await shown.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken));
            }
        }

        mayGoOn.SetResult();
        await browser.ArriveAsync("/answers/");
        browser.AssertNoComplaints();
    }

    [Theory]
    [InlineData(BrowserFixture.Desktop)]
    [InlineData(BrowserFixture.Phone)]
    public async Task The_steps_can_be_read_and_are_announced(int width)
    {
        await using var browser = await service.OpenAsync("/", width: width);
        var form = await browser.Page.Locator("form input[name=once]").InputValueAsync();
        await browser.Page.GetByLabel("Your question", new() { Exact = true }).FillAsync(Question);
        await browser.Page.EvaluateAsync("window.addEventListener('submit', e => e.preventDefault())");
        using var work = service.Get<CoopAI.Web.Pages.Questions.AnswerProgress>().Start(form);
        foreach (var step in (string[])["Checking the question", "Searching the case studies", "Checking what was found"]) work.Report(step);

        await browser.Find(AriaRole.Button, "Ask").ClickAsync();

        var status = browser.Page.Locator("form").GetByRole(AriaRole.Status);
        await Assertions.Expect(status.Locator("li")).ToHaveTextAsync(["Checking the question", "Searching the case studies", "Checking what was found"]);
        await Assertions.Expect(status.Locator("li.app-steps__done")).ToHaveCountAsync(2);
        await Assertions.Expect(status).ToHaveAttributeAsync("aria-atomic", "false");
        await browser.SaveScreenshotAsync($"ask-working-{width}");
        await browser.AssertSoundAsync();
    }

    [Fact]
    public async Task The_Word_file_downloads()
    {
        await using var browser = await service.OpenAsync(await service.Client.AskAsync(Question));

        var download = await browser.Page.RunAndWaitForDownloadAsync(() => browser.Find(AriaRole.Link, "Download for Word (.docx)").ClickAsync());

        Assert.EndsWith(".docx", download.SuggestedFilename, StringComparison.Ordinal);
        var file = await File.ReadAllBytesAsync(await download.PathAsync(), TestContext.Current.CancellationToken);
        Assert.Equal("PK"u8, file.AsSpan(0, 2));
    }

    [Fact]
    public async Task On_paper_there_is_the_brief_without_menus_and_forms()
    {
        await using var browser = await service.OpenAsync(await service.Client.AskAsync(Question));

        await browser.Page.EmulateMediaAsync(new() { Media = Media.Print });

        Assert.False(await browser.Page.Locator(".govuk-service-navigation").IsVisibleAsync());
        Assert.False(await browser.Page.Locator("#feedback").IsVisibleAsync());
        Assert.True(await browser.Page.Locator(".app-quote").First.IsVisibleAsync());
        Assert.True(await browser.Page.Locator("#challenge").IsVisibleAsync());
    }
}
