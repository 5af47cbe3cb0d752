using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using CoopAI.Orchestration.Asking;
using CoopAI.Web.Tests.Api;
using CoopAI.Web.Tests.Pages;

namespace CoopAI.Web.Tests.Hosting;

/// <summary>The doors of the web ask through the kernel: each filter runs once a question.</summary>
public sealed class DoorsTests(ApiFixture api)
{
    private static readonly string[] Filters = ["QuestionFilter", "SourcesFilter", "DraftFilter", "TagFilter", "RecordFilter"];

    [Fact]
    public async Task The_interface_for_machines_and_the_page_for_people()
    {
        const string Question = "How did a panel of residents share out money for youth projects?";
        using var root = new Activity("door").Start();
        var names = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == AskTrace.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = activity =>
            {
                if (activity.RootId == root.RootId) names.Enqueue(activity.OperationName);
            },
        };
        ActivitySource.AddActivityListener(listener);

        var answered = await api.Client.PostAsJsonAsync("/api/answers", new { question = Question }, TestContext.Current.CancellationToken);
        var machine = names.ToArray();
        names.Clear();
        var page = await api.Client.PostFormAsync("/", await api.Client.HiddenFieldsAsync("/"), ("question", Question));

        Assert.Equal(Filters, machine);
        Assert.Equal(Filters, names);
        var html = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(page.IsSuccessStatusCode, html);
        Assert.Equal("not-applicable", await AccessibilityAsync((await answered.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("id").GetString()!));
        Assert.Equal("pass", await AccessibilityAsync(page.RequestMessage!.RequestUri!.Segments[^1]));
    }

    // The rule on accessibility judged the page itself, or nothing.
    private async Task<string?> AccessibilityAsync(string id)
    {
        var answer = await api.Client.GetFromJsonAsync<JsonElement>($"/api/answers/{id}", TestContext.Current.CancellationToken);
        var results = answer.GetProperty("rules").EnumerateArray().Where(r => r.GetProperty("rule").GetString() == "VG13").ToList();
        Assert.True(results.Count == 1, string.Join('\n', results));
        return results[0].GetProperty("status").GetString();
    }
}
