using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;

namespace CoopAI.Core.Retrieval;

/// <param name="StemId">As numbered in the vocabulary, or −1: no case study holds it.</param>
/// <param name="Count">Times it stands in the question.</param>
/// <param name="Rarity">See <see cref="CorpusIndex.Rarity"/>.</param>
internal sealed record QuestionWord(string Word, string Stem, int StemId, int Count, double Rarity, double Idf);

/// <summary>Everything about a question that does not depend on the case study. Dispose it after the last comparison.</summary>
/// <param name="words">Its different content words.</param>
/// <param name="embedding">Without the common directions.</param>
/// <param name="meaning">Summed word vectors, of length one.</param>
/// <param name="nearness">How near its words come to those of the corpus.</param>
internal sealed class PreparedQuestion(IReadOnlyList<QuestionWord> words, float[] embedding, float[] meaning, WordNearness nearness) : IDisposable
{
    /// <summary>Different words of a question that count.</summary>
    public const int MaxWords = 64;

    /// <summary>Words from the beginning that are looked up in the thesaurus.</summary>
    public const int MaxMatchedWords = 1000;

    public IReadOnlyList<QuestionWord> Words => words;

    public ReadOnlySpan<float> Embedding => embedding;

    public float[] Meaning => meaning;

    public WordNearness Nearness => nearness;

    /// <summary><see cref="Embedding"/> for the sentences' 8-bit embeddings.</summary>
    public QuantizedQuery Quantized { get; } = new(embedding);

    /// <summary>See <see cref="CommonDirections.Offset"/>.</summary>
    public float Offset { get; } = CommonDirections.Shipped.Offset(embedding);

    /// <summary>For each member of the thesaurus in the question its groups with their idf.</summary>
    public IReadOnlyList<(int Group, double Idf)[]> Concepts { get; init; } = [];

    /// <summary>For each of <see cref="Words"/> the groups that it stands in, with what sharing them is worth, 0 to 1.</summary>
    public IReadOnlyList<(int Group, float Worth)[]> WordGroups { get; init; } = [];

    public void Dispose() => nearness.Dispose();
}

/// <summary>For each word of a question its nearness to every word of the corpus, 0 to 1 in steps of 1/255.</summary>
/// <remarks>A row for each word of the corpus with one byte for each word of the question, so that one instruction takes the larger of a whole row.</remarks>
internal sealed class WordNearness : IDisposable
{
    /// <summary>The same stem.</summary>
    public const byte Same = byte.MaxValue;

    private static readonly int Lanes = Vector<byte>.Count;

    private readonly int _words;
    private readonly int _stride;
    private byte[]? _rows;

    /// <param name="words">Of the question.</param>
    /// <param name="vocabulary">Words of the corpus.</param>
    public WordNearness(int words, int vocabulary)
    {
        _words = words;
        _stride = (words + Lanes - 1) / Lanes * Lanes;
        // Some hundred kilobytes for each question: rented, so that the garbage collector has nothing to do with them.
        _rows = ArrayPool<byte>.Shared.Rent(vocabulary * _stride);
        _rows.AsSpan(0, vocabulary * _stride).Clear();
    }

    private byte[] Rows => _rows ?? throw new ObjectDisposedException(nameof(WordNearness));

    public void Set(int word, int corpusWord, byte nearness) => Rows[(corpusWord * _stride) + word] = nearness;

    /// <summary>For each word of the question its largest nearness to any of these words of the corpus, 0 to 1.</summary>
    /// <param name="corpusWords">Repeats change nothing.</param>
    /// <param name="nearest">As long as the question has words.</param>
    public void Nearest(ReadOnlySpan<int> corpusWords, Span<float> nearest)
    {
        ref var rows = ref MemoryMarshal.GetArrayDataReference(Rows);
        for (var lane = 0; lane < _stride; lane += Lanes)
        {
            var best = Vector<byte>.Zero;
            foreach (var word in corpusWords) best = Vector.Max(best, Vector.LoadUnsafe(ref rows, (nuint)((word * _stride) + lane)));
            for (var i = lane; i < Math.Min(_words, lane + Lanes); i++) nearest[i] = best[i - lane] / (float)Same;
        }
    }

    public void Dispose()
    {
        if (_rows is { } rows) ArrayPool<byte>.Shared.Return(rows);
        _rows = null;
    }
}
