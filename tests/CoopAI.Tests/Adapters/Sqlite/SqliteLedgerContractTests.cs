using CoopAI.Adapters.Sqlite;
using CoopAI.Core.Ledger;
using CoopAI.Tests.Core.Ledger;

namespace CoopAI.Tests.Adapters.Sqlite;

public sealed class SqliteLedgerContractTests : LedgerContract, IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("coopai-ledger-").FullName;
    private SqliteLedger? _ledger;

    protected override (ILedger Ledger, ILedgerReader Reader) Create(TimeProvider clock)
    {
        _ledger = new SqliteLedger(CoopDatabase.Open(_directory), new LedgerOptions(), clock);
        return (_ledger, _ledger);
    }

    public void Dispose()
    {
        _ledger?.Dispose();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_directory, recursive: true);
    }
}
