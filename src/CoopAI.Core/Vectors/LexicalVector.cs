namespace CoopAI.Core.Vectors;

/// <summary>A sparse vector over stems: term ids ascending and unique, weights finite. The dot product of a passage's and a question's vector is the BM25 score.</summary>
/// <param name="Terms">Stable 32-bit hashes of stems.</param>
/// <param name="Weights">Same length as <paramref name="Terms"/>.</param>
public sealed record LexicalVector(IReadOnlyList<uint> Terms, IReadOnlyList<float> Weights)
{
    public static LexicalVector Empty { get; } = new([], []);
}
