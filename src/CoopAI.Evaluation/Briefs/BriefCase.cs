using System.Text.Json;
using CoopAI.Core;
using CoopAI.Evaluation.Files;

namespace CoopAI.Evaluation.Briefs;

/// <summary>A sentence of a case study, word for word.</summary>
public sealed record LabelledQuote(string Slug, string Quote);

/// <summary>One question of a longer message.</summary>
public sealed record LabelledPart(string Question, IReadOnlyList<LabelledQuote>? Essential);

/// <summary>A question as an officer asks it, with the sentences that answer; the line of <c>evals/briefs</c>.</summary>
/// <param name="Kind">topical, specific, named, outcome, email, messy, not-held, premise or compare.</param>
/// <param name="Relevant">By slug: 2, a good brief must use it; 1, it may.</param>
public sealed record BriefCase(
    string Id, string Kind, string Text, bool Answerable, IReadOnlyDictionary<string, int>? Relevant,
    IReadOnlyList<LabelledQuote>? Essential, IReadOnlyList<LabelledQuote>? Acceptable, IReadOnlyList<LabelledPart>? Parts)
{
    /// <summary>Sentences that answer, each once, those of the parts too.</summary>
    public IReadOnlyList<LabelledQuote> Answers => [.. (Essential ?? []).Concat((Parts ?? []).SelectMany(p => p.Essential ?? [])).Distinct()];

    /// <summary>Sentences that may be quoted: those that answer and those that fit.</summary>
    public IReadOnlyList<LabelledQuote> Fitting => [.. Answers.Concat(Acceptable ?? []).Distinct()];

    public int LevelOf(string slug) => Relevant is not null && Relevant.TryGetValue(slug, out var level) ? level : 0;

    /// <summary>Follow-ups, each with the question before; the line of <c>evals/briefs/followups.jsonl</c>.</summary>
    /// <exception cref="EvaluationInputException">As <see cref="Read"/>.</exception>
    public static IReadOnlyList<(string First, BriefCase FollowUp)> ReadFollowUps(string path)
    {
        var cases = new List<(string, BriefCase)>();
        foreach (var (line, found) in JsonLines.Read(path))
        {
            _ = JsonLines.Id(path, line, found, "id");
            var (first, followUp) = (JsonLines.RequiredText(path, line, found, "first"), JsonLines.RequiredText(path, line, found, "followup"));
            try
            {
                var labels = System.Text.Json.Nodes.JsonNode.Parse(found.GetRawText())!.AsObject();
                (labels["text"], labels["kind"]) = (followUp, "follow-up");
                cases.Add((first, labels.Deserialize<BriefCase>(CoopJson.Options)!));
            }
            catch (JsonException e)
            {
                throw new EvaluationInputException(path, line, $"the labels are not of the form that evals/briefs/README.md gives: {e.Message}");
            }
        }

        return cases.Count > 0 ? cases : throw new EvaluationInputException(path, null, "there is no question in this file.");
    }

    /// <exception cref="EvaluationInputException">A field is missing or empty, an id comes twice, or there is no question.</exception>
    public static IReadOnlyList<BriefCase> Read(string path)
    {
        var cases = new List<BriefCase>();
        foreach (var (line, found) in JsonLines.Read(path))
        {
            var id = JsonLines.Id(path, line, found, "id");
            if (cases.Exists(c => c.Id == id)) throw new EvaluationInputException(path, line, $"the id \"{id}\" was used already; ids must be unique.");
            _ = JsonLines.RequiredText(path, line, found, "text");
            _ = JsonLines.RequiredText(path, line, found, "kind");
            try
            {
                cases.Add(JsonSerializer.Deserialize<BriefCase>(found.GetRawText(), CoopJson.Options)!);
            }
            catch (JsonException e)
            {
                throw new EvaluationInputException(path, line, $"the labels of \"{id}\" are not of the form that evals/briefs/README.md gives: {e.Message}");
            }
        }

        return cases.Count > 0 ? cases : throw new EvaluationInputException(path, null, "there is no question in this file.");
    }
}
