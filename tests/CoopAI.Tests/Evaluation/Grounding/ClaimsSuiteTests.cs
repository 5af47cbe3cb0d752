using CoopAI.Evaluation;
using CoopAI.Evaluation.Grounding;

namespace CoopAI.Tests.Evaluation.Grounding;

public sealed class ClaimsSuiteTests
{
    private static ClaimCase Claim(int number, bool supported) => new($"c{number:00}", "A claim.", ["A sentence."], supported);

    [Fact]
    public void Scores_that_tell_all_claims_apart_reach_one_and_equal_scores_reach_a_half()
    {
        ClaimCase[] claims = [.. Enumerable.Range(0, 20).Select(i => Claim(i, i % 2 == 0))];

        var report = ClaimsSuite.Report(claims, [.. claims.Select(c => c.Supported ? 0.9 : 0.1)], [.. claims.Select(_ => 0.5)], [.. claims.Select(_ => true)], []);

        Assert.Equal(1, Value(report.Figure("balancedAccuracy")), 12);
        Assert.Equal(1, Value(report.Figure("AUC")), 12);
        Assert.Equal(0.5, Value(report.Figure("balancedAccuracy[ROUGE-2]")), 12);
        Assert.Equal(0.5, Value(report.Figure("AUC[ROUGE-2]")), 12);
        Assert.Equal(0.5, Value(report.Figure("balancedAccuracy[as shipped]")), 12);

        static double Value(Figure figure) => Assert.IsType<Figure.Measured>(figure).Value;
    }

    [Fact]
    public void The_area_counts_pairs_in_the_right_order_and_ties_half()
    {
        // Pairs of a supported (0.8, 0.4) with another (0.6, 0.4): right, right, wrong, tie.
        Assert.Equal(2.5 / 4, ClaimsSuite.Area([true, true, false, false], [0.8, 0.4, 0.6, 0.4], null)!.Value, 12);
    }

    [Fact]
    public void The_threshold_of_a_claim_never_comes_from_its_own_fold()
    {
        // The one claim of its kind at 0.9 would move the threshold only if it were asked itself.
        ClaimCase[] claims = [.. Enumerable.Range(0, 10).Select(i => Claim(i, i < 5))];
        double[] scores = [0.6, 0.6, 0.6, 0.6, 0.6, 0.4, 0.4, 0.4, 0.4, 0.9];

        var told = ClaimsSuite.HeldOut(claims, scores);

        Assert.Equal([true, true, true, true, true, false, false, false, false, true], told);
    }

    [Fact]
    public void Word_pairs_are_counted_on_stems_and_each_once()
    {
        // Pairs: council-open, open-hub, hub-and, and-hub: "open hub" is found once.
        Assert.Equal(2.0 / 4, WordPairs.Precision("Council opened hubs and hubs", ["The council opens a hub.", "Open hub"]), 12);
        Assert.Equal(1, WordPairs.Precision("Hubs", ["A hub."]), 12);
        Assert.Equal(0, WordPairs.Precision("", ["A hub."]), 12);
    }

    [Theory]
    [InlineData("""{"id":"1","claim":"C.","evidence":["E."],"label":"yes"}""", "supported, partially_supported or not_supported")]
    [InlineData("""{"id":"1","claim":"C.","evidence":[],"label":"supported"}""", "holds no sentence")]
    [InlineData("""{"id":"1","evidence":["E."],"label":"supported"}""", "\"claim\" is missing")]
    [InlineData("""{"id":"1","claim":"C.","evidence":["E."],"label":"supported"}""", "all claims have one label")]
    [InlineData("", "no claim")]
    public void Broken_claims_are_refused(string text, string expected)
    {
        using var folder = new TemporaryFolder();

        Assert.Contains(expected, Assert.Throws<EvaluationInputException>(() => ClaimCase.Read(folder.Write("c", text))).Message, StringComparison.Ordinal);
    }
}
