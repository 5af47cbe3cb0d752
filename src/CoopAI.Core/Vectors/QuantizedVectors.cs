using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CoopAI.Core.Vectors;

/// <summary>Vectors of one dimension in 8 bits a number, each with its own scale: a quarter of the memory of float32, and read four times as fast.</summary>
/// <remarks>
/// Symmetric: a number is its code, −127 to 127, times the scale, which is the vector's largest magnitude divided by 127. For sentence
/// embeddings of length one the error of a dot product is about 0.0005. The sums are of integers, so every processor gives the same.
/// Immutable and safe for concurrent use.
/// </remarks>
public sealed class QuantizedVectors
{
    private const int Most = 127;

    private readonly sbyte[] _codes;
    private readonly float[] _scales;
    private readonly int _first;

    private QuantizedVectors(sbyte[] codes, float[] scales, int dimension)
        : this(codes, scales, dimension, 0, scales.Length)
    {
    }

    private QuantizedVectors(sbyte[] codes, float[] scales, int dimension, int first, int count) =>
        (_codes, _scales, Dimension, _first, Count) = (codes, scales, dimension, first, count);

    public int Count { get; }

    public int Dimension { get; }

    /// <summary>All codes, vector after vector, for storing.</summary>
    public ReadOnlySpan<sbyte> Codes => _codes.AsSpan(_first * Dimension, Count * Dimension);

    /// <summary>One scale for each vector, for storing.</summary>
    public ReadOnlySpan<float> Scales => _scales.AsSpan(_first, Count);

    /// <exception cref="ArgumentException">A vector has another dimension.</exception>
    public static QuantizedVectors Of(IReadOnlyList<ReadOnlyMemory<float>> vectors, int dimension)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        var (codes, scales) = (new sbyte[vectors.Count * dimension], new float[vectors.Count]);
        for (var i = 0; i < vectors.Count; i++)
        {
            var vector = vectors[i].Span;
            if (vector.Length != dimension) throw new ArgumentException($"Vector {i} has {vector.Length} dimensions, not {dimension}.", nameof(vectors));
            if (dimension == 0) continue;
            scales[i] = Math.Abs(TensorPrimitives.MaxMagnitude(vector)) / Most;
            for (var d = 0; scales[i] > 0 && d < dimension; d++) codes[(i * dimension) + d] = (sbyte)Math.Clamp(MathF.Round(vector[d] / scales[i]), -Most, Most);
        }

        return new QuantizedVectors(codes, scales, dimension);
    }

    /// <summary>As once stored from <see cref="Codes"/> and <see cref="Scales"/>.</summary>
    /// <exception cref="ArgumentException">Their lengths do not fit together.</exception>
    public static QuantizedVectors From(ReadOnlySpan<sbyte> codes, ReadOnlySpan<float> scales, int dimension) => codes.Length == scales.Length * dimension
        ? new QuantizedVectors(codes.ToArray(), scales.ToArray(), dimension)
        : throw new ArgumentException($"{codes.Length} codes do not make {scales.Length} vectors of {dimension} dimensions.", nameof(codes));

    /// <summary>All these vectors in one block of memory, one after the other: the processor reads a block faster than its pieces.</summary>
    /// <exception cref="ArgumentException">Two have different dimensions.</exception>
    /// <exception cref="OverflowException">More than 2³¹ numbers.</exception>
    public static QuantizedVectors Concat(IReadOnlyCollection<QuantizedVectors> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var dimension = parts.FirstOrDefault(p => p.Count > 0)?.Dimension ?? 0;
        var count = parts.Sum(p => p.Count);
        var (codes, scales, next) = (new sbyte[checked(count * dimension)], new float[count], 0);
        foreach (var part in parts.Where(p => p.Count > 0))
        {
            if (part.Dimension != dimension) throw new ArgumentException($"Vectors of {part.Dimension} and of {dimension} dimensions do not go together.", nameof(parts));
            part.Codes.CopyTo(codes.AsSpan(next * dimension));
            part.Scales.CopyTo(scales.AsSpan(next));
            next += part.Count;
        }

        return new QuantizedVectors(codes, scales, dimension);
    }

    /// <summary>Some of these vectors, in the same memory.</summary>
    public QuantizedVectors Slice(int first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, Count - count);
        return new QuantizedVectors(_codes, _scales, Dimension, _first + first, count);
    }

    /// <summary>Writes one vector as floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // the start reads every vector once
    public void CopyTo(int index, Span<float> destination)
    {
        var codes = CodesOf(index);
        var scale = _scales[_first + index];
        for (var i = 0; i < codes.Length; i++) destination[i] = codes[i] * scale;
    }

    /// <summary>One of these vectors as a query, without another loss: to compare it with the others.</summary>
    public QuantizedQuery Query(int index) => new(CodesOf(index), _scales[_first + index]);

    /// <summary>Dot product of one vector and a query of the same dimension.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Dot(int index, QuantizedQuery query)
    {
        if (query.Codes.Length != Dimension) throw WrongDimension(query);
        return _scales[_first + index] * query.Scale * Sum(CodesOf(index), query.Codes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ReadOnlySpan<sbyte> CodesOf(int index) => _codes.AsSpan((_first + index) * Dimension, Dimension);

    private ArgumentException WrongDimension(QuantizedQuery query) => new($"The query has {query.Codes.Length} dimensions, not {Dimension}.", nameof(query));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Sum(ReadOnlySpan<sbyte> codes, ReadOnlySpan<short> query)
    {
        ref var a = ref MemoryMarshal.GetReference(codes);
        ref var b = ref MemoryMarshal.GetReference(query);
        var (i, sum) = (0, 0);
        if (Avx512BW.IsSupported)
        {
            var sums = Vector512<int>.Zero;
            for (; i <= codes.Length - Vector256<sbyte>.Count; i += Vector256<sbyte>.Count)
            {
                sums += Avx512BW.MultiplyAddAdjacent(
                    Avx512BW.ConvertToVector512Int16(Vector256.LoadUnsafe(ref a, (nuint)i)), Vector512.LoadUnsafe(ref b, (nuint)i));
            }

            sum = Vector512.Sum(sums);
        }
        else if (Avx2.IsSupported)
        {
            var sums = Vector256<int>.Zero;
            for (; i <= codes.Length - Vector128<sbyte>.Count; i += Vector128<sbyte>.Count)
            {
                sums += Avx2.MultiplyAddAdjacent(
                    Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref a, (nuint)i)), Vector256.LoadUnsafe(ref b, (nuint)i));
            }

            sum = Vector256.Sum(sums);
        }

        for (; i < codes.Length; i++) sum += codes[i] * query[i];
        return sum;
    }
}

/// <summary>A query as <see cref="QuantizedVectors.Dot"/> takes it: 12 bits a number, so its own error does not count beside that of the vectors.</summary>
/// <remarks>12 bits keep the integer sums below 2³¹ for up to 8,000 dimensions, whichever way they are added.</remarks>
public sealed class QuantizedQuery
{
    private const int Most = 2047;

    public QuantizedQuery(ReadOnlySpan<float> query)
    {
        var codes = new short[query.Length];
        Scale = query.IsEmpty ? 0 : Math.Abs(TensorPrimitives.MaxMagnitude(query)) / Most;
        for (var d = 0; Scale > 0 && d < codes.Length; d++) codes[d] = (short)MathF.Round(query[d] / Scale);
        Codes = codes;
    }

    internal QuantizedQuery(ReadOnlySpan<sbyte> codes, float scale)
    {
        Codes = new short[codes.Length];
        TensorPrimitives.ConvertTruncating(codes, Codes.AsSpan());
        Scale = scale;
    }

    internal short[] Codes { get; }

    internal float Scale { get; }
}
