using System.Text.Json;
using CoopAI.Core.Corpus;
using CoopAI.Evaluation.Retrieval;

namespace CoopAI.Evaluation.Tagging;

/// <summary>A case study with what readers found in it.</summary>
/// <param name="CaseStudy">Its <see cref="CaseStudy.Principles"/> are the readers' labels, not the page's.</param>
/// <param name="Labels">Ids that the text evidences; null: nobody has said, so everything is masked.</param>
/// <param name="Masked">Ids under "arguable" or "principlesUnknown": neither right nor wrong, in training and in scoring.</param>
/// <param name="Evidence">By principle the sentences that a reader marked; principles without marked sentences are absent.</param>
public sealed record LabelledCaseStudy(
    CaseStudy CaseStudy, IReadOnlySet<string>? Labels, IReadOnlySet<string> Masked, IReadOnlyDictionary<string, IReadOnlyList<string>> Evidence);

/// <summary>Reads tagging labels: case-study lines with <c>arguable</c> and, optionally, <c>tags: {id: {sentences: []}}</c>.</summary>
public static class TaggingFile
{
    /// <exception cref="EvaluationInputException">The file is missing, or a line is no case study, repeats a slug, names an unknown principle or has a field of the wrong kind.</exception>
    public static IReadOnlyList<LabelledCaseStudy> Read(string path)
    {
        var texts = CorpusFile.Read(path);
        return [.. texts.Select(text => new LabelledCaseStudy(
            text,
            text.Principles?.ToHashSet(StringComparer.Ordinal),
            text.Principles is null
                ? PrincipleIds.All.ToHashSet(StringComparer.Ordinal)
                // Said to be right and said to be doubtful at once: doubt wins.
                : Ids(path, text, "arguable").Concat(text.PrinciplesUnknown).ToHashSet(StringComparer.Ordinal),
            Sentences(path, text)))];
    }

    private static string[] Ids(string path, CaseStudy text, string name)
    {
        if (text.Extra?.TryGetValue(name, out var list) is not true || list.ValueKind == JsonValueKind.Null) return [];
        if (list.ValueKind != JsonValueKind.Array || list.EnumerateArray().Any(i => i.ValueKind != JsonValueKind.String))
            throw new EvaluationInputException(path, null, $"{text.Slug}: the field \"{name}\" must be a list of ids of principles.");
        string[] ids = [.. list.EnumerateArray().Select(i => i.GetString()!)];
        return ids.FirstOrDefault(i => !PrincipleIds.Contains(i)) is { } unknown
            ? throw new EvaluationInputException(path, null, $"{text.Slug}: \"{name}\" names \"{unknown}\", which is not a principle. The ten ids are {string.Join(", ", PrincipleIds.All)}.")
            : ids;
    }

    private static Dictionary<string, IReadOnlyList<string>> Sentences(string path, CaseStudy text)
    {
        var evidence = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        if (text.Extra?.TryGetValue("tags", out var tags) is not true || tags.ValueKind == JsonValueKind.Null) return evidence;
        if (tags.ValueKind != JsonValueKind.Object)
            throw new EvaluationInputException(path, null, $"{text.Slug}: the field \"tags\" must be an object with one entry a principle.");
        foreach (var tag in tags.EnumerateObject())
        {
            if (tag.Value.ValueKind != JsonValueKind.Object || !tag.Value.TryGetProperty("sentences", out var sentences) || sentences.ValueKind != JsonValueKind.Array) continue;
            string[] marked = [.. sentences.EnumerateArray().Where(s => s.ValueKind == JsonValueKind.String).Select(s => s.GetString()!)];
            if (marked.Length > 0) evidence[tag.Name] = marked;
        }

        return evidence;
    }
}
