using System.Text;
using CoopAI.Core.Corpus;
using CoopAI.Core.Language;
using CoopAI.Orchestration.Ingesting;

namespace CoopAI.Tests.Core.Corpus;

public class TextCleaningTests
{
    [Theory]
    [InlineData("The panel found that the co-operative had never\npaid a surplus to its members.\nIt was wound up.", "The panel found that the co-operative had never paid a surplus to its members.\nIt was wound up.")]
    [InlineData("The society took over the old slipway of the town in the spring in\n2021 after residents raised £40,000.", "The society took over the old slipway of the town in the spring in 2021 after residents raised £40,000.")]
    [InlineData("The union owns its two pilot\n\nPage 3 of 12\nWestmere Council – Cabinet report – OFFICIAL\n\nboats and shares the surplus.", "The union owns its two pilot boats and shares the surplus.")]
    [InlineData("> The guild agreed a quota of\n> nine tons a season.\n> \n> It runs a patrol.", "The guild agreed a quota of nine tons a season.\n\nIt runs a patrol.")]
    [InlineData("It has three aims\n1. Keep it open\n2. Train 30 people\nIt met them all.", "It has three aims\n1. Keep it open\n2. Train 30 people\nIt met them all.")]
    [InlineData("The fish &amp; chip shop&#8217;s staff fed 400&nbsp;families.", "The fish & chip shop’s staff fed 400 families.")]
    [InlineData("<p>The hall <strong>re-opened</strong> in 2022.</p><ul><li>It has 12 tables</li></ul>", "The hall re-opened in 2022.\n\nIt has 12 tables")]
    [InlineData("<!-- wp:gallery {\"ids\":[6344,27402]} /--><p>It now has 90 members.</p>", "It now has 90 members.")]
    [InlineData("[gallery size=\"full\" ids=\"6344,27402\"] The library lends 60 ukuleles.", "The library lends 60 ukuleles.")]
    [InlineData("## What we did\n\n**The union** taught [dance](https://example.org/d) in *six* schools.", "What we did\n\nThe union taught dance in six schools.")]
    [InlineData("| Year | Dancers |\n| --- | --- |\n| 2021 | 40 |", "Year: 2021; Dancers: 40")]
    [InlineData("The fire\u00ADworks of Caffi Gw\u0302yr\u200B lit up.", "The fireworks of Caffi Gŵyr lit up.")]
    public void What_the_carrier_put_in_is_taken_out(string text, string clean) => Assert.Equal(clean, TextCleaning.Clean(text));

    [Theory]
    [InlineData("It sold 900 shares to light its lanes [1]. Before [Covid-19] it sold rope to [9] boatyards [see page 3].")]
    [InlineData("Less than 5 < 6 and a*b*c stay; so does R&D; so does 5 > 4.")]
    [InlineData("First paragraph.\n\nSecond paragraph.")]
    public void Prose_comes_out_as_it_went_in(string text) => Assert.Equal(text, TextCleaning.Clean(text));

    [Fact]
    public void The_shipped_texts_are_clean_and_say_that_they_are_summaries()
    {
        var shipped = CaseStudyFile.Read(RepositoryFiles.Find("corpus", "case-studies.jsonl")).CaseStudies;

        Assert.Equal(121, shipped.Count);
        Assert.All(shipped, c => Assert.Equal(TextBasis.Summary, c.TextBasis));
        Assert.All(File.ReadLines(RepositoryFiles.Find("corpus", "case-studies.jsonl")).Zip(shipped), p => Assert.Equal(System.Text.Json.JsonDocument.Parse(p.First).RootElement.GetProperty("text").GetString(), p.Second.Text));
    }

    [Fact]
    public void A_basis_that_is_none_is_refused_by_name()
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes("""{"slug":"a","title":"T","text":"A text.","textBasis":"hearsay"}"""));

        Assert.Contains("textBasis", Assert.Single(CaseStudyReader.Read(stream, "f").Problems).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("It insulated c. 400 homes. Bills fell.", "It insulated c. 400 homes.", "Bills fell.")]
    [InlineData("Cllrs. Okafor and Reed chaired it. It met.", "Cllrs. Okafor and Reed chaired it.", "It met.")]
    [InlineData("It gave the magazine Who Cares? Ltd a room and a loan. It prints.", "It gave the magazine Who Cares? Ltd a room and a loan.", "It prints.")]
    [InlineData("The magazine Shout! Fenwick is owned by reporters. It prints.", "The magazine Shout! Fenwick is owned by reporters.", "It prints.")]
    [InlineData("It has three aims\n1. Keep it open all year\n2. Train 30 people", "It has three aims", "1. Keep it open all year", "2. Train 30 people")]
    [InlineData("Lessons.\n1.\tLend it for a year.\n2.\tRepair it.", "Lessons.", "1.\tLend it for a year.", "2.\tRepair it.")]
    [InlineData("It did three things: 1. It lent hives. 2. It trained 12 keepers.", "It did three things:", "1. It lent hives.", "2. It trained 12 keepers.")]
    [InlineData("It bought the lighthouse for £1.[1] It sold 900 shares.[2] It lets four rooms.It employs six.", "It bought the lighthouse for £1.[1]", "It sold 900 shares.[2]", "It lets four rooms.", "It employs six.")]
    [InlineData("See example.Org/Page and ask us at www.Example.Org today.", "See example.Org/Page and ask us at www.Example.Org today.")]
    [InlineData("What did it cost? Nobody knows! It ended in 2021. 30 people came.", "What did it cost?", "Nobody knows!", "It ended in 2021.", "30 people came.")]
    public void Sentences_end_where_they_end(string text, params string[] sentences) => Assert.Equal(sentences, Sentences.Split(text).Select(s => s.In(text)));

    [Theory]
    [InlineData("Caffi Gŵyr")]
    [InlineData("caffi gw\u0302yr")]
    [InlineData("Caffi Gwyr")]
    [InlineData("Caf\u00ADfi Gŵ\u00ADyr")]
    public void Accents_and_soft_hyphens_make_no_other_word(string text) => Assert.Equal(["caffi", "gwyr"], Words.Split(text).Select(w => w.Text));
}
