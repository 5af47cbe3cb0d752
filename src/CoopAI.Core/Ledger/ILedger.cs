using CoopAI.Core.Ledger.Proof;

namespace CoopAI.Core.Ledger;

/// <summary>Where every answer, decision, review and change is recorded before anybody sees it.</summary>
/// <remarks>
/// The contract: when <see cref="Append"/> returns, the entry is durable and has its place; when it throws, nothing was recorded and the
/// caller must not show what it wanted to record. Entries keep the order of their return, over all threads and processes, and there is one
/// line of them, never two. Safe for concurrent use.
/// </remarks>
public interface ILedger
{
    /// <summary>Records one entry.</summary>
    /// <returns>The receipt: the entry with its proof and the signed head that it brought about.</returns>
    /// <exception cref="BadInputException">The draft breaks a limit, the key is missing or wrong, the disk is full, or the stored ledger does not match its signed head.</exception>
    Receipt Append(LedgerDraft draft);
}
