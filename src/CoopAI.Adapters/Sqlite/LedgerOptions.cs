using System.ComponentModel.DataAnnotations;

namespace CoopAI.Adapters.Sqlite;

/// <summary>Settings of the ledger.</summary>
public sealed class LedgerOptions : IValidatableObject
{
    public const string Section = "Ledger";

    /// <summary>The private key's file. Default: <c>ledger-key.pem</c> beside the database; a path that is not absolute starts there too.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Where each new signed head is published: an http(s) address that takes a POST, or the path of a file to which lines are added. Default: <c>ledger-heads.jsonl</c> beside the database; better a place that another person keeps. "none": nowhere.</summary>
    public string? PublishTo { get; init; } = DefaultHeads;

    /// <summary>The file of published heads, unless another place is set.</summary>
    public const string DefaultHeads = "ledger-heads.jsonl";

    /// <summary>Whether heads are published at all.</summary>
    public bool Publishes => PublishTo is not (null or "none");

    /// <summary>How long one attempt to publish may take. Default 5 seconds; at most a minute.</summary>
    public TimeSpan PublishTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Days after which the text of a question is erased. Default 0: never by itself. At most 3,650.</summary>
    [Range(0, 3650)]
    public int RetainQuestionsDays { get; init; }

    /// <summary>Whether <see cref="PublishTo"/> is an address rather than a file.</summary>
    public bool PublishesToAddress => PublishTo is not null && Uri.TryCreate(PublishTo, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (PublishTimeout <= TimeSpan.Zero || PublishTimeout > TimeSpan.FromMinutes(1))
            yield return new($"{Section}:{nameof(PublishTimeout)} must lie above 0 and be at most one minute.", [nameof(PublishTimeout)]);
        if (PublishTo is not null && string.IsNullOrWhiteSpace(PublishTo))
            yield return new($"{Section}:{nameof(PublishTo)} is empty: give a file or an http(s) address, or leave it out. \"none\" publishes nowhere.", [nameof(PublishTo)]);
    }
}
