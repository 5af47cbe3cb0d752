namespace CoopAI.Evaluation.Answers;

/// <summary>One sentence of an answer as the judge of support sees it.</summary>
/// <param name="Text">The sentence.</param>
/// <param name="Cited">Ids of the passages it cites, in the order cited.</param>
public sealed record CitedSentence(string Text, IReadOnlyList<string> Cited);

/// <summary>Citation recall and precision of one answer, as counts so that they can be pooled.</summary>
/// <param name="Sentences">Sentences that ought to be supported.</param>
/// <param name="Supported">Of those, how many their cited passages together support.</param>
/// <param name="Citations">All citations.</param>
/// <param name="Useful">Citations that are sufficient alone, or without which the rest no longer suffices; in supported sentences only.</param>
public sealed record CitationCounts(int Sentences, int Supported, int Citations, int Useful);

/// <summary>Citation recall and precision after ALCE (Gao et al., EMNLP 2023, arXiv 2305.14627, section 4.3).</summary>
/// <remarks>
/// ALCE asks a language model for entailment (TRUE, an 11-billion-parameter model). None runs here: the judge is the service's own
/// sentence verifier. It is the same one that withholds sentences before they are shown, so a high figure says that answer and
/// verifier agree, not that a reader would. The verifier's own error rates are measured by the grounding suite.
/// </remarks>
public static class CitationMetrics
{
    /// <param name="supports">Whether the passages of these ids together support a sentence.</param>
    public static CitationCounts Of(IReadOnlyList<CitedSentence> sentences, Func<string, IReadOnlyList<string>, bool> supports)
    {
        ArgumentNullException.ThrowIfNull(sentences);
        ArgumentNullException.ThrowIfNull(supports);
        int supported = 0, citations = 0, useful = 0;
        foreach (var (text, cited) in sentences)
        {
            citations += cited.Count;
            if (cited.Count == 0 || !supports(text, cited)) continue;
            supported++;
            for (var i = 0; i < cited.Count; i++)
            {
                string[] rest = [.. cited.Where((_, j) => j != i)];
                // A citation is irrelevant when it cannot support the sentence alone and the others can without it.
                if (rest.Length == 0 || supports(text, [cited[i]]) || !supports(text, rest)) useful++;
            }
        }

        return new CitationCounts(sentences.Count, supported, citations, useful);
    }
}
