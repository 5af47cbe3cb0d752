using CoopAI.Evaluation;
using CoopAI.Evaluation.Grounding;

namespace CoopAI.Tests.Evaluation.Grounding;

public sealed class GroundingSuiteTests
{
    private static GroundingPair Pair(string id, string kind, bool faithful) => new(id, "test", kind, faithful, "S.", [], []);

    [Fact]
    public void Both_error_rates_are_given_by_kind()
    {
        GroundingPair[] pairs = [Pair("1", "number", false), Pair("2", "number", false), Pair("3", "negation", false), Pair("4", "verbatim", true), Pair("5", "paraphrase", true), Pair("6", "verbatim", true)];

        var report = GroundingSuite.Report(pairs, [false, true, false, true, false, true], []);

        Assert.Equal(2.0 / 3, Assert.IsType<Figure.Measured>(report.Figure("alteredCaught")).Value, 12);
        Assert.Equal(1.0 / 3, Assert.IsType<Figure.Measured>(report.Figure("faithfulWithheld")).Value, 12);
        Assert.Equal(0.5, Assert.IsType<Figure.Measured>(report.Figure("alteredCaught[number]")).Value, 12);
        Assert.Equal(1, Assert.IsType<Figure.Measured>(report.Figure("faithfulWithheld[paraphrase]")).Value, 12);
        Assert.Equal(["2", "5"], report.Tables[1].Rows.Select(r => r[0]));
    }

    [Fact]
    public void Pairs_are_read_with_what_they_cite_among_what_was_retrieved()
    {
        using var folder = new TemporaryFolder();

        var pair = Assert.Single(GroundingPair.Read(folder.Write("p", """{"id":"1","split":"development","kind":"number","label":"altered","sentence":"S.","cites":["a"],"passages":["b","a"]}""")));

        Assert.False(pair.Faithful);
        Assert.Equal(["a", "b"], pair.Retrieved);
    }

    [Theory]
    [InlineData("""{"id":"1","kind":"k","label":"true","sentence":"S."}""", "faithful or altered")]
    [InlineData("""{"id":"1","kind":"k","label":"altered"}""", "\"sentence\" is missing")]
    [InlineData("", "no sentence")]
    public void Broken_pairs_are_refused(string text, string expected)
    {
        using var folder = new TemporaryFolder();

        Assert.Contains(expected, Assert.Throws<EvaluationInputException>(() => GroundingPair.Read(folder.Write("p", text))).Message, StringComparison.Ordinal);
    }
}
