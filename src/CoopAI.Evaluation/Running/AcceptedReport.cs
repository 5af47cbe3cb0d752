using System.Text.Json.Nodes;
using CoopAI.Core;
using CoopAI.Evaluation.Reporting;

namespace CoopAI.Evaluation.Running;

/// <summary>The values of each item in the last accepted run, small enough to commit.</summary>
public static class AcceptedReport
{
    /// <summary>Writes the part of a report.json that comparisons need.</summary>
    public static void Write(string path, IReadOnlyList<SuiteReport> suites)
    {
        var json = new JsonObject
        {
            ["suites"] = new JsonArray([.. suites.Select(s => new JsonObject
            {
                ["name"] = s.Name,
                ["items"] = new JsonObject(s.Items.Select(i => KeyValuePair.Create(
                    i.Metric, (JsonNode?)new JsonObject(i.Values.Select(v => KeyValuePair.Create(v.Id, (JsonNode?)Math.Round(v.Value, 6))))))),
            })]),
        };
        File.WriteAllText(path, json.ToJsonString(CoopJson.Options) + "\n");
    }
}
