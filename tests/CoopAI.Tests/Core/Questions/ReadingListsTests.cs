using CoopAI.Core;
using CoopAI.Core.Corpus;
using CoopAI.Core.Questions;

namespace CoopAI.Tests.Core.Questions;

public sealed class ReadingListsTests
{
    private static Dictionary<string, string> Files() =>
        ReadingLists.FileNames.ToDictionary(n => n, n => File.ReadAllText(RepositoryFiles.Find("prompts", "reading", n)), StringComparer.Ordinal);

    [Fact]
    public void The_shipped_lists_hold_two_hundred_abbreviations_and_more()
    {
        Assert.True(ReadingLists.Shipped.Abbreviations.Count >= 200);
    }

    [Fact]
    public void The_version_changes_with_any_file()
    {
        foreach (var name in ReadingLists.FileNames)
        {
            var files = Files();
            files[name] += "# a remark\n";

            Assert.NotEqual(ReadingLists.Shipped.Version, ReadingLists.Parse(files).Version);
        }
    }

    [Fact]
    public void Line_ends_do_not_change_the_version()
    {
        var files = Files().ToDictionary(f => f.Key, f => f.Value.ReplaceLineEndings("\r\n"), StringComparer.Ordinal);

        Assert.Equal(ReadingLists.Shipped.Version, ReadingLists.Parse(files).Version);
    }

    [Theory]
    [InlineData("abbreviations.txt", "[abbreviations]\nTWO WORDS = x\n[also-a-word]\nIT = y", "abbreviations.txt, line 2")]
    [InlineData("shorthand.txt", "[shorthand]\npls", "shorthand.txt, line 2")]
    [InlineData("places.txt", "[nations]\nWales", "places.txt")]
    [InlineData("kinds.txt", "[who]\nwho\n[wot]\nx", "[wot]")]
    public void A_broken_list_names_the_file_and_the_place(string name, string content, string expected)
    {
        var files = Files();
        files[name] = content;

        var error = Assert.Throws<BadInputException>(() => ReadingLists.Parse(files));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_list_is_named()
    {
        var files = Files();
        files.Remove("message.txt");

        Assert.Contains("message.txt", Assert.Throws<BadInputException>(() => ReadingLists.Parse(files)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_council_of_a_region_is_in_the_table()
    {
        var unknown = ReadingLists.Shipped.Regions.SelectMany(r => r.Members).Distinct().Where(m => CouncilTable.Default.OfficialName(m) is null);

        Assert.Empty(unknown);
    }

    [Fact]
    public void Every_merged_council_names_who_took_over()
    {
        foreach (var council in CouncilTable.Default.Councils.Where(c => c.To is not null))
        {
            Assert.True(council.Into is { Count: > 0 }, council.Name);
            Assert.All(council.Into, i => Assert.Contains(CouncilTable.Default.Councils, c => c.Name == i && c.To is null));
        }
    }
}
