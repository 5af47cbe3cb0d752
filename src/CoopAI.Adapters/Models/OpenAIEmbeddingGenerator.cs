using CoopAI.Core.Vectors;
using Microsoft.Extensions.AI;
using OpenAI.Embeddings;

namespace CoopAI.Adapters.Models;

/// <summary>Embeds texts at an OpenAI-compatible endpoint. Embeddings are scaled to length 1, whatever the endpoint gives. Thread-safe.</summary>
public sealed class OpenAIEmbeddingGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    private readonly OpenAIEndpoint _endpoint;
    private readonly EmbeddingClient _client;
    private readonly ModelOptions.EmbeddingOptions _options;
    private readonly EncoderMetadata _metadata;

    /// <param name="options">Valid options with the provider OpenAI.</param>
    /// <param name="time">Measures the time-out.</param>
    public OpenAIEmbeddingGenerator(ModelOptions.EmbeddingOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _endpoint = new OpenAIEndpoint(options, "Embedding", time);
        _client = new EmbeddingClient(_endpoint.Model, _endpoint.Key, _endpoint.Client);
        _metadata = new EncoderMetadata("OpenAI", _endpoint.Address, _endpoint.Model, options.Dimensions, longestInput: null);
    }

    /// <summary>One embedding a text, in the order of the texts.</summary>
    /// <exception cref="ModelServiceException">The endpoint gave no usable answer.</exception>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, Microsoft.Extensions.AI.EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        var result = new GeneratedEmbeddings<Embedding<float>> { Usage = new UsageDetails { InputTokenCount = 0, TotalTokenCount = 0 } };
        var prefix = options.IsQuestion() ? _options.QuestionPrefix : _options.TextPrefix;
        foreach (var batch in values.Chunk(_options.BatchSize))
        {
            // These endpoints refuse an empty text.
            var texts = batch.Select(t => prefix + (string.IsNullOrWhiteSpace(t) ? "." : t)).ToArray();
            var request = new OpenAI.Embeddings.EmbeddingGenerationOptions { Dimensions = _options.SendDimensions ? _options.Dimensions : null };
            var (vectors, tokens) = await _endpoint.AskAsync(async ct => Read((await _client.GenerateEmbeddingsAsync(texts, request, ct).ConfigureAwait(false)).Value, texts.Length), cancellationToken).ConfigureAwait(false);
            foreach (var vector in vectors) result.Add(new Embedding<float>(vector) { ModelId = _endpoint.Model });
            result.Usage.InputTokenCount += tokens;
            result.Usage.TotalTokenCount += tokens;
        }

        return result;
    }

    object? IEmbeddingGenerator.GetService(Type serviceType, object? serviceKey)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType.IsInstanceOfType(_metadata) ? _metadata
            : serviceType.IsInstanceOfType(this) ? this : null;
    }

    void IDisposable.Dispose()
    {
        // The client shares its connections with the whole process.
    }

    private (float[][] Vectors, int Tokens) Read(OpenAIEmbeddingCollection answer, int expected)
    {
        if (answer.Count != expected) throw _endpoint.Malformed($"with {answer.Count} embeddings for {expected} texts");
        var vectors = new float[expected][];
        foreach (var embedding in answer)
        {
            if (embedding.Index < 0 || embedding.Index >= expected || vectors[embedding.Index] is not null) throw _endpoint.Malformed($"with a misplaced embedding (index {embedding.Index})");
            var vector = embedding.ToFloats().ToArray();
            if (vector.Length != _options.Dimensions) throw _endpoint.Malformed($"with embeddings of {vector.Length} values instead of {_options.Dimensions}");
            var length = Math.Sqrt(vector.Sum(x => (double)x * x));
            if (!double.IsFinite(length) || length == 0) throw _endpoint.Malformed("with an embedding of no length");
            for (var i = 0; i < vector.Length; i++) vector[i] = (float)(vector[i] / length);
            vectors[embedding.Index] = vector;
        }

        return (vectors, answer.Usage?.InputTokenCount ?? 0);
    }
}
