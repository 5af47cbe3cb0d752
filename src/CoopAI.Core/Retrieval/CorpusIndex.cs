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

    private readonly Dictionary<string, int> _slugs;
    private readonly Dictionary<string, int> _stems;
    private readonly Entry[] _entries;
    private readonly Vocabulary _vocabulary;
    private readonly Dictionary<int, int> _groupFrequencies = [];

    private CorpusIndex(Entry[] entries, Dictionary<string, int> stems, Vocabulary vocabulary, LexicalStatistics statistics, double averageLength)
    {
        (_entries, _stems, _vocabulary, Statistics) = (entries, stems, vocabulary, statistics);
        foreach (var group in entries.SelectMany(e => e.Text.Groups.Keys)) _groupFrequencies[group] = _groupFrequencies.GetValueOrDefault(group) + 1;
        _slugs = new Dictionary<string, int>(entries.Length, StringComparer.Ordinal);
        for (var i = 0; i < entries.Length; i++) _slugs[entries[i].Source.CaseStudy.Slug] = i;
        Parallel.ForEach(entries, entry => entry.Weigh(vocabulary, this, averageLength));
        CaseStudies = [.. entries.Select(e => e.Source)];
        var words = entries.Sum(e => (double)e.Text.Length);
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

        var texts = new PreparedText[sources.Length];
        Parallel.For(0, sources.Length, i => texts[i] =
            previous is not null && previous._slugs.TryGetValue(sources[i].CaseStudy.Slug, out var old) && ReferenceEquals(previous._entries[old].Source, sources[i])
                ? previous._entries[old].Text : PreparedText.Of(sources[i]));

        var frequencies = new Dictionary<string, int>(StringComparer.Ordinal);
        var stems = new Dictionary<string, int>(StringComparer.Ordinal);
        var words = new Dictionary<string, int>(StringComparer.Ordinal);
        var wordStems = new List<int>();
        foreach (var text in texts)
        {
            foreach (var stem in text.StemCounts.Keys)
            {
                frequencies[stem] = frequencies.GetValueOrDefault(stem) + 1;
                stems.TryAdd(stem, stems.Count);
            }

            foreach (var (word, stem) in text.WordStems)
            {
                if (words.TryAdd(word, words.Count)) wordStems.Add(stems[stem]);
            }
        }

        var statistics = new LexicalStatistics(sources.Length, frequencies);
        var averageLength = texts.Length == 0 ? 1 : Math.Max(1, texts.Average(t => (double)t.Length));
        var vocabulary = new Vocabulary(words, [.. wordStems]);
        return new CorpusIndex([.. sources.Zip(texts, (s, t) => new Entry(s, t))], stems, vocabulary, statistics, averageLength);
    }

    /// <summary>The case study of this name, or null.</summary>
    public IndexedCaseStudy? Find(string slug) => _slugs.TryGetValue(slug, out var i) ? _entries[i].Source : null;

    internal int PlaceOf(string slug) => _slugs.TryGetValue(slug, out var i) ? i : -1;

    /// <summary>Rarity of a word, about 0 to 1.3: mostly in the corpus, a little in general English, so that a small corpus does not mislead.</summary>
    internal double Rarity(string word, string stem)
    {
        // A word that no case study holds weighs like one that a single one holds: it may just be another word for the same thing.
        var n = Math.Max(1, Statistics.Frequencies.GetValueOrDefault(stem));
        var inCorpus = Math.Log(1 + ((Statistics.CaseStudies - n + 0.5) / (n + 0.5))) / Math.Log(1 + Math.Max(1, Statistics.CaseStudies));
        var table = WordVectors.Shipped;
        var row = table.RowOf(word);
        var inEnglish = Math.Log(2 + (row < 0 ? table.Count : row)) / Math.Log(table.Count);
        return ((1 - GeneralShare) * Math.Max(0, inCorpus)) + (GeneralShare * inEnglish);
    }

    /// <summary>Everything about a question that does not depend on the case study.</summary>
    internal PreparedQuestion Prepare(string text, ReadOnlyMemory<float> embedding)
    {
        var words = SearchWords.Split(text).ToList();
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var word in words) counts[word] = counts.GetValueOrDefault(word) + 1;
        var terms = counts.Select(c => (Word: c.Key, Stem: PorterStemmer.Stem(c.Key), Count: c.Value))
            .Select(t => new QuestionWord(t.Word, t.Stem, _stems.TryGetValue(t.Stem, out var id) ? id : -1, t.Count, Rarity(t.Word, t.Stem), Statistics.Idf(t.Stem)))
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

        var nearness = new float[terms.Length][];
        Parallel.For(0, terms.Length, i => nearness[i] = Nearness(terms[i]));
        return new PreparedQuestion(terms, centred, meaning, nearness)
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
        for (var i = 0; i < question.Words.Count; i++)
        {
            var word = question.Words[i];
            ideal += word.Count * word.Idf;
            rarity += word.Rarity;
            if (word.StemId >= 0) lexical += word.Count * word.Idf * entry.Saturated(word.StemId);
            var nearness = question.Nearness[i];
            var best = 0f;
            foreach (var id in entry.WordIds) best = Math.Max(best, nearness[id]);
            near += word.Rarity * best;
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
        for (var s = 0; s < entry.Sentences.Length; s++)
        {
            var cosine = Cosine(question.Embedding, entry.Sentences[s]);
            if (cosine > first) (first, second) = (cosine, first);
            else if (cosine > second) second = cosine;
        }

        var passage = -1f;
        foreach (var embedding in entry.Passages) passage = Math.Max(passage, Cosine(question.Embedding, embedding));
        return new RankingFeatures(
            ideal > 0 ? lexical / ideal : 0,
            entry.Passages.Length == 0 ? 0 : passage,
            entry.Sentences.Length switch { 0 => 0, 1 => first, _ => (first + second) / 2 },
            Cosine(question.Embedding, entry.Title),
            Cosine(question.Embedding, entry.Topics),
            rarity > 0 ? near / rarity : 0,
            TensorPrimitives.Dot<float>(question.Meaning, entry.Meaning),
            TensorPrimitives.Dot<float>(question.Meaning, entry.Label),
            rarity > 0 ? terms / rarity : 0,
            idealConcepts > 0 ? concepts / idealConcepts : 0,
            idealConcepts > 0 ? labelConcepts / idealConcepts : 0);
    }

    /// <summary>Cosine of the question and one passage of a case study.</summary>
    internal double PassageCosine(PreparedQuestion question, int place, int passage) => Cosine(question.Embedding, _entries[place].Passages[passage]);

    /// <summary>Cosine of the question and one sentence of a case study.</summary>
    internal double SentenceCosine(PreparedQuestion question, int place, int sentence) => Cosine(question.Embedding, _entries[place].Sentences[sentence]);

    /// <summary>As <see cref="RankingFeatures.Words"/>, for a piece of a case study's text.</summary>
    internal double WordShare(PreparedQuestion question, string text)
    {
        var ids = SearchWords.Split(text).Distinct(StringComparer.Ordinal).Select(_vocabulary.IdOf).Where(id => id >= 0).ToArray();
        double near = 0, rarity = 0;
        for (var i = 0; i < question.Words.Count; i++)
        {
            var best = 0f;
            foreach (var id in ids) best = Math.Max(best, question.Nearness[i][id]);
            near += question.Words[i].Rarity * best;
            rarity += question.Words[i].Rarity;
        }

        return rarity > 0 ? near / rarity : 0;
    }

    /// <summary>How near a word of the question comes to any word of this case study: 1 for the same stem.</summary>
    internal double WordNearness(PreparedQuestion question, int word, int place)
    {
        var best = 0f;
        foreach (var id in _entries[place].WordIds) best = Math.Max(best, question.Nearness[word][id]);
        return best;
    }

    private float[] Nearness(QuestionWord word)
    {
        var nearness = new float[_vocabulary.Count];
        if (WordVectors.Shipped.RowOf(word.Word) is >= 0 and var row)
        {
            var vector = WordVectors.Shipped[row];
            for (var id = 0; id < nearness.Length; id++)
            {
                if (_vocabulary.Rows[id] is >= 0 and var other)
                    nearness[id] = Math.Clamp((TensorPrimitives.Dot(vector, WordVectors.Shipped[other]) - NearFrom) / (1 - NearFrom), 0, NearAtMost);
            }
        }

        for (var id = 0; word.StemId >= 0 && id < nearness.Length; id++)
        {
            if (_vocabulary.StemIds[id] == word.StemId) nearness[id] = 1;
        }

        return nearness;
    }

    // Vectors of another encoder than the index was built with give no dense signal; the start has already complained.
    private static float Cosine(ReadOnlyMemory<float> a, ReadOnlyMemory<float> b) => a.Length == b.Length ? TensorPrimitives.Dot(a.Span, b.Span) : 0;

    private static void Normalise(Span<float> vector)
    {
        var length = TensorPrimitives.Norm<float>(vector);
        if (length > 0) TensorPrimitives.Divide(vector, length, vector);
    }

    /// <summary>The words of all case studies, numbered.</summary>
    private sealed class Vocabulary(Dictionary<string, int> words, int[] stemIds)
    {
        public int Count => stemIds.Length;

        public int[] StemIds => stemIds;

        /// <summary>Row of each word in the table of word vectors, or −1.</summary>
        public int[] Rows { get; } = RowsOf(words);

        public int IdOf(string word) => words.TryGetValue(word, out var id) ? id : -1;

        private static int[] RowsOf(Dictionary<string, int> words)
        {
            var rows = new int[words.Count];
            foreach (var (word, id) in words) rows[id] = WordVectors.Shipped.RowOf(word);
            return rows;
        }
    }

    /// <summary>What does not depend on the other case studies.</summary>
    private sealed record PreparedText(
        Dictionary<string, int> StemCounts, int Length, int WordsInGroups, Dictionary<string, string> WordStems, List<string> Words, List<string> LabelWords, Dictionary<int, int> Groups, HashSet<int> LabelGroups,
        ReadOnlyMemory<float>[] Passages, ReadOnlyMemory<float>[] Sentences, ReadOnlyMemory<float> Title, ReadOnlyMemory<float> Topics)
    {
        public static PreparedText Of(IndexedCaseStudy source)
        {
            var caseStudy = source.CaseStudy;
            var label = SearchWords.Split(LexicalModel.Fields(caseStudy, "")).ToList();
            var words = label.Concat(SearchWords.Split(caseStudy.Text)).ToList();
            var wordStems = new Dictionary<string, string>(StringComparer.Ordinal);
            var counts = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (var word in words)
            {
                if (!wordStems.TryGetValue(word, out var stem)) wordStems[word] = stem = PorterStemmer.Stem(word);
                counts[stem] = counts.GetValueOrDefault(stem) + 1;
            }

            var matches = Thesaurus.Shipped.Match([.. words.Select(w => wordStems[w])]);
            var groups = matches.SelectMany(m => m.Groups).CountBy(g => g).ToDictionary();
            var inGroups = matches.SelectMany(m => Enumerable.Range(m.Start, m.Length)).Distinct().Count();
            return new PreparedText(
                counts, words.Count, inGroups, wordStems, words, label, groups,
                [.. matches.Where(m => m.Start < label.Count).SelectMany(m => m.Groups)], [.. source.PassageEmbeddings.Select(Centred)],
                [.. source.SentenceEmbeddings.Select(Centred)], Centred(source.TitleEmbedding), Centred(source.TopicsEmbedding));
        }

        private static ReadOnlyMemory<float> Centred(ReadOnlyMemory<float> embedding)
        {
            var centred = new float[embedding.Length];
            CommonDirections.Shipped.Remove(embedding.Span, centred);
            return centred;
        }
    }

    private sealed class Entry(IndexedCaseStudy source, PreparedText text)
    {
        private int[] _stemIds = [];
        private float[] _saturated = [];

        public IndexedCaseStudy Source => source;

        public PreparedText Text => text;

        public ReadOnlyMemory<float>[] Passages => text.Passages;

        public ReadOnlyMemory<float>[] Sentences => text.Sentences;

        public ReadOnlyMemory<float> Title => text.Title;

        public ReadOnlyMemory<float> Topics => text.Topics;

        /// <summary>Its distinct words, as numbered in the vocabulary.</summary>
        public int[] WordIds { get; private set; } = [];

        public float[] Meaning { get; private set; } = [];

        public float[] Label { get; private set; } = [];

        public double Saturated(int stemId) => Array.BinarySearch(_stemIds, stemId) is >= 0 and var at ? _saturated[at] : 0;

        public void Weigh(Vocabulary vocabulary, CorpusIndex index, double averageLength)
        {
            WordIds = [.. text.WordStems.Keys.Select(vocabulary.IdOf).Order()];
            var stems = text.StemCounts.Select(s => (Id: index._stems[s.Key], s.Value)).OrderBy(s => s.Id).ToArray();
            _stemIds = [.. stems.Select(s => s.Id)];
            _saturated = [.. stems.Select(s => (float)LexicalModel.Saturate(s.Value, text.Length, averageLength))];
            Meaning = Centroid(text.Words);
            Label = Centroid(text.LabelWords);

            float[] Centroid(List<string> words)
            {
                var table = WordVectors.Shipped;
                var sum = new float[table.Dimension];
                foreach (var (word, count) in words.CountBy(w => w))
                {
                    if (table.RowOf(word) is >= 0 and var row)
                        TensorPrimitives.MultiplyAdd(table[row], (float)(count * index.Rarity(word, text.WordStems[word])), sum, sum);
                }

                Normalise(sum);
                return sum;
            }
        }
    }
}

/// <param name="StemId">As numbered in the index, or −1: no case study holds it.</param>
/// <param name="Count">Times it stands in the question.</param>
/// <param name="Rarity">See <see cref="CorpusIndex.Rarity"/>.</param>
internal sealed record QuestionWord(string Word, string Stem, int StemId, int Count, double Rarity, double Idf);

/// <param name="Embedding">Without the common directions.</param>
/// <param name="Meaning">Summed word vectors, of length one.</param>
/// <param name="Nearness">For each word of the question its nearness, 0 to 1, to every word of the corpus.</param>
internal sealed record PreparedQuestion(IReadOnlyList<QuestionWord> Words, ReadOnlyMemory<float> Embedding, float[] Meaning, IReadOnlyList<float[]> Nearness)
{
    /// <summary>Different words of a question that count.</summary>
    public const int MaxWords = 64;

    /// <summary>Words from the beginning that are looked up in the thesaurus.</summary>
    public const int MaxMatchedWords = 1000;

    /// <summary>For each member of the thesaurus in the question its groups with their idf.</summary>
    public IReadOnlyList<(int Group, double Idf)[]> Concepts { get; init; } = [];

    /// <summary>For each of <see cref="Words"/> the groups that it stands in, with what sharing them is worth, 0 to 1.</summary>
    public IReadOnlyList<(int Group, float Worth)[]> WordGroups { get; init; } = [];
}
