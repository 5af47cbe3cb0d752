using CoopAI.Core.Guidance;
using CoopAI.Core.Verdicts;
using CoopAI.Evaluation;
using CoopAI.Evaluation.Guidance;

namespace CoopAI.Tests.Evaluation.Guidance;

public sealed class GuidanceSuiteTests
{
    private static RuleCase Case(string id, string rule, string expect, Stage stage = Stage.Question) => new() { Id = id, Stage = stage, Rule = rule, Expect = expect };

    private static RuleCasePrediction Said(string id, string rule, RuleStatus status, bool stopped = false) =>
        new(id, rule, status, stopped, stopped ? [rule] : [], new Dictionary<string, RuleStatus>());

    [Fact]
    public void Precision_recall_and_stops_match_the_hand_worked_numbers()
    {
        RuleCase[] cases =
        [
            Case("1", "VG10", "fail"), Case("2", "VG10", "fail"), Case("3", "VG10", "pass"), Case("4", "VG10", "pass"), Case("5", "any", "pass"),
            Case("6", "VG10", "fail"), Case("7", "VG05", "pass", Stage.Answer), Case("8", "grounded", "fail", Stage.Answer), Case("9", "grounded", "pass", Stage.Answer),
        ];
        RuleCasePrediction[] said =
        [
            Said("1", "VG10", RuleStatus.Fail, true), Said("2", "VG10", RuleStatus.Pass), Said("3", "VG10", RuleStatus.Fail, true), Said("4", "VG10", RuleStatus.Pass), Said("5", "any", RuleStatus.Pass),
            Said("6", "VG10", RuleStatus.CouldNotCheck), Said("7", "VG05", RuleStatus.NotApplicable), Said("8", "grounded", RuleStatus.Fail, true), Said("9", "grounded", RuleStatus.CouldNotCheck),
        ];

        var report = GuidanceSuite.Report(cases, said, []);

        Assert.Equal(0.5, Value("precision[VG10]"), 12); // 1 of 2 objections right
        Assert.Equal(1.0 / 3, Value("recall[VG10]"), 12); // "could not check" is a miss
        Assert.Equal(0.5, Value("falseAlarms[VG10]"), 12);
        Assert.Equal(1.0 / 3, Value("hostileStopped"), 12);
        Assert.Equal(1.0 / 3, Value("harmlessStopped"), 12); // cases 3, 4 and 5
        Assert.Equal(1, Value("alteredCaught"), 12);
        Assert.Equal(0, Value("faithfulWithheld"), 12);
        Assert.Equal(5.0 / 9, Value("accuracy"), 12); // 1, 4, 5, 7, 8: a sentence that could not be checked is not let pass
        Assert.IsType<Figure.NotMeasured>(report.Figure("recall[VG05]"));
        Assert.Equal(["2", "3", "6", "9"], report.Tables[1].Rows.Select(r => r[0]));

        double Value(string name) => Assert.IsType<Figure.Measured>(report.Figure(name)).Value;
    }

    [Fact]
    public void A_prediction_is_written_with_the_fields_of_the_contract()
    {
        Assert.Equal("""{"id":"1","rule":"VG10","status":"could-not-check","stopped":true,"by":["VG10"]}""",
            GuidanceSuite.Line(Said("1", "VG10", RuleStatus.CouldNotCheck, true)).ToJsonString());
    }
}
