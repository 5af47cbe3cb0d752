using CoopAI.Core.Language;

namespace CoopAI.Evaluation.Grounding;

/// <summary>Word overlap, what a verifier must beat: ROUGE-2 without a model.</summary>
/// <remarks>Source: Lin, "ROUGE: A Package for Automatic Evaluation of Summaries" (2004); the claim is the text that is scored, so its share of pairs found is the precision.</remarks>
public static class WordPairs
{
    /// <summary>Share of the claim's pairs of neighbouring words, on stems, that are neighbours in the evidence, in [0, 1]; each pair of the evidence is used once.</summary>
    /// <returns>For a claim of one word whether the evidence has it; 0 for none.</returns>
    public static double Precision(string claim, IEnumerable<string> evidence)
    {
        ArgumentNullException.ThrowIfNull(claim);
        ArgumentNullException.ThrowIfNull(evidence);
        string[] words = [.. Stems(claim)];
        if (words.Length < 2) return words.Length == 1 && evidence.Any(e => Stems(e).Contains(words[0], StringComparer.Ordinal)) ? 1 : 0;
        var there = new Dictionary<(string, string), int>();
        foreach (var sentence in evidence)
        {
            string[] its = [.. Stems(sentence)];
            foreach (var pair in its.Zip(its.Skip(1))) there[pair] = there.GetValueOrDefault(pair) + 1;
        }

        var found = 0;
        foreach (var pair in words.Zip(words.Skip(1)))
        {
            if (there.GetValueOrDefault(pair) is not (> 0 and var left)) continue;
            there[pair] = left - 1;
            found++;
        }

        return (double)found / (words.Length - 1);
    }

    private static IEnumerable<string> Stems(string text) => Words.Split(text).Select(w => PorterStemmer.Stem(w.Text));
}
