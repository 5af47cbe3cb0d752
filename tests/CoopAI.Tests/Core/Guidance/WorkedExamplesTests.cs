using CoopAI.Core.Guidance;
using CoopAI.Core.Verdicts;

namespace CoopAI.Tests.Core.Guidance;

/// <summary>The three examples of each rule in the specification: pass, fail, near miss.</summary>
public sealed class WorkedExamplesTests
{
    public static TheoryData<string> Ids => [.. GuidanceFiles.Cases("worked-examples.jsonl").Select(c => c.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Each_worked_example_comes_out_as_specified(string id)
    {
        var example = GuidanceFiles.Cases("worked-examples.jsonl").Single(c => c.Id == id);

        var prediction = GuidanceFiles.Evaluator.Evaluate(example);

        Assert.Equal(example.Expect, prediction.Status == RuleStatus.Fail ? "fail" : "pass");
    }

    [Fact]
    public void There_are_three_examples_for_each_rule()
    {
        var perRule = GuidanceFiles.Cases("worked-examples.jsonl").GroupBy(c => c.Rule, StringComparer.Ordinal).ToList();

        Assert.Equal(GuidanceFiles.Framework.Rules.Select(r => r.Id).Order(StringComparer.Ordinal), perRule.Select(r => r.Key).Order(StringComparer.Ordinal));
        Assert.All(perRule, rule => Assert.Equal(3, rule.Count()));
    }
}
