using CoopAI.Evaluation.Statistics;

namespace CoopAI.Evaluation.Tagging;

/// <summary>Counts of one label over texts whose truth is known.</summary>
public readonly record struct LabelCounts(int TruePositives, int FalsePositives, int FalseNegatives, int TrueNegatives)
{
    /// <summary>Null (0/0) when the label was neither right nor given anywhere.</summary>
    public double? F1 => MultiLabelMetrics.Ratio(2 * TruePositives, 2 * TruePositives + FalsePositives + FalseNegatives);

    /// <summary>Null when the label was never given.</summary>
    public double? Precision => MultiLabelMetrics.Ratio(TruePositives, TruePositives + FalsePositives);

    /// <summary>Null when the label was never right.</summary>
    public double? Recall => MultiLabelMetrics.Ratio(TruePositives, TruePositives + FalseNegatives);
}

/// <summary>Figures of a multi-label tagger. Masked pairs of text and label count nowhere.</summary>
/// <remarks>
/// 0/0: a label neither right nor given on any text has no F1, and one without both a positive and a negative has no average
/// precision or AUROC; such labels are left out of the macro means. A text with no label and no tag is fully right (per-document F1 of 1).
/// Intervals draw texts, not pairs, since the labels of one text hang together. Definitions: Tsoumakas, Katakis and Vlahavas,
/// "Mining multi-label data" (2010); average precision and AUROC with tied scores taken together, as in scikit-learn.
/// </remarks>
public sealed class MultiLabelMetrics
{
    private readonly IReadOnlyList<TaggedText> _texts;
    private readonly IReadOnlyList<string> _labels;
    private readonly Cell[][] _cells;
    private readonly int[][] _byScore;

    private readonly record struct Cell(bool Known, bool Right, bool Given, double Score);

    /// <param name="labels">All labels, in report order.</param>
    /// <param name="texts">Each has a finite score for every label.</param>
    public MultiLabelMetrics(IReadOnlyList<string> labels, IReadOnlyList<TaggedText> texts)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(texts);
        (_labels, _texts) = (labels, texts);
        _cells = [.. labels.Select(l => texts.Select(t => new Cell(t.Knows(l), t.Labels.Contains(l), t.Given.Contains(l), t.Scores[l])).ToArray())];
        _byScore = [.. _cells.Select(c => Enumerable.Range(0, c.Length).Where(i => c[i].Known).OrderByDescending(i => c[i].Score).ToArray())];
    }

    public Figure MicroF1() => Interval(times => Pool(times).F1, "No tag was right and none was given.");

    public Figure MicroPrecision() => Interval(times => Pool(times).Precision, "No tag was given.");

    public Figure MicroRecall() => Interval(times => Pool(times).Recall, "No text has a label.");

    /// <summary>Plain mean of the labels' F1.</summary>
    public Figure MacroF1() => Macro((label, times) => Counts(label, times).F1, "No label was right or given anywhere.");

    /// <summary>Plain mean of the texts' F1.</summary>
    public Figure DocumentF1() => Bootstrap.Mean([.. Enumerable.Range(0, _texts.Count).Select(DocumentF1Of)], "No text.");

    /// <summary>Plain mean over labels of the average precision of the texts ordered by score.</summary>
    public Figure MacroAveragePrecision() => Macro(AveragePrecision, "No label has both a positive and a negative text.");

    /// <summary>Plain mean over labels of the area under the ROC curve; a tie counts half.</summary>
    public Figure MacroAuroc() => Macro(Auroc, "No label has both a positive and a negative text.");

    /// <summary>Mean squared difference between probability and truth over all known pairs; 0 is best. Source: Brier (1950).</summary>
    public Figure Brier() => Interval(times =>
    {
        double sum = 0;
        var pairs = 0;
        foreach (var label in _cells)
        {
            for (var i = 0; i < label.Length; i++)
            {
                if (!label[i].Known) continue;
                var gap = label[i].Score - (label[i].Right ? 1 : 0);
                sum += times[i] * gap * gap;
                pairs += times[i];
            }
        }

        return pairs == 0 ? null : sum / pairs;
    }, "No label is known.");

    /// <summary>Expected calibration error over all known pairs; see <see cref="Calibration"/>.</summary>
    public Figure Ece() => Interval(times => Calibration.Error(Calibration.Bins(Pairs(times))), "No label is known.");

    /// <summary>Reliability bins over all known pairs.</summary>
    public IReadOnlyList<ReliabilityBin> Reliability() => Calibration.Bins(Pairs(null));

    public Figure Precision(string label) => PerLabel(label, (l, times) => Counts(l, times).Precision, "This tag was never given.");

    public Figure Recall(string label) => PerLabel(label, (l, times) => Counts(l, times).Recall, "No text has this label.");

    public Figure F1(string label) => PerLabel(label, (l, times) => Counts(l, times).F1, "This label was neither right nor given.");

    public Figure AveragePrecision(string label) => PerLabel(label, AveragePrecision, "This label has no positive or no negative text.");

    public Figure Auroc(string label) => PerLabel(label, Auroc, "This label has no positive or no negative text.");

    /// <summary>Counts of one label over all texts.</summary>
    public LabelCounts Counts(string label) => Counts(IndexOf(label), null);

    /// <summary>Points of the pooled precision-recall curve, one for each distinct score, highest first.</summary>
    public IReadOnlyList<(double Recall, double Precision, double Threshold)> PrecisionRecallCurve()
    {
        var pairs = Pairs(null).OrderByDescending(p => p.Probability).ToArray();
        var positives = pairs.Count(p => p.Right);
        var points = new List<(double, double, double)>();
        var found = 0;
        for (var i = 0; i < pairs.Length && positives > 0; i++)
        {
            if (pairs[i].Right) found++;
            if (i + 1 < pairs.Length && pairs[i + 1].Probability == pairs[i].Probability) continue;
            points.Add(((double)found / positives, (double)found / (i + 1), pairs[i].Probability));
        }

        return points;
    }

    /// <summary>F1 of each text, for paired tests.</summary>
    public IReadOnlyList<(string Id, double Value)> DocumentF1s() => [.. _texts.Select((t, i) => (t.Id, DocumentF1Of(i)))];

    internal static double? Ratio(int part, int whole) => whole == 0 ? null : (double)part / whole;

    private double DocumentF1Of(int text)
    {
        int right = 0, given = 0, both = 0;
        foreach (var label in _cells)
        {
            if (!label[text].Known) continue;
            if (label[text].Right) right++;
            if (label[text].Given) given++;
            if (label[text] is { Right: true, Given: true }) both++;
        }

        return Ratio(2 * both, right + given) ?? 1;
    }

    private Figure Interval(Func<int[], double?> statistic, string whenUndefined) => Bootstrap.Of(_texts.Count, statistic, whenUndefined);

    /// <summary>Macro F1 of texts drawn so many times each.</summary>
    internal double? MacroF1Of(int[] times) => MacroOf((label, t) => Counts(label, t).F1, times);

    private Figure Macro(Func<int, int[]?, double?> ofLabel, string whenUndefined) => Interval(times => MacroOf(ofLabel, times), whenUndefined);

    private double? MacroOf(Func<int, int[]?, double?> ofLabel, int[] times)
    {
        double sum = 0;
        var defined = 0;
        for (var label = 0; label < _labels.Count; label++)
        {
            if (ofLabel(label, times) is not { } value) continue;
            sum += value;
            defined++;
        }

        return defined == 0 ? null : sum / defined;
    }

    private Figure PerLabel(string label, Func<int, int[]?, double?> statistic, string whenUndefined)
    {
        var index = IndexOf(label);
        return Bootstrap.Of(_texts.Count, times => statistic(index, times), whenUndefined, _byScore[index].Length);
    }

    private int IndexOf(string label) =>
        _labels.Index().Where(l => l.Item == label).Select(l => (int?)l.Index).FirstOrDefault() ?? throw new ArgumentException($"There is no label {label}.", nameof(label));

    private LabelCounts Counts(int label, int[]? times)
    {
        int tp = 0, fp = 0, fn = 0, tn = 0;
        var cells = _cells[label];
        for (var i = 0; i < cells.Length; i++)
        {
            if (!cells[i].Known) continue;
            var n = times?[i] ?? 1;
            if (cells[i].Right && cells[i].Given) tp += n;
            else if (cells[i].Given) fp += n;
            else if (cells[i].Right) fn += n;
            else tn += n;
        }

        return new LabelCounts(tp, fp, fn, tn);
    }

    private LabelCounts Pool(int[] times)
    {
        int tp = 0, fp = 0, fn = 0, tn = 0;
        for (var label = 0; label < _labels.Count; label++)
        {
            var counts = Counts(label, times);
            (tp, fp, fn, tn) = (tp + counts.TruePositives, fp + counts.FalsePositives, fn + counts.FalseNegatives, tn + counts.TrueNegatives);
        }

        return new LabelCounts(tp, fp, fn, tn);
    }

    private double? AveragePrecision(int label, int[]? times)
    {
        var (positives, negatives) = Totals(label, times);
        if (positives == 0 || negatives == 0) return null;
        double sum = 0;
        int found = 0, seen = 0;
        foreach (var (right, wrong) in Ties(label, times))
        {
            found += right;
            seen += right + wrong;
            if (right > 0) sum += (double)right / positives * found / seen;
        }

        return sum;
    }

    private double? Auroc(int label, int[]? times)
    {
        var (positives, negatives) = Totals(label, times);
        if (positives == 0 || negatives == 0) return null;
        double won = 0;
        var wrongAbove = 0;
        foreach (var (right, wrong) in Ties(label, times))
        {
            won += right * (negatives - wrongAbove - wrong + wrong / 2.0);
            wrongAbove += wrong;
        }

        return won / ((double)positives * negatives);
    }

    private (int Positives, int Negatives) Totals(int label, int[]? times)
    {
        int positives = 0, negatives = 0;
        foreach (var i in _byScore[label])
        {
            if (_cells[label][i].Right) positives += times?[i] ?? 1;
            else negatives += times?[i] ?? 1;
        }

        return (positives, negatives);
    }

    /// <summary>Positive and negative texts of each distinct score, highest score first.</summary>
    private IEnumerable<(int Right, int Wrong)> Ties(int label, int[]? times)
    {
        var order = _byScore[label];
        var cells = _cells[label];
        for (var i = 0; i < order.Length;)
        {
            int right = 0, wrong = 0;
            var score = cells[order[i]].Score;
            for (; i < order.Length && cells[order[i]].Score == score; i++)
            {
                if (cells[order[i]].Right) right += times?[order[i]] ?? 1;
                else wrong += times?[order[i]] ?? 1;
            }

            yield return (right, wrong);
        }
    }

    private IEnumerable<(double Probability, bool Right, int Times)> Pairs(int[]? times)
    {
        foreach (var label in _cells)
        {
            for (var i = 0; i < label.Length; i++)
            {
                if (label[i].Known) yield return (label[i].Score, label[i].Right, times?[i] ?? 1);
            }
        }
    }
}
