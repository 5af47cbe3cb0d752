using System.Text;
using CoopAI.Evaluation;
using CoopAI.Evaluation.Files;

namespace CoopAI.Tests.Evaluation.Files;

public sealed class TextLinesTests
{
    [Theory]
    [InlineData("a\nb\n")]
    [InlineData("a\r\nb\r\n")]
    [InlineData("a\rb")]
    [InlineData("\uFEFFa\r\nb")]
    public void Line_ends_and_a_byte_order_mark_make_no_difference(string text)
    {
        using var folder = new TemporaryFolder();

        var lines = TextLines.Read(folder.Write("f", Encoding.UTF8.GetBytes(text))).ToArray();

        Assert.Equal([(1, "a"), (2, "b")], lines);
    }

    [Fact]
    public void Blank_lines_are_skipped_and_still_counted()
    {
        using var folder = new TemporaryFolder();

        var lines = TextLines.Read(folder.Write("f", "\n \r\nx\n\ny")).ToArray();

        Assert.Equal([(3, "x"), (5, "y")], lines);
    }

    public static TheoryData<byte[], string> NotText => new()
    {
        { [0xFF, 0xFE, 0x61, 0x00], "UTF-16" },
        { [0x61, 0x0A, 0xC3, 0x28], "line 2" },
        { [0x61, 0x00, 0x62], "zero byte" },
    };

    [Theory]
    [MemberData(nameof(NotText))]
    public void A_file_that_is_no_UTF_8_text_is_refused_with_its_line(byte[] bytes, string expected)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("f", bytes);

        var refusal = Assert.Throws<EvaluationInputException>(() => TextLines.Read(file).ToArray());

        Assert.StartsWith(file, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_and_a_folder_are_named()
    {
        using var folder = new TemporaryFolder();

        Assert.Contains("no such file", Assert.Throws<EvaluationInputException>(() => TextLines.Read(folder.File("x")).ToArray()).Message, StringComparison.Ordinal);
        Assert.Contains("folder", Assert.Throws<EvaluationInputException>(() => TextLines.Read(folder.Path).ToArray()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"id\":1}\n[1]", "line 2: this is a JSON array")]
    [InlineData("{\"id\":1}\n\n{\"id\":", "line 3: this is not JSON")]
    public void A_line_that_is_no_JSON_object_is_refused_with_its_number(string text, string expected)
    {
        using var folder = new TemporaryFolder();

        var refusal = Assert.Throws<EvaluationInputException>(() => JsonLines.Read(folder.Write("f", text)).ToArray());

        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }
}
