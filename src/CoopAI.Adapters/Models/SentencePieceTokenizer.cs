using System.Buffers;
using System.Text.Json;
using CoopAI.Core.Language;

namespace CoopAI.Adapters.Models;

/// <summary>Cuts a text into the word pieces of a SentencePiece unigram vocabulary: the segmentation with the highest sum of log probabilities (Viterbi).</summary>
/// <remarks>
/// It gives exactly the ids that the model's published JavaScript tokenizer gives, its oddities included, since the encoder's vectors depend on them:
/// a piece whose score is null counts as 0; of pieces listed twice the last one stands; of equal scores the shorter last piece wins;
/// a best score of exactly 0 counts as "not reached yet"; a position that no piece reaches scores 0 and reads as an unknown piece;
/// only U+0020 becomes the separator; neighbouring unknown pieces count once.
/// Thread-safe: nothing changes after construction.
/// </remarks>
public sealed class SentencePieceTokenizer
{
    /// <summary>Id of a piece that is not in the vocabulary.</summary>
    public const int Unknown = 0;

    private const int ReservedPieces = 6;
    private const int Separator = '\u2581';

    // The trie as one open-addressed table: key = node and code point, value = child node.
    private readonly long[] _keys;
    private readonly int[] _children;
    private readonly int _mask;
    private readonly int[] _pieceAt;      // node -> piece id, or -1
    private readonly double[] _scores;    // piece id -> log probability
    private readonly byte[] _lengths;     // piece id -> length in code points

    /// <param name="vocabulary">UTF-8 JSON: an array of [piece, log probability or null] pairs; the first six are reserved.</param>
    /// <exception cref="InvalidDataException">The vocabulary is not of that form.</exception>
    public SentencePieceTokenizer(ReadOnlySpan<byte> vocabulary)
    {
        var pieces = Parse(vocabulary);
        _scores = new double[pieces.Count];
        _lengths = new byte[pieces.Count];
        var size = 1 << 17;
        _keys = new long[size];
        _children = new int[size];
        _mask = size - 1;
        var nodes = new List<int> { -1 };
        Span<int> codes = stackalloc int[256];
        for (var id = 0; id < pieces.Count; id++)
        {
            var (piece, score) = pieces[id];
            _scores[id] = score;
            var length = 0;
            foreach (var rune in piece.EnumerateRunes()) codes[length++] = rune.Value;
            _lengths[id] = (byte)length;
            if (id < ReservedPieces) continue;
            var node = 0;
            foreach (var code in codes[..length])
            {
                var slot = Slot(node, code);
                if (_keys[slot] == 0)
                {
                    if (nodes.Count > size / 2) throw new InvalidDataException("The vocabulary is larger than this tokenizer holds.");
                    _keys[slot] = Key(node, code);
                    _children[slot] = nodes.Count;
                    nodes.Add(-1);
                }

                node = _children[slot];
            }

            nodes[node] = id;
        }

        _pieceAt = [.. nodes];
    }

    /// <summary>Number of pieces in the vocabulary.</summary>
    public int Count => _scores.Length;

    /// <summary>Writes the first pieces of <paramref name="text"/> to <paramref name="ids"/>.</summary>
    /// <param name="text">Any text; empty gives no piece.</param>
    /// <param name="ids">Filled from the front as far as it reaches; what does not fit is left out.</param>
    /// <returns>How many pieces the whole text has, also when <paramref name="ids"/> is shorter.</returns>
    public int Encode(string text, Span<int> ids)
    {
        ArgumentNullException.ThrowIfNull(text);
        var normalized = UnicodeNormalization.ToFormKC(text);
        if (normalized.Length == 0) return 0;

        var symbols = ArrayPool<int>.Shared.Rent(normalized.Length + 1);
        var best = ArrayPool<double>.Shared.Rent(normalized.Length + 2);
        var pieces = ArrayPool<int>.Shared.Rent(normalized.Length + 2);
        try
        {
            var count = Symbols(normalized, symbols);
            Search(symbols.AsSpan(0, count), best.AsSpan(0, count + 1), pieces.AsSpan(0, count + 1));
            return ReadBack(pieces.AsSpan(0, count + 1), ids);
        }
        finally
        {
            ArrayPool<int>.Shared.Return(symbols);
            ArrayPool<double>.Shared.Return(best);
            ArrayPool<int>.Shared.Return(pieces);
        }
    }

    /// <summary>How many pieces the whole text has.</summary>
    public int CountPieces(string text) => Encode(text, []);

    private static int Symbols(string text, int[] symbols)
    {
        symbols[0] = Separator;
        var count = 1;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            symbols[count++] = c == ' ' ? Separator
                : char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]) ? char.ConvertToUtf32(c, text[++i])
                : c;
        }

        return count;
    }

    // Forward: every piece that starts at a position offers its end a score. Starts go up, so at each end the candidates come in the
    // order of their starts, as in the reference.
    private void Search(ReadOnlySpan<int> symbols, Span<double> best, Span<int> pieces)
    {
        best.Clear();
        pieces.Clear();
        for (var start = 0; start < symbols.Length; start++)
        {
            var before = best[start];
            var found = false;
            var node = 0;
            for (var end = start; end < symbols.Length; end++)
            {
                var slot = Slot(node, symbols[end]);
                if (_keys[slot] == 0) break;
                node = _children[slot];
                if (_pieceAt[node] is not (>= 0 and var piece)) continue;
                found = true;
                Offer(best, pieces, end + 1, _scores[piece] + before, piece);
            }

            if (!found) Offer(best, pieces, start + 1, before, Unknown);
        }
    }

    private static void Offer(Span<double> best, Span<int> pieces, int end, double score, int piece)
    {
        if (best[end] != 0 && !(score >= best[end])) return;
        best[end] = score;
        pieces[end] = piece;
    }

    // Backward along the best pieces; the ids are then turned round in place, in the tail of the same buffer.
    private int ReadBack(Span<int> pieces, Span<int> ids)
    {
        var write = pieces.Length;
        var previous = -1;
        for (var at = pieces.Length - 1; at > 0;)
        {
            var piece = pieces[at];
            at -= _lengths[piece];
            // The write position never falls below the read position, since a piece takes up at least one symbol.
            if (piece != Unknown || previous != Unknown) pieces[--write] = piece;
            previous = piece;
        }

        var found = pieces[write..];
        found[..Math.Min(found.Length, ids.Length)].CopyTo(ids);
        return found.Length;
    }

    private static long Key(int node, int code) => ((long)(node + 1) << 21) | (uint)code;

    private int Slot(int node, int code)
    {
        var key = Key(node, code);
        var slot = (int)((ulong)key * 0x9E3779B97F4A7C15UL >> 40) & _mask;
        while (_keys[slot] != 0 && _keys[slot] != key) slot = (slot + 1) & _mask;
        return slot;
    }

    private static List<(string Piece, double Score)> Parse(ReadOnlySpan<byte> vocabulary)
    {
        try
        {
            var pieces = new List<(string, double)>(8192);
            var reader = new Utf8JsonReader(vocabulary);
            Expect(ref reader, JsonTokenType.StartArray);
            while (reader.Read() && reader.TokenType == JsonTokenType.StartArray)
            {
                Expect(ref reader, JsonTokenType.String);
                var piece = reader.GetString()!;
                reader.Read();
                var score = reader.TokenType == JsonTokenType.Null ? 0 : reader.GetDouble();
                Expect(ref reader, JsonTokenType.EndArray);
                if (piece.Length is 0 or > 255) throw new InvalidDataException($"The vocabulary's piece {pieces.Count} has {piece.Length} characters; 1 to 255 are allowed.");
                pieces.Add((piece, score));
            }

            return pieces.Count > ReservedPieces ? pieces : throw new InvalidDataException("The vocabulary is empty.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"The vocabulary is not an array of [piece, score] pairs: {e.Message}", e);
        }
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type)
    {
        if (!reader.Read() || reader.TokenType != type) throw new JsonException($"expected {type}, found {reader.TokenType} at byte {reader.TokenStartIndex}");
    }
}
