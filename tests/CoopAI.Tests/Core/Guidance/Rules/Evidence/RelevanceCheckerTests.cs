using CoopAI.Core.Briefs;
using CoopAI.Core.Guidance;
using CoopAI.Core.Verdicts;

namespace CoopAI.Tests.Core.Guidance.Rules.Evidence;

public class RelevanceCheckerTests
{
    private static readonly RuleSentence[] Sentences =
    [
        new(0, "A heading:", SentenceKind.Service, []),
        new(1, "Northbeck leased five halls.", SentenceKind.Answer, ["a#0"]),
        new(2, "The weather was fine.", SentenceKind.Answer, ["a#0"]),
        new(3, "Millford opened a road.", SentenceKind.Answer, ["b#0"]),
    ];

    [Fact]
    public void A_sentence_that_does_not_speak_to_the_question_is_flagged_with_its_figures()
    {
        var outcome = Run(new() { [1] = 0.8, [2] = 0.1, [3] = 0.1 });

        Assert.Empty(outcome.Withheld);
        var verdict = Assert.Single(outcome.Results, r => r is { Rule: "VG22", Status: RuleStatus.Fail });
        Assert.Equal((RuleAction.Flag, "3"), (verdict.Action, verdict.Target.Id));
        Assert.Equal("The chance that it speaks to the question is 0.10; 0.20 is needed.", verdict.Explanation);
        // It explains the one before, of the same case study.
        Assert.Contains(outcome.Results, r => r.Target.Id == "2" && r.Status == RuleStatus.Pass && r.Explanation.Contains("beside", StringComparison.Ordinal));
    }

    [Fact]
    public void What_was_not_measured_is_never_passed()
    {
        Assert.Equal([RuleStatus.Pass, RuleStatus.CouldNotCheck, RuleStatus.Pass], Verdicts(new() { [1] = 0.8, [3] = 0.9 }));
        Assert.Equal([RuleStatus.NotApplicable], Verdicts(null));
    }

    private static IEnumerable<RuleStatus> Verdicts(Dictionary<int, double>? chances) => Run(chances).Results.Where(r => r.Rule == "VG22").Select(r => r.Status);

    private static GuidanceOutcome Run(Dictionary<int, double>? chances) => GuidanceFiles.Runner.Run(
        new RuleContext { Stage = Stage.Answer, Text = "", Sentences = Sentences, Passages = [], AsOf = new DateOnly(2026, 11, 29), Relevance = chances }, ["VG22"]);
}
