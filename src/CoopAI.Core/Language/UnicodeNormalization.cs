using System.Globalization;
using System.Text;

namespace CoopAI.Core.Language;

/// <summary>
/// Unicode normalisation form KC (compatibility decomposition, then canonical composition) from a table of our own.
/// The product runs with invariant globalisation, so that it needs no ICU library; <see cref="string.Normalize(NormalizationForm)"/>
/// then hands back anything that is not ASCII as it came.
/// </summary>
/// <remarks>Source: Unicode Standard Annex #15; the table is made by <c>make-unicode-normalization.py</c> beside this file.</remarks>
public static class UnicodeNormalization
{
    private const int HangulBase = 0xAC00, LeadBase = 0x1100, VowelBase = 0x1161, TrailBase = 0x11A7;
    private const int LeadCount = 19, VowelCount = 21, TrailCount = 28, HangulCount = LeadCount * VowelCount * TrailCount;

    private static readonly Lazy<Tables> Data = new(Tables.Load);

    /// <summary>The text in form KC. A lone surrogate stays as it is. The same instance when nothing changes.</summary>
    public static string ToFormKC(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Ascii.IsValid(text)) return text;
        var tables = Data.Value;
        return IsPlain(text, tables) ? text : Compose(Decompose(text, tables), tables);
    }

    /// <summary>The character fully decomposed without its nonspacing marks ("é" gives "e", "ﬁ" gives "fi", "𝐈" gives "I"); null when it has no decomposition.</summary>
    public static string? BaseOf(Rune rune) =>
        rune.Value < 0xA0 || !Data.Value.Decompositions.TryGetValue(rune.Value, out var parts) ? null
        : string.Concat(parts.Select(char.ConvertFromUtf32).Where(c => CharUnicodeInfo.GetUnicodeCategory(c, 0) != UnicodeCategory.NonSpacingMark));

    // True when no character can change: none decomposes for good, combines with the one before it, or may be moved past a neighbour.
    private static bool IsPlain(string text, Tables tables)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var code = CodePointAt(text, ref i);
            if (code >= 0xA0 && tables.IsTouched(code)) return false;
        }

        return true;
    }

    private static List<int> Decompose(string text, Tables tables)
    {
        var codes = new List<int>(text.Length + 16);
        for (var i = 0; i < text.Length; i++)
        {
            var code = CodePointAt(text, ref i);
            if (code < 0xA0)
            {
                codes.Add(code);
            }
            else if (tables.Decompositions.TryGetValue(code, out var parts))
            {
                codes.AddRange(parts);
            }
            else if (code is >= HangulBase and < HangulBase + HangulCount)
            {
                var syllable = code - HangulBase;
                codes.Add(LeadBase + (syllable / (VowelCount * TrailCount)));
                codes.Add(VowelBase + (syllable % (VowelCount * TrailCount) / TrailCount));
                if (syllable % TrailCount is var trail and not 0) codes.Add(TrailBase + trail);
            }
            else
            {
                codes.Add(code);
            }
        }

        SortMarks(codes, tables);
        return codes;
    }

    // Canonical ordering: within a run of marks, by combining class, marks of equal class in the order they came.
    private static void SortMarks(List<int> codes, Tables tables)
    {
        for (var start = 0; start < codes.Count; start++)
        {
            if (tables.ClassOf(codes[start]) == 0) continue;
            var end = start + 1;
            while (end < codes.Count && tables.ClassOf(codes[end]) != 0) end++;
            if (end - start > 1)
            {
                var sorted = codes.GetRange(start, end - start).OrderBy(tables.ClassOf).ToList(); // a stable sort
                for (var i = 0; i < sorted.Count; i++) codes[start + i] = sorted[i];
            }

            start = end - 1;
        }
    }

    private static string Compose(List<int> codes, Tables tables)
    {
        var result = new List<int>(codes.Count);
        var starter = -1; // where in the result the last starter stands
        var lastClass = 0;
        foreach (var code in codes)
        {
            var combiningClass = tables.ClassOf(code);
            var blocked = starter >= 0 && starter != result.Count - 1 && (lastClass == 0 || lastClass >= combiningClass);
            if (starter >= 0 && !blocked && Pair(result[starter], code, tables) is { } composed)
            {
                result[starter] = composed;
                continue;
            }

            if (combiningClass == 0) starter = result.Count;
            lastClass = combiningClass;
            result.Add(code);
        }

        var text = new StringBuilder(result.Count + 8);
        foreach (var code in result)
        {
            if (code < 0x10000) text.Append((char)code);
            else text.Append(char.ConvertFromUtf32(code));
        }

        return text.ToString();
    }

    private static int? Pair(int first, int second, Tables tables)
    {
        if (first is >= LeadBase and < LeadBase + LeadCount && second is >= VowelBase and < VowelBase + VowelCount)
            return HangulBase + ((((first - LeadBase) * VowelCount) + (second - VowelBase)) * TrailCount);
        if (first is >= HangulBase and < HangulBase + HangulCount && (first - HangulBase) % TrailCount == 0 && second is > TrailBase and < TrailBase + TrailCount)
            return first + (second - TrailBase);
        return tables.Compositions.TryGetValue(((long)first << 32) | (uint)second, out var composed) ? composed : null;
    }

    private static int CodePointAt(string text, ref int i) =>
        char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]) ? char.ConvertToUtf32(text[i], text[++i]) : text[i];

    private sealed class Tables
    {
        private readonly HashSet<int> _touched = [];
        private readonly Dictionary<int, int> _classes = [];

        public Dictionary<int, int[]> Decompositions { get; } = [];

        public Dictionary<long, int> Compositions { get; } = [];

        public int ClassOf(int code) => code < 0x300 ? 0 : _classes.GetValueOrDefault(code);

        public bool IsTouched(int code) => _touched.Contains(code) || code is >= VowelBase and < VowelBase + VowelCount or > TrailBase and < TrailBase + TrailCount;

        public static Tables Load()
        {
            var tables = new Tables();
            using var reader = new StreamReader(typeof(UnicodeNormalization).Assembly.GetManifestResourceStream("CoopAI.Core.Language.UnicodeNormalization.txt")
                ?? throw new InvalidOperationException("The Unicode table is missing from the assembly CoopAI.Core."));
            while (reader.ReadLine() is { } line)
            {
                if (line[0] == '#') continue;
                var fields = line.Split(' ');
                switch (fields[0])
                {
                    case "D" or "E":
                        var code = Hex(fields[1]);
                        tables.Decompositions.Add(code, [.. fields[2..].Select(Hex)]);
                        if (fields[0] == "D") tables._touched.Add(code);
                        break;
                    case "P":
                        tables.Compositions.Add(((long)Hex(fields[2]) << 32) | (uint)Hex(fields[3]), Hex(fields[1]));
                        tables._touched.Add(Hex(fields[3]));
                        break;
                    default:
                        foreach (var mark in fields[2..].Select(Hex))
                        {
                            tables._classes.Add(mark, int.Parse(fields[1], CultureInfo.InvariantCulture));
                            tables._touched.Add(mark);
                        }

                        break;
                }
            }

            return tables;
        }

        private static int Hex(string field) => int.Parse(field, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
