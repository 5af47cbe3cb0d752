using CoopAI.Core.Grounding;
using CoopAI.Core.Grounding.Meaning;
using CoopAI.Core.Guidance;
using CoopAI.Core.Verdicts;

namespace CoopAI.Tests.Core.Grounding.Councils;

public sealed class CouncilTests
{
    private static RuleStatus Council(string sentence, string? lead, string text = "The council opened a hub.", params string[] partners) =>
        Assert.Single(new SentenceVerifier().Verify(sentence, ["S"], [new SourcePassage("S", text, LeadMember: lead, Partners: partners)]), r => r.Rule == "VG03").Status;

    [Theory]
    [InlineData("Oldham opened a hub.", "Oldham Council")]
    [InlineData("Oldham Metropolitan Borough Council opened a hub.", "Oldham Council")]
    [InlineData("Greenwich opened a hub.", "Royal Borough of Greenwich")]
    [InlineData("The Royal Borough of Greenwich opened a hub.", "Royal Borough of Greenwich")]
    [InlineData("Edinburgh opened a hub.", "Edinburgh City Council")]
    [InlineData("The City of Edinburgh Council opened a hub.", "Edinburgh City Council")]
    [InlineData("Milton Keynes Council opened a hub.", "Milton Keynes City Council")]
    [InlineData("GMCA opened a hub.", "Greater Manchester Combined Authority")]
    [InlineData("Telford & Wrekin opened a hub.", "Telford and Wrekin Council")]
    [InlineData("Harrow Vale opened a hub.", "Harrow Vale Borough Council")]
    [InlineData("Harrow Vale Council opened a hub.", "Harrow Vale Borough Council")]
    [InlineData("In Reading the council opened a hub.", "Reading Borough Council")]
    [InlineData("Dunmore and Vale Council opened a hub.", "Dunmore and Vale Council")]
    public void The_council_on_the_record_is_found_by_any_of_its_names(string sentence, string lead) =>
        Assert.Equal(RuleStatus.Pass, Council(sentence, lead));

    [Theory]
    [InlineData("Rochdale opened a hub.", "Oldham Council")]
    [InlineData("Newcastle-under-Lyme opened a hub.", "Newcastle City Council")]
    [InlineData("Northbeck-on-Sea opened a hub.", "Northbeck Council")]
    [InlineData("North Northbeck opened a hub.", "Northbeck Council")]
    [InlineData("Greater Manchester opened a hub.", "Manchester City Council")]
    [InlineData("Kestrel Moor District Council opened a hub.", "Northbeck Council")]
    [InlineData("Penfold Town Council opened a hub.", "Penfold District Council")]
    [InlineData("Bath and North East Somerset opened a hub.", "Somerset Council")]
    [InlineData("South Tyneside opened a hub.", "North Tyneside Council")]
    public void Another_council_fails(string sentence, string lead) =>
        Assert.Equal(RuleStatus.Fail, Council(sentence, lead));

    [Theory]
    [InlineData("Reading groups met in the hub.")]
    [InlineData("Bury the cable before the hub opens.")]
    public void A_place_name_that_is_a_plain_word_is_no_council_at_a_sentences_start(string sentence) =>
        Assert.Equal(RuleStatus.NotApplicable, Council(sentence, "Oldham Council"));

    [Fact]
    public void A_partner_and_a_council_named_in_the_text_pass()
    {
        Assert.Equal(RuleStatus.Pass, Council("Millford joined the hub.", "Harrow Vale Council", partners: "Millford Council"));
        Assert.Equal(RuleStatus.Pass, Council("Croydon visited the hub.", "Oldham Council", "Officers from Croydon visited the hub."));
    }

    [Fact]
    public void A_source_that_records_no_council_leaves_the_question_open() =>
        Assert.Equal(RuleStatus.CouldNotCheck, Council("Oldham opened a hub.", null));

    [Fact]
    public void The_council_said_to_lead_must_be_the_recorded_lead()
    {
        Assert.Equal(RuleStatus.Fail, Council("The lab was led by Rochdale.", "Oldham Council", "A lab with Rochdale and Wigan."));
        Assert.Equal(RuleStatus.Pass, Council("The lab was led by Oldham.", "Oldham Council", "A lab with Rochdale and Wigan."));
    }

    [Theory]
    [InlineData("[synonyms]\na, b\n[nonsense]\n", "line 3")]
    [InlineData("a, b\n", "line 1")]
    [InlineData("[opposites]\nmore fewer\n", "line 2")]
    public void A_broken_word_list_is_refused_with_its_file_and_line(string text, string says)
    {
        var error = Assert.Throws<FormatException>(() => GroundingLexicon.Parse(text, "grounding-words.txt"));

        Assert.Contains("grounding-words.txt", error.Message, StringComparison.Ordinal);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }
}
