using CoopAI.Evaluation.Retrieval;

namespace CoopAI.Tests.Evaluation.Retrieval;

public sealed class RankMetricsTests
{
    [Fact]
    public void Ndcg_matches_the_hand_worked_number()
    {
        // DCG = 3/log2(2) + 2/log2(3) + 0 + 1/log2(5); ideal order 3, 3, 2, 1 of which one 3 was not found.
        var dcg = 3 + 2 / 1.584962500721156 + 1 / 2.321928094887362;
        var ideal = 3 + 3 / 1.584962500721156 + 2 / 2.0 + 1 / 2.321928094887362;

        Assert.Equal(dcg / ideal, RankMetrics.NdcgAtK([3, 2, 0, 1], [1, 2, 3, 3, 0], 10), 12);
    }

    [Fact]
    public void Average_precision_matches_the_textbook_example()
    {
        // Manning, Raghavan and Schütze, chapter 8: relevant at ranks 1, 3, 6 of 5 relevant: (1 + 2/3 + 3/6) / 5.
        Assert.Equal((1 + 2.0 / 3 + 0.5) / 5, RankMetrics.AveragePrecision([1, 0, 1, 0, 0, 1], [1, 1, 1, 1, 1]), 12);
    }

    [Fact]
    public void Reciprocal_rank_recall_and_success_match_the_hand_worked_numbers()
    {
        int[] grades = [0, 0, 2, 0, 1];

        Assert.Equal(1.0 / 3, RankMetrics.ReciprocalRank(grades), 12);
        Assert.Equal(0.25, RankMetrics.RecallAtK(grades, [1, 1, 2, 1, -1], 4), 12);
        Assert.Equal(0, RankMetrics.SuccessAtK(grades, 2));
        Assert.Equal(1, RankMetrics.SuccessAtK(grades, 3));
        Assert.Equal(0, RankMetrics.ReciprocalRank([]));
    }

    [Fact]
    public void Negative_grades_count_as_not_relevant()
    {
        Assert.Equal(RankMetrics.NdcgAtK([0, 2], [0, 2], 10), RankMetrics.NdcgAtK([-2, 2], [-2, 2], 10), 12);
        Assert.Equal(0, RankMetrics.ReciprocalRank([-1]));
    }

    [Fact]
    public void A_question_without_a_relevant_document_has_no_score()
    {
        Assert.Throws<ArgumentException>(() => RankMetrics.NdcgAtK([0], [0, -1], 10));
        Assert.Throws<ArgumentException>(() => RankMetrics.AveragePrecision([0], []));
    }
}
