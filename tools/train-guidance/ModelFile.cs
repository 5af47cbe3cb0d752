using System.Text;
using System.Text.Json;
using CoopAI.Core;
using CoopAI.Core.Guidance.Learning;

namespace CoopAI.TrainGuidance;

/// <summary>The weights as a file that can be read and compared: one feature or case a line.</summary>
internal static class ModelFile
{
    public static string Write(LearnedModel model)
    {
        var text = new StringBuilder("{\n");
        foreach (var (name, value) in new (string, object)[] { ("about", model.About), ("encoder", model.Encoder), ("checks", model.Checks), ("withVector", model.WithVector), ("wordsAlone", model.WordsAlone) })
            text.Append('"').Append(name).Append("\":").Append(Json(value)).Append(",\n");
        text.Append("\"vectors\":[\n").AppendJoin(",\n", model.Vectors.Select(Json)).Append("],\n");
        text.Append("\"features\":{\n").AppendJoin(",\n", model.Features.Select(f => $"{Json(f.Key)}:{Json(f.Value)}")).Append("},\n");
        text.Append("\"cases\":[\n").AppendJoin(",\n", model.Cases.Select(Json)).Append("]}\n");
        return text.ToString();
    }

    private static string Json(object value) => JsonSerializer.Serialize(value, value.GetType(), CoopJson.Options);
}
