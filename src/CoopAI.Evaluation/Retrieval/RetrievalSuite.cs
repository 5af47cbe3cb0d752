using System.Diagnostics;
using System.Globalization;
using CoopAI.Core.Corpus;
using CoopAI.Evaluation.Files;
using CoopAI.Evaluation.Reporting;

namespace CoopAI.Evaluation.Retrieval;

/// <summary>Ranks case studies for a question, best first; each slug once.</summary>
public delegate Task<IReadOnlyList<RankedDocument>> Ranker(string question, CancellationToken ct);

/// <summary>How well the right case studies are found.</summary>
public static class RetrievalSuite
{
    public const string Name = "retrieval";

    /// <summary>nDCG@5 of the case studies most like a given one.</summary>
    public const string SimilarMetric = "nDCG@5[similar]";

    /// <summary>Metrics that are tested against a baseline.</summary>
    private static readonly string[] Tested = [RunScorer.Primary, "MAP", "MRR", "recall@10"];

    /// <summary>Asks every question and writes down the rankings.</summary>
    /// <param name="depth">Documents kept for a question.</param>
    /// <param name="progress">Told the share done, 0 to 1.</param>
    public static async Task<(TrecRun Run, Timing Times)> RankAsync(
        IReadOnlyList<Question> questions, Ranker ranker, int depth, string tag, IProgress<double>? progress, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(questions);
        ArgumentNullException.ThrowIfNull(ranker);
        var rankings = new List<(string, IReadOnlyList<RankedDocument>)>(questions.Count);
        var times = new List<double>(questions.Count);
        foreach (var question in questions)
        {
            var started = Stopwatch.GetTimestamp();
            var ranking = await ranker(question.Text, ct);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            rankings.Add((question.Id, ranking.Count <= depth ? ranking : [.. ranking.Take(depth)]));
            progress?.Report((double)rankings.Count / questions.Count);
        }

        return (TrecRun.FromRankings(tag, rankings), new Timing("search", times));
    }

    /// <summary>Scores a run and compares it with plain BM25 when there is a corpus.</summary>
    /// <param name="name">Name of the suite in files; more than one collection may be scored in a run.</param>
    public static SuiteReport Report(string name, RetrievalCollection collection, TrecRun run, IReadOnlyList<Timing> times)
    {
        ArgumentNullException.ThrowIfNull(collection);
        ArgumentNullException.ThrowIfNull(run);
        string[] ids = [.. collection.Questions.Select(q => q.Id)];
        var scores = RunScorer.Score(run, collection.Qrels, ids);
        var notes = new List<string>(collection.Notes);
        if (scores.WithoutRelevant.Count > 0)
            notes.Add($"{scores.WithoutRelevant.Count} questions have no relevant document and are in no average: {string.Join(", ", scores.WithoutRelevant.Take(10))}{(scores.WithoutRelevant.Count > 10 ? ", …" : "")}.");
        var silent = scores.Questions.Count(q => run.Of(q.QuestionId).Count == 0);
        if (silent > 0) notes.Add($"For {silent} questions the run holds no document; they count with 0.");
        var unasked = run.Topics.Count(t => !ids.Contains(t, StringComparer.Ordinal));
        if (unasked > 0) notes.Add($"{unasked} topics of the run are not among the questions and were left out.");

        List<NamedFigure> figures = [.. RunScorer.Metrics.Select(m => new NamedFigure(m, scores.Mean(m)))];
        figures.Add(new NamedFigure("questions without relevant documents", Figure.Share(scores.WithoutRelevant.Count, ids.Length, "No question.")));
        var slices = Slices(collection, scores).ToArray();
        // Councils are many and their questions few: they stand in the table, each with its interval, and not among the figures.
        figures.AddRange(slices.Where(s => s.Facet != "council").Select(s => new NamedFigure($"{RunScorer.Primary}[{s.Facet}={s.Value}]", scores.Mean(RunScorer.Primary, s.Members.Contains))));

        var tables = new List<ReportTable>();
        var plots = new List<ReportPlot>
        {
            new ReportPlot.Bars($"{RunScorer.Primary} by question", "Each bar is one question, best first; questions at 0 have no relevant document among the first ten.",
                RunScorer.Primary, [.. scores.Questions.Select(q => (q.QuestionId, q.Values[0])).OrderByDescending(q => q.Item2).ThenBy(q => q.QuestionId, StringComparer.Ordinal)]),
        };
        if (slices.Length > 0)
        {
            tables.Add(new ReportTable("By facet of the relevant case study", ["Facet", RunScorer.Primary, "recall@10"],
                [.. slices.Select(s => (IReadOnlyList<string>)[$"{s.Facet}: {s.Value}", ReportText.Of(scores.Mean(RunScorer.Primary, s.Members.Contains)), ReportText.Of(scores.Mean("recall@10", s.Members.Contains))])]));
        }

        if (collection.CaseStudies.Count > 0) AddBm25(collection, run, scores, figures, tables, plots);
        return new SuiteReport
        {
            Name = name,
            Title = name == Name ? "Retrieval" : $"Retrieval: {name}",
            Description = string.Create(CultureInfo.InvariantCulture, $"{ids.Length} questions over {collection.CaseStudies.Count} case studies, scored as trec_eval does: nDCG with linear gain and discount log2(rank + 1), a grade of 1 or more is relevant, what is not judged is not relevant, ties by document id, all questions asked count. MAP and MRR are over the whole ranking in the run. Where only one case study is judged relevant to a question, others that would help count as wrong: the figures are lower bounds."),
            Figures = figures,
            Tables = tables,
            Plots = plots,
            Notes = notes,
            Items = [.. Tested.Select(m => new ItemScores(m, [.. scores.Questions.Select(q => q.QuestionId).Zip(scores.Values(m))]))],
            Run = run,
            Times = times,
        };
    }

    /// <summary>Adds how well the case studies most like a given one are found.</summary>
    /// <param name="judged">Topics and documents are slugs.</param>
    /// <param name="similar">Slugs most like a case study, best first, itself left out, at most as many as asked for.</param>
    public static SuiteReport WithSimilar(SuiteReport report, Qrels judged, Func<string, int, IReadOnlyList<string>> similar)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(judged);
        ArgumentNullException.ThrowIfNull(similar);
        const int Top = 5;
        var values = judged.Topics.Order(StringComparer.Ordinal).Where(t => judged.Of(t).Values.Any(g => g >= 1)).Select(topic =>
            (Topic: topic, Value: RankMetrics.NdcgAtK([.. similar(topic, Top).Select(s => judged.Of(topic).GetValueOrDefault(s))], judged.Of(topic).Values, Top))).ToArray();
        return report with
        {
            Figures = [.. report.Figures, new NamedFigure(SimilarMetric, Statistics.Bootstrap.Mean([.. values.Select(v => v.Value)], "No case study has a judged neighbour."))],
            Tables = [.. report.Tables, new ReportTable("Similar case studies", ["Case study", "nDCG@5"], [.. values.Select(v => (IReadOnlyList<string>)[v.Topic, v.Value.ToString("0.00", CultureInfo.InvariantCulture)])])],
        };
    }

    private static void AddBm25(
        RetrievalCollection collection, TrecRun run, RunScores scores, List<NamedFigure> figures, List<ReportTable> tables, List<ReportPlot> plots)
    {
        var bm25 = new Bm25Baseline(collection.CaseStudies);
        var baseline = RunScorer.Score(
            TrecRun.FromRankings("bm25", collection.Questions.Select(q => (q.Id, bm25.Rank(q.Text, 1000)))), collection.Qrels, collection.Questions.Select(q => q.Id));
        var comparisons = Comparisons.Of("plain BM25", Tested.Select(m => (Name, Items(scores, m), Items(baseline, m))));
        foreach (var metric in Tested) figures.Add(new NamedFigure($"{metric}[BM25]", baseline.Mean(metric)));
        figures.AddRange(comparisons.Select(c => new NamedFigure($"{c.Metric}[minus BM25]", c.Paired.Difference)));
        tables.Add(new ReportTable("Against plain BM25 (Porter stems, k1 1.2, b 0.75, whole texts)", ["Metric", "This run", "BM25", "Difference", "p", "p corrected", "Better", "Worse", "Equal"],
        [.. comparisons.Select(c => (IReadOnlyList<string>)[c.Metric, ReportText.Of(scores.Mean(c.Metric)), ReportText.Of(baseline.Mean(c.Metric)), ReportText.Of(c.Paired.Difference),
            ReportText.P(c.Paired.P), ReportText.P(c.HolmP), $"{c.Paired.Better}", $"{c.Paired.Worse}", $"{c.Paired.Equal}"])]));
        var primary = comparisons[0];
        plots.Add(new ReportPlot.Bars($"{RunScorer.Primary} minus that of plain BM25, by question",
            $"{primary.Paired.Better} questions are better than with plain BM25, {primary.Paired.Worse} worse, {primary.Paired.Equal} equal.",
            "difference", [.. primary.Differences.OrderByDescending(d => d.Value).ThenBy(d => d.Id, StringComparer.Ordinal)]));

        static ItemScores Items(RunScores scores, string metric) => new(metric, [.. scores.Questions.Select(q => q.QuestionId).Zip(scores.Values(metric))]);
    }

    private readonly record struct Slice(string Facet, string Value, HashSet<string> Members);

    /// <summary>Groups of questions by a facet of their relevant case studies; a facet with one value for all tells nothing and is left out.</summary>
    private static IEnumerable<Slice> Slices(RetrievalCollection collection, RunScores scores)
    {
        var bySlug = collection.CaseStudies.ToDictionary(c => c.Slug, StringComparer.Ordinal);
        var relevant = scores.Questions.ToDictionary(q => q.QuestionId, q => collection.Qrels.Of(q.QuestionId).Where(j => j.Value >= 1)
            .Select(j => bySlug.GetValueOrDefault(j.Key)).OfType<CaseStudy>().ToArray(), StringComparer.Ordinal);
        (string Facet, Func<CaseStudy, string?> Value)[] facets =
        [
            ("kind", c => c.Kind ?? "none"),
            ("year", c => c.Year is null ? "undated" : "known"),
            ("principles", c => c.Principles is null ? "not known" : "published"),
            ("council", c => c.LeadMember),
        ];
        foreach (var (facet, value) in facets)
        {
            var groups = relevant.SelectMany(r => r.Value.Select(value).OfType<string>().Distinct(StringComparer.Ordinal).Select(v => (Question: r.Key, Value: v)))
                .GroupBy(r => r.Value, r => r.Question, StringComparer.Ordinal).Select(g => new Slice(facet, g.Key, g.ToHashSet(StringComparer.Ordinal)))
                // Councils are many: those with fewer than five questions would be noise, each with its own interval.
                .Where(s => facet != "council" || s.Members.Count >= 5)
                .OrderByDescending(s => s.Members.Count).ThenBy(s => s.Value, StringComparer.Ordinal).ToArray();
            if (groups.Length > 1)
                foreach (var slice in groups) yield return slice;
        }
    }
}
