using System.Text.Json;

namespace CoopAI.Core.Retrieval;

/// <summary>The trained weights of the ranking, read from Data/ranking.json (see docs/adr/0003-ranking.md).</summary>
/// <param name="Encoder">Id of the model whose embeddings the weights were trained on.</param>
/// <param name="Weights">Weight of each feature, by name.</param>
/// <param name="Calibration">Turns the weighted sum into a score in (0, 1).</param>
/// <param name="Floor">Least score of a hit.</param>
internal sealed record RankingModel(string Encoder, RankingFeatures Weights, ScoreCalibration Calibration, double Floor)
{
    private static readonly Lazy<RankingModel> ShippedModel = new(() =>
        JsonSerializer.Deserialize<RankingModel>(RetrievalData.Read("ranking.json"), CoopJson.Options)
        ?? throw new InvalidOperationException("ranking.json is empty."));

    /// <summary>The weights that ship with the product.</summary>
    public static RankingModel Shipped => ShippedModel.Value;
}

/// <summary>Logistic calibration: <c>score = 1 / (1 + e^−(Intercept + Slope · sum))</c>.</summary>
internal sealed record ScoreCalibration(double Slope, double Intercept)
{
    public double Apply(double sum) => 1 / (1 + Math.Exp(-(Intercept + (Slope * sum))));
}

/// <summary>What is compared of a question and a case study. The dense ones are cosines after the directions common to all texts were taken out.</summary>
/// <param name="Lexical">BM25 over title, topics and text, divided by the question's summed idf; about 0 to 1.5.</param>
/// <param name="Passage">Dense: nearest passage.</param>
/// <param name="Sentences">Dense: mean of the two nearest sentences.</param>
/// <param name="Title">Dense: title alone.</param>
/// <param name="Topics">Dense: topics alone; 0 without topics.</param>
/// <param name="Words">For each word of the question the nearest word of the case study, weighted by rarity; 0 to 1.</param>
/// <param name="Meaning">Cosine of the summed word vectors of question and case study.</param>
/// <param name="Label">As <paramref name="Meaning"/>, title and topics only.</param>
internal readonly record struct RankingFeatures(
    double Lexical, double Passage, double Sentences, double Title, double Topics, double Words, double Meaning, double Label)
{
    /// <summary>The weighted sum.</summary>
    public double Dot(RankingFeatures weights) =>
        (Lexical * weights.Lexical) + (Passage * weights.Passage) + (Sentences * weights.Sentences) + (Title * weights.Title)
        + (Topics * weights.Topics) + (Words * weights.Words) + (Meaning * weights.Meaning) + (Label * weights.Label);
}
