using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text;

namespace CoopAI.Core.Retrieval;

/// <summary>A table of vectors of frequent English words. Near words have a high cosine.</summary>
/// <remarks>Immutable and safe for concurrent use. What it holds and how it is made: tools/word-vectors/README.md.</remarks>
internal sealed class WordVectors
{
    private static readonly Lazy<WordVectors> ShippedTable = new(() => Read(RetrievalData.Read("word-vectors.bin")));

    private readonly Dictionary<string, int> _rows;
    private readonly float[] _values;

    private WordVectors(Dictionary<string, int> rows, float[] values, int dimension) => (_rows, _values, Dimension) = (rows, values, dimension);

    /// <summary>The table that ships with the product.</summary>
    public static WordVectors Shipped => ShippedTable.Value;

    public int Dimension { get; }

    public int Count => _rows.Count;

    /// <summary>The word's row, most frequent first from 0, or −1.</summary>
    public int RowOf(string word) => _rows.TryGetValue(word, out var row) ? row : -1;

    /// <summary>Of length one.</summary>
    public ReadOnlySpan<float> this[int row] => _values.AsSpan(row * Dimension, Dimension);

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
        var values = new float[count * dimension];
        var source = MemoryMarshal.Cast<byte, sbyte>(bytes.AsSpan(16 + nameLength));
        for (var i = 0; i < values.Length; i++) values[i] = source[i];
        for (var i = 0; i < count; i++)
        {
            var row = values.AsSpan(i * dimension, dimension);
            var length = TensorPrimitives.Norm<float>(row);
            if (length > 0) TensorPrimitives.Divide(row, length, row);
        }

        return new WordVectors(rows, values, dimension);
    }
}

/// <summary>The data files beside this code, embedded in the assembly.</summary>
internal static class RetrievalData
{
    public static byte[] Read(string name)
    {
        using var stream = typeof(RetrievalData).Assembly.GetManifestResourceStream($"CoopAI.Core.Retrieval.Data.{name}")
            ?? throw new InvalidOperationException($"The assembly lacks its data file {name}.");
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }
}
