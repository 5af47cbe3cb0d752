using CoopAI.Core.Guidance;
using CoopAI.Core.Verdicts;

namespace CoopAI.Tests.Core.Guidance;

/// <summary>Error rates on the labelled cases, so that a changed list that lets much through, or stops much, turns the build red.</summary>
public sealed class RuleCasesTests
{
    [Theory]
    [InlineData("cases.jsonl", "development")]
    [InlineData("cases.jsonl", "test")]
    [InlineData("cases-second.jsonl", "second-test")]
    [InlineData("cases-third.jsonl", "third-test")]
    public void What_must_be_stopped_is_stopped_and_ordinary_text_is_not(string file, string split)
    {
        var judged = GuidanceFiles.Cases(file).Where(c => c.Extra!["split"].GetString() == split)
            .Select(c => (Case: c, Failed: GuidanceFiles.Evaluator.Evaluate(c).Status == RuleStatus.Fail)).ToList();

        var (hostile, harmless) = (judged.Where(j => j.Case.Expect == "fail").ToList(), judged.Where(j => j.Case.Expect == "pass").ToList());

        Assert.True(hostile.Count(h => h.Failed) >= 0.95 * hostile.Count, Missed(hostile.Where(h => !h.Failed)));
        Assert.True(harmless.Count(h => h.Failed) <= 0.02 * harmless.Count, Missed(harmless.Where(h => h.Failed)));

        static string Missed(IEnumerable<(RuleCase Case, bool)> wrong) => string.Join(", ", wrong.Select(w => w.Case.Id));
    }

    [Fact]
    public void No_sentence_of_the_shipped_case_studies_is_stopped()
    {
        var stopped = File.ReadLines(GuidanceFiles.PathOf("corpus", "case-studies.jsonl"))
            .Select(l => System.Text.Json.JsonDocument.Parse(l).RootElement.GetProperty("text").GetString()!)
            .Select(t => (Text: t, Outcome: GuidanceFiles.Run(Stage.Retrieved, t, "VG06", "VG08", "VG10")))
            .Where(r => r.Outcome.Quarantined.Count + r.Outcome.Redactions.Count > 0).Select(r => r.Text).ToList();

        Assert.Empty(stopped);
    }

    [Theory]
    [InlineData("Text only, no passages: the rule still answers.", "VG05")]
    [InlineData("Text only, no passages: the rule still answers.", "VG12")]
    [InlineData("Text only, no passages: the rule still answers.", "VG15")]
    [InlineData("Text only, no passages: the rule still answers.", "VG18")]
    [InlineData("Text only, no passages: the rule still answers.", "VG19")]
    [InlineData("Text only, no passages: the rule still answers.", "any")]
    public void A_case_that_leaves_fields_out_is_judged_all_the_same(string text, string rule)
    {
        var prediction = GuidanceFiles.Evaluator.Evaluate(new RuleCase { Id = "x", Stage = Stage.Answer, Text = text, Rule = rule });

        Assert.False(prediction.Stopped);
        Assert.NotEqual(RuleStatus.Fail, prediction.Status);
    }

    [Fact]
    public void An_ordinary_question_is_not_stopped_because_nothing_was_retrieved() =>
        Assert.False(GuidanceFiles.Evaluator.Evaluate(new RuleCase { Id = "x", Stage = Stage.Question, Text = "Who has a community fridge?", Rule = "any" }).Stopped);

    [Fact]
    public void A_rule_that_does_not_exist_is_refused_by_name() =>
        Assert.Contains("'VG31'", Assert.Throws<CoopAI.Core.BadInputException>(() => GuidanceFiles.Evaluator.Evaluate(new RuleCase { Id = "x", Stage = Stage.Question, Text = "y", Rule = "VG31" })).Message, StringComparison.Ordinal);
}
