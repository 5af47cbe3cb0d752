using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CoopAI.Core;

namespace CoopAI.Evaluation.Reporting;

/// <summary>One run of one or more suites. Two runs on the same input give the same bytes but for what stands under "times".</summary>
/// <param name="Version">Of the product that was measured.</param>
/// <param name="Started">When the run began; stands with the other times.</param>
public sealed record EvaluationReport(
    string Title,
    string Version,
    DateTimeOffset Started,
    IReadOnlyList<SuiteReport> Suites,
    IReadOnlyList<Comparison> Comparisons,
    IReadOnlyList<GateResult> Gates)
{
    public bool GatesMet => Gates.All(g => g.Met);

    /// <summary>Names of metrics as the command line prints them: plain for one suite, <c>suite/metric</c> for several.</summary>
    public JsonObject Metrics() => new(Suites.SelectMany(s => s.Figures.Select(f =>
        KeyValuePair.Create(Suites.Count == 1 ? f.Name : $"{s.Name}/{f.Name}", (JsonNode?)Json(f.Figure)))));

    /// <summary>The one document of <c>--json</c>.</summary>
    public JsonObject Summary() => new()
    {
        ["metrics"] = Metrics(),
        ["notes"] = Texts(Suites.SelectMany(s => s.Notes)),
        ["comparisons"] = new JsonArray([.. Comparisons.Select(c => Json(c, items: false))]),
        ["gates"] = new JsonArray([.. Gates.Select(Json)]),
        ["times"] = Times(),
    };

    /// <summary>Everything, as <c>report.json</c>.</summary>
    public JsonObject ToJson() => new()
    {
        ["format"] = 1,
        ["title"] = Title,
        ["version"] = Version,
        ["suites"] = new JsonArray([.. Suites.Select(Json)]),
        ["comparisons"] = new JsonArray([.. Comparisons.Select(c => Json(c, items: true))]),
        ["gates"] = new JsonArray([.. Gates.Select(Json)]),
        ["times"] = Times(),
    };

    /// <summary>Writes <c>report.html</c>, <c>report.json</c>, <c>run.trec</c> and <c>predictions.jsonl</c>; the last two when there is anything for them.</summary>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "report.html"), HtmlReport.Render(this));
        File.WriteAllText(Path.Combine(folder, "report.json"), ToJson().ToJsonString(CoopJson.Indented) + "\n");
        SuiteReport[] ranked = [.. Suites.Where(s => s.Run is not null)];
        foreach (var suite in ranked)
        {
            // Topics may repeat between collections, so each further run is a file of its own.
            using var writer = new StreamWriter(Path.Combine(folder, ranked.Length == 1 ? "run.trec" : suite.Name + ".run.trec"));
            suite.Run!.Write(writer);
        }

        if (Suites.Any(s => s.Predictions.Count > 0))
            WriteLines(Path.Combine(folder, "predictions.jsonl"), Suites.Count == 1 ? Suites[0].Predictions : Suites.SelectMany(s => s.Predictions.Select(p => Named(s.Name, p))));
    }

    // Ids may repeat between suites, so each line says whose it is.
    private static JsonObject Named(string suite, JsonObject prediction) =>
        new([KeyValuePair.Create("suite", (JsonNode?)suite), .. prediction.Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone()))]);

    /// <summary>One JSON object a line.</summary>
    public static void WriteLines(string path, IEnumerable<JsonObject> lines)
    {
        using var writer = new StreamWriter(path) { NewLine = "\n" };
        foreach (var line in lines) writer.WriteLine(line.ToJsonString(CoopJson.Options));
    }

    /// <summary>The values of each item that an earlier <c>report.json</c> holds.</summary>
    /// <exception cref="EvaluationInputException">The file is no such report.</exception>
    public static IReadOnlyList<(string Suite, ItemScores Items)> ReadItems(string path)
    {
        var text = string.Join('\n', Files.TextLines.Read(path).Select(l => l.Text));
        try
        {
            using var report = JsonDocument.Parse(text);
            return [.. report.RootElement.GetProperty("suites").EnumerateArray().SelectMany(s => s.GetProperty("items").EnumerateObject().Select(i =>
                (s.GetProperty("name").GetString()!, new ItemScores(i.Name, [.. i.Value.EnumerateObject().Select(v => (v.Name, v.Value.GetDouble()))]))))];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new EvaluationInputException(path, null, "this is not a report.json of an earlier run.", e);
        }
    }

    /// <summary><c>{"value","low","high","n"}</c>; for a figure that was not measured all are null but n, and "reason" says why.</summary>
    public static JsonObject Json(Figure figure) => figure switch
    {
        Figure.Measured m => new JsonObject { ["value"] = Round(m.Value), ["low"] = Round(m.Low), ["high"] = Round(m.High), ["n"] = m.N, ["smallSample"] = m.SmallSample },
        Figure.NotMeasured n => new JsonObject { ["value"] = null, ["low"] = null, ["high"] = null, ["n"] = 0, ["reason"] = n.Reason },
        _ => throw new NotSupportedException(figure.GetType().Name),
    };

    // Six decimals: what lies beyond is rounding of the processor, not information.
    internal static double? Round(double? value) => value is { } v ? Math.Round(v, 6) : null;

    private static JsonObject Json(SuiteReport suite) => new()
    {
        ["name"] = suite.Name,
        ["title"] = suite.Title,
        ["description"] = suite.Description,
        ["figures"] = new JsonObject(suite.Figures.Select(f => KeyValuePair.Create(f.Name, (JsonNode?)Json(f.Figure)))),
        ["notes"] = Texts(suite.Notes),
        ["tables"] = new JsonArray([.. suite.Tables.Select(t => new JsonObject
        {
            ["title"] = t.Title,
            ["columns"] = Texts(t.Columns),
            ["rows"] = new JsonArray([.. t.Rows.Select(Texts)]),
        })]),
        ["items"] = new JsonObject(suite.Items.Select(i => KeyValuePair.Create(i.Metric, (JsonNode?)Values(i.Values)))),
    };

    private static JsonObject Json(Comparison comparison, bool items)
    {
        var json = new JsonObject
        {
            ["suite"] = comparison.Suite,
            ["metric"] = comparison.Metric,
            ["baseline"] = comparison.Baseline,
            ["difference"] = Json(comparison.Paired.Difference),
            ["p"] = Round(comparison.Paired.P),
            ["holmP"] = Round(comparison.HolmP),
            ["better"] = comparison.Paired.Better,
            ["worse"] = comparison.Paired.Worse,
            ["equal"] = comparison.Paired.Equal,
            ["unmatched"] = comparison.Unmatched,
        };
        if (items) json["differences"] = Values(comparison.Differences);
        return json;
    }

    private static JsonObject Json(GateResult gate) => new()
    {
        ["suite"] = gate.Threshold.Suite,
        ["metric"] = gate.Threshold.Metric,
        ["min"] = gate.Threshold.Min,
        ["max"] = gate.Threshold.Max,
        ["reason"] = gate.Threshold.Reason,
        ["figure"] = Json(gate.Figure),
        ["met"] = gate.Met,
    };

    private JsonObject Times() => new()
    {
        ["started"] = Started.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
        ["milliseconds"] = new JsonObject(Suites.SelectMany(s => s.Times.Select(t => KeyValuePair.Create(
            $"{s.Name}/{t.Step}", (JsonNode?)new JsonObject
            {
                ["count"] = t.Milliseconds.Count,
                ["total"] = Math.Round(t.Milliseconds.Sum(), 3),
                ["median"] = Quantile(t, 0.5),
                ["p95"] = Quantile(t, 0.95),
            })))),
    };

    internal static double? Quantile(Timing timing, double q)
    {
        double[] sorted = [.. timing.Milliseconds.Order()];
        return sorted.Length == 0 ? null : Math.Round(Statistics.Bootstrap.Quantile(sorted, q), 3);
    }

    private static JsonObject Values(IEnumerable<(string Id, double Value)> values) =>
        new(values.Select(v => KeyValuePair.Create(v.Id, (JsonNode?)Round(v.Value))));

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode?)t)]);
}
