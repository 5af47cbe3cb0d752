using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CoopAI.Core.Text;

namespace CoopAI.Core.Guidance.Text;

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

    private readonly Dictionary<string, List<Pattern>> byWord = new(StringComparer.Ordinal);
    private readonly List<(string Prefix, Pattern Pattern)>[] byPrefix = new List<(string, Pattern)>[128];
    private readonly List<Pattern> anywhere = [];
    private readonly List<(Regex Regex, string Entry, bool Latin)> regexes = [];
    private readonly List<(string Text, string Entry)> texts = [];

    /// <summary>How long one regular expression of a list may take on one text.</summary>
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
                regexes.Add((new Regex(expression, RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, RegexLimit), line, IsLatin(expression)));
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
            else if (head[^1] == '*' && head[0] < 128) (byPrefix[head[0]] ??= []).Add((head[..^1], pattern));
            else if (head[^1] == '*') anywhere.Add(pattern);
            else if (byWord.TryGetValue(head, out var list)) list.Add(pattern);
            else byWord[head] = [pattern];
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

    // Letters, digits and signs up to Latin Extended-B, and the currency signs.
    private static bool IsLatin(string text) => text.All(c => c < 0x250 || c is >= '\u20A0' and <= '\u20CF');

    public bool Any(Tokens tokens) => Find(tokens, firstOnly: true).Count > 0;

    /// <summary>Matches in reading order; of several from one place, the longest.</summary>
    /// <exception cref="RegexMatchTimeoutException">A pattern took too long.</exception>
    public IReadOnlyList<PhraseMatch> Find(Tokens tokens, bool firstOnly = false)
    {
        var found = new List<PhraseMatch>();
        var steps = 0;
        for (var i = 0; i < tokens.All.Count; i++)
        {
            var token = tokens.All[i];
            if (token.Kind != TokenKind.Word) continue;
            (int End, Pattern? By) best = (-1, null);
            if (byWord.TryGetValue(token.Text, out var patterns))
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
            found.Add(new PhraseMatch(tokens.SpanOf(i, best.End), best.By.Line, i, best.End));
            if (firstOnly) return found;
        }

        var latinText = IsLatin(tokens.View.Text);
        foreach (var (regex, entry, latin) in regexes)
        {
            // An expression for another script has nothing to find in a text of Latin letters.
            if (latinText && !latin) continue;
            for (var match = regex.Match(tokens.View.Text); match.Success && match.Length > 0; match = match.NextMatch())
                found.Add(new PhraseMatch(tokens.View.ToSource(match.Index, match.Index + match.Length), entry, -1, -1));
        }

        if (texts.Count > 0)
        {
            var lower = tokens.View.Text.ToLowerInvariant();
            foreach (var (text, entry) in texts)
            {
                if (lower.IndexOf(text, StringComparison.Ordinal) is >= 0 and var at)
                    found.Add(new PhraseMatch(tokens.View.ToSource(at, at + text.Length), entry, -1, -1));
            }
        }

        return found;

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
                foreach (var words in item.Alternatives) yield return words[0] is "<name>" or "<num>" ? "" : words[0].TrimStart('=').ToLowerInvariant().Replace("'s", "", StringComparison.Ordinal);
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
                    for (var words = Reach(tokens, at, current.Gap, out var starts); words >= 0; words--)
                    {
                        if (Match(tokens, item + 1, starts[words], ref steps) is >= 0 and var end) return end;
                    }

                    return -1;
                case ItemKind.Not:
                    var following = Skip(tokens, at);
                    return current.Alternatives.Any(a => Fits(tokens, a, following) >= 0) ? -1 : Match(tokens, item + 1, at, ref steps);
                case ItemKind.ClauseEnd:
                    return at >= tokens.All.Count || tokens.All[at].Kind != TokenKind.Word ? Match(tokens, item + 1, at, ref steps) : -1;
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
        private static int Reach(Tokens tokens, int at, int gap, out int[] starts)
        {
            starts = new int[gap + 1];
            for (var words = 0; ; words++)
            {
                starts[words] = at;
                if (words == gap) return words;
                while (at < tokens.All.Count && tokens.All[at].Kind == TokenKind.Mark) at++;
                if (at >= tokens.All.Count || tokens.All[at].Kind == TokenKind.End) return words;
                at++;
            }
        }

        private static int Skip(Tokens tokens, int at)
        {
            while (at < tokens.All.Count && tokens.All[at].Kind == TokenKind.Mark && tokens.All[at].Text is "\"" or "(" or ")" or "[" or "]" or "{" or "}" or "<" or ">") at++;
            return at;
        }

        private static int Fits(Tokens tokens, string[] words, int at)
        {
            foreach (var word in words)
            {
                if (at >= tokens.All.Count) return -1;
                var token = tokens.All[at];
                if (token.Kind != TokenKind.Word || !Fits(word, token, tokens.View)) return -1;
                at++;
            }

            return at;
        }

        private static bool Fits(string word, Token token, TextView view) => word switch
        {
            "<name>" => token.Capital,
            "<num>" => char.IsAsciiDigit(token.Text[0]),
            ['=', .. var exact] => exact.EndsWith('*')
                ? view.Text.AsSpan(token.Start, token.End - token.Start).StartsWith(exact.AsSpan(0, exact.Length - 1), StringComparison.Ordinal)
                : view.Text.AsSpan(token.Start, token.End - token.Start) is var seen && (seen.SequenceEqual(exact) || (token.Possessive && seen.StartsWith(exact, StringComparison.Ordinal) && seen.Length == exact.Length + 2)),
            [.. var prefix, '*'] => token.Text.StartsWith(prefix, StringComparison.Ordinal),
            _ => token.Text == word,
        };
    }

    private enum ItemKind
    {
        Words,
        Gap,
        Not,
        ClauseEnd,
    }

    private sealed record Item(ItemKind Kind, IReadOnlyList<string[]> Alternatives, bool Optional, int Gap)
    {
        public static Item Parse(string part, IReadOnlyDictionary<string, string> classes)
        {
            if (part == "$") return new Item(ItemKind.ClauseEnd, [], false, 0);
            if (part[0] == '~')
                return int.TryParse(part.AsSpan(1), out var gap) && gap is >= 1 and <= 12 ? new Item(ItemKind.Gap, [], false, gap) : throw new FormatException($"'{part}': a gap is ~1 to ~12");
            var not = part[0] == '!';
            var optional = part[^1] == '?' && part.Length > 1;
            var body = part[(not ? 1 : 0)..(optional ? ^1 : ^0)];
            var alternatives = new List<string[]>();
            foreach (var alternative in Expand(body, classes, 0))
            {
                var words = alternative.Split('_').SelectMany(w => w[..1] is "=" or "<" ? [w] : Level(w)).ToArray();
                if (words.Length == 0 || words.Any(w => w.Length == 0)) throw new FormatException($"'{part}' has an empty word");
                alternatives.Add(words);
            }

            return new Item(not ? ItemKind.Not : ItemKind.Words, alternatives, optional, 0);
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
