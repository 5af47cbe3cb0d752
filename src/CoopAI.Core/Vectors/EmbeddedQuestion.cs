using Microsoft.Extensions.AI;

namespace CoopAI.Core.Vectors;

/// <summary>Tells an encoder that what it embeds is a question: many models want a question to begin with other words than the texts it is compared with.</summary>
public static class EmbeddedQuestion
{
    private const string Key = "coopai.question";

    /// <summary>The options of a call that embeds questions. A call without them embeds texts.</summary>
    public static EmbeddingGenerationOptions Options => new() { AdditionalProperties = new() { [Key] = true } };

    /// <summary>Whether a call embeds questions.</summary>
    public static bool IsQuestion(this EmbeddingGenerationOptions? options) =>
        options?.AdditionalProperties is { } properties && properties.TryGetValue(Key, out var value) && value is true;
}

/// <summary>What an encoder says of itself.</summary>
/// <param name="modelId">Travels with an index: vectors of two models are never compared.</param>
/// <param name="dimensions">Values of an embedding.</param>
/// <param name="longestInput">Word pieces that are read of a text, the model's own marks included; what is past them is not read. Null: the model does not say.</param>
public sealed class EncoderMetadata(string provider, Uri? address, string modelId, int? dimensions, int? longestInput)
    : EmbeddingGeneratorMetadata(provider, address, modelId, dimensions)
{
    public int? LongestInput { get; } = longestInput;
}
