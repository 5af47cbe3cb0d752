using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static CoopAI.Adapters.Models.MatrixKernel;

namespace CoopAI.Adapters.Models;

/// <summary>
/// C = C + A·B + bias where most of A is 0, as it is behind a rectifier: only what is not 0 is multiplied. B is packed as for <see cref="MatrixKernel"/>.
/// Gives the same values as <see cref="MatrixKernel.Multiply"/>: adding 0 times something changes no sum.
/// </summary>
internal static unsafe class SparseKernel
{
    private const int Lanes = 16;

    /// <summary>Moves what is not 0 to the front of the row, in order, and notes where it stood.</summary>
    /// <param name="length">A multiple of 16.</param>
    /// <param name="places">Room for <paramref name="length"/> numbers.</param>
    /// <returns>How many values are not 0.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Gather(float* row, int length, int* places)
    {
        var count = 0;
        for (var first = 0; first < length; first += Lanes)
        {
            // The write position never passes the read position, so nothing is lost.
            for (var mask = ~Vector512.Equals(Vector512.Load(row + first), Vector512<float>.Zero).ExtractMostSignificantBits() & 0xFFFF; mask != 0; mask &= mask - 1)
            {
                var place = first + System.Numerics.BitOperations.TrailingZeroCount(mask);
                places[count] = place;
                row[count++] = row[place];
            }
        }

        return count;
    }

    /// <summary>C = C + A·B + bias.</summary>
    /// <param name="a">Rows as <see cref="Gather"/> leaves them, <paramref name="inner"/> apart.</param>
    /// <param name="places">What it noted, <paramref name="inner"/> apart.</param>
    /// <param name="counts">What it returned, one a row.</param>
    public static void Accumulate(
        KernelWidth width, float* a, int* places, int* counts, int rows, int inner, float* b, int panels, float* bias, float* c, int strideC)
    {
        // A panel of B stays in the second-level cache while all rows pass.
        for (var p = 0; p < panels; p++, b += (nint)inner * PanelColumns, bias += PanelColumns, c += PanelColumns)
        {
            for (var r = 0; r < rows; r++)
            {
                var values = a + ((nint)r * inner);
                var where = places + ((nint)r * inner);
                var to = c + ((nint)r * strideC);
                switch (width)
                {
                    case KernelWidth.Vector512:
                        Row512(values, where, counts[r], b, bias, to);
                        break;
                    case KernelWidth.Vector256:
                        Row256(values, where, counts[r], b, bias, to);
                        break;
                    default:
                        RowScalar(values, where, counts[r], b, bias, to);
                        break;
                }
            }
        }
    }

    private static void RowScalar(float* a, int* places, int count, float* b, float* bias, float* c)
    {
        for (var n = 0; n < PanelColumns; n++)
        {
            var sum = bias[n] + c[n];
            for (var k = 0; k < count; k++) sum = MathF.FusedMultiplyAdd(a[k], b[((nint)places[k] * PanelColumns) + n], sum);
            c[n] = sum;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row512(float* a, int* places, int count, float* b, float* bias, float* c)
    {
        var s0 = Vector512.Load(bias) + Vector512.Load(c);
        var s1 = Vector512.Load(bias + 16) + Vector512.Load(c + 16);
        var s2 = Vector512.Load(bias + 32) + Vector512.Load(c + 32);
        var s3 = Vector512.Load(bias + 48) + Vector512.Load(c + 48);
        for (var k = 0; k < count; k++)
        {
            var x = Vector512.Create(a[k]);
            var from = b + ((nint)places[k] * PanelColumns);
            s0 = Vector512.FusedMultiplyAdd(x, Vector512.Load(from), s0);
            s1 = Vector512.FusedMultiplyAdd(x, Vector512.Load(from + 16), s1);
            s2 = Vector512.FusedMultiplyAdd(x, Vector512.Load(from + 32), s2);
            s3 = Vector512.FusedMultiplyAdd(x, Vector512.Load(from + 48), s3);
        }

        s0.Store(c);
        s1.Store(c + 16);
        s2.Store(c + 32);
        s3.Store(c + 48);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row256(float* a, int* places, int count, float* b, float* bias, float* c)
    {
        // Half a panel at a time: more sums would not fit in the sixteen registers.
        for (var n = 0; n < PanelColumns; n += 32)
        {
            var s0 = Vector256.Load(bias + n) + Vector256.Load(c + n);
            var s1 = Vector256.Load(bias + n + 8) + Vector256.Load(c + n + 8);
            var s2 = Vector256.Load(bias + n + 16) + Vector256.Load(c + n + 16);
            var s3 = Vector256.Load(bias + n + 24) + Vector256.Load(c + n + 24);
            for (var k = 0; k < count; k++)
            {
                var x = Vector256.Create(a[k]);
                var from = b + ((nint)places[k] * PanelColumns) + n;
                s0 = Vector256.FusedMultiplyAdd(x, Vector256.Load(from), s0);
                s1 = Vector256.FusedMultiplyAdd(x, Vector256.Load(from + 8), s1);
                s2 = Vector256.FusedMultiplyAdd(x, Vector256.Load(from + 16), s2);
                s3 = Vector256.FusedMultiplyAdd(x, Vector256.Load(from + 24), s3);
            }

            s0.Store(c + n);
            s1.Store(c + n + 8);
            s2.Store(c + n + 16);
            s3.Store(c + n + 24);
        }
    }
}
