namespace CoopAI.Core.Statistics;

/// <summary>Krippendorff's alpha for nominal data: how far several raters agree beyond what chance would give.</summary>
/// <remarks>
/// <c>α = 1 − (n − 1) · Σ_u (disagreeing ordered pairs in u) / (m_u − 1) ÷ (ordered pairs of different values among all n)</c>,
/// over units with at least two ratings. Source: Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), sections A to C.
/// </remarks>
public static class KrippendorffAlpha
{
    /// <summary>Resamples of the bootstrap unless told otherwise.</summary>
    public const int DefaultResamples = 1000;

    /// <summary>Alpha over rated units.</summary>
    /// <param name="units">
    /// One list per unit (a text, an answer), holding the raters' values; null where a rater gave none.
    /// Lists may differ in length: alpha does not depend on who gave which value. Values are compared ordinally.
    /// </param>
    /// <returns>
    /// At most 1 (full agreement); 0 is chance, below 0 systematic disagreement. Null when it is not defined:
    /// no unit with two ratings, or only one value ever used, so that there was nothing to disagree about.
    /// </returns>
    public static double? Nominal(IReadOnlyList<IReadOnlyList<string?>> units)
    {
        ArgumentNullException.ThrowIfNull(units);
        return Alpha([.. Pairable(units)]);
    }

    /// <summary>Alpha with a percentile bootstrap interval: units are drawn with replacement, alpha taken of each draw.</summary>
    /// <param name="units">As in <see cref="Nominal"/>.</param>
    /// <param name="seed">Same seed and units, same interval.</param>
    /// <param name="resamples">Draws, 1 to 100,000.</param>
    /// <param name="level">Share of draws inside the interval, between 0 and 1 exclusive.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="resamples"/> or <paramref name="level"/> is outside its range.</exception>
    public static Agreement NominalWithInterval(
        IReadOnlyList<IReadOnlyList<string?>> units, int seed, int resamples = DefaultResamples, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(units);
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(resamples, 100_000);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(level, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(level, 1);

        Unit[] pairable = [.. Pairable(units)];
        var values = pairable.Sum(unit => unit.Size);
        if (Alpha(pairable) is not { } alpha)
        {
            return new(null, null, null, pairable.Length, values);
        }

        var random = new Random(seed);
        var draws = new List<double>(resamples);
        var draw = new Unit[pairable.Length];
        for (var i = 0; i < resamples; i++)
        {
            for (var u = 0; u < draw.Length; u++)
            {
                draw[u] = pairable[random.Next(pairable.Length)];
            }
            // A draw in which only one value occurs has no alpha; counting it as 1 would flatter rare labels.
            if (Alpha(draw) is { } drawn)
            {
                draws.Add(drawn);
            }
        }
        draws.Sort();
        return draws.Count == 0
            ? new(alpha, null, null, pairable.Length, values)
            : new(alpha, Quantile(draws, (1 - level) / 2), Quantile(draws, (1 + level) / 2), pairable.Length, values);
    }

    private readonly record struct Unit(IReadOnlyList<(string Value, int Count)> Counts, int Size);

    private static IEnumerable<Unit> Pairable(IReadOnlyList<IReadOnlyList<string?>> units)
    {
        foreach (var unit in units)
        {
            var counts = unit.OfType<string>().GroupBy(v => v, StringComparer.Ordinal)
                .Select(g => (g.Key, g.Count())).OrderBy(c => c.Key, StringComparer.Ordinal).ToArray();
            var size = counts.Sum(c => c.Item2);
            if (size >= 2)
            {
                yield return new(counts, size);
            }
        }
    }

    private static double? Alpha(IReadOnlyList<Unit> pairable)
    {
        var totals = new Dictionary<string, long>(StringComparer.Ordinal);
        var observed = 0.0;
        long n = 0;
        foreach (var unit in pairable)
        {
            long same = 0;
            foreach (var (value, count) in unit.Counts)
            {
                same += (long)count * count;
                totals[value] = totals.GetValueOrDefault(value) + count;
            }
            observed += ((long)unit.Size * unit.Size - same) / (double)(unit.Size - 1);
            n += unit.Size;
        }
        var expected = n * n - totals.Values.Sum(t => t * t);
        return expected == 0 ? null : 1 - (n - 1) * observed / expected;
    }

    private static double Quantile(List<double> sorted, double q)
    {
        var at = q * (sorted.Count - 1);
        var below = (int)at;
        var above = Math.Min(below + 1, sorted.Count - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}

/// <summary>Agreement of raters on one question.</summary>
/// <param name="Alpha">Krippendorff's alpha, at most 1; null when not defined.</param>
/// <param name="Low">Lower end of the interval; null when alpha or every resample is not defined.</param>
/// <param name="High">Upper end of the interval.</param>
/// <param name="Units">Units with at least two ratings: all that alpha rests on.</param>
/// <param name="Ratings">Ratings in those units.</param>
public sealed record Agreement(double? Alpha, double? Low, double? High, int Units, int Ratings);
