using System.Text;
using System.Text.Json;

namespace CoopAI.Adapters.Qdrant;

/// <summary>One request as it goes over the wire.</summary>
internal interface IQdrantRequest
{
    HttpMethod Method { get; }

    /// <summary>Path without the query.</summary>
    string Path { get; }

    string PathAndQuery { get; }

    /// <summary>UTF-8 JSON, or empty: no body.</summary>
    ReadOnlyMemory<byte> Body { get; }

    /// <summary>Takes the longer time-out.</summary>
    bool IsWrite { get; }

    /// <summary>Sending it twice does what sending it once does, so it may be tried again.</summary>
    bool MayRepeat { get; }

    /// <summary>What a 2xx answer holds, or null: nothing.</summary>
    /// <exception cref="JsonException">The answer broke off or has another shape.</exception>
    object? Read(byte[] body);
}

/// <param name="Query">Without the question mark; empty: none.</param>
/// <typeparam name="T">What the answer's <c>result</c> holds; <see cref="object"/>: nothing of interest.</typeparam>
internal sealed record QdrantRequest<T>(HttpMethod Method, string Path, string Query = "", ReadOnlyMemory<byte> Body = default, bool IsWrite = false, bool MayRepeat = true)
    : IQdrantRequest
    where T : class
{
    public string PathAndQuery => Query.Length == 0 ? Path : $"{Path}?{Query}";

    // Two operations do not wrap their answer in an envelope.
    public object? Read(byte[] body) => typeof(T) == typeof(QdrantVersion) ? JsonSerializer.Deserialize<T>(body, QdrantJson.Options)
        : typeof(T) == typeof(QdrantPlainText) ? new QdrantPlainText(Encoding.UTF8.GetString(body))
        : JsonSerializer.Deserialize<QdrantEnvelope<T>>(body, QdrantJson.Options)?.Result;
}
