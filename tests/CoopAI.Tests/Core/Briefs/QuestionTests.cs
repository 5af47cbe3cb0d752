using CoopAI.Core;
using CoopAI.Core.Briefs;

namespace CoopAI.Tests.Core.Briefs;

public class QuestionTests
{
    [Theory]
    [InlineData(null, "is empty")]
    [InlineData("  \n ", "is empty")]
    [InlineData("what\0now", "U+0000")]
    [InlineData("what\u001bnow", "U+001B")]
    [InlineData("???!!!", "holds no words")]
    public void A_question_that_cannot_be_asked_is_refused_with_the_reason(string? text, string expected) =>
        Assert.Contains(expected, Assert.Throws<BadInputException>(() => Question.Create(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Two_thousand_characters_are_allowed_and_one_more_is_not()
    {
        Assert.Equal(2000, Question.Create(new string('a', 2000)).Text.Length);
        Assert.Contains("2001 characters", Assert.Throws<BadInputException>(() => Question.Create(new string('a', 2001))).Message, StringComparison.Ordinal);
    }
}
