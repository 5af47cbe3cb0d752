using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using CoopAI.Core.Vectors;

namespace CoopAI.Core.Ranking;

/// <param name="StemId">As numbered in the vocabulary, or −1: no case study holds it.</param>
/// <param name="Count">Times it stands in the question.</param>
/// <param name="Rarity">See <see cref="CorpusIndex.Rarity"/>.</param>
internal sealed record QuestionWord(string Word, string Stem, int StemId, int Count, double Rarity, double Idf);

/// <summary>Everything about a question that does not depend on the case study. Dispose it after the last comparison.</summary>
/// <param name="words">Its different content words.</param>
/// <param name="wordGroups">See <see cref="WordGroups"/>.</param>
/// <param name="concepts">See <see cref="Concepts"/>.</param>
/// <param name="nearness">How near its words come to those of the corpus.</param>
/// <param name="placeNearness">How near they come to those of each case study.</param>
/// <param name="lexical">BM25 of each case study.</param>
internal sealed class PreparedQuestion(
    QuestionWord[] words, (int Group, float Worth)[][] wordGroups, (int Group, double Idf)[][] concepts,
    float[] embedding, WordNearness nearness, WordNearness placeNearness, double[] lexical) : IDisposable
{
    /// <summary>Different words of a question that count.</summary>
    public const int MaxWords = 64;

    /// <summary>Words from the beginning that are looked up in the thesaurus.</summary>
    public const int MaxMatchedWords = 1000;

    public QuestionWord[] Words => words;

    /// <summary>Summed rarity of all words.</summary>
    public double Rarity { get; } = words.Sum(w => w.Rarity);

    /// <summary>BM25 of each case study, by place.</summary>
    public ReadOnlySpan<double> Lexical => lexical;

    /// <summary>Summed idf of all words: what <see cref="Lexical"/> is divided by.</summary>
    public double IdealLexical { get; } = words.Sum(w => w.Count * w.Idf);

    public ReadOnlySpan<float> Embedding => embedding;

    public WordNearness Nearness => nearness;

    /// <summary>As <see cref="Nearness"/>, of the nearest word of each case study, by place.</summary>
    public WordNearness PlaceNearness => placeNearness;

    /// <summary>For each word how near it comes to any word of this case study: 1 for the same stem.</summary>
    public float[] NearnessTo(int place)
    {
        var nearest = new float[words.Length];
        placeNearness.Read(place, nearest);
        return nearest;
    }

    /// <summary><see cref="Embedding"/> for the sentences' 8-bit embeddings.</summary>
    public QuantizedQuery Quantized { get; } = new(embedding);

    /// <summary>For each member of the thesaurus in the question its groups with their idf.</summary>
    public (int Group, double Idf)[][] Concepts => concepts;

    /// <summary>What the concepts of a case study could reach.</summary>
    public double IdealConcepts { get; } = concepts.Sum(c => c.Select(g => g.Idf).DefaultIfEmpty(0).Max());

    /// <summary>For each of <see cref="Words"/> the groups that it stands in, with what sharing them is worth, 0 to 1.</summary>
    public (int Group, float Worth)[][] WordGroups => wordGroups;

    public void Dispose()
    {
        nearness.Dispose();
        placeNearness.Dispose();
    }
}

/// <summary>For each word of a question its nearness to every word of the corpus, or to the nearest word of every case study, 0 to 1 in steps of 1/255.</summary>
/// <remarks>A row for each word or case study with one byte for each word of the question, so that one instruction takes the larger of a whole row.</remarks>
internal sealed class WordNearness : IDisposable
{
    /// <summary>The same stem.</summary>
    public const byte Same = byte.MaxValue;

    private static readonly int Lanes = Vector<byte>.Count;

    private readonly int _words;
    private readonly int _stride;
    private byte[]? _rows;

    /// <param name="words">Of the question.</param>
    /// <param name="rows">Words of the corpus, or case studies.</param>
    public WordNearness(int words, int rows)
    {
        _words = words;
        _stride = (words + Lanes - 1) / Lanes * Lanes;
        // Some hundred kilobytes for each question: rented, so that the garbage collector has nothing to do with them.
        _rows = ArrayPool<byte>.Shared.Rent(rows * _stride);
        _rows.AsSpan(0, rows * _stride).Clear();
    }

    private byte[] Rows => _rows ?? throw new ObjectDisposedException(nameof(WordNearness));

    public void Set(int word, int row, byte nearness) => Rows[(row * _stride) + word] = nearness;

    /// <summary>Raises a row to what another table says of one of its own, where that is more.</summary>
    /// <param name="other">For the same question.</param>
    public void Raise(int row, WordNearness other, int otherRow)
    {
        for (var lane = 0; lane < _stride; lane += Lanes)
        {
            var to = Rows.AsSpan((row * _stride) + lane, Lanes);
            Vector.Max(new Vector<byte>(to), new Vector<byte>(other.Rows.AsSpan((otherRow * _stride) + lane, Lanes))).CopyTo(to);
        }
    }

    /// <summary>The nearness of each word of the question to this row, 0 to 1.</summary>
    /// <param name="nearest">As long as the question has words.</param>
    public void Read(int row, Span<float> nearest)
    {
        var values = Rows.AsSpan(row * _stride, _words);
        for (var i = 0; i < values.Length; i++) nearest[i] = values[i] / (float)Same;
    }

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
