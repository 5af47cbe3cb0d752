namespace CoopAI.Evaluation.Statistics;

/// <summary>Percentile bootstrap intervals: items are drawn with replacement and the statistic is taken of each draw.</summary>
/// <remarks>Source: Efron and Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 13. Same seed and items, same interval.</remarks>
public static class Bootstrap
{
    public const int DefaultResamples = 10_000;

    public const int DefaultSeed = 20260101;

    /// <summary>The plain mean of one value an item, with its 95% interval.</summary>
    /// <param name="values">Finite, in a fixed order: the order decides which draw sees which item.</param>
    /// <param name="whenNone">Reason to give when there are no values.</param>
    public static Figure Mean(IReadOnlyList<double> values, string whenNone, int seed = DefaultSeed, int resamples = DefaultResamples)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 1);
        if (values.Count == 0) return new Figure.NotMeasured(whenNone);
        var items = values.ToArray();
        var mean = items.Sum() / items.Length;
        if (!double.IsFinite(mean)) throw new ArgumentException("A value is not finite.", nameof(values));
        if (items.Length == 1) return new Figure.Measured(mean, null, null, 1);

        var random = new SplitMix64((ulong)seed);
        var means = new double[resamples];
        for (var r = 0; r < resamples; r++)
        {
            var sum = 0.0;
            for (var i = 0; i < items.Length; i++) sum += items[random.Below(items.Length)];
            means[r] = sum / items.Length;
        }

        Array.Sort(means);
        return new Figure.Measured(mean, Quantile(means, 0.025), Quantile(means, 0.975), items.Length);
    }

    /// <summary>Any statistic of weighted items, with its 95% interval.</summary>
    /// <param name="items">Items drawn, for example texts.</param>
    /// <param name="statistic">Takes how often each item was drawn; null when it is not defined on that draw, which then counts for nothing.</param>
    /// <param name="whenUndefined">Reason to give when the statistic is not defined on all items.</param>
    /// <param name="n">What the figure says it rests on, when that is not the number of items drawn.</param>
    public static Figure Of(
        int items, Func<int[], double?> statistic, string whenUndefined, int? n = null, int seed = DefaultSeed, int resamples = DefaultResamples)
    {
        ArgumentNullException.ThrowIfNull(statistic);
        ArgumentOutOfRangeException.ThrowIfNegative(items);
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 1);
        var times = new int[items];
        Array.Fill(times, 1);
        if (items == 0 || statistic(times) is not { } value) return new Figure.NotMeasured(whenUndefined);
        if (items == 1) return new Figure.Measured(value, null, null, n ?? 1);

        var random = new SplitMix64((ulong)seed);
        var draws = new List<double>(resamples);
        for (var r = 0; r < resamples; r++)
        {
            Array.Clear(times);
            for (var i = 0; i < items; i++) times[random.Below(items)]++;
            if (statistic(times) is { } drawn) draws.Add(drawn);
        }

        if (draws.Count == 0) return new Figure.Measured(value, null, null, n ?? items);
        var sorted = draws.ToArray();
        Array.Sort(sorted);
        return new Figure.Measured(value, Quantile(sorted, 0.025), Quantile(sorted, 0.975), n ?? items);
    }

    /// <summary>Linear interpolation between order statistics (Hyndman and Fan's type 7).</summary>
    internal static double Quantile(double[] sorted, double q)
    {
        var at = q * (sorted.Length - 1);
        var below = (int)at;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}
