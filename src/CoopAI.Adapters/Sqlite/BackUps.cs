using System.Globalization;
using CoopAI.Core;
using CoopAI.Core.Ledger.Proof;
using Dapper;
using Microsoft.Data.Sqlite;

namespace CoopAI.Adapters.Sqlite;

/// <summary>Copies the database while it is in use, and puts a copy back.</summary>
/// <remarks>A copy holds everything but the key that signs the record, which stays beside the database: whoever has a copy alone can alter nothing unseen.</remarks>
public sealed class BackUps(CoopDatabase database, SqliteLedger ledger)
{
    private static readonly TimeSpan WaitForWriters = TimeSpan.FromSeconds(30);

    /// <summary>Writes one consistent state into a new file that its owner alone can read.</summary>
    public void Write(string path)
    {
        using (CreatePrivate(path))
        {
            // Made first, so that at no time others can read it.
        }

        using var source = database.Connect();
        using var target = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        target.Open();
        source.BackupDatabase(target);
    }

    /// <summary>Puts a copy in the place of everything that is stored now, in one step: whoever reads sees the old state or the new one.</summary>
    /// <returns>How many entries the record had before and has now.</returns>
    /// <exception cref="BadInputException">The file is no copy of this service, is damaged, of a newer version, signed with another key, or its record was altered. Nothing was changed.</exception>
    public (long Before, long After) Restore(string path)
    {
        var directory = Directory.CreateTempSubdirectory("coopai-restore-");
        try
        {
            var copy = Path.Combine(directory.FullName, CoopDatabase.FileName);
            File.Copy(path, copy);
            var before = ledger.Head();
            long after;
            // Opening brings an older copy up to date and refuses a foreign or newer one.
            var restored = CoopDatabase.Open(directory.FullName);
            try
            {
                if (restored.CheckIntegrity() is { Count: > 0 } faults) throw new BadInputException($"The copy is damaged: {faults[0]}");
                using var restoredLedger = new SqliteLedger(restored, new LedgerOptions { KeyFile = ledger.Key.Path, PublishTo = "none" }, TimeProvider.System);
                if (restoredLedger.Head() is { } head)
                {
                    if (before is not null && head.KeyId != before.KeyId)
                        throw new BadInputException("The copy was signed with another key. Put that key’s file in the place of the present one first, with the service stopped.");
                    if (restoredLedger.Verify() is { Findings: { Count: > 0 } findings }) throw new BadInputException($"The record in the copy was altered: {findings[0].Message}");
                }

                after = restoredLedger.Head()?.Size ?? 0;
                using var source = restored.Connect();
                using var target = database.Connect();
                // SQLite refuses to write over a file that somebody else writes; this waits for them.
                target.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA busy_timeout = {(int)WaitForWriters.TotalMilliseconds};"));
                source.BackupDatabase(target);
            }
            finally
            {
                restored.ReleaseFile();
            }

            return (before?.Size ?? 0, after);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    /// <summary>Makes a file that its owner alone can read.</summary>
    public static FileStream CreatePrivate(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    /// <summary>A name for a copy made now.</summary>
    public static string NameAt(DateTimeOffset now) => string.Create(CultureInfo.InvariantCulture, $"coopai-{now.UtcDateTime:yyyy-MM-dd-HHmm}.db");
}
