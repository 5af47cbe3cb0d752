using System.ComponentModel.DataAnnotations;

namespace CoopAI.Web.Transparency;

/// <summary>What only the body that runs the service can say in its transparency record.</summary>
public sealed class TransparencyOptions : IValidatableObject
{
    public const string Section = "Transparency";

    /// <summary>Id of the record. Default "coopai".</summary>
    [Required, RegularExpression("^[a-z0-9-]{1,60}$")] public string Id { get; init; } = "coopai";

    /// <summary>What stands for the body that runs the service until somebody names it.</summary>
    public const string Nobody = "The council or network that runs this service";

    /// <summary>The body that runs the service, until an administrator names it at /admin/organisation. Default <see cref="Nobody"/>.</summary>
    [Required, StringLength(200)] public string Organisation { get; init; } = Nobody;

    /// <summary>Its team. Default "Policy team".</summary>
    [Required, StringLength(200)] public string Team { get; init; } = "Policy team";

    /// <summary>Type of body. Default "Local government".</summary>
    [Required, StringLength(200)] public string OrganisationType { get; init; } = "Local government";

    /// <summary>Where the body works. Default "United Kingdom".</summary>
    [Required, StringLength(200)] public string Region { get; init; } = "United Kingdom";

    /// <summary>Where the service stands. Default "Alpha".</summary>
    [Required, RegularExpression("^(Idea|Design|Alpha|Beta|Pilot|Production|Retired)$")] public string Phase { get; init; } = "Alpha";

    /// <summary>Address of a page about the service. Default "/about", on the service itself.</summary>
    [Required, StringLength(500)] public string Website { get; init; } = "/about";

    /// <summary>When the record was completed. Default 22 November 2026.</summary>
    public DateOnly Completed { get; init; } = new(2026, 11, 22);

    /// <summary>When it was last changed. Default: when it was completed.</summary>
    public DateOnly? Updated { get; init; }

    /// <summary>When it was archived; required for the phase "Retired", and for no other. Default none.</summary>
    public DateOnly? Archived { get; init; }

    /// <summary>The outside supplier of the service, with its role. Default "None: the software is open source and run by the body itself".</summary>
    [Required, StringLength(500)] public string Supplier { get; init; } = "None: the software is open source and run by the body itself";

    /// <summary>The data protection impact assessment: date and link, or why there is none.</summary>
    [Required, StringLength(1000)]
    public string DataProtectionAssessment { get; init; } =
        "Not done for this installation. The service is built not to hold data about residents; the body that runs it decides and records whether an assessment is needed before officers use it.";

    /// <summary>The equality impact assessment: date and link, or why there is none.</summary>
    [Required, StringLength(1000)]
    public string EqualityAssessment { get; init; } =
        "Not done for this installation. Rules VG16 and VG18 check answers for unequal treatment; the body that runs it assesses its own use.";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Updated < Completed) yield return new($"{Section}:{nameof(Updated)} is {Updated:O}, before {nameof(Completed)}, {Completed:O}.", [nameof(Updated)]);
        if (Archived < (Updated ?? Completed)) yield return new($"{Section}:{nameof(Archived)} is {Archived:O}, before the record was last changed.", [nameof(Archived)]);
        if ((Phase == "Retired") != Archived.HasValue)
            yield return new($"{Section}:{nameof(Archived)} must be given for the phase Retired, and for no other.", [nameof(Archived)]);
    }
}
