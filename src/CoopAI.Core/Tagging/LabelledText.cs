using System.Text.Json;
using CoopAI.Core.Corpus;
using CoopAI.Core.Principles;
using CoopAI.Core.Tagging.Learning;

namespace CoopAI.Core.Tagging;

/// <summary>A case study whose principles somebody labelled: one line of a labels file.</summary>
/// <param name="CaseStudy">The text.</param>
/// <param name="Labels">Principle id to yes or no; ids under <c>arguable</c> or <c>principlesUnknown</c> are left out, and so are all when <c>principles</c> is null.</param>
/// <param name="Evidence">Principle id to the sentences that readers marked, for arguable ids too; empty where the file names none.</param>
public sealed record LabelledText(
    CaseStudy CaseStudy,
    IReadOnlyDictionary<string, bool> Labels,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Evidence)
{
    public TaggingExample ToExample(ReadText text, float weight = 1) => new(text, Labels, Evidence, weight);

    /// <summary>Reads the labels that lie in a case-study line.</summary>
    /// <param name="problem">What is wrong with them, or null.</param>
    public static LabelledText Of(CaseStudy caseStudy, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(caseStudy);
        problem = null;
        var arguable = new List<string>();
        var evidence = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        if (caseStudy.Extra?.TryGetValue("arguable", out var list) == true && list.ValueKind is not JsonValueKind.Null)
        {
            if (list.ValueKind is not JsonValueKind.Array || list.EnumerateArray().Any(id => id.ValueKind is not JsonValueKind.String)) problem = "\"arguable\" must be a list of principle ids.";
            else arguable.AddRange(list.EnumerateArray().Select(id => id.GetString()!));
            if (arguable.Find(id => !PrincipleIds.Contains(id)) is { } unknown) problem = $"\"arguable\" names \"{unknown}\", which is not a principle. The ten ids are {string.Join(", ", PrincipleIds.All)}.";
        }

        if (caseStudy.Extra?.TryGetValue("tags", out var tags) == true && tags.ValueKind is JsonValueKind.Object)
        {
            foreach (var tag in tags.EnumerateObject())
            {
                if (tag.Value.ValueKind is JsonValueKind.Object && tag.Value.TryGetProperty("sentences", out var sentences) && sentences.ValueKind is JsonValueKind.Array)
                    evidence[tag.Name] = [.. sentences.EnumerateArray().Where(s => s.ValueKind is JsonValueKind.String).Select(s => s.GetString()!)];
            }
        }

        var labels = new Dictionary<string, bool>(StringComparer.Ordinal);
        if (caseStudy.Principles is { } principles)
        {
            foreach (var id in PrincipleIds.All)
            {
                if (!arguable.Contains(id) && !caseStudy.PrinciplesUnknown.Contains(id)) labels.Add(id, principles.Contains(id));
            }
        }

        return new(caseStudy, labels, evidence);
    }

    /// <summary>The labels of a file, whole or not at all.</summary>
    /// <param name="name">The file, as messages should name it.</param>
    /// <exception cref="BadInputException">A line is broken, or there is none; the message names file and line.</exception>
    public static IReadOnlyList<LabelledText> All(CaseStudyReading reading, string name)
    {
        ArgumentNullException.ThrowIfNull(reading);
        if (reading.Problems is [var first, ..]) throw new BadInputException($"{first} ({reading.Problems.Count} broken line(s).) Labels are used whole or not at all.");
        if (reading.CaseStudies.Count == 0) throw new BadInputException($"{name} holds no case study. One JSON object a line is expected.");
        return [.. reading.CaseStudies.Select(c => Of(c, out var problem) is var labelled && problem is null ? labelled : throw new BadInputException($"{name}, case study \"{c.Slug}\": {problem}"))];
    }
}
