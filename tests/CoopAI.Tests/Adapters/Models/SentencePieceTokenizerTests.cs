using System.Text;
using CoopAI.Adapters.Models;

namespace CoopAI.Tests.Adapters.Models;

public sealed class SentencePieceTokenizerTests
{
    /// <summary>Six reserved pieces, then ▁ a b c (ids 6 to 9, −9 each, so that every position is reached), then the given ones (ids from 10).</summary>
    private static SentencePieceTokenizer Tokenizer(string pieces) =>
        new(Encoding.UTF8.GetBytes($$"""[["?",0],["<s>",0],["</s>",0],["x1",0],["x2",0],["x3",0],["▁",-9],["a",-9],["b",-9],["c",-9],{{pieces}}]"""));

    private static int[] Ids(SentencePieceTokenizer tokenizer, string text)
    {
        var ids = new int[tokenizer.CountPieces(text)];
        tokenizer.Encode(text, ids);
        return ids;
    }

    [Fact]
    public void The_segmentation_is_the_likeliest_one()
    {
        // "▁abc": ▁ab + c = −3 − 1 = −4 against ▁a + bc = −1 − 2 = −3.
        var tokenizer = Tokenizer("""["▁a",-1],["▁ab",-3],["bc",-2],["c",-1]""");

        Assert.Equal([10, 12], Ids(tokenizer, "abc"));
    }

    [Fact]
    public void Of_equal_scores_the_shorter_last_piece_wins()
    {
        // Both ways score −4.
        var tokenizer = Tokenizer("""["▁a",-1],["▁ab",-3],["bc",-3],["c",-1]""");

        Assert.Equal([11, 13], Ids(tokenizer, "abc"));
    }

    [Fact]
    public void Neighbouring_unknown_pieces_count_once()
    {
        var tokenizer = Tokenizer("""["▁a",-1],["b",-1]""");

        Assert.Equal([10, 0, 11], Ids(tokenizer, "a☃☃☃b"));
    }

    [Fact]
    public void The_count_is_that_of_the_whole_text_when_the_room_is_short()
    {
        var tokenizer = Tokenizer("""["▁a",-1],["b",-1]""");
        Span<int> ids = stackalloc int[2];

        var count = tokenizer.Encode("abbb", ids);

        Assert.Equal(4, count);
        Assert.Equal([10, 11], ids.ToArray());
    }

    [Fact]
    public void Each_reference_text_is_cut_as_the_reference_cuts_it()
    {
        var folder = UniversalSentenceEncoder.DefaultDirectory;
        var tokenizer = new SentencePieceTokenizer(File.ReadAllBytes(Path.Combine(folder, "vocab.json")));

        foreach (var (text, pieces, _) in EncoderReference.Cases)
            Assert.True(pieces.SequenceEqual(Ids(tokenizer, text)), $"{EncoderReference.Show(text)}: {string.Join(' ', Ids(tokenizer, text))} instead of {string.Join(' ', pieces)}");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("[[\"a\"")]
    [InlineData("""[["a",1,2]]""")]
    [InlineData("""[["",0],["a",0]]""")]
    [InlineData("""[["a","b"]]""")]
    public void A_vocabulary_of_another_form_is_refused(string json)
    {
        var error = Assert.Throws<InvalidDataException>(() => new SentencePieceTokenizer(Encoding.UTF8.GetBytes(json)));

        Assert.Contains("vocabulary", error.Message, StringComparison.Ordinal);
    }
}
