using System.Security.Cryptography;
using CoopAI.Core.Ledger;
using CoopAI.Core.Ledger.Proof;

namespace CoopAI.Tests.Core.Ledger;

public sealed class MemoryLedgerTests : LedgerContract
{
    protected override (ILedger Ledger, ILedgerReader Reader) Create(TimeProvider clock)
    {
        var ledger = new MemoryLedger(clock, LedgerSigner.Create(), bytes => RandomNumberGenerator.Fill(bytes));
        return (ledger, ledger);
    }
}
