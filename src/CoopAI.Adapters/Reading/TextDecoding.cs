using System.Text;

namespace CoopAI.Adapters.Reading;

/// <summary>Bytes to text: UTF-8 with or without mark, UTF-16 with or without mark, else Windows-1252.</summary>
internal static class TextDecoding
{
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    // 0x80 to 0x9F, where Windows-1252 differs from Latin-1; the five that it leaves open are refused.
    private const string Windows1252 = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";

    /// <param name="declared">What the document says of itself, such as <c>iso-8859-1</c>; looked at only when the bytes are not UTF-8.</param>
    /// <exception cref="UnreadableDocumentException">The bytes are no text.</exception>
    public static string Decode(ReadOnlySpan<byte> bytes, string? declared = null)
    {
        var text = bytes switch
        {
            [0xEF, 0xBB, 0xBF, ..] => Strict(bytes[3..], "UTF-8"),
            [0xFF, 0xFE, 0, 0, ..] or [0, 0, 0xFE, 0xFF, ..] => throw new UnreadableDocumentException("the text is UTF-32. Save it as UTF-8."),
            [0xFF, 0xFE, ..] => Utf16(bytes[2..], bigEndian: false),
            [0xFE, 0xFF, ..] => Utf16(bytes[2..], bigEndian: true),
            _ when LooksLikeUtf16(bytes) is { } big => Utf16(bytes, big),
            _ => Try(bytes) ?? Single(bytes, declared),
        };
        return text.AsSpan().ContainsAny(NotText)
            ? throw new UnreadableDocumentException(FormattableString.Invariant($"character {text.AsSpan().IndexOfAny(NotText) + 1} is not text. Save the file as plain text, HTML, Word or PDF."))
            : text;
    }

    // Control characters that no text holds; tab, line ends and form feed may stand.
    private static readonly System.Buffers.SearchValues<char> NotText = System.Buffers.SearchValues.Create("\0\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u000e\u000f\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001c");

    private static string Strict(ReadOnlySpan<byte> bytes, string name) =>
        Try(bytes) ?? throw new UnreadableDocumentException(FormattableString.Invariant($"it is marked as {name}, but byte {FirstBad(bytes) + 1} is not. Save it as UTF-8."));

    private static string? Try(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Utf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>Offset of the first byte that is not UTF-8; -1: all are.</summary>
    public static int FirstBad(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (at < bytes.Length)
        {
            if (Rune.DecodeFromUtf8(bytes[at..], out _, out var used) != System.Buffers.OperationStatus.Done) return at;
            at += used;
        }

        return -1;
    }

    private static string Utf16(ReadOnlySpan<byte> bytes, bool bigEndian)
    {
        try
        {
            return new UnicodeEncoding(bigEndian, false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw new UnreadableDocumentException(FormattableString.Invariant($"it is UTF-16, but broken at byte {e.Index + 1}. Save it as UTF-8."), e);
        }
    }

    // English text in UTF-16 has a zero in nearly every other byte; UTF-8 and Windows-1252 have none.
    private static bool? LooksLikeUtf16(ReadOnlySpan<byte> bytes)
    {
        var sample = bytes[..Math.Min(bytes.Length / 2 * 2, 4096)];
        if (sample.Length < 4) return null;
        var (even, odd) = (0, 0);
        for (var i = 0; i < sample.Length; i += 2)
        {
            if (sample[i] == 0) even++;
            if (sample[i + 1] == 0) odd++;
        }

        var half = sample.Length / 2;
        return odd > half * 0.4 && even < half * 0.1 ? false : even > half * 0.4 && odd < half * 0.1 ? true : null;
    }

    private static string Single(ReadOnlySpan<byte> bytes, string? declared)
    {
        if (declared is not null && declared.Contains("utf-8", StringComparison.OrdinalIgnoreCase) && FirstBad(bytes) is var at && !IsMostlyLatin(bytes))
            throw new UnreadableDocumentException(FormattableString.Invariant($"it says that it is UTF-8, but byte {at + 1} is not. Save it as UTF-8."));
        var text = new StringBuilder(bytes.Length);
        for (var i = 0; i < bytes.Length; i++)
        {
            var c = bytes[i] is >= 0x80 and < 0xA0 ? Windows1252[bytes[i] - 0x80] : (char)bytes[i];
            if (c is >= '\u0080' and < '\u00A0')
                throw new UnreadableDocumentException(FormattableString.Invariant($"byte {i + 1} is neither UTF-8 nor Windows-1252. Save it as UTF-8."));
            text.Append(c);
        }

        return text.ToString();
    }

    // Broken UTF-8 is nearly all high bytes in pairs; Windows-1252 has single ones between letters.
    private static bool IsMostlyLatin(ReadOnlySpan<byte> bytes)
    {
        var (single, paired) = (0, 0);
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] < 0x80) continue;
            if (i + 1 < bytes.Length && bytes[i + 1] >= 0x80) { paired++; i++; }
            else single++;
        }

        return single >= paired;
    }
}
