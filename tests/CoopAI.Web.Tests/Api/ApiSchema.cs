using System.Text.Json.Nodes;

namespace CoopAI.Web.Tests.Api;

/// <summary>The description at <c>/openapi/v1.json</c>, and whether a reply is as it says.</summary>
internal sealed class ApiSchema(JsonObject document)
{
    private const int MaxDepth = 64;

    private readonly List<Operation> _operations = [.. document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()
        .Where(o => o.Key is "get" or "post" or "put" or "delete").Select(o => new Operation(o.Key.ToUpperInvariant(), path.Key, o.Value!.AsObject())))];

    /// <summary>One address and method.</summary>
    internal sealed record Operation(string Method, string Path, JsonObject Json)
    {
        private readonly string[] _parts = Path.Trim('/').Split('/');

        public string Id => (string?)Json["operationId"] ?? $"{Method} {Path}";

        public bool Fits(string method, string path)
        {
            var parts = path.Trim('/').Split('/');
            return method == Method && parts.Length == _parts.Length && parts.Zip(_parts).All(p => p.Second.StartsWith('{') || p.First == p.Second);
        }
    }

    public IReadOnlyList<Operation> Operations => _operations;

    /// <summary>The schema of a component by its name.</summary>
    public JsonObject Component(string name) => document["components"]!["schemas"]![name]!.AsObject();

    public IEnumerable<string> ComponentNames => document["components"]!["schemas"]!.AsObject().Select(s => s.Key);

    /// <summary>The operation of a request; an address without placeholders goes before one with them.</summary>
    public Operation? Find(string method, string path) => _operations.Where(o => o.Fits(method, path)).OrderBy(o => o.Path.Count(c => c == '{')).FirstOrDefault();

    /// <summary>What is wrong with a reply; null: nothing.</summary>
    public async Task<string?> FindFaultAsync(Operation operation, HttpResponseMessage response)
    {
        var status = ((int)response.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (operation.Json["responses"]?[status] is not JsonObject declared) return $"{operation.Method} {operation.Path} answers {status}, which is not declared: {await response.Content.ReadAsStringAsync()}";
        var bytes = await response.Content.ReadAsByteArrayAsync();
        var content = declared["content"] as JsonObject;
        if (bytes.Length == 0) return content is null || status is "401" or "403" ? null : $"{operation.Method} {operation.Path} answers {status} with nothing";
        var type = response.Content.Headers.ContentType?.MediaType ?? "";
        if (content?.FirstOrDefault(c => c.Key.Split(';')[0] == type).Value is not JsonObject media) return $"{operation.Method} {operation.Path} answers {status} as {type}, which is not declared";
        if (!type.EndsWith("json", StringComparison.Ordinal) || type == "application/x-ndjson" || media["schema"] is not JsonObject schema) return null;
        if (type == "application/json" && (string?)schema["type"] == "string") return null;
        JsonNode? json;
        try
        {
            json = JsonNode.Parse(bytes);
        }
        catch (System.Text.Json.JsonException e)
        {
            return $"{operation.Method} {operation.Path} answers {status} with broken JSON: {e.Message}";
        }

        return Check(schema, json, "$", 0) is { } fault ? $"{operation.Method} {operation.Path} answers {status}: {fault}" : null;
    }

    /// <summary>The schema behind a reference.</summary>
    public JsonObject Resolve(JsonObject schema)
    {
        while ((string?)schema["$ref"] is { } reference) schema = Component(reference[(reference.LastIndexOf('/') + 1)..]);
        return schema;
    }

    private string? Check(JsonObject schema, JsonNode? value, string at, int depth)
    {
        if (depth > MaxDepth) return null;
        schema = Resolve(schema);
        foreach (var (word, all) in ((string, bool)[])[("oneOf", false), ("anyOf", false), ("allOf", true)])
        {
            if (schema[word] is not JsonArray choices) continue;
            var faults = choices.Select(c => Check(c!.AsObject(), value, at, depth + 1)).ToList();
            if (all ? faults.FirstOrDefault(f => f is not null) is { } fault : faults.TrueForAll(f => f is not null) && (fault = string.Join(" or ", faults)) is not null) return fault;
        }

        if (TypesOf(schema) is { Count: > 0 } types && !types.Contains(TypeOf(value)) && !(TypeOf(value) == "integer" && types.Contains("number"))) return $"{at} is {TypeOf(value)}, not {string.Join(" or ", types)}";
        if (schema["enum"] is JsonArray values && !values.Any(v => JsonNode.DeepEquals(v, value))) return $"{at} is {value?.ToJsonString() ?? "null"}, not one of {values.ToJsonString()}";
        switch (value)
        {
            case JsonObject o:
                var properties = schema["properties"] as JsonObject;
                if (schema["required"] is JsonArray required && required.FirstOrDefault(r => !o.ContainsKey((string)r!)) is { } missing) return $"{at} lacks {missing}";
                foreach (var (name, member) in o)
                {
                    var known = properties?[name] as JsonObject;
                    if (known is null && schema["additionalProperties"] is JsonValue extra && extra.TryGetValue<bool>(out var allowed) && !allowed) return $"{at} has {name}, which is not described";
                    if ((known ?? schema["additionalProperties"] as JsonObject) is { } described && Check(described, member, $"{at}.{name}", depth + 1) is { } inner) return inner;
                }

                return null;
            case JsonArray a when schema["items"] is JsonObject items:
                return a.Select((item, i) => Check(items, item, $"{at}[{i}]", depth + 1)).FirstOrDefault(f => f is not null);
            default:
                return null;
        }
    }

    internal static IReadOnlyList<string> TypesOf(JsonObject schema) => schema["type"] switch
    {
        JsonArray several => [.. several.Select(t => (string)t!)],
        JsonValue one => (bool?)schema["nullable"] == true ? [(string)one!, "null"] : [(string)one!],
        _ => [],
    };

    private static string TypeOf(JsonNode? value) => value switch
    {
        null => "null",
        JsonObject => "object",
        JsonArray => "array",
        _ => value.GetValueKind() switch
        {
            System.Text.Json.JsonValueKind.String => "string",
            System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False => "boolean",
            _ => value.ToJsonString().AsSpan().ContainsAny('.', 'e', 'E') ? "number" : "integer",
        },
    };
}

/// <summary>Holds each reply of the interface to its description, whichever test asked.</summary>
internal sealed class HeldToSchema(Func<ApiSchema?> schema) : DelegatingHandler(new HttpClientHandler())
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        // Forms lead on to other addresses; what was answered in the end counts.
        var last = response.RequestMessage ?? request;
        // Another host's name is turned away before any of the interface is reached.
        if (request.Headers.Host is null && schema() is { } described && described.Find(last.Method.Method, Uri.UnescapeDataString(last.RequestUri!.AbsolutePath)) is { } operation && (int)response.StatusCode is not (404 or 405))
        {
            await response.Content.LoadIntoBufferAsync(cancellationToken);
            if (await described.FindFaultAsync(operation, response) is { } fault) Assert.Fail(fault);
        }

        return response;
    }
}
