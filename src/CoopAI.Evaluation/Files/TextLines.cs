using System.Text;

namespace CoopAI.Evaluation.Files;

/// <summary>Reads the lines of a text file with their numbers, whatever wrote it.</summary>
/// <remarks>
/// UTF-8, with or without a byte-order mark; lines end with LF, CRLF or CR. Blank lines are skipped and still counted.
/// A line may hold <see cref="MaxLineBytes"/> bytes.
/// </remarks>
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
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new EvaluationInputException(path, null, Directory.Exists(path)
                ? "this is a folder; name a file in it."
                : File.Exists(path) ? $"the file cannot be read ({e.Message})" : "there is no such file.", e);
        }

        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
            throw new EvaluationInputException(path, 1, "the file is UTF-16; save it as UTF-8.");
        return Split(path, bytes);
    }

    private static IEnumerable<(int Number, string Text)> Split(string path, byte[] bytes)
    {
        var start = bytes is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0;
        for (var number = 1; start < bytes.Length; number++)
        {
            var length = bytes.AsSpan(start).IndexOfAny((byte)'\n', (byte)'\r');
            var end = length < 0 ? bytes.Length : start + length;
            var text = Decode(path, number, bytes.AsSpan(start, end - start));
            start = end + (end + 1 < bytes.Length && bytes[end] == '\r' && bytes[end + 1] == '\n' ? 2 : 1);
            if (!string.IsNullOrWhiteSpace(text)) yield return (number, text);
        }
    }

    private static string Decode(string path, int number, ReadOnlySpan<byte> line)
    {
        if (line.Length > MaxLineBytes)
            throw new EvaluationInputException(path, number, $"the line is longer than {MaxLineBytes >> 20} MiB.");
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
