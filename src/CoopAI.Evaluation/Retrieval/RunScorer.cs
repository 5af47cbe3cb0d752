using CoopAI.Evaluation.Files;
using CoopAI.Evaluation.Statistics;

namespace CoopAI.Evaluation.Retrieval;

/// <summary>One question's scores, in the order of <see cref="RunScorer.Metrics"/>.</summary>
public sealed record QuestionScores(string QuestionId, IReadOnlyList<double> Values);

/// <summary>A run scored against judgements.</summary>
/// <param name="Questions">Questions with a relevant document, in the order given; all averages are over these.</param>
/// <param name="WithoutRelevant">Ids of questions without one: reported apart, never averaged in.</param>
public sealed record RunScores(IReadOnlyList<QuestionScores> Questions, IReadOnlyList<string> WithoutRelevant)
{
    /// <summary>Mean over questions (or over those that <paramref name="among"/> picks) with a 95% interval.</summary>
    public Figure Mean(string metric, Func<string, bool>? among = null) =>
        Bootstrap.Mean(Values(metric, among), "No question with a relevant document.");

    /// <summary>One value a question.</summary>
    public IReadOnlyList<double> Values(string metric, Func<string, bool>? among = null)
    {
        var column = RunScorer.Metrics.Index().First(m => m.Item == metric).Index;
        return [.. Questions.Where(q => among?.Invoke(q.QuestionId) ?? true).Select(q => q.Values[column])];
    }
}

/// <summary>Scores a run question by question with <see cref="RankMetrics"/>.</summary>
public static class RunScorer
{
    public const string Primary = "nDCG@10";

    /// <summary>Names as in files and reports. MAP and MRR are over the whole ranking that the run holds.</summary>
    public static IReadOnlyList<string> Metrics { get; } =
        [Primary, "MAP", "MRR", "recall@1", "recall@5", "recall@10", "recall@100", "success@1", "success@5", "success@10"];

    /// <summary>Scores every question asked: one that the run left out scores 0 (trec_eval's option -c).</summary>
    /// <param name="questionIds">Questions asked, each once; judgements of other topics are not used.</param>
    public static RunScores Score(TrecRun run, Qrels qrels, IEnumerable<string> questionIds)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(qrels);
        ArgumentNullException.ThrowIfNull(questionIds);
        var scored = new List<QuestionScores>();
        var without = new List<string>();
        foreach (var id in questionIds)
        {
            var judged = qrels.Of(id);
            if (!judged.Values.Any(g => g >= 1))
            {
                without.Add(id);
                continue;
            }

            int[] grades = [.. run.Of(id).Select(d => judged.GetValueOrDefault(d.DocumentId))];
            scored.Add(new QuestionScores(id,
            [
                RankMetrics.NdcgAtK(grades, judged.Values, 10),
                RankMetrics.AveragePrecision(grades, judged.Values),
                RankMetrics.ReciprocalRank(grades),
                RankMetrics.RecallAtK(grades, judged.Values, 1),
                RankMetrics.RecallAtK(grades, judged.Values, 5),
                RankMetrics.RecallAtK(grades, judged.Values, 10),
                RankMetrics.RecallAtK(grades, judged.Values, 100),
                RankMetrics.SuccessAtK(grades, 1),
                RankMetrics.SuccessAtK(grades, 5),
                RankMetrics.SuccessAtK(grades, 10),
            ]));
        }

        return new RunScores(scored, without);
    }
}
