using System.Runtime.InteropServices;
using System.Text.Json;
using CoopAI.Adapters.Models;

namespace CoopAI.Tests.Adapters.Models;

/// <summary>300 texts with the pieces and vectors of the package author's implementation (made by <c>make-reference.mjs</c> beside the data), and one encoder for all tests.</summary>
public static class EncoderReference
{
    private static readonly Lazy<UniversalSentenceEncoder> LazyEncoder = new(() => new UniversalSentenceEncoder());
    private static readonly Lazy<IReadOnlyList<(string Text, int[] Pieces, float[] Vector)>> LazyCases = new(Read);

    /// <summary>The encoder as the product builds it; thread-safe, so the tests share it.</summary>
    public static UniversalSentenceEncoder Encoder => LazyEncoder.Value;

    /// <summary>Text, all its pieces (unclipped), and the 512 values.</summary>
    public static IReadOnlyList<(string Text, int[] Pieces, float[] Vector)> Cases => LazyCases.Value;

    /// <summary>Cosine similarity in double precision.</summary>
    public static double Cosine(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double dot = 0, aa = 0, bb = 0;
        for (var i = 0; i < a.Length; i++)
        {
            dot += (double)a[i] * b[i];
            aa += (double)a[i] * a[i];
            bb += (double)b[i] * b[i];
        }

        return dot / Math.Sqrt(aa * bb);
    }

    /// <summary>A text in a failure message: shortened, control characters escaped.</summary>
    public static string Show(string text) => JsonSerializer.Serialize(text.Length > 60 ? text[..60] + "…" : text);

    private static IReadOnlyList<(string Text, int[] Pieces, float[] Vector)> Read()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "data", "encoder");
        var vectors = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(folder, "vectors.f32"))).ToArray();
        return [.. File.ReadLines(Path.Combine(folder, "texts.jsonl")).Select((line, i) =>
        {
            using var json = JsonDocument.Parse(line);
            return (json.RootElement.GetProperty("text").GetString()!,
                json.RootElement.GetProperty("pieces").EnumerateArray().Select(p => p.GetInt32()).ToArray(),
                vectors[(i * UniversalSentenceEncoder.Dimensions)..((i + 1) * UniversalSentenceEncoder.Dimensions)]);
        })];
    }
}
