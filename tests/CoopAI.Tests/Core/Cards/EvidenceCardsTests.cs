using CoopAI.Core.Briefs;
using CoopAI.Core.Cards;
using CoopAI.Core.Corpus;

namespace CoopAI.Tests.Core.Cards;

public class EvidenceCardsTests
{
    [Fact]
    public void A_card_says_what_is_stated()
    {
        var card = EvidenceCards.Of(new CaseStudy
        {
            Slug = "s",
            Title = "T",
            LeadMember = "Northbeck Council",
            Year = 2022,
            Text = "A panel of 24 residents met in May 2022. It shared out £150,000. Waiting fell by 40% to 4 weeks.",
        });

        Assert.Equal(("2022", "Northbeck Council"), (card.Year, card.Council));
        Assert.Equal("Waiting fell by 40% to 4 weeks.", card.Outcome);
        Assert.Equal("It shared out £150,000.", card.Cost);
        Assert.Equal(["24 residents", "£150,000", "40%", "4 weeks"], card.Figures);
    }

    [Fact]
    public void What_is_missing_is_said_to_be_missing()
    {
        var card = EvidenceCards.Of(new CaseStudy { Slug = "s", Title = "T", Text = "The council plans a panel. It will help 30 people." });

        Assert.Equal(("undated", "not stated", false, false), (card.Year, card.Council, card.OutcomeStated, card.CostStated));
    }
}
