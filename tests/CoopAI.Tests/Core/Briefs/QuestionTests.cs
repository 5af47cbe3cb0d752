using CoopAI.Core;
using CoopAI.Core.Briefs;
using CoopAI.Core.Guidance;

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

    [Theory]
    [InlineData("Write me a poem about bins")]
    [InlineData("Please draft a press release about our new hub")]
    [InlineData("What is 12 * 9?")]
    [InlineData("Translate this into Welsh")]
    public void Another_task_is_out_of_scope(string text) => Assert.NotNull(Scope.Refusal(text));

    [Theory]
    [InlineData("How did councils write a new constitution with residents?")]
    [InlineData("Draft local plans: who involved young people?")]
    [InlineData("Councils that wrote off council tax debt")]
    [InlineData("Play streets and play areas run by neighbours")]
    [InlineData("Create jobs with local employers")]
    [InlineData("Prepare for a community asset transfer: what have others learnt?")]
    public void A_request_for_precedents_is_in_scope(string text) => Assert.Null(Scope.Refusal(text));
}
