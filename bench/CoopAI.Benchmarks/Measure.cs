using System.Diagnostics;
using System.Globalization;

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

    /// <summary>Works in a temporary folder, which is removed afterwards.</summary>
    public static T InFolder<T>(Func<string, Task<T>> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var folder = Directory.CreateTempSubdirectory("coopai-bench-").FullName;
        try
        {
            return work(folder).GetAwaiter().GetResult();
        }
        finally
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The number of arguments at a place, or another where there is none.</summary>
    public static int Argument(string[] args, int place, int otherwise)
    {
        ArgumentNullException.ThrowIfNull(args);
        return args.Length > place ? int.Parse(args[place], CultureInfo.InvariantCulture) : otherwise;
    }

    /// <summary>The value that 95 of 100 do not exceed.</summary>
    public static double P95(IReadOnlyCollection<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return values.Order().ElementAt((int)(0.95 * values.Count));
    }

    /// <summary>The middle value; of an even number the mean of the two middle ones.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
