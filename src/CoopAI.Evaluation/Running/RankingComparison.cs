using System.Text.Json.Nodes;
using CoopAI.Evaluation.Files;
using CoopAI.Evaluation.Reporting;
using CoopAI.Evaluation.Retrieval;

namespace CoopAI.Evaluation.Running;

/// <summary>Two rankings of the same questions, side by side.</summary>
/// <param name="Top">Ranks shown of each question.</param>
public sealed record RankingComparison(
    string NameA, string NameB, TrecRun A, TrecRun B, RetrievalCollection Collection, Comparison Result, RunScores ScoresA, RunScores ScoresB, int Top)
{
    /// <summary>Questions whose value changed, the worst first.</summary>
    private IEnumerable<(Question Question, double A, double B)> Changed()
    {
        var column = RunScorer.Metrics.Index().First(m => m.Item == Result.Metric).Index;
        var before = ScoresA.Questions.ToDictionary(q => q.QuestionId, q => q.Values[column], StringComparer.Ordinal);
        var after = ScoresB.Questions.ToDictionary(q => q.QuestionId, q => q.Values[column], StringComparer.Ordinal);
        var text = Collection.Questions.ToDictionary(q => q.Id, StringComparer.Ordinal);
        return Result.Differences.Where(d => d.Value != 0).OrderBy(d => d.Value).ThenBy(d => d.Id, StringComparer.Ordinal).Select(d => (text[d.Id], before[d.Id], after[d.Id]));
    }

    public void Write(TextWriter output)
    {
        var (paired, metric) = (Result.Paired, Result.Metric);
        output.WriteLine($"A  {NameA}: {metric} {ReportText.Of(ScoresA.Mean(metric))}");
        output.WriteLine($"B  {NameB}: {metric} {ReportText.Of(ScoresB.Mean(metric))}");
        output.WriteLine($"B − A: {ReportText.Of(paired.Difference)}, p {ReportText.P(paired.P)}; {paired.Better} questions better, {paired.Worse} worse, {paired.Equal} equal.");
        foreach (var (question, a, b) in Changed())
        {
            output.WriteLine();
            output.WriteLine($"{(b > a ? "better" : "worse ")}  {question.Id}  {ReportText.Digits(a)} → {ReportText.Digits(b)}  {question.Text}");
            var judged = Collection.Qrels.Of(question.Id);
            for (var rank = 0; rank < Top; rank++)
            {
                var (left, right) = (Shown(A.Of(question.Id), rank, judged), Shown(B.Of(question.Id), rank, judged));
                if (left.Length + right.Length > 0) output.WriteLine($"  {rank + 1,3}  {left,-52}  {right}");
            }
        }
    }

    public JsonObject ToJson() => new()
    {
        ["metric"] = Result.Metric,
        ["a"] = Side(NameA, ScoresA),
        ["b"] = Side(NameB, ScoresB),
        ["difference"] = EvaluationReport.Json(Result.Paired.Difference),
        ["p"] = Result.Paired.P,
        ["better"] = Result.Paired.Better,
        ["worse"] = Result.Paired.Worse,
        ["equal"] = Result.Paired.Equal,
        ["questions"] = new JsonArray([.. Changed().Select(c => new JsonObject
        {
            ["id"] = c.Question.Id,
            ["text"] = c.Question.Text,
            ["a"] = Math.Round(c.A, 6),
            ["b"] = Math.Round(c.B, 6),
            ["rankingA"] = Ranking(A, c.Question.Id),
            ["rankingB"] = Ranking(B, c.Question.Id),
        })]),
    };

    private JsonObject Side(string name, RunScores scores) => new() { ["name"] = name, ["figure"] = EvaluationReport.Json(scores.Mean(Result.Metric)) };

    private JsonArray Ranking(TrecRun run, string id) => new([.. run.Of(id).Take(Top).Select(d => new JsonObject
    {
        ["slug"] = d.DocumentId,
        ["score"] = Math.Round(d.Score, 6),
        ["relevant"] = Collection.Qrels.Of(id).GetValueOrDefault(d.DocumentId) >= 1,
    })]);

    private static string Shown(IReadOnlyList<RankedDocument> ranking, int rank, IReadOnlyDictionary<string, int> judged) =>
        rank >= ranking.Count ? "" : $"{(judged.GetValueOrDefault(ranking[rank].DocumentId) >= 1 ? "*" : " ")} {ranking[rank].DocumentId}";
}
