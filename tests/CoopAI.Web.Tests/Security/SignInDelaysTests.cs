using CoopAI.Web.Security;

namespace CoopAI.Web.Tests.Security;

public sealed class SignInDelaysTests
{
    private readonly Clock _clock = new();
    private readonly SignInDelays _delays;

    public SignInDelaysTests() => _delays = new(_clock);

    [Fact]
    public void Waits_double_from_two_seconds_up_to_a_quarter_of_an_hour()
    {
        for (var i = 0; i < SignInDelays.Free; i++) Assert.Null(_delays.Begin("ada", "10.0.0.1"));

        var waits = new List<double>();
        for (var i = 0; i < 11; i++)
        {
            var wait = _delays.Begin("ADA ", "10.0.0.1")!.Value;
            waits.Add(wait.TotalSeconds);
            _clock.Now += wait;
            Assert.Null(_delays.Begin("ada", "10.0.0.1"));
        }

        Assert.Equal([2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900], waits);
    }

    [Fact]
    public void The_person_does_not_wait_for_an_attacker_at_other_addresses()
    {
        Assert.Null(_delays.Begin("ada", "office"));
        _delays.Right("ada", "office");
        for (var i = 0; i < SignInDelays.FreeTogether; i++) Assert.Null(_delays.Begin("ada", $"bot {i}"));

        // A new address waits for what all of them did; the one that ada signed in from does not.
        Assert.NotNull(_delays.Begin("ada", "another bot"));
        Assert.Null(_delays.Begin("ada", "office"));
        Assert.Null(_delays.Begin("bea", "another bot"));
    }

    [Fact]
    public void Many_attempts_at_once_pass_no_limit()
    {
        var allowed = 0;
        Parallel.For(0, 200, _ =>
        {
            if (_delays.Begin("ada", "10.0.0.1") is null) Interlocked.Increment(ref allowed);
        });

        Assert.Equal(SignInDelays.Free, allowed);
    }

    [Fact]
    public void A_right_password_begins_the_count_anew_and_a_day_does_too()
    {
        for (var i = 0; i < SignInDelays.Free; i++) _delays.Begin("ada", "10.0.0.1");
        _delays.Right("ada", "10.0.0.1");
        for (var i = 0; i < SignInDelays.Free; i++) Assert.Null(_delays.Begin("ada", "10.0.0.1"));
        Assert.NotNull(_delays.Begin("ada", "10.0.0.1"));
        _clock.Now += SignInDelays.Forgotten + TimeSpan.FromSeconds(1);
        Assert.Null(_delays.Begin("ada", "10.0.0.1"));
    }

    [Fact]
    public void A_flood_of_names_keeps_no_more_than_the_limit_and_a_code_counts_once()
    {
        for (var i = 0; i < SignInDelays.MaxKept + 5000; i++) _delays.Begin($"name{i}", "10.0.0.1");

        Assert.True(_delays.IsFirstUse("ada", "123456"));
        Assert.False(_delays.IsFirstUse("ada", "123456"));
        Assert.True(_delays.IsFirstUse("bea", "123456"));
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 11, 22, 9, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
