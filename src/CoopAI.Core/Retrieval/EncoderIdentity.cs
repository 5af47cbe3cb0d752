using Microsoft.Extensions.AI;

namespace CoopAI.Core.Retrieval;

/// <summary>Which encoder runs; travels with the vectors.</summary>
public sealed record EncoderIdentity(string ModelId, int Dimension)
{
    /// <summary>As the generator's own metadata say.</summary>
    public static EncoderIdentity Of(IEmbeddingGenerator<string, Embedding<float>> generator) =>
        generator.GetService(typeof(EmbeddingGeneratorMetadata)) is EmbeddingGeneratorMetadata { DefaultModelId: { } model, DefaultModelDimensions: { } dimension }
            ? new EncoderIdentity(model, dimension)
            : throw new InvalidOperationException("The embedding generator does not say which model it runs.");
}
