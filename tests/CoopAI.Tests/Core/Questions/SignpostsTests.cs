using CoopAI.Adapters;
using CoopAI.Core.Questions;

namespace CoopAI.Tests.Core.Questions;

public sealed class SignpostsTests
{
    private static readonly Signposts Shipped = new(File.ReadAllLines(Path.Combine(ProductFiles.Prompts, "signposts.txt")));

    [Theory]
    [InlineData("I want to end my life", Danger.Yourself)]
    [InlineData("I WANT TO END MY LIFE!!", Danger.Yourself)]
    [InlineData("Hello, I’m thinking about killing myself.", Danger.Yourself)]
    [InlineData("i dont want to live any more", Danger.Yourself)]
    [InlineData("I can't go on", Danger.Yourself)]
    [InlineData("a child is being hurt", Danger.Somebody)]
    [InlineData("The boy next door is being beaten. Which council do I call?", Danger.Somebody)]
    [InlineData("My husband hits me", Danger.Somebody)]
    [InlineData("One of our tenants says she wants to kill herself", Danger.Somebody)]
    public void A_message_from_or_about_somebody_in_danger_is_recognised(string message, Danger expected) => Assert.Equal(expected, Shipped.Read(message));

    [Theory]
    [InlineData("How do councils prevent suicide?")]
    [InlineData("What have councils done about domestic abuse?")]
    [InlineData("Which councils help children who are being neglected?")]
    [InlineData("Can the council end lifetime tenancies?")]
    [InlineData("How was the budget being hit by inflation?")]
    [InlineData("I want to end my report with a precedent on child poverty")]
    [InlineData("Young people are being involved in decisions")]
    [InlineData("I am going to kill two birds with one stone: food and isolation")]
    [InlineData("")]
    public void A_question_about_what_is_done_is_none(string question) => Assert.Null(Shipped.Read(question));

    [Fact]
    public void A_long_message_takes_little_time()
    {
        var message = string.Join(' ', Enumerable.Repeat("I child want going is being", 70));

        Assert.Null(Shipped.Read(message));
    }

    [Fact]
    public void A_list_out_of_order_is_refused_with_its_line()
    {
        Assert.Contains("line 2", Assert.Throws<CoopAI.Core.BadInputException>(() => new Signposts(["# Note", "i want"])).Message, StringComparison.Ordinal);
        Assert.Contains("[others]", Assert.Throws<CoopAI.Core.BadInputException>(() => new Signposts(["[others]"])).Message, StringComparison.Ordinal);
    }
}
