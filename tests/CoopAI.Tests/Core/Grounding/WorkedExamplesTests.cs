using CoopAI.Core.Grounding;
using CoopAI.Core.Guidance;
using CoopAI.Core.Verdicts;

namespace CoopAI.Tests.Core.Grounding;

/// <summary>The worked examples of VG01 to VG03 in the specification of the rules, word for word, over sources written to its description.</summary>
public sealed class WorkedExamplesTests
{
    internal static readonly SourcePassage[] Sources =
    [
        new("CS1", "Northbeck chose its youth projects through a residents' panel of 24. The panel shared out £150,000. Waiting times fell from nine weeks to four weeks. Northbeck guaranteed every applicant a phone call.",
            "A residents' panel for youth projects", "Northbeck Council", [], 2022),
        new("CS2", "Harrow Vale worked with Millford on a housing co-operative. It was begun by 15 tenants and now has 62 homes. The pilot did not reduce repair costs. Older residents in the pilot preferred phone calls.",
            "Tenants begin a housing co-operative", "Harrow Vale Council", ["Millford Council"], 2019),
        new("CS3", "Local firms supply about 40% of the food in Millford's schools. The council split its contract into smaller lots.",
            "School food from local firms", "Millford Council"),
        new("CS4", "Northbeck trained twelve ward councillors to connect groups in their wards.", "Councillors as connectors", "Northbeck Council", [], 2014),
    ];

    private static readonly SentenceVerifier Verifier = new();

    private static RuleStatus StatusOf(string rule, string text) =>
        Assert.Single(Verifier.VerifyText(text, Verifier.Prepare(Sources)), r => r.Rule == rule).Status;

    [Theory]
    [InlineData("Northbeck set up a residents' panel of 24 people to fund youth projects [CS1].", RuleStatus.Pass)]
    [InlineData("The panel also cut crime and lifted school results [CS1].", RuleStatus.Fail)]
    [InlineData("The pilot reduced repair costs [CS2].", RuleStatus.Fail)]
    public void VG01_gives_the_outcome_of_the_worked_examples(string text, RuleStatus expected) => Assert.Equal(expected, StatusOf("VG01", text));

    [Theory]
    [InlineData("The panel shared out £150k [CS1].", RuleStatus.Pass)]
    [InlineData("The panel shared out £250,000 [CS1].", RuleStatus.Fail)]
    [InlineData("Local firms now supply 15% of the food [CS2][CS3].", RuleStatus.Fail)]
    public void VG02_gives_the_outcome_of_the_worked_examples(string text, RuleStatus expected) => Assert.Equal(expected, StatusOf("VG02", text));

    [Theory]
    [InlineData("Millford worked with Harrow Vale on a housing co-operative [CS2].", RuleStatus.Pass)]
    [InlineData("Millford Council set up a residents' panel [CS1].", RuleStatus.Fail)]
    [InlineData("Northbeck-on-Sea set up a residents' panel [CS1].", RuleStatus.Fail)]
    public void VG03_gives_the_outcome_of_the_worked_examples(string text, RuleStatus expected) => Assert.Equal(expected, StatusOf("VG03", text));

    [Theory]
    [InlineData("Northbeck set up a residents' panel of 24 people to fund youth projects [CS1].")]
    [InlineData("The panel shared out £150k [CS1].")]
    [InlineData("Millford worked with Harrow Vale on a housing co-operative [CS2].")]
    [InlineData("Northbeck guaranteed every applicant a phone call [CS1].")]
    [InlineData("Older residents in the pilot preferred phone calls [CS2].")]
    [InlineData("In 2022 Northbeck set up a panel [CS1].")]
    [InlineData("The pilot reduced waiting times from nine weeks to four weeks [CS1].")]
    public void No_grounding_rule_fails_a_faithful_example(string text) =>
        Assert.DoesNotContain(Verifier.VerifyText(text, Verifier.Prepare(Sources)), r => r.Status is RuleStatus.Fail or RuleStatus.CouldNotCheck);

    [Fact]
    public void A_claim_without_a_mark_fails_and_a_question_without_one_does_not()
    {
        var results = Verifier.VerifyText("Did it work? The panel shared out £150,000.", Verifier.Prepare(Sources));

        Assert.Equal(RuleStatus.NotApplicable, results[0].Status);
        Assert.Equal(RuleStatus.Fail, results[3].Status);
    }

    [Fact]
    public void A_citation_of_something_not_retrieved_fails() =>
        Assert.Equal(RuleStatus.Fail, StatusOf("VG01", "The panel shared out £150,000 [CS9]."));
}
