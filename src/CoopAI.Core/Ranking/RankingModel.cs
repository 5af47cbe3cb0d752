using System.Text.Json;

namespace CoopAI.Core.Ranking;

/// <summary>The trained weights of the ranking, read from Data/ranking.json (see docs/adr/0003-ranking.md).</summary>
/// <param name="Encoder">Id of the model whose embeddings the weights were trained on.</param>
/// <param name="Domain">Weights for case studies of councils.</param>
/// <param name="General">Weights for texts about anything else: mostly the words themselves.</param>
/// <param name="DomainFrom">Up to this <see cref="CorpusIndex.DomainShare"/> only <paramref name="General"/> counts.</param>
/// <param name="DomainTo">From this <see cref="CorpusIndex.DomainShare"/> only <paramref name="Domain"/> counts; between, both in proportion.</param>
/// <param name="Calibration">Turns the weighted sum into a score in (0, 1).</param>
/// <param name="Floor">Least score of a hit.</param>
internal sealed record RankingModel(
    string Encoder, RankingFeatures Domain, RankingFeatures General, double DomainFrom, double DomainTo, ScoreCalibration Calibration, double Floor)
{
    private static readonly Lazy<RankingModel> ShippedModel = new(() =>
        JsonSerializer.Deserialize<RankingModel>(RetrievalData.Read("ranking.json"), CoopJson.Options)
        ?? throw new InvalidOperationException("ranking.json is empty."));

    /// <summary>The weights that ship with the product.</summary>
    public static RankingModel Shipped => ShippedModel.Value;

    /// <summary>The weights that fit a corpus, chosen by its words alone.</summary>
    public RankingFeatures WeightsFor(double domainShare)
    {
        var domain = Math.Clamp((domainShare - DomainFrom) / (DomainTo - DomainFrom), 0, 1);
        return Domain.Blend(General, domain);
    }
}

/// <summary>Logistic calibration: <c>score = 1 / (1 + e^−(Intercept + Slope · sum + Coverage · coverage))</c>.</summary>
/// <param name="Coverage">Weight of the best <see cref="RankingFeatures.Terms"/> that any case study reaches for the question: the same for all case studies, so it changes no order.</param>
internal sealed record ScoreCalibration(double Slope, double Coverage, double Intercept)
{
    public double Apply(double sum, double coverage) => 1 / (1 + Math.Exp(-(Intercept + (Slope * sum) + (Coverage * coverage))));
}

/// <summary>What is compared of a question and a case study. The dense ones are cosines.</summary>
/// <param name="Lexical">BM25 over title, topics and text, divided by the question's summed idf; about 0 to 1.5.</param>
/// <param name="Passage">Dense: nearest passage.</param>
/// <param name="Sentences">Dense: mean of the two nearest sentences.</param>
/// <param name="Title">Dense: title alone.</param>
/// <param name="Topics">Dense: topics alone; 0 without topics.</param>
/// <param name="Terms">For each word of the question the nearest word of the case study, weighted by rarity; a word of the same group of the thesaurus is near; 0 to 1.</param>
/// <param name="Concepts">BM25 over the thesaurus's groups, divided by what the question could reach; about 0 to 1.5.</param>
/// <param name="LabelConcepts">As <paramref name="Concepts"/>, title and topics only, each group once; 0 to 1.</param>
/// <param name="Length">Natural logarithm of the number of sentences, at most that of 40: the nearest of many sentences is nearer by chance alone, so length weighs against.</param>
internal readonly record struct RankingFeatures(
    double Lexical, double Passage, double Sentences, double Title, double Topics, double Terms, double Concepts, double LabelConcepts, double Length)
{
    /// <summary>The weighted sum.</summary>
    public double Dot(RankingFeatures weights) =>
        (Lexical * weights.Lexical) + (Passage * weights.Passage) + (Sentences * weights.Sentences) + (Title * weights.Title)
        + (Topics * weights.Topics) + (Terms * weights.Terms) + (Concepts * weights.Concepts) + (LabelConcepts * weights.LabelConcepts)
        + (Length * weights.Length);

    /// <summary><paramref name="share"/> of this and the rest of <paramref name="other"/>, number by number.</summary>
    public RankingFeatures Blend(RankingFeatures other, double share)
    {
        return new RankingFeatures(
            Mix(Lexical, other.Lexical), Mix(Passage, other.Passage), Mix(Sentences, other.Sentences), Mix(Title, other.Title), Mix(Topics, other.Topics),
            Mix(Terms, other.Terms), Mix(Concepts, other.Concepts), Mix(LabelConcepts, other.LabelConcepts), Mix(Length, other.Length));

        double Mix(double a, double b) => (share * a) + ((1 - share) * b);
    }
}
