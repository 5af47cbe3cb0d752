using System.Globalization;
using System.Runtime.InteropServices;
using CoopAI.Evaluation.Files;
using CoopAI.Evaluation.Reporting;

namespace CoopAI.Evaluation.Encoder;

/// <summary>A text with the embedding that the reference implementation gave it.</summary>
/// <param name="Vector">Of length 1.</param>
public sealed record ReferenceEmbedding(string Text, ReadOnlyMemory<float> Vector);

/// <summary>Whether our sentence encoder equals the implementation that its weights were made for.</summary>
public static class EncoderParitySuite
{
    public const string Name = "encoder-parity";

    /// <summary>A cosine from which on two embeddings rank alike for every purpose here.</summary>
    private const double Equal = 0.9999;

    /// <summary>Reads <c>texts.jsonl</c> ({"text"} a line) and <c>vectors.f32</c> (little-endian floats, one vector a text, same order).</summary>
    /// <exception cref="EvaluationInputException">A file is missing, or their lengths do not fit.</exception>
    public static IReadOnlyList<ReferenceEmbedding> Read(string folder)
    {
        var path = Path.Combine(folder, "texts.jsonl");
        string[] texts = [.. JsonLines.Read(path).Select(l => JsonLines.OptionalText(path, l.Line, l.Object, "text") ?? "")];
        var file = Path.Combine(folder, "vectors.f32");
        if (!File.Exists(file)) throw new EvaluationInputException(file, null, "there is no such file.");
        var floats = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(file)).ToArray();
        if (texts.Length == 0 || floats.Length % texts.Length != 0)
            throw new EvaluationInputException(file, null, string.Create(CultureInfo.InvariantCulture, $"{floats.Length} floats do not divide among the {texts.Length} texts of {path}."));
        var dimension = floats.Length / texts.Length;
        return [.. texts.Select((t, i) => new ReferenceEmbedding(t, floats.AsMemory(i * dimension, dimension)))];
    }

    /// <param name="ours">One embedding for each reference, in order; of the same dimension.</param>
    public static SuiteReport Report(IReadOnlyList<ReferenceEmbedding> references, IReadOnlyList<ReadOnlyMemory<float>> ours, IReadOnlyList<Timing> times)
    {
        ArgumentNullException.ThrowIfNull(references);
        ArgumentNullException.ThrowIfNull(ours);
        double[] cosines = [.. references.Zip(ours, (r, o) => Cosine(r.Vector.Span, o.Span))];
        return new SuiteReport
        {
            Name = Name,
            Title = "Encoder parity",
            Description = $"Cosine of our embedding and the reference implementation's for {cosines.Length} texts (empty, over-long, accents, emoji, odd spaces among them).",
            Figures =
            [
                new("equalToReference", Figure.Share(cosines.Count(c => c >= Equal), cosines.Length, "No reference embedding.")),
                new("lowestCosine", cosines.Length == 0 ? new Figure.NotMeasured("No reference embedding.") : new Figure.Measured(cosines.Min(), null, null, cosines.Length)),
            ],
            Items = [new ItemScores("cosine", [.. cosines.Select((c, i) => (i.ToString("000", CultureInfo.InvariantCulture), c))])],
            Times = times,
        };
    }

    private static double Cosine(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        if (a.Length != b.Length) throw new ArgumentException($"One embedding has {a.Length} dimensions, the other {b.Length}.", nameof(b));
        double dot = 0, x = 0, y = 0;
        for (var i = 0; i < a.Length; i++)
        {
            dot += (double)a[i] * b[i];
            x += (double)a[i] * a[i];
            y += (double)b[i] * b[i];
        }

        return dot / Math.Sqrt(x * y);
    }
}
