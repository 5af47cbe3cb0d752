using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CoopAI.Adapters.Models;

/// <summary>Row operations of the encoder. Sums run in 16 lanes that are added in one fixed order, so every processor gives the same bits.</summary>
internal static unsafe class VectorMath
{
    private const int Lanes = 16;

    /// <summary>Layer normalisation of one row: (x − mean) / √(variance + 1e-6) · scale + bias.</summary>
    /// <param name="length">A multiple of 16.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void LayerNorm(float* from, float* scale, float* bias, float* to, int length)
    {
        var total = Vector512<float>.Zero;
        for (var i = 0; i < length; i += Lanes) total += Vector512.Load(from + i);
        var mean = Vector512.Create(Sum(total) / length);
        var squares = Vector512<float>.Zero;
        for (var i = 0; i < length; i += Lanes)
        {
            var centred = Vector512.Load(from + i) - mean;
            squares = Vector512.FusedMultiplyAdd(centred, centred, squares);
        }

        var inverse = Vector512.Create(1 / MathF.Sqrt((Sum(squares) / length) + 1e-6f));
        for (var i = 0; i < length; i += Lanes)
            Vector512.FusedMultiplyAdd((Vector512.Load(from + i) - mean) * inverse, Vector512.Load(scale + i), Vector512.Load(bias + i)).Store(to + i);
    }

    /// <summary>Softmax of one row in place. The row's memory reaches to the next multiple of 16; what lies past <paramref name="length"/> is overwritten.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Softmax(float* row, int length)
    {
        var padded = (length + Lanes - 1) & -Lanes;
        for (var i = length; i < padded; i++) row[i] = float.MinValue;
        var highest = Vector512.Load(row);
        for (var i = Lanes; i < padded; i += Lanes) highest = Vector512.Max(highest, Vector512.Load(row + i));
        var max = row[0];
        for (var i = 0; i < Lanes; i++) max = MathF.Max(max, highest[i]);

        var shift = Vector512.Create(max);
        for (var i = 0; i < padded; i += Lanes) Exp(Vector512.Load(row + i) - shift).Store(row + i);
        for (var i = length; i < padded; i++) row[i] = 0;
        var total = Vector512<float>.Zero;
        for (var i = 0; i < padded; i += Lanes) total += Vector512.Load(row + i);
        var inverse = Vector512.Create(1 / Sum(total));
        for (var i = 0; i < padded; i += Lanes) (Vector512.Load(row + i) * inverse).Store(row + i);
    }

    /// <summary>to += row.</summary>
    public static void Add(float* row, float* to, int length)
    {
        for (var i = 0; i < length; i += Lanes) (Vector512.Load(to + i) + Vector512.Load(row + i)).Store(to + i);
    }

    /// <summary>row *= factor.</summary>
    public static void Scale(float* row, float factor, int length)
    {
        var by = Vector512.Create(factor);
        for (var i = 0; i < length; i += Lanes) (Vector512.Load(row + i) * by).Store(row + i);
    }

    /// <summary>The sum of squares.</summary>
    public static float SumOfSquares(float* row, int length)
    {
        var total = Vector512<float>.Zero;
        for (var i = 0; i < length; i += Lanes)
        {
            var x = Vector512.Load(row + i);
            total = Vector512.FusedMultiplyAdd(x, x, total);
        }

        return Sum(total);
    }

    /// <summary>eˣ for x ≤ 0, within 2 units in the last place; below −87 the smallest normal numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Exp(Vector512<float> x)
    {
        // x = n·ln 2 + r with |r| ≤ ½ ln 2, eˣ = 2ⁿ·eʳ; adding and taking away 1.5·2²³ rounds to a whole number.
        var round = Vector512.Create(12582912f);
        x = Vector512.Max(x, Vector512.Create(-87f));
        var n = Vector512.FusedMultiplyAdd(x, Vector512.Create(1.44269504f), round) - round;
        var r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-0.693359375f), x);
        r = Vector512.FusedMultiplyAdd(n, Vector512.Create(2.12194440e-4f), r);
        // The Taylor series to the seventh power: the rest is below 1e-8 for such r.
        var p = Vector512.Create(1f / 5040);
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1f / 720));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1f / 120));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1f / 24));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1f / 6));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(0.5f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512<float>.One);
        p = Vector512.FusedMultiplyAdd(p, r, Vector512<float>.One);
        var power = Vector512.ShiftLeft(Vector512.ConvertToInt32(n) + Vector512.Create(127), 23);
        return p * power.AsSingle();
    }

    private static float Sum(Vector512<float> v)
    {
        var half = v.GetLower() + v.GetUpper();
        var quarter = half.GetLower() + half.GetUpper();
        return (quarter[0] + quarter[2]) + (quarter[1] + quarter[3]);
    }
}
