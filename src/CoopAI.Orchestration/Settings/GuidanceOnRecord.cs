using System.ComponentModel.DataAnnotations;
using CoopAI.Core;
using CoopAI.Core.Guidance;

namespace CoopAI.Orchestration.Settings;

/// <summary>Who changed the values guidance last, and why: given by a person before the changed rules come into force.</summary>
public sealed class GuidanceChangeOptions
{
    public const string Section = "Guidance";

    /// <summary>Who changed it. Default none: a changed framework does not come into force.</summary>
    [StringLength(200)] public string? ChangedBy { get; init; }

    /// <summary>Why, in a sentence that members will read. Default none.</summary>
    [StringLength(2000)] public string? ChangeReason { get; init; }
}

/// <summary>Puts the version of the guidance in force into the ledger before an answer is given under it. A read never does.</summary>
public sealed class GuidanceOnRecord(SettingsBook settings, GuidanceInForce inForce, GuidanceChangeOptions change)
{
    /// <summary>Records the version in force, when it is not the one recorded last.</summary>
    /// <returns>Whether there was something to record.</returns>
    /// <exception cref="BadInputException">The guidance has changed and nobody has said who changed it and why.</exception>
    public bool Ensure() => Adopt(change.ChangedBy, change.ChangeReason);

    /// <summary>The same, with author and reason of a person who is there.</summary>
    /// <exception cref="BadInputException">As for <see cref="Ensure"/>.</exception>
    public bool Adopt(string? author, string? reason)
    {
        var (framework, last) = (inForce.Current, settings.LastGuidance());
        if (last == framework.Version) return false;
        if (last is not null && (string.IsNullOrWhiteSpace(author) || string.IsNullOrWhiteSpace(reason)))
        {
            throw new BadInputException(
                $"The values guidance is {framework.Version}; the ledger knows {last}. Members read there who changed the rules and why, so a changed framework comes into force only with both: " +
                "coopai guidance adopt --by NAME --reason TEXT, or the settings Guidance:ChangedBy and Guidance:ChangeReason.");
        }

        // The first version was changed by nobody.
        settings.NoteGuidance(framework.Version, framework.FileHashes, author ?? "the service", reason ?? "In force when this ledger began.", framework.Edits);
        return true;
    }
}
