using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Qdrant.Client.Grpc;
using Filter = Qdrant.Client.Grpc.Filter;
using Value = Qdrant.Client.Grpc.Value;

namespace CoopAI.Tests.Adapters.Qdrant;

/// <summary>A small gRPC server on this machine, made of the client's own messages, that answers the adapter's calls from memory. It is a stand-in for tests and proves nothing about the real engine.</summary>
public sealed class InMemoryPassageServer : IAsyncDisposable
{
    private readonly Dictionary<string, Collection> _collections = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _aliases = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<SnapshotDescription>> _snapshots = new(StringComparer.Ordinal);
    private readonly Lock _state = new();
    private readonly ConcurrentQueue<Exchange> _exchanges = new();
    private readonly X509Certificate2? _certificate;
    private WebApplication _app;
    private int _running;
    private long _received;

    private InMemoryPassageServer(int port, int filesPort, X509Certificate2? certificate)
    {
        _certificate = certificate;
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"{(certificate is null ? "http" : "https")}://127.0.0.1:{port}"));
        FilesAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{filesPort}"));
        _app = Listen();
    }

    /// <summary>What a request should meet instead of its ordinary answer.</summary>
    public enum Fault
    {
        None,
        /// <summary>The connection closes before any answer.</summary>
        NoAnswer,
        /// <summary>The answer comes after <see cref="SlowBy"/>.</summary>
        Slow,
        Busy,
        Error,
        Unavailable,
        Redirect,
        /// <summary>The work is done, then the connection closes before the answer.</summary>
        LostAnswer,
    }

    public sealed record Exchange(string Method, IMessage Request, string? Key, StatusCode Status)
    {
        /// <summary>Whether the call changes nothing.</summary>
        public bool IsRead => Method is "Qdrant/HealthCheck" or "Collections/List" or "Collections/ListAliases" or "Collections/Get"
            or "Points/Get" or "Points/Count" or "Points/Scroll" or "Points/QueryBatch" or "Points/Facet" or "Snapshots/List";
    }

    public Uri Address { get; }

    /// <summary>Where snapshot files are given, as at the real server's REST port.</summary>
    public Uri FilesAddress { get; }

    public string Version { get; set; } = "1.18.0";

    public string Title { get; set; } = "qdrant - vector search engine";

    public string? Key { get; set; }

    public TimeSpan SlowBy { get; set; } = TimeSpan.FromMilliseconds(300);

    /// <summary>Seconds to wait that <see cref="Fault.Busy"/> asks for.</summary>
    public int? RetryAfter { get; set; }

    /// <summary>Decides each call's fate by its name, such as "Points/QueryBatch"; called before the work.</summary>
    public Func<string, Fault> Plan { get; set; } = _ => Fault.None;

    /// <summary>Called before a request is worked on, for a change "meanwhile".</summary>
    public Action<string>? Before { get; set; }

    /// <summary>Keeps the calls; switched off for measurements.</summary>
    public bool Records { get; set; } = true;

    public int MaxConcurrentWrites { get; private set; }

    /// <summary>Bytes of the largest write.</summary>
    public long LargestBody { get; private set; }

    /// <summary>Points of all batches so far.</summary>
    public long PassagesReceived => Interlocked.Read(ref _received);

    public IReadOnlyList<Exchange> Exchanges => [.. _exchanges];

    /// <param name="certificate">For TLS; null: plain text.</param>
    public static InMemoryPassageServer Start(X509Certificate2? certificate = null)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return new InMemoryPassageServer(FreePort(), FreePort(), certificate);
            }
            catch (IOException) when (attempt < 20)
            {
                // Somebody else took the port meanwhile.
            }
        }
    }

    /// <summary>Stops answering; what was stored stays.</summary>
    public async Task StopAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _app.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Answers again at the same address.</summary>
    public void StartAgain() => _app = Listen();

    public void Forget() => _exchanges.Clear();

    public void SetAlias(string alias, string collection)
    {
        lock (_state) _aliases[alias] = collection;
    }

    public string? AliasTarget(string alias)
    {
        lock (_state) return _aliases.GetValueOrDefault(alias);
    }

    public IReadOnlyList<string> CollectionNames()
    {
        lock (_state) return [.. _collections.Keys.Order(StringComparer.Ordinal)];
    }

    public void Drop(string name)
    {
        lock (_state) Remove(name);
    }

    /// <summary>A collection that somebody else made.</summary>
    /// <param name="points">Its points, as a client of theirs would send them.</param>
    public void AddCollection(CreateCollection parameters, params PointStruct[] points)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        lock (_state)
        {
            var collection = _collections[parameters.CollectionName] = new Collection { Parameters = parameters };
            foreach (var point in points) collection.Points[point.Id.Uuid] = point;
        }
    }

    /// <summary>All points of passages with their payload, as one text: equal texts, equal state.</summary>
    public string Dump(string collection)
    {
        lock (_state)
        {
            return string.Join('\n', _collections[collection].Points.OrderBy(p => p.Key, StringComparer.Ordinal).Where(p => !p.Value.Payload.ContainsKey("state"))
                .Select(p => $"{p.Key} {string.Join(' ', p.Value.Payload.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{f.Key}={f.Value}"))} {p.Value.Vectors}"));
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private WebApplication Listen()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, Address.Port, listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                if (_certificate is not null) listen.UseHttps(_certificate);
            });
            kestrel.Listen(IPAddress.Loopback, FilesAddress.Port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddSingleton(this);
        builder.Services.AddGrpc(grpc => (grpc.MaxReceiveMessageSize, grpc.MaxSendMessageSize) = (null, null));
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IServiceMethodProvider<InMemoryPassageServer>, Methods>());
        var app = builder.Build();
        app.MapGet("/collections/{name}/snapshots/{file}", (string name, string file, HttpContext context) =>
            Key is not null && context.Request.Headers["api-key"] != Key ? Results.Unauthorized()
            : SnapshotsOf(name).Exists(s => s.Name == file) ? Results.Text("the bytes of a snapshot") : Results.NotFound());
        app.Use(next => async context =>
        {
            var fault = context.Request.Protocol == HttpProtocol.Http2 ? Plan(NameOf(context.Request.Path)) : Fault.None;
            context.Items[nameof(Fault)] = fault;
            if (fault == Fault.Redirect)
            {
                context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
                context.Response.Headers.Location = "https://elsewhere.example/";
                return;
            }

            await next(context);
        });
        app.MapGrpcService<InMemoryPassageServer>();
        app.StartAsync().GetAwaiter().GetResult();
        return app;
    }

    private static string NameOf(PathString path) => path.Value!.Replace("/qdrant.", "", StringComparison.Ordinal);

    private async Task<TResponse> AnswerAsync<TRequest, TResponse>(string method, Func<TRequest, TResponse> work, TRequest request, ServerCallContext call)
        where TRequest : IMessage
        where TResponse : class
    {
        var http = call.GetHttpContext();
        var fault = (Fault)http.Items[nameof(Fault)]!;
        if (fault == Fault.NoAnswer) http.Abort();
        var isWrite = method == "Points/UpdateBatch";
        if (isWrite)
        {
            var running = Interlocked.Increment(ref _running);
            lock (_state) (MaxConcurrentWrites, LargestBody) = (Math.Max(MaxConcurrentWrites, running), Math.Max(LargestBody, request.CalculateSize()));
        }

        Before?.Invoke(method);
        if (fault == Fault.Slow) await Task.Delay(SlowBy).ConfigureAwait(false);
        var key = call.RequestHeaders.GetValue("api-key");
        var status = fault switch
        {
            Fault.Busy => new Status(StatusCode.ResourceExhausted, "Rate limiting exceeded"),
            Fault.Error => new Status(StatusCode.Internal, "Service internal error: disk"),
            Fault.Unavailable or Fault.NoAnswer => new Status(StatusCode.Unavailable, "going away"),
            _ when Key is not null && method != "Qdrant/HealthCheck" && key != Key => new Status(StatusCode.Unauthenticated, "Invalid API key or JWT"),
            _ => Status.DefaultSuccess,
        };
        TResponse? answer = null;
        if (status.StatusCode == StatusCode.OK)
        {
            try
            {
                lock (_state) answer = work(request);
            }
            catch (RpcException e)
            {
                status = e.Status;
            }
        }

        if (isWrite) Interlocked.Decrement(ref _running);
        if (Records) _exchanges.Enqueue(new(method, request, key, status.StatusCode));
        if (fault == Fault.LostAnswer) http.Abort();
        if (answer is not null) return answer;
        var trailers = new Metadata();
        if (fault == Fault.Busy && RetryAfter is { } seconds) trailers.Add("retry-after", seconds.ToString(CultureInfo.InvariantCulture));
        throw new RpcException(status, trailers);
    }

    private Collection Find(string name) => _collections.GetValueOrDefault(_aliases.GetValueOrDefault(name) ?? name) ?? throw Missing(name);

    private CollectionOperationResponse Create(CreateCollection request)
    {
        if (_collections.ContainsKey(request.CollectionName)) throw Bad($"Collection `{request.CollectionName}` already exists!", StatusCode.AlreadyExists);
        _collections[request.CollectionName] = new Collection { Parameters = request };
        return new CollectionOperationResponse { Result = true };
    }

    private bool Remove(string name)
    {
        var there = _collections.Remove(name);
        foreach (var alias in _aliases.Where(a => a.Value == name).Select(a => a.Key).ToList()) _aliases.Remove(alias);
        return there;
    }

    private CollectionOperationResponse ChangeAliases(ChangeAliases request)
    {
        var next = new Dictionary<string, string>(_aliases, StringComparer.Ordinal);
        foreach (var action in request.Actions)
        {
            if (action.DeleteAlias is { } delete) next.Remove(delete.AliasName);
            if (action.CreateAlias is not { } create) continue;
            if (!_collections.ContainsKey(create.CollectionName)) throw Missing(create.CollectionName);
            next[create.AliasName] = create.CollectionName;
        }

        _aliases.Clear();
        foreach (var (alias, collection) in next) _aliases[alias] = collection;
        return new CollectionOperationResponse { Result = true };
    }

    private UpdateBatchResponse UpdateBatch(UpdateBatchPoints request)
    {
        var collection = Find(request.CollectionName);
        foreach (var operation in request.Operations)
        {
            if (operation.Upsert is { } upsert)
            {
                Interlocked.Add(ref _received, upsert.Points.Count);
                collection.Upsert(upsert.Points);
            }
            else if (operation.DeletePoints is { } delete)
            {
                collection.Delete(delete.Points.Filter);
            }
            else if (operation.DeletePayload is { } clear)
            {
                foreach (var point in collection.Where(clear.PointsSelector.Filter).ToList())
                {
                    foreach (var key in clear.Keys) point.Payload.Remove(key);
                }
            }
            else
            {
                throw Bad("unknown update operation");
            }
        }

        return new UpdateBatchResponse { Result = { request.Operations.Select(_ => new UpdateResult { Status = Done(request.Wait) }) } };
    }

    private static UpdateStatus Done(bool wait) => wait ? UpdateStatus.Completed : UpdateStatus.Acknowledged;

    private CreateSnapshotResponse Snapshot(string name)
    {
        Find(name);
        var made = new SnapshotDescription
        {
            Name = string.Create(CultureInfo.InvariantCulture, $"{name}-{SnapshotsOf(name).Count + 1}.snapshot"),
            Size = 1000,
            Checksum = new string('a', 64),
        };
        SnapshotsOf(name).Add(made);
        return new CreateSnapshotResponse { SnapshotDescription = made };
    }

    private List<SnapshotDescription> SnapshotsOf(string name)
    {
        if (!_snapshots.TryGetValue(name, out var list)) _snapshots[name] = list = [];
        return list;
    }

    private static RpcException Missing(string name) => Bad($"Not found: Collection `{name}` doesn't exist!", StatusCode.NotFound);

    private static RpcException Bad(string message, StatusCode code = StatusCode.InvalidArgument) => new(new Status(code, message));

    private static PointsOperationResponse Updated(bool wait) => new() { Result = new UpdateResult { Status = Done(wait) } };

    /// <summary>The calls that this server knows; every other one is "unimplemented".</summary>
    private sealed class Methods : IServiceMethodProvider<InMemoryPassageServer>
    {
        public void OnServiceMethodDiscovery(ServiceMethodProviderContext<InMemoryPassageServer> context)
        {
            Add<HealthCheckRequest, HealthCheckReply>("Qdrant", "HealthCheck", s => _ => new HealthCheckReply { Title = s.Title, Version = s.Version });
            Add<ListCollectionsRequest, ListCollectionsResponse>("Collections", "List", s => _ =>
                new ListCollectionsResponse { Collections = { s._collections.Keys.Select(n => new CollectionDescription { Name = n }) } });
            Add<ListAliasesRequest, ListAliasesResponse>("Collections", "ListAliases", s => _ =>
                new ListAliasesResponse { Aliases = { s._aliases.Select(a => new AliasDescription { AliasName = a.Key, CollectionName = a.Value }) } });
            Add<ChangeAliases, CollectionOperationResponse>("Collections", "UpdateAliases", s => s.ChangeAliases);
            Add<CreateCollection, CollectionOperationResponse>("Collections", "Create", s => s.Create);
            Add<GetCollectionInfoRequest, GetCollectionInfoResponse>("Collections", "Get", s => r => new GetCollectionInfoResponse { Result = s.Find(r.CollectionName).Describe() });
            Add<DeleteCollection, CollectionOperationResponse>("Collections", "Delete", s => r => new CollectionOperationResponse { Result = s.Remove(r.CollectionName) });
            Add<CreateFieldIndexCollection, PointsOperationResponse>("Points", "CreateFieldIndex", s => r =>
            {
                s.Find(r.CollectionName).Indexes[r.FieldName] = r.FieldType;
                return Updated(r.Wait);
            });
            Add<UpsertPoints, PointsOperationResponse>("Points", "Upsert", s => r =>
            {
                s.Find(r.CollectionName).Upsert(r.Points);
                return Updated(r.Wait);
            });
            Add<UpdateBatchPoints, UpdateBatchResponse>("Points", "UpdateBatch", s => s.UpdateBatch);
            Add<DeletePoints, PointsOperationResponse>("Points", "Delete", s => r =>
            {
                s.Find(r.CollectionName).Delete(r.Points.Filter);
                return Updated(r.Wait);
            });
            Add<GetPoints, GetResponse>("Points", "Get", s => r => s.Find(r.CollectionName).Get(r));
            Add<CountPoints, CountResponse>("Points", "Count", s => r => new CountResponse { Result = new CountResult { Count = (ulong)s.Find(r.CollectionName).Where(r.Filter).Count() } });
            Add<ScrollPoints, ScrollResponse>("Points", "Scroll", s => r => s.Find(r.CollectionName).Scroll(r));
            Add<QueryBatchPoints, QueryBatchResponse>("Points", "QueryBatch", s => r => new QueryBatchResponse { Result = { r.QueryPoints.Select(q => s.Find(r.CollectionName).Query(q)) } });
            Add<FacetCounts, FacetResponse>("Points", "Facet", s => r => s.Find(r.CollectionName).Facet(r));
            Add<CreateSnapshotRequest, CreateSnapshotResponse>("Snapshots", "Create", s => r => s.Snapshot(r.CollectionName));
            Add<ListSnapshotsRequest, ListSnapshotsResponse>("Snapshots", "List", s => r => new ListSnapshotsResponse { SnapshotDescriptions = { s.SnapshotsOf(r.CollectionName) } });

            void Add<TRequest, TResponse>(string service, string name, Func<InMemoryPassageServer, Func<TRequest, TResponse>> work)
                where TRequest : class, IMessage<TRequest>, new()
                where TResponse : class, IMessage<TResponse>, new() =>
                context.AddUnaryMethod(
                    new Method<TRequest, TResponse>(MethodType.Unary, $"qdrant.{service}", name, Marshaller<TRequest>(), Marshaller<TResponse>()), [],
                    (server, request, call) => server.AnswerAsync($"{service}/{name}", work(server), request, call));
        }

        private static Marshaller<T> Marshaller<T>()
            where T : IMessage<T>, new()
        {
            var parser = new MessageParser<T>(() => new T());
            return Marshallers.Create(message => message.ToByteArray(), bytes => parser.ParseFrom(bytes));
        }
    }

    private sealed class Collection
    {
        public required CreateCollection Parameters { get; init; }

        public Dictionary<string, PointStruct> Points { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, FieldType> Indexes { get; } = new(StringComparer.Ordinal);

        public CollectionInfo Describe() => new()
        {
            Status = CollectionStatus.Green,
            PointsCount = (ulong)Points.Count,
            Config = new CollectionConfig { Params = new CollectionParams { VectorsConfig = Parameters.VectorsConfig, SparseVectorsConfig = Parameters.SparseVectorsConfig } },
        };

        public void Upsert(IReadOnlyList<PointStruct> points)
        {
            foreach (var point in points)
            {
                Guid.Parse(point.Id.Uuid);
                RequireSize(point.Vectors.Vectors_.Vectors["dense"].Dense.Data.Count);
                if (point.Vectors.Vectors_.Vectors.TryGetValue("lexical", out var lexical) && lexical.Sparse.Indices.Distinct().Count() != lexical.Sparse.Values.Count)
                    throw Bad($"Validation error: indices of {point.Id} must be unique and as many as values");
            }

            foreach (var point in points) Points[point.Id.Uuid] = point.Clone();
        }

        public void Delete(Filter filter)
        {
            foreach (var point in Where(filter).ToList()) Points.Remove(point.Id.Uuid);
        }

        public IEnumerable<PointStruct> Where(Filter? filter) => filter is null ? Points.Values : Points.Values.Where(p => Passes(p.Payload, filter));

        public GetResponse Get(GetPoints request) => new()
        {
            Result = { request.Ids.Where(id => Points.ContainsKey(id.Uuid)).Select(id => new RetrievedPoint { Id = id, Payload = { Points[id.Uuid].Payload } }) },
        };

        public ScrollResponse Scroll(ScrollPoints request)
        {
            var page = Where(request.Filter).Where(p => request.Offset is null || string.CompareOrdinal(p.Id.Uuid, request.Offset.Uuid) >= 0)
                .OrderBy(p => p.Id.Uuid, StringComparer.Ordinal).Take((int)request.Limit + 1).ToList();
            var answer = new ScrollResponse { Result = { page.Take((int)request.Limit).Select(p => new RetrievedPoint { Id = p.Id, Payload = { Chosen(p.Payload, request.WithPayload) } }) } };
            if (page.Count > request.Limit) answer.NextPageOffset = page[^1].Id;
            return answer;
        }

        public BatchResult Query(QueryPoints request)
        {
            if (request.Params?.Exact != true) throw Bad("this stand-in knows only exact searches");
            Func<PointStruct, float?> score;
            if (request.Using == "dense")
            {
                var asked = request.Query.Nearest.Dense.Data;
                RequireSize(asked.Count);
                score = p => p.Vectors.Vectors_.Vectors.TryGetValue("dense", out var stored) ? Dot(asked, stored.Dense.Data) : null;
            }
            else
            {
                var asked = request.Query.Nearest.Sparse;
                score = p => p.Vectors.Vectors_.Vectors.TryGetValue("lexical", out var stored) ? Dot(asked, stored.Sparse) : null;
            }

            var best = Where(request.Filter).Select(p => (Point: p, Score: score(p))).Where(p => p.Score is not null)
                // Ties come in the order of nothing in particular, as from the real engine.
                .OrderByDescending(p => p.Score).ThenByDescending(p => p.Point.Id.Uuid, StringComparer.Ordinal).Take((int)request.Limit);
            return new BatchResult { Result = { best.Select(p => new ScoredPoint { Id = p.Point.Id, Score = p.Score!.Value, Payload = { Chosen(p.Point.Payload, request.WithPayload) } }) } };
        }

        public FacetResponse Facet(FacetCounts request)
        {
            if (!Indexes.ContainsKey(request.Key)) throw Bad($"Bad request: No appropriate index for faceting: `{request.Key}`");
            var counts = Where(request.Filter).SelectMany(p => Values(p.Payload, request.Key).Distinct()).GroupBy(v => v)
                .OrderByDescending(g => g.Count()).Take((int)request.Limit);
            return new FacetResponse
            {
                Hits =
                {
                    counts.Select(g => new FacetHit
                    {
                        Count = (ulong)g.Count(),
                        Value = g.Key.HasIntegerValue ? new FacetValue { IntegerValue = g.Key.IntegerValue } : new FacetValue { StringValue = g.Key.StringValue },
                    }),
                },
            };
        }

        private void RequireSize(int size)
        {
            var expected = (int)Parameters.VectorsConfig.ParamsMap.Map["dense"].Size;
            if (size != expected) throw Bad($"Wrong input: Vector dimension error: expected dim: {expected}, got {size}");
        }

        private static float Dot(RepeatedField<float> a, RepeatedField<float> b)
        {
            var sum = 0f;
            for (var i = 0; i < a.Count; i++) sum += a[i] * b[i];
            return sum;
        }

        private static float? Dot(SparseVector asked, SparseVector stored)
        {
            var (sum, any) = (0f, false);
            for (var i = 0; i < asked.Indices.Count; i++)
            {
                var at = stored.Indices.IndexOf(asked.Indices[i]);
                if (at < 0) continue;
                sum += asked.Values[i] * stored.Values[at];
                any = true;
            }

            return any ? sum : null;
        }

        private static Dictionary<string, Value> Chosen(MapField<string, Value> payload, WithPayloadSelector? wanted) =>
            payload.Where(f => wanted?.Include is not { } include || include.Fields.Contains(f.Key)).ToDictionary(StringComparer.Ordinal);

        private static bool Passes(MapField<string, Value> payload, Filter filter) =>
            filter.Must.All(c => Holds(payload, c.Field)) && !filter.MustNot.Any(c => Holds(payload, c.Field)) && (filter.Should.Count == 0 || filter.Should.Any(c => Holds(payload, c.Field)));

        private static bool Holds(MapField<string, Value> payload, FieldCondition condition)
        {
            var values = Values(payload, condition.Key);
            if (condition.Range is { } range)
                return values.Any(v => v.HasIntegerValue && (!range.HasGte || v.IntegerValue >= range.Gte) && (!range.HasLte || v.IntegerValue <= range.Lte));
            var match = condition.Match;
            return match.MatchValueCase switch
            {
                Match.MatchValueOneofCase.Keywords => values.Any(v => v.HasStringValue && match.Keywords.Strings.Contains(v.StringValue)),
                Match.MatchValueOneofCase.Keyword => values.Any(v => v.HasStringValue && v.StringValue == match.Keyword),
                Match.MatchValueOneofCase.Integer => values.Any(v => v.HasIntegerValue && v.IntegerValue == match.Integer),
                Match.MatchValueOneofCase.Boolean => values.Any(v => v.HasBoolValue && v.BoolValue == match.Boolean),
                _ => throw Bad($"unknown match {match.MatchValueCase}"),
            };
        }

        private static IEnumerable<Value> Values(MapField<string, Value> payload, string key)
        {
            MapField<string, Value>? fields = payload;
            Value? value = null;
            foreach (var part in key.Split('.'))
            {
                value = fields is not null && fields.TryGetValue(part, out var found) ? found : null;
                fields = value?.StructValue?.Fields;
            }

            if (value is null) return [];
            return value.ListValue is { } list ? list.Values : [value];
        }
    }
}
