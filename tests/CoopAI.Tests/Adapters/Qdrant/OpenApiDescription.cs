using System.Globalization;
using System.Text.Json.Nodes;

namespace CoopAI.Tests.Adapters.Qdrant;

/// <summary>Checks requests and answers against an OpenAPI 3.0 description: the parts of JSON Schema that Qdrant's uses.</summary>
/// <remarks>Stricter than the standard in one point: a property that a schema with listed properties does not list is an error, since it would be a misspelling here.</remarks>
public sealed class OpenApiDescription(JsonObject root)
{
    private const int MaxDepth = 64;

    /// <summary>The description that lies beside the repository; without it the test is skipped by name.</summary>
    public static OpenApiDescription LoadOrSkip()
    {
        var path = RepositoryFiles.FindShared("qdrant", "openapi.json");
        Assert.SkipWhen(path is null, "../shared/qdrant/openapi.json is not there: no description to check against.");
        return new((JsonObject)JsonNode.Parse(File.ReadAllText(path!))!);
    }

    /// <summary>What is wrong with a request; empty: nothing.</summary>
    public IReadOnlyList<string> CheckRequest(string method, string path, string query, string? body)
    {
        if (FindOperation(method, path) is not { } operation) return [$"{method} {path} is not described"];
        var errors = new List<string>();
        var parameters = (operation["parameters"] as JsonArray ?? []).OfType<JsonObject>().Where(p => (string)p["in"]! == "query").ToDictionary(p => (string)p["name"]!);
        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('=')))
        {
            if (!parameters.TryGetValue(pair[0], out var parameter)) errors.Add($"query parameter '{pair[0]}' is not described");
            else errors.AddRange(Check(JsonNode.Parse(pair[1]), parameter["schema"], $"?{pair[0]}", 0));
        }

        var schema = operation["requestBody"]?["content"]?["application/json"]?["schema"];
        if (schema is null)
        {
            if (body is not null and not "{}") errors.Add("a body is sent where none is described");
        }
        else if (body is not null)
        {
            errors.AddRange(Check(JsonNode.Parse(body), schema, "$", 0));
        }

        return errors;
    }

    /// <summary>What is wrong with a 200 answer; empty: nothing.</summary>
    public IReadOnlyList<string> CheckAnswer(string method, string path, string answer)
    {
        if (FindOperation(method, path) is not { } operation) return [$"{method} {path} is not described"];
        var content = operation["responses"]?["200"]?["content"] as JsonObject;
        return content?["application/json"]?["schema"] is { } schema ? [.. Check(JsonNode.Parse(answer), schema, "$", 0)] : [];
    }

    private JsonObject? FindOperation(string method, string path)
    {
        var parts = path.Split('/');
        return ((JsonObject)root["paths"]!)
            .Where(p => Fits(p.Key.Split('/'), parts)).OrderBy(p => p.Key.Count(c => c == '{'))
            .Select(p => p.Value?[method.ToLowerInvariant()] as JsonObject).FirstOrDefault(o => o is not null);

        static bool Fits(string[] template, string[] parts) =>
            template.Length == parts.Length && template.Zip(parts).All(p => p.First == p.Second || (p.First.StartsWith('{') && p.Second.Length > 0));
    }

    private IEnumerable<string> Check(JsonNode? value, JsonNode? schemaNode, string at, int depth)
    {
        if (depth > MaxDepth) return [$"{at}: nested too deeply"];
        if (schemaNode is not JsonObject schema) return [];
        if ((string?)schema["$ref"] is { } reference)
            return Check(value, reference.TrimStart('#', '/').Split('/').Aggregate((JsonNode)root, (node, part) => node[part]!), at, depth + 1);
        if (value is null && ((bool?)schema["nullable"] == true || IsNullBranch(schema))) return [];

        foreach (var key in new[] { "anyOf", "oneOf" })
        {
            if (schema[key] is not JsonArray branches) continue;
            var tries = branches.Select(b => Check(value, b, at, depth + 1).ToList()).ToList();
            return tries.Any(t => t.Count == 0) ? [] : [$"{at}: fits none of {branches.Count} forms ({tries.MinBy(t => t.Count)![0]})"];
        }

        var errors = (schema["allOf"] as JsonArray ?? []).SelectMany(b => Check(value, b, at, depth + 1)).ToList();
        if (schema["enum"] is JsonArray allowed && !allowed.Any(a => JsonNode.DeepEquals(a, value))) errors.Add($"{at}: {value?.ToJsonString()} is not one of {allowed.ToJsonString()}");
        errors.AddRange((string?)schema["type"] switch
        {
            "object" => CheckObject(value, schema, at, depth),
            "array" => value is JsonArray items
                ? items.SelectMany((item, i) => Check(item, schema["items"], string.Create(CultureInfo.InvariantCulture, $"{at}[{i}]"), depth + 1)) : [$"{at}: no array"],
            "string" => Is(value, System.Text.Json.JsonValueKind.String) ? CheckFormat(value!, schema, at) : [$"{at}: no string"],
            "boolean" => Is(value, System.Text.Json.JsonValueKind.True) || Is(value, System.Text.Json.JsonValueKind.False) ? [] : [$"{at}: no boolean"],
            "number" => CheckNumber(value, schema, at, whole: false),
            "integer" => CheckNumber(value, schema, at, whole: true),
            null => IsNullBranch(schema) && value is not null ? [$"{at}: not null"] : [],
            var other => [$"{at}: the description has the unknown type {other}"],
        });
        return errors;
    }

    // "anyOf": [ {...}, {"nullable": true} ] is how the description says "or null".
    private static bool IsNullBranch(JsonObject schema) => schema.Count == 1 && (bool?)schema["nullable"] == true;

    private static bool Is(JsonNode? value, System.Text.Json.JsonValueKind kind) => value?.GetValueKind() == kind;

    private IEnumerable<string> CheckObject(JsonNode? value, JsonObject schema, string at, int depth)
    {
        if (value is not JsonObject item) return [$"{at}: no object"];
        var properties = schema["properties"] as JsonObject ?? [];
        var errors = (schema["required"] as JsonArray ?? []).Select(r => (string)r!).Where(r => !item.ContainsKey(r)).Select(r => $"{at}: '{r}' is missing").ToList();
        foreach (var (name, inner) in item)
        {
            if (properties[name] is { } known) errors.AddRange(Check(inner, known, $"{at}.{name}", depth + 1));
            else if (schema["additionalProperties"] is JsonObject others) errors.AddRange(Check(inner, others, $"{at}.{name}", depth + 1));
            else if (properties.Count > 0 && (schema["additionalProperties"] is not JsonValue open || !open.GetValue<bool>())) errors.Add($"{at}: '{name}' is not described");
        }

        return errors;
    }

    private static IEnumerable<string> CheckFormat(JsonNode value, JsonObject schema, string at) =>
        (string?)schema["format"] == "uuid" && !Guid.TryParse((string)value!, out _) ? [$"{at}: no UUID"]
        : schema["minLength"] is { } least && ((string)value!).Length < (int)least ? [$"{at}: too short"]
        : [];

    private static IEnumerable<string> CheckNumber(JsonNode? value, JsonObject schema, string at, bool whole)
    {
        if (!Is(value, System.Text.Json.JsonValueKind.Number)) return [$"{at}: no number"];
        var number = double.Parse(value!.ToJsonString(), CultureInfo.InvariantCulture);
        if (whole && number != Math.Floor(number)) return [$"{at}: {number} is not whole"];
        if (schema["minimum"] is { } least && number < (double)least) return [$"{at}: {number} is below {least}"];
        if (schema["maximum"] is { } most && number > (double)most) return [$"{at}: {number} is above {most}"];
        return (string?)schema["format"] == "uint32" && number > uint.MaxValue ? [$"{at}: {number} does not fit 32 bits"] : [];
    }
}
