using System.Numerics.Tensors;
using CoopAI.Core.Corpus;
using CoopAI.Core.Language;
using CoopAI.Core.Principles;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Vectors;
using Microsoft.Extensions.AI;

namespace CoopAI.Core.Tagging;

/// <summary>Reads texts for the tagger: markup and quoted statements go, sentences get their embedding and cues.</summary>
/// <remarks>Thread-safe. Every sentence of a long text counts; the cost grows with its distinct sentences.</remarks>
public sealed class TaggableTextReader
{
    /// <summary>Texts with fewer words are too thin to show anything.</summary>
    public const int MinWords = 8;

    /// <summary>Cues of a text count as if it had at most this many sentences, so that sheer length is no evidence.</summary>
    private const int CueSentences = 24;

    /// <summary>Sentences that are embedded at once.</summary>
    private const int BatchSize = 256;

    // Embedding values are near 0.05, and most of that all texts share; scaled, a step in one weighs about as much as a cue. Chosen by cross-validation (3, 5, 8).
    private const float EmbeddingScale = 8;

    private readonly PrincipleCatalogue _catalogue;
    private readonly IEmbeddingGenerator<string, Embedding<float>> _embeddings;
    private readonly StatementFilter _statements;
    private readonly float[][] _descriptions;

    private TaggableTextReader(PrincipleCatalogue catalogue, IEmbeddingGenerator<string, Embedding<float>> embeddings, float[][] descriptions)
    {
        (_catalogue, _embeddings, _descriptions) = (catalogue, embeddings, descriptions);
        _statements = new StatementFilter(catalogue.Principles);
        Model = embeddings.GetService(typeof(EmbeddingGeneratorMetadata)) is EmbeddingGeneratorMetadata { DefaultModelId: { } model } ? model : "unnamed";
    }

    /// <summary>Id of the embedding model.</summary>
    public string Model { get; }

    public PrincipleCatalogue Catalogue => _catalogue;

    internal int Dimension => _descriptions[0].Length;

    internal int FeatureCount => Dimension + (2 * _catalogue.Principles.Count);

    public static async Task<TaggableTextReader> CreateAsync(PrincipleCatalogue catalogue, IEmbeddingGenerator<string, Embedding<float>> embeddings, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(catalogue);
        ArgumentNullException.ThrowIfNull(embeddings);
        var descriptions = await embeddings.GenerateAsync([.. catalogue.Principles.Select(p => p.Description)], cancellationToken: ct).ConfigureAwait(false);
        return new TaggableTextReader(catalogue, embeddings, [.. descriptions.Select(d => Normalised(d.Vector.ToArray()))]);
    }

    public async Task<ReadText> ReadAsync(TaggableText text, CancellationToken ct = default) => (await ReadAsync([text], ct).ConfigureAwait(false))[0];

    /// <summary>One result a text, in order; equal sentences are embedded once.</summary>
    public Task<IReadOnlyList<ReadText>> ReadAsync(IReadOnlyList<TaggableText> texts, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return ReadAsync([.. texts.Select(t => (t, (IndexedCaseStudy?)null))], ct);
    }

    /// <summary>One result a stored case study, in order. What was embedded for searching is not embedded again.</summary>
    public Task<IReadOnlyList<ReadText>> ReadAsync(IReadOnlyList<IndexedCaseStudy> stored, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(stored);
        return ReadAsync([.. stored.Select(s => (TaggableText.Of(s.CaseStudy), (IndexedCaseStudy?)s))], ct);
    }

    private async Task<IReadOnlyList<ReadText>> ReadAsync(IReadOnlyList<(TaggableText Text, IndexedCaseStudy? Stored)> sources, CancellationToken ct)
    {
        var drafts = new Draft[sources.Count];
        Parallel.For(0, drafts.Length, i => drafts[i] = Split(sources[i].Text));
        var vectors = new Dictionary<string, float[]>(StringComparer.Ordinal);
        for (var i = 0; i < drafts.Length; i++) Recall(drafts[i], sources[i].Stored, vectors);
        var missing = drafts.SelectMany(d => d.Sentences).Select(s => s.Text).Where(t => !vectors.ContainsKey(t)).Distinct(StringComparer.Ordinal)
            // Like lengths together: a batch is as slow as its longest text.
            .OrderBy(t => t.Length).ThenBy(t => t, StringComparer.Ordinal).ToList();
        foreach (var batch in missing.Chunk(BatchSize))
        {
            var embeddings = await _embeddings.GenerateAsync(batch, cancellationToken: ct).ConfigureAwait(false);
            for (var i = 0; i < batch.Length; i++) vectors[batch[i]] = Rounded(embeddings[i].Vector);
        }

        var read = new ReadText[drafts.Length];
        Parallel.For(0, drafts.Length, i => read[i] = Finish(sources[i].Text, drafts[i], vectors));
        return read;
    }

    /// <summary>Takes over the embeddings of sentences that the index holds word for word.</summary>
    private void Recall(Draft draft, IndexedCaseStudy? stored, Dictionary<string, float[]> vectors)
    {
        if (stored is null || stored.TitleEmbedding.Length != Dimension) return;
        var places = new Dictionary<int, int>(stored.Sentences.Count);
        for (var i = 0; i < stored.Sentences.Count; i++) places[stored.Sentences[i].Start] = i;
        foreach (var (text, span) in draft.Sentences)
        {
            if (vectors.ContainsKey(text)) continue;
            if (span is not { } at)
            {
                if (stored.CaseStudy.Title == text) vectors.Add(text, Rounded(stored.TitleEmbedding));
            }
            else if (places.TryGetValue(at.Start, out var i) && stored.Sentences[i].End == at.End && at.In(stored.CaseStudy.Text) == text) vectors.Add(text, Row(stored.SentenceEmbeddings, i));
        }
    }

    private readonly record struct Draft(IReadOnlyList<(string Text, TextSpan? Span)> Sentences, NothingToTag? Nothing);

    private Draft Split(TaggableText source)
    {
        var plain = MarkupMask.Apply(source.Text);
        var spans = Sentences.Split(plain);
        string[] texts = [.. spans.Select(s => Squeeze(s.In(plain)))];
        bool[] followsOn = [.. spans.Select((s, i) => i > 0 && plain.AsSpan(spans[i - 1].End, s.Start - spans[i - 1].End).IndexOfAny('\n', '\r') < 0)];
        var keep = _statements.Keep(texts, followsOn);
        var sentences = new List<(string, TextSpan?)>();
        for (var i = 0; i < texts.Length; i++)
        {
            if (keep[i] && texts[i].Any(char.IsLetter)) sentences.Add((texts[i], spans[i]));
        }

        if (Words.Split(plain).Take(MinWords).Count() < MinWords) return new([], NothingToTag.TooShort);
        if (LanguageGuess.IsForeign(plain)) return new([], NothingToTag.OtherLanguage);
        if (sentences.Sum(s => Words.Split(s.Item1).Take(MinWords).Count()) < MinWords) return new([], NothingToTag.OnlyStatements);
        var title = Squeeze(MarkupMask.Apply(source.Title));
        if (title.Any(char.IsLetter) && _statements.Keep([title], [false])[0]) sentences.Insert(0, (title, null));
        return new(sentences, null);
    }

    private ReadText Finish(TaggableText source, Draft draft, Dictionary<string, float[]> vectors)
    {
        var principles = _catalogue.Principles.Count;
        var features = new float[FeatureCount];
        var mean = new float[Dimension];
        var similarities = new float[principles];
        Array.Fill(similarities, -1);
        if (draft.Nothing is not null) return new ReadText(source, [], features, mean, similarities, draft.Nothing);

        var sentences = new List<ReadSentence>(draft.Sentences.Count);
        Span<int> counts = stackalloc int[2 * principles];
        Span<int> sums = stackalloc int[2 * principles];
        sums.Clear();
        foreach (var (text, span) in draft.Sentences)
        {
            var embedding = vectors[text];
            var row = new float[FeatureCount];
            TensorPrimitives.Multiply(embedding, EmbeddingScale, row.AsSpan(0, Dimension));
            _catalogue.Cues.Count(CueMatcher.Stems(text), counts);
            for (var c = 0; c < counts.Length; c++)
            {
                row[Dimension + c] = MathF.Log(1 + counts[c]);
                sums[c] += counts[c];
            }

            for (var p = 0; p < principles; p++) similarities[p] = Math.Max(similarities[p], TensorPrimitives.Dot(embedding, _descriptions[p]));
            TensorPrimitives.Add(mean, embedding, mean);
            sentences.Add(new ReadSentence(text, Shown(source.Text, text, span), span, row));
        }

        mean = Normalised(mean);
        TensorPrimitives.Multiply(mean, EmbeddingScale, features.AsSpan(0, Dimension));
        var share = Math.Min(1f, CueSentences / (float)sentences.Count);
        for (var c = 0; c < sums.Length; c++) features[Dimension + c] = MathF.Log(1 + (sums[c] * share));
        return new ReadText(source, sentences, features, mean, similarities, null);
    }

    /// <summary>To the 8 bits a number that the index keeps, so that a text is tagged alike from the index and afresh.</summary>
    private static float[] Rounded(ReadOnlyMemory<float> vector) => Row(QuantizedVectors.Of([vector], vector.Length), 0);

    private static float[] Row(QuantizedVectors vectors, int index)
    {
        var row = new float[vectors.Dimension];
        vectors.CopyTo(index, row);
        return Normalised(row);
    }

    private static float[] Normalised(float[] vector)
    {
        var norm = TensorPrimitives.Norm(vector);
        if (norm > 0) TensorPrimitives.Divide(vector, norm, vector);
        return vector;
    }

    // As it stands in the text, so that a reader can find it there; without its markup where it holds some.
    private static string Shown(string source, string text, TextSpan? span) =>
        span is { } s && Squeeze(s.In(source)) == text ? s.In(source) : text;

    private static string Squeeze(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
