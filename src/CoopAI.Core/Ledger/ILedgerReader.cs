using System.Text.Json.Nodes;
using CoopAI.Core.Ledger.Proof;

namespace CoopAI.Core.Ledger;

/// <summary>A recorded answer.</summary>
/// <param name="Entry">Its entry.</param>
/// <param name="Record">The answer as it was recorded; texts that were erased since are null in it.</param>
/// <param name="Question">As asked; null: erased.</param>
public sealed record RecordedAnswer(LedgerEntry Entry, JsonObject Record, string? Question);

/// <summary>An entry with the texts beside it.</summary>
/// <param name="Texts">By name; those that were erased are left out.</param>
public sealed record EntryWithTexts(LedgerEntry Entry, IReadOnlyDictionary<string, string> Texts);

/// <summary>An entry as it is handed out: with its head and its record, without the texts that may be erased.</summary>
public sealed record ExportedEntry(LedgerEntry Entry, SignedHead? Head, byte[]? Record);

/// <summary>What was recorded, read back.</summary>
/// <remarks>The contract: an entry is seen as soon as its append has returned, in the order of the appends. Unknown places, ids and subjects yield null or nothing. Safe for concurrent use.</remarks>
public interface ILedgerReader
{
    /// <summary>Most entries that <see cref="List"/> returns at once.</summary>
    const int MaxPage = 1000;

    /// <summary>The newest head; null: the ledger is empty.</summary>
    SignedHead? Head();

    /// <summary>One entry with its texts; null: there is none.</summary>
    EntryWithTexts? Entry(long index);

    /// <summary>The entries of a kind, about a subject, or all; newest first.</summary>
    /// <param name="kind">Null: all kinds.</param>
    /// <param name="subject">Null: all subjects.</param>
    /// <param name="before">Only entries before this place; null: from the newest.</param>
    /// <param name="take">1 to <see cref="MaxPage"/>.</param>
    IReadOnlyList<EntryWithTexts> List(LedgerKind? kind = null, string? subject = null, long? before = null, int take = 50);

    /// <summary>Every entry of a kind and subject, oldest first.</summary>
    IReadOnlyList<EntryWithTexts> All(LedgerKind? kind = null, string? subject = null);

    /// <summary>A recorded answer; null: there is none of this id.</summary>
    RecordedAnswer? Answer(string answerId);

    /// <summary>Ids of the answers recorded in a span of places, in order.</summary>
    /// <param name="to">Not included.</param>
    IReadOnlyList<string> AnswerIds(long from = 0, long to = long.MaxValue);

    /// <summary>Ids of the answers recorded from one moment up to, not including, another; in order of place.</summary>
    IReadOnlyList<string> AnswersBetween(DateTimeOffset from, DateTimeOffset to);

    /// <summary>A fresh receipt against the newest head; null: there is no such entry.</summary>
    Receipt? ReceiptFor(long index);
}
