using CoopAI.Core.Briefs;
using CoopAI.Core.Language;
using CoopAI.Core.Ranking;

namespace CoopAI.Tests.Core.Briefs;

public class SubjectGlossaryTests
{
    private static readonly LexicalStatistics NoCorpus = new(100, new Dictionary<string, int>());

    [Fact]
    public void The_vectors_that_ship_are_of_the_lines_that_ship() => Assert.Equal(SubjectGlossary.Shipped.Lines.Count, SubjectGlossary.Vectors?.Count);

    [Fact]
    public void Every_subject_has_a_name_and_a_saying()
    {
        var lines = File.ReadAllLines(RepositoryFiles.Find("prompts", "reading", "subjects.txt")).Where(l => l.Length > 0 && l[0] != '#').ToList();

        Assert.All(lines, l => Assert.Matches("^[^:]+: [^:]+$", l));
        Assert.Equal(SubjectGlossary.Shipped.Count, lines.Count);
    }

    [Theory]
    [InlineData("holes in the road", "potholes")]
    [InlineData("somewhere warm to go in winter", "warm spaces")]
    [InlineData("people who live on the street", "homelessness")]
    public void A_question_in_plain_words_finds_its_subject_by_words_alone(string question, string name)
    {
        var stems = SearchWords.Split(question).Select(PorterStemmer.Stem).Distinct().ToList();

        var (shares, _) = SubjectGlossary.Shipped.Of(stems, null, NoCorpus);

        var lines = File.ReadAllLines(RepositoryFiles.Find("prompts", "reading", "subjects.txt")).Where(l => l.Length > 0 && l[0] != '#').ToList();
        Assert.StartsWith(name, lines[Array.IndexOf(shares, shares.Max())], StringComparison.Ordinal);
        Assert.Equal(1, shares.Sum(), 0.001);
    }
}
