using CoopAI.Adapters.Models;

namespace CoopAI.Tests.Adapters.Models;

public sealed unsafe class SparseKernelTests
{
    private const int Rows = 13, Inner = 96, Columns = 128;

    public static TheoryData<string, double> Cases() => new(
        from width in Enum.GetNames<KernelWidth>()
        from share in new[] { 0.0, 0.07, 0.5, 1.0 }
        select (width, share));

    [Theory]
    [MemberData(nameof(Cases))]
    public void It_gives_what_the_dense_product_gives(string kernel, double share)
    {
        var width = Enum.Parse<KernelWidth>(kernel);
        Assert.SkipWhen(width > MatrixKernel.Widest, $"This processor has no {kernel} instructions.");
        var random = new Random(11);
        var padded = MatrixKernel.BlocksFor(Rows) * MatrixKernel.BlockRows;
        AlignedFloats a = new(padded * Inner), weights = new(Inner * Columns), bias = new(Columns), dense = new(padded * Columns), sparse = new(padded * Columns), matrix = new(Inner * Columns);
        foreach (var block in new[] { weights, bias, dense })
            foreach (ref var value in block.Span) value = random.NextSingle() - 0.5f;
        foreach (ref var value in a.Span) value = random.NextDouble() < share ? random.NextSingle() + 0.1f : 0;
        dense.Span.CopyTo(sparse.Span);
        MatrixKernel.PackColumns(weights.Pointer, Columns, Inner, Columns, matrix.Pointer);
        var layer = new PackedLayer(Inner, Columns, matrix, bias);
        var (places, counts) = (new int[Rows * Inner], new int[Rows]);

        layer.Apply(width, a.Pointer, Rows, dense.Pointer, KernelMode.Accumulate);
        fixed (int* at = places, counted = counts) layer.AccumulateSparse(width, a.Pointer, Rows, sparse.Pointer, at, counted);

        Assert.Equal(share switch { 0 => 0, 1 => Rows * Inner, _ => counts.Sum() }, counts.Sum());
        Assert.Equal(dense.Span[..(Rows * Columns)].ToArray(), sparse.Span[..(Rows * Columns)].ToArray());
    }

    [Fact]
    public void Gathering_keeps_the_order_and_notes_the_places()
    {
        var row = new AlignedFloats(32);
        (row.Span[3], row.Span[15], row.Span[16], row.Span[31]) = (2, 0.5f, -1, 4);
        var places = new int[32];

        int count;
        fixed (int* at = places) count = SparseKernel.Gather(row.Pointer, 32, at);

        Assert.Equal(4, count);
        Assert.Equal([3, 15, 16, 31], places[..4]);
        Assert.Equal([2, 0.5f, -1, 4], row.Span[..4].ToArray());
    }
}
