using System.Text;
using CoopAI.Core.Corpus;

namespace CoopAI.Tests.Core.Corpus;

public class CaseStudyReaderTests
{
    private const string Good = """{"slug":"a","title":"A","text":"Text."}""";

    [Theory]
    [InlineData("""{"slug":"b","title":"B"}""", "slug, title and text are required")]
    [InlineData("""{"slug":"b","title":"B","text":""", "it breaks at byte")]
    [InlineData("""{"slug":"b","title":"B","text":"x","year":"soon"}""", "the field year has a value of the wrong kind")]
    [InlineData("""{"slug":"b c","title":"B","text":"x"}""", "white space")]
    [InlineData("""{"slug":"a","title":"B","text":"x"}""", "stands already on line 1")]
    [InlineData("""{"slug":"b","title":"B","text":"x","principles":["kindness"]}""", "\"kindness\", which is not a principle")]
    [InlineData("""{"slug":"b","title":" ","text":"x"}""", "\"title\" is empty")]
    [InlineData("""{"slug":"b","title":"B","text":"x","year":99999}""", "not a year")]
    [InlineData("null", "null instead of a case study")]
    [InlineData("[]", "a JSON list stands here; write one object a line")]
    [InlineData("""{"slug":"b","title":"B","text":"x","topics":[null]}""", "\"topics\" holds null")]
    [InlineData("""{"slug":"b","title":"B","text":"x","principles":[null]}""", "\"principles\" holds null")]
    [InlineData("""{"slug":"b","title":"B","text":"x","participatingMembers":[""]}""", "\"participatingMembers\" holds null or an empty text")]
    [InlineData("""{"slug":"b","title":"B","text":"x","leadmember":"X"}""", "the field \"leadmember\" is not known; meant: leadMember?")]
    [InlineData("""{"slug":"b","title":"B","text":"x","lead_member":"X"}""", "meant: leadMember?")]
    [InlineData("""{"slug":"b","title":"B","text":"x","principle":["learning"]}""", "meant: principles?")]
    [InlineData("""{"slug":"b","title":"B","text":"x","topic":["food"]}""", "meant: topics?")]
    [InlineData("\0\u0001\u0002", "not the JSON of a case study")]
    public void A_broken_line_is_named_by_number_and_the_others_are_read(string broken, string expected)
    {
        var reading = Read($"{Good}\n{broken}\n{Good.Replace("\"a\"", "\"z\"", StringComparison.Ordinal)}\n");

        Assert.Equal(["a", "z"], reading.CaseStudies.Select(c => c.Slug));
        var problem = Assert.Single(reading.Problems);
        Assert.Equal(2, problem.Line);
        Assert.Contains(expected, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_line_ends_blank_lines_and_a_byte_order_mark_are_read()
    {
        var reading = Read($"\uFEFF{Good}\r\n\r\n{Good.Replace("\"a\"", "\"b\"", StringComparison.Ordinal)}\r{Good.Replace("\"a\"", "\"c\"", StringComparison.Ordinal)}");

        Assert.Equal(["a", "b", "c"], reading.CaseStudies.Select(c => c.Slug));
        Assert.Empty(reading.Problems);
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public void A_file_in_UTF_16_is_told_so(string encoding)
    {
        var utf16 = Encoding.GetEncoding(encoding);
        using var stream = new MemoryStream([.. utf16.GetPreamble(), .. utf16.GetBytes(Good)]);

        var reading = CaseStudyReader.Read(stream, "test.jsonl");

        Assert.Empty(reading.CaseStudies);
        Assert.Equal("test.jsonl, line 1: the file is UTF-16. Save it as UTF-8.", reading.Problems[0].ToString());
    }

    [Fact]
    public void An_over_long_line_is_skipped_without_filling_the_memory()
    {
        var line = new byte[CaseStudyReader.MaxLineBytes + 1];
        Array.Fill(line, (byte)'x');
        using var stream = new MemoryStream([.. line, (byte)'\n', .. Encoding.UTF8.GetBytes(Good)]);

        var reading = CaseStudyReader.Read(stream, "big.jsonl");

        Assert.Equal("a", Assert.Single(reading.CaseStudies).Slug);
        Assert.Contains("big.jsonl, line 1: the line is longer than 4 MiB", Assert.Single(reading.Problems).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_fields_are_kept_and_count_in_the_hash()
    {
        var plain = Assert.Single(Read(Good).CaseStudies);
        var extra = Assert.Single(Read("""{"slug":"a","title":"A","text":"Text.","region":"north"}""").CaseStudies);

        Assert.Equal("north", extra.Extra!["region"].GetString());
        Assert.NotEqual(plain.ContentHash, extra.ContentHash);
        Assert.NotEqual(plain.ContentHash, (plain with { Text = "Other." }).ContentHash);
    }

    private static CaseStudyReading Read(string text)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return CaseStudyReader.Read(stream, "test.jsonl");
    }
}
