using System.Globalization;
using CoopAI.Evaluation.Files;

namespace CoopAI.Evaluation.Retrieval;

/// <summary>Relevance judgements in TREC's four columns: topic, iteration, document id, grade, separated by white space.</summary>
/// <remarks>
/// A grade of 1 or more is relevant. A grade of 0 or below is judged and not relevant; below 0 it counts as 0 (as in trec_eval).
/// What is not listed is taken as not relevant. The iteration column is read and not used.
/// The same judgement given twice counts once; two different grades for one document are refused.
/// </remarks>
public sealed class Qrels
{
    private readonly Dictionary<string, Dictionary<string, int>> _grades;

    private Qrels(Dictionary<string, Dictionary<string, int>> grades, int repeated) => (_grades, Repeated) = (grades, repeated);

    /// <summary>Topics in the order of the file.</summary>
    public IReadOnlyCollection<string> Topics => _grades.Keys;

    /// <summary>Lines that repeated an earlier judgement word for word.</summary>
    public int Repeated { get; }

    /// <summary>Grades of one topic's judged documents; empty for a topic without judgements.</summary>
    public IReadOnlyDictionary<string, int> Of(string topic) => _grades.TryGetValue(topic, out var grades) ? grades : Empty;

    private static readonly Dictionary<string, int> Empty = [];

    /// <summary>Judgements from memory.</summary>
    public static Qrels From(IEnumerable<(string Topic, string Document, int Grade)> judgements)
    {
        ArgumentNullException.ThrowIfNull(judgements);
        var grades = new Dictionary<string, Dictionary<string, int>>(StringComparer.Ordinal);
        foreach (var (topic, document, grade) in judgements) Topic(grades, topic).Add(document, grade);
        return new Qrels(grades, 0);
    }

    /// <exception cref="EvaluationInputException">A line has not four columns, a grade is no whole number, or a document is judged twice with different grades; or there is no judgement at all.</exception>
    public static Qrels Read(string path)
    {
        var grades = new Dictionary<string, Dictionary<string, int>>(StringComparer.Ordinal);
        var lines = new Dictionary<(string, string), int>();
        var repeated = 0;
        foreach (var (number, text) in TextLines.Read(path))
        {
            if (text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is not [var topic, _, var document, var given])
                throw new EvaluationInputException(path, number, "a judgement has four columns separated by white space: topic, 0, document id, grade.");
            if (!int.TryParse(given, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var grade))
                throw new EvaluationInputException(path, number, $"the grade \"{given}\" is not a whole number; for example 0, 1 or 2.");
            if (lines.TryGetValue((topic, document), out var before))
            {
                if (grades[topic][document] != grade)
                    throw new EvaluationInputException(path, number, $"document \"{document}\" was given another grade for topic \"{topic}\" in line {before}; keep one of the two lines.");
                repeated++;
                continue;
            }

            lines.Add((topic, document), number);
            Topic(grades, topic).Add(document, grade);
        }

        return grades.Count > 0 ? new Qrels(grades, repeated) : throw new EvaluationInputException(path, null, "there is no judgement in this file.");
    }

    private static Dictionary<string, int> Topic(Dictionary<string, Dictionary<string, int>> grades, string topic) =>
        grades.TryGetValue(topic, out var known) ? known : grades[topic] = new Dictionary<string, int>(StringComparer.Ordinal);
}
