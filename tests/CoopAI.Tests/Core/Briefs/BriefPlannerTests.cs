using CoopAI.Core.Briefs;
using CoopAI.Core.Questions;
using static CoopAI.Tests.Core.Briefs.Planned;

namespace CoopAI.Tests.Core.Briefs;

public class BriefPlannerTests
{
    private static readonly StudyEvidence Halls = Study(CaseStudy("halls", "Northbeck leased five halls to residents. The weather was fine. It let them keep the rents.", "Northbeck Council", 2019), 3, 0.9, 0.1, 0.8);
    private static readonly StudyEvidence Parks = Study(CaseStudy("parks", "Millford gave its parks to a trust. Friends of the parks sit on its board. Visits have grown.", "Millford Council", 2020), 2, 0.6, 0.3, 0.2);

    [Theory]
    [InlineData(0.9, Outcome.Answered)]
    [InlineData(0.5, Outcome.MayHelp)]
    [InlineData(0.2, Outcome.NotFound)]
    public void How_sure_it_is_decides_the_tier(double chance, Outcome outcome)
    {
        var plan = BriefPlanner.Plan(Evidence(chance, Part(), Halls, Parks), Model);

        Assert.Equal(outcome, plan.Outcome);
        Assert.Equal(outcome == Outcome.NotFound, plan.Studies.Count == 0);
        Assert.Equal(outcome == Outcome.NotFound ? ["halls", "parks"] : [], plan.Nearest.Select(n => n.CaseStudy.Slug));
    }

    [Fact]
    public void Sentences_that_belong_are_quoted_in_reading_order_and_one_that_leans_brings_the_one_before()
    {
        var plan = BriefPlanner.Plan(Evidence(0.9, Part(), Halls), Model);

        // "It let them" points to "Northbeck leased": through the sentence between, which a reader needs to see the two as one story.
        Assert.Equal(["Northbeck leased five halls to residents.", "The weather was fine.", "It let them keep the rents."], Quoted(plan));
        Assert.Equal(["Northbeck leased five halls to residents."], Quoted(BriefPlanner.Plan(Evidence(0.9, Part(), Study(CaseStudy("a", "Northbeck leased five halls to residents. The weather was fine."), 1, 0.9, 0.1)), Model)));
    }

    [Fact]
    public void A_list_is_quoted_whole()
    {
        var study = Study(CaseStudy("a", "The lease says three things:\n1. residents run the hall\n2. the council mends the roof\nNobody else was asked."), 1, 0.9, 0.1, 0.1, 0.1);

        Assert.Equal(["The lease says three things:", "1. residents run the hall", "2. the council mends the roof"], Quoted(BriefPlanner.Plan(Evidence(0.9, Part(), study), Model)));
    }

    [Fact]
    public void The_same_told_twice_is_quoted_once()
    {
        var again = Study(CaseStudy("again", "Five halls were leased to residents by Northbeck. Rents were low.", "Northbeck Council"), 2.9, 0.9, 0.8);

        Assert.Equal(["Northbeck leased five halls to residents.", "Rents were low."], Quoted(BriefPlanner.Plan(Evidence(0.9, Part(), Study(CaseStudy("a", "Northbeck leased five halls to residents."), 3, 0.9), again), Model)));
    }

    [Fact]
    public void A_question_about_one_council_quotes_that_council_only()
    {
        var plan = BriefPlanner.Plan(Evidence(0.9, Part() with { Councils = [Council("Millford", "Millford Council")] }, Halls, Parks), Model);

        Assert.Equal(["parks"], plan.Studies.Select(s => s.Study.CaseStudy.Slug));
        Assert.Equal(Outcome.Answered, plan.Outcome);
        Assert.Empty(plan.First);
    }

    [Fact]
    public void Of_two_councils_side_by_side_each_has_its_say()
    {
        var plan = BriefPlanner.Plan(Evidence(0.9, Part(AskKind.Compare) with { Councils = [Council("Millford", "Millford Council"), Council("Northbeck", "Northbeck Council")] }, Halls, Parks), Model);

        Assert.Equal(["parks", "halls"], plan.Studies.Select(s => s.Study.CaseStudy.Slug));
    }

    [Fact]
    public void A_council_of_which_nothing_is_held_is_told_first_and_counts_against_an_answer()
    {
        var asked = Part() with { Councils = [Council("Harrow Vale")] };

        var plan = BriefPlanner.Plan(Evidence(0.95, asked, Halls), Model);
        Assert.Equal(["Nothing is held on Harrow Vale."], plan.First);
        Assert.Equal(Outcome.PartlyAnswered, plan.Outcome);
        Assert.Equal(Outcome.NotFound, BriefPlanner.Plan(Evidence(0.6, asked, Halls), Model).Outcome);
        // It takes part, though it leads nothing.
        Assert.Empty(BriefPlanner.Plan(Evidence(0.95, asked, Study(CaseStudy("b", "Northbeck and Harrow Vale leased a hall."), 1, 0.9)), Model).First);
    }

    [Theory]
    [InlineData(2019, null)]
    [InlineData(2003, "Nothing is held on 2003; these are of other years, or undated.")]
    public void A_year_of_which_nothing_is_held_is_told_first(int year, string? first)
    {
        var plan = BriefPlanner.Plan(Evidence(0.9, Part() with { Years = new NamedYears(year, year, $"{year}", []) }, Halls), Model);

        Assert.Equal(first is null ? [] : [first], plan.First);
    }

    [Theory]
    [InlineData(AskKind.HowMuch, "It does not say what it cost or give another sum.")]
    [InlineData(AskKind.When, "It does not say when.")]
    [InlineData(AskKind.HowMany, null)]
    [InlineData(AskKind.WhatWasDone, null)]
    public void What_no_quoted_sentence_says_is_told_in_words(AskKind kind, string? missing)
    {
        var plan = BriefPlanner.Plan(Evidence(0.9, Part(kind), Halls), Model);

        Assert.Equal(missing, plan.Missing);
        Assert.Equal(missing is null ? Outcome.Answered : Outcome.PartlyAnswered, plan.Outcome);
    }

    [Fact]
    public void One_line_alone_is_no_whole_answer()
    {
        var plan = BriefPlanner.Plan(Evidence(0.9, Part(), Study(CaseStudy("bury", "A case study from Bury on inclusion."), 1, 0.9)), Model);

        Assert.Equal(Outcome.PartlyAnswered, plan.Outcome);
        Assert.Equal("Only a short entry is held: it says that the work exists and little more.", plan.Missing);
    }

    [Fact]
    public void A_follow_up_is_answered_from_its_case_studies_and_who_else_from_others()
    {
        Assert.Equal(["parks"], BriefPlanner.Plan(Evidence(0.1, Part() with { Preferred = ["parks"] }, Halls, Parks), Model).Studies.Select(s => s.Study.CaseStudy.Slug));
        Assert.Equal(["parks"], BriefPlanner.Plan(Evidence(0.9, Part() with { Excluded = ["halls"] }, Halls, Parks), Model).Studies.Select(s => s.Study.CaseStudy.Slug));
    }

    [Fact]
    public void What_one_question_of_a_message_quotes_is_not_quoted_again_for_the_next()
    {
        var first = BriefPlanner.Plan(Evidence(0.9, Part(), Study(CaseStudy("a", "Northbeck leased five halls. Grants ran for three years."), 1, 0.9, 0.8)), Model, 2);
        var second = BriefPlanner.Plan(Evidence(0.9, Part(), Study(CaseStudy("a", "Northbeck leased five halls. Grants ran for three years."), 1, 0.7, 0.9)), Model, 2, [first]);

        Assert.Equal(["Grants ran for three years."], Quoted(second));
    }

    [Fact]
    public void Nothing_to_look_at_finds_nothing() => Assert.Equal(Outcome.NotFound, BriefPlanner.Plan(Evidence(0.9, Part()), Model).Outcome);
}
