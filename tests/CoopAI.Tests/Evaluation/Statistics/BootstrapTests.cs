using CoopAI.Evaluation;
using CoopAI.Evaluation.Statistics;

namespace CoopAI.Tests.Evaluation.Statistics;

public sealed class BootstrapTests
{
    [Fact]
    public void The_interval_of_a_mean_comes_close_to_the_normal_one_on_many_items()
    {
        // 400 items, half 0 and half 1: standard error 0.5 / 20 = 0.025, so 0.5 ± 1.96 · 0.025 = 0.451 to 0.549.
        var values = Enumerable.Range(0, 400).Select(i => (double)(i % 2)).ToArray();

        var figure = Assert.IsType<Figure.Measured>(Bootstrap.Mean(values, ""));

        Assert.Equal(0.5, figure.Value, 12);
        Assert.InRange(figure.Low!.Value, 0.446, 0.456);
        Assert.InRange(figure.High!.Value, 0.544, 0.554);
        Assert.Equal(400, figure.N);
        Assert.False(figure.SmallSample);
    }

    [Fact]
    public void The_interval_repeats_with_its_seed_and_changes_with_another()
    {
        double[] values = [0.1, 0.7, 0.35, 0.9, 0.2, 0.55, 0.13];

        Assert.Equal(Bootstrap.Mean(values, "", seed: 5), Bootstrap.Mean(values, "", seed: 5));
        Assert.NotEqual(Bootstrap.Mean(values, "", seed: 5, resamples: 99), Bootstrap.Mean(values, "", seed: 6, resamples: 99));
    }

    [Fact]
    public void A_mean_and_the_same_mean_as_a_statistic_of_weighted_items_agree()
    {
        double[] values = [0.1, 0.7, 0.35, 0.9, 0.2, 0.55, 0.13];

        var mean = Assert.IsType<Figure.Measured>(Bootstrap.Mean(values, ""));
        var statistic = Assert.IsType<Figure.Measured>(
            Bootstrap.Of(values.Length, times => values.Select((v, i) => v * times[i]).Sum() / times.Sum(), ""));

        Assert.Equal(mean.Value, statistic.Value, 12);
        Assert.Equal(mean.Low!.Value, statistic.Low!.Value, 12);
        Assert.Equal(mean.High!.Value, statistic.High!.Value, 12);
    }

    [Fact]
    public void Nothing_to_measure_is_its_own_value_and_one_item_has_no_interval()
    {
        Assert.Equal(new Figure.NotMeasured("none"), Bootstrap.Mean([], "none"));
        Assert.Equal(new Figure.NotMeasured("none"), Bootstrap.Of(3, _ => null, "none"));
        Assert.Equal(new Figure.Measured(0.5, null, null, 1), Bootstrap.Mean([0.5], ""));
        Assert.True(new Figure.Measured(0.5, null, null, 29).SmallSample);
    }

    [Fact]
    public void A_value_that_is_no_number_never_becomes_a_figure()
    {
        Assert.Throws<ArgumentException>(() => Bootstrap.Mean([0.5, double.NaN], ""));
    }

    [Fact]
    public void Draws_without_a_value_count_for_nothing()
    {
        // Defined only on draws that hold the first item: the value is then always 1.
        var figure = Assert.IsType<Figure.Measured>(Bootstrap.Of(2, times => times[0] > 0 ? 1 : null, ""));

        Assert.Equal((1.0, 1.0), (figure.Low, figure.High));
    }

    [Fact]
    public void The_generator_gives_its_published_sequence()
    {
        // First outputs of the reference implementation (Vigna, splitmix64.c) for state 1234567.
        var random = new SplitMix64(1234567);

        Assert.Equal([6457827717110365317, 3203168211198807973, 9817491932198370423], new[] { random.Next(), random.Next(), random.Next() });
    }
}
