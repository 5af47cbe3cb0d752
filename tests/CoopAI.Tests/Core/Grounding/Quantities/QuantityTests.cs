using CoopAI.Core.Grounding;
using CoopAI.Core.Guidance;
using CoopAI.Core.Verdicts;

namespace CoopAI.Tests.Core.Grounding.Quantities;

public sealed class QuantityTests
{
    private static RuleStatus Numbers(string source, string sentence, int? year = null, GroundingSettings? settings = null) =>
        Assert.Single(new SentenceVerifier(settings).Verify(sentence, ["S"], [new SourcePassage("S", source, Year: year)]), r => r.Rule == "VG02").Status;

    [Theory]
    [InlineData("The fund held £150,000.", "The fund held £150k.")]
    [InlineData("The fund held £1.2m.", "The fund held £1,200,000.")]
    [InlineData("The fund held £1.2m.", "The fund held 1.2 million pounds.")]
    [InlineData("Each paid 50p.", "Each paid £0.50.")]
    [InlineData("It cost £2million.", "It cost £2m.")]
    [InlineData("About 40% of the food is local.", "About two in five meals use local food: 40 per cent.")]
    [InlineData("A third of residents took part.", "33% of residents took part.")]
    [InlineData("Half of the homes are let.", "50 per cent of the homes are let.")]
    [InlineData("One in five tenants joined.", "20% of tenants joined.")]
    [InlineData("Funding fell by more than 90%.", "Funding fell by over nine tenths.")]
    [InlineData("Almost 10% of residents are lonely.", "Nearly one in ten residents are lonely.")]
    [InlineData("Three quarters of the stock was sold.", "75% of the stock was sold.")]
    [InlineData("The group has 24 members.", "The group has twenty-four members.")]
    [InlineData("It has 12 members.", "It has a dozen members.")]
    [InlineData("There were 2,500 families.", "There were two and a half thousand families.")]
    [InlineData("Membership doubled.", "There are twice as many members.")]
    [InlineData("The trust ran it for 30 years.", "The trust ran it for three decades.")]
    [InlineData("The contract ran for 25 years.", "The contract ran for a quarter of a century.")]
    [InlineData("It took 90 days.", "It took three months.")]
    [InlineData("It took two weeks.", "It took 14 days.")]
    [InlineData("It took a year.", "It took twelve months.")]
    [InlineData("The gap is 18 years.", "There is an eighteen-year gap.")]
    [InlineData("The summit met on 27 July 2022.", "The summit met in July 2022.")]
    [InlineData("The summit met on 27 July 2022.", "The summit met on 27/07/2022.")]
    [InlineData("It ran in 2021/22.", "It ran in 2021 and 2022.")]
    [InlineData("There are 62 homes.", "There are 62 houses.")]
    [InlineData("A panel of 24 chose the projects.", "24 people chose the projects.")]
    [InlineData("15 tenants began it.", "15 people began it.")]
    [InlineData("There were 580 visitors.", "There were about 600 visitors.")]
    [InlineData("There were 512 visitors.", "There were more than 500 visitors.")]
    [InlineData("Waiting fell from nine weeks to four.", "Waiting fell from 9 weeks to 4 weeks.")]
    [InlineData("It helps families aged four to eight weeks.", "It lasts between 4 and 8 weeks.")]
    [InlineData("Little more than 8,000 homes are left.", "Some 8,000 homes are left.")]
    [InlineData("Over 10,000 people came.", "Thousands of people came.")]
    [InlineData("It opened in the 1980s.", "It opened in the 1980s.")]
    public void The_same_number_written_another_way_passes(string source, string sentence) =>
        Assert.Equal(RuleStatus.Pass, Numbers(source, sentence));

    [Theory]
    [InlineData("The fund held £150,000.", "The fund held £250,000.")]
    [InlineData("The fund held £150,000.", "The fund held £150m.")]
    [InlineData("The fund held £1.2m.", "The fund held £12m.")]
    [InlineData("Each paid 50p.", "Each paid £50.")]
    [InlineData("15 tenants supply food.", "15% of the food is supplied.")]
    [InlineData("15 tenants began it.", "15 landlords began it.")]
    [InlineData("15 people began it.", "15 councillors began it.")]
    [InlineData("It took nine weeks.", "It took nine months.")]
    [InlineData("A third of residents took part.", "A quarter of residents took part.")]
    [InlineData("One in five tenants joined.", "One in four tenants joined.")]
    [InlineData("Membership doubled.", "Membership tripled.")]
    [InlineData("The summit met on 27 July 2022.", "The summit met on 17 July 2022.")]
    [InlineData("The summit met on 27 July 2022.", "The summit met in June 2022.")]
    [InlineData("The summit met on 27 July 2022.", "The summit met in July 2021.")]
    [InlineData("It ran from 2019 to 2024.", "It ran from 2018 to 2024.")]
    [InlineData("There were 580 visitors.", "There were 600 visitors.")]
    [InlineData("There were 580 visitors.", "There were about 700 visitors.")]
    [InlineData("More than 500 came.", "Fewer than 500 came.")]
    [InlineData("Waiting fell from nine weeks to four weeks.", "Waiting fell from four weeks to nine weeks.")]
    [InlineData("The council gave £65,000 to hubs and £74,000 to transport.", "The council gave £139,000.")]
    [InlineData("It pledged £1.4m to 180 projects, which raised £2.4m.", "It pledged £2.4m to 180 projects, which raised £1.4m.")]
    [InlineData("The county holds two of eleven seats.", "The county holds eleven of the seats.")]
    [InlineData("15.3% of homes are cold.", "15.6% of homes are cold.")]
    [InlineData("About 500 people live here.", "About 507 people live here.")]
    [InlineData("Hundreds of people came.", "Thousands of people came.")]
    public void Another_number_unit_or_counted_thing_fails(string source, string sentence) =>
        Assert.Equal(RuleStatus.Fail, Numbers(source, sentence));

    [Fact]
    public void A_sentence_without_a_number_is_not_checked_for_numbers() =>
        Assert.Equal(RuleStatus.NotApplicable, Numbers("It opened.", "It opened in spring."));

    [Fact]
    public void The_year_on_the_record_counts_as_the_sources() =>
        Assert.Equal(RuleStatus.Pass, Numbers("The panel met.", "In 2022 the panel met.", year: 2022));

    [Fact]
    public void A_sum_passes_only_where_the_setting_allows_it()
    {
        const string Source = "The council gave £65,000 to hubs and £74,000 to transport.";

        Assert.Equal(RuleStatus.Fail, Numbers(Source, "The council gave £139,000."));
        Assert.Equal(RuleStatus.Pass, Numbers(Source, "The council gave £139,000.", settings: new GroundingSettings { DerivedNumbers = true }));
    }

    [Fact]
    public void A_failed_number_names_the_nearest_in_the_source()
    {
        var result = new SentenceVerifier().Verify("The fund held £250,000.", ["S"], [new SourcePassage("S", "The fund held £150,000 and £900,000.")])[1];

        Assert.Contains("150,000", result.Explanation, StringComparison.Ordinal);
        Assert.Equal("S", result.Evidence[0].Source);
        Assert.NotNull(result.Evidence[0].Start);
    }
}
