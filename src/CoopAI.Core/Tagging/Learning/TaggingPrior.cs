using System.Runtime.InteropServices;
using System.Text.Json;

namespace CoopAI.Core.Tagging.Learning;

/// <summary>What the tagger knows before it has seen a labelled text of the Network: weights learned from invented case studies.</summary>
/// <remarks>It holds no text. Its provenance is in the file; <c>coopai principles prior</c> makes it.</remarks>
public sealed class TaggingPrior
{
    private const string Resource = "CoopAI.Core.Tagging.Learning.tagging-prior.json";

    internal TaggingPrior(
        string model, string provenance, IReadOnlyList<string> texts, LinearModel[] sentences, LinearModel[] texts2,
        LinearModel combination, float[] similarityMean, float[] similarityDeviation, float[] meanEmbedding)
    {
        (Model, Provenance, Texts) = (model, provenance, texts.ToHashSet(StringComparer.Ordinal));
        (SentenceModels, TextModels, Combination) = (sentences, texts2, combination);
        (SimilarityMean, SimilarityDeviation, MeanEmbedding) = (similarityMean, similarityDeviation, meanEmbedding);
    }

    /// <summary>Id of the embedding model that the weights belong to.</summary>
    public string Model { get; }

    /// <summary>Where the weights come from, in a sentence.</summary>
    public string Provenance { get; }

    /// <summary>Fingerprints of the texts it was trained on: it must not be used on a test that holds one of them.</summary>
    public IReadOnlySet<string> Texts { get; }

    internal LinearModel[] SentenceModels { get; }

    internal LinearModel[] TextModels { get; }

    internal LinearModel Combination { get; }

    internal float[] SimilarityMean { get; }

    internal float[] SimilarityDeviation { get; }

    internal float[] MeanEmbedding { get; }

    /// <summary>The prior that ships.</summary>
    public static TaggingPrior Shipped { get; } = LoadShipped();

    /// <summary>Whether the weights fit what <paramref name="reader"/> makes.</summary>
    public bool Fits(TaggableTextReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return Model == reader.Model && SentenceModels.Length == reader.Catalogue.Principles.Count && SentenceModels[0].Weights.Length == reader.FeatureCount;
    }

    /// <exception cref="BadInputException">The text is not a prior.</exception>
    public static TaggingPrior Parse(string json, string name)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            var file = JsonSerializer.Deserialize<PriorFile>(json, CoopJson.Options) ?? throw new JsonException("it is null");
            return new TaggingPrior(
                file.Model, file.Provenance, file.Texts, [.. file.Sentences.Select(Unpack)], [.. file.WholeTexts.Select(Unpack)],
                Unpack(file.Combination), Floats(file.SimilarityMean), Floats(file.SimilarityDeviation), Floats(file.MeanEmbedding));
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw new BadInputException($"{name} is not a tagging prior: {e.Message} Make it again: coopai principles prior.", e);
        }
    }

    /// <summary>The file's content: JSON, weights in base 64 as 16-bit floats.</summary>
    public string ToJson() => JsonSerializer.Serialize(
        new PriorFile(
            Provenance, Model, [.. Texts.Order(StringComparer.Ordinal)], [.. SentenceModels.Select(Pack)], [.. TextModels.Select(Pack)],
            Pack(Combination), Halves(SimilarityMean), Halves(SimilarityDeviation), Halves(MeanEmbedding)),
        CoopJson.Indented);

    private sealed record PriorFile(
        string Provenance, string Model, IReadOnlyList<string> Texts, IReadOnlyList<string> Sentences, IReadOnlyList<string> WholeTexts,
        string Combination, string SimilarityMean, string SimilarityDeviation, string MeanEmbedding);

    private static string Pack(LinearModel model) => Halves([.. model.Weights, model.Bias]);

    private static LinearModel Unpack(string text)
    {
        var all = Floats(text);
        return new LinearModel(all[..^1], all[^1]);
    }

    private static string Halves(float[] values) => Convert.ToBase64String(MemoryMarshal.AsBytes<Half>(Array.ConvertAll(values, v => (Half)v)));

    private static float[] Floats(string text) => Array.ConvertAll(MemoryMarshal.Cast<byte, Half>(Convert.FromBase64String(text)).ToArray(), h => (float)h);

    private static TaggingPrior LoadShipped()
    {
        using var stream = typeof(TaggingPrior).Assembly.GetManifestResourceStream(Resource) ?? throw new InvalidOperationException($"{Resource} is not in the assembly.");
        using var reader = new StreamReader(stream);
        return Parse(reader.ReadToEnd(), "tagging-prior.json");
    }
}
