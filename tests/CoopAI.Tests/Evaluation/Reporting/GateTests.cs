using CoopAI.Evaluation;
using CoopAI.Evaluation.Reporting;

namespace CoopAI.Tests.Evaluation.Reporting;

public sealed class GateTests
{
    private static SuiteReport Suite(Figure figure) => new() { Name = "s", Title = "S", Description = "", Figures = [new("m", figure)] };

    [Theory]
    [InlineData(0.5, null, 0.5, true)]
    [InlineData(0.5, null, 0.499, false)]
    [InlineData(null, 0.1, 0.1, true)]
    [InlineData(null, 0.1, 0.101, false)]
    public void A_figure_meets_its_threshold_at_the_number_itself(double? min, double? max, double value, bool met)
    {
        var gates = Gate.Check([new("s", "m", min, max, "r")], [Suite(new Figure.Measured(value, 0, 1, 50))]);

        Assert.Equal(met, Assert.Single(gates).Met);
    }

    [Fact]
    public void A_figure_that_was_not_measured_or_does_not_exist_misses_its_threshold()
    {
        var gates = Gate.Check([new("s", "m", 0, null, "r"), new("s", "misspelt", 0, null, "r")], [Suite(new Figure.NotMeasured("none"))]);

        Assert.All(gates, g => Assert.False(g.Met));
        Assert.Contains("no figure misspelt", Gate.Say(gates[1]), StringComparison.Ordinal);
    }

    [Fact]
    public void Thresholds_of_suites_that_did_not_run_are_left_alone()
    {
        Assert.Empty(Gate.Check([new("other", "m", 1, null, "r")], [Suite(new Figure.Measured(0, null, null, 1))]));
    }

    [Theory]
    [InlineData("""{"thresholds":[{"suite":"s","metric":"m","min":1}]}""", "needs a \"reason\"")]
    [InlineData("""{"thresholds":[{"suite":"s","metric":"m","reason":"r"}]}""", "either \"min\" or \"max\"")]
    [InlineData("""{"thresholds":[{"suite":"s","metric":"m","min":0,"max":1,"reason":"r"}]}""", "either \"min\" or \"max\"")]
    [InlineData("""{"thresholds":[{"metric":"m","min":0,"reason":"r"}]}""", "names a \"suite\"")]
    [InlineData("""{"thresholds":[{"suite":"s","metric":"m","min":0,"reason":"r"},{"suite":"s","metric":"m","min":1,"reason":"r"}]}""", "comes twice")]
    [InlineData("""{"thresholds":[{"suite":"s","metric":"m","min":"high","reason":"r"}]}""", "this is not")]
    [InlineData("""{}""", "no list \"thresholds\"")]
    public void Broken_thresholds_are_refused(string text, string expected)
    {
        using var folder = new TemporaryFolder();

        var refusal = Assert.Throws<EvaluationInputException>(() => Gate.Read(folder.Write("thresholds.json", text)));

        Assert.Contains("thresholds.json", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }
}
