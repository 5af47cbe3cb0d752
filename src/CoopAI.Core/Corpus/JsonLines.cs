namespace CoopAI.Core.Corpus;

/// <summary>Splits a stream into lines of bytes, with a limit, so that no line can fill the memory.</summary>
public static class JsonLines
{
    /// <summary>Numbered lines (from 1) without their ends and without a leading byte-order mark; blank ones are passed over; null for a line over <paramref name="maxBytes"/>.</summary>
    /// <remarks>Lines end at LF, CR or CR LF.</remarks>
    public static IEnumerable<(int Number, byte[]? Bytes)> Read(Stream stream, int maxBytes)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var buffer = new byte[64 * 1024];
        var line = new List<byte>();
        var (number, over, afterReturn) = (1, false, false);
        int count;
        while ((count = stream.Read(buffer, 0, buffer.Length)) > 0)
        {
            for (var i = 0; i < count; i++)
            {
                var b = buffer[i];
                if (b == (byte)'\n' && afterReturn)
                {
                    afterReturn = false;
                    continue;
                }

                afterReturn = b == (byte)'\r';
                if (b is not ((byte)'\n' or (byte)'\r'))
                {
                    if (line.Count < maxBytes) line.Add(b);
                    else over = true;
                    continue;
                }

                if (Finished(line, number, over) is { } finished) yield return finished;
                number++;
                over = false;
                line.Clear();
            }
        }

        if (Finished(line, number, over) is { } last) yield return last;
    }

    private static (int, byte[]?)? Finished(List<byte> line, int number, bool over)
    {
        if (over) return (number, null);
        var bytes = line.ToArray();
        if (number == 1 && bytes.AsSpan().StartsWith("\uFEFF"u8)) bytes = bytes[3..];
        return bytes.All(b => b is (byte)' ' or (byte)'\t') ? null : (number, bytes);
    }
}
