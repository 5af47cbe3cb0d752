using System.Text.Json.Nodes;
using CoopAI.Core.Corpus;
using CoopAI.Core.Language;
using CoopAI.Core.Principles;
using CoopAI.Core.Tagging;
using CoopAI.Evaluation.Reporting;
using CoopAI.Evaluation.Statistics;

namespace CoopAI.Evaluation.Tagging;

/// <summary>What a tagger said of one text.</summary>
/// <param name="Scores">Probability in [0, 1] of all ten principles.</param>
/// <param name="Decisions">yes, unsure or no for all ten.</param>
/// <param name="Evidence">By principle the sentences shown for it; may leave out principles.</param>
public sealed record TagPrediction(
    string Slug, IReadOnlyDictionary<string, double> Scores, IReadOnlyDictionary<string, string> Decisions, IReadOnlyDictionary<string, IReadOnlyList<string>> Evidence)
{
    /// <summary>The tagger's answer in the terms of the suite.</summary>
    public static TagPrediction Of(string slug, TagSuggestion suggestion)
    {
        ArgumentNullException.ThrowIfNull(suggestion);
        return new(
            slug,
            suggestion.Tags.ToDictionary(t => t.Id, t => t.Probability, StringComparer.Ordinal),
            suggestion.Tags.ToDictionary(t => t.Id, t => t.Decision.ToString().ToLowerInvariant(), StringComparer.Ordinal),
            suggestion.Tags.ToDictionary(t => t.Id, t => (IReadOnlyList<string>)[.. t.Evidence.Select(e => e.Sentence)], StringComparer.Ordinal));
    }
}

/// <summary>How well new case studies get the ten principles.</summary>
public static class TaggingSuite
{
    public const string Name = "tagging";

    /// <summary>Scores predictions against the readers' labels.</summary>
    /// <param name="train">Texts learnt from, for the yardstick of the commonest labels; null when predictions come from cross-validation.</param>
    public static SuiteReport Report(
        IReadOnlyList<LabelledText> test, IReadOnlyList<TagPrediction> predictions, IReadOnlyList<LabelledText>? train, IReadOnlyList<Timing> times)
    {
        ArgumentNullException.ThrowIfNull(test);
        ArgumentNullException.ThrowIfNull(predictions);
        var labels = PrincipleIds.All;
        TaggedText[] texts = [.. test.Zip(predictions, (t, p) => Text(t, p))];
        var metrics = new MultiLabelMetrics(labels, texts);
        var commonest = Commonest(train ?? test);
        var yardstick = new MultiLabelMetrics(labels, [.. texts.Select(t => t with { Given = commonest })]);

        var withUnsure = new MultiLabelMetrics(labels, [.. texts.Zip(predictions, (t, p) => t with { Given = p.Decisions.Where(d => d.Value is "yes" or "unsure").Select(d => d.Key).ToHashSet(StringComparer.Ordinal) })]);
        var evidence = EvidenceHits(test, predictions);
        List<NamedFigure> figures =
        [
            new("macroF1", metrics.MacroF1()), new("macroF1[unsure as given]", withUnsure.MacroF1()), new("microF1", metrics.MicroF1()), new("documentF1", metrics.DocumentF1()),
            new("microPrecision", metrics.MicroPrecision()), new("microRecall", metrics.MicroRecall()),
            new("macroAveragePrecision", metrics.MacroAveragePrecision()), new("macroAUROC", metrics.MacroAuroc()),
            new("brier", metrics.Brier()), new("ECE", metrics.Ece()),
            new("evidenceHitRate", Figure.Share(evidence.Shown, evidence.Given, "No tag was given on a text with marked sentences.")),
            new("evidenceHitRate[first sentence]", Figure.Share(evidence.First, evidence.Given, "No tag was given on a text with marked sentences.")),
            new("evidenceHitRate[right tags]", Figure.Share(evidence.RightShown, evidence.Right, "No tag was rightly given on a text with marked sentences.")),
            new("macroF1[commonest labels]", yardstick.MacroF1()),
            new("macroF1[minus commonest labels]", Bootstrap.Of(texts.Length, times => metrics.MacroF1Of(times) - yardstick.MacroF1Of(times), "Macro F1 is not defined on these texts.")),
            new("unsure", Figure.Share(Unsure(texts, predictions), texts.Sum(t => labels.Count(t.Knows)), "No label is known.")),
        ];
        foreach (var label in labels) figures.Add(new NamedFigure($"F1[{label}]", metrics.F1(label)));

        var reliability = metrics.Reliability();
        var masked = texts.Sum(t => labels.Count(l => !t.Knows(l)));
        List<string> notes = [$"{masked} of {texts.Length * labels.Count} pairs of text and principle are masked (arguable or unknown) and count in no figure.", .. Overlap(train, test)];
        var unlabelled = test.Count(t => t.Labels.Count == 0);
        if (unlabelled > 0) notes.Add($"{unlabelled} texts have no known label (principles: null, or all masked); nothing of them is scored.");
        if (!test.Any(t => t.Evidence.Count > 0)) notes.Add("The labels name no sentences, so the evidence hit rate is not measured.");
        return new SuiteReport
        {
            Name = Name,
            Title = "Tagging",
            Description = $"{texts.Length} texts, ten principles. Given means decided “yes”; “unsure” counts as not given. A label that is neither right nor given anywhere (0/0) is left out of macro F1; one without both positive and negative texts is left out of macro average precision and AUROC; a text without labels and without tags is fully right. Intervals draw texts. Calibration error has ten bins of equal width. Evidence counts over all given tags, wrong ones too: it is a hit when a sentence shown for the tag, or the first one alone, overlaps one that a reader marked for it. The labels come from readers, not from the Network: they measure agreement with them.",
            Figures = figures,
            Tables =
            [
                new ReportTable("By principle", ["Principle", "Texts with it", "Precision", "Recall", "F1", "Average precision", "AUROC"],
                    [.. labels.Select(l => (IReadOnlyList<string>)[l, $"{metrics.Counts(l).TruePositives + metrics.Counts(l).FalseNegatives}", ReportText.Of(metrics.Precision(l)), ReportText.Of(metrics.Recall(l)),
                        ReportText.Of(metrics.F1(l)), ReportText.Of(metrics.AveragePrecision(l)), ReportText.Of(metrics.Auroc(l))])]),
                new ReportTable("Reliability", ["Probability", "Predictions", "Mean probability", "Share right"],
                    [.. reliability.Select(b => (IReadOnlyList<string>)[$"{ReportText.Digits(b.From)} to {ReportText.Digits(b.To)}", $"{b.Pairs}", b.MeanProbability is { } p ? ReportText.Digits(p) : "–", b.ShareRight is { } s ? ReportText.Digits(s) : "–"])]),
            ],
            Plots =
            [
                new ReportPlot.Lines("Reliability diagram", "Of the tags given a probability, how many are right. The dashed line is where promise and truth agree; bins without predictions have no point.",
                    "mean probability", "share right", [new PlotSeries("tagger", [.. reliability.Where(b => b.Pairs > 0).Select(b => (b.MeanProbability!.Value, b.ShareRight!.Value))])], Diagonal: true),
                new ReportPlot.Lines("Precision and recall", "All pairs of text and principle pooled, ordered by probability.", "recall", "precision",
                    [new PlotSeries("tagger", Thin(metrics.PrecisionRecallCurve()))]),
                new ReportPlot.Matrix("Confusion by principle", "For each principle how many texts were rightly given it, wrongly given it, wrongly left without it, rightly left without it.",
                    ["right", "wrongly given", "missed", "rightly not given"],
                    [.. labels.Select(l => (l, metrics.Counts(l))).Select(l => (l.l, (IReadOnlyList<int>)[l.Item2.TruePositives, l.Item2.FalsePositives, l.Item2.FalseNegatives, l.Item2.TrueNegatives]))]),
            ],
            Notes = notes,
            Items = [new ItemScores("documentF1", metrics.DocumentF1s())],
            Predictions = [.. predictions.Select(Line)],
            Times = times,
        };
    }

    /// <summary>A line of <c>--predictions</c>.</summary>
    public static JsonObject Line(TagPrediction prediction)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        return new JsonObject
        {
            ["slug"] = prediction.Slug,
            ["scores"] = new JsonObject(PrincipleIds.All.Select(id => KeyValuePair.Create(id, (JsonNode?)EvaluationReport.Round(prediction.Scores[id])))),
            ["decisions"] = new JsonObject(PrincipleIds.All.Select(id => KeyValuePair.Create(id, (JsonNode?)prediction.Decisions[id]))),
        };
    }

    private static TaggedText Text(LabelledText text, TagPrediction prediction)
    {
        if (text.CaseStudy.Slug != prediction.Slug) throw new ArgumentException($"The prediction of {prediction.Slug} stands in the place of {text.CaseStudy.Slug}.", nameof(prediction));
        return new TaggedText(text.CaseStudy.Slug, text.Labels.Where(l => l.Value).Select(l => l.Key).ToHashSet(StringComparer.Ordinal),
            PrincipleIds.All.Where(id => !text.Labels.ContainsKey(id)).ToHashSet(StringComparer.Ordinal), prediction.Scores,
            prediction.Decisions.Where(d => d.Value == "yes").Select(d => d.Key).ToHashSet(StringComparer.Ordinal));
    }

    /// <summary>As many of the commonest labels as a text has on average, at least one.</summary>
    private static HashSet<string> Commonest(IReadOnlyList<LabelledText> texts)
    {
        var counts = PrincipleIds.All.Select(id => (Id: id, Right: texts.Count(t => t.Labels.GetValueOrDefault(id)))).ToArray();
        var average = texts.Count == 0 ? 1 : Math.Max(1, (int)Math.Round((double)counts.Sum(c => c.Right) / texts.Count));
        return counts.OrderByDescending(c => c.Right).Take(average).Select(c => c.Id).ToHashSet(StringComparer.Ordinal);
    }

    private readonly record struct Evidence(int Given, int Shown, int First, int Right, int RightShown);

    /// <summary>Counts over the given tags whose truth is known, on texts with marked sentences.</summary>
    private static Evidence EvidenceHits(IReadOnlyList<LabelledText> test, IReadOnlyList<TagPrediction> predictions)
    {
        int given = 0, shown = 0, first = 0, right = 0, rightShown = 0;
        for (var i = 0; i < test.Count; i++)
        {
            if (test[i].Evidence.Count == 0) continue;
            foreach (var id in PrincipleIds.All.Where(id => predictions[i].Decisions[id] == "yes" && test[i].Labels.ContainsKey(id)))
            {
                var marked = test[i].Evidence.GetValueOrDefault(id) ?? [];
                bool[] hits = [.. (predictions[i].Evidence.GetValueOrDefault(id) ?? []).Select(s => marked.Any(m => Overlap(s, m)))];
                given++;
                shown += hits.Any(h => h) ? 1 : 0;
                first += hits is [true, ..] ? 1 : 0;
                if (!test[i].Labels[id]) continue;
                right++;
                rightShown += hits.Any(h => h) ? 1 : 0;
            }
        }

        return new(given, shown, first, right, rightShown);
    }

    /// <summary>One sentence holds the other, word for word.</summary>
    private static bool Overlap(string a, string b)
    {
        var (x, y) = (Level(a), Level(b));
        return x.Length > 2 && y.Length > 2 && (x.Contains(y, StringComparison.Ordinal) || y.Contains(x, StringComparison.Ordinal));
        static string Level(string text) => $" {string.Join(' ', Words.Split(text).Select(w => w.Text))} ";
    }

    private static int Unsure(TaggedText[] texts, IReadOnlyList<TagPrediction> predictions) =>
        texts.Index().Sum(t => PrincipleIds.All.Count(id => t.Item.Knows(id) && predictions[t.Index].Decisions[id] == "unsure"));

    private static IEnumerable<string> Overlap(IReadOnlyList<LabelledText>? train, IReadOnlyList<LabelledText> test)
    {
        if (train is null) yield break;
        var known = train.Select(t => t.CaseStudy.Slug).Concat(train.Select(t => t.CaseStudy.Text)).ToHashSet(StringComparer.Ordinal);
        var both = test.Count(t => known.Contains(t.CaseStudy.Slug) || known.Contains(t.CaseStudy.Text));
        if (both > 0) yield return $"{both} texts are both in training and in test: the figures are better than they would be on new texts.";
    }

    // A page with thousands of points says no more than one with two hundred.
    private static IReadOnlyList<(double, double)> Thin(IReadOnlyList<(double Recall, double Precision, double Threshold)> curve)
    {
        var step = Math.Max(1, curve.Count / 200);
        return [.. curve.Where((_, i) => i % step == 0 || i == curve.Count - 1).Select(p => (p.Recall, p.Precision))];
    }
}
