using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CoopAI.Core.Ranking;

/// <summary>Takes out of an embedding what all texts of this domain share: their mean and the directions along which they differ most but least usefully.</summary>
/// <remarks>Source: Mu and Viswanath, "All-but-the-top", ICLR 2018. Made from the training texts for the shipped encoder; another encoder's embeddings pass unchanged.</remarks>
internal sealed class CommonDirections
{
    private static readonly Lazy<CommonDirections> ShippedDirections = new(() =>
    {
        var values = MemoryMarshal.Cast<byte, float>(RetrievalData.Read("sentence-common.bin")).ToArray();
        return new CommonDirections(values, ShippedDimension);
    });

    private const int ShippedDimension = 512;

    private readonly float[] _values;
    private readonly int _dimension;

    /// <param name="values">The mean, then unit vectors at right angles to each other.</param>
    internal CommonDirections(float[] values, int dimension) => (_values, _dimension) = (values, dimension);

    public static CommonDirections Shipped => ShippedDirections.Value;

    /// <summary>What the dot product of a cleaned embedding with an uncleaned one is too large by: <c>cosine = (cleaned · raw − Offset(cleaned)) · InverseLength(raw)</c>.</summary>
    /// <remarks>A cleaned embedding is at right angles to every common direction, so only the mean is left to take off: the other side need not be kept cleaned.</remarks>
    public float Offset(ReadOnlySpan<float> cleaned) => cleaned.Length == _dimension ? TensorPrimitives.Dot(cleaned, _values.AsSpan(0, _dimension)) : 0;

    /// <summary>One over the length that an embedding has after cleaning; 0 for all zeros, 1 for another encoder's.</summary>
    public float InverseLength(ReadOnlySpan<float> embedding)
    {
        if (!embedding.ContainsAnyExcept(0f)) return 0;
        if (embedding.Length != _dimension) return 1;

        Span<float> cleaned = stackalloc float[_dimension];
        var length = Clean(embedding, cleaned);
        return length > 0 ? 1 / length : 0;
    }

    /// <summary>Writes the cleaned embedding, of length one; all zeros stay zeros.</summary>
    public void Remove(ReadOnlySpan<float> embedding, Span<float> result)
    {
        embedding.CopyTo(result);
        if (embedding.Length != _dimension || !embedding.ContainsAnyExcept(0f)) return;

        var length = Clean(embedding, result);
        if (length > 0) TensorPrimitives.Divide(result, length, result);
    }

    // The start cleans tens of thousands of embeddings, long before .NET would compile this for speed by itself.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private float Clean(ReadOnlySpan<float> embedding, Span<float> result)
    {
        for (var i = 0; i < _dimension; i++) result[i] = embedding[i] - _values[i];
        for (var at = _dimension; at < _values.Length; at += _dimension)
        {
            var direction = _values.AsSpan(at, _dimension);
            var along = Dot(result, direction);
            for (var i = 0; i < _dimension; i++) result[i] -= along * direction[i];
        }

        return MathF.Sqrt(Dot(result, result));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var (sums, i) = (Vector<float>.Zero, 0);
        for (; i <= a.Length - Vector<float>.Count; i += Vector<float>.Count) sums += new Vector<float>(a[i..]) * new Vector<float>(b[i..]);
        var sum = Vector.Sum(sums);
        for (; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }
}
