using CoopAI.Adapters.Sqlite;

namespace CoopAI.Cli;

/// <summary>A working copy of a data directory that may only be read, so that an auditor can verify a copy on a read-only disk. Removed when disposed of.</summary>
internal sealed class AuditCopy : IDisposable
{
    private AuditCopy(string directory) => Directory = directory;

    public string Directory { get; }

    /// <summary>Makes one when the database cannot be written; null: it can.</summary>
    /// <remarks>SQLite has to replay the write-ahead log before it can read, which it does by writing.</remarks>
    public static AuditCopy? IfReadOnly(string directory)
    {
        var database = Path.Combine(directory, CoopDatabase.FileName);
        try
        {
            using var file = File.OpenHandle(database, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            using var probe = new FileStream(Path.Combine(directory, $".{Guid.NewGuid():N}.tmp"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            return null;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            return Make(directory);
        }
    }

    /// <summary>Copies what verification reads: the database with its log, the public key and the published heads.</summary>
    internal static AuditCopy Make(string directory)
    {
        var copy = new AuditCopy(System.IO.Directory.CreateTempSubdirectory("coopai-audit-").FullName);
        string[] names = [CoopDatabase.FileName, CoopDatabase.FileName + "-wal", Path.ChangeExtension(LedgerKeyFile.DefaultName, ".pub.pem"), LedgerOptions.DefaultHeads];
        foreach (var name in names)
        {
            var from = Path.Combine(directory, name);
            if (!File.Exists(from)) continue;
            var to = Path.Combine(copy.Directory, name);
            File.Copy(from, to);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(to, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return copy;
    }

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        System.IO.Directory.Delete(Directory, recursive: true);
    }
}
