using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CoopAI.Core.Retrieval;
using Grpc.Core;
using Grpc.Net.Client;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;
using Qdrant.Client.Grpc;

namespace CoopAI.Adapters.Qdrant;

/// <summary>Sends requests to one Qdrant server over gRPC: deadlines, retries with jitter, one circuit breaker for the whole server, bounded messages, no redirects.</summary>
/// <remarks>Safe for concurrent use; one for a process. It uses the client's own messages and stubs, since its high-level methods retry nothing and name no faults.</remarks>
public sealed class QdrantConnection : IDisposable
{
    private static readonly ResiliencePropertyKey<TimeSpan> Deadline = new("deadline");

    private readonly SocketsHttpHandler _handler;
    private readonly GrpcChannel _channel;
    private readonly Metadata _headers = [];
    private readonly QdrantOptions _options;
    private readonly ResiliencePipeline _pipeline;
    private long _sent;
    private volatile bool _hasSpoken;

    private QdrantConnection(QdrantOptions options, TimeProvider time, Func<double>? jitter)
    {
        (_options, Time) = (options, time);
        _handler = CreateHandler(options);
        _channel = GrpcChannel.ForAddress(options.Address, new GrpcChannelOptions
        {
            HttpHandler = _handler,
            MaxReceiveMessageSize = options.MaxResponseBytes,
            MaxSendMessageSize = null,
            // Retries are Polly's, so that they count for the circuit breaker.
            MaxRetryAttempts = 1,
            // Those, with the circuit breaker, space the attempts; gRPC's own pause after a lost connection, up to two minutes, would hide that a server is back.
            InitialReconnectBackoff = TimeSpan.FromMilliseconds(20),
            MaxReconnectBackoff = TimeSpan.FromMilliseconds(100),
        });
        if (ReadKey(options) is { } key) _headers.Add("api-key", key);
        _pipeline = BuildPipeline(time, jitter);
        Points = new Points.PointsClient(_channel);
        Collections = new Collections.CollectionsClient(_channel);
        Snapshots = new Snapshots.SnapshotsClient(_channel);
        Server = new global::Qdrant.Client.Grpc.Qdrant.QdrantClient(_channel);
    }

    /// <summary>Requests sent since the start, retries included.</summary>
    public long RequestsSent => Interlocked.Read(ref _sent);

    internal Points.PointsClient Points { get; }

    internal Collections.CollectionsClient Collections { get; }

    internal Snapshots.SnapshotsClient Snapshots { get; }

    internal global::Qdrant.Client.Grpc.Qdrant.QdrantClient Server { get; }

    internal bool HasKey => _headers.Count > 0;

    internal QdrantOptions Options => _options;

    internal TimeProvider Time { get; }

    /// <summary>Opens nothing yet: the first request does.</summary>
    /// <param name="jitter">Random numbers in [0, 1) that spread the waits between attempts.</param>
    public static QdrantConnection Create(QdrantOptions options, TimeProvider time, Func<double>? jitter = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(options, time, jitter);
    }

    /// <summary>A read: retried within <see cref="QdrantOptions.ReadDeadline"/>.</summary>
    /// <param name="what">What is asked for, for messages.</param>
    /// <returns>Null when the server knows no such collection or file.</returns>
    /// <exception cref="PassageStoreUnavailableException">No usable answer. The message names the server, never the key.</exception>
    internal Task<T?> ReadAsync<T>(string what, Func<CallOptions, AsyncUnaryCall<T>> call, CancellationToken ct)
        where T : class => CallAsync(what, call, _options.ReadTimeout, _options.ReadDeadline, mayRepeat: true, ct);

    /// <summary>A write that does the same when it is sent twice.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    internal Task<T?> WriteAsync<T>(string what, Func<CallOptions, AsyncUnaryCall<T>> call, CancellationToken ct)
        where T : class => CallAsync(what, call, _options.WriteTimeout, Timeout.InfiniteTimeSpan, mayRepeat: true, ct);

    /// <summary>A write that must not be sent twice.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    internal Task<T?> WriteOnceAsync<T>(string what, Func<CallOptions, AsyncUnaryCall<T>> call, CancellationToken ct)
        where T : class => CallAsync(what, call, _options.WriteTimeout, Timeout.InfiniteTimeSpan, mayRepeat: false, ct);

    /// <summary>Copies a snapshot file from the server, without retries. The gRPC interface cannot, so this is one plain download from <see cref="QdrantOptions.RestAddress"/>.</summary>
    internal async Task DownloadAsync(string collection, string snapshot, Stream destination, CancellationToken ct)
    {
        var address = _options.RestAddress ?? new UriBuilder(_options.Address) { Port = 6333 }.Uri;
        using var http = new HttpClient(CreateHandler(_options), disposeHandler: true) { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
        foreach (var header in _headers) http.DefaultRequestHeaders.Add(header.Key, header.Value);
        try
        {
            using var response = await http.GetAsync(new Uri($"/collections/{collection}/snapshots/{Uri.EscapeDataString(snapshot)}", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, ct).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
                throw new PassageStoreUnavailableException(PassageStoreFault.Refused, $"Qdrant at {address} did not give the snapshot file ({(int)response.StatusCode}). It lies on the server. Check Qdrant:RestAddress.");
            await response.Content.CopyToAsync(destination, ct).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new PassageStoreUnavailableException(PassageStoreFault.Away, $"The snapshot file could not be copied from {address}: {e.Message.TrimEnd('.')}. It lies on the server. Check Qdrant:RestAddress.", _options.MaxRetryDelay, e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _channel.Dispose();
        _handler.Dispose();
    }

    private static SocketsHttpHandler CreateHandler(QdrantOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            // A followed redirect would carry the key to whatever host the answer names.
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            EnableMultipleHttp2Connections = true,
            // A node that died without a word is noticed within half a minute, also when nothing is sent.
            KeepAlivePingDelay = TimeSpan.FromSeconds(20),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
        };
        if (options.CertificateAuthorityFile is { } file)
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(file);
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        }

        if (options.CertificateThumbprint is { } thumbprint)
        {
            // The one certificate, or one that this very authority signed.
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
                IsNamed(certificate) || (chain?.ChainElements.Any(e => IsNamed(e.Certificate)) ?? false);
            bool IsNamed(X509Certificate? certificate) =>
                certificate is not null && string.Equals(certificate.GetCertHashString(HashAlgorithmName.SHA256), thumbprint.Replace(":", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
        }

        return handler;
    }

    private async Task<T?> CallAsync<T>(string what, Func<CallOptions, AsyncUnaryCall<T>> call, TimeSpan attempt, TimeSpan deadline, bool mayRepeat, CancellationToken ct)
        where T : class
    {
        var context = ResilienceContextPool.Shared.Get(ct);
        context.Properties.Set(Deadline, deadline);
        try
        {
            return mayRepeat
                ? await _pipeline.ExecuteAsync(
                    static (c, s) => s.Self.AttemptAsync(s.Call, s.Attempt, c.CancellationToken), context, (Self: this, Call: call, Attempt: attempt)).ConfigureAwait(false)
                : await AttemptAsync(call, attempt, ct).ConfigureAwait(false);
        }
        catch (BrokenCircuitException e)
        {
            throw new PassageStoreUnavailableException(
                PassageStoreFault.Away, $"Qdrant at {_options.Address} failed several times in a row and is given a pause.", e.RetryAfter ?? _options.BreakDuration, e);
        }
        catch (TimeoutRejectedException e)
        {
            throw Away(e, $"no answer to '{what}' within {e.Timeout.TotalSeconds:0.###} seconds");
        }
        catch (RpcException e)
        {
            throw Explain(e, what, attempt);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async ValueTask<T?> AttemptAsync<T>(Func<CallOptions, AsyncUnaryCall<T>> call, TimeSpan limit, CancellationToken ct)
        where T : class
    {
        Interlocked.Increment(ref _sent);
        try
        {
            using var running = call(new CallOptions(_headers, Time.GetUtcNow().UtcDateTime + limit, ct));
            var answer = await running.ResponseAsync.ConfigureAwait(false);
            _hasSpoken = true;
            return answer;
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
        {
            _hasSpoken = true;
            return null;
        }
        catch (RpcException e) when (ct.IsCancellationRequested)
        {
            // gRPC has an exception of its own for this, which neither Polly nor the callers know.
            throw new OperationCanceledException("The call was cancelled.", e, ct);
        }
    }

    private PassageStoreUnavailableException Explain(RpcException e, string what, TimeSpan limit) => KindOf(e) switch
    {
        Kind.Tls => new(PassageStoreFault.Refused, $"The TLS connection to Qdrant at {_options.Address} could not be made: {Causes(e).Last().Message.TrimEnd('.')}. Trust its authority with Qdrant:CertificateAuthorityFile or Qdrant:CertificateThumbprint; if the server has no TLS, begin Qdrant:Address with http.", null, e),
        Kind.Redirect => new(PassageStoreFault.Refused, $"Qdrant at {_options.Address} answers with a redirect. It was not followed, so that the key stays here. Set Qdrant:Address to the server itself.", null, e),
        Kind.TooLarge => new(PassageStoreFault.Refused, $"Qdrant at {_options.Address} sent an answer of more than {_options.MaxResponseBytes} bytes (Qdrant:MaxResponseBytes).", null, e),
        Kind.Key => new(PassageStoreFault.Refused, $"Qdrant at {_options.Address} refused the API key. Check Qdrant:ApiKeyFile or Qdrant:ApiKey; the key needs the right to manage collections.", null, e),
        Kind.NotQdrant => new(PassageStoreFault.UnsupportedServer, $"What answers at {_options.Address} is not Qdrant's gRPC interface, which has port 6334 unless set otherwise. Check Qdrant:Address.", null, e),
        Kind.Refused => new(PassageStoreFault.Refused, $"Qdrant at {_options.Address} refused '{what}' ({e.StatusCode}): {Shorten(e.Status.Detail)}", null, e),
        _ when e.StatusCode == StatusCode.DeadlineExceeded => Away(e, $"no answer to '{what}' within {limit.TotalSeconds:0.###} seconds"),
        _ => Away(e, $"{e.StatusCode} to '{what}': {Shorten(e.Status.Detail)}{(_hasSpoken ? "" : ". It has not answered since this program started: the address needs the gRPC port (6334, not 6333), and https where the server has TLS")}", RetryAfter(e)),
    };

    private PassageStoreUnavailableException Away(Exception? inner, string what, TimeSpan? retryAfter = null) =>
        new(PassageStoreFault.Away, $"Qdrant at {_options.Address} cannot be used now: {what.TrimEnd('.')}.", retryAfter ?? _options.MaxRetryDelay, inner);

    private enum Kind
    {
        /// <summary>Passes by itself: away, slow, busy, broken off.</summary>
        Passing,
        Tls,
        Redirect,
        TooLarge,
        Key,
        NotQdrant,
        Refused,
    }

    // Only what gRPC's own client writes is read from texts; a server's words may change.
    private static Kind KindOf(RpcException e) => e.StatusCode switch
    {
        _ when Causes(e).Any(c => c is AuthenticationException or HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError }) => Kind.Tls,
        _ when e.Status.Detail.Contains("HTTP status code: 3", StringComparison.Ordinal) => Kind.Redirect,
        StatusCode.ResourceExhausted when e.Status.Detail.Contains("Received message exceeds", StringComparison.Ordinal) => Kind.TooLarge,
        StatusCode.Unauthenticated or StatusCode.PermissionDenied => Kind.Key,
        StatusCode.Unimplemented => Kind.NotQdrant,
        StatusCode.InvalidArgument or StatusCode.FailedPrecondition or StatusCode.OutOfRange or StatusCode.AlreadyExists => Kind.Refused,
        _ => Kind.Passing,
    };

    private static IEnumerable<Exception> Causes(RpcException e)
    {
        yield return e;
        for (var cause = e.Status.DebugException ?? e.InnerException; cause is not null; cause = cause.InnerException) yield return cause;
    }

    private static TimeSpan? RetryAfter(RpcException e) =>
        int.TryParse(e.Trailers.GetValue("retry-after"), out var seconds) && seconds > 0 ? TimeSpan.FromSeconds(seconds) : null;

    /// <summary>What the server says is wrong, at most 300 characters.</summary>
    private static string Shorten(string text) => text.Length <= 300 ? text : string.Concat(text.AsSpan(0, 300), "…");

    private static string? ReadKey(QdrantOptions options) =>
        options.ApiKeyFile is { } file ? File.ReadLines(file).FirstOrDefault()?.Trim() : options.ApiKey;

    private ResiliencePipeline BuildPipeline(TimeProvider time, Func<double>? jitter)
    {
        var builder = new ResiliencePipelineBuilder { TimeProvider = time };
        builder.AddTimeout(new TimeoutStrategyOptions
        {
            TimeoutGenerator = args => ValueTask.FromResult(args.Context.Properties.GetValue(Deadline, Timeout.InfiniteTimeSpan)),
        });
        if (_options.Retries > 0)
        {
            var retry = new RetryStrategyOptions
            {
                ShouldHandle = args => ValueTask.FromResult(IsPassing(args.Outcome.Exception)),
                MaxRetryAttempts = _options.Retries,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = _options.RetryDelay,
                MaxDelay = _options.MaxRetryDelay,
                DelayGenerator = args => ValueTask.FromResult(
                    args.Outcome.Exception is RpcException e && RetryAfter(e) is { } wait ? (wait < _options.MaxRetryDelay ? wait : _options.MaxRetryDelay) : (TimeSpan?)null),
            };
            if (jitter is not null) retry.Randomizer = jitter;
            builder.AddRetry(retry);
        }

        return builder
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                // A server that is busy is well: waiting is the retry's work.
                ShouldHandle = args => ValueTask.FromResult(IsPassing(args.Outcome.Exception) && args.Outcome.Exception is not RpcException { StatusCode: StatusCode.ResourceExhausted }),
                FailureRatio = 0.5,
                MinimumThroughput = _options.BreakAfter,
                SamplingDuration = _options.BreakerWindow,
                BreakDuration = _options.BreakDuration,
            })
            .Build();
    }

    private static bool IsPassing(Exception? exception) => exception is RpcException e && KindOf(e) == Kind.Passing;
}
