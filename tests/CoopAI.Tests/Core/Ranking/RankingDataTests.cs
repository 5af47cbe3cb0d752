using CoopAI.Core.Language;
using CoopAI.Core.Ranking;

namespace CoopAI.Tests.Core.Ranking;

public sealed class RankingDataTests
{
    private static readonly string ThesaurusFile = RepositoryFiles.Find("src", "CoopAI.Core", "Ranking", "Data", "thesaurus.txt");

    public static IEnumerable<TheoryDataRow<string>> Groups() =>
        File.ReadLines(ThesaurusFile).Where(l => l.Length > 0 && l[0] != '#').Select(l => new TheoryDataRow<string>(l));

    [Fact]
    public void Every_group_has_two_members_none_twice()
    {
        Assert.All(Groups(), row =>
        {
            var members = row.Data.Split(',', StringSplitOptions.TrimEntries);
            Assert.True(members.Length > 1, row.Data);
            Assert.Equal(members.Length, members.Distinct(StringComparer.Ordinal).Count());
        });
    }

    [Fact]
    public void No_phrase_of_the_thesaurus_shrinks_to_one_common_word()
    {
        var shrunk = Groups().SelectMany(row => row.Data.Split(',', StringSplitOptions.TrimEntries))
            .Where(member => Words.Split(member).Count() > 1 && SearchWords.Split(member).Take(2).Count() < 2 && !member.StartsWith("in-", StringComparison.Ordinal) && !member.StartsWith("co-", StringComparison.Ordinal));

        Assert.Empty(shrunk);
    }

    [Fact]
    public void Of_members_that_overlap_only_those_inside_a_longer_one_are_passed_over()
    {
        string[] members = ["p", "q", "p q", "q r", "p q r s", "r s", "s t", "t t", "t t t", "u p"];
        var thesaurus = Thesaurus.Read(string.Join('\n', members));
        var random = new Random(5);
        for (var round = 0; round < 2000; round++)
        {
            string[] stems = [.. Enumerable.Range(0, random.Next(12)).Select(_ => ((char)('p' + random.Next(7))).ToString())];

            var matches = thesaurus.Match(stems).Select(m => (m.Start, m.Length));

            // Every member at every place, less those inside a longer one.
            var all = Enumerable.Range(0, stems.Length).SelectMany(start => Enumerable.Range(1, stems.Length - start).Select(length => (Start: start, Length: length)))
                .Where(m => members.Contains(string.Join(' ', stems.Skip(m.Start).Take(m.Length)))).ToList();
            var expected = all.Where(m => !all.Exists(o => o.Length > m.Length && o.Start <= m.Start && m.Start + m.Length <= o.Start + o.Length));
            Assert.True(expected.SequenceEqual(matches), $"round {round}: {string.Join(' ', stems)}");
        }
    }

    [Fact]
    public void The_longest_member_wins_over_those_inside_it()
    {
        var thesaurus = Thesaurus.Read("# a note\nfood bank, pantry\nbank, lender\n\nfood, meals\n");

        var matches = thesaurus.Match(["food", "bank", "bank"]);

        Assert.Equal([(0, 2, 0), (2, 1, 1)], matches.Select(m => (m.Start, m.Length, Assert.Single(m.Groups))));
    }

    [Fact]
    public void A_member_of_two_groups_belongs_to_both()
    {
        Assert.Equal([0, 1], Assert.Single(Thesaurus.Read("hub, centre\nhub, network").Match(["hub"])).Groups);
    }

    [Fact]
    public void Near_words_have_near_vectors()
    {
        var table = WordVectors.Shipped;

        Assert.True(Cosine("youngster", "teenager") > Cosine("youngster", "asphalt") + 0.3);
        Assert.True(Cosine("rubbish", "garbage") > 0.6);
        Assert.Equal(-1, table.RowOf("Ünknöwn"));

        double Cosine(string a, string b) => table.Take([table.RowOf(a)]).Dot(0, table.Query(table.RowOf(b)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(40)]
    public void A_damaged_table_of_word_vectors_is_refused(int length)
    {
        var bytes = new byte[length];
        if (length >= 16)
        {
            "CWV1"u8.CopyTo(bytes);
            bytes[4] = 200;
            bytes[8] = 100;
        }

        Assert.Throws<InvalidDataException>(() => WordVectors.Read(bytes));
    }

    [Fact]
    public void Weights_move_from_general_to_domain_with_the_corpus_s_own_words()
    {
        var model = RankingModel.Shipped;
        var halfway = model.WeightsFor((model.DomainFrom + model.DomainTo) / 2);

        Assert.Equal(model.General, model.WeightsFor(0.2));
        Assert.Equal(model.Domain, model.WeightsFor(0.6));
        Assert.Equal((model.General.Lexical + model.Domain.Lexical) / 2, halfway.Lexical, 9);
    }
}
