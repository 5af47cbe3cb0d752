using CoopAI.Core.Corpus;
using CoopAI.Core.Guidance;
using CoopAI.Core.Verdicts;

namespace CoopAI.Tests.Core.Guidance.Rules.CoOperation;

public class AgeCheckerTests
{
    private static readonly DateOnly Today = new(2026, 6, 1);

    [Theory]
    // The heading of the brief shows these years: "undated" under it would be false.
    [InlineData("The council adopted a strategy for 2022 to 2025 against homelessness.", null, null)]
    [InlineData("The council adopted a strategy for 2010 to 2012 against homelessness.", null, "more than five years old")]
    [InlineData("The council adopted a strategy against homelessness.", null, "undated")]
    [InlineData("The council adopted a strategy against homelessness.", 2025, null)]
    public void Work_is_as_old_as_its_record_or_else_its_text_says(string text, int? year, string? line)
    {
        var passage = RulePassage.Of(new CaseStudy { Slug = "CS1", Title = "Homes", LeadMember = "Northbeck Council", Year = year, Text = text });

        var outcome = GuidanceFiles.Runner.Run(new RuleContext { Stage = Stage.Answer, Text = "The council adopted a strategy [CS1].", Passages = [passage], AsOf = Today }, ["VG19"]);

        if (line is null) Assert.Empty(outcome.AddedLines);
        else Assert.Contains(line, Assert.Single(outcome.AddedLines).Text, StringComparison.Ordinal);
    }
}
