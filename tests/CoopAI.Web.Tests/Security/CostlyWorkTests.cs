using System.Security.Claims;
using CoopAI.Web.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CoopAI.Web.Tests.Security;

/// <summary>Long texts wait beside the asking path.</summary>
public sealed class CostlyWorkTests
{
    [Fact]
    public async Task Long_texts_take_turns_and_a_person_has_a_share()
    {
        var (begun, ends) = (new List<string>(), new Dictionary<HttpContext, TaskCompletionSource>());
        using var work = Work(SignInMode.Accounts, kilobytes: 1024, (context, end) =>
        {
            begun.Add(context.Request.Path);
            ends[context] = end;
        });
        var first = Of("ada", "/api/case-studies/similar", 200_000);
        var second = Of("bea", "/api/tags", 300_000);
        var question = Of("cara", "/api/answers", 2_000);
        var shortText = Of("cara", "/api/tags", 900);

        var running = work.InvokeAsync(first);
        var waiting = work.InvokeAsync(second);
        var asked = work.InvokeAsync(question);
        var tagged = work.InvokeAsync(shortText);

        // The second long text waits; a question and a short text do not.
        Assert.Equal(["/api/case-studies/similar", "/api/answers", "/api/tags"], begun);
        ends[first].SetResult();
        await running;
        await Task.WhenAny(waiting, Task.Delay(10, TestContext.Current.CancellationToken));
        for (var i = 0; i < 3000 && !ends.ContainsKey(second); i++) await Task.Delay(10, TestContext.Current.CancellationToken);
        Assert.Contains(second, ends.Keys);
        foreach (var end in ends.Values) end.TrySetResult();
        await Task.WhenAll(waiting, asked, tagged);
    }

    [Fact]
    public async Task A_person_has_three_long_texts_in_work_and_a_minutes_kilobytes_and_is_told_when_to_come_back()
    {
        var ends = new List<TaskCompletionSource>();
        using var work = Work(SignInMode.Accounts, kilobytes: 1024, (_, end) => ends.Add(end));
        var held = Enumerable.Range(0, CostlyWork.PerPerson).Select(_ => work.InvokeAsync(Of("ada", "/api/tags", 100_000))).ToList();

        var fourth = Of("ada", "/api/tags", 100_000);
        await work.InvokeAsync(fourth);
        var greedy = Of("bea", "/api/tags", 600_000);
        var paid = work.InvokeAsync(greedy);
        var tooMuch = Of("bea", "/api/tags", 600_000);
        await work.InvokeAsync(tooMuch);

        Assert.Equal((429, "10"), (fourth.Response.StatusCode, fourth.Response.Headers.RetryAfter.ToString()));
        Assert.Equal(429, tooMuch.Response.StatusCode);
        Assert.True(int.Parse(tooMuch.Response.Headers.RetryAfter.ToString(), System.Globalization.CultureInfo.InvariantCulture) is > 0 and <= 60);
        while (!Task.WhenAll([.. held, paid]).IsCompleted)
        {
            foreach (var end in ends.ToArray()) end.TrySetResult();
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task The_queue_is_bounded()
    {
        var ends = new List<TaskCompletionSource>();
        using var work = Work(SignInMode.None, kilobytes: 1024, (_, end) => ends.Add(end));
        var held = Enumerable.Range(0, CostlyWork.QueueLimit + 1).Select(i => work.InvokeAsync(Of($"person{i}", "/tag", 100_000))).ToList();

        var last = Of("late", "/tag", 100_000);
        await work.InvokeAsync(last);

        Assert.Equal(429, last.Response.StatusCode);
        while (!Task.WhenAll(held).IsCompleted)
        {
            foreach (var end in ends.ToArray()) end.TrySetResult();
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    private static CostlyWork Work(SignInMode mode, int kilobytes, Action<HttpContext, TaskCompletionSource> begins) => new(
        context =>
        {
            var end = new TaskCompletionSource();
            lock (begins) begins(context, end);
            return end.Task;
        },
        Options.Create(new SignInOptions { Mode = mode, KilobytesPerMinute = kilobytes }));

    private static DefaultHttpContext Of(string person, string path, long length)
    {
        var context = new DefaultHttpContext
        {
            RequestServices = new ServiceCollection().AddLogging().AddProblemDetails().BuildServiceProvider(),
            User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, person)], "test")),
        };
        (context.Request.Method, context.Request.Path, context.Request.ContentLength) = ("POST", path, length);
        return context;
    }
}
