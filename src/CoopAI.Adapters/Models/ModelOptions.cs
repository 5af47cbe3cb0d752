using System.ComponentModel.DataAnnotations;
using CoopAI.Core;
using CoopAI.Core.Retrieval;

namespace CoopAI.Adapters.Models;

/// <summary>Which program embeds texts.</summary>
public enum EmbeddingProvider
{
    /// <summary>A sentence encoder on this machine: the one that ships, or any other in a folder.</summary>
    Onnx,

    /// <summary>An endpoint that speaks OpenAI's embedding interface.</summary>
    OpenAI,
}

/// <summary>Which program writes answers.</summary>
public enum ChatProvider
{
    /// <summary>None: answers are put together from quoted sentences.</summary>
    None,

    /// <summary>An endpoint that speaks OpenAI's chat interface.</summary>
    OpenAI,
}

/// <summary>The models in use. The defaults need no network and no key.</summary>
public sealed class ModelOptions : IValidatableObject
{
    public const string Section = "Models";

    /// <summary>What embeds texts. Another choice means that the index has to be built again.</summary>
    [Required]
    public EmbeddingOptions Embedding { get; init; } = new();

    /// <summary>What writes answers.</summary>
    [Required]
    public ChatOptions Chat { get; init; } = new();

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        Embedding.Problems().Select(p => new ValidationResult($"Models:Embedding:{p}", [nameof(Embedding)]))
            .Concat(Chat.Problems().Select(p => new ValidationResult($"Models:Chat:{p}", [nameof(Chat)])));

    /// <summary>An OpenAI-compatible endpoint.</summary>
    public abstract class EndpointOptions
    {
        /// <summary>Base address, such as http://localhost:11434/v1. Default none: OpenAI's own, which needs <see cref="ApiKey"/>.</summary>
        public Uri? Endpoint { get; init; }

        /// <summary>The model's name at the endpoint. Needed when the provider is OpenAI.</summary>
        public string? Model { get; init; }

        /// <summary>The key, best given by the environment (<c>COOPAI_Models__Chat__ApiKey</c>); it is never logged. Default none: an endpoint of one's own may not ask for one.</summary>
        public string? ApiKey { get; init; }

        /// <summary>Sends the key without TLS to a host other than this machine, for a closed network only. Default false.</summary>
        public bool AllowApiKeyOverHttp { get; init; }

        /// <summary>Time for one request with its further attempts; for a streamed answer, until its end. Default 30 s.</summary>
        public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

        /// <summary>Further attempts after "too many requests", a server's error or a lost connection. Default 2; 0 switches them off.</summary>
        public int Retries { get; init; } = 2;

        internal abstract bool IsRemote { get; }

        internal virtual IEnumerable<string> Problems()
        {
            if (!IsRemote) yield break;
            if (string.IsNullOrWhiteSpace(Model)) yield return "Model is missing: name the model at the endpoint.";
            if (Endpoint is null && string.IsNullOrWhiteSpace(ApiKey)) yield return "ApiKey is missing: OpenAI's own endpoint needs one; for another endpoint set Endpoint.";
            if (Endpoint is not null && (!Endpoint.IsAbsoluteUri || (Endpoint.Scheme != Uri.UriSchemeHttp && Endpoint.Scheme != Uri.UriSchemeHttps)))
                yield return "Endpoint must be an absolute http or https address, such as http://localhost:11434/v1.";
            else if (Endpoint is { } address && (address.UserInfo.Length > 0 || address.Query.Length > 0))
                yield return "Endpoint must not hold a name, a password or a query; a key goes to ApiKey.";
            else if (Endpoint is { Scheme: "http", IsLoopback: false } && !string.IsNullOrWhiteSpace(ApiKey) && !AllowApiKeyOverHttp)
                yield return "Endpoint is http and not this machine, so the key would travel in the clear: use https, or set AllowApiKeyOverHttp on a closed network.";
            if (Timeout < TimeSpan.FromMilliseconds(50) || Timeout > TimeSpan.FromMinutes(10)) yield return $"Timeout is {Timeout}; 00:00:00.050 to 00:10:00 are allowed.";
            if (Retries is < 0 or > 10) yield return $"Retries is {Retries}; 0 to 10 are allowed.";
        }
    }

    /// <summary>What embeds texts.</summary>
    public sealed class EmbeddingOptions : EndpointOptions
    {
        /// <summary>Default Onnx.</summary>
        public EmbeddingProvider Provider { get; init; } = EmbeddingProvider.Onnx;

        /// <summary>A folder with an encoder as <see cref="EncoderFolder"/> describes it. Default none: the encoder that ships.</summary>
        public string? Directory { get; init; }

        /// <summary>Values of an embedding. Needed when the provider is OpenAI; an encoder in a folder says it itself.</summary>
        public int? Dimensions { get; init; }

        /// <summary>Put before a question that goes to an endpoint, as some models want it. Default nothing. An encoder in a folder says it itself.</summary>
        public string QuestionPrefix { get; init; } = "";

        /// <summary>Put before any other text that goes to an endpoint. Default nothing.</summary>
        public string TextPrefix { get; init; } = "";

        /// <summary>Asks the endpoint for <see cref="Dimensions"/> values, for models that can give fewer. Default false.</summary>
        public bool SendDimensions { get; init; }

        /// <summary>Texts in one request. Default 64.</summary>
        public int BatchSize { get; init; } = 64;

        internal override bool IsRemote => Provider == EmbeddingProvider.OpenAI;

        /// <summary>What travels with an index: embeddings of two models are never compared. The endpoint's address does not count, since a model may move.</summary>
        /// <exception cref="BadInputException">The encoder's folder cannot be used.</exception>
        internal EncoderIdentity Identity()
        {
            if (IsRemote) return new EncoderIdentity("openai:" + Model, Dimensions ?? 0);
            var settings = EncoderFolder.Read(Directory ?? EncoderFolder.Shipped).Settings;
            return new EncoderIdentity(settings.Id, settings.Dimensions);
        }

        internal override IEnumerable<string> Problems()
        {
            foreach (var problem in base.Problems()) yield return problem;
            if (IsRemote && Dimensions is not (>= 1 and <= 8192)) yield return "Dimensions is needed for an OpenAI-compatible endpoint: how many values the model gives, 1 to 8192.";
            if (!IsRemote && Dimensions is not null) yield return "Dimensions is for an OpenAI-compatible endpoint; an encoder in a folder says it in its settings file.";
            if (!IsRemote && (QuestionPrefix.Length > 0 || TextPrefix.Length > 0)) yield return "QuestionPrefix and TextPrefix are for an OpenAI-compatible endpoint; an encoder in a folder says them in its settings file.";
            if (BatchSize is < 1 or > 2048) yield return $"BatchSize is {BatchSize}; 1 to 2048 are allowed.";
        }
    }

    /// <summary>What writes answers.</summary>
    public sealed class ChatOptions : EndpointOptions
    {
        /// <summary>Default None.</summary>
        public ChatProvider Provider { get; init; } = ChatProvider.None;

        internal override bool IsRemote => Provider == ChatProvider.OpenAI;
    }
}
