using System.Globalization;
using System.Text;
using System.Text.Json;
using CoopAI.Core.Corpus;
using CoopAI.Core.Language;
using CoopAI.Core.Principles;
using CoopAI.Core.Tagging;
using CoopAI.Core.Tagging.Learning;

namespace CoopAI.Evaluation.Tagging;

/// <summary>A figure as the mean over repeats, with the mean ends of their 95% bootstrap intervals (over texts).</summary>
public sealed record RepeatedFigure(double? Value, double? Low, double? High)
{
    internal static RepeatedFigure Mean(IEnumerable<Figure> figures)
    {
        var measured = figures.OfType<Figure.Measured>().ToList();
        return measured.Count == 0 ? new(null, null, null) : new(measured.Average(m => m.Value), measured.Average(m => m.Low), measured.Average(m => m.High));
    }

    public override string ToString() => Value is { } value
        ? string.Create(CultureInfo.InvariantCulture, $"{value:F2}{(Low is { } low && High is { } high ? string.Create(CultureInfo.InvariantCulture, $" [{low:F2}, {high:F2}]") : "")}") : "–";
}

/// <param name="Support">Texts that evidence the principle.</param>
/// <param name="Known">Texts whose truth is known.</param>
public sealed record PrincipleFigures(string Id, int Support, int Known, RepeatedFigure Precision, RepeatedFigure Recall, RepeatedFigure F1, RepeatedFigure AveragePrecision);

/// <param name="Given">Given tags of all repeats; those that one reader alone found count too.</param>
/// <param name="PointsAtMarked">Share of given tags whose first sentence a reader marked for that principle.</param>
/// <param name="ShowsMarked">Share of given tags that show such a sentence among their (up to three) sentences.</param>
/// <param name="PointsAtMarkedWhenRight">As <paramref name="PointsAtMarked"/>, among given tags that are right.</param>
public sealed record EvidenceFigures(int Given, double PointsAtMarked, double ShowsMarked, double PointsAtMarkedWhenRight);

/// <summary>What repeated cross-validation of the tagger found.</summary>
/// <param name="MacroF1">Of given tags: "unsure" counts as not given.</param>
/// <param name="MacroF1WithUnsure">As if "unsure" were given too.</param>
public sealed record TaggingReport(
    int Texts, int Repeats, RepeatedFigure MacroF1, RepeatedFigure MacroF1WithUnsure, RepeatedFigure MicroF1, RepeatedFigure MicroPrecision, RepeatedFigure MacroAveragePrecision, RepeatedFigure MacroAuroc,
    RepeatedFigure Brier, RepeatedFigure Ece, RepeatedFigure CommonestLabelsMacroF1, RepeatedFigure AllLabelsMacroF1, double? ReadersMacroF1,
    EvidenceFigures Evidence, IReadOnlyList<PrincipleFigures> Principles, IReadOnlyList<ReliabilityBin> Reliability)
{
    /// <summary>Labels that the baseline gives to every text: as many of the commonest as a text has on average.</summary>
    private const int Commonest = 3;

    /// <param name="runs">Predictions for held-out texts.</param>
    /// <param name="labelled">The same texts with what their readers marked.</param>
    public static TaggingReport Of(IReadOnlyList<HeldOutSuggestion> runs, IReadOnlyList<LabelledText> labelled)
    {
        ArgumentNullException.ThrowIfNull(runs);
        ArgumentNullException.ThrowIfNull(labelled);
        var bySlug = labelled.ToDictionary(l => l.CaseStudy.Slug, StringComparer.Ordinal);
        var byRepeat = runs.GroupBy(r => r.Repeat).ToList();
        var repeats = byRepeat.ConvertAll(g => g.Select(r => Tagged(r, bySlug[r.Example.Key], TagDecision.Yes)).ToList());
        var metrics = repeats.ConvertAll(r => new MultiLabelMetrics(PrincipleIds.All, r));
        var wide = byRepeat.ConvertAll(g => new MultiLabelMetrics(PrincipleIds.All, [.. g.Select(r => Tagged(r, bySlug[r.Example.Key], TagDecision.Unsure))]));
        var commonest = PrincipleIds.All.OrderByDescending(id => labelled.Count(l => l.Labels.TryGetValue(id, out var yes) && yes)).Take(Commonest).ToHashSet(StringComparer.Ordinal);
        return new TaggingReport(
            labelled.Count, repeats.Count,
            RepeatedFigure.Mean(metrics.Select(m => m.MacroF1())), RepeatedFigure.Mean(wide.Select(m => m.MacroF1())),
            RepeatedFigure.Mean(metrics.Select(m => m.MicroF1())), RepeatedFigure.Mean(metrics.Select(m => m.MicroPrecision())),
            RepeatedFigure.Mean(metrics.Select(m => m.MacroAveragePrecision())), RepeatedFigure.Mean(metrics.Select(m => m.MacroAuroc())),
            RepeatedFigure.Mean(metrics.Select(m => m.Brier())), RepeatedFigure.Mean(metrics.Select(m => m.Ece())),
            Constant(repeats[0], commonest), Constant(repeats[0], PrincipleIds.All.ToHashSet(StringComparer.Ordinal)), ReaderAgainstReader(labelled),
            EvidenceOf(runs, bySlug),
            [.. PrincipleIds.All.Select(id => new PrincipleFigures(
                id, labelled.Count(l => l.Labels.TryGetValue(id, out var yes) && yes), labelled.Count(l => l.Labels.ContainsKey(id)),
                RepeatedFigure.Mean(metrics.Select(m => m.Precision(id))), RepeatedFigure.Mean(metrics.Select(m => m.Recall(id))),
                RepeatedFigure.Mean(metrics.Select(m => m.F1(id))), RepeatedFigure.Mean(metrics.Select(m => m.AveragePrecision(id)))))],
            Calibration.Bins(repeats.SelectMany(r => r).SelectMany(t => PrincipleIds.All.Where(t.Knows).Select(id => (t.Scores[id], t.Labels.Contains(id), 1)))));
    }

    /// <summary>The figures as Markdown tables.</summary>
    public string ToTable()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Texts} texts, {Repeats} repeats\n\n| figure | value [95% interval] |\n| --- | --- |\n");
        foreach (var (name, figure) in new[]
        {
            ("macro-F1", MacroF1), ("macro-F1 with unsure as given", MacroF1WithUnsure), ("micro-F1", MicroF1), ("precision of given tags", MicroPrecision), ("macro average precision", MacroAveragePrecision), ("macro AUROC", MacroAuroc), ("Brier score", Brier),
            ("expected calibration error", Ece), ("macro-F1 of the three commonest labels", CommonestLabelsMacroF1), ("macro-F1 of all ten labels", AllLabelsMacroF1),
        })
        {
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {figure} |\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"| macro-F1 of one reader against the other | {ReadersMacroF1?.ToString("F2", CultureInfo.InvariantCulture) ?? "–"} |\n");
        text.Append(CultureInfo.InvariantCulture, $"| given tags whose first sentence a reader marked | {Evidence.PointsAtMarked:F2} |\n| given tags that show a sentence a reader marked | {Evidence.ShowsMarked:F2} |\n| right tags whose first sentence a reader marked | {Evidence.PointsAtMarkedWhenRight:F2} |\n");
        text.Append("\n| principle | support | precision | recall | F1 | average precision |\n| --- | --- | --- | --- | --- | --- |\n");
        foreach (var p in Principles) text.Append(CultureInfo.InvariantCulture, $"| {p.Id} | {p.Support} of {p.Known} | {p.Precision} | {p.Recall} | {p.F1} | {p.AveragePrecision} |\n");
        text.Append("\n| probability | pairs | mean probability | share right |\n| --- | --- | --- | --- |\n");
        foreach (var bin in Reliability) text.Append(CultureInfo.InvariantCulture, $"| {bin.From:F1} to {bin.To:F1} | {bin.Pairs} | {bin.MeanProbability:F2} | {bin.ShareRight:F2} |\n");
        return text.ToString();
    }

    private static TaggedText Tagged(HeldOutSuggestion run, LabelledText labelled, TagDecision from) => new(
        run.Example.Key,
        labelled.Labels.Where(l => l.Value).Select(l => l.Key).ToHashSet(StringComparer.Ordinal),
        PrincipleIds.All.Where(id => !labelled.Labels.ContainsKey(id)).ToHashSet(StringComparer.Ordinal),
        run.Suggestion.Tags.ToDictionary(t => t.Id, t => t.Probability, StringComparer.Ordinal),
        run.Suggestion.Tags.Where(t => t.Decision >= from).Select(t => t.Id).ToHashSet(StringComparer.Ordinal));

    private static RepeatedFigure Constant(IReadOnlyList<TaggedText> texts, IReadOnlySet<string> given) =>
        RepeatedFigure.Mean([new MultiLabelMetrics(PrincipleIds.All, [.. texts.Select(t => t with { Given = given })]).MacroF1()]);

    // Each reader's "2 or 1" against the other's, all ids known: what two readers of one codebook reach.
    private static double? ReaderAgainstReader(IReadOnlyList<LabelledText> labelled)
    {
        var scores = new List<double>();
        foreach (var id in PrincipleIds.All)
        {
            int both = 0, first = 0, second = 0;
            foreach (var text in labelled)
            {
                if (text.CaseStudy.Extra?.TryGetValue("tags", out var tags) != true) return null;
                if (!tags.TryGetProperty(id, out var tag)) continue;
                if (!tag.TryGetProperty("readers", out var readers) || readers.ValueKind is not JsonValueKind.Array || readers.GetArrayLength() != 2) return null;
                var (a, b) = (readers[0].GetInt32() > 0, readers[1].GetInt32() > 0);
                both += a && b ? 1 : 0;
                first += a ? 1 : 0;
                second += b ? 1 : 0;
            }

            if (first + second > 0) scores.Add(2.0 * both / (first + second));
        }

        return scores.Count == 0 ? null : scores.Average();
    }

    private static EvidenceFigures EvidenceOf(IReadOnlyList<HeldOutSuggestion> runs, Dictionary<string, LabelledText> bySlug)
    {
        int given = 0, marked = 0, showing = 0, right = 0, rightMarked = 0;
        foreach (var run in runs)
        {
            var labelled = bySlug[run.Example.Key];
            foreach (var tag in run.Suggestion.Tags.Where(t => t.Decision is TagDecision.Yes))
            {
                string[] sentences = [.. (labelled.Evidence.GetValueOrDefault(tag.Id) ?? []).Select(Levelling.Level)];
                bool Marked(TagEvidence evidence) => Levelling.Level(evidence.Sentence) is var shown
                    && sentences.Any(s => s.Contains(shown, StringComparison.Ordinal) || shown.Contains(s, StringComparison.Ordinal));
                var points = Marked(tag.Evidence[0]);
                given++;
                showing += tag.Evidence.Any(Marked) ? 1 : 0;
                marked += points ? 1 : 0;
                if (!labelled.Labels.TryGetValue(tag.Id, out var yes) || !yes) continue;
                right++;
                rightMarked += points ? 1 : 0;
            }
        }

        return new(given, given == 0 ? 0 : (double)marked / given, given == 0 ? 0 : (double)showing / given, right == 0 ? 0 : (double)rightMarked / right);
    }
}
