using CoopAI.Core;
using CoopAI.Core.Reviews;

namespace CoopAI.Tests.Core.Reviews;

public sealed class DisagreementTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void It_is_open_until_the_last_reply_deals_with_it_and_opens_again_when_a_later_one_does_not()
    {
        var review = Review(1, "Ann", ReviewVerdict.Disagree);

        Assert.True(Of([]).IsOpen);
        Assert.True(Of([Reply(2, dealtWith: false)]).IsOpen);
        Assert.False(Of([Reply(2, dealtWith: false), Reply(3, dealtWith: true)]).IsOpen);
        Assert.True(Of([Reply(3, dealtWith: true), Reply(4, dealtWith: false)]).IsOpen);
        Assert.Equal("Root", Of([Reply(2, dealtWith: false)]).Owner);

        Disagreement Of(ReviewReply[] replies) => Assert.Single(Disagreement.Of([review], replies));
    }

    [Fact]
    public void A_disagreement_that_its_member_took_back_is_none_and_agreement_is_none()
    {
        Review[] reviews = [Review(1, "Ann", ReviewVerdict.Disagree) with { Counts = false }, Review(2, "Ann", ReviewVerdict.Agree), Review(3, "Bea", ReviewVerdict.Disagree)];

        Assert.Equal([3], Disagreement.Of(reviews, []).Select(d => d.Review.Entry));
    }

    [Theory]
    [InlineData("", "Done.", "name of whoever gives it")]
    [InlineData("Bea", " ", "Write a reply")]
    public void What_a_reply_lacks_is_said(string by, string reply, string part) =>
        Assert.Contains(part, Assert.Throws<BadInputException>(() => new ReviewReplyDraft(1, "staff", by, reply, DealtWith: true).ToEntry("a1")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_reply_of_more_than_2000_characters_is_refused_and_one_of_2000_is_kept_outside_the_tree()
    {
        Assert.Throws<BadInputException>(() => new ReviewReplyDraft(1, "staff", "Bea", new string('x', 2001), true).ToEntry("a1"));

        var entry = new ReviewReplyDraft(1, "staff", "Bea", new string('x', 2000), true).ToEntry("a1");

        Assert.Equal(2000, entry.Texts["reply"].Length);
        Assert.Equal("Bea", entry.Texts["owner"]);
        Assert.DoesNotContain("Bea", entry.Payload.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Agreement_is_counted_over_what_two_members_judged()
    {
        Review[] reviews =
        [
            Review(1, "Ann", ReviewVerdict.Agree), Review(2, "Bea", ReviewVerdict.Agree), Review(3, "Ann", ReviewVerdict.Agree, "a2"), Review(4, "Bea", ReviewVerdict.Disagree, "a2"),
            Review(5, "Ann", ReviewVerdict.Agree, "a3"), Review(6, "Cy", ReviewVerdict.Agree) with { Rule = "VG01" },
        ];

        Assert.Equal(new SharedReviews(2, 2, 1), SharedReviews.Of(reviews, ofAnswers: true));
        Assert.Equal(new SharedReviews(0, 0, 0), SharedReviews.Of(reviews, ofAnswers: false));
    }

    private static Review Review(long entry, string member, ReviewVerdict verdict, string answer = "a1") => new(entry, At, answer, member, verdict, null, null, "Why.", true);

    private static ReviewReply Reply(long entry, bool dealtWith) => new(entry, At, 1, "staff", "Bea", "Text.", "Root", dealtWith);
}
