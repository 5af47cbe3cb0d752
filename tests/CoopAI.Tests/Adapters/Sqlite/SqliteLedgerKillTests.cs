using System.Diagnostics;
using CoopAI.Adapters.Sqlite;
using CoopAI.Tests.Core.Ledger;

namespace CoopAI.Tests.Adapters.Sqlite;

/// <summary>A process that is killed while it records: no answer was shown without its record, and what is there is whole.</summary>
public sealed class SqliteLedgerKillTests : IDisposable
{
    private const string Variable = "COOPAI_TEST_LEDGER_WRITER";
    private readonly string _directory = Directory.CreateTempSubdirectory("coopai-kill-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact(Explicit = true)]
    public void The_child_records_answers_and_shows_each_after_it_was_recorded()
    {
        var directory = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(directory is null, $"{Variable} is not set: this is the child of the other test.");
        using var ledger = new SqliteLedger(CoopDatabase.Open(directory!), new LedgerOptions(), TimeProvider.System);
        using var shown = new FileStream(Path.Combine(directory!, "shown"), FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 1);
        for (var i = 0; i < 100_000; i++)
        {
            var id = Guid.NewGuid().ToString("N");
            ledger.Append(LedgerSamples.Answer(id));
            shown.Write(System.Text.Encoding.ASCII.GetBytes(id + "\n"));
        }
    }

    [Fact]
    public async Task After_every_kill_each_answer_shown_is_in_the_ledger_and_the_ledger_is_sound()
    {
        const int Seed = 9;
        var random = new Random(Seed);
        var shown = Path.Combine(_directory, "shown");
        for (var round = 0; round < 2; round++)
        {
            var before = File.Exists(shown) ? new FileInfo(shown).Length : 0;
            using var child = Start();
            try
            {
                var patience = Stopwatch.StartNew();
                while (!(File.Exists(shown) && new FileInfo(shown).Length > before + 33 * 5) && patience.Elapsed < TimeSpan.FromSeconds(60) && !child.HasExited)
                    await Task.Delay(10, TestContext.Current.CancellationToken);
                await Task.Delay(random.Next(60), TestContext.Current.CancellationToken);
            }
            finally
            {
                child.Kill();
                await child.WaitForExitAsync(TestContext.Current.CancellationToken);
            }

            var database = CoopDatabase.Open(_directory);
            using var ledger = new SqliteLedger(database, new LedgerOptions(), TimeProvider.System);
            var seen = File.ReadAllLines(shown).Where(l => l.Length == 32).ToList();
            Assert.True(seen.Count > 5 * (round + 1), $"the child recorded only {seen.Count} answers in round {round}");
            Assert.Empty(seen.Except(ledger.AnswerIds()));
            Assert.Empty(ledger.Verify().Findings);
            ledger.Append(LedgerSamples.Answer($"after-{round}"));
            database.ReleaseFile();
        }
    }

    // This test assembly is its own child: one explicit test, told by an environment variable where to write.
    private Process Start()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet") start.ArgumentList.Add(typeof(SqliteLedgerKillTests).Assembly.Location);
        foreach (var argument in new[] { "-explicit", "only", "-method", $"{typeof(SqliteLedgerKillTests).FullName}.{nameof(The_child_records_answers_and_shows_each_after_it_was_recorded)}" })
            start.ArgumentList.Add(argument);
        start.Environment[Variable] = _directory;
        var child = Process.Start(start)!;
        child.OutputDataReceived += (_, _) => { };
        child.ErrorDataReceived += (_, _) => { };
        child.BeginOutputReadLine();
        child.BeginErrorReadLine();
        return child;
    }
}
