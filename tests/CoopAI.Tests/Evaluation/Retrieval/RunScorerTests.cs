using System.Globalization;
using System.Text;
using CoopAI.Evaluation;
using CoopAI.Evaluation.Files;
using CoopAI.Evaluation.Retrieval;

namespace CoopAI.Tests.Evaluation.Retrieval;

public sealed class RunScorerTests
{
    /// <summary>
    /// A second computation from the text of the files alone, written after trec_eval's descriptions of its measures and sharing
    /// no code with the first: slow, plain, on arrays of strings.
    /// </summary>
    private static double[] Naive(string run, string qrels, string topic)
    {
        var judged = qrels.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' ')).Where(c => c[0] == topic).ToDictionary(c => c[2], c => int.Parse(c[3], CultureInfo.InvariantCulture));
        var rows = run.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' ')).Where(c => c[0] == topic).ToList();
        rows.Sort((a, b) =>
        {
            var (x, y) = (double.Parse(a[4], CultureInfo.InvariantCulture), double.Parse(b[4], CultureInfo.InvariantCulture));
            return x != y ? (x < y ? 1 : -1) : string.CompareOrdinal(b[2], a[2]);
        });
        var relevant = judged.Count(j => j.Value > 0);
        double dcg = 0, idcg = 0, ap = 0, rr = 0;
        int[] found = new int[10001];
        for (var rank = 1; rank <= 10000; rank++)
        {
            var grade = rank <= rows.Count && judged.TryGetValue(rows[rank - 1][2], out var g) ? Math.Max(0, g) : 0;
            found[rank] = found[rank - 1] + (grade > 0 ? 1 : 0);
            if (grade > 0)
            {
                ap += (double)found[rank] / rank / relevant;
                if (rr == 0) rr = 1.0 / rank;
                if (rank <= 10) dcg += grade * Math.Log(2) / Math.Log(rank + 1);
            }
        }

        var ideal = judged.Values.Where(v => v > 0).ToList();
        ideal.Sort();
        ideal.Reverse();
        for (var rank = 1; rank <= Math.Min(10, ideal.Count); rank++) idcg += ideal[rank - 1] * Math.Log(2) / Math.Log(rank + 1);
        return [dcg / idcg, ap, rr, .. new[] { 1, 5, 10, 100 }.Select(k => (double)found[k] / relevant), .. new[] { 1, 5, 10 }.Select(k => found[k] > 0 ? 1.0 : 0)];
    }

    [Fact]
    public void Every_metric_equals_an_independent_computation_over_the_files()
    {
        const int seed = 99;
        var random = new Random(seed);
        using var folder = new TemporaryFolder();
        for (var round = 0; round < 60; round++)
        {
            var (run, qrels) = (new StringBuilder(), new StringBuilder());
            for (var topic = 0; topic < 4; topic++)
            {
                qrels.Append(CultureInfo.InvariantCulture, $"q{topic} 0 sure 1\n");
                foreach (var d in Enumerable.Range(0, 40).Where(_ => random.Next(3) == 0)) qrels.Append(CultureInfo.InvariantCulture, $"q{topic} 0 d{d} {random.Next(-2, 4)}\n");
                // Few distinct scores, so that ties are many.
                foreach (var d in Enumerable.Range(0, 150).Where(_ => random.Next(2) == 0)) run.Append(CultureInfo.InvariantCulture, $"q{topic} Q0 d{d} 1 {random.Next(12) / 4.0} x\n");
            }

            var scores = RunScorer.Score(
                TrecRun.Read(folder.Write("run", run.ToString())), Qrels.Read(folder.Write("qrels", qrels.ToString())), ["q0", "q1", "q2", "q3"]);

            foreach (var question in scores.Questions)
            {
                var expected = Naive(run.ToString(), qrels.ToString(), question.QuestionId);
                for (var m = 0; m < expected.Length; m++)
                    Assert.True(Math.Abs(expected[m] - question.Values[m]) < 1e-12, $"seed {seed}, round {round}, {question.QuestionId}, {RunScorer.Metrics[m]}: {question.Values[m]} is not {expected[m]}");
            }
        }
    }

    [Fact]
    public void A_question_that_the_run_leaves_out_scores_nothing_and_one_without_relevant_documents_is_reported_apart()
    {
        using var folder = new TemporaryFolder();
        var qrels = Qrels.Read(folder.Write("qrels", "a 0 x 1\nb 0 y 1\nc 0 z 0\nunknown 0 z 1\n"));
        var run = TrecRun.Read(folder.Write("run", "a Q0 x 1 2.5 t\nc Q0 z 1 2 t\n"));

        var scores = RunScorer.Score(run, qrels, ["a", "b", "c", "d"]);

        Assert.Equal(["a", "b"], scores.Questions.Select(q => q.QuestionId));
        Assert.Equal(["c", "d"], scores.WithoutRelevant);
        Assert.Equal(0.5, ((Figure.Measured)scores.Mean("MAP")).Value, 12);
    }

    [Fact]
    public void An_empty_run_scores_nothing_everywhere()
    {
        using var folder = new TemporaryFolder();

        var scores = RunScorer.Score(TrecRun.Read(folder.Write("run", "")), Qrels.From([("a", "x", 1)]), ["a"]);

        Assert.All(scores.Questions.Single().Values, v => Assert.Equal(0, v));
    }

    [Fact]
    public void One_question_has_a_value_and_no_interval()
    {
        var run = TrecRun.FromRankings("t", [("a", [new("x", 1)])]);

        var figure = RunScorer.Score(run, Qrels.From([("a", "x", 1)]), ["a"]).Mean("nDCG@10");

        Assert.Equal(new Figure.Measured(1, null, null, 1), figure);
    }

    [Fact]
    public void No_question_with_a_relevant_document_is_not_measured()
    {
        var scores = RunScorer.Score(TrecRun.FromRankings("t", []), Qrels.From([("a", "x", 0)]), ["a"]);

        Assert.IsType<Figure.NotMeasured>(scores.Mean("nDCG@10"));
    }
}
