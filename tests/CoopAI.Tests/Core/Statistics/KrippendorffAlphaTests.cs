using CoopAI.Core.Statistics;

namespace CoopAI.Tests.Core.Statistics;

public sealed class KrippendorffAlphaTests
{
    /// <summary>One string per rater, a character per unit; a full stop is a missing rating.</summary>
    private static IReadOnlyList<string?>[] Units(params string[] raters) =>
        [.. Enumerable.Range(0, raters[0].Length).Select(u =>
            (IReadOnlyList<string?>)[.. raters.Select(r => r[u] == '.' ? null : r[u].ToString())])];

    [Fact]
    public void Two_raters_and_binary_values_give_the_published_0_095()
    {
        // Krippendorff 2011, section A. Worked: 4 of 10 units differ, so 8 ordered pairs observed; values 14 × 0, 6 × 1;
        // α = 1 − 19 · 8 / (400 − 196 − 36) = 1 − 152/168.
        var alpha = KrippendorffAlpha.Nominal(Units("0100000010", "1110010000"));

        Assert.Equal(1 - 152.0 / 168, alpha!.Value, 12);
        Assert.Equal(0.095, alpha.Value, 3);
    }

    [Fact]
    public void Two_raters_and_five_values_give_the_published_0_692()
    {
        // Krippendorff 2011, section B.
        var alpha = KrippendorffAlpha.Nominal(Units("aabbdcccedda", "babbbccceddd"));

        Assert.Equal(0.692, alpha!.Value, 3);
    }

    [Fact]
    public void Four_raters_with_missing_ratings_give_the_published_0_743()
    {
        // Krippendorff 2011, section C: 12 units, the last with a single rating, which counts for nothing.
        var units = Units("123321412...", "1233224125.3", ".3332342251.", "12332441251.");

        var agreement = KrippendorffAlpha.NominalWithInterval(units, seed: 7);

        Assert.Equal(0.743, agreement.Alpha!.Value, 3);
        Assert.Equal(11, agreement.Units);
        Assert.Equal(40, agreement.Ratings);
        Assert.InRange(agreement.Alpha.Value, agreement.Low!.Value, agreement.High!.Value);
    }

    [Fact]
    public void Full_agreement_is_one_and_systematic_disagreement_is_below_zero()
    {
        Assert.Equal(1, KrippendorffAlpha.Nominal(Units("aabb", "aabb")));
        Assert.True(KrippendorffAlpha.Nominal(Units("abab", "baba")) < 0);
    }

    [Theory]
    [InlineData("aaaa", "aaaa")]
    [InlineData("ab..", "..ab")]
    [InlineData("....", "....")]
    public void Alpha_is_not_defined_where_nothing_could_disagree(string first, string second)
    {
        var agreement = KrippendorffAlpha.NominalWithInterval(Units(first, second), seed: 1);

        Assert.Null(agreement.Alpha);
        Assert.Null(agreement.Low);
        Assert.Null(agreement.High);
    }

    [Fact]
    public void The_interval_repeats_with_its_seed_and_ignores_the_order_of_raters()
    {
        const int seed = 20260101;
        var random = new Random(seed);
        for (var i = 0; i < 50; i++)
        {
            var units = Enumerable.Range(0, 20).Select(_ =>
                (IReadOnlyList<string?>)[.. Enumerable.Range(0, 3).Select(_ => random.Next(4) is 0 ? null : random.Next(3).ToString(System.Globalization.CultureInfo.InvariantCulture))]).ToArray();
            var reversed = units.Select(u => (IReadOnlyList<string?>)[.. u.Reverse()]).ToArray();

            var first = KrippendorffAlpha.NominalWithInterval(units, seed, resamples: 50);
            var second = KrippendorffAlpha.NominalWithInterval(reversed, seed, resamples: 50);

            Assert.True(first == second, $"seed {seed}, round {i}: {first} is not {second}");
        }
    }

    [Fact]
    public void Settings_outside_their_range_are_refused()
    {
        var units = Units("ab", "ab");

        Assert.Throws<ArgumentOutOfRangeException>(() => KrippendorffAlpha.NominalWithInterval(units, 1, resamples: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => KrippendorffAlpha.NominalWithInterval(units, 1, level: 1));
    }
}
