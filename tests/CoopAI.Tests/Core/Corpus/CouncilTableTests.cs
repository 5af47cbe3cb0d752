using CoopAI.Core.Corpus;

namespace CoopAI.Tests.Core.Corpus;

public sealed class CouncilTableTests
{
    [Theory]
    [InlineData("Preston", "Preston City Council", true)]
    [InlineData("preston city council", "Preston City Council", true)]
    [InlineData("Greenwich", "Royal Borough of Greenwich", true)]
    [InlineData("Cheshire West", "Cheshire West and Chester Council", true)]
    [InlineData("GMCA", "Greater Manchester Combined Authority", true)]
    [InlineData("Oldham MBC", "Oldham Council", true)]
    [InlineData("Harrow Vale", "Harrow Vale Borough Council", true)]
    [InlineData("Newcastle", "Newcastle-under-Lyme Borough Council", true)]
    [InlineData("Newcastle", "Newcastle City Council", true)]
    [InlineData("Manchester", "Greater Manchester Combined Authority", false)]
    [InlineData("Tyneside", "South Tyneside Council", false)]
    [InlineData("Plymouth", "Preston City Council", false)]
    [InlineData("Council", "Preston City Council", false)]
    [InlineData("", "Preston City Council", false)]
    public void A_short_name_or_an_alias_names_its_council(string wanted, string name, bool expected) =>
        Assert.Equal(expected, CouncilTable.Default.Names(wanted, name));

    [Theory]
    [InlineData("Northbeck City Council", "northbeck", true)]
    [InlineData("The Royal Borough of Greenwich", "Greenwich Council", true)]
    [InlineData("GMCA", "Greater Manchester Combined Authority", true)]
    [InlineData("Newcastle-under-Lyme Borough Council", "Newcastle City Council", false)]
    [InlineData("South Tyneside Council", "North Tyneside Council", false)]
    [InlineData("Northbeck Council", "Millford Council", false)]
    public void Two_spellings_of_one_council_are_the_same(string a, string b, bool expected)
    {
        Assert.Equal(expected, CouncilTable.Default.Same(a, b));
        Assert.Equal(expected, CouncilTable.Default.Same(b, a));
    }

    [Fact]
    public void Every_name_in_the_shipped_table_stands_for_its_own_council()
    {
        var table = CouncilTable.Default;

        Assert.True(table.Councils.Count > 400);
        Assert.All(table.Councils, c => Assert.All(c.Aliases.Append(c.Name), a => Assert.Equal(c.Name, table.OfficialName(a))));
    }

    [Theory]
    [InlineData("{", "line 1")]
    [InlineData("{\"councils\": 3}", "\"councils\"")]
    [InlineData("{\"councils\": [{\"aliases\": [], \"type\": \"t\", \"nation\": \"n\"}]}", "council 1: \"name\"")]
    [InlineData("{\"councils\": [{\"name\": \"A\", \"aliases\": [], \"type\": \"t\", \"nation\": \"n\", \"from\": \"soon\"}]}", "2023-04-01")]
    [InlineData("{\"councils\": [{\"name\": \"A\", \"aliases\": [], \"type\": \"t\", \"nation\": \"n\"}, {\"name\": \"a\", \"aliases\": [], \"type\": \"t\", \"nation\": \"n\"}]}", "twice")]
    public void A_broken_table_is_refused_with_its_file_and_place(string json, string says)
    {
        var error = Assert.Throws<FormatException>(() => CouncilTable.Parse(json, "councils.json"));

        Assert.Contains("councils.json", error.Message, StringComparison.Ordinal);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }
}
