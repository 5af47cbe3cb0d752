using CoopAI.Core.Corpus;
using CoopAI.Core.Ranking;
using CoopAI.Core.Retrieval;

namespace CoopAI.Tests.Core.Ranking;

public sealed class CorpusIndexTests
{
    [Fact]
    public void Postings_hold_for_each_key_what_was_noted_in_the_order_of_the_case_studies()
    {
        var postings = new Postings<string>(4, [[(0, 3), (2, 1)], [], [(2, 5), (3, 1)]], (place, count) => $"{place}x{count}");

        Assert.Equal(["0x3", "", "0x1 2x5", "2x1"], Enumerable.Range(0, 4).Select(key => string.Join(' ', postings[key].ToArray())));
    }

    [Fact]
    public void Numbers_are_counted_in_the_order_of_first_coming()
    {
        Assert.Equal([(7, 3), (1, 2), (4, 1)], PreparedText.Count([7, 1, 7, 4, 1, 7]));
        Assert.Empty(PreparedText.Count([]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(64)]
    public void Raising_a_row_word_by_word_gives_the_nearest_of_all_words(int questionWords)
    {
        const int Vocabulary = 50;
        var random = new Random(questionWords);
        using var words = new WordNearness(questionWords, Vocabulary);
        using var places = new WordNearness(questionWords, 3);
        for (var i = 0; i < questionWords; i++)
            for (var word = 0; word < Vocabulary; word++) words.Set(i, word, (byte)random.Next(256));
        var held = Enumerable.Range(0, 20).Select(_ => random.Next(Vocabulary)).ToArray();
        var (expected, actual) = (new float[questionWords], new float[questionWords]);

        foreach (var word in held) places.Raise(1, words, word);

        words.Nearest(held, expected);
        places.Read(1, actual);
        Assert.Equal(expected, actual);
        places.Read(2, actual);
        Assert.All(actual, n => Assert.Equal(0, n));
    }

    [Fact]
    public void Facets_count_each_value_once_a_case_study_by_count_then_name_and_years_newest_first()
    {
        var facets = new FacetIndex(
        [
            Study(2019, "project", ["b", "a", "b"]),
            Study(2021, null, ["b"]),
            Study(null, "project", ["c"]),
            Study(2021, "case-study", ["a", "c"]),
        ]);

        var all = facets.Count([0, 1, 2, 3], SearchFilter.None);
        var filtered = facets.Count([0, 1, 3], new SearchFilter(YearFrom: 2020, Topics: ["b"]));

        Assert.Equal([new("a", 2), new("b", 2), new("c", 2)], all.Topics);
        Assert.Equal([new("2021", 2), new("2019", 1)], all.Years);
        Assert.Equal([new("project", 2), new("case-study", 1)], all.Kinds);
        // Topics without the topics' filter: the two of 2021. Years without the years' filter: the two that name b.
        Assert.Equal([new("a", 1), new("b", 1), new("c", 1)], filtered.Topics);
        Assert.Equal([new("2021", 1), new("2019", 1)], filtered.Years);
        Assert.Empty(filtered.Kinds);
    }

    private static CaseStudy Study(int? year, string? kind, string[] topics) =>
        new() { Slug = Guid.NewGuid().ToString("n"), Title = "A title", Text = "A text.", Year = year, Kind = kind, Topics = topics };
}
