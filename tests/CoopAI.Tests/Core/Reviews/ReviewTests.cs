using System.Security.Cryptography;
using System.Text;
using CoopAI.Core;
using CoopAI.Core.Corpus;
using CoopAI.Core.Ledger;
using CoopAI.Core.Ledger.Proof;
using CoopAI.Core.Reviews;

namespace CoopAI.Tests.Core.Reviews;

public sealed class ReviewTests
{
    [Theory]
    [InlineData("", ReviewVerdict.Agree, null, null, null, "name")]
    [InlineData("Cllr A", ReviewVerdict.Disagree, null, null, null, "needs a reason")]
    [InlineData("Cllr A", ReviewVerdict.Disagree, null, null, "  ", "needs a reason")]
    [InlineData("Cllr A", ReviewVerdict.Agree, "rule six", null, null, "VG06")]
    [InlineData("Cllr A", ReviewVerdict.Agree, null, "sentence:1", null, "needs the rule")]
    [InlineData("Cllr A", ReviewVerdict.Agree, "VG01", "jane@x.org", null, "kind:id")]
    public void What_a_review_lacks_is_said(string member, ReviewVerdict verdict, string? rule, string? target, string? reason, string part) =>
        Assert.Contains(part, Assert.Throws<BadInputException>(() => new ReviewDraft("a1", member, verdict, rule, target, reason).ToEntry()).Message, StringComparison.Ordinal);

    [Fact]
    public void Neither_the_members_name_nor_the_reason_enters_the_tree()
    {
        using var signer = LedgerSigner.Create();
        var ledger = new MemoryLedger(TimeProvider.System, signer, bytes => RandomNumberGenerator.Fill(bytes));

        var entry = ledger.Append(new ReviewDraft("a1", "Cllr Ada Example", ReviewVerdict.Disagree, "VG01", "sentence:0", "The source says otherwise").ToEntry()).Entry.GetRawText();

        Assert.DoesNotContain("Example", entry, StringComparison.Ordinal);
        Assert.DoesNotContain("otherwise", entry, StringComparison.Ordinal);
        Assert.Contains("\"disagree\"", entry, StringComparison.Ordinal);
    }

    [Fact]
    public void A_members_later_review_of_the_same_thing_replaces_the_earlier_one()
    {
        var reviews = Read(("a1", "Ada", ReviewVerdict.Agree, null), ("a1", "ADA", ReviewVerdict.Disagree, null), ("a1", "Ada", ReviewVerdict.Agree, "VG01"), ("a1", "Ben", ReviewVerdict.Agree, null));

        Assert.Equal([false, true, true, true], reviews.Select(r => r.Counts));
    }

    [Fact]
    public void Agreement_of_three_answers_by_two_members_is_the_figure_worked_out_by_hand()
    {
        // Values: (agree, agree), (agree, disagree), (disagree, disagree). n = 6, three of each.
        // Observed disagreement: 2 ordered pairs / (2 - 1) = 2. Expected: 36 - 9 - 9 = 18. Alpha = 1 - 5 * 2 / 18 = 0.444…
        var reviews = Read(
            ("a1", "Ada", ReviewVerdict.Agree, null), ("a1", "Ben", ReviewVerdict.Agree, null),
            ("a2", "Ada", ReviewVerdict.Agree, null), ("a2", "Ben", ReviewVerdict.Disagree, null),
            ("a3", "Ada", ReviewVerdict.Disagree, null), ("a3", "Ben", ReviewVerdict.Disagree, null),
            ("a3", "Ada", ReviewVerdict.Unsure, "VG06"));

        var agreement = ReviewAgreement.Of(reviews);

        Assert.Equal(4.0 / 9, agreement.WholeAnswers.Alpha!.Value, 12);
        Assert.Equal(3, agreement.WholeAnswers.Units);
        Assert.Null(agreement.ByRule["VG06"].Alpha);
        Assert.Equal(1, agreement.Verdicts[ReviewVerdict.Unsure]);
        Assert.Equal(agreement.All, ReviewAgreement.Of(reviews).All);
    }

    [Fact]
    public void A_sample_can_be_drawn_again_by_hand()
    {
        string[] ids = ["a", "b", "c", "d", "e", "f"];

        var sample = ReviewSample.Draw("2026-W47", "seed", ids, 3);

        var byHand = ids.OrderBy(id => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes("2026-W47|seed|" + id))), StringComparer.Ordinal).Take(3);
        Assert.Equal(byHand, sample.Answers);
        Assert.Equal(6, sample.Population);
        Assert.Equal(sample.Answers, ReviewSample.Draw("2026-W47", "seed", [.. ids.Reverse()], 3).Answers);
    }

    [Fact]
    public void Every_answer_is_drawn_about_equally_often_over_many_seeds()
    {
        string[] ids = [.. Enumerable.Range(0, 20).Select(i => $"answer-{i}")];

        var counts = Enumerable.Range(0, 2000).SelectMany(s => ReviewSample.Draw("2026-W47", $"s{s}", ids, 5).Answers).CountBy(id => id).ToDictionary();

        // Expected 500 each, standard deviation about 19.
        Assert.All(ids, id => Assert.InRange(counts[id], 400, 600));
    }

    [Theory]
    [InlineData("2026-W01", "2025-12-29")]
    [InlineData("2026-W53", "2026-12-28")]
    [InlineData("2024-W47", "2024-11-18")]
    public void A_week_runs_from_its_monday(string week, string monday)
    {
        var (from, to) = ReviewSample.RangeOf(week);

        Assert.Equal(monday, from.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(TimeSpan.FromDays(7), to - from);
        Assert.Equal(week, ReviewSample.WeekOf(from));
        Assert.Equal(week, ReviewSample.WeekOf(to.AddTicks(-1)));
    }

    [Theory]
    [InlineData("2025-W53")]
    [InlineData("2026-W00")]
    [InlineData("2026W47")]
    [InlineData("47")]
    [InlineData("")]
    public void What_is_no_week_is_refused(string week) => Assert.Throws<BadInputException>(() => ReviewSample.RangeOf(week));

    [Theory]
    [InlineData("=1+2", "'=1+2")]
    [InlineData("+44 20", "'+44 20")]
    [InlineData("-x", "'-x")]
    [InlineData("@cmd", "'@cmd")]
    [InlineData("\t=1", "\"'\t=1\"")]
    [InlineData("say \"no\", twice", "\"say \"\"no\"\", twice\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    [InlineData("＝1", "'＝1")]
    [InlineData("plain", "plain")]
    [InlineData(null, "")]
    public void No_cell_of_a_table_runs_as_a_formula(string? text, string cell) => Assert.Equal(cell, Csv.Cell(text));

    private static IReadOnlyList<Review> Read(params (string Answer, string Member, ReviewVerdict Verdict, string? Rule)[] reviews)
    {
        using var signer = LedgerSigner.Create();
        var ledger = new MemoryLedger(TimeProvider.System, signer, bytes => RandomNumberGenerator.Fill(bytes));
        var drafts = reviews.Select(r => new ReviewDraft(r.Answer, r.Member, r.Verdict, r.Rule, Reason: "Because").ToEntry()).ToList();
        foreach (var draft in drafts) ledger.Append(draft);
        return Review.Read(ledger.Entries.Skip(1).Zip(drafts, (e, d) => (e, d.Texts)));
    }
}
