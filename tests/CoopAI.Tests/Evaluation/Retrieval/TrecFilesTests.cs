using CoopAI.Evaluation;
using CoopAI.Evaluation.Files;
using CoopAI.Evaluation.Retrieval;

namespace CoopAI.Tests.Evaluation.Retrieval;

public sealed class TrecFilesTests
{
    [Fact]
    public void Qrels_take_any_white_space_line_end_and_grade()
    {
        using var folder = new TemporaryFolder();

        var qrels = Qrels.Read(folder.Write("qrels.tsv", "\uFEFFq1\t0\tdoc-a\t2\r\nq1  0 doc-b   -1\r\n\r\nq2 0 doc-a 0\r\n"));

        Assert.Equal(["q1", "q2"], qrels.Topics);
        Assert.Equal(2, qrels.Of("q1")["doc-a"]);
        Assert.Equal(-1, qrels.Of("q1")["doc-b"]);
        Assert.Empty(qrels.Of("other"));
    }

    [Theory]
    [InlineData("q1 0 d 1\nq1 d 1\n", "line 2: a judgement has four columns")]
    [InlineData("query-id\tcorpus-id\tscore\n", "line 1: a judgement has four columns")]
    [InlineData("q1 0 d 0.5\n", "line 1: the grade \"0.5\" is not a whole number")]
    [InlineData("q1 0 d 1\nq2 0 d 1\nq1 0 d 2\n", "line 3: document \"d\" was given another grade for topic \"q1\" in line 1")]
    [InlineData("\n", "there is no judgement")]
    public void Broken_qrels_are_refused_with_file_and_line(string text, string expected)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("some.qrels", text);

        var refusal = Assert.Throws<EvaluationInputException>(() => Qrels.Read(file));

        Assert.Contains("some.qrels", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_judgement_twice_counts_once_and_is_counted()
    {
        using var folder = new TemporaryFolder();

        var qrels = Qrels.Read(folder.Write("q", "q1 0 d 1\nq1 0 d 1\n"));

        Assert.Equal(1, qrels.Repeated);
        Assert.Single(qrels.Of("q1"));
    }

    [Theory]
    [InlineData("q1 Q0 d 1 2.5\n", "line 1: a line of a run has six columns")]
    [InlineData("q1 Q0 d 1 high t\n", "line 1: the score \"high\" is not a finite number")]
    [InlineData("q1 Q0 d 1 NaN t\n", "line 1: the score \"NaN\" is not a finite number")]
    [InlineData("q1 Q0 d 1 2 t\nq1 Q0 d 2 1 t\n", "line 2: topic \"q1\" ranked document \"d\" in line 1 already")]
    public void A_broken_run_is_refused_with_file_and_line(string text, string expected)
    {
        using var folder = new TemporaryFolder();

        var refusal = Assert.Throws<EvaluationInputException>(() => TrecRun.Read(folder.Write("some.run", text)));

        Assert.Contains("some.run", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_is_ordered_by_score_and_ties_by_document_id_downwards_whatever_its_ranks_say()
    {
        using var folder = new TemporaryFolder();

        var run = TrecRun.Read(folder.Write("r", "q Q0 a 1 1.0 t\nq Q0 c 2 1.0 t\nq Q0 b 9 2.0 t\n"));

        Assert.Equal(["b", "c", "a"], run.Of("q").Select(d => d.DocumentId));
    }

    [Fact]
    public void A_written_run_is_read_back_in_the_same_order_even_where_scores_tied()
    {
        const int seed = 3;
        var random = new Random(seed);
        using var folder = new TemporaryFolder();
        for (var round = 0; round < 50; round++)
        {
            // Best first, but with ties and with differences that a 32-bit float cannot hold.
            var ranking = Enumerable.Range(0, 200).Select(i => new RankedDocument($"d{i}", Math.Floor(random.NextDouble() * 20) + random.Next(3) * 1e-12)).OrderByDescending(d => d.Score).ToArray();
            var run = TrecRun.FromRankings("t", [("q", ranking)]);
            var file = folder.File("run");
            using (var writer = new StreamWriter(file)) run.Write(writer);

            var read = TrecRun.Read(file);
            var singles = File.ReadLines(file).Select(l => float.Parse(l.Split(' ')[4], System.Globalization.CultureInfo.InvariantCulture)).ToArray();

            Assert.True(ranking.Select(d => d.DocumentId).SequenceEqual(read.Of("q").Select(d => d.DocumentId)), $"seed {seed}, round {round}");
            Assert.True(singles.Zip(singles.Skip(1)).All(p => p.First > p.Second), $"seed {seed}, round {round}: 32-bit scores tie");
        }
    }

    [Theory]
    [InlineData("{\"id\":\"a\",\"text\":\"x\"}\n{\"id\":\"a\",\"text\":\"y\"}", "line 2: the id \"a\" was used in line 1 already")]
    [InlineData("{\"id\":\"a b\",\"text\":\"x\"}", "white space")]
    [InlineData("{\"id\":\"a\"}", "line 1: the field \"text\" is missing")]
    [InlineData("{\"id\":\"a\",\"text\":\" \"}", "line 1: the field \"text\" is empty")]
    [InlineData("{\"id\":\"a\",\"text\":[1]}", "line 1: the field \"text\" must be text")]
    [InlineData("", "there is no question")]
    public void Broken_questions_are_refused_with_file_and_line(string text, string expected)
    {
        using var folder = new TemporaryFolder();

        var refusal = Assert.Throws<EvaluationInputException>(() => QuestionReader.Read(folder.Write("queries.jsonl", text)));

        Assert.Contains("queries.jsonl", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_question_id_may_be_a_plain_number_and_unknown_fields_are_ignored()
    {
        using var folder = new TemporaryFolder();

        Assert.Equal([new Question("7", "x")], QuestionReader.Read(folder.Write("q", "{\"id\":7,\"text\":\"x\",\"more\":{}}")));
    }
}
