using CoopAI.Core.Language;

namespace CoopAI.Tests.Core.Language;

public class SentencesTests
{
    [Theory]
    [InlineData("One. Two.", "One.|Two.")]
    [InlineData("It cost £1.5m in 2019. St. Helens paid.", "It cost £1.5m in 2019.|St. Helens paid.")]
    [InlineData("Dr. Shah and Cllr. Jones met. They agreed!", "Dr. Shah and Cllr. Jones met.|They agreed!")]
    [InlineData("“It works.” She smiled.", "“It works.”|She smiled.")]
    [InlineData("Open 9 a.m. to noon. Free, e.g. for carers.", "Open 9 a.m. to noon.|Free, e.g. for carers.")]
    [InlineData("A heading\nThe text follows", "A heading|The text follows")]
    [InlineData("J. Smith led it. N.B. the end", "J. Smith led it.|N.B. the end")]
    [InlineData("   \r\n ", "")]
    [InlineData("See www.example.org. Next", "See www.example.org.|Next")]
    public void Text_is_cut_where_a_sentence_ends_and_not_at_short_forms(string text, string expected)
    {
        var sentences = Sentences.Split(text);

        Assert.Equal(expected, string.Join('|', sentences.Select(s => s.In(text))));
    }

    [Fact]
    public void Sentences_never_overlap_and_lose_only_white_space()
    {
        var random = new Random(20261122);
        const string alphabet = "ab A.!?\n“”') 1é\uD83D\uDE00\uD800";
        for (var run = 0; run < 3000; run++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => alphabet[random.Next(alphabet.Length)]));

            var sentences = Sentences.Split(text);

            var at = 0;
            foreach (var sentence in sentences)
            {
                Assert.True(sentence.Start >= at && sentence.Length > 0, $"run {run}");
                Assert.True(string.IsNullOrWhiteSpace(text[at..sentence.Start]), $"run {run}");
                at = sentence.End;
            }

            Assert.True(string.IsNullOrWhiteSpace(text[at..]), $"run {run}");
        }
    }
}
