using System.Numerics.Tensors;
using CoopAI.Adapters.Models;
using CoopAI.Core;
using CoopAI.Core.Vectors;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace CoopAI.Tests.Adapters.Models;

public sealed class OnnxEmbeddingGeneratorTests : IDisposable
{
    private static readonly string[] Texts =
    [
        "The council moved £3.5m of care contracts to a co-operative.", "", "£", "café", "Cafe", "x", "Residents ran the library together for three years, and visits rose by 12%.",
        "Mae'r cyngor yn gweithio gyda thrigolion.", "理事会与居民合作", "Совет работает с жителями", "🙂🙂", "\ud800 half a character", "a\u0000b", "[SEP] [CLS] [PAD]",
        string.Join(' ', Enumerable.Repeat("The group met every month and wrote down what it had agreed.", 30)),
        "It cost €20 + VAT.", "In 2020 the council handed the library to 24 volunteers.", "Young people chose the projects.",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("coopai-encoder-").FullName;

    private static OnnxEmbeddingGenerator Encoder => SharedEncoder.Encoder;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_text_has_one_embedding_whatever_it_is_embedded_with()
    {
        var ct = TestContext.Current.CancellationToken;
        using var other = new OnnxEmbeddingGenerator(threads: 1);
        var alone = Texts.Select(Encoder.Encode).ToArray();
        var random = new Random(7);

        for (var round = 0; round < 4; round++)
        {
            int[] order = [.. Enumerable.Range(0, Texts.Length), .. Enumerable.Range(0, 20).Select(_ => random.Next(Texts.Length))];
            random.Shuffle(order);
            var generated = await (round % 2 == 0 ? Encoder : other).GenerateAsync(order.Select(i => Texts[i]), cancellationToken: ct);

            for (var i = 0; i < order.Length; i++) Assert.True(generated[i].Vector.Span.SequenceEqual(alone[order[i]]), $"Text {order[i]} differs at place {i} of round {round}.");
        }
    }

    [Fact]
    public async Task Many_threads_at_once_get_the_same_embeddings()
    {
        var alone = Texts.Select(Encoder.Encode).ToArray();

        var runs = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Encoder.GenerateAsync(Texts, cancellationToken: TestContext.Current.CancellationToken)));

        Assert.All(runs, run => Assert.All(run.Zip(alone), pair => Assert.True(pair.First.Vector.Span.SequenceEqual(pair.Second))));
    }

    [Fact]
    public void Embeddings_have_length_1_and_the_stated_dimension()
    {
        Assert.All(Texts, text =>
        {
            var vector = Encoder.Encode(text);
            Assert.Equal(384, vector.Length);
            Assert.Equal(1, TensorPrimitives.Norm<float>(vector), 5);
        });
    }

    [Fact]
    public async Task A_question_is_embedded_as_a_question()
    {
        string[] texts = ["Residents run the library as volunteers.", "The council bought electric vans.", "Tenants manage their own homes."];
        var text = Encoder.Encode("Who runs a library with volunteers?");

        var question = (await Encoder.GenerateAsync(["Who runs a library with volunteers?"], EmbeddedQuestion.Options, TestContext.Current.CancellationToken))[0].Vector.ToArray();
        var nearness = texts.Select(t => TensorPrimitives.Dot<float>(question, Encoder.Encode(t))).ToArray();

        Assert.False(question.SequenceEqual(text));
        Assert.Equal(0, Array.IndexOf(nearness, nearness.Max()));
    }

    [Fact]
    public void Signs_of_money_and_accents_are_read_as_the_model_was_trained()
    {
        Assert.Equal(Encoder.Encode("cafe"), Encoder.Encode("Café"));
        Assert.NotEqual(Encoder.Encode("It cost 3.5m."), Encoder.Encode("It cost £3.5m."));
        Assert.NotEqual(Encoder.Encode("It cost €3.5m."), Encoder.Encode("It cost £3.5m."));
        Assert.NotEqual(Encoder.Encode("It rose by 12"), Encoder.Encode("It rose by 12%"));
        Assert.NotEqual(Encoder.Encode("12 VAT"), Encoder.Encode("12 + VAT"));
        Assert.Equal(4, Encoder.CountPieces("£3.5m"));
    }

    [Fact]
    public void Of_a_text_of_a_million_characters_the_beginning_is_read()
    {
        var words = string.Join(' ', Enumerable.Repeat("community wealth", 60_000));

        var vector = Encoder.Encode(words);

        Assert.Equal(vector, Encoder.Encode(words[..40_000]));
        Assert.Equal(384, Encoder.Encode(new string('x', 1_000_000)).Length);
        Assert.Equal(384, Encoder.Encode(new string('£', 1_000_000)).Length);
        Assert.Equal(384, Encoder.Encode(new string(' ', 1_000_000)).Length);
    }

    [Fact]
    public void It_says_what_it_is()
    {
        var metadata = Encoder.GetService<EncoderMetadata>();

        Assert.Equal(("snowflake-arctic-embed-xs", 384, 512), (metadata?.DefaultModelId, metadata?.DefaultModelDimensions, metadata?.LongestInput));
        Assert.Same(metadata, Encoder.GetService<EmbeddingGeneratorMetadata>());
    }

    [Fact]
    public async Task Another_model_or_dimension_and_a_text_that_is_null_are_refused()
    {
        var ct = TestContext.Current.CancellationToken;

        await Assert.ThrowsAsync<ArgumentException>(() => Encoder.GenerateAsync(["a"], new() { ModelId = "other" }, ct));
        await Assert.ThrowsAsync<ArgumentException>(() => Encoder.GenerateAsync(["a"], new() { Dimensions = 128 }, ct));
        await Assert.ThrowsAsync<ArgumentException>(() => Encoder.GenerateAsync(["a", null!], cancellationToken: ct));
        Assert.Empty(await Encoder.GenerateAsync([], cancellationToken: ct));
    }

    [Fact]
    public async Task A_question_does_not_wait_for_a_batch()
    {
        var ct = TestContext.Current.CancellationToken;
        using var encoder = new OnnxEmbeddingGenerator(threads: 2);
        var passage = string.Join(' ', Enumerable.Repeat("The group met every month and wrote down what it had agreed.", 8));

        var batch = encoder.GenerateAsync(Enumerable.Range(0, 400).Select(i => $"{i} {passage}"), cancellationToken: ct);
        await Task.Delay(300, ct);
        for (var i = 0; i < 5; i++) await encoder.GenerateAsync(["Who met?"], EmbeddedQuestion.Options, ct);

        Assert.False(batch.IsCompleted);
        await batch;
    }

    [Fact]
    public async Task A_batch_can_be_broken_off()
    {
        using var stop = new CancellationTokenSource(200);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Encoder.GenerateAsync(Enumerable.Range(0, 20_000).Select(i => $"Sentence number {i} of a long text."), cancellationToken: stop.Token));
    }

    [Fact]
    public void A_tokenizer_file_serves_in_place_of_a_vocabulary()
    {
        CopyShipped();
        var pieces = File.ReadAllLines(Path.Combine(_folder, "vocab.txt"));
        File.Delete(Path.Combine(_folder, "vocab.txt"));
        File.WriteAllText(Path.Combine(_folder, "tokenizer.json"), System.Text.Json.JsonSerializer.Serialize(new { model = new { type = "WordPiece", vocab = pieces.Select((p, i) => (p, i)).ToDictionary(p => p.p, p => p.i) } }));

        using var encoder = new OnnxEmbeddingGenerator(_folder);

        Assert.Equal(Encoder.Encode(Texts[0]), encoder.Encode(Texts[0]));
    }

    [Fact]
    public void Pooling_and_prefixes_are_taken_from_the_settings()
    {
        CopyShipped();
        Settings("""{"id": "mean", "dimensions": 384, "pooling": "mean", "textPrefix": "passage: "}""");

        using var encoder = new OnnxEmbeddingGenerator(_folder);

        Assert.Equal(1, TensorPrimitives.Norm<float>(encoder.Encode("a text")), 5);
        Assert.NotEqual(Encoder.Encode("passage: a text"), encoder.Encode("a text"));
        Assert.Equal("mean", encoder.ModelId);
    }

    [Theory]
    [InlineData("encoder.json", null, "holds no encoder.json")]
    [InlineData("encoder.json", "{", "cannot be read")]
    [InlineData("encoder.json", "{\"id\": \"m\", \"dimensions\": 384, \"poolling\": \"mean\"}", "poolling")]
    [InlineData("encoder.json", "{\"dimensions\": 384}", "\"id\" is missing")]
    [InlineData("encoder.json", "{\"id\": \"m\"}", "\"dimensions\" is 0")]
    [InlineData("encoder.json", "{\"id\": \"m\", \"dimensions\": 384, \"longestInput\": 3}", "\"longestInput\" is 3")]
    [InlineData("encoder.json", "{\"id\": \"m\", \"dimensions\": 384, \"pooling\": \"none\"}", "has the outputs last_hidden_state")]
    [InlineData("encoder.json", "{\"id\": \"m\", \"dimensions\": 512}", "with 512 floats is needed")]
    [InlineData("model.onnx", null, "holds no model.onnx")]
    [InlineData("model.onnx", "not a model", "cannot be read as a model")]
    [InlineData("vocab.txt", null, "neither vocab.txt nor tokenizer.json")]
    [InlineData("vocab.txt", "only\nwords\n", "does not hold [UNK]")]
    public void What_is_wrong_with_a_folder_is_named(string file, string? content, string expected)
    {
        CopyShipped();
        File.Delete(Path.Combine(_folder, file));
        if (content is not null) File.WriteAllText(Path.Combine(_folder, file), content);

        var error = Assert.Throws<BadInputException>(() => new OnnxEmbeddingGenerator(_folder));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains(_folder, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_is_cut_short_and_a_vocabulary_that_is_too_long_are_named()
    {
        CopyShipped();
        File.AppendAllLines(Path.Combine(_folder, "vocab.txt"), Enumerable.Range(0, 100).Select(i => $"zzz{i}"));
        var tooLong = Assert.Throws<BadInputException>(() => new OnnxEmbeddingGenerator(_folder));
        File.WriteAllBytes(Path.Combine(_folder, "model.onnx"), File.ReadAllBytes(Path.Combine(EncoderFolder.Shipped, "model.onnx"))[..1_000_000]);
        var cut = Assert.Throws<BadInputException>(() => new OnnxEmbeddingGenerator(_folder));

        Assert.Contains("its vocabulary has 30622 pieces", tooLong.Message, StringComparison.Ordinal);
        Assert.Contains("cannot be read as a model", cut.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_question_asked_again_gets_the_same_embedding_without_a_second_run()
    {
        using var encoder = new OnnxEmbeddingGenerator();
        var ct = TestContext.Current.CancellationToken;
        var first = await encoder.GenerateAsync(["Who met?"], EmbeddedQuestion.Options, ct);

        var again = await encoder.GenerateAsync(["Who met?"], EmbeddedQuestion.Options, ct);

        Assert.True(first.Usage!.InputTokenCount > 0);
        Assert.Equal(0, again.Usage!.InputTokenCount);
        Assert.Equal(first[0].Vector.ToArray(), again[0].Vector.ToArray());
        Assert.NotEqual(again[0].Vector.ToArray(), (await encoder.GenerateAsync(["Who met?"], cancellationToken: ct))[0].Vector.ToArray());
        for (var i = 0; i < 20; i++) await encoder.GenerateAsync([$"Who met {i}?"], EmbeddedQuestion.Options, ct);
        var forgotten = await encoder.GenerateAsync(["Who met?"], EmbeddedQuestion.Options, ct);
        Assert.True(forgotten.Usage!.InputTokenCount > 0);
        Assert.Equal(first[0].Vector.ToArray(), forgotten[0].Vector.ToArray());
    }

    [Fact]
    public void A_vocabulary_that_is_cut_short_is_named()
    {
        CopyShipped();
        var file = Path.Combine(_folder, "vocab.txt");
        File.WriteAllLines(file, File.ReadAllLines(file)[..15_000]);

        var error = Assert.Throws<BadInputException>(() => new OnnxEmbeddingGenerator(_folder));

        Assert.Contains("has 15000 pieces, model.onnx one for each of 30522", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("words", 1f, "has the inputs words (Int64 [any, any])")]
    [InlineData("input_ids", float.NaN, "gives values that are no numbers")]
    [InlineData("input_ids", 0f, "gives values that are no numbers or all 0")]
    [InlineData("input_ids", 1f, null)]
    public void A_model_with_other_inputs_and_one_that_gives_no_numbers_are_named(string input, float value, string? expected)
    {
        File.WriteAllBytes(Path.Combine(_folder, "model.onnx"), TinyModel.Table(input, rows: 6, dimensions: 4, value));
        File.WriteAllLines(Path.Combine(_folder, "vocab.txt"), ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "##b"]);
        Settings("""{"id": "tiny", "dimensions": 4}""");

        if (expected is null)
        {
            using var encoder = new OnnxEmbeddingGenerator(_folder);
            Assert.Equal(0.5f, encoder.Encode("a")[0], 6);
            return;
        }

        Assert.Contains(expected, Assert.Throws<BadInputException>(() => new OnnxEmbeddingGenerator(_folder)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("🙂")]
    [InlineData("\u200B")]
    [InlineData("\uD800")]
    [InlineData("Сколько стоит?")]
    [InlineData("كم التكلفة")]
    [InlineData("費用はいくらですか")]
    [InlineData("")]
    public async Task A_text_of_any_sign_or_script_has_an_embedding(string text)
    {
        foreach (var repeated in new[] { text, string.Concat(Enumerable.Repeat(text, 100_000)) })
        {
            var one = (await Encoder.GenerateAsync([repeated], EmbeddedQuestion.Options, TestContext.Current.CancellationToken))[0].Vector.ToArray();

            Assert.Equal(1, TensorPrimitives.Norm<float>(one), 5);
        }
    }

    [Fact]
    public void Damaged_files_are_found()
    {
        CopyShipped();
        Assert.Empty(EncoderFolder.Read(_folder).Damaged());
        File.AppendAllText(Path.Combine(_folder, "vocab.txt"), "x");

        Assert.Contains("vocab.txt is damaged", Assert.Single(EncoderFolder.Read(_folder).Damaged()), StringComparison.Ordinal);
        Assert.Empty(EncoderFolder.Read(EncoderFolder.Shipped).Damaged());
    }

    private void CopyShipped()
    {
        foreach (var file in Directory.GetFiles(EncoderFolder.Shipped)) File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
    }

    private void Settings(string json) => File.WriteAllText(Path.Combine(_folder, "encoder.json"), json);
}
