using CoopAI.Evaluation.Files;

namespace CoopAI.Evaluation.Grounding;

/// <summary>A claim that somebody wrote, with the page that it rests on.</summary>
/// <param name="Evidence">Sentences of the page in order, at least one.</param>
/// <param name="Supported">Whether the page supports all of it; a part is not enough.</param>
public sealed record ClaimCase(string Id, string Claim, IReadOnlyList<string> Evidence, bool Supported)
{
    private const string Labels = "supported, partially_supported or not_supported";

    /// <summary>Reads <c>{"id","claim","evidence":[sentences],"label":"supported|partially_supported|not_supported"}</c> a line.</summary>
    /// <exception cref="EvaluationInputException">A field is missing or not as documented, an id comes twice, or all claims have one label.</exception>
    public static IReadOnlyList<ClaimCase> Read(string path)
    {
        var claims = new List<ClaimCase>();
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (line, found) in JsonLines.Read(path))
        {
            var id = JsonLines.RequiredText(path, line, found, "id");
            if (!lines.TryAdd(id, line)) throw new EvaluationInputException(path, line, $"the id \"{id}\" was used in line {lines[id]} already; ids must be unique.");
            var label = JsonLines.RequiredText(path, line, found, "label");
            if (label is not ("supported" or "partially_supported" or "not_supported")) throw new EvaluationInputException(path, line, $"\"label\" is \"{label}\"; it must be {Labels}.");
            var evidence = JsonLines.Texts(path, line, found, "evidence");
            if (evidence.All(string.IsNullOrWhiteSpace)) throw new EvaluationInputException(path, line, "\"evidence\" holds no sentence.");
            claims.Add(new ClaimCase(id, JsonLines.RequiredText(path, line, found, "claim"), evidence, label == "supported"));
        }

        if (claims.Count == 0) throw new EvaluationInputException(path, null, "there is no claim in this file.");
        return claims.Any(c => c.Supported) && !claims.TrueForAll(c => c.Supported) ? claims
            : throw new EvaluationInputException(path, null, "all claims have one label; telling supported ones from the rest needs both.");
    }
}
