using System.Text.Json;
using CoopAI.Core.Language;
using CoopAI.Evaluation.Files;

namespace CoopAI.Evaluation.Answers;

/// <summary>What a good answer to one question should mention.</summary>
/// <param name="QuestionId">Id of a development question.</param>
/// <param name="Facts">One to five facts; each is a list of ways to say it, any of which counts.</param>
public sealed record ExpectedFacts(string QuestionId, IReadOnlyList<IReadOnlyList<string>> Facts)
{
    /// <summary>How many facts the text mentions: one of the ways to say it stands there as whole words, whatever the case, quotes and spaces.</summary>
    public int MentionedIn(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var levelled = Level(text);
        return Facts.Count(ways => ways.Any(way => levelled.Contains(Level(way), StringComparison.Ordinal)));
    }

    /// <summary>Reads <c>{"id","facts":[["way","other way"],…]}</c> a line; a fact with one way may be plain text.</summary>
    /// <exception cref="EvaluationInputException">A field is missing, an id comes twice, or a question has no fact or more than five.</exception>
    public static IReadOnlyList<ExpectedFacts> Read(string path)
    {
        var expected = new List<ExpectedFacts>();
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (line, found) in JsonLines.Read(path))
        {
            var id = JsonLines.Id(path, line, found, "id");
            if (!lines.TryAdd(id, line)) throw new EvaluationInputException(path, line, $"the id \"{id}\" was used in line {lines[id]} already; ids must be unique.");
            if (!found.TryGetProperty("facts", out var facts) || facts.ValueKind != JsonValueKind.Array || facts.GetArrayLength() is < 1 or > 5)
                throw new EvaluationInputException(path, line, "the field \"facts\" must be a list of one to five facts.");
            expected.Add(new ExpectedFacts(id, [.. facts.EnumerateArray().Select(f => Ways(path, line, f))]));
        }

        return expected;
    }

    private static IReadOnlyList<string> Ways(string path, int line, JsonElement fact)
    {
        IReadOnlyList<string?> ways = fact.ValueKind switch
        {
            JsonValueKind.String => [fact.GetString()],
            JsonValueKind.Array when fact.EnumerateArray().All(w => w.ValueKind == JsonValueKind.String) => [.. fact.EnumerateArray().Select(w => w.GetString())],
            _ => [],
        };
        return ways.Count > 0 && ways.All(w => Level(w!).Trim().Length > 0)
            ? [.. ways.Select(w => w!)]
            : throw new EvaluationInputException(path, line, "a fact is a text or a list of texts, none of them empty.");
    }

    // Words alone, each between spaces: "150" is not found in "1500", and punctuation does not matter.
    private static string Level(string text) => $" {string.Join(' ', Words.Split(text).Select(w => w.Text))} ";
}
