using System.Buffers;
using System.Collections.Frozen;

namespace CoopAI.Core.Guidance.Rules.Protection;

/// <summary>Cheap looks at a text that tell which of <see cref="PersonalDataFinder"/>'s expressions cannot match, in one pass where it can be done.</summary>
/// <remarks>A gate may be open for nothing; it is never shut where the expression would find something. Tested with made texts against the expressions themselves.</remarks>
internal static class PersonalDataGates
{
    // The numbers with six digits and more part them by these signs alone.
    private static readonly SearchValues<char> Parting = SearchValues.Create(" .-_·/()[]:|+");
    private const int WidestGap = 10;

    private static readonly SearchValues<string> Cars = Any("vehicle", "reg", "plate", "vrm", "vrn", "car", "van", "driv", "motorbike");
    private static readonly SearchValues<char> DigitLike = SearchValues.Create("0123456789OoIlSB|");
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> SpokenWords =
        new[] { "zero", "oh", "o", "nought", "naught", "nil", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> TimesWords =
        new[] { "double", "triple", "treble" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly SearchValues<char> Brackets = SearchValues.Create("([{<");

    /// <summary>Six digits parted by nothing but spaces and the signs that people put into numbers.</summary>
    public static bool HasLongNumber(ReadOnlySpan<char> text)
    {
        var (digits, last) = (0, -1);
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsDigit(text[i]))
            {
                digits = last >= 0 && i - last - 1 <= WidestGap ? digits + 1 : 1;
                last = i;
                if (digits >= 6) return true;
            }
            else if (last >= 0 && !Parting.Contains(text[i]) && !char.IsWhiteSpace(text[i]))
            {
                (digits, last) = (0, -1);
            }
        }

        return false;
    }

    /// <summary>A digit with two letters behind it, which ends every postcode; a number with letters on both sides has that too.</summary>
    public static bool HasDigitAndTwoLetters(ReadOnlySpan<char> text)
    {
        for (var i = 0; i + 2 < text.Length; i++)
        {
            if (char.IsAsciiDigit(text[i]) && char.IsAsciiLetter(text[i + 1]) && char.IsAsciiLetter(text[i + 2]) && (i + 3 == text.Length || !char.IsAsciiLetterOrDigit(text[i + 3]))) return true;
        }

        return false;
    }

    /// <summary>A letter, or two letters and a space, and two digits right behind: what an IBAN and a new vehicle mark begin with.</summary>
    public static bool HasLettersAndTwoDigits(ReadOnlySpan<char> text)
    {
        for (var i = 1; i + 1 < text.Length; i++)
        {
            if (char.IsAsciiDigit(text[i]) && char.IsAsciiDigit(text[i + 1]) && (char.IsAsciiLetter(text[i - 1]) || (i > 1 && text[i - 1] == ' ' && char.IsAsciiLetter(text[i - 2])))) return true;
        }

        return false;
    }

    /// <summary>A word or short form that tells a birth.</summary>
    public static bool SpeaksOfBirth(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if ((text[i] | 0x20) != 'b') continue;
            var rest = text[i..];
            if (rest.StartsWith("born", StringComparison.OrdinalIgnoreCase) || rest.StartsWith("birth", StringComparison.OrdinalIgnoreCase)) return true;
            // "d.o.b", "D O B"
            var at = Back(text, i - 1);
            if (at < 0 || (text[at] | 0x20) != 'o') continue;
            at = Back(text, at - 1);
            if (at >= 0 && (text[at] | 0x20) == 'd') return true;
        }

        return false;

        static int Back(ReadOnlySpan<char> text, int at)
        {
            while (at >= 0 && text[at] is ' ' or '.') at--;
            return at;
        }
    }

    public static bool SpeaksOfVehicles(ReadOnlySpan<char> text) => text.ContainsAny(Cars);

    /// <summary>An "at" and a "dot", in letters or signs.</summary>
    public static bool HasWrittenAddress(ReadOnlySpan<char> text) => HasAt(text) && HasDot(text);

    /// <summary>Five single letters, digits or signs in a row, one or two marks between them.</summary>
    public static bool HasParted(ReadOnlySpan<char> text)
    {
        var (singles, last) = (0, -4);
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsAsciiLetterOrDigit(text[i]) && text[i] is not ('@' or '+')) continue;
            if ((i > 0 && char.IsAsciiLetterOrDigit(text[i - 1])) || (i + 1 < text.Length && char.IsAsciiLetterOrDigit(text[i + 1]))) continue;
            singles = i - last <= 3 ? singles + 1 : 1;
            last = i;
            if (singles >= 5) return true;
        }

        return false;
    }

    /// <summary>Digits in words that come to three or more: "double" and its like count for two.</summary>
    public static bool HasSpokenDigits(ReadOnlySpan<char> text)
    {
        var spoken = 0;
        for (var i = 0; i < text.Length;)
        {
            if (!char.IsAsciiLetterOrDigit(text[i]))
            {
                i++;
                continue;
            }

            var start = i;
            while (i < text.Length && char.IsAsciiLetterOrDigit(text[i])) i++;
            if (SpokenWords.Contains(text[start..i])) spoken++;
            else if (TimesWords.Contains(text[start..i])) spoken += 2;
            if (spoken >= 3) return true;
        }

        return false;
    }

    /// <summary>Eight digits or letters drawn like digits, parted by at most one space or hyphen.</summary>
    public static bool HasDigitLike(ReadOnlySpan<char> text)
    {
        var (run, last) = (0, -3);
        for (var i = 0; i < text.Length; i++)
        {
            if (!DigitLike.Contains(text[i])) continue;
            run = i - last == 1 || (i - last == 2 && text[i - 1] is ' ' or '-') ? run + 1 : 1;
            last = i;
            if (run >= 8) return true;
        }

        return false;
    }

    private static bool HasAt(ReadOnlySpan<char> text)
    {
        if (text.ContainsAny(Brackets) || text.Contains('@')) return true;
        for (var from = 0; text[from..].IndexOf("at", StringComparison.OrdinalIgnoreCase) is >= 0 and var found; from += found + 2)
        {
            var at = from + found;
            if (at > 0 && char.IsWhiteSpace(text[at - 1]) && at + 2 < text.Length && char.IsWhiteSpace(text[at + 2])) return true;
        }

        return false;
    }

    private static bool HasDot(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '.' && ((i + 1 < text.Length && char.IsAsciiLetter(text[i + 1])) || (i > 0 && (char.IsWhiteSpace(text[i - 1]) || Brackets.Contains(text[i - 1]))))) return true;
        }

        return text.Contains("dot", StringComparison.OrdinalIgnoreCase);
    }

    private static SearchValues<string> Any(params ReadOnlySpan<string> texts) => SearchValues.Create(texts, StringComparison.OrdinalIgnoreCase);
}
