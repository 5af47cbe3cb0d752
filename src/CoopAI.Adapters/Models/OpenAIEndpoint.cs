using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using OpenAI;

namespace CoopAI.Adapters.Models;

/// <summary>What both OpenAI adapters share: the client's settings, the time limit, and errors in this product's terms.</summary>
internal sealed class OpenAIEndpoint
{
    private readonly ModelOptions.EndpointOptions _options;
    private readonly TimeProvider _time;
    private readonly string _setting;

    public OpenAIEndpoint(ModelOptions.EndpointOptions options, string setting, TimeProvider time)
    {
        if (string.IsNullOrWhiteSpace(options.Model)) throw new ArgumentException($"Models:{setting}:Model is missing.", nameof(options));
        _options = options;
        _setting = setting;
        _time = time;
        Model = options.Model;
        // The client insists on a key; an endpoint of one's own that asks for none takes no notice of this one.
        Key = new ApiKeyCredential(string.IsNullOrWhiteSpace(options.ApiKey) ? "none" : options.ApiKey);
        Client = new OpenAIClientOptions
        {
            Endpoint = options.Endpoint,
            NetworkTimeout = options.Timeout,
            RetryPolicy = new ClientRetryPolicy(options.Retries),
        };
        Address = options.Endpoint ?? new Uri("https://api.openai.com/v1");
    }

    public string Model { get; }

    public Uri Address { get; }

    public ApiKeyCredential Key { get; }

    public OpenAIClientOptions Client { get; }

    /// <summary>Runs one request within the time set.</summary>
    /// <exception cref="ModelServiceException">It failed, for any reason but the caller's own cancellation.</exception>
    public async Task<T> AskAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        using var limit = Limit(cancellationToken);
        try
        {
            return await ask(limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is not ModelServiceException)
        {
            throw Translate(e);
        }
    }

    /// <summary>Ends with the caller's token, or when the time set has passed.</summary>
    public DeadlineSource Limit(CancellationToken cancellationToken) => new(_options.Timeout, _time, cancellationToken);

    public ModelServiceException Malformed(string what, Exception? inner = null) =>
        new(ModelServiceFault.Malformed, $"The {Name} answered {what}. Check Models:{_setting}:Endpoint and Models:{_setting}:Model.", inner);

    /// <summary>The client's exceptions in this product's terms. The server's own words stay out: they may repeat the key or the texts.</summary>
    public ModelServiceException Translate(Exception e) => e switch
    {
        ClientResultException { Status: 401 or 403 } c => Fault(ModelServiceFault.Unauthorised, $"did not accept the key (status {c.Status}); check Models:{_setting}:ApiKey", e),
        ClientResultException { Status: 429 } => Fault(ModelServiceFault.TooManyRequests, "asks for fewer requests, or the account's quota is used up (status 429); try again later", e),
        ClientResultException { Status: 404 } => Fault(ModelServiceFault.Refused, $"does not know the model or the address (status 404); check Models:{_setting}:Model and Models:{_setting}:Endpoint", e),
        ClientResultException { Status: >= 400 and < 500 } c => Fault(ModelServiceFault.Refused, $"refused the request (status {c.Status})", e),
        ClientResultException { Status: >= 500 } c => Fault(ModelServiceFault.Away, $"has an error of its own (status {c.Status}); try again later", e),
        OperationCanceledException or TimeoutException => Fault(ModelServiceFault.TimedOut, $"did not answer within {_options.Timeout.TotalSeconds:0.###} s (Models:{_setting}:Timeout)", e),
        JsonException or FormatException or InvalidOperationException or KeyNotFoundException or ArgumentException => Malformed("something that is not of the expected form", e),
        AggregateException { InnerExceptions: [.., var last] } => Translate(last),
        _ => Fault(ModelServiceFault.Away, "cannot be reached, or broke off its answer", e),
    };

    private string Name => $"model endpoint {Address.GetLeftPart(UriPartial.Path)}";

    private ModelServiceException Fault(ModelServiceFault fault, string what, Exception inner) => new(fault, $"The {Name} {what}.", inner);

    /// <summary>A token that ends with another one or after a time.</summary>
    public sealed class DeadlineSource : IDisposable
    {
        private readonly CancellationTokenSource _time;
        private readonly CancellationTokenSource _both;

        public DeadlineSource(TimeSpan after, TimeProvider time, CancellationToken other)
        {
            _time = new CancellationTokenSource(after, time);
            _both = CancellationTokenSource.CreateLinkedTokenSource(_time.Token, other);
        }

        public CancellationToken Token => _both.Token;

        public void Dispose()
        {
            _both.Dispose();
            _time.Dispose();
        }
    }
}
