using System.Diagnostics;

namespace CoopAI.Benchmarks;

/// <summary>Start to first answer: the built <c>coopai ask</c> as a process of its own, from its start to its end.</summary>
internal static class ColdStart
{
    private const int Runs = 5;

    /// <summary>Asks one question several times and prints the median. The first run warms the file cache and does not count.</summary>
    public static void Print(string directory, string name = "start to first answer, a process of its own")
    {
        Console.WriteLine(FormattableString.Invariant($"{name,-46}{MedianOf(directory),10:0} ms median of {Runs}"));
    }

    /// <returns>Milliseconds by the clock.</returns>
    public static double MedianOf(string directory)
    {
        var program = Program;
        Run(program, directory);
        return Measure.Median(Enumerable.Range(0, Runs).Select(_ => Run(program, directory)));
    }

    /// <summary>The command line, beside this project's own output and in the same configuration.</summary>
    /// <exception cref="FileNotFoundException">It was not built.</exception>
    public static string Program
    {
        get
        {
            var program = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "CoopAI.Cli", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "coopai.dll"));
            return File.Exists(program) ? program : throw new FileNotFoundException($"{program} is missing: build the solution first.", program);
        }
    }

    private static double Run(string program, string directory)
    {
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, "ask", "How did residents and the council set up a youth fund?", "--data", directory, "--json"])
        {
            RedirectStandardOutput = true,
        })!;
        var answer = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0 || !answer.StartsWith('{')) throw new InvalidOperationException($"coopai ask ended with {process.ExitCode}.");
        return watch.Elapsed.TotalMilliseconds;
    }
}
