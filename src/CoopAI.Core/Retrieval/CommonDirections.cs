using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace CoopAI.Core.Retrieval;

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

    /// <summary>Writes the cleaned embedding, of length one; all zeros stay zeros.</summary>
    public void Remove(ReadOnlySpan<float> embedding, Span<float> result)
    {
        embedding.CopyTo(result);
        if (embedding.Length != _dimension || !embedding.ContainsAnyExcept(0f)) return;

        TensorPrimitives.Subtract(embedding, _values.AsSpan(0, _dimension), result);
        for (var at = _dimension; at < _values.Length; at += _dimension)
        {
            var direction = _values.AsSpan(at, _dimension);
            TensorPrimitives.MultiplyAdd(direction, -TensorPrimitives.Dot(result, direction), result, result);
        }

        var length = TensorPrimitives.Norm<float>(result);
        if (length > 0) TensorPrimitives.Divide(result, length, result);
    }
}
