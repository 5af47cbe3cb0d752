using CoopAI.Core.Corpus;
using CoopAI.Orchestration.Ingesting;

namespace CoopAI.Evaluation.Retrieval;

/// <summary>A corpus, questions and judgements that belong together.</summary>
/// <param name="Notes">What was odd about the files and how it was handled; plain sentences.</param>
public sealed record RetrievalCollection(
    IReadOnlyList<CaseStudy> CaseStudies, IReadOnlyList<Question> Questions, Qrels Qrels, IReadOnlyList<string> Notes)
{
    /// <summary>Reads the three files.</summary>
    /// <param name="corpus">Case studies, one JSON object a line; null: only a run will be scored.</param>
    /// <remarks>
    /// Judgements of topics that are not asked are left out; judged documents that the corpus does not hold stay and count as not
    /// found, as in trec_eval. Both are noted.
    /// </remarks>
    /// <exception cref="EvaluationInputException">A file is missing or broken, or no judged topic is among the questions.</exception>
    public static RetrievalCollection Read(string? corpus, string queries, string qrels)
    {
        var notes = new List<string>();
        IReadOnlyList<CaseStudy> caseStudies = corpus is null ? [] : CorpusFile.Read(corpus);
        var questions = QuestionReader.Read(queries);
        var judgements = Qrels.Read(qrels);
        var asked = questions.Select(q => q.Id).ToHashSet(StringComparer.Ordinal);
        string[] notAsked = [.. judgements.Topics.Where(t => !asked.Contains(t))];
        if (notAsked.Length == judgements.Topics.Count)
            throw new EvaluationInputException(qrels, null, $"none of its topics is in {queries} (first topic here: \"{notAsked[0]}\", first question there: \"{questions[0].Id}\"); give files that belong together.");
        if (notAsked.Length > 0) notes.Add($"{notAsked.Length} judged topics are not among the questions and were left out, for example {notAsked[0]}.");
        if (judgements.Repeated > 0) notes.Add($"{judgements.Repeated} judgements stand twice in the file and count once.");
        if (corpus is not null)
        {
            var known = caseStudies.Select(c => c.Slug).ToHashSet(StringComparer.Ordinal);
            string[] unknown = [.. questions.SelectMany(q => judgements.Of(q.Id).Keys).Where(d => !known.Contains(d)).Distinct(StringComparer.Ordinal)];
            if (unknown.Length > 0) notes.Add($"{unknown.Length} judged documents are not in the corpus, for example {unknown[0]}; the relevant ones among them count as not found.");
        }

        return new RetrievalCollection(caseStudies, questions, judgements, notes);
    }
}

/// <summary>Reads a corpus for evaluation: unlike an import, one broken line stops it, since figures on part of a corpus mislead.</summary>
public static class CorpusFile
{
    /// <exception cref="EvaluationInputException">The file is missing or empty, or a line is no case study or repeats a slug.</exception>
    public static IReadOnlyList<CaseStudy> Read(string path)
    {
        if (!File.Exists(path)) throw new EvaluationInputException(path, null, "there is no such file.");
        var (caseStudies, problems) = CaseStudyFile.Read(path);
        if (problems.Count > 0)
            throw new EvaluationInputException(path, problems[0].Line, problems[0].Message + (problems.Count > 1 ? $" ({problems.Count - 1} more lines are broken.)" : ""));
        return caseStudies.Count > 0 ? caseStudies : throw new EvaluationInputException(path, null, "there is no case study in this file.");
    }
}
