using System.Text.Json;
using CoopAI.Core;
using CoopAI.Core.Cards;
using CoopAI.Core.Corpus;

namespace CoopAI.Tests.Core.Cards;

public class EvidenceCardsTests
{
    [Fact]
    public void A_card_says_what_is_stated()
    {
        const string Text = "In May 2021 Northbeck Council opened a repair shop with the Northbeck Timber Trust. It received a grant of £150,000. By 2023 the shop had trained 24 residents and 12 of them found work. Thanks to the trust, nobody paid.";

        var card = Read(Text);

        Assert.Contains("In May 2021 Northbeck Council opened a repair shop with the Northbeck Timber Trust.", card.Happened.Select(o => o.Quote));
        Assert.Equal([new CostStated("It received a grant of £150,000.", CostKind.Funding)], card.Cost);
        Assert.Equal([new LessonStated("Thanks to the trust, nobody paid.", LessonKind.Worked)], card.Lesson);
        Assert.Contains("24 residents", card.Figures.Select(f => f.Value));
        Assert.Equal(["Northbeck Timber Trust"], card.Partners);
        Assert.False(card.Stub);
        Assert.All(card.Outcome.Select(o => o.Quote).Concat(card.Figures.Select(f => f.Quote)), q => Assert.Contains(q, Text, StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_missing_is_said_to_be_missing()
    {
        var facts = Read("The council plans a panel. It will help people.").Facts().ToDictionary(f => f.Heading, f => f.Lines[0]);

        Assert.Equal(("undated", "Not stated", "Not stated", "None stated"), (facts["When"], facts["What came of it"], facts["Cost or funding"], facts["Figures"]));
    }

    [Theory]
    [InlineData("Before the scheme, food bank referrals had grown and families were in hardship.")]
    [InlineData("The government opened a contest for city status, to mark the jubilee.")]
    [InlineData("Partnership built the new town of Southmere fifty years ago, and the pandemic has made its problems worse.")]
    [InlineData("The council is firmly committed to giving good procurement a higher profile.")]
    public void Background_is_no_outcome(string sentence)
    {
        Assert.DoesNotContain(sentence, Read($"The council set out a plan. {sentence} It opened a new hub in 2021.").Happened.Select(o => o.Quote));
    }

    [Theory]
    [InlineData("Help with the cost of living was needed.")]
    [InlineData("The parks had lost 90% of their funding in seven years.")]
    [InlineData("The city's co-operatives had a joint turnover of £18.6 million.")]
    [InlineData("Average household income is £21,000.")]
    public void What_is_no_cost_of_the_work_is_no_cost(string sentence) => Assert.Empty(Read(sentence).Cost);

    [Theory]
    [InlineData("It cost £1.2 million.", CostKind.Cost)]
    [InlineData("The project received over £580,000 from the fund.", CostKind.Funding)]
    [InlineData("The change saved €145,000 a year.", CostKind.Saving)]
    [InlineData("The contract was worth £7.7m.", CostKind.Value)]
    [InlineData("Fitting it out came to 40,000 pounds.", CostKind.Cost)]
    public void Every_sum_of_the_work_is_a_cost(string sentence, CostKind kind) => Assert.Equal(kind, Assert.Single(Read(sentence).Cost).Kind);

    [Theory]
    [InlineData("A 2022 policy lab led by Northbeck on repair.", 2022, 2022)]
    [InlineData("The work began as a 2018 Policy Lab.", 2018, 2018)]
    [InlineData("The programme ran from 2016 to 2019.", 2016, 2019)]
    [InlineData("The first centre opened in November 2016. Four followed, the latest in April 2019.", 2016, 2019)]
    [InlineData("The council adopted a plan in March 2022.", 2022, null)]
    [InlineData("The team worked in 2017 with youth clubs.", 2017, 2017)]
    [InlineData("In 2020/21 hubs learned from one another.", 2020, 2021)]
    [InlineData("In a city of 277,846 people (Census 2021) the plan was published in March 2023.", 2023, null)]
    [InlineData("Under the Care Act 2014 the council opened a hub in 2021.", 2021, null)]
    [InlineData("In 1998 leisure went to a trust. In 2022 the council ended that.", 2022, null)]
    [InlineData("The contract began on 1 April 2019, with a possible extension to 2029.", 2019, null)]
    [InlineData("Co-operation here goes back to the 1970s. It builds on the report of January 2020.", null, null)]
    [InlineData("The council aims to double the number by 2030.", null, null)]
    [InlineData("Some 2019 people came.", null, null)]
    public void A_period_is_when_the_work_was_done(string text, int? from, int? to)
    {
        var period = Read(text).Period;

        Assert.Equal((from, to), (period.From, period.To));
    }

    [Fact]
    public void A_period_says_where_it_comes_from()
    {
        Assert.Equal("2016 to 2019, from the text", Read("The programme ran from 2016 to 2019.").Period.ToString());
        Assert.Equal("2020, from the published list", Read("A hub opened. Posted on 3 May 2021.", year: 2020).Period.ToString());
    }

    [Theory]
    [InlineData("The population is expected to reach 500,000, and over 700 people came to the fair.", "over 700 people")]
    [InlineData("Six cohorts of more than 30 people each have taken part.", "Six cohorts", "more than 30 people")]
    [InlineData("In April 2019 it opened two new shops and five Let's Talk sites offer advice.", "two new shops", "five Let's Talk sites")]
    public void A_figure_is_a_number_with_what_it_counts(string sentence, params string[] figures)
    {
        var found = FigureReader.Find(sentence).Select(f => f.Value).ToList();

        Assert.All(figures, f => Assert.Contains(f, found));
    }

    [Theory]
    [InlineData("Nobody had tried it in 2019, or on 1 April 2020, or in the 1980s.")]
    [InlineData("Covid-19 hit in 2020/21; people aged 14 met on the 3rd of May.")]
    [InlineData("From it grew Project Junction 7 Creatives, and four in ten agreed.")]
    public void Years_dates_and_numbers_in_names_are_no_figures(string sentence) => Assert.Empty(FigureReader.Find(sentence));

    [Fact]
    public void A_text_that_says_only_that_something_exists_is_a_stub()
    {
        Assert.True(Read("A case study from Northbeck on the city's repair shop.").Stub);
        Assert.False(Read("In 2021 the council opened a repair shop with residents. Since then 40 volunteers have mended 900 things, and a second shop has opened.").Stub);
    }

    [Fact]
    public void The_same_content_gives_the_same_card_whichever_object_it_is_in()
    {
        var first = EvidenceCards.Of(new CaseStudy { Slug = "a", Title = "T", Text = "A hub opened in 2021." });
        var second = EvidenceCards.Of(new CaseStudy { Slug = "b", Title = "T", Text = "A hub opened in 2021." });

        Assert.Same(first, second);
    }

    [Fact]
    public void A_card_is_read_as_it_was_written_and_so_is_one_recorded_in_the_old_shape()
    {
        var card = Read("In May 2021 Northbeck Council opened 3 hubs for £40,000.");
        var json = JsonSerializer.Serialize(card, CoopJson.Options);

        Assert.Equal(json, JsonSerializer.Serialize(JsonSerializer.Deserialize<EvidenceCard>(json, CoopJson.Options), CoopJson.Options));
        var old = JsonSerializer.Deserialize<EvidenceCard>("""{"year":"2022","council":"Northbeck","outcome":"Waiting fell.","cost":null,"figures":["40%"],"outcomeStated":true,"costStated":false}""", CoopJson.Options)!;
        Assert.Equal(("Waiting fell.", 0, 2022, "40%"), (old.Outcome[0].Quote, old.Cost.Count, old.Period.From, old.Figures[0].Value));
    }

    [Fact]
    public void No_text_takes_long_to_read()
    {
        var text = string.Concat(Enumerable.Repeat("In 2019 to 2020 and 2 3 4 of £5 the the , , ( that which to by ", 500));
        var clock = System.Diagnostics.Stopwatch.StartNew();

        Read(text);

        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 10);
    }

    private static EvidenceCard Read(string text, int? year = null) => EvidenceCards.Of(new CaseStudy { Slug = "s", Title = "T", LeadMember = "Northbeck Council", Year = year, Text = text });
}
