using System.Runtime.InteropServices;
using CoopAI.Core.Language;

namespace CoopAI.Core.Ranking;

/// <summary>The words of all case studies, numbered. A number stays when the corpus changes, so prepared texts can be kept.</summary>
/// <remarks>Grows while an index is built and is not changed afterwards: the next index works on a <see cref="Copy"/>.</remarks>
internal sealed class Vocabulary
{
    private readonly Dictionary<string, int> _words;
    private readonly Dictionary<string, int> _stems;
    private readonly List<int> _stemIds;
    private readonly List<int> _rows;
    private readonly List<string> _stemTexts;

    public Vocabulary()
        : this(new(StringComparer.Ordinal), new(StringComparer.Ordinal), [], [], [])
    {
    }

    private Vocabulary(Dictionary<string, int> words, Dictionary<string, int> stems, List<int> stemIds, List<int> rows, List<string> stemTexts) =>
        (_words, _stems, _stemIds, _rows, _stemTexts) = (words, stems, stemIds, rows, stemTexts);

    public int Count => _stemIds.Count;

    public int StemCount => _stemTexts.Count;

    /// <summary>Number of the stem of each word.</summary>
    public ReadOnlySpan<int> StemIds => CollectionsMarshal.AsSpan(_stemIds);

    /// <summary>Row of each word in the table of word vectors, or −1.</summary>
    public ReadOnlySpan<int> Rows => CollectionsMarshal.AsSpan(_rows);

    public string StemText(int stemId) => _stemTexts[stemId];

    /// <summary>Number of a stem, or −1: no case study holds it.</summary>
    public int StemIdOf(string stem) => _stems.GetValueOrDefault(stem, -1);

    /// <summary>Number of a word, which is added if it is new.</summary>
    public int Add(string word)
    {
        if (_words.TryGetValue(word, out var id)) return id;
        var stem = PorterStemmer.Stem(word);
        if (!_stems.TryGetValue(stem, out var stemId))
        {
            _stems[stem] = stemId = _stemTexts.Count;
            _stemTexts.Add(stem);
        }

        _words[word] = id = _stemIds.Count;
        _stemIds.Add(stemId);
        _rows.Add(WordVectors.Shipped.RowOf(word));
        return id;
    }

    public Vocabulary Copy() => new(new(_words, StringComparer.Ordinal), new(_stems, StringComparer.Ordinal), [.. _stemIds], [.. _rows], [.. _stemTexts]);
}
