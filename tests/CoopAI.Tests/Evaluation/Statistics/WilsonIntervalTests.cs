using CoopAI.Evaluation;
using CoopAI.Evaluation.Statistics;

namespace CoopAI.Tests.Evaluation.Statistics;

public sealed class WilsonIntervalTests
{
    [Theory]
    [InlineData(81, 263, 0.2553, 0.3662)] // Newcombe, Statistics in Medicine 17 (1998), table I, method 3
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0.0000, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void The_interval_matches_published_examples(int hits, int cases, double low, double high)
    {
        var interval = WilsonInterval.Of(hits, cases);

        Assert.Equal(low, interval.Low, 4);
        Assert.Equal(high, interval.High, 4);
    }

    [Fact]
    public void Hits_and_misses_mirror_each_other_and_the_share_lies_inside()
    {
        for (var cases = 1; cases <= 40; cases++)
        {
            for (var hits = 0; hits <= cases; hits++)
            {
                var (low, high) = WilsonInterval.Of(hits, cases);
                var (mirrorLow, mirrorHigh) = WilsonInterval.Of(cases - hits, cases);

                Assert.True(0 <= low && low <= (double)hits / cases && (double)hits / cases <= high && high <= 1, $"{hits} of {cases}");
                Assert.Equal(low, 1 - mirrorHigh, 12);
                Assert.Equal(high, 1 - mirrorLow, 12);
            }
        }
    }

    [Fact]
    public void No_cases_are_not_measured()
    {
        Assert.Equal(new Figure.NotMeasured("no case"), Figure.Share(0, 0, "no case"));
        Assert.Throws<ArgumentOutOfRangeException>(() => WilsonInterval.Of(2, 1));
    }
}
