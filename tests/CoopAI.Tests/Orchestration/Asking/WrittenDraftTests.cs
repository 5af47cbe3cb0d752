using System.Text.Json;
using CoopAI.Core.Briefs;
using CoopAI.Core.Corpus;
using CoopAI.Core.Retrieval;
using CoopAI.Orchestration.Asking;

namespace CoopAI.Tests.Orchestration.Asking;

public sealed class WrittenDraftTests
{
    private static readonly Source[] Sources =
    [
        new(
            new CaseStudy { Slug = "youth-panel", Title = "Youth panel", Text = "Northbeck shared out £150,000." }, 0.9,
            [new PassageHit(new Passage("youth-panel#0", "youth-panel", 0, "Northbeck shared out £150,000.", 0), 0.9, null)]),
    ];

    [Fact]
    public void Marks_become_passage_ids_and_a_mark_that_was_not_offered_stays_to_be_found_out()
    {
        var draft = WrittenDraft.Read("""Here you are: ```json {"sentences":[{"text":"Northbeck shared out £150,000.","cites":["S1","[S1]","S9"]}]} ```""", Sources);

        Assert.Equal(["youth-panel#0", "S9"], Assert.Single(draft).Cites);
    }

    [Theory]
    [InlineData("I cannot help with that.")]
    [InlineData("{\"sentences\":[]}")]
    [InlineData("{\"sentences\":[{\"text\":\"  \"}]}")]
    [InlineData("{\"sentences\":12}")]
    [InlineData("{\"sentences\":[{\"text\":\"cut off")]
    public void A_reply_that_holds_no_sentences_is_a_failure_of_the_composer(string reply) =>
        Assert.Throws<ComposerException>(() => WrittenDraft.Read(reply, Sources));

    [Fact]
    public void The_message_names_what_is_not_stated_and_carries_the_faults()
    {
        using var message = JsonDocument.Parse(WrittenDraft.MessageFor(Question.Create("How?"), Sources, ["VG12: too long"]));

        var passage = Assert.Single(message.RootElement.GetProperty("passages").EnumerateArray());
        Assert.Equal(("S1", "not stated", "undated"), (passage.GetProperty("id").GetString(), passage.GetProperty("council").GetString(), passage.GetProperty("year").GetString()));
        Assert.Equal("VG12: too long", Assert.Single(message.RootElement.GetProperty("faultsOfYourLastDraft").EnumerateArray()).GetString());
    }
}
