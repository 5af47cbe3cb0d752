using System.Buffers;

namespace CoopAI.Core.Language;

/// <summary>Finds, for a regular expression of a list, literal texts of which every match must hold at least one, so that most texts need not be searched.</summary>
/// <remarks>
/// Reads what the lists use: letters, escapes, classes, groups, alternatives, quantifiers, look-ahead and look-behind. Whatever it does not
/// know counts as unknown, and an expression with nothing known is always run: the answer can cost time, never a match.
/// Idea: Cox, "Regular expression matching with a trigram index", 2012.
/// </remarks>
internal static class NeededText
{
    private const int MostTexts = 64;

    /// <summary>What to look for, case ignored; null: nothing is known, run the expression.</summary>
    public static SearchValues<string>? Of(string expression) =>
        new Reader(expression).Read() is { } texts && texts.All(t => t.All(char.IsAscii)) ? SearchValues.Create(texts, StringComparison.OrdinalIgnoreCase) : null;

    /// <param name="Exact">All texts that the piece can match; null: too many or unknown.</param>
    /// <param name="Needed">Texts of which a match holds one; null: unknown.</param>
    private readonly record struct Piece(string[]? Exact, string[]? Needed)
    {
        public static readonly Piece Unknown = new(null, null);
        public static readonly Piece Nothing = new([""], null);

        /// <summary>Literals, from <see cref="Exact"/> where all of it is known.</summary>
        public string[]? Best => Better(Exact is { } e && !e.Contains("") ? e : null, Needed);
    }

    // Rare beats common: signs tell more than letters, long texts more than short ones.
    private static int Worth(string[] texts) => texts.Min(t => t.Sum(c => char.IsAsciiLetterOrDigit(c) ? 2 : c == ' ' ? 1 : 5)) - (texts.Length / 8);

    private static string[]? Better(string[]? a, string[]? b) => a is null ? b : b is null || Worth(a) >= Worth(b) ? a : b;

    private sealed class Reader(string expression)
    {
        private int at;

        public string[]? Read()
        {
            var piece = Alternatives();
            return at == expression.Length ? piece.Best : null;
        }

        private Piece Alternatives()
        {
            List<Piece> all = [Sequence()];
            while (at < expression.Length && expression[at] == '|')
            {
                at++;
                all.Add(Sequence());
            }

            if (all.Count == 1) return all[0];
            var exact = all.TrueForAll(p => p.Exact is not null) ? all.SelectMany(p => p.Exact!).Distinct(StringComparer.Ordinal).ToArray() : null;
            var needed = all.TrueForAll(p => p.Best is not null) ? all.SelectMany(p => p.Best!).Distinct(StringComparer.Ordinal).ToArray() : null;
            return new Piece(exact?.Length <= MostTexts ? exact : null, needed?.Length <= MostTexts ? needed : null);
        }

        private Piece Sequence()
        {
            string[]? run = [""];
            string[]? needed = null;
            var whole = true;
            while (at < expression.Length && expression[at] is not ('|' or ')'))
            {
                var piece = Quantified();
                needed = Better(needed, piece.Needed);
                if (piece.Exact is { } exact && run!.Length * exact.Length <= MostTexts)
                {
                    run = [.. run.SelectMany(r => exact.Select(e => r + e))];
                    continue;
                }

                whole = false;
                needed = Better(needed, new Piece(run, null).Best);
                run = piece.Exact ?? [""];
            }

            return new Piece(whole ? run : null, Better(needed, new Piece(run, null).Best));
        }

        private Piece Quantified()
        {
            var piece = Single();
            while (at < expression.Length && expression[at] is '?' or '*' or '+' or '{')
            {
                var least = expression[at] switch { '+' => 1, '{' => Least(), _ => 0 };
                var optional = expression[at] == '?';
                if (least < 0) return piece; // a brace that is no quantifier was read as a letter before
                if (expression[at] == '{') at = expression.IndexOf('}', at);
                at++;
                if (at < expression.Length && expression[at] is '?' or '+') at++;
                piece = least > 0 ? new Piece(null, piece.Best)
                    : optional && piece.Exact is { } exact ? new Piece([.. exact.Append("").Distinct(StringComparer.Ordinal)], null)
                    : Piece.Unknown;
            }

            return piece;
        }

        // "{3}", "{3,}" or "{3,9}": the first number; anything else is no quantifier.
        private int Least()
        {
            var end = expression.IndexOf('}', at);
            if (end < 0) return -1;
            var parts = expression[(at + 1)..end].Split(',');
            return parts.Length <= 2 && int.TryParse(parts[0], out var least) && (parts.Length == 1 || parts[1].Length == 0 || int.TryParse(parts[1], out _)) ? least : -1;
        }

        private Piece Single()
        {
            var c = expression[at++];
            switch (c)
            {
                case '(':
                    return Group();
                case '[':
                    return Class();
                case '.':
                    return Piece.Unknown;
                case '^' or '$':
                    return Piece.Nothing;
                case '\\' when at < expression.Length:
                    return Escape(expression[at++]);
                case '?' or '*' or '+' or '\\':
                    at = expression.Length + 1; // not what the lists use: nothing is known of the whole
                    return Piece.Unknown;
                default:
                    return new Piece([char.ToLowerInvariant(c).ToString()], null);
            }
        }

        private Piece Escape(char c)
        {
            switch (c)
            {
                case 'b' or 'B' or 'A' or 'z' or 'Z' or 'G':
                    return Piece.Nothing;
                case 'n':
                    return new Piece(["\n"], null);
                case 's' or 'S' or 'd' or 'D' or 'w' or 'W' or 't' or 'r':
                    return Piece.Unknown;
                default:
                    // Codes, categories and references reach over more characters than these two.
                    if (!char.IsAsciiLetterOrDigit(c)) return new Piece([c.ToString()], null);
                    at = expression.Length + 1;
                    return Piece.Unknown;
            }
        }

        private Piece Group()
        {
            var looks = false;
            if (at < expression.Length && expression[at] == '?')
            {
                var rest = expression.AsSpan(at);
                looks = rest.StartsWith("?=") || rest.StartsWith("?!") || rest.StartsWith("?<=") || rest.StartsWith("?<!");
                if (rest.StartsWith("?:") || rest.StartsWith("?>") || rest.StartsWith("?=") || rest.StartsWith("?!")) at += 2;
                else if (looks) at += 3;
                else if (rest.StartsWith("?<") && rest.IndexOf('>') is > 0 and var end) at += end + 1;
                else at = expression.Length + 1;
            }

            if (at > expression.Length) return Piece.Unknown;
            var inner = Alternatives();
            if (at >= expression.Length || expression[at] != ')')
            {
                at = expression.Length + 1;
                return Piece.Unknown;
            }

            at++;
            // What is looked at is not part of the match.
            return looks ? Piece.Nothing : inner;
        }

        // A class of a few plain characters is as good as alternatives; any other could be anything.
        private Piece Class()
        {
            var start = at;
            if (at < expression.Length && expression[at] == '^') at++;
            if (at < expression.Length && expression[at] == ']') at++;
            while (at < expression.Length && expression[at] != ']') at += expression[at] == '\\' ? 2 : 1;
            if (at >= expression.Length)
            {
                at = expression.Length + 1;
                return Piece.Unknown;
            }

            var body = expression[start..at++];
            return body.Length is > 0 and <= 4 && body.All(c => char.IsAsciiLetterOrDigit(c) || c is '"' or '\'' or '`' or '#') ? new Piece([.. body.Select(c => char.ToLowerInvariant(c).ToString()).Distinct(StringComparer.Ordinal)], null) : Piece.Unknown;
        }
    }
}
