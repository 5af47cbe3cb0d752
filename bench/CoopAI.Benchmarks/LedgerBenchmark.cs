using System.Globalization;
using System.Text.Json.Nodes;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core.Ledger;
using CoopAI.Core.Ledger.Proof;

namespace CoopAI.Benchmarks;

/// <summary><c>ledger</c>: what appending costs at 100,000 entries without the wait for the disk, and what verifying all of them takes.</summary>
public static class LedgerBenchmark
{
    private const int Entries = 100_000, Measured = 1000;

    /// <summary>Runs it; another number of entries may be given.</summary>
    public static int Run(string[] args)
    {
        var entries = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : Entries;
        // A file system in memory answers a sync at once, so what is left is our own work.
        var memory = "/dev/shm";
        var directory = Path.Combine(Directory.Exists(memory) ? memory : Path.GetTempPath(), $"coopai-bench-{Guid.NewGuid():N}");
        try
        {
            var database = CoopDatabase.Open(directory);
            using var ledger = new SqliteLedger(database, new LedgerOptions(), TimeProvider.System);
            var number = 0;
            var fill = Measure.Run(() =>
            {
                while (number < entries - Measured) Append(ledger, number++);
            });
            var times = new List<Timing>();
            while (number < entries) times.Add(Measure.Run(() => Append(ledger, number++)));
            LedgerVerification check = null!;
            var verify = Measure.Run(() => check = ledger.Verify());

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{entries:N0} entries ({(Directory.Exists(memory) ? "no wait for the disk" : "disk sync included")}); filling took {fill.Elapsed / 1000:0.0} s, {fill.Processor / 1000:0.0} s of processor time"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"append: median {Measure.Median(times.Select(t => t.Elapsed)):0.000} ms, 99th percentile {times.Select(t => t.Elapsed).Order().ElementAt(Measured * 99 / 100):0.000} ms, mean processor time {times.Average(t => t.Processor):0.000} ms (at most 2 ms wanted)"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"verify: {verify.Elapsed / 1000:0.00} s, {verify.Processor / 1000:0.00} s of processor time, {check.Entries:N0} entries, {check.Findings.Count} findings (at most 10 s wanted)"));
            database.ReleaseFile();
            return check.Sound ? 0 : 1;
        }
        finally
        {
            if (Directory.Exists(directory)) Directory.Delete(directory, recursive: true);
        }
    }

    // Every tenth entry an answer with a record of about 4 KB, the others decisions on tags.
    private static void Append(SqliteLedger ledger, int number)
    {
        var id = number.ToString("x32", CultureInfo.InvariantCulture);
        ledger.Append(number % 10 == 0
            ? LedgerDraft.Answer(id, $"Which councils did number {number}?", new()
            {
                ["id"] = id,
                ["outcome"] = "answered",
                ["sentences"] = new JsonArray([.. Enumerable.Range(0, 10).Select(s => (JsonNode)new JsonObject
                {
                    ["text"] = $"Sentence {s}: Northbeck Council set up a residents' panel of {number} people, and it shared out money for youth projects in every ward of the town.",
                    ["citations"] = new JsonArray("youth-panel#0"),
                    ["checks"] = new JsonArray(new JsonObject { ["rule"] = "VG01", ["status"] = "pass", ["explanation"] = "Each content word stands in the passage cited." }),
                })]),
            })
            : LedgerDraft.TagDecision($"case-{number}", "learning", "accepted", 0.8, null));
    }
}
