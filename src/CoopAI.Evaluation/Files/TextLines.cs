using System.Text;

namespace CoopAI.Evaluation.Files;

/// <summary>Reads the lines of a text file with their numbers, whatever wrote it.</summary>
/// <remarks>UTF-8, with or without a byte-order mark; lines end with LF, CRLF or CR. Blank lines are skipped and still counted.</remarks>
public static class TextLines
{
    /// <summary>16 MiB: longer than any case study, short enough to refuse a file that is no text.</summary>
    public const int MaxLineBytes = 16 << 20;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The lines that hold something, in file order, each with its 1-based number.</summary>
    /// <exception cref="EvaluationInputException">The file is missing, cannot be read, or is not UTF-8 text.</exception>
    public static IEnumerable<(int Number, string Text)> Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var stream = Open(path);
        foreach (var (number, bytes) in Core.Corpus.JsonLines.Read(stream, MaxLineBytes))
        {
            var text = bytes is null
                ? throw new EvaluationInputException(path, number, $"the line is longer than {MaxLineBytes >> 20} MiB.")
                : Decode(path, number, bytes);
            if (!string.IsNullOrWhiteSpace(text)) yield return (number, text);
        }
    }

    private static FileStream Open(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new EvaluationInputException(path, null, Directory.Exists(path)
                ? "this is a folder; name a file in it."
                : File.Exists(path) ? $"the file cannot be read ({e.Message})" : "there is no such file.", e);
        }
    }

    private static string Decode(string path, int number, byte[] line)
    {
        if (number == 1 && line is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
            throw new EvaluationInputException(path, 1, "the file is UTF-16; save it as UTF-8.");
        if (line.Contains((byte)0))
            throw new EvaluationInputException(path, number, "there is a zero byte; this is not a text file.");
        try
        {
            return Strict.GetString(line);
        }
        catch (DecoderFallbackException e)
        {
            throw new EvaluationInputException(path, number, "the bytes are not UTF-8; save the file as UTF-8.", e);
        }
    }
}
