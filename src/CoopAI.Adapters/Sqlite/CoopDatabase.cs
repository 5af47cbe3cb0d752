using CoopAI.Core;
using CoopAI.Core.Corpus;
using Microsoft.Data.Sqlite;

namespace CoopAI.Adapters.Sqlite;

/// <summary>The one SQLite file that holds everything the service keeps: case studies with their vectors, decisions, reviews and the ledger.</summary>
/// <remarks>
/// Write-ahead log and full synchronisation: a transaction that was committed survives a kill or a power cut, one that was not leaves
/// nothing. Several processes may use the file at once; writers wait up to <see cref="BusySeconds"/> for each other.
/// </remarks>
public sealed class CoopDatabase
{
    public const string FileName = "coopai.db";

    /// <summary>Version of the tables below. A file of a newer version is refused, never converted down.</summary>
    /// <remarks>2: sentence vectors in 8 bits instead of 16. 3: whole suggestions of the tagger, not the given tags alone. 4: what binds rows to the ledger.
    /// 5: accounts as Identity keeps them. 6: versions of case studies, and imports. 7: digests of derived rows, and case studies in quarantine. 8: which answers an account asked for.</remarks>
    public const int SchemaVersion = 8;

    public const int BusySeconds = 30;

    // "CoAI" in ASCII: SQLite's mark for files of one application.
    private const int ApplicationId = 0x436F4149;

    private static readonly string[] SchemaParts = [CaseStudyLibrary.Schema, CaseStudyHistory.Schema, WebPages.Schema, TagDecisionStore.Schema, TagBook.Schema, SqliteLedger.Schema, FeedbackBook.Schema, AccountStore.Schema, QuestionShelf.Schema, StateSeals.Schema];

    private const UnixFileMode OwnerOnlyFolder = SmallFile.OwnerOnly | UnixFileMode.UserExecute;

    private readonly string _connectionString;

    private CoopDatabase(string path)
    {
        Path = path;
        _connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWriteCreate,
            ForeignKeys = true,
            DefaultTimeout = BusySeconds,
            Pooling = true,
        }.ToString();
    }

    /// <summary>Absolute path of the file.</summary>
    public string Path { get; }

    /// <summary>Records the rows that a write touched, before it is committed, and says whether there were any. Null: nobody does, and the ledger's verification names those rows.</summary>
    internal Func<SqliteConnection, SqliteTransaction, bool>? Seal { get; set; }

    /// <summary>Looks at each case study that is stored and says why it has to wait for a person; null: nothing waits.</summary>
    public Func<CaseStudy, IReadOnlyList<string>>? Look { get; set; }

    /// <summary>Called after a commit that added such entries.</summary>
    internal Action? Bound { get; set; }

    /// <summary>Opens the database in <paramref name="directory"/>, creating both when they are missing.</summary>
    /// <exception cref="BadInputException">The directory cannot be written, or the file is damaged, foreign or of a newer version. The file is left as it was.</exception>
    public static CoopDatabase Open(string directory)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        var path = System.IO.Path.GetFullPath(System.IO.Path.Combine(directory, FileName));
        try
        {
            var folder = System.IO.Path.GetDirectoryName(path)!;
            // Questions, password hashes and names lie here: nobody else on this machine has a use for them.
            if (OperatingSystem.IsWindows() || Directory.Exists(folder)) Directory.CreateDirectory(folder);
            else Directory.CreateDirectory(folder, OwnerOnlyFolder);
            if (!OperatingSystem.IsWindows())
            {
                if (!File.Exists(path)) new FileStream(path, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, Share = FileShare.ReadWrite, UnixCreateMode = SmallFile.OwnerOnly }).Dispose();
                else if ((File.GetUnixFileMode(path) & ~SmallFile.OwnerOnly) != 0) File.SetUnixFileMode(path, SmallFile.OwnerOnly);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"The data directory {directory} cannot be made or written: {e.Message} Choose another with --data DIR.", e);
        }

        var database = new CoopDatabase(path);
        Guard(path, () =>
        {
            using var connection = database.Connect();
            Prepare(connection, path);
        });
        return database;
    }

    /// <summary>An open connection from the pool; the caller disposes of it.</summary>
    public SqliteConnection Connect()
    {
        var connection = new SqliteConnection(_connectionString);
        try
        {
            connection.Open();
            Execute(connection, "PRAGMA synchronous = FULL;");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Runs <paramref name="work"/> in one transaction that takes the write lock at once, so that what it reads cannot change before it writes.</summary>
    public T Write<T>(Func<SqliteConnection, SqliteTransaction, T> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        T result = default!;
        Guard(Path, () =>
        {
            using var connection = Connect();
            using var transaction = connection.BeginTransaction(deferred: false);
            StateSeals.Watch(connection, transaction);
            result = work(connection, transaction);
            var bound = Seal?.Invoke(connection, transaction) ?? false;
            transaction.Commit();
            if (bound) Bound?.Invoke();
        });
        return result;
    }

    /// <inheritdoc cref="Write{T}"/>
    public void Write(Action<SqliteConnection, SqliteTransaction> work) => Write((connection, transaction) =>
    {
        work(connection, transaction);
        return true;
    });

    /// <summary>Runs <paramref name="work"/> against one consistent state of the database.</summary>
    public T Read<T>(Func<SqliteConnection, T> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        T result = default!;
        Guard(Path, () =>
        {
            using var connection = Connect();
            using var transaction = connection.BeginTransaction(deferred: true);
            result = work(connection);
        });
        return result;
    }

    /// <summary>What SQLite finds wrong with the file; empty: sound.</summary>
    public IReadOnlyList<string> CheckIntegrity()
    {
        try
        {
            using var connection = Connect();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA integrity_check(20);";
            using var reader = command.ExecuteReader();
            var found = new List<string>();
            while (reader.Read())
            {
                if (reader.GetString(0) is var line && line != "ok") found.Add(line);
            }

            return found;
        }
        catch (SqliteException e)
        {
            return [e.Message];
        }
    }

    /// <summary>Gives the file's connections back, so that it can be moved or deleted.</summary>
    public void ReleaseFile()
    {
        using var connection = new SqliteConnection(_connectionString);
        SqliteConnection.ClearPool(connection);
    }

    private static void Prepare(SqliteConnection connection, string path)
    {
        // The tables first: when another process makes the file between these lines, its mark is there by the time it is looked for.
        var tables = Scalar(connection, "SELECT count(*) FROM sqlite_master;");
        var application = Scalar(connection, "PRAGMA application_id;");
        var version = Scalar(connection, "PRAGMA user_version;");
        if (tables > 0 && application != ApplicationId)
            throw new BadInputException($"{path} is a database of another program. Move it away, or choose another place with --data DIR.");
        if (version > SchemaVersion)
        {
            throw new BadInputException(
                $"{path} was written by a newer CoopAI (tables version {version}; this one knows {SchemaVersion}). Use that version, or choose another place with --data DIR.");
        }

        if (version == SchemaVersion) return;

        Execute(connection, "PRAGMA journal_mode = WAL;");
        using var transaction = connection.BeginTransaction(deferred: false);
        // Another process may have been here first: "IF NOT EXISTS" makes the second time harmless.
        foreach (var part in SchemaParts) Execute(connection, part, transaction);
        AccountStore.TakeEarlierAccounts(connection, transaction);
        if (version == 1) CaseStudyLibrary.UpgradeFrom1(connection, transaction);
        Execute(connection, $"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {SchemaVersion};", transaction);
        transaction.Commit();
    }

    private static void Guard(string path, Action work)
    {
        try
        {
            work();
        }
        catch (SqliteException e)
        {
            throw e.SqliteErrorCode switch
            {
                11 or 26 => new BadInputException(
                    $"{path} is damaged or not a database ({e.Message}). It was left as it is. Restore a copy, or move it away and start again: the shipped case studies are loaded anew.", e),
                8 => new BadInputException($"{path} cannot be written: the disk or file is read-only. Choose another place with --data DIR.", e),
                13 => new BadInputException($"The disk is full: nothing was stored in {path}. Free some space and try again.", e),
                14 => new BadInputException($"{path} cannot be opened. Check that the directory exists and that you may write there, or choose another place with --data DIR.", e),
                5 or 6 => new BadInputException($"{path} is in use by another process that has not finished within {BusySeconds} seconds. Try again when it has.", e),
                10 => new BadInputException($"{path} cannot be read or written ({e.Message}). Check the disk.", e),
                _ => e,
            };
        }
    }

    private static long Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private static void Execute(SqliteConnection connection, string sql, SqliteTransaction? transaction = null)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        command.ExecuteNonQuery();
    }
}
