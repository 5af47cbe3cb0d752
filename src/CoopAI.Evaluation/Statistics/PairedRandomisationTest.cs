namespace CoopAI.Evaluation.Statistics;

/// <summary>What two systems' values on the same items say about their difference.</summary>
/// <param name="Difference">Mean of (candidate − baseline) with its bootstrap interval.</param>
/// <param name="P">Two-sided p-value of "no difference", in (0, 1].</param>
/// <param name="Better">Items on which the candidate is higher.</param>
/// <param name="Worse">Items on which it is lower.</param>
/// <param name="Equal">Items on which both are the same.</param>
public sealed record PairedComparison(Figure Difference, double? P, int Better, int Worse, int Equal);

/// <summary>Fisher's paired randomisation test: were both systems alike, the sign of each item's difference would be a coin's.</summary>
/// <remarks>
/// Up to <see cref="ExactUpTo"/> differing items all sign patterns are counted; beyond, a seeded sample with the usual +1 in
/// numerator and denominator, so that p is never 0. Source: Smucker, Allan and Carterette, CIKM 2007.
/// </remarks>
public static class PairedRandomisationTest
{
    public const int ExactUpTo = 14;

    /// <summary>Compares a candidate with a baseline, item by item.</summary>
    /// <param name="differences">Candidate − baseline for each item both have, in a fixed order.</param>
    public static PairedComparison Of(IReadOnlyList<double> differences, int seed = Bootstrap.DefaultSeed, int resamples = Bootstrap.DefaultResamples)
    {
        ArgumentNullException.ThrowIfNull(differences);
        var better = differences.Count(d => d > 0);
        var worse = differences.Count(d => d < 0);
        return new(
            Bootstrap.Mean(differences, "No item was scored in both.", seed, resamples),
            differences.Count == 0 ? null : P([.. differences.Where(d => d != 0)], seed, resamples),
            better, worse, differences.Count - better - worse);
    }

    private static double P(double[] differing, int seed, int resamples)
    {
        // Equal items add 0 under either sign, so only the differing ones can move the sum.
        if (differing.Length == 0) return 1;
        // Sums that differ by rounding alone count as equal.
        var observed = Math.Abs(differing.Sum()) - 1e-12 * differing.Sum(Math.Abs);
        long extreme = 0;
        if (differing.Length <= ExactUpTo)
        {
            var patterns = 1 << differing.Length;
            for (var pattern = 0; pattern < patterns; pattern++)
            {
                var sum = 0.0;
                for (var i = 0; i < differing.Length; i++) sum += (pattern >> i & 1) == 0 ? differing[i] : -differing[i];
                if (Math.Abs(sum) >= observed) extreme++;
            }

            return (double)extreme / patterns;
        }

        var random = new SplitMix64((ulong)seed);
        for (var r = 0; r < resamples; r++)
        {
            var sum = 0.0;
            ulong bits = 0;
            for (var i = 0; i < differing.Length; i++)
            {
                if ((i & 63) == 0) bits = random.Next();
                sum += (bits & 1) == 0 ? differing[i] : -differing[i];
                bits >>= 1;
            }

            if (Math.Abs(sum) >= observed) extreme++;
        }

        return (extreme + 1.0) / (resamples + 1.0);
    }
}

/// <summary>Holm's step-down correction for several tests on the same data.</summary>
/// <remarks>Source: Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6 (1979).</remarks>
public static class HolmCorrection
{
    /// <summary>Adjusted p-values in the order given: never below the plain ones, at most 1. Compare each with the level wanted for all tests together.</summary>
    public static IReadOnlyList<double> Adjust(IReadOnlyList<double> p)
    {
        ArgumentNullException.ThrowIfNull(p);
        var adjusted = new double[p.Count];
        var highest = 0.0;
        foreach (var (value, index, rank) in p.Select((value, index) => (value, index)).OrderBy(x => x.value).ThenBy(x => x.index).Select((x, rank) => (x.value, x.index, rank)))
        {
            highest = Math.Max(highest, Math.Min(1, (p.Count - rank) * value));
            adjusted[index] = highest;
        }

        return adjusted;
    }
}
