using CoopAI.Core.Retrieval;

namespace CoopAI.Tests.Core.Retrieval;

public sealed class FusionTests
{
    [Fact]
    public void Weighted_fusion_sums_scores_scaled_to_their_own_range()
    {
        var hits = new HybridHits(
            [new("a#0", "a", 0.8), new("b#0", "b", 0.5), new("c#0", "c", 0.4)],
            [new("c#0", "c", 12), new("a#0", "a", 3), new("d#0", "d", 2)]);

        var fused = WeightedFusion.Fuse(hits, 0.4);

        // dense: a 1, b 0.25, c 0; lexical: c 1, a 0.1, d 0.
        Assert.Equal(["c#0", "a#0", "b#0", "d#0"], fused.Select(f => f.PassageId));
        Assert.Equal(0.6, fused[0].Score, 12);
        Assert.Equal(0.4 + 0.06, fused[1].Score, 12);
        Assert.Equal(0.1, fused[2].Score, 12);
        Assert.Equal(0, fused[3].Score, 12);
    }

    [Fact]
    public void Weighted_fusion_of_equal_scores_counts_them_as_ones_and_orders_by_id()
    {
        var fused = WeightedFusion.Fuse(new HybridHits([new("b#0", "b", 0.3), new("a#0", "a", 0.3)], []), 1);

        Assert.Equal(["a#0", "b#0"], fused.Select(f => f.PassageId));
        Assert.All(fused, f => Assert.Equal(1, f.Score));
    }

    [Fact]
    public void Nothing_fused_is_nothing()
    {
        Assert.Empty(WeightedFusion.Fuse(new HybridHits([], []), 0.5));
        Assert.Empty(ReciprocalRankFusion.Fuse([]));
        Assert.Empty(ReciprocalRankFusion.Fuse([[], []]));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void A_weight_outside_its_range_is_refused(double weight)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => WeightedFusion.Fuse(new HybridHits([], []), weight));
    }

    [Fact]
    public void Reciprocal_ranks_are_summed()
    {
        var fused = ReciprocalRankFusion.Fuse([["a", "b", "c"], ["b", "d"]]);

        Assert.Equal(["b", "a", "d", "c"], fused.Select(f => f.Id));
        Assert.Equal((1.0 / 62) + (1.0 / 61), fused[0].Score, 12);
        Assert.Equal(1.0 / 61, fused[1].Score, 12);
        Assert.Equal(1.0 / 62, fused[2].Score, 12);
        Assert.Equal(1.0 / 63, fused[3].Score, 12);
    }

    [Fact]
    public void The_order_of_the_rankings_changes_no_score()
    {
        string[] first = ["a", "b", "c"], second = ["c", "a", "b"], third = ["b", "c", "a"];

        var fused = ReciprocalRankFusion.Fuse([first, second, third]);

        Assert.Equal(fused, ReciprocalRankFusion.Fuse([third, first, second]));
        Assert.Equal(["a", "b", "c"], fused.Select(f => f.Id));
    }

    [Fact]
    public void A_ranking_that_names_an_id_twice_and_a_k_below_one_are_refused()
    {
        Assert.Throws<ArgumentException>(() => ReciprocalRankFusion.Fuse([["a", "a"]]));
        Assert.Throws<ArgumentOutOfRangeException>(() => ReciprocalRankFusion.Fuse([], 0));
        Assert.Throws<ArgumentException>(() => WeightedFusion.Fuse(new HybridHits([new("a#0", "a", 1), new("a#0", "a", 2)], []), 0.5));
    }
}
