using CoopAI.Core.Corpus;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Vectors;

namespace CoopAI.Core.Ranking;

/// <summary>What is compared of every case study for every question, in 8 bits a number: title, topics, passages, then sentences.</summary>
/// <remarks>One block of memory, case study after case study: all of it is read for a question, and a block is read some three times as fast as thousands of pieces.</remarks>
internal sealed class CorpusEmbeddings
{
    /// <summary>Before the passages stand title and topics.</summary>
    private const int FirstPassage = 2;

    private readonly QuantizedVectors _vectors;

    private readonly Place[] _places;

    private CorpusEmbeddings(QuantizedVectors vectors, Place[] places) => (_vectors, _places) = (vectors, places);

    /// <param name="sources">Place by place.</param>
    /// <param name="previous">Of the index before.</param>
    /// <param name="kept">For each source its place in <paramref name="previous"/>, or −1: it is new or has changed.</param>
    public static CorpusEmbeddings Of(IReadOnlyList<IndexedCaseStudy> sources, CorpusEmbeddings? previous, IReadOnlyList<int> kept)
    {
        var parts = new QuantizedVectors[sources.Count][];
        Parallel.For(0, sources.Count, i =>
        {
            if (previous is not null && kept[i] >= 0)
            {
                var old = previous._places[kept[i]];
                parts[i] = [previous._vectors.Slice(old.First, old.Count)];
                return;
            }

            List<ReadOnlyMemory<float>> whole = [sources[i].TitleEmbedding, sources[i].TopicsEmbedding, .. sources[i].PassageEmbeddings];
            parts[i] = [QuantizedVectors.Of(whole, whole[0].Length), sources[i].SentenceEmbeddings];
        });

        var places = new Place[sources.Count];
        var first = 0;
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = new Place(first, sources[i].PassageEmbeddings.Count, sources[i].SentenceEmbeddings.Count);
            first += places[i].Count;
        }

        return new CorpusEmbeddings(QuantizedVectors.Concat([.. parts.SelectMany(p => p)]), places);
    }

    /// <summary>The sentences of one case study, in the block.</summary>
    public QuantizedVectors SentencesOf(int place) => _vectors.Slice(_places[place].FirstSentence, _places[place].Sentences);

    /// <summary>Cosine of the question and one passage of a case study.</summary>
    public float PassageCosine(PreparedQuestion question, int place, int passage) => Cosine(question, _places[place].First + FirstPassage + passage);

    /// <summary>Cosine of the question and one sentence of a case study.</summary>
    public float SentenceCosine(PreparedQuestion question, int place, int sentence) => Cosine(question, _places[place].FirstSentence + sentence);

    /// <summary>The dense features of one case study; the others are 0.</summary>
    public RankingFeatures Compare(PreparedQuestion question, int place)
    {
        var at = _places[place];
        var passage = at.Passages == 0 ? 0 : -1f;
        for (var i = at.First + FirstPassage; i < at.FirstSentence; i++) passage = Math.Max(passage, Cosine(question, i));
        var (first, second) = (-1f, -1f);
        for (var i = at.FirstSentence; i < at.First + at.Count; i++)
        {
            var cosine = Cosine(question, i);
            if (cosine > first) (first, second) = (cosine, first);
            else if (cosine > second) second = cosine;
        }

        return default(RankingFeatures) with
        {
            Passage = passage,
            Sentences = at.Sentences switch { 0 => 0, 1 => first, _ => (first + second) / 2 },
            Title = Cosine(question, at.First),
            Topics = Cosine(question, at.First + 1),
        };
    }

    // Vectors of another encoder than the index was built with give no dense signal; the start has already complained.
    private float Cosine(PreparedQuestion question, int index) =>
        _vectors.Dimension == question.Embedding.Length ? _vectors.Dot(index, question.Quantized) : 0;

    /// <summary>Where the vectors of a case study lie.</summary>
    private readonly record struct Place(int First, int Passages, int Sentences)
    {
        public int FirstSentence => First + FirstPassage + Passages;

        public int Count => FirstPassage + Passages + Sentences;
    }
}
