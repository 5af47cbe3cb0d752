using System.ComponentModel.DataAnnotations;

namespace CoopAI.Core.Briefs;

/// <summary>How a brief is put together.</summary>
public sealed class AnsweringOptions
{
    public const string Section = "Answering";

    /// <summary>Precedents shown at most. Default 6.</summary>
    [Range(1, 20)] public int Precedents { get; init; } = 6;

    /// <summary>Who answers for what the service says: a role of the host council. Default "Head of Policy of the council that runs this service".</summary>
    [Required, StringLength(200)] public string AccountableRole { get; init; } = "Head of Policy of the council that runs this service";

    /// <summary>Where people reach that role. Default an address to be replaced by the host.</summary>
    [Required, StringLength(200)] public string Contact { get; init; } = "policy@council.example";
}
