using CoopAI.Core.Vectors;

namespace CoopAI.Tests.Core.Vectors;

public sealed class QuantizedVectorsTests
{
    [Fact]
    public void Codes_and_scales_are_those_worked_out_by_hand()
    {
        var vectors = QuantizedVectors.Of([new float[] { 1.27f, -0.635f, 0.004f }, new float[] { 0, 0, 0 }], 3);

        // The scale is 1.27 / 127 = 0.01, so the codes are 127, −63.5 and 0.4, rounded to the even neighbour.
        Assert.Equal([127, -64, 0, 0, 0, 0], vectors.Codes.ToArray().Select(c => (int)c));
        Assert.Equal(0.01f, vectors.Scales[0], 1e-6f);
        Assert.Equal(0, vectors.Scales[1]);
        var floats = new float[3];
        vectors.CopyTo(0, floats);
        Assert.Equal(-0.64f, floats[1], 1e-6f);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(37)]
    [InlineData(512)]
    [InlineData(1536)]
    public void A_dot_product_stays_near_that_of_the_floats(int dimension)
    {
        var random = new Random(dimension);
        var (a, b) = (Unit(random, dimension), Unit(random, dimension));

        var dot = QuantizedVectors.Of([Unit(random, dimension), a], dimension).Dot(1, new QuantizedQuery(b));

        Assert.Equal(a.Zip(b, (x, y) => (double)x * y).Sum(), dot, 0.005);
    }

    [Fact]
    public void The_largest_numbers_that_can_come_do_not_overflow()
    {
        var ones = Enumerable.Repeat(1f, 8000).ToArray();

        var dot = QuantizedVectors.Of([ones], ones.Length).Dot(0, new QuantizedQuery(ones));

        Assert.Equal(8000, dot, 1f);
    }

    [Fact]
    public void Stored_codes_and_scales_make_the_same_vectors()
    {
        var vectors = QuantizedVectors.Of([new float[] { 0.3f, -0.4f }], 2);

        var read = QuantizedVectors.From(vectors.Codes, vectors.Scales, 2);

        var query = new QuantizedQuery([0.5f, 0.1f]);
        Assert.Equal(vectors.Dot(0, query), read.Dot(0, query));
    }

    [Fact]
    public void Vectors_put_in_one_block_and_cut_out_again_are_the_same()
    {
        var random = new Random(1);
        var (a, b, none) = (QuantizedVectors.Of([Unit(random, 40), Unit(random, 40)], 40), QuantizedVectors.Of([Unit(random, 40), Unit(random, 40), Unit(random, 40)], 40), QuantizedVectors.Of([], 0));
        var query = new QuantizedQuery(Unit(random, 40));

        var block = QuantizedVectors.Concat([none, a, b]);
        var slice = block.Slice(1, 3).Slice(1, 2);

        Assert.Equal(5, block.Count);
        Assert.Equal(b.Codes[..80].ToArray(), slice.Codes.ToArray());
        Assert.Equal(b.Scales[..2].ToArray(), slice.Scales.ToArray());
        Assert.Equal([b.Dot(0, query), b.Dot(1, query)], new[] { slice.Dot(0, query), slice.Dot(1, query) });
        Assert.Equal(b.Dot(1, b.Query(0)), slice.Dot(1, slice.Query(0)));
        var (expected, actual) = (new float[40], new float[40]);
        b.CopyTo(1, expected);
        slice.CopyTo(1, actual);
        Assert.Equal(expected, actual);
        Assert.Throws<ArgumentOutOfRangeException>(() => block.Slice(3, 3));
        Assert.Throws<ArgumentException>(() => QuantizedVectors.Concat([a, QuantizedVectors.Of([Unit(random, 30)], 30)]));
    }

    [Fact]
    public void What_does_not_fit_together_is_refused()
    {
        var vectors = QuantizedVectors.Of([new float[] { 1, 2 }], 2);

        Assert.Throws<ArgumentException>(() => QuantizedVectors.Of([new float[] { 1, 2, 3 }], 2));
        Assert.Throws<ArgumentException>(() => QuantizedVectors.From([1, 2, 3], [1f], 2));
        Assert.Throws<ArgumentException>(() => vectors.Dot(0, new QuantizedQuery([1f])));
    }

    private static float[] Unit(Random random, int dimension)
    {
        var values = Enumerable.Range(0, dimension).Select(_ => (float)random.NextDouble() - 0.5f).ToArray();
        var length = MathF.Sqrt(values.Sum(v => v * v));
        return [.. values.Select(v => v / length)];
    }
}
