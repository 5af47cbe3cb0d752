using System.ComponentModel.DataAnnotations;

namespace CoopAI.Core.Retrieval;

/// <summary>How search ranks, groups and refuses.</summary>
public sealed class RetrievalOptions : IValidatableObject
{
    public const string Section = "Retrieval";

    /// <summary>Longest question, in characters. Default 2,000.</summary>
    public const int MaxQuestionLength = 2000;

    /// <summary>Most hits that a caller may ask for.</summary>
    public const int MaxTop = 100;

    /// <summary>Hits returned when the caller does not say. Default 10.</summary>
    [Range(1, MaxTop)] public int Top { get; init; } = 10;

    /// <summary>Passages that each ranking of the store brings to the re-ranker. Default 400: all of the shipped corpus, so nothing of it is out of reach.</summary>
    [Range(1, 1000)] public int CandidatesPerRetriever { get; init; } = 400;

    /// <summary>When the passage store is away: false (the default) refuses the search; true scores every case study in memory, and answer and record say so.</summary>
    public bool FallBack { get; init; }

    /// <summary>Least final score of a hit, in [0, 1]; below it lie near misses. Null: the floor that was chosen with the ranking weights.</summary>
    [Range(0.0, 1.0)] public double? Floor { get; init; }

    /// <summary>Near misses returned. Default 5.</summary>
    [Range(0, MaxTop)] public int NearMisses { get; init; } = 5;

    /// <summary>Largest share of the top hits for one leading council, in (0, 1]; further ones move behind the others. 1 switches it off. Default 0.6.</summary>
    [Range(0.01, 1.0)] public double CouncilShare { get; init; } = 0.6;

    /// <summary>Passages shown of one case study. Default 3.</summary>
    [Range(1, 50)] public int PassagesPerHit { get; init; } = 3;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (CandidatesPerRetriever < Top)
            yield return new ValidationResult($"{nameof(CandidatesPerRetriever)} must be at least {nameof(Top)}.", [nameof(CandidatesPerRetriever)]);
    }
}
