using System.Text;
using Microsoft.ML.Tokenizers;

namespace CoopAI.Adapters.Models;

/// <summary>Cuts texts into the word pieces of a BERT model. Safe for concurrent use.</summary>
internal sealed class BertPieces
{
    /// <summary>Characters that are read for each piece that is asked for: a text of a million characters costs no more than one that fills the model.</summary>
    private const int CharactersAPiece = 48;

    private const string Mask = "[MASK]";

    private readonly BertTokenizer _tokenizer;

    /// <param name="vocabulary">In the order of the ids.</param>
    public BertPieces(IReadOnlyList<string> vocabulary, bool lowerCase)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', vocabulary) + "\n"));
        _tokenizer = BertTokenizer.Create(stream, new BertOptions
        {
            LowerCaseBeforeTokenization = lowerCase,
            RemoveNonSpacingMarks = lowerCase,
            PreTokenizer = new Splitter(),
            // Nothing is masked when texts are embedded, and some vocabularies leave the sign out.
            MaskingToken = vocabulary.Contains(Mask, StringComparer.Ordinal) ? Mask : BertMarks.Unknown,
        });
        Begin = _tokenizer.ClassificationTokenId;
        End = _tokenizer.SeparatorTokenId;
        Padding = _tokenizer.PaddingTokenId;
    }

    public int Begin { get; }

    public int End { get; }

    public int Padding { get; }

    /// <summary>Word pieces of a text, without marks, unclipped.</summary>
    public int Count(string text) => _tokenizer.EncodeToIds(Sound(text), addSpecialTokens: false).Count;

    /// <summary>The ids of the first pieces of a text between the two marks.</summary>
    /// <param name="most">Marks included.</param>
    public long[] Encode(string text, int most)
    {
        var read = Math.Min(text.Length, most * CharactersAPiece);
        if (read < text.Length && char.IsHighSurrogate(text[read - 1])) read--;
        var ids = _tokenizer.EncodeToIds(Sound(text[..read]), addSpecialTokens: false);
        return [Begin, .. ids.Take(most - 2), End];
    }

    /// <summary>Halves of characters cannot be normalised; they become the sign for "unreadable".</summary>
    private static string Sound(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) i++;
            else return string.Concat(text.EnumerateRunes());
        }

        return text;
    }

    /// <summary>Words and single marks of punctuation, as the models were trained: £, € and their like belong to the word they stand at, where the package's own splitter drops them.</summary>
    private sealed class Splitter : PreTokenizer
    {
        public override IEnumerable<(int Offset, int Length)> PreTokenize(string text) => Split(text);

        public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text) => Split(text.ToString());

        private static IEnumerable<(int Offset, int Length)> Split(string text)
        {
            var start = 0;
            for (var i = 0; i <= text.Length; i++)
            {
                var (space, single) = i == text.Length ? (true, false) : (char.IsWhiteSpace(text[i]), IsPunctuation(text[i]));
                if (!space && !single) continue;
                if (i > start) yield return (start, i - start);
                if (single) yield return (i, 1);
                start = i + 1;
            }
        }

        private static bool IsPunctuation(char c) => char.IsPunctuation(c) || c is '$' or '+' or '<' or '=' or '>' or '^' or '`' or '|' or '~';
    }
}
