namespace CoopAI.Evaluation.Tagging;

/// <summary>One bin of a reliability diagram.</summary>
/// <param name="From">Lower edge, inclusive.</param>
/// <param name="To">Upper edge, exclusive; the last bin includes 1.</param>
/// <param name="Pairs">Predictions in the bin.</param>
/// <param name="MeanProbability">What was promised; null for an empty bin.</param>
/// <param name="ShareRight">What came true; null for an empty bin.</param>
public sealed record ReliabilityBin(double From, double To, int Pairs, double? MeanProbability, double? ShareRight);

/// <summary>How well probabilities match what comes true.</summary>
/// <remarks>Ten bins of equal width. Source: Naeini, Cooper and Hauskrecht, AAAI 2015; Guo et al., ICML 2017.</remarks>
public static class Calibration
{
    public const int BinCount = 10;

    public static IReadOnlyList<ReliabilityBin> Bins(IEnumerable<(double Probability, bool Right, int Times)> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        Span<double> probability = stackalloc double[BinCount];
        Span<int> right = stackalloc int[BinCount];
        Span<int> count = stackalloc int[BinCount];
        probability.Clear();
        right.Clear();
        count.Clear();
        foreach (var (p, isRight, times) in pairs)
        {
            if (p is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(pairs), p, "A probability lies between 0 and 1.");
            var bin = Math.Min((int)(p * BinCount), BinCount - 1);
            probability[bin] += times * p;
            count[bin] += times;
            if (isRight) right[bin] += times;
        }

        var bins = new ReliabilityBin[BinCount];
        for (var b = 0; b < BinCount; b++)
        {
            bins[b] = new ReliabilityBin((double)b / BinCount, (double)(b + 1) / BinCount, count[b],
                count[b] == 0 ? null : probability[b] / count[b], count[b] == 0 ? null : (double)right[b] / count[b]);
        }

        return bins;
    }

    /// <summary>Expected calibration error: mean over predictions of |share right − mean probability| of their bin; null without predictions.</summary>
    public static double? Error(IReadOnlyList<ReliabilityBin> bins)
    {
        ArgumentNullException.ThrowIfNull(bins);
        var pairs = bins.Sum(b => b.Pairs);
        return pairs == 0 ? null : bins.Where(b => b.Pairs > 0).Sum(b => b.Pairs * Math.Abs(b.ShareRight!.Value - b.MeanProbability!.Value)) / pairs;
    }
}
