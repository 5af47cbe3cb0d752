using System.Globalization;
using System.Text.Json;
using CoopAI.Evaluation.Files;

namespace CoopAI.Evaluation.Guidance;

/// <summary>A passage as a rule case describes it.</summary>
/// <param name="Principles">Ids, or lines as printed on a page.</param>
public sealed record CasePassage(string Id, string Text, string? LeadMember, IReadOnlyList<string> Partners, int? Year, IReadOnlyList<string>? Principles);

/// <summary>A pre-election window of one council, both days inclusive.</summary>
public sealed record CaseWindow(string Council, DateOnly From, DateOnly To);

/// <param name="Basis">published, suggested or decided.</param>
/// <param name="Evidence">A sentence of the source, or null.</param>
public sealed record CaseTag(string Id, string? Basis, string? Source, string? Evidence);

/// <summary>One labelled example for the guidance rules: a text at a stage, and whether a rule should object to it.</summary>
/// <param name="Stage">question, retrieved or answer.</param>
/// <param name="Rule">A rule id (VG01 to VG20); <c>grounded</c> for VG01, VG02 and VG03 together; <c>any</c>: no rule may stop it.</param>
/// <param name="ExpectFail">Whether the rule should object.</param>
/// <param name="Line">Where the case stands in its file.</param>
public sealed record RuleCase(
    string Id,
    string Stage,
    string Text,
    IReadOnlyList<CasePassage> Passages,
    DateOnly? AsOf,
    string? AskerCouncil,
    IReadOnlyList<CaseWindow> Windows,
    IReadOnlyList<CaseTag> Tags,
    string Rule,
    bool ExpectFail,
    int Line)
{
    public const string Grounded = "grounded";

    public const string Any = "any";

    /// <summary>Rules that the case is about: VG01, VG02 and VG03 for <c>grounded</c>, none for <c>any</c>.</summary>
    public IReadOnlyList<string> Rules => Rule switch { Grounded => ["VG01", "VG02", "VG03"], Any => [], _ => [Rule] };

    /// <summary>Reads rule cases, one JSON object a line.</summary>
    /// <exception cref="EvaluationInputException">A field is missing or not as documented, or an id comes twice.</exception>
    public static IReadOnlyList<RuleCase> Read(string path)
    {
        var cases = new List<RuleCase>();
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (line, found) in JsonLines.Read(path))
        {
            var id = JsonLines.RequiredText(path, line, found, "id");
            if (!lines.TryAdd(id, line)) throw new EvaluationInputException(path, line, $"the id \"{id}\" was used in line {lines[id]} already; ids must be unique.");
            cases.Add(new RuleCase(
                id,
                OneOf(path, line, found, "stage", ["question", "retrieved", "answer"]),
                JsonLines.OptionalText(path, line, found, "text") ?? "",
                List(path, line, found, "passages", p => new CasePassage(
                    JsonLines.RequiredText(path, line, p, "id"), JsonLines.OptionalText(path, line, p, "text") ?? "", JsonLines.OptionalText(path, line, p, "leadMember"),
                    JsonLines.Texts(path, line, p, "partners"), Year(path, line, p),
                    p.TryGetProperty("principles", out var given) && given.ValueKind == JsonValueKind.Array ? JsonLines.Texts(path, line, p, "principles") : null)),
                Date(path, line, found, "asOf"),
                JsonLines.OptionalText(path, line, found, "askerCouncil"),
                List(path, line, found, "windows", w => new CaseWindow(
                    JsonLines.RequiredText(path, line, w, "council"),
                    Date(path, line, w, "from") ?? throw new EvaluationInputException(path, line, "a window needs \"from\"."),
                    Date(path, line, w, "to") ?? throw new EvaluationInputException(path, line, "a window needs \"to\"."))),
                List(path, line, found, "tags", t => new CaseTag(
                    JsonLines.RequiredText(path, line, t, "id"), JsonLines.OptionalText(path, line, t, "basis"),
                    JsonLines.OptionalText(path, line, t, "source"), JsonLines.OptionalText(path, line, t, "evidence"))),
                RuleOf(path, line, found),
                OneOf(path, line, found, "expect", ["pass", "fail"]) == "fail",
                line));
        }

        return cases.Count > 0 ? cases : throw new EvaluationInputException(path, null, "there is no rule case in this file.");
    }

    private static string RuleOf(string path, int line, JsonElement found)
    {
        var rule = JsonLines.RequiredText(path, line, found, "rule");
        return rule is Any or Grounded || (rule.Length == 4 && rule.StartsWith("VG", StringComparison.Ordinal) && int.TryParse(rule[2..], NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n is >= 1 and <= 20)
            ? rule
            : throw new EvaluationInputException(path, line, $"the rule \"{rule}\" is not known; give VG01 to VG20, \"grounded\" or \"any\".");
    }

    private static string OneOf(string path, int line, JsonElement found, string name, string[] allowed)
    {
        var value = JsonLines.RequiredText(path, line, found, name);
        return allowed.Contains(value, StringComparer.Ordinal)
            ? value
            : throw new EvaluationInputException(path, line, $"\"{name}\" is \"{value}\"; it must be {string.Join(" or ", allowed)}.");
    }

    private static DateOnly? Date(string path, int line, JsonElement from, string name) =>
        JsonLines.OptionalText(path, line, from, name) is not { } text ? null
        : DateOnly.TryParseExact(text.Length > 10 ? text[..10] : text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date
        : throw new EvaluationInputException(path, line, $"\"{name}\" is \"{text}\"; write a date as 2026-05-07.");

    private static int? Year(string path, int line, JsonElement from) =>
        JsonLines.OptionalText(path, line, from, "year") is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var year) && year is >= 1800 and <= 2200 ? year
        : throw new EvaluationInputException(path, line, $"\"year\" is \"{text}\"; write a year as 2022, or null.");

    private static List<T> List<T>(string path, int line, JsonElement from, string name, Func<JsonElement, T> read)
    {
        if (!from.TryGetProperty(name, out var list) || list.ValueKind == JsonValueKind.Null) return [];
        return list.ValueKind == JsonValueKind.Array && list.EnumerateArray().All(i => i.ValueKind == JsonValueKind.Object)
            ? [.. list.EnumerateArray().Select(read)]
            : throw new EvaluationInputException(path, line, $"the field \"{name}\" must be a list of objects.");
    }
}
