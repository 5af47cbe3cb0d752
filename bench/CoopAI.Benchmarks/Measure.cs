using System.Diagnostics;

namespace CoopAI.Benchmarks;

/// <summary>What one run took, in milliseconds.</summary>
/// <param name="Elapsed">By the clock.</param>
/// <param name="Processor">Of this process on all processors: what the run costs on a machine that others use too.</param>
public readonly record struct Timing(double Elapsed, double Processor);

/// <summary>Timing for all benchmarks.</summary>
public static class Measure
{
    /// <summary>One run.</summary>
    public static Timing Run(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        var before = Environment.CpuUsage.TotalTime;
        var watch = Stopwatch.StartNew();
        action();
        var elapsed = watch.Elapsed;
        return new Timing(elapsed.TotalMilliseconds, (Environment.CpuUsage.TotalTime - before).TotalMilliseconds);
    }

    /// <summary>The middle value; of an even number the mean of the two middle ones.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
