using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text;
using CoopAI.Core.Vectors;

namespace CoopAI.Core.Ranking;

/// <summary>A table of vectors of frequent English words. Near words have a high cosine.</summary>
/// <remarks>Immutable and safe for concurrent use. What it holds and how it is made: tools/word-vectors/README.md.</remarks>
internal sealed class WordVectors
{
    private static readonly Lazy<WordVectors> ShippedTable = new(() => Read(RetrievalData.Read("word-vectors.bin")));

    /// <summary>Numbers that one instruction of <see cref="QuantizedVectors.Dot"/> takes; rows are filled up to a multiple of it with zeros.</summary>
    private const int Lanes = 32;

    private readonly Dictionary<string, int> _rows;
    private readonly QuantizedVectors _vectors;

    private WordVectors(Dictionary<string, int> rows, QuantizedVectors vectors) => (_rows, _vectors) = (rows, vectors);

    /// <summary>The table that ships with the product.</summary>
    public static WordVectors Shipped => ShippedTable.Value;

    public int Dimension => _vectors.Dimension;

    public int Count => _rows.Count;

    /// <summary>The words, most frequent first.</summary>
    public IEnumerable<string> Names => _rows.OrderBy(r => r.Value).Select(r => r.Key);

    /// <summary>The word's row, most frequent first from 0, or −1.</summary>
    public int RowOf(string word) => _rows.TryGetValue(word, out var row) ? row : -1;

    /// <summary>The vectors of these rows, in one block; all zeros where a row is negative.</summary>
    public QuantizedVectors Take(ReadOnlySpan<int> rows)
    {
        var (codes, scales) = (new sbyte[rows.Length * Dimension], new float[rows.Length]);
        for (var i = 0; i < rows.Length; i++)
        {
            if (rows[i] < 0) continue;
            _vectors.Codes.Slice(rows[i] * Dimension, Dimension).CopyTo(codes.AsSpan(i * Dimension));
            scales[i] = _vectors.Scales[rows[i]];
        }

        return QuantizedVectors.From(codes, scales, Dimension);
    }

    /// <summary>The vector of a row, of length one, to take its dot product with others.</summary>
    public QuantizedQuery Query(int row) => _vectors.Query(row);

    /// <exception cref="InvalidDataException">Not such a table.</exception>
    public static WordVectors Read(byte[] bytes)
    {
        if (bytes.Length < 16 || Encoding.ASCII.GetString(bytes, 0, 4) != "CWV1") throw new InvalidDataException("Not a table of word vectors.");
        var header = MemoryMarshal.Cast<byte, int>(bytes.AsSpan(4, 12));
        var (count, dimension, nameLength) = (header[0], header[1], header[2]);
        if (count < 0 || dimension < 1 || nameLength < 0 || bytes.LongLength != 16L + nameLength + ((long)count * dimension))
            throw new InvalidDataException("The table of word vectors is cut short.");
        var names = Encoding.UTF8.GetString(bytes, 16, nameLength).Split('\n');
        if (names.Length != count) throw new InvalidDataException("The table of word vectors names another number of words than it holds.");
        var rows = new Dictionary<string, int>(count, StringComparer.Ordinal);
        for (var i = 0; i < count; i++) rows[names[i]] = i;

        // One over its length scales each row to length one. Dots of whole numbers are exact and work on whole vectors of the processor.
        var source = MemoryMarshal.Cast<byte, sbyte>(bytes.AsSpan(16 + nameLength));
        var padded = (dimension + Lanes - 1) / Lanes * Lanes;
        var (codes, scales) = (new sbyte[count * padded], new float[count]);
        var row = new float[dimension];
        for (var i = 0; i < count; i++)
        {
            var values = source.Slice(i * dimension, dimension);
            values.CopyTo(codes.AsSpan(i * padded));
            TensorPrimitives.ConvertTruncating<sbyte, float>(values, row);
            var length = TensorPrimitives.Norm<float>(row);
            scales[i] = length > 0 ? 1 / length : 0;
        }

        return new WordVectors(rows, QuantizedVectors.From(codes, scales, padded));
    }
}

/// <summary>The data files beside this code, embedded in the assembly.</summary>
internal static class RetrievalData
{
    public static byte[] Read(string name)
    {
        using var stream = typeof(RetrievalData).Assembly.GetManifestResourceStream($"CoopAI.Core.Ranking.Data.{name}")
            ?? throw new InvalidOperationException($"The assembly lacks its data file {name}.");
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }
}
