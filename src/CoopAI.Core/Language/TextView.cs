using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;

namespace CoopAI.Core.Language;

/// <summary>A text as a rule reads it, with the way back: every character knows which piece of the source it stands for.</summary>
/// <remarks>Rules match on views (levelled, look-alikes folded, letters joined …) and report spans of the text that a person sees.</remarks>
internal sealed class TextView
{
    // Levelling rarely changes more than a quotation mark; what a plain character becomes is looked up once.
    private static readonly string?[] Levelled = new string?[0x2100];

    // Where each character comes from; null: every character stands for the one at its own place.
    private readonly int[]? starts;
    private readonly int[]? ends;
    private TextView? folded;
    private Tokens? tokens;
    private string? lower;
    private bool? isAscii;
    private bool? isLatin;

    private TextView(string text, int[]? starts, int[]? ends) => (Text, this.starts, this.ends) = (text, starts, ends);

    /// <summary>What the rule reads.</summary>
    public string Text { get; }

    /// <summary><see cref="Text"/> in lower case, made when first asked for.</summary>
    public string Lower => lower ??= Text.ToLowerInvariant();

    /// <summary>Words and marks, cut when first asked for.</summary>
    public Tokens Tokens => tokens ??= Tokens.Of(this);

    public bool IsAscii => isAscii ??= Ascii.IsValid(Text);

    /// <summary>Whether it holds only letters, digits and signs up to Latin Extended-B, and currency signs.</summary>
    public bool IsLatin => isLatin ??= IsAscii || IsLatinText(Text);

    /// <summary>Whether no character of it is the small or capital form of an ASCII letter but another ASCII letter (the Kelvin sign is one of k).</summary>
    public bool HasPlainCase => IsAscii || (IsLatin && !Text.AsSpan().ContainsAny('\u0130', '\u0131', '\u017F'));

    /// <summary>This view with letters of other scripts that look like Latin ones replaced; the same instance when it is ASCII.</summary>
    public TextView Folded => folded ??= IsAscii ? this : Map(LookAlikes.FoldedFrom);

    /// <summary>The piece of the source behind characters <paramref name="start"/> to <paramref name="end"/> (exclusive) of this view.</summary>
    public TextSpan ToSource(int start, int end) =>
        Text.Length == 0 || end <= start ? new TextSpan(0, 0) : new TextSpan(StartOf(start), Math.Max(StartOf(start), EndOf(Math.Min(end, Text.Length) - 1)));

    /// <summary>Letters, digits and signs up to Latin Extended-B, and the currency signs.</summary>
    public static bool IsLatinText(string text)
    {
        foreach (var c in text)
        {
            if (c >= 0x250 && c is < '\u20A0' or > '\u20CF') return false;
        }

        return true;
    }

    /// <summary>
    /// Case kept; HTML entities and <c>\u0069</c> escapes decoded; compatibility forms unified (NFKC), accents dropped, digits of every
    /// script written 0 to 9; quotes and dashes straight; zero-width, direction and variation marks dropped; white space is one space each
    /// (line breaks stay); hidden tag characters (U+E0020 to U+E007E) read as the letters they smuggle; lone surrogates become U+FFFD.
    /// </summary>
    public static TextView Level(string source)
    {
        var plain = source.AsSpan().IndexOfAnyExcept(Unchanged);
        if (plain < 0) return new TextView(source, null, null);
        var builder = new Builder(source, plain);
        for (var i = plain; i < source.Length;)
        {
            var c = source[i];
            if (c < 0x7F && c != '&' && c != '\\' && c != '\t')
            {
                builder.Add(c == '\r' ? '\n' : c == '`' ? '\'' : c, i, ++i);
                continue;
            }

            if (c == '&' && Entity(source, i) is var (decoded, length) && length > 0)
            {
                builder.AddRunes(decoded, i, i + length);
                i += length;
            }
            else if (c == '\\' && Escape(source, i) is var (rune, taken) && taken > 0)
            {
                builder.AddRunes(rune, i, i + taken);
                i += taken;
            }
            else
            {
                var step = char.IsHighSurrogate(c) && i + 1 < source.Length && char.IsLowSurrogate(source[i + 1]) ? 2 : 1;
                if (step == 1 && char.IsSurrogate(c)) builder.Add('\uFFFD', i, i + 1);
                else if (step == 1 && c < Levelled.Length) builder.AddAll(Levelled[c] ??= LevelOf(c), i, i + 1);
                else builder.AddRunes(source.Substring(i, step), i, i + step);
                i += step;
            }
        }

        return builder.Build();
    }

    /// <summary>A view of chosen characters of this one: <paramref name="pick"/> holds, for each new character, its place here.</summary>
    public TextView Pick(string text, IReadOnlyList<int> pick)
    {
        var (s, e) = (new int[text.Length], new int[text.Length]);
        for (var i = 0; i < text.Length; i++) (s[i], e[i]) = (StartOf(pick[i]), EndOf(pick[i]));
        return new TextView(text, s, e);
    }

    /// <summary>A view in which each character is replaced by one other.</summary>
    public TextView Map(Func<char, char> map)
    {
        var text = string.Create(Text.Length, (Text, map), static (span, state) =>
        {
            for (var i = 0; i < span.Length; i++) span[i] = state.map(state.Text[i]);
        });
        return new TextView(text, starts, ends);
    }

    /// <summary>A view of other text that stands, as a whole, for characters <paramref name="start"/> to <paramref name="end"/> of this one (a decoded run).</summary>
    public TextView Replace(int start, int end, string decoded)
    {
        var span = ToSource(start, end);
        var level = Level(decoded);
        var (s, e) = (new int[level.Text.Length], new int[level.Text.Length]);
        Array.Fill(s, span.Start);
        Array.Fill(e, span.End);
        return new TextView(level.Text, s, e);
    }

    private static (string Decoded, int Length) Entity(string source, int i)
    {
        var end = source.IndexOf(';', i, Math.Min(12, source.Length - i));
        if (end < 0) return ("", 0);
        var entity = source.Substring(i, end - i + 1);
        var decoded = WebUtility.HtmlDecode(entity);
        return decoded == entity || decoded.Any(char.IsSurrogate) && decoded.Length != 2 ? ("", 0) : (decoded, entity.Length);
    }

    private static (string Rune, int Length) Escape(string source, int i)
    {
        if (i + 1 >= source.Length) return ("", 0);
        var digits = source[i + 1] switch { 'u' => 4, 'x' => 2, 'U' => 8, _ => 0 };
        if (digits == 0 || i + 2 + digits > source.Length) return ("", 0);
        return int.TryParse(source.AsSpan(i + 2, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) && Rune.IsValid(value)
            ? (new Rune(value).ToString(), 2 + digits)
            : ("", 0);
    }

    private int StartOf(int at) => starts is null ? at : starts[at];

    private int EndOf(int at) => ends is null ? at + 1 : ends[at];

    private static readonly SearchValues<char> Unchanged =
        SearchValues.Create("\n !\"#$%'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_abcdefghijklmnopqrstuvwxyz{|}~");

    // What one character of the basic plane becomes, on its own.
    private static string LevelOf(char c)
    {
        var builder = new Builder("", 0);
        builder.AddRunes(c.ToString(), 0, 1);
        return builder.Build().Text;
    }

    private sealed class Builder
    {
        private readonly StringBuilder text;
        private readonly List<int> starts;
        private readonly List<int> ends;

        /// <param name="unchanged">How many of the source's first characters stand as they are.</param>
        public Builder(string source, int unchanged)
        {
            (text, starts, ends) = (new(source.Length), new(source.Length), new(source.Length));
            text.Append(source, 0, unchanged);
            for (var i = 0; i < unchanged; i++)
            {
                starts.Add(i);
                ends.Add(i + 1);
            }
        }

        public void AddAll(string piece, int start, int end)
        {
            foreach (var c in piece) Add(c, start, end);
        }

        public void Add(char c, int start, int end)
        {
            text.Append(c);
            starts.Add(start);
            ends.Add(end);
        }

        public void AddRunes(string piece, int start, int end)
        {
            foreach (var rune in piece.EnumerateRunes())
            {
                if (LookAlikes.Hidden(rune.Value) is { } smuggled)
                {
                    Add(smuggled, start, end);
                    continue;
                }

                if (LookAlikes.IsInvisible(rune.Value)) continue;
                if (LookAlikes.Enclosed(rune.Value) is { } letter)
                {
                    Add(letter, start, end);
                    continue;
                }

                foreach (var c in UnicodeNormalization.BaseOf(rune) ?? rune.ToString())
                {
                    var category = char.GetUnicodeCategory(c);
                    if (category == UnicodeCategory.NonSpacingMark) continue;
                    if (category == UnicodeCategory.DecimalDigitNumber) Add((char)('0' + (int)char.GetNumericValue(c)), start, end);
                    else foreach (var level in LookAlikes.Plain(c)) Add(level, start, end);
                }
            }
        }

        public TextView Build() => new(text.ToString(), [.. starts], [.. ends]);
    }
}
