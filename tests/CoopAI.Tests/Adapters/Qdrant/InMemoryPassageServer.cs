using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CoopAI.Tests.Adapters.Qdrant;

/// <summary>A small server on this machine that answers the adapter's operations from memory. It is a stand-in for tests and proves nothing about the real engine.</summary>
public sealed class InMemoryPassageServer : IAsyncDisposable
{
    private readonly Dictionary<string, Collection> _collections = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _aliases = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<JsonObject>> _snapshots = new(StringComparer.Ordinal);
    private readonly Lock _state = new();
    private readonly ConcurrentQueue<Exchange> _exchanges = new();
    private HttpListener _listener;
    private Task _serving;
    private int _running;
    private long _received;

    private InMemoryPassageServer(HttpListener listener, Uri address)
    {
        (_listener, Address) = (listener, address);
        _serving = ServeAsync(listener);
    }

    /// <summary>What a request should meet instead of its ordinary answer.</summary>
    public enum Fault
    {
        None,
        /// <summary>The connection closes in the middle of the answer.</summary>
        HalfBody,
        /// <summary>A complete answer of which half the JSON is missing.</summary>
        HalfJson,
        /// <summary>The connection closes before any answer.</summary>
        NoAnswer,
        /// <summary>The answer comes after <see cref="SlowBy"/>.</summary>
        Slow,
        Busy,
        Error,
        Redirect,
        /// <summary>The work is done, then the connection closes before the answer.</summary>
        LostAnswer,
    }

    public sealed record Exchange(string Method, string Path, string Query, string? Body, string? Key, int Status, string Answer);

    public Uri Address { get; }

    public string Version { get; set; } = "1.18.0";

    public string Title { get; set; } = "qdrant - vector search engine";

    public string? Key { get; set; }

    public Uri? RedirectTo { get; set; }

    public TimeSpan SlowBy { get; set; } = TimeSpan.FromMilliseconds(300);

    /// <summary>Value of Retry-After on <see cref="Fault.Busy"/>, in seconds.</summary>
    public int? RetryAfter { get; set; }

    /// <summary>Decides each request's fate; called before the work.</summary>
    public Func<string, string, Fault> Plan { get; set; } = (_, _) => Fault.None;

    /// <summary>Called before a request is worked on, for a change "meanwhile".</summary>
    public Action<string, string>? Before { get; set; }

    /// <summary>Keeps bodies for the comparison with the description; switched off for measurements.</summary>
    public bool Records { get; set; } = true;

    public int MaxConcurrentWrites { get; private set; }

    public long LargestBody { get; private set; }

    /// <summary>Points of all upserts so far.</summary>
    public long PassagesReceived => Interlocked.Read(ref _received);

    public IReadOnlyList<Exchange> Exchanges => [.. _exchanges];

    public static InMemoryPassageServer Start()
    {
        for (var attempt = 0; ; attempt++)
        {
            var port = FreePort();
            var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
            var listener = new HttpListener { Prefixes = { address.ToString() } };
            try
            {
                listener.Start();
                return new InMemoryPassageServer(listener, address);
            }
            catch (HttpListenerException) when (attempt < 20)
            {
                listener.Close();
            }
        }
    }

    /// <summary>Stops answering; what was stored stays.</summary>
    public async Task StopAsync()
    {
        _listener.Close();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Answers again at the same address.</summary>
    public void StartAgain()
    {
        _listener = new HttpListener { Prefixes = { Address.ToString() } };
        _listener.Start();
        _serving = ServeAsync(_listener);
    }

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

    public void AddCollection(string name, string parameters, string? metadata)
    {
        lock (_state) _collections[name] = new Collection { Params = (JsonObject)JsonNode.Parse(parameters)!, Metadata = metadata is null ? null : (JsonObject)JsonNode.Parse(metadata)! };
    }

    /// <summary>All points with their payload, as one text: equal texts, equal state.</summary>
    public string Dump(string collection)
    {
        lock (_state)
        {
            var points = _collections[collection].Points.OrderBy(p => p.Key, StringComparer.Ordinal);
            return string.Join('\n', points.Select(p => $"{p.Key} {p.Value.Payload.ToJsonString()} {string.Join(' ', p.Value.Dense)}"));
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private async Task ServeAsync(HttpListener listener)
    {
        while (listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync().ConfigureAwait(false);
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            _ = Task.Run(() => AnswerAsync(context));
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        var request = context.Request;
        var (method, path) = (request.HttpMethod, request.Url!.AbsolutePath);
        var isWrite = path.EndsWith("/points/batch", StringComparison.Ordinal);
        try
        {
            var fault = Plan(method, path);
            if (fault == Fault.NoAnswer)
            {
                context.Response.Abort();
                return;
            }

            using var reader = new MemoryStream();
            await request.InputStream.CopyToAsync(reader).ConfigureAwait(false);
            var body = Encoding.UTF8.GetString(reader.GetBuffer(), 0, (int)reader.Length);
            if (isWrite)
            {
                var running = Interlocked.Increment(ref _running);
                lock (_state)
                {
                    MaxConcurrentWrites = Math.Max(MaxConcurrentWrites, running);
                    LargestBody = Math.Max(LargestBody, reader.Length);
                }
            }

            Before?.Invoke(method, path);
            if (fault == Fault.Slow) await Task.Delay(SlowBy).ConfigureAwait(false);
            var (status, answer) = fault switch
            {
                Fault.Busy => (429, """{"time":0.0,"status":{"error":"Rate limiting exceeded"},"result":null}"""),
                Fault.Error => (500, """{"time":0.0,"status":{"error":"Service internal error: disk"},"result":null}"""),
                Fault.Redirect => (307, ""),
                _ when Key is not null && path is not ("/" or "/readyz" or "/healthz") && request.Headers["api-key"] != Key => (401, "Invalid API key or JWT"),
                _ => Work(method, path, body),
            };
            if (isWrite) Interlocked.Decrement(ref _running);
            if (Records) _exchanges.Enqueue(new(method, path, request.Url.Query.TrimStart('?'), body.Length == 0 ? null : body, request.Headers["api-key"], status, answer));
            if (fault == Fault.LostAnswer)
            {
                context.Response.Abort();
                return;
            }

            await SendAsync(context.Response, fault, status, answer).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or IOException)
        {
            // The client has gone away, as the slow cases want it to.
        }
    }

    private async Task SendAsync(HttpListenerResponse response, Fault fault, int status, string answer)
    {
        if (fault == Fault.HalfJson) answer = answer[..(answer.Length / 2)];
        var bytes = Encoding.UTF8.GetBytes(answer);
        response.StatusCode = status;
        response.ContentType = answer.StartsWith('{') ? "application/json" : "text/plain";
        response.ContentLength64 = bytes.Length;
        if (fault == Fault.Busy && RetryAfter is { } seconds) response.Headers["Retry-After"] = seconds.ToString(CultureInfo.InvariantCulture);
        if (fault == Fault.Redirect) response.RedirectLocation = RedirectTo!.ToString();
        if (fault == Fault.HalfBody)
        {
            await response.OutputStream.WriteAsync(bytes.AsMemory(0, bytes.Length / 2)).ConfigureAwait(false);
            await response.OutputStream.FlushAsync().ConfigureAwait(false);
            response.Abort();
            return;
        }

        await response.OutputStream.WriteAsync(bytes).ConfigureAwait(false);
        response.Close();
    }

    private (int Status, string Answer) Work(string method, string path, string body)
    {
        lock (_state)
        {
            try
            {
                if (path == "/") return (200, new JsonObject { ["title"] = Title, ["version"] = Version, ["commit"] = null }.ToJsonString());
                if (path is "/readyz" or "/healthz") return (200, "all shards are ready");
                var json = body.Length == 0 ? null : (JsonObject)JsonNode.Parse(body)!;
                return (200, new JsonObject { ["result"] = Route(method, path.Split('/', StringSplitOptions.RemoveEmptyEntries), json), ["status"] = "ok", ["time"] = 0.000123 }.ToJsonString());
            }
            catch (Missing e)
            {
                return (404, Error($"Not found: Collection `{e.Message}` doesn't exist!"));
            }
            catch (Exception e) when (e is Bad or JsonException or InvalidOperationException or KeyNotFoundException or NullReferenceException)
            {
                return (e.Message.StartsWith("Conflict", StringComparison.Ordinal) ? 409 : 400, Error(e.Message));
            }
        }

        static string Error(string message) => new JsonObject { ["time"] = 0.0, ["status"] = new JsonObject { ["error"] = message }, ["result"] = null }.ToJsonString();
    }

    private JsonNode? Route(string method, string[] path, JsonObject? body) => (method, path) switch
    {
        ("GET", ["collections"]) => new JsonObject { ["collections"] = Array(_collections.Keys.Order(StringComparer.Ordinal).Select(n => new JsonObject { ["name"] = n })) },
        ("GET", ["aliases"]) => new JsonObject { ["aliases"] = Array(_aliases.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => new JsonObject { ["alias_name"] = a.Key, ["collection_name"] = a.Value })) },
        ("POST", ["collections", "aliases"]) => ChangeAliases(body!),
        ("PUT", ["collections", var name]) => Create(name, body!),
        ("GET", ["collections", var name]) => Find(name).Describe(),
        ("PATCH", ["collections", var name]) => Find(name).Merge((JsonObject)body!["metadata"]!),
        ("DELETE", ["collections", var name]) => Drop(name),
        ("PUT", ["collections", var name, "index"]) => Find(name).Index((string)body!["field_name"]!, (string)body["field_schema"]!),
        ("POST", ["collections", var name, "points", "batch"]) => Array(((JsonArray)body!["operations"]!).Select(o => Find(name).Apply(Received((JsonObject)o!)))),
        ("POST", ["collections", var name, "points", "delete"]) => Find(name).Delete((JsonObject)body!["filter"]!),
        ("POST", ["collections", var name, "points", "count"]) => new JsonObject { ["count"] = Find(name).Where((JsonObject?)body!["filter"]).Count() },
        ("POST", ["collections", var name, "points", "scroll"]) => Find(name).Scroll(body!),
        ("POST", ["collections", var name, "points", "query", "batch"]) => Array(((JsonArray)body!["searches"]!).Select(s => Find(name).Query((JsonObject)s!))),
        ("POST", ["collections", var name, "facet"]) => Find(name).Facet(body!),
        ("POST", ["collections", var name, "snapshots"]) => Snapshot(name),
        ("GET", ["collections", var name, "snapshots"]) => Array(Snapshots(name).Select(s => s.DeepClone())),
        ("GET", ["collections", var name, "snapshots", var file]) => Snapshots(name).Any(s => (string)s["name"]! == file) ? "the bytes of a snapshot" : throw new Missing(file),
        _ => throw new Bad($"unknown operation {method} /{string.Join('/', path)}"),
    };

    private JsonObject Received(JsonObject operation)
    {
        Interlocked.Add(ref _received, (operation["upsert"]?["points"] as JsonArray)?.Count ?? 0);
        return operation;
    }

    private Collection Find(string name) =>
        _collections.GetValueOrDefault(_aliases.GetValueOrDefault(name) ?? name) ?? throw new Missing(name);

    private JsonNode Create(string name, JsonObject body)
    {
        if (_collections.ContainsKey(name)) throw new Bad($"Conflict: Collection `{name}` already exists!");
        _collections[name] = new Collection { Params = (JsonObject)body.DeepClone(), Metadata = (JsonObject?)body["metadata"]?.DeepClone() };
        return true;
    }

    private JsonNode Drop(string name)
    {
        var there = _collections.Remove(name);
        foreach (var alias in _aliases.Where(a => a.Value == name).Select(a => a.Key).ToList()) _aliases.Remove(alias);
        return there;
    }

    private JsonNode ChangeAliases(JsonObject body)
    {
        var next = new Dictionary<string, string>(_aliases, StringComparer.Ordinal);
        foreach (var action in (JsonArray)body["actions"]!)
        {
            if (action!["delete_alias"] is { } delete) next.Remove((string)delete["alias_name"]!);
            if (action["create_alias"] is not { } create) continue;
            var collection = (string)create["collection_name"]!;
            if (!_collections.ContainsKey(collection)) throw new Missing(collection);
            next[(string)create["alias_name"]!] = collection;
        }

        _aliases.Clear();
        foreach (var (alias, collection) in next) _aliases[alias] = collection;
        return true;
    }

    private JsonNode Snapshot(string name)
    {
        Find(name);
        var made = new JsonObject
        {
            ["name"] = string.Create(CultureInfo.InvariantCulture, $"{name}-{Snapshots(name).Count + 1}.snapshot"),
            ["creation_time"] = "2026-01-31T12:00:00",
            ["size"] = 1000,
            ["checksum"] = new string('a', 64),
        };
        Snapshots(name).Add(made);
        return made.DeepClone();
    }

    private List<JsonObject> Snapshots(string name)
    {
        if (!_snapshots.TryGetValue(name, out var list)) _snapshots[name] = list = [];
        return list;
    }

    private static JsonArray Array(IEnumerable<JsonNode?> nodes) => [.. nodes];

    private sealed class Missing(string name) : Exception(name);

    private sealed class Bad(string message) : Exception(message);

    private sealed record Point(float[] Dense, Dictionary<uint, float> Sparse, JsonObject Payload);

    private sealed class Collection
    {
        private int _operations;

        public required JsonObject Params { get; init; }

        public JsonObject? Metadata { get; init; }

        public Dictionary<string, Point> Points { get; } = new(StringComparer.Ordinal);

        private Dictionary<string, string> Indexes { get; } = new(StringComparer.Ordinal);

        public JsonNode Merge(JsonObject metadata)
        {
            foreach (var (key, value) in metadata) Metadata![key] = value?.DeepClone();
            return true;
        }

        public JsonNode Index(string field, string schema)
        {
            Indexes[field] = schema;
            return Updated();
        }

        public JsonNode Describe() => new JsonObject
        {
            ["status"] = "green",
            ["optimizer_status"] = "ok",
            ["points_count"] = Points.Count,
            ["segments_count"] = 1,
            ["config"] = new JsonObject
            {
                ["params"] = new JsonObject
                {
                    ["vectors"] = Params["vectors"]?.DeepClone(),
                    ["sparse_vectors"] = Params["sparse_vectors"]?.DeepClone(),
                    ["shard_number"] = 1,
                    ["replication_factor"] = 1,
                    ["write_consistency_factor"] = 1,
                    ["on_disk_payload"] = true,
                },
                ["hnsw_config"] = new JsonObject { ["m"] = 16, ["ef_construct"] = 100, ["full_scan_threshold"] = 10000 },
                ["optimizer_config"] = new JsonObject { ["deleted_threshold"] = 0.2, ["vacuum_min_vector_number"] = 1000, ["default_segment_number"] = 0, ["flush_interval_sec"] = 5 },
                ["metadata"] = Metadata?.DeepClone(),
            },
            ["payload_schema"] = new JsonObject(Indexes.Select(i => KeyValuePair.Create(i.Key, (JsonNode?)new JsonObject { ["data_type"] = i.Value, ["points"] = Points.Count }))),
        };

        public JsonNode Apply(JsonObject operation)
        {
            if (operation["upsert"] is { } upsert)
            {
                var points = ((JsonArray)upsert["points"]!).Select(p => (Id: (string)p!["id"]!, Point: Read((JsonObject)p))).ToList();
                foreach (var (id, point) in points) Points[id] = point;
            }
            else if (operation["delete"] is { } delete)
            {
                return Delete((JsonObject)delete["filter"]!);
            }
            else if (operation["delete_payload"] is { } clear)
            {
                foreach (var (_, point) in Where((JsonObject)clear["filter"]!).ToList())
                {
                    foreach (var key in (JsonArray)clear["keys"]!) point.Payload.Remove((string)key!);
                }
            }
            else
            {
                throw new Bad("unknown update operation");
            }

            return Updated();
        }

        public JsonNode Delete(JsonObject filter)
        {
            foreach (var (id, _) in Where(filter).ToList()) Points.Remove(id);
            return Updated();
        }

        public IEnumerable<KeyValuePair<string, Point>> Where(JsonObject? filter) =>
            filter is null ? Points : Points.Where(p => Passes(p.Value.Payload, filter));

        public JsonNode Scroll(JsonObject body)
        {
            var offset = (string?)body["offset"];
            var limit = (int)body["limit"]!;
            var page = Where((JsonObject?)body["filter"]).Where(p => offset is null || string.CompareOrdinal(p.Key, offset) >= 0)
                .OrderBy(p => p.Key, StringComparer.Ordinal).Take(limit + 1).ToList();
            return new JsonObject
            {
                ["points"] = Array(page.Take(limit).Select(p => new JsonObject { ["id"] = p.Key, ["payload"] = Select(p.Value.Payload, body["with_payload"]) })),
                ["next_page_offset"] = page.Count > limit ? page[limit].Key : null,
            };
        }

        public JsonNode Query(JsonObject search)
        {
            if ((bool?)search["params"]?["exact"] != true) throw new Bad("this stand-in knows only exact searches");
            Func<Point, float?> score;
            if ((string)search["using"]! == "dense")
            {
                var query = ((JsonArray)search["query"]!).Select(v => (float)v!).ToArray();
                var size = (int)Params["vectors"]!["dense"]!["size"]!;
                if (query.Length != size) throw new Bad($"Wrong input: Vector dimension error: expected dim: {size}, got {query.Length}");
                score = p => Dot(query, p.Dense);
            }
            else
            {
                var (terms, weights) = Sparse((JsonObject)search["query"]!);
                score = p => Dot(terms, weights, p.Sparse);
            }

            var limit = (int)search["limit"]!;
            var best = Where((JsonObject?)search["filter"]).Select(p => (p.Key, p.Value.Payload, Score: score(p.Value))).Where(p => p.Score is not null)
                // Ties come in the order of nothing in particular, as from the real engine.
                .OrderByDescending(p => p.Score).ThenByDescending(p => p.Key, StringComparer.Ordinal).Take(limit);
            return new JsonObject
            {
                ["points"] = Array(best.Select(p => new JsonObject { ["id"] = p.Key, ["version"] = 0, ["score"] = p.Score!.Value, ["payload"] = Select(p.Payload, search["with_payload"]) })),
            };
        }

        public JsonNode Facet(JsonObject body)
        {
            var key = (string)body["key"]!;
            if (!Indexes.ContainsKey(key)) throw new Bad($"Bad request: No appropriate index for faceting: `{key}`");
            var counts = Where((JsonObject?)body["filter"]).SelectMany(p => Values(p.Value.Payload, key).Select(v => v.ToJsonString()).Distinct())
                .GroupBy(v => v).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Take((int)body["limit"]!);
            return new JsonObject { ["hits"] = Array(counts.Select(g => new JsonObject { ["value"] = JsonNode.Parse(g.Key), ["count"] = g.Count() })) };
        }

        private JsonObject Updated() => new() { ["operation_id"] = _operations++, ["status"] = "completed" };

        private Point Read(JsonObject point)
        {
            var id = Guid.Parse((string)point["id"]!);
            var dense = ((JsonArray)point["vector"]!["dense"]!).Select(v => (float)v!).ToArray();
            var size = (int)Params["vectors"]!["dense"]!["size"]!;
            if (dense.Length != size) throw new Bad($"Wrong input: Vector dimension error: expected dim: {size}, got {dense.Length}");
            var sparse = point["vector"]!["lexical"] is JsonObject lexical ? Sparse(lexical) : ([], []);
            if (sparse.Terms.Distinct().Count() != sparse.Terms.Length) throw new Bad($"Validation error: indices of {id} must be unique");
            return new Point(dense, sparse.Terms.Zip(sparse.Weights).ToDictionary(p => p.First, p => p.Second), (JsonObject)point["payload"]!.DeepClone());
        }

        private static (uint[] Terms, float[] Weights) Sparse(JsonObject vector)
        {
            var terms = ((JsonArray)vector["indices"]!).Select(v => (uint)v!).ToArray();
            var weights = ((JsonArray)vector["values"]!).Select(v => (float)v!).ToArray();
            return terms.Length == weights.Length ? (terms, weights) : throw new Bad("Validation error: must be the same length as values");
        }

        private static float Dot(float[] a, float[] b)
        {
            var sum = 0f;
            for (var i = 0; i < a.Length; i++) sum += a[i] * b[i];
            return sum;
        }

        private static float? Dot(uint[] terms, float[] weights, Dictionary<uint, float> passage)
        {
            var (sum, any) = (0f, false);
            for (var i = 0; i < terms.Length; i++)
            {
                if (!passage.TryGetValue(terms[i], out var weight)) continue;
                sum += weights[i] * weight;
                any = true;
            }

            return any ? sum : null;
        }

        private static JsonNode? Select(JsonObject payload, JsonNode? wanted) => wanted is JsonArray names
            ? new JsonObject(names.Select(n => (string)n!).Where(payload.ContainsKey).Select(n => KeyValuePair.Create(n, payload[n]?.DeepClone())))
            : payload.DeepClone();

        private static bool Passes(JsonObject payload, JsonObject filter)
        {
            foreach (var (clause, conditions) in filter)
            {
                var all = (JsonArray)conditions!;
                var passes = clause switch
                {
                    "must" => all.All(c => Holds(payload, (JsonObject)c!)),
                    "must_not" => !all.Any(c => Holds(payload, (JsonObject)c!)),
                    "should" => all.Any(c => Holds(payload, (JsonObject)c!)),
                    _ => throw new Bad($"unknown filter clause {clause}"),
                };
                if (!passes) return false;
            }

            return true;
        }

        private static bool Holds(JsonObject payload, JsonObject condition)
        {
            var values = Values(payload, (string)condition["key"]!);
            if (condition["match"] is JsonObject match)
            {
                return match["any"] is JsonArray any ? values.Any(v => any.Any(a => JsonNode.DeepEquals(a, v))) : values.Any(v => JsonNode.DeepEquals(match["value"], v));
            }

            var range = (JsonObject)condition["range"]!;
            return values.Any(v => (range["gte"] is not { } from || (double)v >= (double)from) && (range["lte"] is not { } to || (double)v <= (double)to));
        }

        private static IEnumerable<JsonNode> Values(JsonObject payload, string key)
        {
            JsonNode? node = payload;
            foreach (var part in key.Split('.')) node = (node as JsonObject)?[part];
            return node switch { null => [], JsonArray list => list.OfType<JsonNode>(), var one => [one] };
        }
    }
}
