using System.Buffers;

namespace CoopAI.Core.Language;

internal enum TokenKind
{
    Word,

    /// <summary>A mark inside a sentence: comma, colon, bracket, quotation mark.</summary>
    Mark,

    /// <summary>The end of a sentence or line.</summary>
    End,
}

/// <summary>One token of a view.</summary>
/// <param name="Text">Words: lower case, apostrophes dropped. Marks: the character.</param>
/// <param name="Start">Place in the view, inclusive.</param>
/// <param name="End">Exclusive.</param>
/// <param name="Hash">Hash of the text, so that many lists can look a word up for the price of one hash.</param>
internal readonly record struct Token(string Text, TokenKind Kind, int Start, int End, bool Capital, bool Possessive, int Hash);

/// <summary>Compares words by their letters; a token brings its hash along.</summary>
internal sealed class WordComparer : IEqualityComparer<string>, IAlternateEqualityComparer<Token, string>
{
    public static readonly WordComparer Instance = new();

    public bool Equals(string? x, string? y) => string.Equals(x, y, StringComparison.Ordinal);

    public int GetHashCode(string word) => word.GetHashCode(StringComparison.Ordinal);

    public bool Equals(Token token, string word) => string.Equals(token.Text, word, StringComparison.Ordinal);

    public int GetHashCode(Token token) => token.Hash;

    public string Create(Token token) => token.Text;
}

/// <summary>The words and marks of a view, for matching phrases. Hyphens and slashes part words and leave no token.</summary>
internal sealed class Tokens
{
    private static readonly HashSet<string> ShortForms = ["mr", "mrs", "ms", "dr", "cllr", "prof", "rev", "st", "no", "e.g", "i.e", "eg", "ie", "vs", "approx"];

    private static readonly int And = WordComparer.Instance.GetHashCode("and");
    private static readonly SearchValues<char> Dropped = SearchValues.Create(" -/_*'");

    private Tokens(TextView view, Token[] all)
    {
        View = view;
        All = all;
        foreach (ref readonly var token in all.AsSpan())
        {
            if (token.Kind == TokenKind.Word) Summary |= SummaryOf(token.Hash);
        }
    }

    public TextView View { get; }

    public Token[] All { get; }

    /// <summary>One bit a word: a word whose bit is not set is certainly not there.</summary>
    public UInt128 Summary { get; }

    /// <summary>The bit of a word with this hash.</summary>
    public static UInt128 SummaryOf(int hash) => UInt128.One << (hash & 127);

    public static Tokens Of(TextView view)
    {
        var text = view.Text;
        var all = new List<Token>(text.Length / 5);
        for (var i = 0; i < text.Length;)
        {
            var c = text[i];
            if (char.IsLetterOrDigit(c))
            {
                var start = i;
                while (i < text.Length && (char.IsLetterOrDigit(text[i]) || Joins(text, i))) i++;
                var word = text[start..i].ToLowerInvariant();
                var possessive = word.EndsWith("'s", StringComparison.Ordinal);
                if (possessive && !IsContraction(word)) word = word[..^2];
                word = word.Replace("'", "", StringComparison.Ordinal);
                all.Add(new Token(word, TokenKind.Word, start, i, char.IsUpper(c), possessive, WordComparer.Instance.GetHashCode(word)));
                continue;
            }

            if (c is '.' or '!' or '?' or '\n' or '…' or '؟' or '।') all.Add(new Token(c.ToString(), IsShortForm(all, c, i) ? TokenKind.Mark : TokenKind.End, i, i + 1, false, false, 0));
            else if (c == '&') all.Add(new Token("and", TokenKind.Word, i, i + 1, false, false, And));
            else if (!Dropped.Contains(c)) all.Add(new Token(c.ToString(), TokenKind.Mark, i, i + 1, false, false, 0));
            i++;
        }

        return new Tokens(view, [.. all]);
    }

    /// <summary>Source span of tokens <paramref name="first"/> to <paramref name="end"/> (exclusive).</summary>
    public TextSpan SpanOf(int first, int end) => View.ToSource(All[first].Start, All[Math.Max(first, end - 1)].End);

    /// <summary>Index of the first token of the sentence that holds <paramref name="token"/>.</summary>
    public int SentenceStart(int token)
    {
        while (token > 0 && All[token - 1].Kind != TokenKind.End) token--;
        return token;
    }

    /// <summary>Index after the last token of the sentence that holds <paramref name="token"/>.</summary>
    public int SentenceEnd(int token)
    {
        while (token < All.Length && All[token].Kind != TokenKind.End) token++;
        return token;
    }

    private static bool Joins(string text, int i) =>
        i + 1 < text.Length && i > 0 && ((text[i] == '\'' && char.IsLetter(text[i - 1]) && char.IsLetter(text[i + 1]))
            || (text[i] is '.' or ',' && char.IsAsciiDigit(text[i - 1]) && char.IsAsciiDigit(text[i + 1])));

    private static bool IsContraction(string word) => word is "it's" or "that's" or "let's" or "what's" or "there's" or "he's" or "she's" or "who's" or "here's" or "how's";

    private static bool IsShortForm(List<Token> all, char c, int i) =>
        c == '.' && all.Count > 0 && all[^1].End == i && (ShortForms.Contains(all[^1].Text) || (all[^1].Text.Length == 1 && all[^1].Capital));
}
