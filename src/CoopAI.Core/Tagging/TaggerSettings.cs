using CoopAI.Core.Tagging.Learning;

namespace CoopAI.Core.Tagging;

/// <summary>What training depends on besides its data. The defaults were chosen by repeated cross-validation (see docs/adr/0005-tagging.md).</summary>
public sealed record TaggerSettings
{
    /// <summary>How hard the sentence model is held to the prior (λ). Default 5.</summary>
    public float SentencePenalty { get; init; } = 5;

    /// <summary>How hard the text model is held to the prior (λ). Default 60.</summary>
    public float TextPenalty { get; init; } = 60;

    /// <summary>λ of both models when there is no prior. Default 10.</summary>
    public float ScratchPenalty { get; init; } = 10;

    /// <summary>How hard the weights that combine the parts are held to the prior's (λ); 1 when there is no prior. Default 50.</summary>
    public float CombinationPenalty { get; init; } = 50;

    /// <summary>How hard a principle's own offset is held to the common one (λ). Default 2.</summary>
    public float OffsetPenalty { get; init; } = 2;

    /// <summary>Folds of the inner cross-validation that calibrates. Default 5.</summary>
    public int Folds { get; init; } = 5;

    /// <summary>Seed of the inner folds. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Nearest texts that vote. Default 8.</summary>
    public int Neighbours { get; init; } = 8;

    /// <summary>Share of given tags that should be right, as the calibrated probabilities expect it: "yes" begins where it is reached. Default 0.84.</summary>
    public double GivenPrecision { get; init; } = 0.84;

    /// <summary>How much a principle's own "yes" threshold counts beside the common one, in [0, 1]. Default 0.5: few texts show a rare principle.</summary>
    public double OwnThreshold { get; init; } = 0.5;

    /// <summary>A sentence must have this probability of its own for a "yes"; with a weaker one the answer is "unsure". Default 0.4.</summary>
    public double StrongSentence { get; init; } = 0.4;

    /// <summary>"Unsure" threshold where there are too few labelled texts to choose one. Default 0.4.</summary>
    public double FallbackUnsure { get; init; } = 0.4;

    /// <summary>"Yes" threshold where there are too few labelled texts to choose one. Default 0.75.</summary>
    public double FallbackYes { get; init; } = 0.75;

    /// <summary>A sentence must have this probability of its own to be shown as evidence; without one there is no tag. Default 0.04.</summary>
    public double EvidenceFloor { get; init; } = 0.04;
}
