using System.Text;
using System.Text.Json.Nodes;
using CoopAI.Core;
using CoopAI.Core.Ledger;
using CoopAI.Core.Ledger.Proof;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CoopAI.Adapters.Sqlite;

public sealed partial class SqliteLedger
{
    /// <summary>Most entries that <see cref="List"/> returns at once.</summary>
    public const int MaxPage = ILedgerReader.MaxPage;

    /// <summary>The newest head; null: the ledger is empty.</summary>
    public SignedHead? Head() => _database.Read(LastHead);

    /// <summary>The head of one size; null: there is none.</summary>
    public SignedHead? Head(long size) => _database.Read(c =>
        c.QueryFirstOrDefault<string>("SELECT json FROM ledger_heads WHERE size = @size", new { size }) is { } json ? ParseHead(json) : null);

    /// <summary>Heads above a size, in order.</summary>
    public IReadOnlyList<SignedHead> Heads(long above, int take) => _database.Read(c =>
        c.Query<string>("SELECT json FROM ledger_heads WHERE size > @above ORDER BY size LIMIT @take", new { above, take }).Select(ParseHead).ToList());

    /// <summary>One entry with its texts; null: there is none.</summary>
    public EntryWithTexts? Entry(long index) => _database.Read(c => Query(c, "idx = @index", new { index }, "idx", 1).FirstOrDefault());

    /// <summary>The entries of a kind, about a subject, or all; newest first.</summary>
    /// <param name="kind">Null: all kinds.</param>
    /// <param name="subject">Null: all subjects.</param>
    /// <param name="before">Only entries before this place; null: from the newest.</param>
    /// <param name="take">1 to <see cref="MaxPage"/>.</param>
    public IReadOnlyList<EntryWithTexts> List(LedgerKind? kind = null, string? subject = null, long? before = null, int take = 50)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(take, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(take, MaxPage);
        return _database.Read(c => Query(c, Where(kind, subject) + " AND idx < @before",
            new { kind = kind is { } k ? LedgerEntry.Word(k) : null, subject, before = before ?? long.MaxValue }, "idx DESC", take));
    }

    /// <summary>Every entry of a kind and subject, oldest first.</summary>
    public IReadOnlyList<EntryWithTexts> All(LedgerKind? kind = null, string? subject = null) => _database.Read(c =>
        Query(c, Where(kind, subject), new { kind = kind is { } k ? LedgerEntry.Word(k) : null, subject }, "idx", int.MaxValue));

    /// <summary>Every entry with its head and record, oldest first, read a page at a time.</summary>
    public IEnumerable<ExportedEntry> Export()
    {
        var next = 0L;
        while (true)
        {
            var page = _database.Read(c => c.Query<(long Idx, string Json, string? Head, string? Record)>(
                """
                SELECT e.idx, e.json, h.json, r.json FROM ledger_entries e LEFT JOIN ledger_heads h ON h.size = e.idx + 1 LEFT JOIN ledger_records r ON r.idx = e.idx
                WHERE e.idx >= @next ORDER BY e.idx LIMIT @MaxPage
                """, new { next, MaxPage }).ToList());
            if (page.Count == 0) yield break;
            foreach (var row in page)
                yield return new(ParseEntry(row.Json), row.Head is null ? null : ParseHead(row.Head), row.Record is null ? null : Encoding.UTF8.GetBytes(row.Record));
            next = page[^1].Idx + 1;
        }
    }

    /// <summary>A recorded answer; null: there is none of this id.</summary>
    public RecordedAnswer? Answer(string answerId) => _database.Read(c =>
    {
        var found = Query(c, "kind = 'answer' AND subject = @answerId", new { answerId }, "idx", 1).FirstOrDefault();
        var json = found is null ? null : c.QueryFirstOrDefault<string>("SELECT json FROM ledger_records WHERE idx = @idx", new { idx = found.Entry.Index });
        if (found is null || json is null) return null;
        var record = LedgerDraft.PutBack(JsonNode.Parse(json), found.Texts) as JsonObject ?? throw Damaged(null);
        return new RecordedAnswer(found.Entry, record, found.Texts.GetValueOrDefault("question"));
    });

    /// <summary>Ids of the answers recorded in a span of places, in order.</summary>
    public IReadOnlyList<string> AnswerIds(long from = 0, long to = long.MaxValue) => _database.Read(c =>
        c.Query<string>("SELECT subject FROM ledger_entries WHERE kind = 'answer' AND idx >= @from AND idx < @to ORDER BY idx", new { from, to }).ToList());

    /// <summary>Ids of the answers recorded from one moment up to, not including, another; in order of place.</summary>
    public IReadOnlyList<string> AnswersBetween(DateTimeOffset from, DateTimeOffset to) => _database.Read(c =>
        c.Query<(string Subject, string Json)>("SELECT subject, json FROM ledger_entries WHERE kind = 'answer' ORDER BY idx")
            .Where(r => ParseEntry(r.Json).At is var at && at >= from && at < to).Select(r => r.Subject).ToList());

    /// <summary>A fresh receipt against the newest head; null: there is no such entry.</summary>
    public Receipt? ReceiptFor(long index) => _database.Read(c =>
    {
        var entry = Query(c, "idx = @index", new { index }, "idx", 1).FirstOrDefault()?.Entry;
        return entry is null || LastHead(c) is not { } head || index >= head.Size ? null : Prove(c, entry, head);
    });

    /// <summary>A fresh receipt for an answer; null: there is none of this id.</summary>
    public Receipt? ReceiptForAnswer(string answerId) => _database.Read(c =>
    {
        var entry = Query(c, "kind = 'answer' AND subject = @answerId", new { answerId }, "idx", 1).FirstOrDefault()?.Entry;
        return entry is null || LastHead(c) is not { } head || entry.Index >= head.Size ? null : Prove(c, entry, head);
    });

    /// <summary>The proof that the ledger of size <paramref name="to"/> continues the one of size <paramref name="from"/>, each hash hexadecimal.</summary>
    /// <exception cref="BadInputException">The sizes are not 1 ≤ from ≤ to ≤ the ledger's size.</exception>
    public IReadOnlyList<string> ConsistencyProof(long from, long to) => _database.Read(c =>
    {
        var size = LastHead(c)?.Size ?? 0;
        if (from < 1 || from > to || to > size)
            throw new BadInputException($"There is no proof from size {from} to size {to}: sizes run from 1 to {size}, and the first must not be above the second.");
        return MerkleTree.ConsistencyProof(from, to, Nodes(c)).Select(Convert.ToHexStringLower).ToList();
    });

    /// <summary>The public keys that signed this ledger, oldest first, as its own entries name them.</summary>
    public IReadOnlyList<(long FromEntry, string Id, string Pem)> Keys() =>
        [.. All(LedgerKind.KeyRotation).Select(e => (e.Entry.Index, e.Entry.Payload.GetProperty("to").GetString()!, e.Entry.Payload.GetProperty("publicKey").GetString()!))];

    internal long PublishedSize(string target) => _database.Read(c =>
        c.QueryFirstOrDefault<long?>("SELECT size FROM ledger_published WHERE target = @target", new { target }) ?? 0);

    internal void RememberPublished(string target, long size) => _database.Write((c, transaction) => c.Execute(
        "INSERT INTO ledger_published (target, size) VALUES (@target, @size) ON CONFLICT (target) DO UPDATE SET size = max(size, excluded.size)", new { target, size }, transaction));

    private static Receipt Prove(SqliteConnection c, LedgerEntry entry, SignedHead head) =>
        new(entry.Json, MerkleTree.InclusionProof(entry.Index, head.Size, Nodes(c)).Select(Convert.ToHexStringLower).ToList(), head);

    private static string Where(LedgerKind? kind, string? subject) =>
        (kind is null ? "1 = 1" : "kind = @kind") + (subject is null ? "" : " AND subject = @subject");

    private static List<EntryWithTexts> Query(SqliteConnection c, string where, object values, string order, int take)
    {
        var arguments = new DynamicParameters(values);
        arguments.Add("take", take);
        var rows = c.Query<(long Idx, string Json)>($"SELECT idx, json FROM ledger_entries WHERE {where} ORDER BY {order} LIMIT @take", arguments).ToList();
        var texts = c.Query<(long Idx, string Name, string Text)>(
                $"SELECT idx, name, text FROM ledger_texts WHERE idx IN (SELECT idx FROM ledger_entries WHERE {where} ORDER BY {order} LIMIT @take)", arguments)
            .ToLookup(t => t.Idx);
        return [.. rows.Select(r => new EntryWithTexts(ParseEntry(r.Json), texts[r.Idx].ToDictionary(t => t.Name, t => t.Text, StringComparer.Ordinal)))];
    }

    private static LedgerEntry ParseEntry(string json)
    {
        try
        {
            return LedgerEntry.Parse(Encoding.UTF8.GetBytes(json));
        }
        catch (FormatException e)
        {
            throw Damaged(e);
        }
    }
}
