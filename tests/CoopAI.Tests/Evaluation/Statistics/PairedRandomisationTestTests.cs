using CoopAI.Evaluation;
using CoopAI.Evaluation.Statistics;

namespace CoopAI.Tests.Evaluation.Statistics;

public sealed class PairedRandomisationTestTests
{
    [Fact]
    public void Small_samples_count_every_sign_pattern()
    {
        // 1 + 2 + 3 = 6 is reached only by +++ and −−−: 2 of 8.
        Assert.Equal(2.0 / 8, PairedRandomisationTest.Of([1, 2, 3]).P);
        // 1 + 2 − 3 = 0: every pattern is at least as far from 0.
        Assert.Equal(1, PairedRandomisationTest.Of([1, 2, -3]).P);
    }

    [Fact]
    public void Darwins_plants_give_the_p_value_of_fisher()
    {
        // Fisher, The Design of Experiments, section 21: 15 pairs of plants; 863 of the 32,768 sign patterns reach
        // a sum of 314 or more on one side; two-sided 1,726 / 32,768 = 0.0527.
        double[] differences = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48];

        var sampled = PairedRandomisationTest.Of(differences, resamples: 100_000);

        Assert.Equal(0.0527, sampled.P!.Value, 2);
        Assert.Equal((13, 2, 0), (sampled.Better, sampled.Worse, sampled.Equal));
    }

    [Fact]
    public void Equal_systems_have_a_p_value_of_one_and_nothing_in_common_is_not_measured()
    {
        Assert.Equal(1, PairedRandomisationTest.Of([0, 0, 0]).P);

        var nothing = PairedRandomisationTest.Of([]);

        Assert.Null(nothing.P);
        Assert.IsType<Figure.NotMeasured>(nothing.Difference);
    }

    [Fact]
    public void Swapping_the_systems_changes_the_sign_and_not_the_p_value()
    {
        var random = new Random(11);
        var differences = Enumerable.Range(0, 12).Select(_ => random.NextDouble() - 0.3).ToArray();

        var forth = PairedRandomisationTest.Of(differences);
        var back = PairedRandomisationTest.Of([.. differences.Select(d => -d)]);

        Assert.Equal(forth.P, back.P);
        Assert.Equal(((Figure.Measured)forth.Difference).Value, -((Figure.Measured)back.Difference).Value, 12);
    }

    [Fact]
    public void Without_a_true_difference_one_test_in_twenty_falls_below_a_twentieth()
    {
        const int seed = 4242;
        var random = new Random(seed);
        var below = Enumerable.Range(0, 400).Count(i => PairedRandomisationTest.Of(
            [.. Enumerable.Range(0, 40).Select(_ => random.NextDouble() - 0.5)], seed: i, resamples: 400).P <= 0.05);

        // 400 tests at 5%: 20 expected, standard deviation 4.4.
        Assert.True(below is >= 7 and <= 34, $"seed {seed}: {below} of 400");
    }

    [Fact]
    public void Holm_multiplies_the_smallest_most_and_never_reorders()
    {
        // Worked: 4 · 0.01 = 0.04; 3 · 0.013 = 0.039, kept at 0.04; 2 · 0.04 = 0.08; 1 · 0.2.
        var adjusted = HolmCorrection.Adjust([0.04, 0.01, 0.2, 0.013]);

        double[] expected = [0.08, 0.04, 0.2, 0.04];
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], adjusted[i], 12);
        Assert.Equal([1.0, 1.0], HolmCorrection.Adjust([0.6, 0.9]));
        Assert.Empty(HolmCorrection.Adjust([]));
    }
}
