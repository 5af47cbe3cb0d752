using CoopAI.Adapters.Models;
using Microsoft.Extensions.AI;

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

    [Fact]
    public async Task A_text_gives_the_same_bytes_alone_in_any_batch_and_on_any_number_of_threads()
    {
        var texts = EncoderReference.Cases.Select(c => c.Text).Where((_, i) => i % 3 == 0).ToArray();
        var shuffled = texts.ToArray();
        new Random(7).Shuffle(shuffled);
        var oneThread = new UniversalSentenceEncoder(threads: 1);

        var together = await Embed(Encoder, texts);
        var otherOrder = (await Embed(oneThread, shuffled)).Zip(shuffled).ToDictionary(x => x.Second, x => x.First, StringComparer.Ordinal);

        for (var i = 0; i < texts.Length; i++)
        {
            Assert.True(together[i].AsSpan().SequenceEqual(Encoder.Encode(texts[i])), $"alone: {EncoderReference.Show(texts[i])}");
            Assert.True(together[i].AsSpan().SequenceEqual(otherOrder[texts[i]]), $"in another batch: {EncoderReference.Show(texts[i])}");
        }
    }

    [Theory]
    [InlineData(nameof(KernelWidth.Scalar))]
    [InlineData(nameof(KernelWidth.Vector256))]
    public async Task Every_kernel_gives_the_same_bytes(string kernel)
    {
        var width = Enum.Parse<KernelWidth>(kernel);
        Assert.SkipWhen(width > MatrixKernel.Widest, $"This processor has no {kernel} instructions.");
        var other = new UniversalSentenceEncoder(null, null, width);
        var texts = EncoderReference.Cases.Select(c => c.Text).Where(t => t.Length is > 0 and < 40).Take(5).ToArray();

        var expected = await Embed(Encoder, texts);
        var actual = await Embed(other, texts);

        for (var i = 0; i < texts.Length; i++) Assert.True(expected[i].AsSpan().SequenceEqual(actual[i]), EncoderReference.Show(texts[i]));
    }

    [Fact]
    public async Task Threads_that_share_one_encoder_do_not_disturb_each_other()
    {
        var texts = EncoderReference.Cases.Select(c => c.Text).Where(t => t.Length < 200).Take(40).ToArray();
        var expected = texts.Select(Encoder.Encode).ToArray();

        var rounds = await Task.WhenAll(Enumerable.Range(0, 6).Select(seed => Task.Run(() => Embed(Encoder, texts.Skip(seed).Concat(texts.Take(seed))))));

        for (var seed = 0; seed < rounds.Length; seed++)
            for (var i = 0; i < texts.Length; i++)
                Assert.True(expected[(i + seed) % texts.Length].AsSpan().SequenceEqual(rounds[seed][i]), $"round {seed}, text {i}");
    }

    [Fact]
    public void No_memory_is_allocated_for_each_piece()
    {
        var encoder = new UniversalSentenceEncoder(threads: 1);
        var longest = string.Join(' ', Enumerable.Repeat("council", 128));
        encoder.Encode(longest);
        encoder.Encode("council");

        // The least of several runs: the runtime compiles the code anew in between, on this very thread.
        var (one, many) = (Allocated("council"), Allocated(longest));

        // The ids are handed on as one array of 4 bytes a piece; the vector has 2 KiB.
        Assert.InRange(one, 2048, 6000);
        Assert.InRange(many - one, 0, 127 * 4 + 16);

        long Allocated(string text) => Enumerable.Range(0, 20).Select(_ =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            encoder.Encode(text);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }).Min();
    }

    [Fact]
    public void What_lies_past_the_128th_piece_does_not_count()
    {
        var words = string.Join(' ', Enumerable.Repeat("council", 128));

        Assert.Equal(128, Encoder.CountPieces(words));
        Assert.Equal(130, Encoder.CountPieces(words + " housing fund"));
        Assert.Equal(Encoder.Encode(words), Encoder.Encode(words + " housing fund"));
        Assert.NotEqual(Encoder.Encode(words), Encoder.Encode(words[8..]));
    }

    [Theory]
    [InlineData("\uD800")]
    [InlineData("lone high \uD83C and lone low \uDFD8 surrogates")]
    [InlineData("\uDFD8\uD83C")]
    [InlineData("a\0b\0c")]
    [InlineData("\u0301\u0301 marks first")]
    public void Broken_text_still_gives_a_vector_of_length_1(string text)
    {
        var vector = Encoder.Encode(text);

        Assert.Equal(1, vector.Sum(x => (double)x * x), 5);
    }

    [Fact]
    public void A_text_of_a_million_characters_is_read_to_its_128th_piece_and_no_further()
    {
        var start = string.Concat(Enumerable.Repeat("The council opened a fund. ", 40));
        var text = start + string.Concat(Enumerable.Repeat("x🏠é\u0301 ", 170_000));

        Assert.True(Encoder.CountPieces(text) > 300_000);
        Assert.Equal(Encoder.Encode(start), Encoder.Encode(text));
    }

    [Fact]
    public async Task Nothing_in_gives_nothing_out() => Assert.Empty(await Embed(Encoder, []));

    [Fact]
    public async Task A_null_text_is_refused_with_its_place()
    {
        var error = await Assert.ThrowsAsync<ArgumentException>(() => Embed(Encoder, ["a", null!]));

        Assert.Contains("Text 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_dimension_or_model_is_refused()
    {
        IEmbeddingGenerator<string, Embedding<float>> generator = Encoder;
        var cancelled = TestContext.Current.CancellationToken;

        await Assert.ThrowsAsync<ArgumentException>(() => generator.GenerateAsync(["a"], new EmbeddingGenerationOptions { Dimensions = 256 }, cancelled));
        await Assert.ThrowsAsync<ArgumentException>(() => generator.GenerateAsync(["a"], new EmbeddingGenerationOptions { ModelId = "other" }, cancelled));
    }

    [Fact]
    public async Task A_cancelled_batch_ends()
    {
        using var source = new CancellationTokenSource();
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Encoder.GenerateAsync(["a", "b", "c"], cancellationToken: source.Token));
    }

    [Fact]
    public void The_metadata_name_the_model_and_its_dimension()
    {
        var metadata = ((IEmbeddingGenerator<string, Embedding<float>>)Encoder).GetRequiredService<EmbeddingGeneratorMetadata>();

        Assert.Equal(UniversalSentenceEncoder.ModelId, metadata.DefaultModelId);
        Assert.Equal(512, metadata.DefaultModelDimensions);
    }

    [Fact]
    public void The_built_files_have_the_expected_hashes() => Assert.Empty(UniversalSentenceEncoder.CheckFiles());

    [Fact]
    public void A_missing_model_is_an_error_that_says_what_to_do()
    {
        var error = Assert.Throws<FileNotFoundException>(() => new UniversalSentenceEncoder(Path.Combine(AppContext.BaseDirectory, "no-such-folder")));

        Assert.Contains("vocab.json", error.Message, StringComparison.Ordinal);
        Assert.Contains("npm ci", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Shortened_weights_are_refused()
    {
        var folder = Directory.CreateTempSubdirectory("coopai-").FullName;
        try
        {
            foreach (var file in Directory.GetFiles(UniversalSentenceEncoder.DefaultDirectory)) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            using (var stream = File.OpenWrite(Path.Combine(folder, "group1-shard7of7"))) stream.SetLength(stream.Length - 4);

            var error = Assert.Throws<InvalidDataException>(() => new UniversalSentenceEncoder(folder));

            Assert.Contains("27903652", error.Message, StringComparison.Ordinal);
            Assert.Contains("group1-shard7of7", Assert.Single(UniversalSentenceEncoder.CheckFiles(folder)), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
