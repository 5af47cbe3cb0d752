using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CoopAI.Adapters.Models;

/// <summary>Which instructions multiply matrices. All give the same bits: every element is one chain of fused multiply-adds in the order of the inner index.</summary>
internal enum KernelWidth
{
    /// <summary>One element at a time; works everywhere.</summary>
    Scalar,

    /// <summary>Eight floats an instruction (AVX2 with FMA).</summary>
    Vector256,

    /// <summary>Sixteen floats an instruction (AVX-512).</summary>
    Vector512,
}

/// <summary>What is added to a product, and what is done to the sum.</summary>
[Flags]
internal enum KernelMode
{
    /// <summary>C = A·B + bias.</summary>
    Plain = 0,

    /// <summary>C = C + A·B + bias: a residual connection.</summary>
    Accumulate = 1,

    /// <summary>Negative results become 0.</summary>
    Relu = 2,
}

/// <summary>
/// Dense products C = A·B in single precision. A is row-major; B is packed in panels of <see cref="PanelColumns"/> columns, so that the
/// inner loop only reads forward. Rows are worked on in blocks of <see cref="BlockRows"/>: memory must reach to the end of the last block.
/// </summary>
internal static unsafe class MatrixKernel
{
    /// <summary>Rows of one tile: 6 × 64 sums fill 24 of the 32 wide registers.</summary>
    public const int BlockRows = 6;

    /// <summary>Columns of one tile: four vectors of 16.</summary>
    public const int PanelColumns = 64;

    /// <summary>The widest instructions this processor has.</summary>
    public static KernelWidth Widest { get; } =
        Vector512.IsHardwareAccelerated && Avx512F.IsSupported ? KernelWidth.Vector512
        : Vector256.IsHardwareAccelerated && Fma.IsSupported ? KernelWidth.Vector256
        : KernelWidth.Scalar;

    public static int BlocksFor(int rows) => (rows + BlockRows - 1) / BlockRows;

    public static int PanelsFor(int columns) => (columns + PanelColumns - 1) / PanelColumns;

    /// <summary>Packs inner × columns values, row-major with the given stride, into panels. Columns missing from the last panel become 0.</summary>
    public static void PackColumns(float* source, int stride, int inner, int columns, float* packed)
    {
        for (var first = 0; first < columns; first += PanelColumns)
        {
            var present = Math.Min(PanelColumns, columns - first);
            for (var k = 0; k < inner; k++, packed += PanelColumns)
            {
                var to = new Span<float>(packed, PanelColumns);
                new Span<float>(source + ((nint)k * stride) + first, present).CopyTo(to);
                to[present..].Clear();
            }
        }
    }

    /// <summary>Packs the transpose of columns × inner values, row-major with the given stride, into panels.</summary>
    public static void PackTransposed(float* source, int stride, int inner, int columns, float* packed)
    {
        for (var first = 0; first < columns; first += PanelColumns, packed += inner * PanelColumns)
        {
            var present = Math.Min(PanelColumns, columns - first);
            if (present < PanelColumns) new Span<float>(packed, inner * PanelColumns).Clear();
            for (var c = 0; c < present; c++)
            {
                var from = source + ((nint)(first + c) * stride);
                for (var k = 0; k < inner; k++) packed[(k * PanelColumns) + c] = from[k];
            }
        }
    }

    /// <summary>C from A, row-major with their strides, and packed B. The stride of C is a multiple of 16.</summary>
    /// <param name="blocks">Blocks of 6 rows of A and C.</param>
    /// <param name="bias">One value a column (panels·64 of them), or null for 0.</param>
    public static void Multiply(
        KernelWidth width, float* a, int strideA, int blocks, int inner, float* b, int panels, float* bias, float* c, int strideC, KernelMode mode)
    {
        // A panel of B stays in the second-level cache while all blocks of A pass.
        for (var p = 0; p < panels; p++, b += (nint)inner * PanelColumns, c += PanelColumns)
        {
            var panelBias = bias == null ? null : bias + (p * PanelColumns);
            var to = c;
            var block = a;
            for (var i = 0; i < blocks; i++, block += (nint)strideA * BlockRows, to += (nint)strideC * BlockRows)
            {
                switch (width)
                {
                    case KernelWidth.Vector512:
                        Tile512(block, strideA, b, inner, panelBias, to, strideC, mode);
                        break;
                    case KernelWidth.Vector256:
                        for (var n = 0; n < PanelColumns; n += 16) Tile256(block, strideA, b + n, inner, panelBias == null ? null : panelBias + n, to + n, strideC, mode);
                        break;
                    default:
                        TileScalar(block, strideA, b, inner, panelBias, to, strideC, mode);
                        break;
                }
            }
        }
    }

    private static void TileScalar(float* a, nint strideA, float* b, int inner, float* bias, float* c, nint strideC, KernelMode mode)
    {
        for (var r = 0; r < BlockRows; r++, a += strideA, c += strideC)
        {
            for (var n = 0; n < PanelColumns; n++)
            {
                var sum = bias == null ? 0f : bias[n];
                if ((mode & KernelMode.Accumulate) != 0) sum += c[n];
                for (var k = 0; k < inner; k++) sum = MathF.FusedMultiplyAdd(a[k], b[(k * PanelColumns) + n], sum);
                c[n] = (mode & KernelMode.Relu) != 0 && !(sum > 0) ? 0 : sum;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // compiled once, at full speed: there is no time to warm up before the first answer
    private static void Tile512(float* a, nint strideA, float* b, int inner, float* bias, float* c, nint strideC, KernelMode mode)
    {
        Vector512<float> i0 = Vector512<float>.Zero, i1 = Vector512<float>.Zero, i2 = Vector512<float>.Zero, i3 = Vector512<float>.Zero;
        if (bias != null)
        {
            i0 = Vector512.Load(bias);
            i1 = Vector512.Load(bias + 16);
            i2 = Vector512.Load(bias + 32);
            i3 = Vector512.Load(bias + 48);
        }

        Vector512<float> s00 = i0, s01 = i1, s02 = i2, s03 = i3;
        Vector512<float> s10 = i0, s11 = i1, s12 = i2, s13 = i3;
        Vector512<float> s20 = i0, s21 = i1, s22 = i2, s23 = i3;
        Vector512<float> s30 = i0, s31 = i1, s32 = i2, s33 = i3;
        Vector512<float> s40 = i0, s41 = i1, s42 = i2, s43 = i3;
        Vector512<float> s50 = i0, s51 = i1, s52 = i2, s53 = i3;
        float* c0 = c, c1 = c0 + strideC, c2 = c1 + strideC, c3 = c2 + strideC, c4 = c3 + strideC, c5 = c4 + strideC;
        if ((mode & KernelMode.Accumulate) != 0)
        {
            s00 += Vector512.Load(c0);
            s01 += Vector512.Load(c0 + 16);
            s02 += Vector512.Load(c0 + 32);
            s03 += Vector512.Load(c0 + 48);
            s10 += Vector512.Load(c1);
            s11 += Vector512.Load(c1 + 16);
            s12 += Vector512.Load(c1 + 32);
            s13 += Vector512.Load(c1 + 48);
            s20 += Vector512.Load(c2);
            s21 += Vector512.Load(c2 + 16);
            s22 += Vector512.Load(c2 + 32);
            s23 += Vector512.Load(c2 + 48);
            s30 += Vector512.Load(c3);
            s31 += Vector512.Load(c3 + 16);
            s32 += Vector512.Load(c3 + 32);
            s33 += Vector512.Load(c3 + 48);
            s40 += Vector512.Load(c4);
            s41 += Vector512.Load(c4 + 16);
            s42 += Vector512.Load(c4 + 32);
            s43 += Vector512.Load(c4 + 48);
            s50 += Vector512.Load(c5);
            s51 += Vector512.Load(c5 + 16);
            s52 += Vector512.Load(c5 + 32);
            s53 += Vector512.Load(c5 + 48);
        }

        float* a0 = a, a1 = a0 + strideA, a2 = a1 + strideA, a3 = a2 + strideA, a4 = a3 + strideA, a5 = a4 + strideA;
        for (nint k = 0; k < inner; k++, b += PanelColumns)
        {
            Vector512<float> b0 = Vector512.Load(b), b1 = Vector512.Load(b + 16), b2 = Vector512.Load(b + 32), b3 = Vector512.Load(b + 48);
            var x0 = Vector512.Create(a0[k]);
            s00 = Vector512.FusedMultiplyAdd(x0, b0, s00);
            s01 = Vector512.FusedMultiplyAdd(x0, b1, s01);
            s02 = Vector512.FusedMultiplyAdd(x0, b2, s02);
            s03 = Vector512.FusedMultiplyAdd(x0, b3, s03);
            var x1 = Vector512.Create(a1[k]);
            s10 = Vector512.FusedMultiplyAdd(x1, b0, s10);
            s11 = Vector512.FusedMultiplyAdd(x1, b1, s11);
            s12 = Vector512.FusedMultiplyAdd(x1, b2, s12);
            s13 = Vector512.FusedMultiplyAdd(x1, b3, s13);
            var x2 = Vector512.Create(a2[k]);
            s20 = Vector512.FusedMultiplyAdd(x2, b0, s20);
            s21 = Vector512.FusedMultiplyAdd(x2, b1, s21);
            s22 = Vector512.FusedMultiplyAdd(x2, b2, s22);
            s23 = Vector512.FusedMultiplyAdd(x2, b3, s23);
            var x3 = Vector512.Create(a3[k]);
            s30 = Vector512.FusedMultiplyAdd(x3, b0, s30);
            s31 = Vector512.FusedMultiplyAdd(x3, b1, s31);
            s32 = Vector512.FusedMultiplyAdd(x3, b2, s32);
            s33 = Vector512.FusedMultiplyAdd(x3, b3, s33);
            var x4 = Vector512.Create(a4[k]);
            s40 = Vector512.FusedMultiplyAdd(x4, b0, s40);
            s41 = Vector512.FusedMultiplyAdd(x4, b1, s41);
            s42 = Vector512.FusedMultiplyAdd(x4, b2, s42);
            s43 = Vector512.FusedMultiplyAdd(x4, b3, s43);
            var x5 = Vector512.Create(a5[k]);
            s50 = Vector512.FusedMultiplyAdd(x5, b0, s50);
            s51 = Vector512.FusedMultiplyAdd(x5, b1, s51);
            s52 = Vector512.FusedMultiplyAdd(x5, b2, s52);
            s53 = Vector512.FusedMultiplyAdd(x5, b3, s53);
        }

        if ((mode & KernelMode.Relu) != 0)
        {
            s00 = Vector512.Max(s00, Vector512<float>.Zero);
            s01 = Vector512.Max(s01, Vector512<float>.Zero);
            s02 = Vector512.Max(s02, Vector512<float>.Zero);
            s03 = Vector512.Max(s03, Vector512<float>.Zero);
            s10 = Vector512.Max(s10, Vector512<float>.Zero);
            s11 = Vector512.Max(s11, Vector512<float>.Zero);
            s12 = Vector512.Max(s12, Vector512<float>.Zero);
            s13 = Vector512.Max(s13, Vector512<float>.Zero);
            s20 = Vector512.Max(s20, Vector512<float>.Zero);
            s21 = Vector512.Max(s21, Vector512<float>.Zero);
            s22 = Vector512.Max(s22, Vector512<float>.Zero);
            s23 = Vector512.Max(s23, Vector512<float>.Zero);
            s30 = Vector512.Max(s30, Vector512<float>.Zero);
            s31 = Vector512.Max(s31, Vector512<float>.Zero);
            s32 = Vector512.Max(s32, Vector512<float>.Zero);
            s33 = Vector512.Max(s33, Vector512<float>.Zero);
            s40 = Vector512.Max(s40, Vector512<float>.Zero);
            s41 = Vector512.Max(s41, Vector512<float>.Zero);
            s42 = Vector512.Max(s42, Vector512<float>.Zero);
            s43 = Vector512.Max(s43, Vector512<float>.Zero);
            s50 = Vector512.Max(s50, Vector512<float>.Zero);
            s51 = Vector512.Max(s51, Vector512<float>.Zero);
            s52 = Vector512.Max(s52, Vector512<float>.Zero);
            s53 = Vector512.Max(s53, Vector512<float>.Zero);
        }

        s00.Store(c0);
        s01.Store(c0 + 16);
        s02.Store(c0 + 32);
        s03.Store(c0 + 48);
        s10.Store(c1);
        s11.Store(c1 + 16);
        s12.Store(c1 + 32);
        s13.Store(c1 + 48);
        s20.Store(c2);
        s21.Store(c2 + 16);
        s22.Store(c2 + 32);
        s23.Store(c2 + 48);
        s30.Store(c3);
        s31.Store(c3 + 16);
        s32.Store(c3 + 32);
        s33.Store(c3 + 48);
        s40.Store(c4);
        s41.Store(c4 + 16);
        s42.Store(c4 + 32);
        s43.Store(c4 + 48);
        s50.Store(c5);
        s51.Store(c5 + 16);
        s52.Store(c5 + 32);
        s53.Store(c5 + 48);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // compiled once, at full speed: there is no time to warm up before the first answer
    private static void Tile256(float* a, nint strideA, float* b, int inner, float* bias, float* c, nint strideC, KernelMode mode)
    {
        Vector256<float> i0 = Vector256<float>.Zero, i1 = Vector256<float>.Zero;
        if (bias != null)
        {
            i0 = Vector256.Load(bias);
            i1 = Vector256.Load(bias + 8);
        }

        Vector256<float> s00 = i0, s01 = i1;
        Vector256<float> s10 = i0, s11 = i1;
        Vector256<float> s20 = i0, s21 = i1;
        Vector256<float> s30 = i0, s31 = i1;
        Vector256<float> s40 = i0, s41 = i1;
        Vector256<float> s50 = i0, s51 = i1;
        float* c0 = c, c1 = c0 + strideC, c2 = c1 + strideC, c3 = c2 + strideC, c4 = c3 + strideC, c5 = c4 + strideC;
        if ((mode & KernelMode.Accumulate) != 0)
        {
            s00 += Vector256.Load(c0);
            s01 += Vector256.Load(c0 + 8);
            s10 += Vector256.Load(c1);
            s11 += Vector256.Load(c1 + 8);
            s20 += Vector256.Load(c2);
            s21 += Vector256.Load(c2 + 8);
            s30 += Vector256.Load(c3);
            s31 += Vector256.Load(c3 + 8);
            s40 += Vector256.Load(c4);
            s41 += Vector256.Load(c4 + 8);
            s50 += Vector256.Load(c5);
            s51 += Vector256.Load(c5 + 8);
        }

        float* a0 = a, a1 = a0 + strideA, a2 = a1 + strideA, a3 = a2 + strideA, a4 = a3 + strideA, a5 = a4 + strideA;
        for (nint k = 0; k < inner; k++, b += PanelColumns)
        {
            Vector256<float> b0 = Vector256.Load(b), b1 = Vector256.Load(b + 8);
            var x0 = Vector256.Create(a0[k]);
            s00 = Vector256.FusedMultiplyAdd(x0, b0, s00);
            s01 = Vector256.FusedMultiplyAdd(x0, b1, s01);
            var x1 = Vector256.Create(a1[k]);
            s10 = Vector256.FusedMultiplyAdd(x1, b0, s10);
            s11 = Vector256.FusedMultiplyAdd(x1, b1, s11);
            var x2 = Vector256.Create(a2[k]);
            s20 = Vector256.FusedMultiplyAdd(x2, b0, s20);
            s21 = Vector256.FusedMultiplyAdd(x2, b1, s21);
            var x3 = Vector256.Create(a3[k]);
            s30 = Vector256.FusedMultiplyAdd(x3, b0, s30);
            s31 = Vector256.FusedMultiplyAdd(x3, b1, s31);
            var x4 = Vector256.Create(a4[k]);
            s40 = Vector256.FusedMultiplyAdd(x4, b0, s40);
            s41 = Vector256.FusedMultiplyAdd(x4, b1, s41);
            var x5 = Vector256.Create(a5[k]);
            s50 = Vector256.FusedMultiplyAdd(x5, b0, s50);
            s51 = Vector256.FusedMultiplyAdd(x5, b1, s51);
        }

        if ((mode & KernelMode.Relu) != 0)
        {
            s00 = Vector256.Max(s00, Vector256<float>.Zero);
            s01 = Vector256.Max(s01, Vector256<float>.Zero);
            s10 = Vector256.Max(s10, Vector256<float>.Zero);
            s11 = Vector256.Max(s11, Vector256<float>.Zero);
            s20 = Vector256.Max(s20, Vector256<float>.Zero);
            s21 = Vector256.Max(s21, Vector256<float>.Zero);
            s30 = Vector256.Max(s30, Vector256<float>.Zero);
            s31 = Vector256.Max(s31, Vector256<float>.Zero);
            s40 = Vector256.Max(s40, Vector256<float>.Zero);
            s41 = Vector256.Max(s41, Vector256<float>.Zero);
            s50 = Vector256.Max(s50, Vector256<float>.Zero);
            s51 = Vector256.Max(s51, Vector256<float>.Zero);
        }

        s00.Store(c0);
        s01.Store(c0 + 8);
        s10.Store(c1);
        s11.Store(c1 + 8);
        s20.Store(c2);
        s21.Store(c2 + 8);
        s30.Store(c3);
        s31.Store(c3 + 8);
        s40.Store(c4);
        s41.Store(c4 + 8);
        s50.Store(c5);
        s51.Store(c5 + 8);
    }
}
