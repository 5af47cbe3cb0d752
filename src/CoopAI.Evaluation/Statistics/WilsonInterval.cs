namespace CoopAI.Evaluation.Statistics;

/// <summary>Wilson's score interval for a share: sound for small samples and for shares near 0 and 1.</summary>
/// <remarks>Source: Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).</remarks>
public static class WilsonInterval
{
    /// <summary>The 97.5% point of the normal distribution.</summary>
    private const double Z = 1.959963984540054;

    /// <summary>The 95% interval of <paramref name="hits"/> out of <paramref name="cases"/>, inside [0, 1].</summary>
    /// <exception cref="ArgumentOutOfRangeException">No cases, or more hits than cases.</exception>
    public static (double Low, double High) Of(int hits, int cases)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cases, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(hits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(hits, cases);
        var share = (double)hits / cases;
        var spread = Z * Z / cases;
        var centre = share + spread / 2;
        var half = Z * Math.Sqrt(share * (1 - share) / cases + spread / (4 * cases));
        // At 0 and 1 the exact bound is 0 or 1; rounding must not push it past.
        var low = hits == 0 ? 0 : Math.Max(0, (centre - half) / (1 + spread));
        var high = hits == cases ? 1 : Math.Min(1, (centre + half) / (1 + spread));
        return (low, high);
    }
}
