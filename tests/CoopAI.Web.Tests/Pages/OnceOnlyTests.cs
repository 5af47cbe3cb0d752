using CoopAI.Web.Pages;

namespace CoopAI.Web.Tests.Pages;

public sealed class OnceOnlyTests
{
    private readonly OnceOnly _once = new();
    private int _runs;

    [Fact]
    public async Task A_form_sent_twice_at_the_same_time_has_one_effect()
    {
        var gate = new TaskCompletionSource();

        var both = Task.WhenAll(_once.RunAsync("t", "food", () => CountAsync(gate.Task)), _once.RunAsync("t", "food", () => CountAsync(gate.Task)));
        gate.SetResult();

        Assert.Equal(["1", "1"], await both);
    }

    [Fact]
    public async Task A_form_that_was_changed_and_sent_again_is_another_one()
    {
        await _once.RunAsync("t", "food", () => CountAsync());

        Assert.Equal("2", await _once.RunAsync("t", "fuel", () => CountAsync()));
    }

    [Fact]
    public async Task What_failed_can_be_tried_again()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => _once.RunAsync("t", "food", () => throw new InvalidOperationException()));
        await Assert.ThrowsAsync<InvalidOperationException>(() => _once.RunAsync("t", "food", () => Task.FromException<string>(new InvalidOperationException())));

        Assert.Equal("1", await _once.RunAsync("t", "food", () => CountAsync()));
    }

    [Fact]
    public async Task Without_a_token_nothing_is_remembered()
    {
        await _once.RunAsync(null, "food", () => CountAsync());

        Assert.Equal("2", await _once.RunAsync("", "food", () => CountAsync()));
    }

    [Fact]
    public async Task Only_the_last_forms_are_remembered()
    {
        await _once.RunAsync("first", "food", () => CountAsync());
        for (var i = 0; i < OnceOnly.Kept; i++) await _once.RunAsync($"t{i}", "food", () => CountAsync());

        Assert.Equal($"{OnceOnly.Kept + 2}", await _once.RunAsync("first", "food", () => CountAsync()));
    }

    private async Task<string> CountAsync(Task? after = null)
    {
        await (after ?? Task.CompletedTask);
        return Interlocked.Increment(ref _runs).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
