using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CoopAI.Web.Tests.Api;

/// <summary>Five thousand requests made from the interface's own description, some right, most wrong in one place: each reply is as the description says, and nothing is a fault of the service.</summary>
public sealed class ApiFuzzTests
{
    private const int Seed = 13, Requests = 5000;

    private static readonly string[] Words = ["", " ", "youth", "young people", "Northbeck Council", "Millford", "a", "é", "日本語", "\u202e", "\ud800", "null", "-1", "2022", "'; DROP TABLE users; --", "<script>alert(1)</script>", "../../etc/passwd", "%00", "learning", "disagree", "accepted", "VG06", "json", "csv", "published", "2018..2022", "2026-W01"];

    // What costs much, or ends what others need, comes seldom.
    private static readonly Dictionary<string, int> Weights = new(StringComparer.Ordinal)
    {
        ["PostAnswer"] = 6, ["PostCaseStudy"] = 2, ["PutCaseStudy"] = 2, ["DeleteCaseStudy"] = 2, ["PostCaseStudyTags"] = 2, ["GetTagReport"] = 1, ["GetTagQueue"] = 2, ["GetCoverage"] = 1, ["PostTags"] = 3, ["PutAnswering"] = 1, ["GetVerification"] = 2, ["PostSimilar"] = 4,
    };

    [Fact]
    public async Task Every_reply_is_as_the_interface_describes_it()
    {
        await using var api = new ApiFixture();
        await api.InitializeAsync();
        var schema = new ApiSchema((await api.Client.GetFromJsonAsync<JsonObject>("/openapi/v1.json", TestContext.Current.CancellationToken))!);
        // A client of its own: faults are gathered here.
        using var client = new HttpClient { BaseAddress = api.Client.BaseAddress };
        var random = new Random(Seed);
        var turns = schema.Operations.SelectMany(o => Enumerable.Repeat(o, Weights.GetValueOrDefault(o.Id, 8))).ToArray();
        using var answered = await client.PostAsJsonAsync("/api/answers", new { question = "Which councils let young people share out money for youth projects?" }, TestContext.Current.CancellationToken);
        var answer = (string)(await answered.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))!["id"]!;
        var (statuses, faults) = (new SortedDictionary<int, int>(), new List<string>());

        for (var i = 0; i < Requests && faults.Count < 20; i++)
        {
            // Whoever switched answering off would hide the rest.
            if (i % 100 == 0) (await client.PutAsJsonAsync("/api/settings/answering", new { on = true, by = "Ann", reason = "Back on." }, TestContext.Current.CancellationToken)).Dispose();
            var operation = turns[random.Next(turns.Length)];
            using var request = Make(schema, operation, random, answer);
            using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
            statuses[(int)response.StatusCode] = statuses.GetValueOrDefault((int)response.StatusCode) + 1;
            var fault = (int)response.StatusCode is 500 or 504 ? $"{response.StatusCode}: {await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}" : await schema.FindFaultAsync(operation, response);
            if (fault is not null) faults.Add($"{i}: {fault}\n    {request.Method} {request.RequestUri} {(request.Content is StringContent body ? await body.ReadAsStringAsync(TestContext.Current.CancellationToken) : "")}");
        }

        Assert.True(faults.Count == 0, $"seed {Seed}\n{string.Join('\n', faults.Select(f => f.Length > 900 ? f[..900] : f))}");
        // Right requests are among them, and wrong ones.
        Assert.True(statuses.GetValueOrDefault(200) > 500 && statuses.GetValueOrDefault(400) > 500 && statuses.GetValueOrDefault(201) > 20, string.Join(", ", statuses));
    }

    [Fact]
    public async Task A_parameter_of_another_kind_is_named_without_a_type_of_the_program()
    {
        await using var api = new ApiFixture();
        await api.InitializeAsync();

        var detail = (string)(await (await api.Client.GetAsync("/api/ledger?before=soon", TestContext.Current.CancellationToken)).Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))!["detail"]!;

        Assert.StartsWith("before: \"soon\"", detail, StringComparison.Ordinal);
        Assert.DoesNotContain("Nullable", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_type_has_one_schema_and_each_operation_its_own_body()
    {
        await using var api = new ApiFixture();
        await api.InitializeAsync();
        var document = (await api.Client.GetFromJsonAsync<JsonObject>("/openapi/v1.json", TestContext.Current.CancellationToken))!;
        var schema = new ApiSchema(document);

        Assert.DoesNotContain(schema.ComponentNames, n => n is "Request" or "Response");
        var bodies = schema.Operations.Select(o => (o.Id, Ref: (string?)o.Json["requestBody"]?["content"]?["application/json"]?["schema"]?["$ref"])).Where(b => b.Ref is not null).ToList();
        // Adding and editing take the same case study; every other body is one operation's alone.
        Assert.Equal(["CaseStudy"], bodies.GroupBy(b => b.Ref![(b.Ref!.LastIndexOf('/') + 1)..]).Where(g => g.Count() > 1).Select(g => g.Key));
        Assert.Equal(["question"], schema.Component("PostAnswerRequest")["required"]!.AsArray().Select(r => (string)r!));
        Assert.Contains("verdict", schema.Component("PostReviewRequest")["required"]!.AsArray().Select(r => (string)r!));
        Assert.All(schema.Operations, o => Assert.True(o.Json["responses"]!.AsObject().Select(r => r.Key).ToHashSet(StringComparer.Ordinal).IsSupersetOf(["400", "429", "500", "503", "504"]), o.Id));
    }

    private static HttpRequestMessage Make(ApiSchema schema, ApiSchema.Operation operation, Random random, string answer)
    {
        var path = new StringBuilder(operation.Path);
        var query = new List<string>();
        foreach (var parameter in (operation.Json["parameters"] as JsonArray ?? []).Select(p => p!.AsObject()))
        {
            var (name, place) = ((string)parameter["name"]!, (string)parameter["in"]!);
            if (place == "path")
            {
                var value = (name, random.Next(4)) switch { ("slug", > 0) => random.Next(2) == 0 ? "youth-panel" : "housing-co-op", ("id", > 0) => answer, ("index", > 0) => random.Next(6).ToString(System.Globalization.CultureInfo.InvariantCulture), _ => Text(random) is { Length: > 0 } t ? t : "x" };
                path.Replace($"{{{name}}}", Uri.EscapeDataString(value.Replace('/', '-')));
            }
            else if (place == "query" && ((bool?)parameter["required"] == true || random.Next(3) == 0))
            {
                var value = Value(schema, parameter["schema"]?.AsObject() ?? [], random, 0);
                query.Add($"{name}={Uri.EscapeDataString(value is JsonValue v && v.TryGetValue<string>(out var s) ? s : value is JsonArray a && a.Count > 0 ? a[0]!.ToString() : value?.ToJsonString() ?? "")}");
            }
        }

        var request = new HttpRequestMessage(new HttpMethod(operation.Method), path + (query.Count > 0 ? "?" + string.Join('&', query) : ""));
        if (operation.Method is "PUT" or "DELETE" && random.Next(3) > 0) request.Headers.TryAddWithoutValidation("If-Match", "*");
        if (operation.Json["requestBody"]?["content"]?["application/json"]?["schema"] is JsonObject body)
        {
            var json = Value(schema, body, random, 0);
            Spoil(json, random);
            var text = json?.ToJsonString() ?? "null";
            request.Content = new StringContent(random.Next(40) == 0 ? text[..(text.Length / 2)] : text, Encoding.UTF8, random.Next(60) == 0 ? "text/plain" : "application/json");
        }

        return request;
    }

    /// <summary>A value of a schema; one in eight is of another kind or past a limit.</summary>
    private static JsonNode? Value(ApiSchema schema, JsonObject of, Random random, int depth)
    {
        of = schema.Resolve(of);
        if (of["oneOf"] is JsonArray choices) return Value(schema, choices[random.Next(choices.Count)]!.AsObject(), random, depth);
        if (random.Next(24) == 0) return Odd(random);
        if (of["enum"] is JsonArray values) return values[random.Next(values.Count)]?.DeepClone();
        var types = ApiSchema.TypesOf(of);
        switch (types.Count == 0 ? "string" : types[random.Next(types.Count)])
        {
            case "null": return null;
            case "boolean": return random.Next(2) == 0;
            case "integer" or "number": return random.Next(5) switch { 0 => 0, 1 => -1, 2 => int.MaxValue, _ => random.Next(1, 60) };
            case "array": return depth > 4 ? new JsonArray() : new JsonArray([.. Enumerable.Range(0, random.Next(3)).Select(_ => Value(schema, of["items"]?.AsObject() ?? [], random, depth + 1))]);
            case "object":
                var made = new JsonObject();
                if (depth > 4) return made;
                var required = of["required"] as JsonArray;
                foreach (var (name, member) in of["properties"] as JsonObject ?? [])
                {
                    if (required?.Any(r => (string)r! == name) == true || random.Next(2) == 0) made[name] = Value(schema, member!.AsObject(), random, depth + 1);
                }

                return made;
            default: return Text(random);
        }
    }

    private static string Text(Random random) => random.Next(12) switch
    {
        0 => new string('x', random.Next(1, 3000)),
        1 => $"How do councils share money with young people, {random.Next(100)}?",
        _ => Clean(Words[random.Next(Words.Length)]),
    };

    // A lone half of a surrogate pair is no JSON.
    private static string Clean(string text) => text.Contains('\ud800', StringComparison.Ordinal) ? "half" : text;

    private static JsonNode? Odd(Random random) => random.Next(7) switch { 0 => null, 1 => 12, 2 => true, 3 => new JsonArray(1, "a"), 4 => new JsonObject { ["a"] = 1 }, 5 => 1.5, _ => "odd" };

    // One field left out, added or misspelt.
    private static void Spoil(JsonNode? json, Random random)
    {
        if (json is not JsonObject o || random.Next(2) == 0) return;
        switch (random.Next(3))
        {
            case 0 when o.Count > 0: o.Remove(o.ElementAt(random.Next(o.Count)).Key); break;
            case 1: o["unknownField"] = "x"; break;
            default:
                if (o.Count == 0) break;
                var (name, value) = o.ElementAt(random.Next(o.Count));
                o.Remove(name);
                o[name + "s"] = value?.DeepClone();
                break;
        }
    }
}
