using CoopAI.Core.Guidance;
using CoopAI.Core.Verdicts;
using CoopAI.Evaluation;
using CoopAI.Evaluation.Guidance;

namespace CoopAI.Tests.Evaluation.Guidance;

public sealed class RuleCaseFileTests
{
    [Fact]
    public void Every_field_of_the_contract_is_read()
    {
        using var folder = new TemporaryFolder();

        var rule = Assert.Single(RuleCaseFile.Read(folder.Write("cases.jsonl",
            """{"id":"c1","stage":"answer","text":"T","passages":[{"id":"CS1","text":"P","leadMember":"Northbeck","partners":["Millford"],"year":2022,"principles":["learning"]},{"id":"CS2","text":"Q","year":null}],"asOf":"2026-05-07","askerCouncil":"Northbeck","windows":[{"council":"Northbeck","from":"2026-03-20","to":"2026-05-07"}],"tags":[{"id":"learning","basis":"suggested","source":"CS1","evidence":"P"}],"rule":"grounded","expect":"fail","more":1}""")));

        Assert.Equal(("c1", Stage.Answer, "T", "grounded", "fail"), (rule.Id, rule.Stage, rule.Text, rule.Rule, rule.Expect));
        Assert.Equal(("CS1", "Northbeck", 2022), (rule.Passages![0].Id, rule.Passages[0].LeadMember, rule.Passages[0].Year));
        Assert.Equal(["Millford"], rule.Passages[0].Partners!);
        Assert.Null(rule.Passages[1].Year);
        Assert.Equal(new DateOnly(2026, 5, 7), rule.AsOf);
        Assert.Equal(new CaseWindow("Northbeck", new(2026, 3, 20), new(2026, 5, 7)), rule.Windows!.Single());
        Assert.Equal(new CaseTag("learning", "suggested", "CS1", "P"), rule.Tags!.Single());
    }

    [Theory]
    [InlineData("""{"id":"c","stage":"reply","rule":"VG06","expect":"pass"}""", "question or retrieved or answer or record")]
    [InlineData("""{"id":"c","stage":"answer","rule":"VG23","expect":"pass"}""", "VG01 to VG22")]
    [InlineData("""{"id":"c","stage":"answer","rule":"VG06","expect":"maybe"}""", "pass or fail")]
    [InlineData("""{"id":"c","stage":"answer","rule":"VG06","expect":"pass","asOf":"7 May"}""", "2026-05-07")]
    [InlineData("""{"id":"c","stage":"answer","rule":"VG06","expect":"pass","passages":["x"]}""", "list of objects")]
    [InlineData("""{"stage":"answer","rule":"VG06","expect":"pass"}""", "\"id\" is missing")]
    public void A_broken_case_is_refused_with_file_line_and_what_would_be_right(string text, string expected)
    {
        using var folder = new TemporaryFolder();

        var refusal = Assert.Throws<EvaluationInputException>(() => RuleCaseFile.Read(folder.Write("cases.jsonl", text)));

        Assert.Contains("cases.jsonl, line 1", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }
}
