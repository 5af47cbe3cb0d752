using System.Text.Json;

namespace CoopAI.Evaluation.Files;

/// <summary>Reads files with one JSON object a line. Unknown fields are the caller's to keep or ignore.</summary>
public static class JsonLines
{
    /// <summary>The objects in file order with their 1-based line.</summary>
    /// <exception cref="EvaluationInputException">A line is no JSON object.</exception>
    public static IEnumerable<(int Line, JsonElement Object)> Read(string path)
    {
        foreach (var (number, text) in TextLines.Read(path))
        {
            JsonElement element;
            try
            {
                using var document = JsonDocument.Parse(text);
                element = document.RootElement.Clone();
            }
            catch (JsonException e)
            {
                throw new EvaluationInputException(path, number, $"this is not JSON ({e.Message}); each line must hold one JSON object.", e);
            }

            if (element.ValueKind != JsonValueKind.Object)
                throw new EvaluationInputException(path, number, $"this is a JSON {element.ValueKind.ToString().ToLowerInvariant()}; each line must hold one JSON object.");
            yield return (number, element);
        }
    }

    /// <summary>A required text field. Numbers are taken as they are written, since ids are often plain numbers.</summary>
    public static string RequiredText(string path, int line, JsonElement from, string name)
    {
        if (OptionalText(path, line, from, name) is not { } text)
            throw new EvaluationInputException(path, line, $"the field \"{name}\" is missing.");
        return text.Trim().Length > 0 ? text : throw new EvaluationInputException(path, line, $"the field \"{name}\" is empty.");
    }

    /// <summary>A text field, or null when it is absent or null.</summary>
    public static string? OptionalText(string path, int line, JsonElement from, string name) =>
        !from.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind is JsonValueKind.String ? value.GetString()
        : value.ValueKind is JsonValueKind.Number ? value.GetRawText()
        : throw new EvaluationInputException(path, line, $"the field \"{name}\" must be text.");

    /// <summary>A list of texts; absent or null gives none.</summary>
    public static IReadOnlyList<string> Texts(string path, int line, JsonElement from, string name)
    {
        if (!from.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return [];
        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(v => v.ValueKind != JsonValueKind.String))
            throw new EvaluationInputException(path, line, $"the field \"{name}\" must be a list of texts.");
        return [.. value.EnumerateArray().Select(v => v.GetString()!)];
    }

    /// <summary>An id that can stand in a TREC file: not empty, no white space.</summary>
    public static string Id(string path, int line, JsonElement from, string name)
    {
        var id = RequiredText(path, line, from, name);
        return id.Any(char.IsWhiteSpace)
            ? throw new EvaluationInputException(path, line, $"the {name} \"{id}\" has white space in it; TREC files separate their columns by white space.")
            : id;
    }
}
