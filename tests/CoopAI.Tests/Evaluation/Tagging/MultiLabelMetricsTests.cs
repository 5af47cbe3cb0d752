using CoopAI.Evaluation;
using CoopAI.Evaluation.Tagging;

namespace CoopAI.Tests.Evaluation.Tagging;

public sealed class MultiLabelMetricsTests
{
    private static readonly string[] Labels = ["a", "b", "c"];

    /// <summary>Truth and scores of six texts; a tag is given from 0.5.</summary>
    private static MultiLabelMetrics Six() => new(Labels,
    [
        Text("t1", "ac", 0.9, 0.2, 0.7), Text("t2", "c", 0.9, 0.1, 0.7), Text("t3", "ab", 0.4, 0.8, 0.6),
        Text("t4", "b", 0.3, 0.3, 0.2), Text("t5", "a", 0.3, 0.3, 0.1), Text("t6", "c", 0.1, 0.05, 0.7),
    ]);

    private static TaggedText Text(string id, string labels, double a, double b, double c, string masked = "") => new(
        id, labels.Select(l => l.ToString()).ToHashSet(), masked.Select(l => l.ToString()).ToHashSet(),
        new Dictionary<string, double> { ["a"] = a, ["b"] = b, ["c"] = c },
        new[] { ("a", a), ("b", b), ("c", c) }.Where(s => s.Item2 >= 0.5).Select(s => s.Item1).ToHashSet());

    private static double Value(Figure figure) => Assert.IsType<Figure.Measured>(figure).Value;

    [Fact]
    public void Every_figure_equals_that_of_scikit_learn()
    {
        // scikit-learn 1.2: average_precision_score, roc_auc_score, f1_score (micro, macro, samples), mean squared error.
        var metrics = Six();

        Assert.Equal(0.5888888888888889, Value(metrics.AveragePrecision("a")), 12);
        Assert.Equal(0.6666666666666666, Value(metrics.Auroc("a")), 12);
        Assert.Equal(0.8333333333333333, Value(metrics.AveragePrecision("b")), 12);
        Assert.Equal(0.9375, Value(metrics.Auroc("b")), 12);
        Assert.Equal(0.8074074074074074, Value(metrics.MacroAveragePrecision()), 12);
        Assert.Equal(0.8680555555555555, Value(metrics.MacroAuroc()), 12);
        Assert.Equal(0.17347222222222222, Value(metrics.Brier()), 12);
        Assert.Equal(0.6666666666666666, Value(metrics.MicroF1()), 12);
        Assert.Equal(0.6412698412698412, Value(metrics.MacroF1()), 12);
        Assert.Equal(0.5277777777777778, Value(metrics.DocumentF1()), 12);
    }

    [Fact]
    public void Masked_labels_count_in_no_figure()
    {
        var plain = Six();
        // The same six texts, and a seventh that is wrong everywhere and masked everywhere.
        var masked = new MultiLabelMetrics(Labels,
        [
            Text("t1", "ac", 0.9, 0.2, 0.7), Text("t2", "c", 0.9, 0.1, 0.7), Text("t3", "ab", 0.4, 0.8, 0.6),
            Text("t4", "b", 0.3, 0.3, 0.2), Text("t5", "a", 0.3, 0.3, 0.1), Text("t6", "c", 0.1, 0.05, 0.7),
            Text("t7", "a", 0, 1, 1, masked: "abc"),
        ]);

        Assert.Equal(plain.Counts("a"), masked.Counts("a"));
        Assert.Equal(Value(plain.MacroAveragePrecision()), Value(masked.MacroAveragePrecision()), 12);
        Assert.Equal(Value(plain.MacroAuroc()), Value(masked.MacroAuroc()), 12);
        Assert.Equal(Value(plain.Brier()), Value(masked.Brier()), 12);
        Assert.Equal(plain.Reliability(), masked.Reliability());
    }

    [Fact]
    public void A_label_that_is_neither_right_nor_given_is_left_out_of_the_macro_mean_and_one_wrongly_given_is_not()
    {
        var without = new MultiLabelMetrics(Labels, [Text("t1", "a", 0.9, 0, 0), Text("t2", "", 0.1, 0, 0)]);
        var wronglyGiven = new MultiLabelMetrics(Labels, [Text("t1", "a", 0.9, 0.9, 0), Text("t2", "", 0.1, 0, 0)]);

        Assert.Equal(1, Value(without.MacroF1()), 12);
        Assert.Equal(0.5, Value(wronglyGiven.MacroF1()), 12);
        Assert.IsType<Figure.NotMeasured>(without.F1("b"));
        Assert.IsType<Figure.NotMeasured>(without.AveragePrecision("b"));
        Assert.Equal(1, Value(without.DocumentF1()), 12);
    }

    [Fact]
    public void Calibration_error_matches_the_hand_worked_number()
    {
        // Bin 0.1–0.2: mean 0.15, none of 2 right; bin 0.9–1: mean 0.95, 1 of 2 right: (2 · 0.15 + 2 · 0.45) / 4.
        var bins = Calibration.Bins([(0.1, false, 1), (0.2 - 1e-9, false, 1), (0.9, true, 1), (1.0, false, 1)]);

        Assert.Equal((2 * 0.15 + 2 * 0.45) / 4, Calibration.Error(bins)!.Value, 8);
        Assert.Equal((2, 0.5), (bins[9].Pairs, bins[9].ShareRight));
        Assert.Null(bins[4].MeanProbability);
        Assert.Null(Calibration.Error(Calibration.Bins([])));
        Assert.Throws<ArgumentOutOfRangeException>(() => Calibration.Bins([(1.1, true, 1)]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Calibration.Bins([(double.NaN, true, 1)]));
    }

    [Fact]
    public void A_perfect_tagger_scores_one_everywhere_and_a_constant_one_half_in_auroc()
    {
        var perfect = new MultiLabelMetrics(Labels, [Text("t1", "ab", 1, 1, 0), Text("t2", "c", 0, 0, 1), Text("t3", "bc", 0, 1, 1)]);
        var constant = new MultiLabelMetrics(Labels, [Text("t1", "ab", 0.5, 0.5, 0.5), Text("t2", "c", 0.5, 0.5, 0.5), Text("t3", "bc", 0.5, 0.5, 0.5)]);

        foreach (var figure in new[] { perfect.MicroF1(), perfect.MacroF1(), perfect.DocumentF1(), perfect.MacroAveragePrecision(), perfect.MacroAuroc() }) Assert.Equal(1, Value(figure), 12);
        Assert.Equal(0, Value(perfect.Brier()), 12);
        Assert.Equal(0, Value(perfect.Ece()), 12);
        Assert.Equal(0.5, Value(constant.MacroAuroc()), 12);
    }

    [Fact]
    public void The_pooled_curve_ends_at_full_recall_with_one_point_a_distinct_score()
    {
        var curve = Six().PrecisionRecallCurve();

        Assert.Equal(9, curve.Count);
        Assert.Equal(1, curve[^1].Recall, 12);
        Assert.Equal(0.5, curve[0].Precision, 12); // two texts score 0.9 on "a", one of them rightly
    }

    [Fact]
    public void No_text_gives_figures_that_are_not_measured()
    {
        var metrics = new MultiLabelMetrics(Labels, []);

        Assert.IsType<Figure.NotMeasured>(metrics.MicroF1());
        Assert.IsType<Figure.NotMeasured>(metrics.MacroAuroc());
        Assert.IsType<Figure.NotMeasured>(metrics.DocumentF1());
        Assert.IsType<Figure.NotMeasured>(metrics.Ece());
    }
}
