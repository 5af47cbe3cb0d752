using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CoopAI.Core.Ledger;
using CoopAI.Core.Ledger.Proof;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CoopAI.Adapters.Sqlite;

/// <summary>A table whose every row is bound to the ledger.</summary>
/// <param name="Name">The table's name.</param>
/// <param name="Key">The column that names a row, or several with commas between.</param>
/// <param name="What">What a row is called in a finding, such as "case study".</param>
/// <param name="KeyIsPersonal">The key may name a person: the ledger then speaks of the row by a random number.</param>
/// <param name="Volatile">Columns that change without anybody deciding anything, such as when somebody was last seen.</param>
internal sealed record SealedTable(string Name, string Key, string What, bool KeyIsPersonal = false, params string[] Volatile)
{
    /// <summary>The SQL that gives a row's key as one text.</summary>
    /// <param name="of">NEW. or OLD. within a trigger, or nothing.</param>
    public string KeySql(string of = "") => string.Join(" || ' ' || ", Key.Split(", ").Select(c => $"CAST({of}{c} AS TEXT)"));
}

/// <summary>Binds the rows that people and answers rely on to the ledger, so that nothing is altered unseen.</summary>
/// <remarks>
/// Each write notes which rows it touched (temporary triggers on the writer's own connection) and records a salted SHA-256 of each of them, in one
/// entry of kind <c>state-change</c> and in the same transaction. Who changes a row by another way leaves no such entry, and the row's hash no longer
/// fits. Salts lie beside the rows and go with them, so that the ledger tells nothing of a text that was erased.
/// </remarks>
internal static class StateSeals
{
    public const string Schema = """
        CREATE TABLE IF NOT EXISTS state_seals (
            tbl TEXT NOT NULL,
            key TEXT NOT NULL,
            id TEXT NOT NULL,
            salt BLOB NOT NULL,
            entry INTEGER NOT NULL,
            PRIMARY KEY (tbl, key)
        ) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS digests (name TEXT PRIMARY KEY, sha256 TEXT NOT NULL) WITHOUT ROWID;
        """;

    /// <summary>Rows named in one entry; more make further entries.</summary>
    private const int RowsPerEntry = 1000;

    public static readonly SealedTable[] Tables =
    [
        new("case_studies", "slug", "case study"),
        new("tag_decisions", "id", "decision on a tag"),
        new("users", "id", "account", false, "last_seen", "stamp", "version"),
        new("user_links", "hash", "link to an account", true),
        new("answer_feedback", "id", "piece of feedback", true),
        new("user_logins", "provider, subject", "council account", true),
        new("case_study_versions", "slug, number", "version of a case study"),
        new("case_study_twins", "slug", "note that two case studies are one, of"),
        new("quarantine", "slug", "quarantine of the case study"),
        new("digests", "name", "digest of"),
    ];

    /// <summary>Tables whose rows are worked out from others and all written anew: one digest of them all is bound instead of each row.</summary>
    public static readonly (string Name, string Key, string What)[] Derived = [("corpus_tags", "slug", "The suggested tags were"), ("tag_figures", "id", "The tagger's figures were")];

    // "OR IGNORE" would not do: within a trigger the conflict rule of the statement that fired it counts.
    private static readonly string WatchSql = string.Join('\n', Tables.SelectMany(t => new[] { ("INSERT", "NEW"), ("UPDATE", "OLD"), ("UPDATE", "NEW"), ("DELETE", "OLD") }.Select(e => $"""
        CREATE TEMP TRIGGER watch_{t.Name}_{e.Item1}_{e.Item2} AFTER {e.Item1} ON {t.Name} BEGIN
            INSERT INTO changed_rows SELECT '{t.Name}', {t.KeySql(e.Item2 + ".")} WHERE NOT EXISTS (SELECT 1 FROM changed_rows WHERE tbl = '{t.Name}' AND key = {t.KeySql(e.Item2 + ".")});
        END;
        """)));

    /// <summary>From here on this transaction notes the rows that it touches.</summary>
    public static void Watch(SqliteConnection connection, SqliteTransaction transaction)
    {
        if (connection.ExecuteScalar<long>("SELECT count(*) FROM sqlite_temp_master WHERE name = 'changed_rows'", transaction: transaction) == 0)
        {
            connection.Execute("CREATE TEMP TABLE changed_rows (tbl TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (tbl, key)) WITHOUT ROWID;", transaction: transaction);
            connection.Execute(WatchSql, transaction: transaction);
        }
        else
        {
            connection.Execute("DELETE FROM temp.changed_rows", transaction: transaction);
        }
    }

    /// <summary>Appends the entries that bind the rows touched since <see cref="Watch"/>.</summary>
    /// <param name="append">Appends a draft within the transaction and gives its place.</param>
    /// <returns>Whether there was something to bind.</returns>
    public static bool Seal(SqliteConnection connection, SqliteTransaction transaction, Func<LedgerDraft, long> append)
    {
        var changed = connection.Query<(string Table, string Key)>("SELECT tbl, key FROM temp.changed_rows ORDER BY tbl, key", transaction: transaction).ToList();
        if (changed.Count == 0) return false;
        // What an earlier version stored is bound together with the first change.
        var adopted = connection.ExecuteScalar<long>("SELECT count(*) FROM ledger_entries WHERE kind = 'state-change'", transaction: transaction) == 0;
        if (adopted)
            changed = [.. changed.Union(Tables.SelectMany(t => connection.Query<string>($"SELECT {t.KeySql()} FROM {t.Name}", transaction: transaction).Select(k => (t.Name, k)))).Order()];

        var sealedBefore = new Dictionary<(string, string), (string Id, byte[] Salt, long Entry)>();
        var rows = new List<(SealedTable Table, string Key, string Id, byte[] Salt, string? Hash)>();
        foreach (var (name, key) in changed)
        {
            var table = Tables.Single(t => t.Name == name);
            var before = connection.QueryFirstOrDefault<(string? Id, byte[] Salt, long Entry)>("SELECT id, salt, entry FROM state_seals WHERE tbl = @name AND key = @key", new { name, key }, transaction);
            var row = ReadRows(connection, table, [key]).FirstOrDefault();
            if (row.Key is null && before.Id is null) continue;
            if (row.Key is not null && before.Id is not null && IsRecorded(connection, before.Entry, table, before.Id, Hash(table, row.Values, before.Salt), transaction)) continue;
            var id = before.Id ?? (table.KeyIsPersonal ? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)) : key);
            var salt = RandomNumberGenerator.GetBytes(16);
            rows.Add((table, key, id, salt, row.Key is null ? null : Hash(table, row.Values, salt)));
        }

        foreach (var part in rows.Chunk(RowsPerEntry))
        {
            var payload = new JsonObject { ["rows"] = new JsonArray([.. part.Select(r => (JsonNode)new JsonArray(r.Table.Name, r.Id, r.Hash))]) };
            if (adopted) payload["adopted"] = true;
            var entry = append(new LedgerDraft(LedgerKind.StateChange, "service", null, payload));
            connection.Execute("PRAGMA secure_delete = ON", transaction: transaction);
            connection.Execute("DELETE FROM state_seals WHERE tbl = @tbl AND key = @key", part.Select(r => new { tbl = r.Table.Name, key = r.Key }), transaction);
            connection.Execute("INSERT INTO state_seals (tbl, key, id, salt, entry) VALUES (@tbl, @key, @id, @salt, @entry)",
                part.Where(r => r.Hash is not null).Select(r => new { tbl = r.Table.Name, key = r.Key, id = r.Id, salt = r.Salt, entry }), transaction);
        }

        return rows.Count > 0;
    }

    /// <summary>Keeps the digest of a derived table, in the transaction that wrote it.</summary>
    public static void KeepDigest(SqliteConnection connection, SqliteTransaction transaction, string name) => connection.Execute(
        "INSERT INTO digests (name, sha256) VALUES (@name, @sha256) ON CONFLICT (name) DO UPDATE SET sha256 = excluded.sha256 WHERE sha256 <> excluded.sha256",
        new { name, sha256 = Digest(connection, name) }, transaction);

    /// <summary>Whether a derived table is as the service wrote it; one that was written before there were digests is taken as it is.</summary>
    public static bool FitsDigest(SqliteConnection connection, string name) =>
        connection.QueryFirstOrDefault<string>("SELECT sha256 FROM digests WHERE name = @name", new { name }) is not { } kept || kept == Digest(connection, name);

    private static string Digest(SqliteConnection connection, string name)
    {
        var table = new SealedTable(name, Derived.Single(d => d.Name == name).Key, "");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (_, values) in ReadRows(connection, table, null)) hash.AppendData(Encoding.ASCII.GetBytes(Hash(table, values, [])));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Keys of the rows that are not as the ledger last recorded them, with why.</summary>
    /// <param name="keys">Only these rows; null: all.</param>
    public static IReadOnlyDictionary<string, string> FindUnfit(SqliteConnection connection, string tableName, IReadOnlyCollection<string>? keys = null)
    {
        var unfit = new Dictionary<string, string>(StringComparer.Ordinal);
        if (connection.ExecuteScalar<long>("SELECT EXISTS (SELECT 1 FROM ledger_entries WHERE kind = 'state-change')") == 0) return unfit;
        var table = Tables.Single(t => t.Name == tableName);
        var seals = connection.Query<(string Key, string Id, byte[] Salt, long Entry)>("SELECT key, id, salt, entry FROM state_seals WHERE tbl = @tableName", new { tableName })
            .ToDictionary(s => s.Key, StringComparer.Ordinal);
        var recorded = seals.Values.Select(s => s.Entry).Distinct().ToDictionary(e => e, e => Recorded(connection, e));
        foreach (var (key, hash) in ReadRows(connection, table, keys).AsParallel().AsOrdered()
                     .Select(r => (r.Key, Hash: seals.TryGetValue(r.Key, out var seal) ? Hash(table, r.Values, seal.Salt) : null)))
        {
            if (hash is null) unfit[key] = "was added outside the service";
            else if (recorded[seals[key].Entry].GetValueOrDefault((table.Name, seals[key].Id)) != hash) unfit[key] = "was altered outside the service";
        }

        return unfit;
    }

    /// <summary>Everything in the bound tables that does not fit the ledger.</summary>
    public static IEnumerable<LedgerFinding> Verify(SqliteConnection connection)
    {
        var last = new Dictionary<(string Table, string Id), (string? Hash, long Entry)>();
        foreach (var (index, json) in connection.Query<(long Idx, string Json)>("SELECT idx, json FROM ledger_entries WHERE kind = 'state-change' ORDER BY idx", buffered: false))
        {
            foreach (var (row, hash) in Rows(json)) last[row] = (hash, index);
        }

        if (last.Count == 0) yield break;
        foreach (var table in Tables)
        {
            var seals = connection.Query<(string Key, string Id, byte[] Salt, long Entry)>("SELECT key, id, salt, entry FROM state_seals WHERE tbl = @Name", new { table.Name }).ToDictionary(s => s.Key, StringComparer.Ordinal);
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var (key, values) in ReadRows(connection, table, null))
            {
                if (!seals.TryGetValue(key, out var seal) || !last.TryGetValue((table.Name, seal.Id), out var recorded) || recorded.Hash is null)
                {
                    yield return new("state", null, "state-change", null, $"The {table.What} {Named(table, key)} was added outside the service: no entry of the ledger knows it. {Mend(table)}");
                    continue;
                }

                seen.Add(seal.Id);
                if (seal.Entry != recorded.Entry || Hash(table, values, seal.Salt) != recorded.Hash)
                    yield return new("state", recorded.Entry, "state-change", null, $"The {table.What} {Named(table, key)} was altered outside the service: it is not as entry {recorded.Entry} recorded it. {Mend(table)}");
            }

            foreach (var ((name, id), (hash, entry)) in last)
            {
                if (name == table.Name && hash is not null && !seen.Contains(id))
                    yield return new("state", entry, "state-change", null, $"A {table.What} ({id}) was removed outside the service: entry {entry} recorded it last. {Mend(table)}");
            }
        }

        foreach (var (name, _, what) in Derived)
        {
            if (!FitsDigest(connection, name)) yield return new("state", null, "state-change", null, $"{what} altered outside the service. They are worked out again at the next start.");
        }
    }

    // What names a person is told in part, as the log tells names: enough to find the row.
    private static string Named(SealedTable table, string key) => table.Name == "user_logins" ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..8] : key;

    private static string Mend(SealedTable table) => table.Name == "case_studies"
        ? "No answer quotes it. Read it again from its source: coopai ingest FILE."
        : "Restore a copy of the database from before.";

    private static Dictionary<(string Table, string Id), string?> Recorded(SqliteConnection connection, long entry, SqliteTransaction? transaction = null) =>
        connection.QueryFirstOrDefault<string>("SELECT json FROM ledger_entries WHERE idx = @entry AND kind = 'state-change'", new { entry }, transaction) is { } json
            ? Rows(json).GroupBy(r => r.Row).ToDictionary(g => g.Key, g => g.Last().Hash) : [];

    private static bool IsRecorded(SqliteConnection connection, long entry, SealedTable table, string id, string hash, SqliteTransaction transaction) =>
        Recorded(connection, entry, transaction).GetValueOrDefault((table.Name, id)) == hash;

    private static List<((string Table, string Id) Row, string? Hash)> Rows(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return [.. document.RootElement.GetProperty("payload").GetProperty("rows").EnumerateArray().Select(r => ((r[0].GetString()!, r[1].GetString()!), r[2].GetString()))];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or IndexOutOfRangeException)
        {
            // An altered entry is named by the check of the entries; here it vouches for nothing.
            return [];
        }
    }

    private static IEnumerable<(string Key, IReadOnlyList<(string Column, object Value)> Values)> ReadRows(
        SqliteConnection connection, SealedTable table, IReadOnlyCollection<string>? keys)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {table.KeySql()}, * FROM {table.Name}" + (keys is null ? "" : $" WHERE {table.KeySql()} = @key") + $" ORDER BY {table.Key}";
        foreach (var key in keys ?? [""])
        {
            command.Parameters.Clear();
            if (keys is not null) command.Parameters.AddWithValue("@key", key);
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                var values = new List<(string, object)>(reader.FieldCount);
                for (var i = 1; i < reader.FieldCount; i++)
                {
                    if (!reader.IsDBNull(i)) values.Add((reader.GetName(i), reader.GetValue(i)));
                }

                yield return (reader.IsDBNull(0) ? "" : reader.GetString(0), values);
            }
        }
    }

    /// <summary>SHA-256 over the salt and, in order of their names, the columns that hold something: a column added by a later version changes no hash while it is empty.</summary>
    private static string Hash(SealedTable table, IReadOnlyList<(string Column, object Value)> values, byte[] salt)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(salt);
        foreach (var (column, value) in values.Where(v => !table.Volatile.Contains(v.Column, StringComparer.Ordinal)).OrderBy(v => v.Column, StringComparer.Ordinal))
        {
            Add(Encoding.UTF8.GetBytes(column));
            Add(value switch
            {
                byte[] blob => blob,
                long number => Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture)),
                double number => Encoding.ASCII.GetBytes(number.ToString("R", CultureInfo.InvariantCulture)),
                _ => Encoding.UTF8.GetBytes(Convert.ToString(value, CultureInfo.InvariantCulture)!),
            });
            hash.AppendData([(byte)value.GetType().Name[0]]);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Add(byte[] bytes)
        {
            Span<byte> length = stackalloc byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }
    }
}
