using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace CoopAI.Core.Language;

/// <summary>One phrase of a list found in a text.</summary>
/// <param name="Span">Where, in the source text.</param>
/// <param name="Entry">The list's line that matched.</param>
internal sealed record PhraseMatch(TextSpan Span, string Entry, int First, int End);

/// <summary>A list of phrase patterns that members can read and edit, matched on words.</summary>
/// <remarks>
/// One pattern a line, items parted by spaces:
/// <c>word</c>; <c>one|other</c>; <c>two_words|three_more_words</c>; <c>prefix*</c>; <c>=Exact</c> (case counts); <c>optional?</c>;
/// <c>~3</c> up to three other words of the same sentence; <c>!a|b</c> not followed by; <c>&lt;name&gt;</c> a capitalised word;
/// <c>&lt;num&gt;</c> a number; <c>$</c> the clause ends; a first item <c>^</c> asks that an order begins here (start of a clause, or after
/// "please", "now", "you must" …), <c>^^</c> lets "and" and "then" begin one too; <c>@class</c> a class defined in the list.
/// A line <c>re: …</c> is a regular expression on the levelled text (culture invariant, case ignored, 1 s); <c>text: …</c> is plain text to find.
/// Matching a pattern tries a bounded number of ways; a text that needs more counts as not checkable.
/// </remarks>
internal sealed class PhraseSet
{
    private const int StepLimit = 200_000;
    private const int MostGap = 12;
    private const int HeadBits = 2048;

    private readonly Dictionary<string, List<Pattern>> byWord = new(WordComparer.Instance);
    private readonly List<(string Prefix, Pattern Pattern)>[] byPrefix = new List<(string, Pattern)>[128];
    private readonly List<Pattern> anywhere = [];
    private bool anyPrefix;
    private UInt128 heads;

    // A bit for each word that a pattern begins with: most words of a text are told apart by it without being looked up.
    private readonly ulong[] headBits = new ulong[HeadBits / 64];
    private readonly List<(Regex Regex, string Entry, bool Latin, SearchValues<string>? Needed)> regexes = [];
    private readonly List<(string Text, string Entry)> texts = [];

    /// <summary>How long a regular expression of a list that looks around itself may take on one text; all others run without backtracking, in time that grows with the text alone.</summary>
    public static readonly TimeSpan RegexLimit = TimeSpan.FromSeconds(1);

    public static readonly PhraseSet Empty = new();

    public int Count { get; private set; }

    /// <exception cref="FormatException">The line is not a pattern; the message says why.</exception>
    public void Add(string line, IReadOnlyDictionary<string, string> classes)
    {
        Count++;
        if (line.StartsWith("re:", StringComparison.Ordinal))
        {
            try
            {
                var expression = Levelled(line[3..].Trim());
                regexes.Add((Compiled(expression), line, TextView.IsLatinText(expression), NeededText.Of(expression)));
            }
            catch (ArgumentException e)
            {
                throw new FormatException($"not a regular expression: {e.Message}", e);
            }

            return;
        }

        if (line.StartsWith("text:", StringComparison.Ordinal))
        {
            var plain = TextView.Level(line[5..].Trim()).Text.ToLowerInvariant();
            if (plain.Length == 0) throw new FormatException("text: needs the text to find");
            texts.Add((plain, line));
            return;
        }

        var pattern = Pattern.Parse(line, classes);
        foreach (var head in pattern.Heads())
        {
            if (head.Length == 0) anywhere.Add(pattern);
            else if (head[^1] == '*' && head[0] < 128)
            {
                (byPrefix[head[0]] ??= []).Add((head[..^1], pattern));
                anyPrefix = true;
            }
            else if (head[^1] == '*') anywhere.Add(pattern);
            else
            {
                if (!byWord.TryGetValue(head, out var list)) byWord[head] = list = [];
                list.Add(pattern);
                var hash = WordComparer.Instance.GetHashCode(head);
                heads |= Tokens.SummaryOf(hash);
                headBits[(hash & (HeadBits - 1)) >> 6] |= 1UL << (hash & 63);
            }
        }
    }

    // The texts that an expression meets have lost their accents and other marks, so it loses them too.
    private static string Levelled(string expression)
    {
        var result = new StringBuilder(expression.Length);
        foreach (var rune in expression.EnumerateRunes())
        {
            foreach (var c in UnicodeNormalization.BaseOf(rune) ?? rune.ToString())
            {
                if (char.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark) result.Append(c);
            }
        }

        return result.ToString();
    }

    private static Regex Compiled(string expression)
    {
        const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.IgnoreCase;
        try
        {
            return new Regex(expression, Options | RegexOptions.NonBacktracking);
        }
        catch (NotSupportedException)
        {
            // It looks around itself, or refers back.
            return new Regex(expression, Options, RegexLimit);
        }
    }

    public bool Any(Tokens tokens) => Find(tokens, firstOnly: true).Count > 0;

    /// <summary>Matches in reading order; of several from one place, the longest.</summary>
    /// <exception cref="RegexMatchTimeoutException">A pattern took too long.</exception>
    public IReadOnlyList<PhraseMatch> Find(Tokens tokens, bool firstOnly = false)
    {
        List<PhraseMatch>? found = null;
        var steps = 0;
        var all = tokens.All;
        var words = byWord.GetAlternateLookup<Token>();
        // Where every pattern begins with a whole word and none of these words is there, no pattern is.
        var start = anywhere.Count == 0 && !anyPrefix && (heads & tokens.Summary) == UInt128.Zero ? all.Length : 0;
        for (var i = start; i < all.Length; i++)
        {
            ref readonly var token = ref all[i];
            if (token.Kind != TokenKind.Word) continue;
            (int End, Pattern? By) best = (-1, null);
            if ((headBits[(token.Hash & (HeadBits - 1)) >> 6] & (1UL << (token.Hash & 63))) != 0 && words.TryGetValue(token, out var patterns))
            {
                foreach (var pattern in patterns) Try(pattern, i, ref best);
            }

            if (token.Text[0] < 128 && byPrefix[token.Text[0]] is { } prefixed)
            {
                foreach (var (prefix, pattern) in prefixed)
                {
                    if (token.Text.StartsWith(prefix, StringComparison.Ordinal)) Try(pattern, i, ref best);
                }
            }

            foreach (var pattern in anywhere) Try(pattern, i, ref best);
            if (best.By is null) continue;
            (found ??= []).Add(new PhraseMatch(tokens.SpanOf(i, best.End), best.By.Line, i, best.End));
            if (firstOnly) return found;
        }

        foreach (var (regex, entry, latin, needed) in regexes)
        {
            // An expression for another script has nothing to find in a text of Latin letters.
            if (!latin && tokens.View.IsLatin) continue;
            if (needed is not null && tokens.View.HasPlainCase && !tokens.View.Text.AsSpan().ContainsAny(needed)) continue;
            for (var match = regex.Match(tokens.View.Text); match.Success && match.Length > 0; match = match.NextMatch())
                (found ??= []).Add(new PhraseMatch(tokens.View.ToSource(match.Index, match.Index + match.Length), entry, -1, -1));
        }

        foreach (var (text, entry) in texts)
        {
            if (tokens.View.Lower.IndexOf(text, StringComparison.Ordinal) is >= 0 and var at)
                (found ??= []).Add(new PhraseMatch(tokens.View.ToSource(at, at + text.Length), entry, -1, -1));
        }

        return found ?? (IReadOnlyList<PhraseMatch>)[];

        void Try(Pattern pattern, int at, ref (int End, Pattern? By) best)
        {
            var end = pattern.Match(tokens, at, ref steps);
            if (steps > StepLimit) throw new RegexMatchTimeoutException(tokens.View.Text.Length > 40 ? tokens.View.Text[..40] : tokens.View.Text, pattern.Line, RegexLimit);
            if (end > best.End) best = (end, pattern);
        }
    }

    private sealed class Pattern(string line, List<Item> items, int anchor)
    {
        public string Line => line;

        public static Pattern Parse(string line, IReadOnlyDictionary<string, string> classes)
        {
            var items = new List<Item>();
            var anchor = 0;
            foreach (var part in line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                if (part is "^" or "^^")
                {
                    if (items.Count > 0) throw new FormatException($"'{part}' may only stand first");
                    anchor = part.Length;
                }
                else items.Add(Item.Parse(part, classes));
            }

            if (items.Count == 0 || items.TrueForAll(i => i.Kind != ItemKind.Words || i.Optional)) throw new FormatException("a pattern needs at least one word that is not optional");
            if (items[0].Kind is ItemKind.Gap or ItemKind.Not or ItemKind.ClauseEnd) throw new FormatException("a pattern begins with a word");
            return new Pattern(line, items, anchor);
        }

        /// <summary>Words that a match can begin with; "word*" for a prefix, "" for anything.</summary>
        public IEnumerable<string> Heads()
        {
            foreach (var item in items)
            {
                if (item.Kind != ItemKind.Words) continue;
                foreach (var words in item.Alternatives) yield return words[0].Head;
                if (!item.Optional) yield break;
            }
        }

        public int Match(Tokens tokens, int at, ref int steps) =>
            anchor > 0 && !ClauseStart.At(tokens, at, loose: anchor == 2) ? -1 : Match(tokens, 0, at, ref steps);

        private int Match(Tokens tokens, int item, int at, ref int steps)
        {
            if (++steps > StepLimit) return -1;
            if (item == items.Count) return at;
            var current = items[item];
            switch (current.Kind)
            {
                case ItemKind.Gap:
                    // The longest gap first, so that a find, and what it spares, reaches as far as it can.
                    Span<int> starts = stackalloc int[MostGap + 1];
                    for (var words = Reach(tokens, at, current.Gap, starts); words >= 0; words--)
                    {
                        if (Match(tokens, item + 1, starts[words], ref steps) is >= 0 and var end) return end;
                    }

                    return -1;
                case ItemKind.Not:
                    var following = Skip(tokens, at);
                    return AnyFits(tokens, current.Alternatives, following) ? -1 : Match(tokens, item + 1, at, ref steps);
                case ItemKind.ClauseEnd:
                    return at >= tokens.All.Length || tokens.All[at].Kind != TokenKind.Word ? Match(tokens, item + 1, at, ref steps) : -1;
                default:
                    // Quotation marks and brackets inside a phrase do not part it; commas and colons do, unless a gap stands there.
                    var from = item == 0 ? at : Skip(tokens, at);
                    foreach (var words in current.Alternatives)
                    {
                        if (Fits(tokens, words, from) is >= 0 and var after && Match(tokens, item + 1, after, ref steps) is >= 0 and var result) return result;
                    }

                    return current.Optional ? Match(tokens, item + 1, at, ref steps) : -1;
            }
        }

        /// <summary>Where the next item may begin after 0, 1, … words of a gap; the number of the last.</summary>
        private static int Reach(Tokens tokens, int at, int gap, Span<int> starts)
        {
            for (var words = 0; ; words++)
            {
                starts[words] = at;
                if (words == gap) return words;
                while (at < tokens.All.Length && tokens.All[at].Kind == TokenKind.Mark) at++;
                if (at >= tokens.All.Length || tokens.All[at].Kind == TokenKind.End) return words;
                at++;
            }
        }

        private static int Skip(Tokens tokens, int at)
        {
            while (at < tokens.All.Length && tokens.All[at].Kind == TokenKind.Mark && tokens.All[at].Text is "\"" or "(" or ")" or "[" or "]" or "{" or "}" or "<" or ">") at++;
            return at;
        }

        private static bool AnyFits(Tokens tokens, WordTest[][] alternatives, int at)
        {
            foreach (var words in alternatives)
            {
                if (Fits(tokens, words, at) >= 0) return true;
            }

            return false;
        }

        private static int Fits(Tokens tokens, WordTest[] words, int at)
        {
            var all = tokens.All;
            foreach (var word in words)
            {
                if (at >= all.Length || !word.Fits(all[at], tokens.View)) return -1;
                at++;
            }

            return at;
        }
    }

    private enum TestKind
    {
        Word,
        Prefix,
        Exact,
        ExactPrefix,
        Name,
        Number,
    }

    /// <summary>One word of a pattern, read once: <c>word</c>, <c>prefix*</c>, <c>=Exact</c>, <c>=Exact*</c>, <c>&lt;name&gt;</c> or <c>&lt;num&gt;</c>.</summary>
    private readonly record struct WordTest(TestKind Kind, string Text)
    {
        /// <summary>What a token that fits begins with; "word*" for a prefix, "" for anything.</summary>
        public string Head => Kind switch
        {
            TestKind.Name or TestKind.Number => "",
            TestKind.Prefix or TestKind.ExactPrefix => Lower() + '*',
            _ => Lower(),
        };

        public static WordTest Of(string word) => word switch
        {
            "<name>" => new(TestKind.Name, ""),
            "<num>" => new(TestKind.Number, ""),
            ['=', .. var exact] when exact.EndsWith('*') => new(TestKind.ExactPrefix, exact[..^1]),
            ['=', .. var exact] => new(TestKind.Exact, exact),
            [.. var prefix, '*'] => new(TestKind.Prefix, prefix),
            _ => new(TestKind.Word, word),
        };

        public bool Fits(in Token token, TextView view)
        {
            if (token.Kind != TokenKind.Word) return false;
            switch (Kind)
            {
                case TestKind.Name:
                    return token.Capital;
                case TestKind.Number:
                    return char.IsAsciiDigit(token.Text[0]);
                case TestKind.ExactPrefix:
                    return view.Text.AsSpan(token.Start, token.End - token.Start).StartsWith(Text, StringComparison.Ordinal);
                case TestKind.Exact:
                    var seen = view.Text.AsSpan(token.Start, token.End - token.Start);
                    return seen.SequenceEqual(Text) || (token.Possessive && seen.StartsWith(Text, StringComparison.Ordinal) && seen.Length == Text.Length + 2);
                case TestKind.Prefix:
                    return token.Text.StartsWith(Text, StringComparison.Ordinal);
                default:
                    return token.Text == Text;
            }
        }

        private string Lower() => Text.ToLowerInvariant().Replace("'s", "", StringComparison.Ordinal);
    }

    private enum ItemKind
    {
        Words,
        Gap,
        Not,
        ClauseEnd,
    }

    private sealed record Item(ItemKind Kind, WordTest[][] Alternatives, bool Optional, int Gap)
    {
        public static Item Parse(string part, IReadOnlyDictionary<string, string> classes)
        {
            if (part == "$") return new Item(ItemKind.ClauseEnd, [], false, 0);
            if (part[0] == '~')
                return int.TryParse(part.AsSpan(1), out var gap) && gap is >= 1 and <= MostGap ? new Item(ItemKind.Gap, [], false, gap) : throw new FormatException($"'{part}': a gap is ~1 to ~12");
            var not = part[0] == '!';
            var optional = part[^1] == '?' && part.Length > 1;
            var body = part[(not ? 1 : 0)..(optional ? ^1 : ^0)];
            var alternatives = new List<WordTest[]>();
            foreach (var alternative in Expand(body, classes, 0))
            {
                var words = alternative.Split('_').SelectMany(w => w[..1] is "=" or "<" ? [w] : Level(w)).ToArray();
                if (words.Length == 0 || words.Any(w => w.Length == 0)) throw new FormatException($"'{part}' has an empty word");
                alternatives.Add([.. words.Select(WordTest.Of)]);
            }

            return new Item(not ? ItemKind.Not : ItemKind.Words, [.. alternatives], optional, 0);
        }

        // A pattern is levelled like the text it meets: "co-design" is two words, "don't" is one without its apostrophe.
        private static IEnumerable<string> Level(string word) =>
            word.All(char.IsAsciiLetterLower) ? [word] : TextView.Level(word).Text.ToLowerInvariant().Replace("'", "", StringComparison.Ordinal).Split('-', StringSplitOptions.RemoveEmptyEntries);

        private static IEnumerable<string> Expand(string body, IReadOnlyDictionary<string, string> classes, int depth)
        {
            foreach (var alternative in body.Split('|'))
            {
                if (alternative.Length == 0) throw new FormatException($"'{body}' has an empty alternative");
                if (alternative[0] != '@')
                {
                    yield return alternative;
                    continue;
                }

                if (depth > 4) throw new FormatException($"class {alternative} refers to itself");
                if (!classes.TryGetValue(alternative[1..], out var members)) throw new FormatException($"class {alternative} is not defined above this line");
                foreach (var member in Expand(members, classes, depth + 1)) yield return member;
            }
        }
    }
}
