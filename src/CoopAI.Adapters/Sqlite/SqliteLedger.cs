using System.Security.Cryptography;
using System.Text;
using CoopAI.Core;
using CoopAI.Core.Ledger;
using CoopAI.Core.Ledger.Proof;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CoopAI.Adapters.Sqlite;

/// <summary>The ledger in the database, and its key beside it.</summary>
/// <remarks>
/// One transaction stores the entry, its record, its texts, the tree's new nodes and the signed head, and takes the write lock before it reads
/// the last head: several processes queue up and none can fork the ledger. The transaction is synchronised to the disk before
/// <see cref="Append(LedgerDraft)"/> returns.
/// </remarks>
public sealed partial class SqliteLedger : ILedger, ILedgerReader, IDisposable
{
    internal const string Schema = """
        CREATE TABLE IF NOT EXISTS ledger_entries (idx INTEGER PRIMARY KEY, kind TEXT NOT NULL, subject TEXT, json TEXT NOT NULL);
        CREATE INDEX IF NOT EXISTS ledger_entries_by_kind ON ledger_entries (kind, subject, idx);
        CREATE UNIQUE INDEX IF NOT EXISTS ledger_answers ON ledger_entries (subject) WHERE kind = 'answer';
        CREATE TABLE IF NOT EXISTS ledger_nodes (level INTEGER NOT NULL, idx INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (level, idx)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS ledger_heads (size INTEGER PRIMARY KEY, json TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS ledger_records (idx INTEGER PRIMARY KEY, subject TEXT NOT NULL, json TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS ledger_texts (idx INTEGER NOT NULL, name TEXT NOT NULL, text TEXT NOT NULL, salt BLOB NOT NULL, PRIMARY KEY (idx, name)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS ledger_published (target TEXT PRIMARY KEY, size INTEGER NOT NULL) WITHOUT ROWID;
        """;

    private readonly CoopDatabase _database;
    private readonly TimeProvider _clock;
    private readonly Action<byte[]> _salt;
    private readonly Action<LedgerDraft> _door;
    private readonly HeadPublisher? _publisher;
    private readonly Lock _keyLock = new();
    private LedgerSigner? _signer;

    /// <param name="database">Where everything lies.</param>
    /// <param name="options">Key file, publishing, retention.</param>
    /// <param name="clock">Time of the entries.</param>
    /// <param name="log">Takes one line for each failure to publish; null: nobody listens.</param>
    /// <param name="salt">Fills salts; the system's random source unless given.</param>
    /// <param name="door">Looks at each draft before it is kept, and throws what it refuses: the last door that personal data could come through. Null: none does.</param>
    public SqliteLedger(CoopDatabase database, LedgerOptions options, TimeProvider clock, Action<string>? log = null, Action<byte[]>? salt = null, Action<LedgerDraft>? door = null)
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentNullException.ThrowIfNull(options);
        _database = database;
        _clock = clock;
        _salt = salt ?? (bytes => RandomNumberGenerator.Fill(bytes));
        _door = door ?? (_ => { });
        Options = options;
        database.Seal = (connection, transaction) => StateSeals.Seal(connection, transaction, draft => Append(connection, transaction, draft).Index);
        var directory = Path.GetDirectoryName(database.Path)!;
        Key = new(Path.Combine(directory, options.KeyFile ?? LedgerKeyFile.DefaultName));
        if (options is { Publishes: true, PublishTo: { } target })
            _publisher = new(this, options.PublishesToAddress ? target : Path.GetFullPath(Path.Combine(directory, target)), options, log ?? (_ => { }));
        database.Bound = () => _publisher?.Signal();
    }

    public LedgerOptions Options { get; }

    public LedgerKeyFile Key { get; }

    /// <summary>Loads the key, or makes it when the ledger is still empty, so that a host with a missing or wrong key does not start.</summary>
    /// <exception cref="BadInputException">As for <see cref="LedgerKeyFile.Load"/>.</exception>
    public LedgerPublicKey EnsureKey() => Signer(Head()?.KeyId).Public;

    /// <inheritdoc/>
    public LedgerPublicKey PublicKey => EnsureKey();

    /// <inheritdoc/>
    public Receipt Append(LedgerDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        return Append(_ => draft);
    }

    /// <inheritdoc/>
    public Receipt Append(Func<LedgerPlace, LedgerDraft> draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var receipt = _database.Write((connection, transaction) => Append(connection, transaction, draft));
        _publisher?.Signal();
        return receipt;
    }

    /// <summary>Records an entry together with what it is about, in one commit: neither is ever there without the other.</summary>
    internal Receipt Append(LedgerDraft draft, Action<SqliteConnection, SqliteTransaction> store)
    {
        var receipt = _database.Write((connection, transaction) =>
        {
            store(connection, transaction);
            return Append(connection, transaction, draft);
        });
        _publisher?.Signal();
        return receipt;
    }

    /// <summary>Gives the ledger a new key, and records the change in an entry signed with it.</summary>
    /// <param name="lost">The old key is gone: the entry then carries no signature of it, and says so.</param>
    /// <exception cref="BadInputException">The ledger is still empty, the old key is not there though it is not called lost, or author or reason is empty.</exception>
    public Receipt RotateKey(bool lost, string author, string reason)
    {
        lock (_keyLock)
        {
            var head = Head() ?? throw new BadInputException("The ledger is empty: there is no key to change yet.");
            using var old = lost ? null : Key.Load(head.KeyId);
            // Refused before a key is made, so that a wrong call leaves nothing behind.
            _door(new LedgerDraft(LedgerKind.KeyRotation, "administrator", null, []) { Texts = LedgerDraft.By(author, reason, "A change of the ledger's key") });
            var next = Key.CreateNext();
            var receipt = _database.Write((connection, transaction) =>
            {
                if (LastHead(connection)!.KeyId != head.KeyId)
                    throw new BadInputException("Another process has just changed the ledger's key. Nothing was done; look at \"coopai ledger list\" first.");
                return Store(connection, transaction, KeyRotation.Next(head.KeyId, old, next.Public, author, reason), LastHead(connection), next);
            });
            Key.Adopt(next.Public.Id);
            _signer?.Dispose();
            _signer = next;
            _publisher?.Signal();
            return receipt;
        }
    }

    internal void SignalPublisher() => _publisher?.Signal();

    public void Dispose()
    {
        _publisher?.Dispose();
        _signer?.Dispose();
    }

    internal Receipt Append(SqliteConnection connection, SqliteTransaction transaction, LedgerDraft draft) => Append(connection, transaction, _ => draft);

    private Receipt Append(SqliteConnection connection, SqliteTransaction transaction, Func<LedgerPlace, LedgerDraft> draft)
    {
        var last = LastHead(connection);
        var signer = Signer(last?.KeyId);
        if (last is null)
        {
            Store(connection, transaction, KeyRotation.First(signer.Public), null, signer);
            last = LastHead(connection);
        }
        var stored = connection.QueryFirstOrDefault<string>("SELECT json FROM ledger_entries ORDER BY idx DESC LIMIT 1");
        var previous = stored is null ? null : Convert.ToHexStringLower(MerkleTree.LeafHash(Encoding.UTF8.GetBytes(stored)));
        return Store(connection, transaction, draft(new(last!.Size, last.Leaf, previous)), last, signer);
    }

    private Receipt Store(SqliteConnection connection, SqliteTransaction transaction, LedgerDraft draft, SignedHead? last, LedgerSigner signer)
    {
        _door(draft);
        if (draft.Kind == LedgerKind.Answer && draft.Subject is not null
            && connection.ExecuteScalar<long>("SELECT count(*) FROM ledger_entries WHERE kind = 'answer' AND subject = @subject", new { subject = draft.Subject }) > 0)
        {
            throw new BadInputException($"The answer {draft.Subject} is in the ledger already; an answer is recorded once.");
        }

        var append = LedgerAppend.Prepare(draft, last, Nodes(connection), _clock.GetUtcNow(), signer, _salt);
        var idx = append.Entry.Index;
        connection.Execute("INSERT INTO ledger_entries (idx, kind, subject, json) VALUES (@idx, @kind, @subject, @json)",
            new { idx, kind = LedgerEntry.Word(draft.Kind), subject = draft.Subject, json = Encoding.UTF8.GetString(append.Entry.Canonical.Span) }, transaction);
        if (append.Record is not null)
        {
            connection.Execute("INSERT INTO ledger_records (idx, subject, json) VALUES (@idx, @subject, @json)",
                new { idx, subject = draft.Subject, json = Encoding.UTF8.GetString(append.Record) }, transaction);
        }
        foreach (var text in append.Texts)
        {
            connection.Execute("INSERT INTO ledger_texts (idx, name, text, salt) VALUES (@idx, @name, @text, @salt)",
                new { idx, name = text.Name, text = text.Text, salt = text.Salt }, transaction);
        }
        foreach (var node in append.Nodes)
        {
            connection.Execute("INSERT INTO ledger_nodes (level, idx, hash) VALUES (@level, @idx, @hash)",
                new { level = node.Level, idx = node.Index, hash = node.Hash }, transaction);
        }
        connection.Execute("INSERT INTO ledger_heads (size, json) VALUES (@size, @json)",
            new { size = append.Head.Size, json = Encoding.UTF8.GetString(append.Head.Canonical()) }, transaction);
        return append.Receipt;
    }

    private LedgerSigner Signer(string? signedBy)
    {
        lock (_keyLock)
        {
            if (_signer is null || (signedBy is not null && _signer.Public.Id != signedBy))
            {
                // Another process may have changed the key and its file.
                _signer?.Dispose();
                _signer = null;
                _signer = Key.Load(signedBy);
            }
            return _signer;
        }
    }

    private static SignedHead? LastHead(SqliteConnection connection) =>
        connection.QueryFirstOrDefault<string>("SELECT json FROM ledger_heads ORDER BY size DESC LIMIT 1") is { } json ? ParseHead(json) : null;

    private static SignedHead ParseHead(string json)
    {
        try
        {
            return SignedHead.Parse(Encoding.UTF8.GetBytes(json));
        }
        catch (FormatException e)
        {
            throw Damaged(e);
        }
    }

    private static MerkleNodes Nodes(SqliteConnection connection) => (level, index) =>
        connection.QueryFirstOrDefault<byte[]>("SELECT hash FROM ledger_nodes WHERE level = @level AND idx = @index", new { level, index }) is { Length: MerkleTree.HashSize } hash
            ? hash : throw Damaged(null);

    private static BadInputException Damaged(Exception? inner) =>
        new("The stored ledger is damaged, so nothing is added to it and no proof made. Run \"coopai ledger verify\" to see what was altered.", inner);
}
