using CoopAI.Core;

namespace CoopAI.Evaluation.Running;

/// <summary>Where the evaluation data that comes with the source lies.</summary>
public sealed record EvaluationData(string Folder)
{
    /// <summary>The folder given, or the next "evals" from the working directory upwards.</summary>
    /// <exception cref="BadInputException">There is none.</exception>
    public static EvaluationData Find(DirectoryInfo? given)
    {
        if (given is not null)
            return given.Exists ? new EvaluationData(given.FullName) : throw new BadInputException($"--evals {given}: there is no such folder.");
        for (var at = new DirectoryInfo(Environment.CurrentDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "evals", "thresholds.json"))) return new EvaluationData(Path.Combine(at.FullName, "evals"));
        }

        throw new BadInputException("There is no folder \"evals\" here or above. Run this in a clone of the repository, or name the folder with --evals DIR.");
    }

    public string Thresholds => At("thresholds.json");

    /// <summary>Items of the last report that was accepted, in the form of a report.json.</summary>
    public string Accepted => At("accepted.json");

    public string Queries => At("retrieval", "development.queries.jsonl");

    public string Qrels => At("retrieval", "development.qrels");

    /// <summary>For some case studies the ones most like them.</summary>
    public string Similar => At("retrieval", "similar.qrels");

    public string Unanswerable => At("retrieval", "unanswerable.jsonl");

    public string ExpectedFacts => At("answers", "expected-facts.jsonl");

    /// <summary>Every file of rule cases, in ordinal order.</summary>
    public IReadOnlyList<string> RuleCases =>
        Directory.Exists(At("guidance")) && Directory.GetFiles(At("guidance"), "*.jsonl") is { Length: > 0 } files
            ? [.. files.Order(StringComparer.Ordinal)]
            : throw new BadInputException($"{At("guidance")} holds no file of rule cases (*.jsonl).");

    public string GroundingPairs => At("grounding", "pairs.jsonl");

    public string BriefQuestions => At("briefs", "development.jsonl");

    public string FollowUps => At("briefs", "followups.jsonl");

    public string CardLabels => At("cards", "development.jsonl");

    public string TaggingLabels => At("tagging", "readers.jsonl");

    private string At(params string[] parts) => Path.Combine([Folder, .. parts]);
}
