using CoopAI.Adapters.Models;

namespace CoopAI.Tests.Adapters.Models;

/// <summary>The encoder as it ships; safe for concurrent use, so the tests share it.</summary>
public static class SharedEncoder
{
    private static readonly Lazy<OnnxEmbeddingGenerator> Lazy = new(() => new OnnxEmbeddingGenerator());

    public static OnnxEmbeddingGenerator Encoder => Lazy.Value;
}
