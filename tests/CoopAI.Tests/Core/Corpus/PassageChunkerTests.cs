using CoopAI.Core.Corpus;
using CoopAI.Core.Language;

namespace CoopAI.Tests.Core.Corpus;

public class PassageChunkerTests
{
    // One piece a word makes the arithmetic visible.
    private static readonly PassageChunker Chunker = new(text => Words.Split(text).Count(), maxPieces: 6);

    [Fact]
    public void A_short_text_is_one_passage()
    {
        var passage = Assert.Single(Chunker.Chunk(Of("  One two three.  ")));

        Assert.Equal(("s#0", "One two three.", 2), (passage.Id, passage.Text, passage.Start));
    }

    [Fact]
    public void Passages_end_at_sentences_and_share_one()
    {
        var passages = Chunker.Chunk(Of("One two three. Four five. Six seven. Eight nine ten eleven."));

        Assert.Equal(["One two three. Four five.", "Four five. Six seven.", "Six seven. Eight nine ten eleven."], passages.Select(p => p.Text));
    }

    [Fact]
    public void A_sentence_longer_than_a_passage_stands_alone()
    {
        var passages = Chunker.Chunk(Of("One. A b c d e f g h i. Two."));

        Assert.Equal(["One.", "A b c d e f g h i.", "Two."], passages.Select(p => p.Text));
    }

    [Fact]
    public void Every_sentence_is_in_a_passage_and_every_passage_is_verbatim()
    {
        var random = new Random(7);
        for (var run = 0; run < 500; run++)
        {
            var text = string.Join(' ', Enumerable.Range(0, random.Next(1, 20)).Select(_ => string.Join(' ', Enumerable.Repeat("Word", random.Next(1, 9))) + "."));

            var passages = Chunker.Chunk(Of(text));

            Assert.All(passages, p => Assert.Equal(p.Text, text.Substring(p.Start, p.Text.Length)));
            Assert.All(Sentences.Split(text), s => Assert.Contains(passages, p => p.Start <= s.Start && s.End <= p.Start + p.Text.Length));
        }
    }

    private static CaseStudy Of(string text) => new() { Slug = "s", Title = "T", Text = text };
}
