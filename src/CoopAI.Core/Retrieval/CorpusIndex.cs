using System.Numerics.Tensors;
using CoopAI.Core.Text;

namespace CoopAI.Core.Retrieval;

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

    /// <summary>Before it stand title and topics, see <see cref="PreparedText.Embeddings"/>.</summary>
    private const int FirstPassage = 2;

    private readonly Dictionary<string, int> _slugs;
    private readonly Entry[] _entries;
    private readonly Vocabulary _vocabulary;
    private readonly Dictionary<int, int> _groupFrequencies = [];
    private readonly (string Topic, int[] Stems)[] _topicPhrases;

    private CorpusIndex(Entry[] entries, Vocabulary vocabulary, LexicalStatistics statistics, double averageLength)
    {
        (_entries, _vocabulary, Statistics) = (entries, vocabulary, statistics);
        foreach (var group in entries.SelectMany(e => e.Text.Groups.Keys)) _groupFrequencies[group] = _groupFrequencies.GetValueOrDefault(group) + 1;
        _slugs = new Dictionary<string, int>(entries.Length, StringComparer.Ordinal);
        for (var i = 0; i < entries.Length; i++) _slugs[entries[i].Source.CaseStudy.Slug] = i;
        Parallel.ForEach(entries, entry => entry.Weigh(this, averageLength));
        CaseStudies = [.. entries.Select(e => e.Source)];
        _topicPhrases = [.. CaseStudies.SelectMany(c => c.CaseStudy.Topics).Where(t => t.Contains(' ', StringComparison.Ordinal))
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(t => (t, StemsOf(t)))];
        var words = entries.Sum(e => (double)e.Text.Words.Length);
        DomainShare = words < FewWords ? 1 : entries.Sum(e => (double)e.Text.WordsInGroups) / words;
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
        var texts = new PreparedText?[sources.Length];
        var split = new (List<string> Label, List<Word> Text)[sources.Length];
        Parallel.For(0, sources.Length, i =>
        {
            if (previous is not null && previous._slugs.TryGetValue(sources[i].CaseStudy.Slug, out var old) && ReferenceEquals(previous._entries[old].Source, sources[i]))
                texts[i] = previous._entries[old].Text;
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

        var frequencies = new int[vocabulary.StemCount];
        foreach (var (stem, _) in texts.SelectMany(t => t!.Stems)) frequencies[stem]++;
        var statistics = new LexicalStatistics(
            sources.Length,
            Enumerable.Range(0, frequencies.Length).Where(s => frequencies[s] > 0).ToDictionary(vocabulary.StemText, s => frequencies[s], StringComparer.Ordinal));
        var averageLength = texts.Length == 0 ? 1 : Math.Max(1, texts.Average(t => (double)t!.Words.Length));
        return new CorpusIndex([.. sources.Zip(texts, (s, t) => new Entry(s, t!))], vocabulary, statistics, averageLength);
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

    private double RarityOf(int word) =>
        RarityOf(Statistics.Frequencies.GetValueOrDefault(_vocabulary.StemText(_vocabulary.StemIds[word])), _vocabulary.Rows[word]);

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
        var centred = new float[embedding.Length];
        CommonDirections.Shipped.Remove(embedding.Span, centred);
        var table = WordVectors.Shipped;
        var meaning = new float[table.Dimension];
        foreach (var term in terms)
        {
            if (table.RowOf(term.Word) is >= 0 and var row) TensorPrimitives.MultiplyAdd(table[row], (float)(term.Count * term.Rarity), meaning, meaning);
        }

        Normalise(meaning);
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

        return new PreparedQuestion(terms, centred, meaning, NearnessOf(terms))
        {
            Concepts = [.. matches.Select(m => m.Groups.Select(g => (g, GroupIdf(g))).ToArray())],
            WordGroups = [.. terms.Select(t => groups.TryGetValue(t.Word, out var set)
                ? set.Order().Select(g => (g, (float)(GroupAtMost * Math.Min(1, 1.2 * GroupIdf(g) / Math.Log(1 + Math.Max(1, _entries.Length)))))).ToArray() : [])],
        };
    }

    private double GroupIdf(int group)
    {
        var n = _groupFrequencies.GetValueOrDefault(group);
        return Math.Log(1 + ((_entries.Length - n + 0.5) / (n + 0.5)));
    }

    internal RankingFeatures Compare(PreparedQuestion question, int place)
    {
        var entry = _entries[place];
        double lexical = 0, ideal = 0, near = 0, terms = 0, rarity = 0;
        Span<float> nearest = stackalloc float[PreparedQuestion.MaxWords];
        question.Nearness.Nearest(entry.Text.DistinctWords, nearest);
        for (var i = 0; i < question.Words.Count; i++)
        {
            var word = question.Words[i];
            var best = nearest[i];
            ideal += word.Count * word.Idf;
            rarity += word.Rarity;
            near += word.Rarity * best;
            if (word.StemId >= 0) lexical += word.Count * word.Idf * entry.Saturated(word.StemId);
            foreach (var (group, worth) in question.WordGroups[i])
            {
                if (worth > best && entry.Text.Groups.ContainsKey(group)) best = worth;
            }

            terms += word.Rarity * best;
        }

        double concepts = 0, labelConcepts = 0, idealConcepts = 0;
        foreach (var concept in question.Concepts)
        {
            double best = 0, label = 0, most = 0;
            foreach (var (group, idf) in concept)
            {
                most = Math.Max(most, idf);
                if (entry.Text.Groups.TryGetValue(group, out var count)) best = Math.Max(best, idf * count * (LexicalModel.K1 + 1) / (count + LexicalModel.K1));
                if (entry.Text.LabelGroups.Contains(group)) label = Math.Max(label, idf);
            }

            concepts += best;
            labelConcepts += label;
            idealConcepts += most;
        }

        var (first, second) = (-1f, -1f);
        for (var i = 0; i < entry.Text.SentenceScales.Length; i++)
        {
            var cosine = Cosine(question, entry.Source.SentenceEmbeddings, entry.Text.SentenceScales, i);
            if (cosine > first) (first, second) = (cosine, first);
            else if (cosine > second) second = cosine;
        }

        var passage = -1f;
        for (var i = FirstPassage; i < entry.Text.Scales.Length; i++) passage = Math.Max(passage, Cosine(question, entry.Text.Embeddings, entry.Text.Scales, i));
        return new RankingFeatures(
            ideal > 0 ? lexical / ideal : 0,
            entry.Text.Scales.Length == FirstPassage ? 0 : passage,
            entry.Text.SentenceScales.Length switch { 0 => 0, 1 => first, _ => (first + second) / 2 },
            Cosine(question, entry.Text.Embeddings, entry.Text.Scales, 0),
            Cosine(question, entry.Text.Embeddings, entry.Text.Scales, 1),
            rarity > 0 ? near / rarity : 0,
            TensorPrimitives.Dot<float>(question.Meaning, entry.Meaning),
            TensorPrimitives.Dot<float>(question.Meaning, entry.Label),
            rarity > 0 ? terms / rarity : 0,
            idealConcepts > 0 ? concepts / idealConcepts : 0,
            idealConcepts > 0 ? labelConcepts / idealConcepts : 0);
    }

    /// <summary>Cosine of the question and one passage of a case study.</summary>
    internal double PassageCosine(PreparedQuestion question, int place, int passage) =>
        Cosine(question, _entries[place].Text.Embeddings, _entries[place].Text.Scales, FirstPassage + passage);

    /// <summary>Cosine of the question and one sentence of a case study.</summary>
    internal double SentenceCosine(PreparedQuestion question, int place, int sentence) =>
        Cosine(question, _entries[place].Source.SentenceEmbeddings, _entries[place].Text.SentenceScales, sentence);

    /// <summary>As <see cref="RankingFeatures.Words"/>, for a passage.</summary>
    internal double PassageWords(PreparedQuestion question, int place, int passage) => WordShare(question, _entries[place].Text, _entries[place].Text.PassageWords[passage]);

    /// <summary>As <see cref="RankingFeatures.Words"/>, for a sentence.</summary>
    internal double SentenceWords(PreparedQuestion question, int place, int sentence) => WordShare(question, _entries[place].Text, _entries[place].Text.SentenceWords[sentence]);

    /// <summary>For each word of the question how near it comes to any word of this case study: 1 for the same stem.</summary>
    internal float[] WordNearness(PreparedQuestion question, int place)
    {
        var nearest = new float[question.Words.Count];
        question.Nearness.Nearest(_entries[place].Text.DistinctWords, nearest);
        return nearest;
    }

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
        double near = 0, rarity = 0;
        for (var i = 0; i < question.Words.Count; i++)
        {
            near += question.Words[i].Rarity * nearest[i];
            rarity += question.Words[i].Rarity;
        }

        return rarity > 0 ? near / rarity : 0;
    }

    private WordNearness NearnessOf(QuestionWord[] words)
    {
        var nearness = new WordNearness(words.Length, _vocabulary.Count);
        var table = WordVectors.Shipped;
        var stems = _vocabulary.StemIds;
        var rows = _vocabulary.Rows;
        for (var i = 0; i < words.Length; i++)
        {
            var vector = table.RowOf(words[i].Word) is >= 0 and var row ? table[row] : [];
            for (var id = 0; id < stems.Length; id++)
            {
                if (words[i].StemId >= 0 && stems[id] == words[i].StemId) nearness.Set(i, id, Retrieval.WordNearness.Same);
                else if (!vector.IsEmpty && rows[id] >= 0 && TensorPrimitives.Dot(vector, table[rows[id]]) is > NearFrom and var cosine)
                    nearness.Set(i, id, (byte)((Math.Min((cosine - NearFrom) / (1 - NearFrom), NearAtMost) * Retrieval.WordNearness.Same) + 0.5f));
            }
        }

        return nearness;
    }

    // Vectors of another encoder than the index was built with give no dense signal; the start has already complained.
    private static float Cosine(PreparedQuestion question, QuantizedVectors embeddings, float[] scales, int index) =>
        embeddings.Dimension == question.Embedding.Length ? (embeddings.Dot(index, question.Quantized) - question.Offset) * scales[index] : 0;

    private static void Normalise(Span<float> vector)
    {
        var length = TensorPrimitives.Norm<float>(vector);
        if (length > 0) TensorPrimitives.Divide(vector, length, vector);
    }

    private sealed class Entry(IndexedCaseStudy source, PreparedText text)
    {
        private float[] _saturated = [];

        public IndexedCaseStudy Source => source;

        public PreparedText Text => text;

        public float[] Meaning { get; private set; } = [];

        public float[] Label { get; private set; } = [];

        public double Saturated(int stemId)
        {
            var at = text.Stems.AsSpan().BinarySearch(new StemOnly(stemId));
            return at >= 0 ? _saturated[at] : 0;
        }

        public void Weigh(CorpusIndex index, double averageLength)
        {
            _saturated = [.. text.Stems.Select(s => (float)LexicalModel.Saturate(s.Count, text.Words.Length, averageLength))];
            Meaning = Centroid(text.Words);
            Label = Centroid(text.Words.AsSpan(0, text.LabelWords));

            float[] Centroid(ReadOnlySpan<int> words)
            {
                var table = WordVectors.Shipped;
                var sum = new float[table.Dimension];
                foreach (var (word, count) in words.ToArray().CountBy(w => w))
                {
                    if (index._vocabulary.Rows[word] is >= 0 and var row)
                        TensorPrimitives.MultiplyAdd(table[row], (float)(count * index.RarityOf(word)), sum, sum);
                }

                Normalise(sum);
                return sum;
            }
        }

        private readonly struct StemOnly(int stem) : IComparable<(int Stem, int Count)>
        {
            public int CompareTo((int Stem, int Count) other) => stem.CompareTo(other.Stem);
        }
    }
}
