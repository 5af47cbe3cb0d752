using System.Globalization;
using System.Text.Json;
using CoopAI.Core;
using CoopAI.Core.Guidance;
using CoopAI.Core.Verdicts;
using CoopAI.Evaluation.Files;

namespace CoopAI.Evaluation.Guidance;

/// <summary>Reads labelled cases for the guidance rules, one JSON object a line. Unknown fields are ignored.</summary>
public static class RuleCaseFile
{
    private static readonly Stage[] Stages = [Stage.Question, Stage.Retrieved, Stage.Answer, Stage.Record];

    /// <exception cref="EvaluationInputException">A field is missing or not as documented, or an id comes twice.</exception>
    public static IReadOnlyList<RuleCase> Read(string path)
    {
        var cases = new List<RuleCase>();
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (line, found) in JsonLines.Read(path))
        {
            var id = JsonLines.RequiredText(path, line, found, "id");
            if (!lines.TryAdd(id, line)) throw new EvaluationInputException(path, line, $"the id \"{id}\" was used in line {lines[id]} already; ids must be unique.");
            cases.Add(new RuleCase
            {
                Id = id,
                Stage = StageOf(path, line, found),
                Text = JsonLines.OptionalText(path, line, found, "text") ?? "",
                Question = JsonLines.OptionalText(path, line, found, "question"),
                Passages = List(path, line, found, "passages", p => new CasePassage
                {
                    Id = JsonLines.RequiredText(path, line, p, "id"),
                    Text = JsonLines.OptionalText(path, line, p, "text") ?? "",
                    LeadMember = JsonLines.OptionalText(path, line, p, "leadMember"),
                    Partners = JsonLines.Texts(path, line, p, "partners"),
                    Year = Year(path, line, p),
                    Principles = p.TryGetProperty("principles", out var given) && given.ValueKind != JsonValueKind.Null ? JsonLines.Texts(path, line, p, "principles") : null,
                }),
                AsOf = Date(path, line, found, "asOf"),
                AskerCouncil = JsonLines.OptionalText(path, line, found, "askerCouncil"),
                Windows = List(path, line, found, "windows", w => new CaseWindow(
                    JsonLines.RequiredText(path, line, w, "council"),
                    Date(path, line, w, "from") ?? throw new EvaluationInputException(path, line, "a window needs \"from\"."),
                    Date(path, line, w, "to") ?? throw new EvaluationInputException(path, line, "a window needs \"to\"."))),
                Tags = List(path, line, found, "tags", t => new CaseTag(
                    JsonLines.RequiredText(path, line, t, "id"), JsonLines.OptionalText(path, line, t, "basis"),
                    JsonLines.OptionalText(path, line, t, "source"), JsonLines.OptionalText(path, line, t, "evidence"))),
                Notice = Object<AnswerNotice>(path, line, found, "notice"),
                Record = Object<RecordUnderCheck>(path, line, found, "record"),
                Relevance = Object<Dictionary<int, double>>(path, line, found, "relevance"),
                Rule = RuleOf(path, line, found),
                Expect = OneOf(path, line, found, "expect", ["pass", "fail"]),
            });
        }

        return cases.Count > 0 ? cases : throw new EvaluationInputException(path, null, "there is no rule case in this file.");
    }

    private static string RuleOf(string path, int line, JsonElement found)
    {
        var rule = JsonLines.RequiredText(path, line, found, "rule");
        return rule is "any" or "grounded" || (rule.Length == 4 && rule.StartsWith("VG", StringComparison.Ordinal) && int.TryParse(rule[2..], NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n is >= 1 and <= 22)
            ? rule
            : throw new EvaluationInputException(path, line, $"the rule \"{rule}\" is not known; give VG01 to VG22, \"grounded\" or \"any\".");
    }

    private static Stage StageOf(string path, int line, JsonElement found)
    {
        var name = OneOf(path, line, found, "stage", ["question", "retrieved", "answer", "record"]);
        return Stages.First(s => s.ToString().Equals(name, StringComparison.OrdinalIgnoreCase));
    }

    private static string OneOf(string path, int line, JsonElement found, string name, string[] allowed)
    {
        var value = JsonLines.RequiredText(path, line, found, name);
        return allowed.Contains(value, StringComparer.Ordinal)
            ? value
            : throw new EvaluationInputException(path, line, $"\"{name}\" is \"{value}\"; it must be {string.Join(" or ", allowed)}.");
    }

    // A time of day after the date is allowed and not used.
    private static DateOnly? Date(string path, int line, JsonElement from, string name) =>
        JsonLines.OptionalText(path, line, from, name) is not { } text ? null
        : DateOnly.TryParseExact(text.Length > 10 && text[10] == 'T' ? text[..10] : text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date
        : throw new EvaluationInputException(path, line, $"\"{name}\" is \"{text}\"; write a date as 2026-05-07.");

    private static int? Year(string path, int line, JsonElement from) =>
        JsonLines.OptionalText(path, line, from, "year") is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var year) && year is >= 1800 and <= 2200 ? year
        : throw new EvaluationInputException(path, line, $"\"year\" is \"{text}\"; write a year as 2022, or null.");

    // Null stays null: no windows given is something else than an empty table of windows.
    private static List<T>? List<T>(string path, int line, JsonElement from, string name, Func<JsonElement, T> read)
    {
        if (!from.TryGetProperty(name, out var list) || list.ValueKind == JsonValueKind.Null) return null;
        return list.ValueKind == JsonValueKind.Array && list.EnumerateArray().All(i => i.ValueKind == JsonValueKind.Object)
            ? [.. list.EnumerateArray().Select(read)]
            : throw new EvaluationInputException(path, line, $"the field \"{name}\" must be a list of objects.");
    }

    private static T? Object<T>(string path, int line, JsonElement from, string name)
        where T : class
    {
        if (!from.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        try
        {
            return value.Deserialize<T>(CoopJson.Options);
        }
        catch (JsonException e)
        {
            throw new EvaluationInputException(path, line, $"the field \"{name}\" is not as documented ({e.Message})", e);
        }
    }
}
