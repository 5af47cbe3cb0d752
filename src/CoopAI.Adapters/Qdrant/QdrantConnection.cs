using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using CoopAI.Core.Retrieval;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace CoopAI.Adapters.Qdrant;

/// <summary>Sends requests to one Qdrant server: time-outs, retries with jitter, one circuit breaker for the whole server, bounded answers, no redirects.</summary>
/// <remarks>Safe for concurrent use; one for a process.</remarks>
public sealed class QdrantConnection : IDisposable
{
    private static readonly ResiliencePropertyKey<TimeSpan> AttemptTimeout = new("attempt-timeout");
    private static readonly ResiliencePropertyKey<TimeSpan> Deadline = new("deadline");

    private readonly HttpClient _http;
    private readonly QdrantOptions _options;
    private readonly ResiliencePipeline<Reply> _pipeline;
    private long _sent;

    /// <param name="http">Its base address is the server's; its handler must not follow redirects (see <see cref="CreateHandler"/>).</param>
    /// <param name="jitter">Random numbers in [0, 1) that spread the waits between attempts.</param>
    public QdrantConnection(HttpClient http, QdrantOptions options, TimeProvider time, Func<double>? jitter = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(options);
        (_http, _options) = (http, options);
        _http.BaseAddress = options.Address;
        // Polly times each attempt; the client's own limit would cut the longer ones short.
        _http.Timeout = Timeout.InfiniteTimeSpan;
        if (ReadKey(options) is { } key && !_http.DefaultRequestHeaders.Contains("api-key")) _http.DefaultRequestHeaders.Add("api-key", key);
        Time = time;
        _pipeline = BuildPipeline(options, time, jitter);
    }

    /// <summary>A connection with a handler of its own.</summary>
    public static QdrantConnection Create(QdrantOptions options, TimeProvider time, Func<double>? jitter = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(new HttpClient(CreateHandler(options), disposeHandler: true), options, time, jitter);
    }

    /// <summary>A handler that never follows a redirect and trusts the configured authority.</summary>
    public static SocketsHttpHandler CreateHandler(QdrantOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var handler = new SocketsHttpHandler
        {
            // A followed redirect would carry the key to whatever host the answer names.
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            MaxConnectionsPerServer = 32,
        };
        if (options.CertificateAuthorityFile is { } file)
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(file);
            handler.SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    RevocationMode = X509RevocationMode.NoCheck,
                },
            };
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        }

        return handler;
    }

    /// <summary>Requests sent since the start, retries included.</summary>
    public long RequestsSent => Interlocked.Read(ref _sent);

    internal bool HasKey => _http.DefaultRequestHeaders.Contains("api-key");

    internal QdrantOptions Options => _options;

    internal TimeProvider Time { get; }

    /// <summary>Sends one request and reads its <c>result</c>.</summary>
    /// <returns>Null when the server answers 404.</returns>
    /// <exception cref="PassageStoreUnavailableException">No usable answer. The message names the server, never the key.</exception>
    internal async Task<T?> SendAsync<T>(QdrantRequest<T> request, CancellationToken ct)
        where T : class
    {
        var reply = await SendRawAsync(request, ct).ConfigureAwait(false);
        if (reply.Status == HttpStatusCode.NotFound) return null;
        return (T?)reply.Value ?? throw Away(null, $"an answer to {request.Method} {request.Path} that holds no result");
    }

    /// <summary>Copies a file from the server, without retries; it may be larger than <see cref="QdrantOptions.MaxResponseBytes"/>.</summary>
    internal async Task DownloadAsync(string path, Stream destination, CancellationToken ct)
    {
        try
        {
            using var response = await _http.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, ct).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode) throw Refusal(response.StatusCode, response.Headers.Location, [], $"GET {path}");
            await response.Content.CopyToAsync(destination, ct).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw Away(e, "a file that broke off");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<Reply> SendRawAsync(IQdrantRequest request, CancellationToken ct)
    {
        var context = ResilienceContextPool.Shared.Get(ct);
        context.Properties.Set(AttemptTimeout, request.IsWrite ? _options.WriteTimeout : _options.ReadTimeout);
        context.Properties.Set(Deadline, request.IsWrite ? Timeout.InfiniteTimeSpan : _options.ReadDeadline);
        try
        {
            var reply = request.MayRepeat
                ? await _pipeline.ExecuteAsync(static (c, state) => state.Self.AttemptAsync(state.Request, c), context, (Self: this, Request: request)).ConfigureAwait(false)
                : await OnceAsync(request, ct).ConfigureAwait(false);
            return reply.Status is HttpStatusCode.NotFound or >= HttpStatusCode.OK and < HttpStatusCode.Ambiguous
                ? reply
                : throw Refusal(reply.Status, reply.Location, reply.Body, $"{request.Method} {request.Path}", reply.RetryAfter);
        }
        catch (BrokenCircuitException e)
        {
            throw new PassageStoreUnavailableException(
                PassageStoreFault.Away, $"Qdrant at {_options.Address} failed several times in a row and is given a pause.", e.RetryAfter ?? _options.BreakDuration, e);
        }
        catch (TimeoutRejectedException e)
        {
            throw Away(e, $"no answer to {request.Method} {request.Path} within {e.Timeout.TotalSeconds:0.###} seconds");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or BrokenAnswerException)
        {
            throw Away(e, e.Message);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async Task<Reply> OnceAsync(IQdrantRequest request, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(_options.WriteTimeout, Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        try
        {
            return await ExchangeAsync(request, both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new TimeoutRejectedException(_options.WriteTimeout);
        }
    }

    private async ValueTask<Reply> AttemptAsync(IQdrantRequest request, ResilienceContext context) =>
        await ExchangeAsync(request, context.CancellationToken).ConfigureAwait(context.ContinueOnCapturedContext);

    private async Task<Reply> ExchangeAsync(IQdrantRequest request, CancellationToken ct)
    {
        Interlocked.Increment(ref _sent);
        using var message = new HttpRequestMessage(request.Method, new Uri(request.PathAndQuery, UriKind.Relative));
        if (!request.Body.IsEmpty)
        {
            message.Content = new ReadOnlyMemoryContent(request.Body);
            message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        using var response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, ct).ConfigureAwait(false);
        var body = await ReadBoundedAsync(response.Content, ct).ConfigureAwait(false);
        var wait = response.Headers.RetryAfter is { } header ? header.Delta ?? (header.Date - Time.GetUtcNow()) : null;
        return new Reply(response.StatusCode, response.IsSuccessStatusCode ? Read(request, body) : null, body, wait, response.Headers.Location);
    }

    // Read inside the attempt: an answer that broke off, though the transport took it for whole, is tried again.
    private static object? Read(IQdrantRequest request, byte[] body)
    {
        try
        {
            return request.Read(body);
        }
        catch (JsonException e)
        {
            throw new BrokenAnswerException($"a broken answer to {request.Method} {request.Path}", e);
        }
    }

    private async Task<byte[]> ReadBoundedAsync(HttpContent content, CancellationToken ct)
    {
        using var stream = await content.ReadAsStreamAsync(ct).ConfigureAwait(false);
        using var body = new MemoryStream((int)Math.Min(content.Headers.ContentLength ?? 4096, 1024 * 1024));
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            int read;
            while ((read = await stream.ReadAsync(buffer, ct).ConfigureAwait(false)) > 0)
            {
                if (body.Length + read > _options.MaxResponseBytes)
                {
                    throw new PassageStoreUnavailableException(
                        PassageStoreFault.Refused, $"Qdrant at {_options.Address} sent an answer of more than {_options.MaxResponseBytes} bytes (Qdrant:MaxResponseBytes).");
                }

                body.Write(buffer, 0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return body.ToArray();
    }

    private PassageStoreUnavailableException Refusal(HttpStatusCode status, Uri? location, byte[] body, string what, TimeSpan? retryAfter = null)
    {
        var code = ((int)status).ToString(CultureInfo.InvariantCulture);
        if (IsTransient(status)) return Away(null, $"{code} to {what}: {ErrorText(body)}", retryAfter);
        return status switch
        {
            >= HttpStatusCode.Ambiguous and < HttpStatusCode.BadRequest => new(
                PassageStoreFault.Refused, $"Qdrant at {_options.Address} answers with a redirect ({code}) to {Host(location)}. It was not followed, so that the key stays here. Set Qdrant:Address to the server itself."),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new(
                PassageStoreFault.Refused, $"Qdrant at {_options.Address} refused the API key ({code}). Check Qdrant:ApiKeyFile or Qdrant:ApiKey; the key needs the right to manage collections."),
            _ => new(PassageStoreFault.Refused, $"Qdrant at {_options.Address} refused {what} ({code}): {ErrorText(body)}"),
        };

        string Host(Uri? to) => to is null ? "nowhere" : to.IsAbsoluteUri ? to.Authority : "another path";
    }

    private PassageStoreUnavailableException Away(Exception? inner, string what, TimeSpan? retryAfter = null) =>
        new(PassageStoreFault.Away, $"Qdrant at {_options.Address} cannot be used now: {what.TrimEnd('.')}.", retryAfter ?? _options.MaxRetryDelay, inner);

    /// <summary>What the server says is wrong, at most 300 characters.</summary>
    private static string ErrorText(byte[] body)
    {
        string text;
        try
        {
            using var document = JsonDocument.Parse(body);
            text = document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("status", out var status) && status.ValueKind == JsonValueKind.Object
                && status.TryGetProperty("error", out var error) ? error.ToString() : "no reason given";
        }
        catch (JsonException)
        {
            text = Encoding.UTF8.GetString(body, 0, Math.Min(body.Length, 1200)).Trim() is { Length: > 0 } plain ? plain : "no reason given";
        }

        return text.Length <= 300 ? text : string.Concat(text.AsSpan(0, 300), "…");
    }

    private static bool IsTransient(HttpStatusCode status) =>
        status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;

    private static string? ReadKey(QdrantOptions options) =>
        options.ApiKeyFile is { } file ? File.ReadLines(file).FirstOrDefault()?.Trim() : options.ApiKey;

    private static ResiliencePipeline<Reply> BuildPipeline(QdrantOptions options, TimeProvider time, Func<double>? jitter)
    {
        var builder = new ResiliencePipelineBuilder<Reply> { TimeProvider = time };
        builder.AddTimeout(new TimeoutStrategyOptions
        {
            TimeoutGenerator = args => ValueTask.FromResult(args.Context.Properties.GetValue(Deadline, Timeout.InfiniteTimeSpan)),
        });
        if (options.Retries > 0)
        {
            var retry = new RetryStrategyOptions<Reply>
            {
                ShouldHandle = args => ValueTask.FromResult(IsFailure(args.Outcome)),
                MaxRetryAttempts = options.Retries,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = options.RetryDelay,
                MaxDelay = options.MaxRetryDelay,
                DelayGenerator = args => ValueTask.FromResult(
                    args.Outcome.Result?.RetryAfter is { } wait && wait > TimeSpan.Zero ? (wait < options.MaxRetryDelay ? wait : options.MaxRetryDelay) : (TimeSpan?)null),
            };
            if (jitter is not null) retry.Randomizer = jitter;
            builder.AddRetry(retry);
        }

        return builder
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<Reply>
            {
                // 429 says that the server is well and busy: waiting is the retry's work.
                ShouldHandle = args => ValueTask.FromResult(IsFailure(args.Outcome) && args.Outcome.Result?.Status != HttpStatusCode.TooManyRequests),
                FailureRatio = 0.5,
                MinimumThroughput = options.BreakAfter,
                SamplingDuration = options.BreakerWindow,
                BreakDuration = options.BreakDuration,
            })
            .AddTimeout(new TimeoutStrategyOptions
            {
                TimeoutGenerator = args => ValueTask.FromResult(args.Context.Properties.GetValue(AttemptTimeout, options.ReadTimeout)),
            })
            .Build();
    }

    private static bool IsFailure(Outcome<Reply> outcome) =>
        outcome.Exception is HttpRequestException or IOException or TimeoutRejectedException or BrokenAnswerException
        || (outcome.Result is { } reply && IsTransient(reply.Status));

    private sealed record Reply(HttpStatusCode Status, object? Value, byte[] Body, TimeSpan? RetryAfter, Uri? Location);

    private sealed class BrokenAnswerException(string message, Exception inner) : Exception(message, inner);
}
