using CoopAI.Core.Corpus;
using CoopAI.Core.Language;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Vectors;

namespace CoopAI.Core.Ranking;

/// <summary>All case studies as the re-ranker needs them, in memory. Immutable and safe for concurrent use; a change builds the next one.</summary>
public sealed class CorpusIndex
{
    /// <summary>How much the frequency of a word in general English counts beside its frequency in the corpus.</summary>
    private const double GeneralShare = 0.3;

    /// <summary>A corpus of fewer content words is too small to tell what it is about.</summary>
    private const int FewWords = 200;

    /// <summary>Cosine of two word vectors from which on they count as near; below lies chance.</summary>
    private const float NearFrom = 0.3f;

    /// <summary>A word of the same group of the thesaurus counts this much when the group is rare, less when it is common.</summary>
    private const double GroupAtMost = 0.9;

    /// <summary>A near word never counts as much as the same word.</summary>
    private const float NearAtMost = 0.95f;

    private readonly Dictionary<string, int> _slugs;
    private readonly Entry[] _entries;
    private readonly Vocabulary _vocabulary;
    private readonly int[] _groupFrequencies = new int[Thesaurus.Shipped.Count];

    /// <summary>For each stem of the vocabulary the case studies that hold it, with BM25's weight, see <see cref="LexicalModel.Saturate"/>.</summary>
    private readonly Postings<(int Place, float Saturated)> _stems;

    /// <summary>For each word of the vocabulary the case studies that hold it.</summary>
    private readonly Postings<int> _words;

    /// <summary>The vector of each word of the vocabulary; all zeros where the table has none.</summary>
    private readonly QuantizedVectors _wordVectors;

    private readonly CorpusEmbeddings _embeddings;
    private readonly (string Topic, int[] Stems)[] _topicPhrases;

    // An answer has no use for it, so the first one does not wait for it.
    private readonly Lazy<FacetIndex> _facets;

    private CorpusIndex(Entry[] entries, CorpusEmbeddings embeddings, Vocabulary vocabulary)
    {
        (_entries, _embeddings, _vocabulary) = (entries, embeddings, vocabulary);
        CaseStudies = [.. entries.Select(e => e.Source)];
        _slugs = new Dictionary<string, int>(entries.Length, StringComparer.Ordinal);
        for (var i = 0; i < entries.Length; i++) _slugs[entries[i].Source.CaseStudy.Slug] = i;
        foreach (var entry in entries)
        {
            for (var group = 0; group < _groupFrequencies.Length; group++) _groupFrequencies[group] += entry.Text.Groups[group] > 0 ? 1 : 0;
        }

        var words = entries.Sum(e => (double)e.Text.Words.Length);
        var averageLength = entries.Length == 0 ? 1 : Math.Max(1, words / entries.Length);
        DomainShare = words < FewWords ? 1 : entries.Sum(e => (double)e.Text.WordsInGroups) / words;
        _words = new(vocabulary.Count, [.. entries.Select(e => e.Text.WordCounts)], (place, _) => place);
        _stems = new(vocabulary.StemCount, [.. entries.Select(e => e.Text.StemCounts)],
            (place, count) => (place, (float)LexicalModel.Saturate(count, entries[place].Text.Words.Length, averageLength)));
        Statistics = new LexicalStatistics(entries.Length, Enumerable.Range(0, vocabulary.StemCount).Where(s => _stems[s].Length > 0)
            .ToDictionary(vocabulary.StemText, s => _stems[s].Length, StringComparer.Ordinal));
        _wordVectors = WordVectors.Shipped.Take(vocabulary.Rows);
        _facets = new Lazy<FacetIndex>(() => new FacetIndex(CaseStudies.Select(c => c.CaseStudy)));
        _topicPhrases = [.. CaseStudies.SelectMany(c => c.CaseStudy.Topics).Where(t => t.Contains(' ', StringComparison.Ordinal))
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(t => (t, StemsOf(t)))];
    }

    public static CorpusIndex Empty { get; } = Build([]);

    /// <summary>In ordinal slug order.</summary>
    public IReadOnlyList<IndexedCaseStudy> CaseStudies { get; }

    /// <summary>SHA-256 over the content hashes of all case studies: which corpus an answer was made from.</summary>
    public string Version => field ??= Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(
        System.Text.Encoding.UTF8.GetBytes(string.Join('\n', CaseStudies.Select(c => c.CaseStudy.ContentHash)))));

    /// <summary>Document frequencies of all case studies, for <see cref="LexicalModel.ForQuestion"/>.</summary>
    public LexicalStatistics Statistics { get; }

    /// <summary>Share of all content words that stand in the thesaurus, in [0, 1]: about 0.4 to 0.6 for case studies of councils, about 0.2 for texts from elsewhere. 1 for a corpus of a few words.</summary>
    internal double DomainShare { get; }

    internal FacetIndex Facets => _facets.Value;

    /// <summary>Builds the index. Work already done for the same objects in <paramref name="previous"/> is taken over.</summary>
    /// <exception cref="ArgumentException">A slug comes twice.</exception>
    public static CorpusIndex Build(IEnumerable<IndexedCaseStudy> caseStudies, CorpusIndex? previous = null)
    {
        ArgumentNullException.ThrowIfNull(caseStudies);
        var sources = caseStudies.OrderBy(c => c.CaseStudy.Slug, StringComparer.Ordinal).ToArray();
        for (var i = 1; i < sources.Length; i++)
        {
            if (sources[i].CaseStudy.Slug == sources[i - 1].CaseStudy.Slug)
                throw new ArgumentException($"Two case studies are named {sources[i].CaseStudy.Slug}.", nameof(caseStudies));
        }

        // What was prepared for the same object stays; the words of the others are split side by side and numbered one after the other.
        int[] kept = [.. sources.Select(s => previous is not null && previous._slugs.TryGetValue(s.CaseStudy.Slug, out var old) && ReferenceEquals(previous._entries[old].Source, s) ? old : -1)];
        var texts = new PreparedText?[sources.Length];
        var split = new (List<string> Label, List<Word> Text)[sources.Length];
        Parallel.For(0, sources.Length, i =>
        {
            if (previous is not null && kept[i] >= 0) texts[i] = previous._entries[kept[i]].Text;
            else split[i] = PreparedText.Split(sources[i].CaseStudy);
        });

        var vocabulary = previous?._vocabulary.Copy() ?? new Vocabulary();
        var numbered = new (int[] Label, int[] Text)[sources.Length];
        for (var i = 0; i < sources.Length; i++)
        {
            if (texts[i] is null) numbered[i] = ([.. split[i].Label.Select(vocabulary.Add)], [.. split[i].Text.Select(w => vocabulary.Add(w.Text))]);
        }

        Parallel.For(0, sources.Length, i =>
            texts[i] ??= PreparedText.Of(sources[i], numbered[i].Label, numbered[i].Text, [.. split[i].Text.Select(w => w.Span.Start)], vocabulary));

        var embeddings = CorpusEmbeddings.Of(sources, previous?._embeddings, kept);
        return new CorpusIndex([.. sources.Select((s, i) => new Entry(s with { SentenceEmbeddings = embeddings.SentencesOf(i) }, texts[i]!))], embeddings, vocabulary);
    }

    /// <summary>The case study of this name, or null.</summary>
    public IndexedCaseStudy? Find(string slug) => _slugs.TryGetValue(slug, out var i) ? _entries[i].Source : null;

    internal int PlaceOf(string slug) => _slugs.TryGetValue(slug, out var i) ? i : -1;

    /// <summary>Rarity of a word, about 0 to 1.3: mostly in the corpus, a little in general English, so that a small corpus does not mislead.</summary>
    internal double Rarity(string word, string stem) => RarityOf(Statistics.Frequencies.GetValueOrDefault(stem), WordVectors.Shipped.RowOf(word));

    private double RarityOf(int frequency, int row)
    {
        // A word that no case study holds weighs like one that a single one holds: it may just be another word for the same thing.
        var n = Math.Max(1, frequency);
        var inCorpus = Math.Log(1 + ((Statistics.CaseStudies - n + 0.5) / (n + 0.5))) / Math.Log(1 + Math.Max(1, Statistics.CaseStudies));
        var count = WordVectors.Shipped.Count;
        var inEnglish = Math.Log(2 + (row < 0 ? count : row)) / Math.Log(count);
        return ((1 - GeneralShare) * Math.Max(0, inCorpus)) + (GeneralShare * inEnglish);
    }

    /// <summary>Everything about a question that does not depend on the case study.</summary>
    internal PreparedQuestion Prepare(string text, ReadOnlyMemory<float> embedding)
    {
        var words = SearchWords.Split(text).ToList();
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var word in words) counts[word] = counts.GetValueOrDefault(word) + 1;
        var terms = counts.Select(c => (Word: c.Key, Stem: PorterStemmer.Stem(c.Key), Count: c.Value))
            .Select(t => new QuestionWord(t.Word, t.Stem, _vocabulary.StemIdOf(t.Stem), t.Count, Rarity(t.Word, t.Stem), Statistics.Idf(t.Stem)))
            // A pasted page must not cost more than a question: only its rarest words count.
            .OrderByDescending(t => t.Rarity).ThenBy(t => t.Word, StringComparer.Ordinal).Take(PreparedQuestion.MaxWords).ToArray();
        var matches = Thesaurus.Shipped.Match([.. words.Take(PreparedQuestion.MaxMatchedWords).Select(PorterStemmer.Stem)]);
        var groups = new Dictionary<string, HashSet<int>>(StringComparer.Ordinal);
        foreach (var match in matches)
        {
            for (var i = match.Start; i < match.Start + match.Length; i++)
            {
                if (!groups.TryGetValue(words[i], out var set)) groups[words[i]] = set = [];
                set.UnionWith(match.Groups);
            }
        }

        var lexical = new double[_entries.Length];
        foreach (var term in terms.Where(t => t.StemId >= 0))
        {
            foreach (var (place, saturated) in _stems[term.StemId]) lexical[place] += term.Count * term.Idf * saturated;
        }

        var (nearness, placeNearness) = NearnessOf(terms);
        return new PreparedQuestion(
            terms,
            [.. terms.Select(t => groups.TryGetValue(t.Word, out var set)
                ? set.Order().Select(g => (g, (float)(GroupAtMost * Math.Min(1, 1.2 * GroupIdf(g) / Math.Log(1 + Math.Max(1, _entries.Length)))))).ToArray() : [])],
            [.. matches.Select(m => m.Groups.Select(g => (g, GroupIdf(g))).ToArray())],
            embedding.ToArray(), nearness, placeNearness, lexical);
    }

    private double GroupIdf(int group)
    {
        var n = _groupFrequencies[group];
        return Math.Log(1 + ((_entries.Length - n + 0.5) / (n + 0.5)));
    }

    /// <summary>Compares the question with these case studies.</summary>
    /// <param name="features">As many as <paramref name="places"/>, in their order.</param>
    internal void Compare(PreparedQuestion question, ReadOnlySpan<int> places, Span<RankingFeatures> features)
    {
        // Embeddings first, then words, so that the processor reads the embeddings in one go.
        for (var i = 0; i < places.Length; i++) features[i] = _embeddings.Compare(question, places[i]);
        for (var i = 0; i < places.Length; i++) CompareWords(question, places[i], ref features[i]);
    }

    private void CompareWords(PreparedQuestion question, int place, ref RankingFeatures features)
    {
        var text = _entries[place].Text;
        double terms = 0;
        Span<float> nearest = stackalloc float[PreparedQuestion.MaxWords];
        question.PlaceNearness.Read(place, nearest);
        for (var i = 0; i < question.Words.Length; i++)
        {
            var rarity = question.Words[i].Rarity;
            var best = nearest[i];
            foreach (var (group, worth) in question.WordGroups[i])
            {
                if (worth > best && text.Groups[group] > 0) best = worth;
            }

            terms += rarity * best;
        }

        double concepts = 0, labelConcepts = 0;
        foreach (var concept in question.Concepts)
        {
            double best = 0, label = 0;
            foreach (var (group, idf) in concept)
            {
                double count = text.Groups[group];
                best = Math.Max(best, idf * count * (LexicalModel.K1 + 1) / (count + LexicalModel.K1));
                if (text.LabelGroups[group]) label = Math.Max(label, idf);
            }

            concepts += best;
            labelConcepts += label;
        }

        features = features with
        {
            Lexical = Share(question.Lexical[place], question.IdealLexical),
            Terms = Share(terms, question.Rarity),
            Concepts = Share(concepts, question.IdealConcepts),
            LabelConcepts = Share(labelConcepts, question.IdealConcepts),
            Length = text.LogLength,
        };

        static double Share(double reached, double ideal) => ideal > 0 ? reached / ideal : 0;
    }

    /// <summary>Cosine of the question and one passage of a case study.</summary>
    internal double PassageCosine(PreparedQuestion question, int place, int passage) =>
        _embeddings.PassageCosine(question, place, passage);

    /// <summary>Cosine of the question and one sentence of a case study.</summary>
    internal double SentenceCosine(PreparedQuestion question, int place, int sentence) =>
        _embeddings.SentenceCosine(question, place, sentence);

    /// <summary>For each word of the question the nearest word of a passage, weighted by rarity, 0 to 1.</summary>
    internal double PassageWords(PreparedQuestion question, int place, int passage) => WordShare(question, _entries[place].Text, _entries[place].Text.PassageWords[passage]);

    /// <summary>As <see cref="PassageWords"/>, for a sentence.</summary>
    internal double SentenceWords(PreparedQuestion question, int place, int sentence) => WordShare(question, _entries[place].Text, _entries[place].Text.SentenceWords[sentence]);

    /// <summary>Topics of two or more words that the text names, in ordinal order.</summary>
    internal IEnumerable<string> TopicsNamedIn(string text)
    {
        var stems = StemsOf(text);
        return _topicPhrases.Where(t => Holds(stems, t.Stems)).Select(t => t.Topic);
    }

    /// <summary>Whether a case study holds the stems of these words one after the other: "basic income" is found in "basic incomes" and not in "basic incoming".</summary>
    internal bool Holds(int place, string phrase)
    {
        var text = _entries[place].Text;
        return Holds([.. text.Words.Select(w => _vocabulary.StemIds[w])], StemsOf(phrase));
    }

    private static bool Holds(ReadOnlySpan<int> stems, ReadOnlySpan<int> phrase) => !phrase.IsEmpty && stems.IndexOf(phrase) >= 0;

    // A stem that no case study holds is −1, which fits none of them. Two unknown ones in a question can fit no topic: a topic's stems are all known.
    private int[] StemsOf(string text) => [.. SearchWords.Split(text).Select(w => _vocabulary.StemIdOf(PorterStemmer.Stem(w)))];

    private static double WordShare(PreparedQuestion question, PreparedText text, Range words)
    {
        Span<float> nearest = stackalloc float[PreparedQuestion.MaxWords];
        question.Nearness.Nearest(text.Words.AsSpan(words), nearest);
        double near = 0;
        for (var i = 0; i < question.Words.Length; i++) near += question.Words[i].Rarity * nearest[i];
        return question.Rarity > 0 ? near / question.Rarity : 0;
    }

    private (WordNearness OfWords, WordNearness OfPlaces) NearnessOf(QuestionWord[] words)
    {
        var (ofWords, ofPlaces) = (new WordNearness(words.Length, _vocabulary.Count), new WordNearness(words.Length, _entries.Length));
        var stems = _vocabulary.StemIds;
        QuantizedQuery?[] vectors = [.. words.Select(w => WordVectors.Shipped.RowOf(w.Word) is >= 0 and var row ? WordVectors.Shipped.Query(row) : null)];
        for (var word = 0; word < stems.Length; word++)
        {
            var isNear = false;
            for (var i = 0; i < words.Length; i++)
            {
                byte near = 0;
                if (words[i].StemId >= 0 && stems[word] == words[i].StemId) near = WordNearness.Same;
                else if (vectors[i] is { } vector && _wordVectors.Dot(word, vector) is > NearFrom and var cosine)
                    near = (byte)((Math.Min((cosine - NearFrom) / (1 - NearFrom), NearAtMost) * WordNearness.Same) + 0.5f);
                if (near == 0) continue;
                ofWords.Set(i, word, near);
                isNear = true;
            }

            if (!isNear) continue;
            foreach (var place in _words[word]) ofPlaces.Raise(place, ofWords, word);
        }

        return (ofWords, ofPlaces);
    }

    private sealed record Entry(IndexedCaseStudy Source, PreparedText Text);
}
