using CoopAI.Adapters.Sqlite;
using CoopAI.Core.Ledger.Proof;
using CoopAI.Tests.Core.Ledger;
using Dapper;

namespace CoopAI.Tests.Adapters.Sqlite;

public sealed class BackUpsTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("coopai-backups-").FullName;
    private readonly CoopDatabase _database;

    public BackUpsTests() => _database = CoopDatabase.Open(_directory);

    /// <summary>SQLite refuses a copy at once while somebody writes; a restore has to wait its turn.</summary>
    [Fact]
    public async Task A_copy_is_put_back_while_others_write()
    {
        using var ledger = new SqliteLedger(_database, new LedgerOptions { PublishTo = "none" }, TimeProvider.System);
        ledger.Append(LedgerSamples.Answer("kept"));
        var backUps = new BackUps(_database, ledger);
        var copy = Path.Combine(_directory, "copy.db");
        backUps.Write(copy);
        ledger.Append(LedgerSamples.Answer("since"));
        using var writing = new ManualResetEventSlim();
        var writer = Task.Run(() => _database.Write((connection, transaction) =>
        {
            connection.Execute("CREATE TABLE other (id)", transaction: transaction);
            writing.Set();
            Thread.Sleep(300);
        }), TestContext.Current.CancellationToken);
        writing.Wait(TestContext.Current.CancellationToken);

        var (before, after) = backUps.Restore(copy);
        await writer;

        Assert.Equal(before - 1, after);
        Assert.NotNull(ledger.Answer("kept"));
        Assert.Null(ledger.Answer("since"));
        Assert.Empty(ledger.Verify().Findings);
    }

    public void Dispose()
    {
        _database.ReleaseFile();
        Directory.Delete(_directory, recursive: true);
    }
}
