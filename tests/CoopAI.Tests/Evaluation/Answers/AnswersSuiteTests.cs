using CoopAI.Evaluation;
using CoopAI.Evaluation.Answers;
using CoopAI.Evaluation.Retrieval;

namespace CoopAI.Tests.Evaluation.Answers;

public sealed class AnswersSuiteTests
{
    private static AnswerCase Case(string id, bool answerable, params string[] facts) =>
        new(new Question(id, "?"), answerable, facts.Length == 0 ? null : new ExpectedFacts(id, [.. facts.Select(f => (IReadOnlyList<string>)[f])]));

    private static EvaluatedAnswer Answer(string outcome, params (string Text, string[] Cited)[] sentences) =>
        new(outcome, [.. sentences.Select(s => new CitedSentence(s.Text, s.Cited))], string.Join(' ', sentences.Select(s => s.Text)), [], 0);

    [Fact]
    public void Outcomes_citations_facts_and_length_match_the_hand_worked_numbers()
    {
        AnswerCase[] cases = [Case("1", true, "panel", "£5"), Case("2", true, "bus"), Case("3", false), Case("4", false)];
        EvaluatedAnswer[] answers =
        [
            Answer("answered", ("The panel met.", ["The panel met."]), ("It rained.", ["Nothing."])),
            Answer("not-found"),
            Answer("partly-answered", ("Sun.", ["Sun.", "Moon."])),
            Answer("out-of-scope"),
        ];

        var report = AnswersSuite.Report(cases, answers, (sentence, passages) => passages.Contains(sentence), []);

        Assert.Equal(0.5, Value("outcomeAccuracy"), 12);
        Assert.Equal(0.5, Value("outcomeAccuracy[answerable]"), 12);
        Assert.Equal(2.0 / 3, Value("citationRecall"), 12);
        Assert.Equal(2.0 / 4, Value("citationPrecision"), 12);
        Assert.Equal(1.0 / 3, Value("factCoverage"), 12);
        Assert.Equal(1.5, Value("sentencesPerAnswer"), 12);
        Assert.Equal(3, Value("wordsPerAnswer"), 12);

        double Value(string name) => Assert.IsType<Figure.Measured>(report.Figure(name)).Value;
    }

    [Fact]
    public void Without_an_answer_nothing_is_measured_about_answers()
    {
        var report = AnswersSuite.Report([Case("1", true)], [Answer("failed")], (_, _) => true, []);

        Assert.IsType<Figure.NotMeasured>(report.Figure("citationRecall"));
        Assert.IsType<Figure.NotMeasured>(report.Figure("sentencesPerAnswer"));
        Assert.IsType<Figure.NotMeasured>(report.Figure("factCoverage"));
        Assert.Equal(0, Assert.IsType<Figure.Measured>(report.Figure("outcomeAccuracy")).Value);
    }
}
