using System.Buffers;

namespace CoopAI.Core.Guidance.Rules.Protection;

/// <summary>One look over a text that tells which disguises of <see cref="InjectionChecker"/> it cannot hold.</summary>
/// <remarks>A sign may be raised for nothing; it is never missing where the expression behind it would match. Tested with made texts against the expressions themselves.</remarks>
internal readonly record struct DisguiseGates
{
    private const int ShortestBase64 = 16;
    private const int HexDigits = 16;
    private const int BinaryDigits = 8;
    private const int DecimalDigits = 20;
    private const int ShortestMorse = 17;

    private static readonly SearchValues<char> Leets = SearchValues.Create("0134578@$!|");

    /// <summary>A digit or sign right beside a letter.</summary>
    public bool Leet { get; private init; }

    /// <summary>Sixteen characters of the base64 alphabet in a row.</summary>
    public bool LongRun { get; private init; }

    /// <summary>A digit beside a letter, or a capital behind a small letter.</summary>
    public bool MixedCase { get; private init; }

    /// <summary>Sixteen hexadecimal digits with nothing but spaces, commas, colons and prefixes between.</summary>
    public bool Hex { get; private init; }

    /// <summary>Two percent signs.</summary>
    public bool Percent { get; private init; }

    /// <summary>Eight zeros and ones in a row.</summary>
    public bool Binary { get; private init; }

    /// <summary>Twenty digits.</summary>
    public bool Decimal { get; private init; }

    /// <summary>Seventeen dots, hyphens, spaces and bars in a row.</summary>
    public bool Morse { get; private init; }

    public static DisguiseGates Of(ReadOnlySpan<char> text)
    {
        int run = 0, longest = 0, hex = 0, mostHex = 0, percent = 0, binary = 0, mostBinary = 0, digits = 0, morse = 0, mostMorse = 0;
        bool leet = false, mixed = false;
        var before = '\0';
        foreach (var c in text)
        {
            run = char.IsAsciiLetterOrDigit(c) || c is '+' or '/' or '-' or '_' ? run + 1 : 0;
            longest = Math.Max(longest, run);
            // "0x" and "\x" stand between hexadecimal digits; the zero counts, which only opens the gate wider.
            hex = char.IsAsciiHexDigit(c) ? hex + 1 : c is 'x' or '\\' or ',' or ':' || char.IsWhiteSpace(c) ? hex : 0;
            mostHex = Math.Max(mostHex, hex);
            binary = c is '0' or '1' ? binary + 1 : 0;
            mostBinary = Math.Max(mostBinary, binary);
            morse = c is '.' or '-' or ' ' or '/' or '|' ? morse + 1 : 0;
            mostMorse = Math.Max(mostMorse, morse);
            if (char.IsDigit(c)) digits++;
            if (c == '%') percent++;
            if (char.IsAsciiLetter(c) ? Leets.Contains(before) : char.IsAsciiLetter(before) && Leets.Contains(c)) leet = true;
            if ((char.IsAsciiDigit(c) && char.IsAsciiLetter(before)) || (char.IsAsciiLetter(c) && char.IsAsciiDigit(before)) || (char.IsAsciiLetterUpper(c) && char.IsAsciiLetterLower(before))) mixed = true;
            before = c;
        }

        return new DisguiseGates
        {
            Leet = leet,
            LongRun = longest >= ShortestBase64,
            MixedCase = mixed,
            Hex = mostHex >= HexDigits,
            Percent = percent >= 2,
            Binary = mostBinary >= BinaryDigits,
            Decimal = digits >= DecimalDigits,
            Morse = mostMorse >= ShortestMorse,
        };
    }
}
