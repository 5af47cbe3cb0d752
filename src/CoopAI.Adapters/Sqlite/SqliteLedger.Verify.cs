using System.Text;
using CoopAI.Core;
using CoopAI.Core.Ledger;
using CoopAI.Core.Ledger.Proof;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CoopAI.Adapters.Sqlite;

public sealed partial class SqliteLedger
{
    /// <summary>Checks everything that is stored; see <see cref="LedgerVerifier"/>.</summary>
    /// <param name="trusted">The public key that members hold; null: the one in the key file, if it is there.</param>
    /// <param name="heads">Heads kept elsewhere; the file of published heads is read too, when one is set.</param>
    public LedgerVerification Verify(LedgerPublicKey? trusted = null, IReadOnlyList<SignedHead>? heads = null)
    {
        using var own = trusted is null ? Key.LoadPublic() : null;
        var published = (heads ?? []).Concat(_publisher?.ReadBack() ?? []).ToList();
        var check = _database.Read(c => LedgerVerifier.Verify(Content(c), trusted ?? own, published));
        // A change by hand can also leave an index pointing at what is no longer there.
        var state = _database.Read(c => StateSeals.Verify(c).Take(LedgerVerifier.MaxFindings).ToList());
        if (_publisher?.FindLoss() is { } loss) state.Insert(0, new("published", null, null, null, loss));
        if (state.Count > 0) check = check with { Findings = [.. check.Findings, .. state] };
        var faults = _database.CheckIntegrity().Select(f => new LedgerFinding("database", null, null, null, $"The database file is damaged: {f}")).ToList();
        return faults.Count == 0 ? check : check with { Findings = [.. check.Findings, .. faults] };
    }

    /// <summary>
    /// Erases the texts of an answer: the question, every other string of the record that held it, the asker's council, and the names and reasons
    /// of its reviews. An entry records each; the proofs stay valid.
    /// </summary>
    /// <returns>The receipt of the entry that records it; null: there was nothing left to erase.</returns>
    /// <exception cref="BadInputException">There is no answer of this id.</exception>
    public Receipt? EraseQuestion(string answerId, string actor = "administrator", string cause = "request")
    {
        var receipt = _database.Write((connection, transaction) =>
        {
            var index = connection.QueryFirstOrDefault<long?>("SELECT idx FROM ledger_entries WHERE kind = 'answer' AND subject = @answerId", new { answerId })
                ?? throw new BadInputException($"There is no answer {answerId} in the ledger. \"coopai ledger list --kind answer\" shows the ids.");
            var receipt = Erase(connection, transaction, index, answerId, actor, cause);
            foreach (var review in connection.Query<long>("SELECT idx FROM ledger_entries WHERE kind IN ('review', 'review-reply') AND subject = @answerId ORDER BY idx", new { answerId }).ToList())
                receipt = Erase(connection, transaction, review, answerId, actor, cause) ?? receipt;
            return receipt;
        });
        Scrub(receipt is not null);
        return receipt;
    }

    /// <summary>Erases the texts of one entry, whatever it records: the author and reason of a setting, a tag decision, a review, the name and reason beside a case study's version. An entry records that it was done; the proofs stay valid.</summary>
    /// <returns>As for <see cref="EraseQuestion"/>.</returns>
    /// <exception cref="BadInputException">There is no such entry.</exception>
    public Receipt? EraseEntry(long index, string actor = "administrator", string cause = "request")
    {
        var receipt = _database.Write((connection, transaction) =>
        {
            if (connection.ExecuteScalar<long>("SELECT count(*) FROM ledger_entries WHERE idx = @index", new { index }) == 0)
                throw new BadInputException($"There is no entry {index} in the ledger. \"coopai ledger list\" shows them.");
            return Erase(connection, transaction, index, $"entry-{index}", actor, cause);
        });
        Scrub(receipt is not null);
        return receipt;
    }

    /// <summary>Erases the questions of all answers older than a number of days: the retention job.</summary>
    /// <param name="days">At least 1.</param>
    /// <returns>How many questions were erased.</returns>
    public int EraseOlderThan(int days, CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(days, 1);
        var limit = _clock.GetUtcNow().AddDays(-days);
        var due = _database.Read(c => c.Query<(long Idx, string Subject, string Json)>(
                "SELECT idx, subject, json FROM ledger_entries WHERE kind = 'answer' AND idx IN (SELECT idx FROM ledger_texts) ORDER BY idx")
            .Where(r => ParseEntry(r.Json).At < limit).Select(r => (r.Idx, r.Subject)).ToList());
        var erased = 0;
        foreach (var (idx, subject) in due)
        {
            ct.ThrowIfCancellationRequested();
            if (_database.Write((connection, transaction) => Erase(connection, transaction, idx, subject, "service", "retention")) is not null) erased++;
        }
        Scrub(erased > 0);
        return erased;
    }

    private Receipt? Erase(SqliteConnection connection, SqliteTransaction transaction, long index, string answerId, string actor, string cause)
    {
        var texts = connection.Query<(string Name, string Text)>("SELECT name, text FROM ledger_texts WHERE idx = @index", new { index }).ToDictionary(t => t.Name, t => t.Text, StringComparer.Ordinal);
        var count = texts.Count;
        if (count == 0) return null;
        var receipt = Append(connection, transaction, _ => new(LedgerKind.Erasure, actor, answerId, new() { ["entry"] = index, ["texts"] = count, ["cause"] = cause }));
        // Overwritten, not only unlinked.
        connection.Execute("PRAGMA secure_delete = ON");
        connection.Execute("DELETE FROM ledger_texts WHERE idx = @index", new { index }, transaction);
        if (texts.TryGetValue("by", out var by)) EraseBeside(connection, transaction, ParseEntry(connection.QuerySingle<string>("SELECT json FROM ledger_entries WHERE idx = @index", new { index }, transaction)), by);
        return receipt;
    }

    // The rows that an entry is about hold the same name and reason once more.
    private static void EraseBeside(SqliteConnection connection, SqliteTransaction transaction, LedgerEntry entry, string by)
    {
        const string Erased = "[erased]";
        if (entry.Kind == LedgerKind.TagDecision)
        {
            connection.Execute("UPDATE tag_decisions SET by_whom = @Erased, reason = NULL WHERE slug = @slug AND principle = @principle AND by_whom = @by",
                new { Erased, slug = entry.Subject, principle = entry.Payload.GetProperty("principle").GetString(), by }, transaction);
        }
        else if (entry.Kind == LedgerKind.CaseStudyChange && entry.Payload.TryGetProperty("version", out var version))
        {
            if (entry.Payload.GetProperty("action").GetString() == "released") connection.Execute("UPDATE quarantine SET released_by = @Erased, released_reason = NULL WHERE slug = @slug AND released_by = @by", new { Erased, slug = entry.Subject, by }, transaction);
            else connection.Execute("UPDATE case_study_versions SET name = @Erased, reason = NULL WHERE slug = @slug AND number = @number", new { Erased, slug = entry.Subject, number = version.GetInt32() }, transaction);
        }
        else if (entry.Kind == LedgerKind.CaseStudyChange && entry.Subject?.Split('-') is ["import", .. var id, _])
        {
            connection.Execute("UPDATE case_study_versions SET name = @Erased, reason = NULL WHERE import_id = @id AND name = @by", new { Erased, id = string.Join('-', id), by }, transaction);
            connection.Execute("UPDATE imports SET name = @Erased WHERE id = @id", new { Erased, id = string.Join('-', id) }, transaction);
        }
    }

    // The write-ahead log still holds the erased pages until it is started anew.
    private void Scrub(bool erased)
    {
        if (!erased) return;
        using var connection = _database.Connect();
        connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        _publisher?.Signal();
    }

    private static LedgerContent Content(SqliteConnection c) => new(
        Rows(c, "SELECT idx, kind, subject, json FROM ledger_entries ORDER BY idx", r => (r.GetInt64(0), Text(r, 1) ?? "", Text(r, 2), Bytes(r, 3))),
        Rows(c, "SELECT size, json FROM ledger_heads ORDER BY size", r => (r.GetInt64(0), Bytes(r, 1))),
        Rows(c, "SELECT level, idx, hash FROM ledger_nodes ORDER BY level, idx", r => new MerkleNode((int)r.GetInt64(0), r.GetInt64(1), Bytes(r, 2))),
        Rows(c, "SELECT idx, subject, json FROM ledger_records ORDER BY idx", r => (r.GetInt64(0), Text(r, 1) ?? "", Bytes(r, 2))),
        Rows(c, "SELECT idx, name, text, salt FROM ledger_texts ORDER BY idx, name", r => (r.GetInt64(0), Text(r, 1) ?? "", Text(r, 2) ?? "", Bytes(r, 3))));

    private static IEnumerable<T> Rows<T>(SqliteConnection c, string sql, Func<SqliteDataReader, T> read)
    {
        using var command = c.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        while (reader.Read()) yield return read(reader);
    }

    // SQLite keeps whatever type a hand put into a column; none of them may stop the check.
    private static byte[] Bytes(SqliteDataReader r, int column) => r.GetValue(column) switch
    {
        byte[] blob => blob,
        string text => Encoding.UTF8.GetBytes(text),
        var other => Encoding.UTF8.GetBytes(Convert.ToString(other, System.Globalization.CultureInfo.InvariantCulture) ?? ""),
    };

    private static string? Text(SqliteDataReader r, int column) => r.IsDBNull(column) ? null : Encoding.UTF8.GetString(Bytes(r, column));
}
