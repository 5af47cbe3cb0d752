using CoopAI.Core.Language;

namespace CoopAI.Core.Corpus;

/// <summary>Cuts a case study into passages at sentence borders.</summary>
/// <param name="countPieces">Word pieces of a text as the encoder counts them; null counts 1.4 pieces a word.</param>
/// <param name="maxPieces">What the encoder reads whole: 128 pieces, about 90 words.</param>
public sealed class PassageChunker(Func<string, int>? countPieces = null, int maxPieces = 128)
{
    private readonly Func<string, int> _count = countPieces ?? (text => (int)Math.Ceiling(1.4 * Words.Split(text).Count()));

    /// <summary>Passages in reading order; neighbours share one sentence unless that alone would leave no room. A sentence longer than a passage stands alone (the encoder clips it). Empty text gives none.</summary>
    public IReadOnlyList<Passage> Chunk(CaseStudy caseStudy)
    {
        ArgumentNullException.ThrowIfNull(caseStudy);
        var text = caseStudy.Text;
        var sentences = Sentences.Split(text);
        var pieces = sentences.Select(s => _count(s.In(text))).ToArray();
        var passages = new List<Passage>();
        var first = 0;
        while (first < sentences.Count)
        {
            var end = first + 1;
            var size = pieces[first];
            while (end < sentences.Count && size + pieces[end] <= maxPieces) size += pieces[end++];

            var span = new TextSpan(sentences[first].Start, sentences[end - 1].End);
            passages.Add(new Passage(Passage.IdOf(caseStudy.Slug, passages.Count), caseStudy.Slug, passages.Count, span.In(text), span.Start));
            if (end == sentences.Count) break;
            // One sentence of overlap keeps "it" and "they" readable; it must not crowd out the next sentence.
            first = end - first > 1 && pieces[end - 1] + pieces[end] <= maxPieces ? end - 1 : end;
        }

        return passages;
    }
}
