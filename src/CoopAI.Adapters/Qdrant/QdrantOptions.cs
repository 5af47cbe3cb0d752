using System.ComponentModel.DataAnnotations;

namespace CoopAI.Adapters.Qdrant;

/// <summary>Where Qdrant is and how it is used. Read only when <c>Store</c> is <c>Qdrant</c>.</summary>
public sealed class QdrantOptions : IValidatableObject
{
    public const string Section = "Qdrant";

    /// <summary>Address of the gRPC interface, http or https, without a path. Default http://localhost:6334.</summary>
    [Required]
    public Uri Address { get; init; } = new("http://localhost:6334");

    /// <summary>Another name of <see cref="Address"/>.</summary>
    public Uri? Url
    {
        get => null;
        init => Address = value ?? Address;
    }

    /// <summary>Address of the REST interface, which alone gives snapshot files. Default none: the same host, port 6333.</summary>
    public Uri? RestAddress { get; init; }

    /// <summary>API key, sent as <c>api-key</c>. Better given by <see cref="ApiKeyFile"/>. Default none.</summary>
    public string? ApiKey { get; init; }

    /// <summary>File whose first line is the API key (a container secret). Default none; not together with <see cref="ApiKey"/>.</summary>
    public string? ApiKeyFile { get; init; }

    /// <summary>Sends the key without TLS to a host other than this machine, for a closed network only. Default false.</summary>
    public bool AllowApiKeyOverHttp { get; init; }

    /// <summary>PEM file of the authority that signed the server's certificate. Default none: the system's authorities.</summary>
    public string? CertificateAuthorityFile { get; init; }

    /// <summary>SHA-256 thumbprint (64 hexadecimal digits, colons allowed) of the server's certificate or of one that signed it; nothing else is trusted then. Default none.</summary>
    [RegularExpression("^([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}$")]
    public string? CertificateThumbprint { get; init; }

    /// <summary>Alias that searches use; collections are named <c>{alias}-{time}</c>. 1 to 100 of letters, digits, '-' and '_'. Default "coopai".</summary>
    [Required, RegularExpression("^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$")]
    public string Alias { get; init; } = "coopai";

    /// <summary>Shards of a new collection. Default 1.</summary>
    [Range(1, 1024)]
    public int ShardNumber { get; init; } = 1;

    /// <summary>Copies of each shard of a new collection. Default 1; more needs a cluster.</summary>
    [Range(1, 64)]
    public int ReplicationFactor { get; init; } = 1;

    /// <summary>Copies that must have taken a write before it counts. Default 1; at most <see cref="ReplicationFactor"/>.</summary>
    [Range(1, 64)]
    public int WriteConsistencyFactor { get; init; } = 1;

    /// <summary>Keeps payloads on disk instead of in memory (fields that filters name stay in memory). Default true.</summary>
    public bool OnDiskPayload { get; init; } = true;

    /// <summary>Passages in one write request. Default 256.</summary>
    [Range(1, 10_000)]
    public int BatchPassages { get; init; } = 256;

    /// <summary>Bytes in one write request. Default 3 MiB: gRPC takes messages of 4 MiB unless set otherwise.</summary>
    [Range(64 * 1024, 256 * 1024 * 1024)]
    public int MaxRequestBytes { get; init; } = 3 * 1024 * 1024;

    /// <summary>Bytes read of one answer before it is refused. Default 64 MiB.</summary>
    [Range(64 * 1024, 1024 * 1024 * 1024)]
    public int MaxResponseBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Time for one attempt to read. Default 3 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:10:00")]
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Time for all attempts of one read and the waits between them: somebody is waiting for the answer. Default 7 s; at least <see cref="ReadTimeout"/>.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:10:00")]
    public TimeSpan ReadDeadline { get; init; } = TimeSpan.FromSeconds(7);

    /// <summary>Time for one attempt to write, build an index or make a snapshot. Default 60 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "01:00:00")]
    public TimeSpan WriteTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Further attempts after a failed one. Default 3; 0 switches retries off.</summary>
    [Range(0, 10)]
    public int Retries { get; init; } = 3;

    /// <summary>Middle of the first wait; it doubles with each attempt and is spread by chance. Default 200 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Longest single wait, also when the server asks for more. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:05:00")]
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Attempts within <see cref="BreakerWindow"/>, at least half of them failed, after which no request is sent for <see cref="BreakDuration"/>. Default 4.</summary>
    [Range(2, 1000)]
    public int BreakAfter { get; init; } = 4;

    /// <summary>Default 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "01:00:00")]
    public TimeSpan BreakerWindow { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Default 10 s; it is what Retry-After then says at most.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "01:00:00")]
    public TimeSpan BreakDuration { get; init; } = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!Address.IsAbsoluteUri || (Address.Scheme != Uri.UriSchemeHttp && Address.Scheme != Uri.UriSchemeHttps))
        {
            yield return new("Qdrant:Address must be an absolute http or https address, such as http://localhost:6334.", [nameof(Address)]);
            yield break;
        }

        if (Address.PathAndQuery != "/" || Address.UserInfo.Length > 0)
            yield return new("Qdrant:Address must hold scheme, host and port only; a key goes to Qdrant:ApiKeyFile.", [nameof(Address)]);
        if (ApiKey is not null && ApiKeyFile is not null)
            yield return new("Set Qdrant:ApiKey or Qdrant:ApiKeyFile, not both.", [nameof(ApiKey), nameof(ApiKeyFile)]);
        if ((ApiKey ?? ApiKeyFile) is not null && Address.Scheme == Uri.UriSchemeHttp && !Address.IsLoopback && !AllowApiKeyOverHttp)
            yield return new("Qdrant:Address is http and not this machine, so the key would travel in the clear: use https, or set Qdrant:AllowApiKeyOverHttp on a closed network.", [nameof(Address)]);
        if (ApiKeyFile is not null && !File.Exists(ApiKeyFile))
            yield return new($"Qdrant:ApiKeyFile names '{ApiKeyFile}', which is not there.", [nameof(ApiKeyFile)]);
        if (CertificateAuthorityFile is not null && !File.Exists(CertificateAuthorityFile))
            yield return new($"Qdrant:CertificateAuthorityFile names '{CertificateAuthorityFile}', which is not there.", [nameof(CertificateAuthorityFile)]);
        if (ReadDeadline < ReadTimeout)
            yield return new("Qdrant:ReadDeadline is shorter than Qdrant:ReadTimeout, so no attempt could use its time.", [nameof(ReadDeadline)]);
        if (WriteConsistencyFactor > ReplicationFactor)
            yield return new("Qdrant:WriteConsistencyFactor is more than Qdrant:ReplicationFactor, so no write could ever count.", [nameof(WriteConsistencyFactor)]);
    }
}
