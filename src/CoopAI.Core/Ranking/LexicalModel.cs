using System.Text;
using CoopAI.Core.Corpus;
using CoopAI.Core.Language;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Vectors;

namespace CoopAI.Core.Ranking;

/// <summary>In how many case studies each stem occurs.</summary>
/// <param name="CaseStudies">At least 0.</param>
/// <param name="Frequencies">Stem to the number of case studies that hold it.</param>
public sealed record LexicalStatistics(int CaseStudies, IReadOnlyDictionary<string, int> Frequencies)
{
    public static LexicalStatistics Empty { get; } = new(0, new Dictionary<string, int>(StringComparer.Ordinal));

    /// <summary>BM25's weight of a stem, <c>ln(1 + (N − n + ½) / (n + ½))</c>: positive, largest for a stem that no case study holds.</summary>
    public double Idf(string stem)
    {
        var n = Frequencies.GetValueOrDefault(stem);
        return Math.Log(1 + ((CaseStudies - n + 0.5) / (n + 0.5)));
    }
}

/// <summary>BM25 as a dot product of two sparse vectors, so that any store can rank by it.</summary>
/// <remarks>
/// A passage's weights hold the saturated counts, a question's weights the inverse document frequencies. Title and topics count as
/// words of every passage. The average length is a constant, so a passage's vector does not change when others come and go.
/// Source: Robertson and Zaragoza, "The probabilistic relevance framework", 2009.
/// </remarks>
public static class LexicalModel
{
    /// <summary>Saturation of repeated words. Chosen with <see cref="B"/> on the development questions.</summary>
    public const double K1 = 0.9;

    /// <summary>How far length counts, in [0, 1].</summary>
    public const double B = 0.4;

    /// <summary>Content words of an average passage with its title and topics.</summary>
    internal const double PassageLength = 60;

    /// <summary>The document side of BM25 for one passage.</summary>
    public static LexicalVector ForPassage(CaseStudy caseStudy, Passage passage)
    {
        ArgumentNullException.ThrowIfNull(caseStudy);
        ArgumentNullException.ThrowIfNull(passage);
        var counts = Count(Fields(caseStudy, passage.Text));
        var length = counts.Values.Sum();
        return Vector(counts.Select(c => (c.Key, Saturate(c.Value, length, PassageLength))));
    }

    /// <summary>The question side: each stem with its count times its <see cref="LexicalStatistics.Idf"/>.</summary>
    public static LexicalVector ForQuestion(string question, LexicalStatistics statistics)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(statistics);
        return Vector(Count(question).Select(c => (c.Key, c.Value * statistics.Idf(c.Key))));
    }

    /// <summary>Stable 32-bit hash (FNV-1a) of a stem.</summary>
    public static uint TermId(string stem)
    {
        ArgumentNullException.ThrowIfNull(stem);
        var hash = 2166136261u;
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in stem.EnumerateRunes())
        {
            foreach (var b in bytes[..rune.EncodeToUtf8(bytes)]) hash = (hash ^ b) * 16777619u;
        }

        return hash;
    }

    internal static double Saturate(double count, double length, double averageLength) =>
        count * (K1 + 1) / (count + (K1 * (1 - B + (B * length / averageLength))));

    internal static string Fields(CaseStudy caseStudy, string text) => $"{caseStudy.Title}\n{string.Join('\n', caseStudy.Topics)}\n{text}";

    internal static Dictionary<string, int> Count(string text)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var word in SearchWords.Split(text))
        {
            var stem = PorterStemmer.Stem(word);
            counts[stem] = counts.GetValueOrDefault(stem) + 1;
        }

        return counts;
    }

    private static LexicalVector Vector(IEnumerable<(string Stem, double Weight)> weights)
    {
        var sorted = weights.Select(w => (Term: TermId(w.Stem), w.Stem, w.Weight)).ToArray();
        Array.Sort(sorted, (a, b) => a.Term != b.Term ? a.Term.CompareTo(b.Term) : string.CompareOrdinal(a.Stem, b.Stem));
        var (terms, sums) = (new List<uint>(sorted.Length), new List<double>(sorted.Length));
        foreach (var (term, _, weight) in sorted)
        {
            // Two stems with one hash (once in tens of thousands of corpora) share a term: weights add up.
            if (terms.Count > 0 && terms[^1] == term) sums[^1] += weight;
            else
            {
                terms.Add(term);
                sums.Add(weight);
            }
        }

        return new LexicalVector([.. terms], [.. sums.Select(w => (float)w)]);
    }
}
