using System.Runtime.InteropServices;
using System.Text.Json;
using CoopAI.Adapters.Models;
using Microsoft.Extensions.AI;
using static CoopAI.Tests.Adapters.Models.RecordedEndpoint;

namespace CoopAI.Tests.Adapters.Models;

public sealed class OpenAIEmbeddingGeneratorTests
{
    private const string Key = "sk-secret-of-this-test";

    private static OpenAIEmbeddingGenerator Generator(RecordedEndpoint endpoint, TimeSpan? timeout = null, int retries = 0, int batch = 64) =>
        new(new ModelOptions.EmbeddingOptions
        {
            Provider = EmbeddingProvider.OpenAI,
            Endpoint = endpoint.Address,
            Model = "small-embedder",
            ApiKey = Key,
            Dimensions = 2,
            Timeout = timeout ?? TimeSpan.FromSeconds(20),
            Retries = retries,
            BatchSize = batch,
        },
        TimeProvider.System);

    private static string Base64(params float[] values) => $"\"{Convert.ToBase64String(MemoryMarshal.AsBytes(values.AsSpan()))}\"";

    private static Reply Embeddings(params string[] data) =>
        new(200, $$$"""{"object":"list","data":[{{{string.Join(',', data)}}}],"model":"small-embedder","usage":{"prompt_tokens":7,"total_tokens":7}}""");

    private static string Item(int index, string embedding) => $$"""{"object":"embedding","index":{{index}},"embedding":{{embedding}}}""";

    private static Task<GeneratedEmbeddings<Embedding<float>>> Ask(OpenAIEmbeddingGenerator generator, params string[] texts) =>
        generator.GenerateAsync(texts, cancellationToken: TestContext.Current.CancellationToken);

    [Fact]
    public async Task Embeddings_come_back_in_the_order_of_the_texts_with_length_1()
    {
        await using var endpoint = new RecordedEndpoint(Embeddings(Item(1, Base64(0, 5)), Item(0, Base64(3, 4))));

        var answer = await Ask(Generator(endpoint), "one", "two");

        Assert.Equal([0.6f, 0.8f], answer[0].Vector.ToArray());
        Assert.Equal([0f, 1f], answer[1].Vector.ToArray());
        Assert.Equal("small-embedder", answer[0].ModelId);
        Assert.Equal(7, answer.Usage!.InputTokenCount);
    }

    [Fact]
    public async Task A_server_that_only_knows_plain_numbers_is_understood()
    {
        await using var endpoint = new RecordedEndpoint(Embeddings(Item(0, "[3.0, 4.0]")));

        var answer = await Ask(Generator(endpoint), "one");

        Assert.Equal([0.6f, 0.8f], answer[0].Vector.ToArray());
    }

    [Fact]
    public async Task The_request_names_the_model_carries_the_key_and_never_an_empty_text()
    {
        await using var endpoint = new RecordedEndpoint(Embeddings(Item(0, Base64(1, 0)), Item(1, Base64(1, 0))));

        await Ask(Generator(endpoint), "one", "  ");

        var (head, body) = Assert.Single(endpoint.Requests);
        using var json = JsonDocument.Parse(body);
        Assert.StartsWith("POST /v1/embeddings", head, StringComparison.Ordinal);
        Assert.Contains("Authorization: Bearer " + Key, head, StringComparison.Ordinal);
        Assert.Equal("small-embedder", json.RootElement.GetProperty("model").GetString());
        Assert.Equal(["one", "."], json.RootElement.GetProperty("input").EnumerateArray().Select(i => i.GetString()!));
    }

    [Fact]
    public async Task Many_texts_go_in_batches()
    {
        await using var endpoint = new RecordedEndpoint(Embeddings(Item(0, Base64(1, 0)), Item(1, Base64(0, 1))), Embeddings(Item(0, Base64(-1, 0))));

        var answer = await Ask(Generator(endpoint, batch: 2), "a", "b", "c");

        Assert.Equal(2, endpoint.Requests.Count);
        Assert.Equal([-1f, 0f], answer[2].Vector.ToArray());
        Assert.Equal(14, answer.Usage!.InputTokenCount);
    }

    [Theory]
    [InlineData(401, ModelServiceFault.Unauthorised, "Models:Embedding:ApiKey")]
    [InlineData(403, ModelServiceFault.Unauthorised, "Models:Embedding:ApiKey")]
    [InlineData(404, ModelServiceFault.Refused, "Models:Embedding:Model")]
    [InlineData(400, ModelServiceFault.Refused, "400")]
    [InlineData(429, ModelServiceFault.TooManyRequests, "later")]
    [InlineData(500, ModelServiceFault.Away, "500")]
    [InlineData(503, ModelServiceFault.Away, "503")]
    public async Task An_error_is_named_without_the_key_or_the_text(int status, ModelServiceFault fault, string hint)
    {
        await using var endpoint = new RecordedEndpoint(new Reply(status, $$$"""{"error":{"message":"no: {{{Key}}} sent: private text","type":"x","code":"y"}}"""));

        var error = await Assert.ThrowsAsync<ModelServiceException>(() => Ask(Generator(endpoint), "private text"));

        Assert.Equal(fault, error.Fault);
        Assert.Contains(hint, error.Message, StringComparison.Ordinal);
        Assert.Contains(endpoint.Address.Authority, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("private text", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_too_many_requests_it_is_tried_again()
    {
        await using var endpoint = new RecordedEndpoint(new Reply(429, "{}"), Embeddings(Item(0, Base64(1, 0))));

        var answer = await Ask(Generator(endpoint, retries: 1), "one");

        Assert.Equal([1f, 0f], answer[0].Vector.ToArray());
        Assert.Equal(2, endpoint.Requests.Count);
    }

    [Fact]
    public async Task A_slow_endpoint_is_given_up_after_the_time_set()
    {
        await using var endpoint = new RecordedEndpoint(Embeddings(Item(0, Base64(1, 0))) with { Delay = TimeSpan.FromMinutes(1) });

        var error = await Assert.ThrowsAsync<ModelServiceException>(() => Ask(Generator(endpoint, TimeSpan.FromMilliseconds(200)), "one"));

        Assert.Equal(ModelServiceFault.TimedOut, error.Fault);
        Assert.Contains("0.2 s", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_callers_own_cancellation_stays_a_cancellation()
    {
        await using var endpoint = new RecordedEndpoint(Embeddings(Item(0, Base64(1, 0))) with { Delay = TimeSpan.FromMinutes(1) });
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Generator(endpoint).GenerateAsync(["one"], cancellationToken: source.Token));
    }

    [Theory]
    [InlineData(20)]
    [InlineData(0)]
    public async Task A_half_written_answer_is_an_error(int bytes)
    {
        await using var endpoint = new RecordedEndpoint(Embeddings(Item(0, Base64(1, 0))) with { CutAfter = bytes });

        var error = await Assert.ThrowsAsync<ModelServiceException>(() => Ask(Generator(endpoint), "one"));

        Assert.Equal(ModelServiceFault.Away, error.Fault);
    }

    [Fact]
    public async Task A_dropped_connection_is_an_error()
    {
        await using var endpoint = new RecordedEndpoint(new Reply(200, null));

        var error = await Assert.ThrowsAsync<ModelServiceException>(() => Ask(Generator(endpoint), "one"));

        Assert.Equal(ModelServiceFault.Away, error.Fault);
    }

    public static TheoryData<string, string> Malformed() => new()
    {
        { "not JSON", "<html>" },
        { "another document", """{"ok":true}""" },
        { "too few", Embeddings(Item(0, Base64(1, 0))).Body! },
        { "one twice", Embeddings(Item(0, Base64(1, 0)), Item(0, Base64(1, 0))).Body! },
        { "index out of range", Embeddings(Item(0, Base64(1, 0)), Item(2, Base64(1, 0))).Body! },
        { "another dimension", Embeddings(Item(0, Base64(1, 0)), Item(1, Base64(1, 0, 0))).Body! },
        { "all zero", Embeddings(Item(0, Base64(1, 0)), Item(1, Base64(0, 0))).Body! },
        { "not a number", Embeddings(Item(0, Base64(1, 0)), Item(1, Base64(float.NaN, 0))).Body! },
        { "not base64", Embeddings(Item(0, Base64(1, 0)), Item(1, "\"***\"")).Body! },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task What_is_not_two_embeddings_of_the_right_size_is_refused(string what, string body)
    {
        await using var endpoint = new RecordedEndpoint(new Reply(200, body));

        var error = await Assert.ThrowsAsync<ModelServiceException>(() => Ask(Generator(endpoint), "one", "two"));

        Assert.True(error.Fault == ModelServiceFault.Malformed, $"{what}: {error.Message}");
    }

    [Fact]
    public void The_metadata_name_model_address_and_dimension()
    {
        var generator = new OpenAIEmbeddingGenerator(new ModelOptions.EmbeddingOptions { Provider = EmbeddingProvider.OpenAI, Endpoint = new Uri("http://localhost:9/v1"), Model = "m", Dimensions = 3 }, TimeProvider.System);

        var metadata = ((IEmbeddingGenerator<string, Embedding<float>>)generator).GetRequiredService<EmbeddingGeneratorMetadata>();

        Assert.Equal("m", metadata.DefaultModelId);
        Assert.Equal(3, metadata.DefaultModelDimensions);
        Assert.Null(((IEmbeddingGenerator<string, Embedding<float>>)generator).PieceCounter());
    }
}
