namespace CoopAI.Adapters;

/// <summary>Writes a small file whole or not at all: into a file beside it, flushed to the disk, then put in its place.</summary>
public static class SmallFile
{
    /// <summary>Only the owner may read and write.</summary>
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Writes or replaces a file.</summary>
    /// <param name="mode">Who may read it, where the system knows such modes.</param>
    /// <param name="overwrite">False: a file that is there stays, and the caller finds it there.</param>
    /// <exception cref="IOException">The folder cannot be written or the disk is full; the old file is as it was.</exception>
    public static void Write(string path, string text, UnixFileMode mode = OwnerOnly, bool overwrite = true)
    {
        var made = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            // Set when the file is made, so that there is no moment in which others could read it.
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = mode;
            using (var file = new FileStream(made, options))
            {
                using var writer = new StreamWriter(file);
                writer.Write(text);
                writer.Flush();
                file.Flush(flushToDisk: true);
            }

            File.Move(made, path, overwrite);
        }
        finally
        {
            File.Delete(made);
        }
    }
}
