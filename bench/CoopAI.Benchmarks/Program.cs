using CoopAI.Benchmarks;

// One file a benchmark; each prints medians and ratios of one run, so that a busy machine does not decide the result.
var benchmarks = new Dictionary<string, Func<string[], int>>(StringComparer.Ordinal)
{
    ["encoder"] = EncoderBenchmark.Run,
    ["growth"] = GrowthBenchmark.Run,
    ["guidance"] = GuidanceBenchmark.Run,
    ["import"] = ImportBenchmark.Run,
    ["ledger"] = LedgerBenchmark.Run,
    ["pages"] = PagesBenchmark.Run,
    ["qdrant"] = QdrantBenchmark.Run,
    ["service"] = ServiceBenchmark.Run,
    ["tagging"] = TaggingBenchmark.Run,
};

if (args.Length > 0 && benchmarks.TryGetValue(args[0], out var run)) return run(args[1..]);

Console.Error.WriteLine($"Usage: dotnet run -c Release --project bench/CoopAI.Benchmarks -- NAME\nNAME is one of: {string.Join(", ", benchmarks.Keys.Order(StringComparer.Ordinal))}");
return 2;
