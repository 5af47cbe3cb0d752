using CoopAI.Adapters.Models;

namespace CoopAI.Tests.Adapters.Models;

public sealed class UniversalSentenceEncoderTests
{
    private static UniversalSentenceEncoder Encoder => EncoderReference.Encoder;

    private static async Task<float[][]> Embed(UniversalSentenceEncoder encoder, IEnumerable<string> texts) =>
        [.. (await encoder.GenerateAsync(texts, cancellationToken: TestContext.Current.CancellationToken)).Select(e => e.Vector.ToArray())];

    [Fact]
    public async Task Each_of_300_texts_is_embedded_as_the_reference_embeds_it()
    {
        var vectors = await Embed(Encoder, EncoderReference.Cases.Select(c => c.Text));

        Assert.Equal(300, vectors.Length);
        foreach (var ((text, _, expected), actual) in EncoderReference.Cases.Zip(vectors))
        {
            var cosine = EncoderReference.Cosine(expected, actual);
            Assert.True(cosine >= 0.99999, $"{EncoderReference.Show(text)}: cosine {cosine} with the reference");
        }
    }

    [Fact]
    public async Task Every_embedding_has_length_1()
    {
        foreach (var vector in await Embed(Encoder, EncoderReference.Cases.Select(c => c.Text)))
            Assert.Equal(1, vector.Sum(x => (double)x * x), 5);
    }
}
