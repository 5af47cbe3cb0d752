using CoopAI.Core.Corpus;
using CoopAI.Core.Questions;

namespace CoopAI.Tests.Core.Questions;

public sealed class ConversationTests
{
    private static readonly CaseStudy[] Corpus =
    [
        new() { Slug = "centres", Title = "Community centres in Telford", LeadMember = "Telford & Wrekin Council", Text = "Five community centres passed to groups in Telford." },
        new() { Slug = "parks", Title = "Parks in Cardiff", LeadMember = "Cardiff Council", Text = "Residents look after parks in Cardiff." },
    ];

    private static readonly QuestionReader Reader = new(ReadingLists.Shipped, CouncilTable.Default, CorpusWords.Of(Corpus, CouncilTable.Default), []);

    [Fact]
    public void A_follow_up_carries_subject_council_and_case_studies()
    {
        var before = Conversation.After(Reader.Read("What did Telford & Wrekin do with its community centres?", 2026), ["centres"]);

        var part = Assert.Single(Reader.Read("And what did it cost?", 2026, conversation: before).Parts);

        Assert.Equal(AskKind.HowMuch, part.Kinds[0]);
        Assert.Contains("community centres", part.Search, StringComparison.Ordinal);
        Assert.Equal("Telford and Wrekin Council", Assert.Single(part.Councils).Name);
        Assert.Equal(["centres"], part.Preferred);
    }

    [Theory]
    [InlineData("and in Wales?", "Wales", null)]
    [InlineData("And in Cardiff?", null, "Cardiff Council")]
    public void Another_place_takes_the_place_of_the_one_before(string followUp, string? place, string? council)
    {
        var before = Conversation.After(Reader.Read("What did Telford & Wrekin do with its community centres?", 2026), ["centres"]);

        var part = Assert.Single(Reader.Read(followUp, 2026, conversation: before).Parts);

        Assert.Equal(place, part.Places.SingleOrDefault()?.Name);
        Assert.Equal(council, part.Councils.SingleOrDefault()?.Name);
        Assert.Contains("community centres", part.Search, StringComparison.Ordinal);
        Assert.DoesNotContain("telford", part.Search, StringComparison.Ordinal);
        Assert.Empty(part.Preferred);
    }

    [Fact]
    public void Who_else_asks_for_others()
    {
        var before = Conversation.After(Reader.Read("Who handed community centres to residents?", 2026), ["centres"]);

        var part = Assert.Single(Reader.Read("who else", 2026, conversation: before).Parts);

        Assert.Equal(["centres"], part.Excluded);
        Assert.Contains("community centres", part.Search, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_conversation_forgets_its_beginning()
    {
        var read = Reader.Read("Which councils handed community centres to residents?", 2026);
        var conversation = Conversation.After(read, []);

        for (var i = 0; i < 60; i++)
        {
            read = Reader.Read("What did the residents do with the parks and the halls there?", 2026, conversation: conversation);
            conversation = Conversation.After(read, []);
        }

        Assert.True(conversation.Subject.Length <= Conversation.LongestSubject);
        Assert.EndsWith("what did the residents do with the parks and the halls there", conversation.Subject, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reading_that_is_not_wanted_is_left_out()
    {
        var read = Reader.Read("CWB in Cardiff since 2019", 2026, ["council:Cardiff Council", "years", "word:CWB"]);

        Assert.Empty(read.Councils);
        Assert.Null(read.Years);
        Assert.Empty(read.Expansions);
    }
}
