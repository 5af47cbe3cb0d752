using CoopAI.Core.Ledger.Proof;

namespace CoopAI.Core.Ledger;

/// <summary>Where every answer, decision, review and change is recorded before anybody sees it.</summary>
/// <remarks>
/// The contract: when <see cref="Append(LedgerDraft)"/> returns, the entry is durable and has its place; when it throws, nothing was recorded and the
/// caller must not show what it wanted to record. Entries keep the order of their return, over all threads and processes, and there is one
/// line of them, never two. Safe for concurrent use.
/// </remarks>
public interface ILedger
{
    /// <summary>What the newest head is signed with, or the next will be.</summary>
    LedgerPublicKey PublicKey { get; }

    /// <summary>Records one entry.</summary>
    /// <returns>The receipt: the entry with its proof and the signed head that it brought about.</returns>
    /// <exception cref="BadInputException">The draft breaks a limit, the key is missing or wrong, the disk is full, or the stored ledger does not match its signed head.</exception>
    Receipt Append(LedgerDraft draft);

    /// <summary>Records one entry that has to know its place: the draft is made while nobody else can add an entry, so what it says of the entry before holds.</summary>
    /// <param name="draft">Called once; what it throws reaches the caller, and nothing is recorded.</param>
    /// <inheritdoc cref="Append(LedgerDraft)"/>
    Receipt Append(Func<LedgerPlace, LedgerDraft> draft);
}

/// <summary>Where the next entry will stand.</summary>
/// <param name="Index">Its place, from 0.</param>
/// <param name="Previous">Leaf hash of the entry before it as the newest signed head names it, which is what the new entry will hold; null: it is the first.</param>
/// <param name="StoredPrevious">The same, worked out afresh from the entry that is stored; null: there is none.</param>
public sealed record LedgerPlace(long Index, string? Previous, string? StoredPrevious);
