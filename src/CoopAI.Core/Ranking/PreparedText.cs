using CoopAI.Core.Corpus;
using CoopAI.Core.Language;
using CoopAI.Core.Retrieval;

namespace CoopAI.Core.Ranking;

/// <summary>Of one case study what does not depend on the others: taken over into the next index as it is.</summary>
internal sealed class PreparedText
{
    /// <summary>A longer text is no longer than this to the ranking.</summary>
    private const int MostSentences = 40;

    private PreparedText(
        int[] words, (int Word, int Count)[] wordCounts, (int Stem, int Count)[] stemCounts, int wordsInGroups, byte[] groups, bool[] labelGroups,
        Range[] passages, Range[] sentences)
    {
        (Words, WordCounts, StemCounts, WordsInGroups, Groups, LabelGroups) = (words, wordCounts, stemCounts, wordsInGroups, groups, labelGroups);
        (PassageWords, SentenceWords) = (passages, sentences);
    }

    /// <summary>Content words of title, topics and text in reading order, as numbered in the vocabulary.</summary>
    public int[] Words { get; }

    /// <summary>Each of <see cref="Words"/> once with how often it comes, in the order of first coming.</summary>
    public (int Word, int Count)[] WordCounts { get; }

    /// <summary>Each stem with how often it comes, likewise.</summary>
    public (int Stem, int Count)[] StemCounts { get; }

    /// <summary>How many words stand in a group of the thesaurus.</summary>
    public int WordsInGroups { get; }

    /// <summary>How often each group of the thesaurus is named; 255 for more.</summary>
    public byte[] Groups { get; }

    /// <summary>Whether title and topics name each group.</summary>
    public bool[] LabelGroups { get; }

    /// <summary>See <see cref="RankingFeatures.Length"/>.</summary>
    public double LogLength => Math.Log(Math.Clamp(SentenceWords.Length, 1, MostSentences));

    /// <summary>Which of <see cref="Words"/> each passage holds.</summary>
    public Range[] PassageWords { get; }

    public Range[] SentenceWords { get; }

    /// <summary>The words as they stand in the case study: label first, then the text.</summary>
    public static (List<string> Label, List<Word> Text) Split(CaseStudy caseStudy) =>
        ([.. SearchWords.Split(LexicalModel.Fields(caseStudy, ""))], [.. SearchWords.SplitWithSpans(caseStudy.Text)]);

    /// <param name="label">Numbers of the words of title and topics.</param>
    /// <param name="text">Numbers of the words of the text.</param>
    /// <param name="starts">Where each word of the text begins.</param>
    public static PreparedText Of(IndexedCaseStudy source, int[] label, int[] text, int[] starts, Vocabulary vocabulary)
    {
        int[] words = [.. label, .. text];
        var matches = Thesaurus.Shipped.Match([.. words.Select(w => vocabulary.StemText(vocabulary.StemIds[w]))]);
        var (groups, labelGroups) = (new byte[Thesaurus.Shipped.Count], new bool[Thesaurus.Shipped.Count]);
        foreach (var match in matches)
        {
            foreach (var group in match.Groups)
            {
                if (groups[group] < byte.MaxValue) groups[group]++;
                labelGroups[group] |= match.Start < label.Length;
            }
        }

        return new PreparedText(
            words, Count(words), Count([.. words.Select(w => vocabulary.StemIds[w])]),
            matches.SelectMany(m => Enumerable.Range(m.Start, m.Length)).Distinct().Count(),
            groups, labelGroups,
            [.. source.Passages.Select(p => Between(p.Start, p.Start + p.Text.Length))], [.. source.Sentences.Select(s => Between(s.Start, s.End))]);

        Range Between(int from, int to) => (label.Length + FirstFrom(from))..(label.Length + FirstFrom(to));

        int FirstFrom(int position) => Array.BinarySearch(starts, position) is >= 0 and var at ? at : ~Array.BinarySearch(starts, position);
    }

    /// <summary>Each different number with how often it comes, in the order of first coming: one that does not hang on how words are numbered.</summary>
    public static (int Number, int Count)[] Count(ReadOnlySpan<int> numbers)
    {
        var counts = new OrderedDictionary<int, int>();
        foreach (var number in numbers) counts[number] = counts.GetValueOrDefault(number) + 1;
        return [.. counts.Select(c => (c.Key, c.Value))];
    }
}
