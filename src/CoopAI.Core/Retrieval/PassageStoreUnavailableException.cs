namespace CoopAI.Core.Retrieval;

/// <summary>The passage store cannot be used now; the rest of the service can. Doors answer 503 (exit status 3 on the command line).</summary>
/// <param name="fault">What is wrong.</param>
/// <param name="message">What is wrong and what would be right, without secrets: it may be shown to the person who asked.</param>
/// <param name="retryAfter">When to try again, or null: waiting does not help, somebody has to change a setting or rebuild the index.</param>
public sealed class PassageStoreUnavailableException(PassageStoreFault fault, string message, TimeSpan? retryAfter = null, Exception? inner = null)
    : Exception(message, inner)
{
    public PassageStoreFault Fault { get; } = fault;

    /// <summary>When to try again, at least one second; null: waiting does not help.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter is { } wait && wait < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : retryAfter;
}

/// <summary>Why a passage store cannot be used.</summary>
public enum PassageStoreFault
{
    /// <summary>No answer in time, a broken answer, or an answer that says "later". Passes by itself.</summary>
    Away,

    /// <summary>The server refused the key, redirected to another host, or refused a request of ours.</summary>
    Refused,

    /// <summary>What answers is not Qdrant, or a version that is not supported.</summary>
    UnsupportedServer,

    /// <summary>The collection was not written by this product, or by a version with another layout. It is left untouched.</summary>
    ForeignCollection,

    /// <summary>The collection holds embeddings of another dimension.</summary>
    OtherDimension,

    /// <summary>The store holds nothing of a corpus that has something. The index has to be built.</summary>
    NotBuilt,

    /// <summary>The collection was built with another encoder. The index has to be rebuilt.</summary>
    OtherModel,
}
