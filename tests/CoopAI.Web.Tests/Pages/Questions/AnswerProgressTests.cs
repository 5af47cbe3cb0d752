using CoopAI.Web.Pages;
using CoopAI.Web.Pages.Questions;

namespace CoopAI.Web.Tests.Pages.Questions;

public sealed class AnswerProgressTests
{
    private readonly AnswerProgress _progress = new(TimeProvider.System);
    private readonly string _form = OnceOnly.NewToken();

    [Fact]
    public async Task A_page_that_follows_from_before_the_work_hears_every_step_in_order_and_the_end()
    {
        var heard = HearAsync(_form);

        using (var steps = _progress.Start(_form))
        {
            steps.Report("one");
            await Task.Yield();
            steps.Report("two");
        }

        Assert.Equal(["one", "two"], await heard);
    }

    [Fact]
    public async Task A_page_that_comes_late_hears_what_it_missed()
    {
        using (var steps = _progress.Start(_form)) steps.Report("one");

        Assert.Equal(["one"], await HearAsync(_form));
    }

    [Fact]
    public async Task Whoever_reads_another_form_hears_nothing_of_this_one()
    {
        using var steps = _progress.Start(_form);
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        steps.Report("one");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var step in _progress.FollowAsync(OnceOnly.NewToken(), soon.Token)) Assert.Fail(step);
        });
    }

    [Fact]
    public async Task Work_that_never_begins_is_waited_for_only_so_long()
    {
        var clock = new JumpingClock();
        var progress = new AnswerProgress(clock);
        await using var steps = progress.FollowAsync(_form, TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);

        var next = steps.MoveNextAsync();
        Assert.Equal(AnswerProgress.WaitForStart, clock.Asked);
        clock.Jump();

        Assert.False(await next);
    }

    [Fact]
    public async Task Only_the_last_forms_are_remembered()
    {
        using (var steps = _progress.Start(_form)) steps.Report("one");
        for (var i = 0; i < AnswerProgress.Kept; i++) _progress.Start(OnceOnly.NewToken()).Dispose();

        using (var steps = _progress.Start(_form)) steps.Report("two");

        Assert.Equal(["two"], await HearAsync(_form));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a question with words")]
    [InlineData("ABCDEF0123456789ABCDEF0123456789")]
    public void A_form_without_a_proper_number_can_be_worked_on_all_the_same(string? form)
    {
        using var steps = _progress.Start(form);

        steps.Report("one");
    }

    private async Task<List<string>> HearAsync(string form)
    {
        var heard = new List<string>();
        await foreach (var step in _progress.FollowAsync(form, TestContext.Current.CancellationToken)) heard.Add(step);
        return heard;
    }

    /// <summary>A clock whose one timer rings when the test says so.</summary>
    private sealed class JumpingClock : TimeProvider
    {
        private Action? _ring;

        public TimeSpan Asked { get; private set; }

        public void Jump() => _ring!();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            (_ring, Asked) = (() => callback(state), dueTime);
            return new Silent();
        }

        private sealed class Silent : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
