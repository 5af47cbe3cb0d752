using CoopAI.Evaluation;
using CoopAI.Evaluation.Grounding;

namespace CoopAI.Tests.Evaluation.Grounding;

public sealed class GroundingSuiteTests
{
    [Fact]
    public void Both_error_rates_are_given_by_kind()
    {
        GroundingPair[] pairs = [new("1", "number", false), new("2", "number", false), new("3", "negation", false), new("4", "verbatim", true), new("5", "paraphrase", true)];

        var report = GroundingSuite.Report(pairs, [false, true, false, true, false], []);

        Assert.Equal(2.0 / 3, Assert.IsType<Figure.Measured>(report.Figure("alteredCaught")).Value, 12);
        Assert.Equal(0.5, Assert.IsType<Figure.Measured>(report.Figure("faithfulWithheld")).Value, 12);
        Assert.Equal(0.5, Assert.IsType<Figure.Measured>(report.Figure("alteredCaught[number]")).Value, 12);
        Assert.Equal(1, Assert.IsType<Figure.Measured>(report.Figure("faithfulWithheld[paraphrase]")).Value, 12);
        Assert.Equal(["2", "5"], report.Tables[1].Rows.Select(r => r[0]));
    }
}
