using CoopAI.Core.Tagging;
using CoopAI.Core.Tagging.Learning;

namespace CoopAI.Tests.Core.Tagging.Learning;

public sealed class PrincipleAccuracyTests
{
    private static async Task<List<HeldOutSuggestion>> RunsAsync(params (bool? Right, double Probability, TagDecision Decision)[] pairs)
    {
        var text = await (await TaggingFixture.ReaderAsync()).ReadAsync(new TaggableText("a", "", "x"), TestContext.Current.CancellationToken);
        return [.. pairs.Select(p => new HeldOutSuggestion(
            0, new TaggingExample(text, p.Right is { } right ? new Dictionary<string, bool> { ["learning"] = right } : [], new Dictionary<string, IReadOnlyList<string>>()),
            new TagSuggestion([new SuggestedTag("learning", p.Probability, p.Decision, [], [])], null, "v")))];
    }

    [Fact]
    public async Task Figures_are_those_worked_out_by_hand()
    {
        // Given: right, right, wrong. Not given: one right (unsure), one wrong. Masked: one. P = 2/3, R = 2/3, F1 = 2/3.
        var runs = await RunsAsync((true, 0.9, TagDecision.Yes), (true, 0.8, TagDecision.Yes), (false, 0.7, TagDecision.Yes), (true, 0.4, TagDecision.Unsure), (false, 0.1, TagDecision.No), (null, 0.9, TagDecision.Yes));

        var figures = PrincipleAccuracy.Of(runs, ["learning"], seed: 1)[0];

        Assert.Equal((3, 5), (figures.Support, figures.Known));
        Assert.Equal(2.0 / 3, figures.Precision.Value!.Value, 12);
        Assert.Equal(2.0 / 3, figures.Recall.Value!.Value, 12);
        Assert.Equal(2.0 / 3, figures.F1.Value!.Value, 12);
        Assert.True(figures.F1.Low < figures.F1.Value && figures.F1.Value <= figures.F1.High);
        // (0.01 + 0.04 + 0.49 + 0.36 + 0.01) / 5
        Assert.Equal(0.182, PrincipleAccuracy.Brier(runs), 12);
    }

    [Fact]
    public async Task Reliability_puts_a_probability_of_one_into_the_last_bin_and_leaves_empty_bins_without_figures()
    {
        var rows = PrincipleAccuracy.Reliability(await RunsAsync((true, 1.0, TagDecision.Yes), (false, 0.95, TagDecision.Yes), (true, 0.0, TagDecision.No)));

        Assert.Equal((2, 0.975, 0.5), (rows[9].Pairs, rows[9].MeanProbability, rows[9].ShareRight));
        Assert.Equal((1, 1.0), (rows[0].Pairs, rows[0].ShareRight));
        Assert.Null(rows[5].ShareRight);
    }

    [Fact]
    public async Task Nothing_known_has_no_figure()
    {
        var figures = PrincipleAccuracy.Of(await RunsAsync((null, 0.5, TagDecision.Yes)), ["learning"], seed: 1)[0];

        Assert.Null(figures.F1.Value);
        Assert.Null(figures.F1.Low);
    }
}
