using CoopAI.Evaluation;
using CoopAI.Evaluation.Answers;

namespace CoopAI.Tests.Evaluation.Answers;

public sealed class CitationMetricsTests
{
    /// <summary>A judge that wants every letter of the sentence in one of the passages.</summary>
    private static bool Letters(string sentence, IReadOnlyList<string> passages) => sentence.All(c => passages.Any(p => p.Contains(c)));

    [Fact]
    public void Recall_counts_supported_sentences_and_precision_useful_citations()
    {
        var counts = CitationMetrics.Of(
        [
            new("ab", ["a", "b"]), // both needed: 2 useful
            new("a", ["a", "x"]), // "x" neither sufficient nor needed: 1 useful
            new("a", ["a", "ab"]), // each sufficient alone: 2 useful
            new("z", ["a"]), // not supported: no citation of it is useful
            new("q", []), // cites nothing
        ], Letters);

        Assert.Equal(new CitationCounts(Sentences: 5, Supported: 3, Citations: 7, Useful: 5), counts);
    }

    [Fact]
    public void Facts_are_found_as_whole_words_in_any_of_their_wordings()
    {
        var expected = new ExpectedFacts("d001", [["£150,000", "150k"], ["residents' panel"], ["nine weeks", "9 weeks"]]);

        Assert.Equal(2, expected.MentionedIn("The Residents’ Panel shared out £150,000."));
        Assert.Equal(0, expected.MentionedIn("It cost 1150,000 and residents sat on a panel of 99 weekses."));
    }

    [Theory]
    [InlineData("{\"id\":\"a\"}", "facts")]
    [InlineData("{\"id\":\"a\",\"facts\":[]}", "one to five")]
    [InlineData("{\"id\":\"a\",\"facts\":[\"!\"]}", "none of them empty")]
    [InlineData("{\"id\":\"a\",\"facts\":[\"x\"]}\n{\"id\":\"a\",\"facts\":[\"x\"]}", "line 2")]
    public void Broken_expectations_are_refused(string text, string expected)
    {
        using var folder = new TemporaryFolder();

        var refusal = Assert.Throws<EvaluationInputException>(() => ExpectedFacts.Read(folder.Write("facts.jsonl", text)));

        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }
}
