using CoopAI.Core.Corpus;
using CoopAI.Core.Ranking;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Vectors;

namespace CoopAI.Tests.Core.Ranking;

public sealed class LexicalModelTests
{
    [Fact]
    public void The_hash_of_a_stem_is_FNV_1a()
    {
        // Published test values of FNV-1a, 32 bits: "" 811c9dc5, "a" e40c292c, "foobar" bf9cf968.
        Assert.Equal(0x811c9dc5u, LexicalModel.TermId(""));
        Assert.Equal(0xe40c292cu, LexicalModel.TermId("a"));
        Assert.Equal(0xbf9cf968u, LexicalModel.TermId("foobar"));
    }

    [Fact]
    public void The_dot_product_of_both_vectors_is_the_BM25_score_worked_out_by_hand()
    {
        var caseStudy = new CaseStudy { Slug = "a", Title = "Parks", Topics = ["trees"], Text = "Parks need trees. Trees need parks trees." };
        var passage = new Passage("a#0", "a", 0, caseStudy.Text, 0);
        var statistics = new LexicalStatistics(10, new Dictionary<string, int> { ["tree"] = 2, ["park"] = 4 });

        var score = Dot(LexicalModel.ForPassage(caseStudy, passage), LexicalModel.ForQuestion("trees, trees and ponds", statistics));

        // tf("tree") = 4 of 9 content words; K = 0.9 · (0.6 + 0.4 · 9 / 60) = 0.594; idf = ln(1 + 8.5 / 2.5); the question says it twice.
        Assert.Equal(2 * Math.Log(1 + (8.5 / 2.5)) * 4 * 1.9 / (4 + 0.594), score, 5);
    }

    [Fact]
    public void A_stem_that_no_case_study_holds_is_the_rarest()
    {
        var statistics = new LexicalStatistics(10, new Dictionary<string, int> { ["park"] = 1 });

        Assert.Equal(Math.Log(1 + (10.5 / 0.5)), statistics.Idf("pond"), 12);
        Assert.True(statistics.Idf("pond") > statistics.Idf("park"));
        Assert.Equal(Math.Log(2), LexicalStatistics.Empty.Idf("pond"), 12);
    }

    [Fact]
    public void Terms_are_ascending_and_unique()
    {
        var terms = LexicalModel.ForQuestion("bins parks trees libraries buses bins parks", LexicalStatistics.Empty).Terms;

        Assert.Equal(5, terms.Count);
        Assert.Equal(terms.Order(), terms);
    }

    [Fact]
    public void A_question_of_function_words_gives_an_empty_vector()
    {
        Assert.Empty(LexicalModel.ForQuestion("What is it that they have?", LexicalStatistics.Empty).Terms);
    }

    [Theory]
    [InlineData("Co-operative co-ops, cooperatives", "cooperative coops cooperatives")]
    [InlineData("brought back in house", "brought back inhouse")]
    [InlineData("an in-house team in the house", "inhouse team house")]
    [InlineData("co", "co")]
    [InlineData("Co. of one, in", "co")]
    [InlineData("", "")]
    public void Words_that_officers_write_in_two_ways_are_one_word(string text, string expected)
    {
        Assert.Equal(expected, string.Join(' ', SearchWords.Split(text)));
    }

    private static double Dot(LexicalVector a, LexicalVector b) =>
        a.Terms.Select((term, i) => (term, i)).Sum(t => b.Terms.Select((term, j) => term == t.term ? (double)a.Weights[t.i] * b.Weights[j] : 0).Sum());
}
