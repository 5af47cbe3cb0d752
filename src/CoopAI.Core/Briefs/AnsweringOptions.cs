using System.ComponentModel.DataAnnotations;

namespace CoopAI.Core.Briefs;

/// <summary>How a brief is put together.</summary>
public sealed class AnsweringOptions
{
    public const string Section = "Answering";

    /// <summary>Precedents shown at most. Default 6.</summary>
    [Range(1, 20)] public int Precedents { get; init; } = 6;

    /// <summary>Precedents that the brief's sentences are taken from. Default 4.</summary>
    [Range(1, 10)] public int Quoted { get; init; } = 4;

    /// <summary>Sentences quoted from one case study. Default 2.</summary>
    [Range(1, 5)] public int SentencesEach { get; init; } = 2;

    /// <summary>A case study whose score is below this share of the best one's is not quoted, in [0, 1]. Default 0.5.</summary>
    [Range(0.0, 1.0)] public double RelativeScore { get; init; } = 0.5;

    /// <summary>A word of the question counts as covered from this nearness on, in [0, 1]. Default 0.35.</summary>
    [Range(0.0, 1.0)] public double CoveredFrom { get; init; } = 0.35;

    /// <summary>Share of the question's words that must be covered for "answered"; below it is "partly answered", in [0, 1]. Default 0.6.</summary>
    [Range(0.0, 1.0)] public double AnsweredFrom { get; init; } = 0.6;

    /// <summary>Who answers for what the service says: a role of the host council. Default "Head of Policy of the council that runs this service".</summary>
    [Required, StringLength(200)] public string AccountableRole { get; init; } = "Head of Policy of the council that runs this service";

    /// <summary>Where people reach that role. Default an address to be replaced by the host.</summary>
    [Required, StringLength(200)] public string Contact { get; init; } = "policy@council.example";
}
