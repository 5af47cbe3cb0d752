using CoopAI.Core.Briefs;
using CoopAI.Core.Questions;

namespace CoopAI.Tests.Core.Briefs;

public class AskedCuesTests
{
    [Theory]
    [InlineData(AskKind.HowMuch, "Grants of £65,000 went to 25 spaces.", true)]
    [InlineData(AskKind.HowMuch, "A budget of 3 million paid for it.", true)]
    [InlineData(AskKind.HowMuch, "Residents paid nothing.", false)]
    [InlineData(AskKind.HowMany, "More than 40 events drew people.", true)]
    [InlineData(AskKind.HowMany, "Three councils took part.", true)]
    [InlineData(AskKind.HowMany, "It began in 2019.", false)]
    [InlineData(AskKind.When, "It began in 2019.", true)]
    [InlineData(AskKind.When, "The panel met in March.", true)]
    [InlineData(AskKind.When, "It took five years.", true)]
    [InlineData(AskKind.When, "The panel met.", false)]
    [InlineData(AskKind.Outcome, "The centre was rebuilt.", true)]
    [InlineData(AskKind.Outcome, "The centre is old.", false)]
    [InlineData(AskKind.Recommendation, "The firm recommended a trust.", true)]
    [InlineData(AskKind.Recommendation, "The firm was hired.", false)]
    [InlineData(AskKind.Lesson, "Contracts overlapped, which caused waste.", true)]
    [InlineData(AskKind.WhatWasDone, "Anything.", false)]
    public void A_sentence_holds_what_is_asked_for(AskKind kind, string sentence, bool holds) => Assert.Equal(holds, AskedCues.Answers(kind, sentence));

    [Theory]
    [InlineData("It has three pillars.", true)]
    [InlineData("The scheme grew.", true)]
    [InlineData("The town grew.", false)]
    [InlineData("Italian towns do so.", false)]
    [InlineData("", false)]
    public void A_sentence_that_points_back_is_known_by_its_first_words(string sentence, bool points) => Assert.Equal(points, ReferenceWords.Opens(sentence));
}
