using System.Globalization;
using System.Text;
using CoopAI.Evaluation.Files;

namespace CoopAI.Evaluation.Files;

/// <summary>One document of a ranking.</summary>
/// <param name="Score">Higher is better; finite.</param>
public sealed record RankedDocument(string DocumentId, double Score);

/// <summary>A system's ranked documents for a set of questions, in TREC's six columns: topic, Q0, document id, rank, score, tag.</summary>
/// <remarks>
/// Rankings are ordered as trec_eval orders them: by score, highest first, equal scores by document id, highest first (ordinal).
/// The rank column is read and not used, as there.
/// </remarks>
public sealed class TrecRun
{
    private readonly Dictionary<string, IReadOnlyList<RankedDocument>> _rankings;

    private TrecRun(string tag, Dictionary<string, IReadOnlyList<RankedDocument>> rankings) => (Tag, _rankings) = (tag, rankings);

    /// <summary>Name of the system, without white space.</summary>
    public string Tag { get; }

    /// <summary>Topics in the order given.</summary>
    public IReadOnlyCollection<string> Topics => _rankings.Keys;

    /// <summary>One topic's ranking, best first; empty for a topic that the run does not know.</summary>
    public IReadOnlyList<RankedDocument> Of(string topic) => _rankings.TryGetValue(topic, out var ranking) ? ranking : [];

    /// <summary>A run of rankings that are already in order, best first.</summary>
    /// <remarks>
    /// Scores are lowered by the smallest step of a 32-bit float wherever they would tie or rise, so that every tool that reads
    /// the file, trec_eval with its 32-bit scores included, sees this very order.
    /// </remarks>
    /// <exception cref="ArgumentException">A topic, a document of one topic, or a name with white space comes twice or is not finite.</exception>
    public static TrecRun FromRankings(string tag, IEnumerable<(string Topic, IReadOnlyList<RankedDocument> Ranking)> rankings)
    {
        ArgumentNullException.ThrowIfNull(rankings);
        var ordered = new Dictionary<string, IReadOnlyList<RankedDocument>>(StringComparer.Ordinal);
        foreach (var (topic, ranking) in rankings)
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            var strict = new List<RankedDocument>(ranking.Count);
            var previous = float.PositiveInfinity;
            foreach (var (document, score) in ranking)
            {
                if (!seen.Add(document)) throw new ArgumentException($"Topic {topic} ranks document {document} twice.", nameof(rankings));
                if (!double.IsFinite(score)) throw new ArgumentException($"Topic {topic}, document {document}: the score is not finite.", nameof(rankings));
                var single = (float)score;
                if (single >= previous) single = MathF.BitDecrement(previous);
                previous = single;
                strict.Add(new RankedDocument(document, single));
            }

            ordered.Add(topic, strict);
        }

        return new TrecRun(tag, ordered);
    }

    /// <exception cref="EvaluationInputException">A line has not six columns, a score is no finite number, or a topic ranks a document twice.</exception>
    public static TrecRun Read(string path)
    {
        var rankings = new Dictionary<string, List<RankedDocument>>(StringComparer.Ordinal);
        var lines = new Dictionary<(string, string), int>();
        var tag = "run";
        foreach (var (number, text) in TextLines.Read(path))
        {
            if (text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is not [var topic, _, var document, _, var given, var name])
                throw new EvaluationInputException(path, number, "a line of a run has six columns separated by white space: topic, Q0, document id, rank, score, tag.");
            if (!double.TryParse(given, NumberStyles.Float, CultureInfo.InvariantCulture, out var score) || !double.IsFinite(score))
                throw new EvaluationInputException(path, number, $"the score \"{given}\" is not a finite number; for example 12.5.");
            if (!lines.TryAdd((topic, document), number))
                throw new EvaluationInputException(path, number, $"topic \"{topic}\" ranked document \"{document}\" in line {lines[(topic, document)]} already; keep one of the two lines.");
            if (!rankings.TryGetValue(topic, out var ranking)) rankings[topic] = ranking = [];
            ranking.Add(new RankedDocument(document, score));
            tag = name;
        }

        return new TrecRun(tag, rankings.ToDictionary(r => r.Key, r => InTrecOrder(r.Value), StringComparer.Ordinal));
    }

    /// <summary>The six columns, one document a line, LF line ends; ranks from 1.</summary>
    public void Write(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        var line = new StringBuilder();
        foreach (var (topic, ranking) in _rankings)
        {
            for (var i = 0; i < ranking.Count; i++)
            {
                line.Clear().Append(CultureInfo.InvariantCulture, $"{topic} Q0 {ranking[i].DocumentId} {i + 1} {(float)ranking[i].Score:G9} {Tag}\n");
                writer.Write(line);
            }
        }
    }

    private static IReadOnlyList<RankedDocument> InTrecOrder(IEnumerable<RankedDocument> ranking) =>
        [.. ranking.OrderByDescending(d => d.Score).ThenByDescending(d => d.DocumentId, StringComparer.Ordinal)];
}
