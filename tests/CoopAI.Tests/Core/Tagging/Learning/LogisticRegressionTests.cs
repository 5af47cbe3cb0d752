using CoopAI.Core.Tagging.Learning;

namespace CoopAI.Tests.Core.Tagging.Learning;

public sealed class LogisticRegressionTests
{
    [Fact]
    public void With_nothing_but_a_bias_the_fit_is_the_log_odds()
    {
        // 3 of 4 are true, each with weight 2: log(3/1).
        var model = LogisticRegression.Fit([[0], [0], [0], [0]], [true, true, true, false], [2, 2, 2, 2], penalty: 1, biasPenalty: 0, LinearModel.Zero(1));

        Assert.Equal(Math.Log(3), model.Bias, 3);
        Assert.Equal(0, model.Weights[0]);
    }

    [Fact]
    public void The_penalised_optimum_is_the_one_worked_out_by_hand()
    {
        // Rows x = 1 (true) and x = −1 (false): the bias stays 0 and 2·σ(−v) = λ·v. With λ = 2·σ(−1) = 0.5378828, v = 1.
        var model = LogisticRegression.Fit([[1], [-1]], [true, false], [1, 1], 0.5378828f, 1, LinearModel.Zero(1), iterations: 100);

        Assert.Equal(1, model.Weights[0], 2);
    }

    [Fact]
    public void A_strong_prior_is_kept_and_a_weak_one_is_overruled()
    {
        var prior = new LinearModel([-1f], 0);
        float[][] rows = [.. Enumerable.Range(0, 100).Select(i => new[] { i % 2 == 0 ? 1f : -1f })];
        bool[] truth = [.. Enumerable.Range(0, 100).Select(i => i % 2 == 0)];
        float[] weights = [.. Enumerable.Repeat(1f, 100)];

        var kept = LogisticRegression.Fit(rows, truth, weights, 1e6f, 1e6f, prior);
        var overruled = LogisticRegression.Fit(rows, truth, weights, 0.01f, 0.01f, prior);

        Assert.Equal(-1, kept.Weights[0], 2);
        Assert.True(overruled.Weights[0] > 1);
    }

    [Fact]
    public void Rows_without_weight_do_not_count()
    {
        var with = LogisticRegression.Fit([[1], [1]], [true, false], [1, 0], 1, 0.1f, LinearModel.Zero(1));
        var without = LogisticRegression.Fit([[1]], [true], [1], 1, 0.1f, LinearModel.Zero(1));

        Assert.Equal(without.Weights[0], with.Weights[0], 5);
    }

    [Fact]
    public void Without_rows_the_prior_comes_back()
    {
        var prior = new LinearModel([2f], 3);

        Assert.Same(prior, LogisticRegression.Fit([], [], [], 1, 1, prior));
    }
}
