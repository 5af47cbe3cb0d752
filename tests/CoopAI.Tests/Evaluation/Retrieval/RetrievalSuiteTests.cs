using CoopAI.Core.Corpus;
using CoopAI.Evaluation;
using CoopAI.Evaluation.Files;
using CoopAI.Evaluation.Retrieval;

namespace CoopAI.Tests.Evaluation.Retrieval;

public sealed class RetrievalSuiteTests
{
    private const string Corpus = """
        {"slug":"a","title":"Allotments","text":"Residents run the allotments.","kind":"project","year":2020,"leadMember":"Northbeck"}
        {"slug":"b","title":"Buses","text":"A bus service for villages.","kind":"case-study"}
        """;

    [Fact]
    public void Judgements_of_topics_not_asked_and_of_documents_not_there_are_noted_and_handled_as_documented()
    {
        using var folder = new TemporaryFolder();

        var collection = RetrievalCollection.Read(
            folder.Write("corpus", Corpus), folder.Write("queries", "{\"id\":\"1\",\"text\":\"allotments\"}"), folder.Write("qrels", "1 0 a 1\n1 0 gone 1\n2 0 b 1\n"));
        var report = RetrievalSuite.Report("retrieval", collection, TrecRun.FromRankings("t", [("1", [new("a", 1)])]), []);

        Assert.Contains(collection.Notes, n => n.Contains("1 judged topics are not among the questions", StringComparison.Ordinal));
        Assert.Contains(collection.Notes, n => n.Contains("1 judged documents are not in the corpus, for example gone", StringComparison.Ordinal));
        Assert.Equal(0.5, Assert.IsType<Figure.Measured>(report.Figure("recall@10")).Value, 12);
        Assert.IsType<Figure.NotMeasured>(report.Figure("no such figure"));
    }

    [Fact]
    public void Similar_case_studies_are_scored_by_their_grades_among_the_first_five()
    {
        var judged = Qrels.From([("a", "b", 2), ("a", "c", 1), ("d", "e", 1), ("none", "a", 0)]);
        var report = new CoopAI.Evaluation.Reporting.SuiteReport { Name = "retrieval", Title = "Retrieval", Description = "" };

        // For a: 1 at rank 1, 2 at rank 2 of at best 2 and 1; for d: nothing among five; a case study without a judged neighbour counts for nothing.
        var figure = RetrievalSuite.WithSimilar(report, judged, (slug, top) => slug == "a" ? ["c", "b"] : ["a", "b", "c", "x", "y"]).Figure(RetrievalSuite.SimilarMetric);

        var first = (1 + (2 / Math.Log2(3))) / (2 + (1 / Math.Log2(3)));
        Assert.Equal(first / 2, Assert.IsType<Figure.Measured>(figure).Value, 12);
    }

    [Fact]
    public void Files_that_do_not_belong_together_are_refused()
    {
        using var folder = new TemporaryFolder();

        var refusal = Assert.Throws<EvaluationInputException>(() => RetrievalCollection.Read(
            null, folder.Write("queries", "{\"id\":\"q1\",\"text\":\"x\"}"), folder.Write("qrels", "other 0 a 1\n")));

        Assert.Contains("none of its topics", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Corpus + "\n{\"slug\":\"a\",\"title\":\"t\",\"text\":\"x\"}", "line 3: slug \"a\" stands already on line 1")]
    [InlineData("{\"slug\":\"a\"}", "line 1: slug, title and text are required")]
    [InlineData("", "no case study")]
    public void A_corpus_with_one_broken_line_is_refused_whole(string corpus, string expected)
    {
        using var folder = new TemporaryFolder();

        var refusal = Assert.Throws<EvaluationInputException>(() => CorpusFile.Read(folder.Write("corpus.jsonl", corpus)));

        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rankings_are_cut_at_the_depth_and_the_progress_ends_at_one()
    {
        var last = 0.0;
        var (run, times) = await RetrievalSuite.RankAsync(
            [new("1", "x"), new("2", "y")], (_, _) => Task.FromResult<IReadOnlyList<RankedDocument>>([new("a", 2), new("b", 1), new("c", 0)]), 2, "t", new Last(v => last = v), TestContext.Current.CancellationToken);

        Assert.Equal(["a", "b"], run.Of("2").Select(d => d.DocumentId));
        Assert.Equal(2, times.Milliseconds.Count);
        Assert.Equal(1, last);
    }

    [Fact]
    public void Slices_follow_the_facets_of_the_relevant_case_study()
    {
        using var folder = new TemporaryFolder();
        var collection = RetrievalCollection.Read(
            folder.Write("corpus", Corpus), folder.Write("queries", "{\"id\":\"1\",\"text\":\"allotments\"}\n{\"id\":\"2\",\"text\":\"bus\"}"), folder.Write("qrels", "1 0 a 1\n2 0 b 1\n"));

        var report = RetrievalSuite.Report("retrieval", collection, TrecRun.FromRankings("t", [("1", [new("a", 1)]), ("2", [new("a", 1), new("b", 0)])]), []);

        Assert.Equal(1, Assert.IsType<Figure.Measured>(report.Figure("nDCG@10[kind=project]")).Value, 12);
        Assert.Equal(1 / Math.Log2(3), Assert.IsType<Figure.Measured>(report.Figure("nDCG@10[year=undated]")).Value, 12);
        Assert.IsType<Figure.NotMeasured>(report.Figure("nDCG@10[council=Northbeck]")); // fewer than five questions
    }

    [Fact]
    public void Plain_bm25_ranks_by_the_formula()
    {
        // Texts of three and five stems (titles counted), four on average: idf = ln(1 + 1.5 / 1.5) = ln 2;
        // length part 1.2 · (1 − 0.75 + 0.75 · 3 / 4) = 0.975; two occurrences give 2.2 · 2 / (2 + 0.975).
        var bm25 = new Bm25Baseline([new CaseStudy { Slug = "x", Title = "bus", Text = "bus village" }, new CaseStudy { Slug = "y", Title = "wood", Text = "tree park lake hill" }]);

        var ranked = Assert.Single(bm25.Rank("a bus", 10));

        Assert.Equal("x", ranked.DocumentId);
        Assert.Equal(Math.Log(2) * 2 * 2.2 / (2 + 0.975), ranked.Score, 12);
    }

    private sealed class Last(Action<double> say) : IProgress<double>
    {
        public void Report(double value) => say(value);
    }
}
