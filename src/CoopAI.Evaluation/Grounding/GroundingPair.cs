using CoopAI.Evaluation.Files;

namespace CoopAI.Evaluation.Grounding;

/// <summary>A sentence, the passages it cites, and whether they support it.</summary>
/// <param name="Split"><c>development</c> or <c>test</c>.</param>
/// <param name="Kind">How it was made: the kind of alteration, or of faithful wording.</param>
/// <param name="Faithful">Whether the passages support the sentence.</param>
/// <param name="Cites">Slugs that the sentence cites.</param>
/// <param name="Retrieved">Slugs of all passages of the answer that it would stand in, the cited ones among them.</param>
public sealed record GroundingPair(
    string Id, string Split, string Kind, bool Faithful, string Sentence, IReadOnlyList<string> Cites, IReadOnlyList<string> Retrieved)
{
    /// <summary>Reads <c>{"id","split","kind","label":"faithful|altered","sentence","cites":[slugs],"passages":[slugs]}</c> a line.</summary>
    /// <exception cref="EvaluationInputException">A field is missing or not as documented, or an id comes twice.</exception>
    public static IReadOnlyList<GroundingPair> Read(string path)
    {
        var pairs = new List<GroundingPair>();
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (line, found) in JsonLines.Read(path))
        {
            var id = JsonLines.RequiredText(path, line, found, "id");
            if (!lines.TryAdd(id, line)) throw new EvaluationInputException(path, line, $"the id \"{id}\" was used in line {lines[id]} already; ids must be unique.");
            var label = JsonLines.RequiredText(path, line, found, "label");
            if (label is not ("faithful" or "altered")) throw new EvaluationInputException(path, line, $"\"label\" is \"{label}\"; it must be faithful or altered.");
            var cites = JsonLines.Texts(path, line, found, "cites");
            var retrieved = JsonLines.Texts(path, line, found, "passages");
            pairs.Add(new GroundingPair(
                id, JsonLines.OptionalText(path, line, found, "split") ?? "test", JsonLines.RequiredText(path, line, found, "kind"), label == "faithful",
                JsonLines.RequiredText(path, line, found, "sentence"), cites, [.. cites.Concat(retrieved).Distinct(StringComparer.Ordinal)]));
        }

        return pairs.Count > 0 ? pairs : throw new EvaluationInputException(path, null, "there is no sentence in this file.");
    }
}
