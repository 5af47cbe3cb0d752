using System.Globalization;
using System.Numerics.Tensors;
using System.Security.Cryptography;
using System.Text;
using CoopAI.Core;
using CoopAI.Core.Vectors;
using Microsoft.Extensions.AI;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace CoopAI.Adapters.Models;

/// <summary>A sentence encoder of the BERT kind on this machine. Embeddings have length 1. Safe for concurrent use.</summary>
/// <remarks>
/// The same text gives the same embedding, bit for bit, whatever it is embedded together with and however many threads work:
/// every run of the model is single-threaded, and a text is filled up to a length that it alone decides.
/// Questions go first: while one is being embedded, the threads of a batch begin nothing new.
/// At most <see cref="EncoderSettings.LongestInput"/> word pieces of a text are read.
/// </remarks>
public sealed class OnnxEmbeddingGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    /// <summary>Word pieces in one run of the model: more is no faster, and a question waits until the run ends.</summary>
    private const int PiecesARun = 512;

    /// <summary>Texts are filled up to a multiple of this, so that short texts of nearly one length share a run.</summary>
    private const int Step = 4;

    /// <summary>How long a batch steps back for questions before each run; without an end a busy service could never be given a case study.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    /// <summary>Rows without a piece that some models have, so that their number is a round one.</summary>
    private const int MostPadding = 128;

    /// <summary>Questions whose embeddings are remembered: the rules and the search ask for the same one within a few milliseconds.</summary>
    private const int Lately = 16;

    private static readonly string[] Known = ["input_ids", "attention_mask", "token_type_ids"];

    private readonly EncoderSettings _settings;
    private readonly string _folder;
    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly BertPieces _pieces;
    private readonly string[] _inputs;
    private readonly string _output;
    private readonly int _threads;
    private readonly SemaphoreSlim _workers;
    private readonly SemaphoreSlim _questions = new(Environment.ProcessorCount);
    private readonly ManualResetEventSlim _noQuestion = new(true);
    private readonly Lock _counting = new();
    private readonly (string Key, float[] Vector)[] _lately = new (string, float[])[Lately];
    private readonly Lock _remembering = new();
    private int _nextLately;
    private readonly EncoderMetadata _metadata;
    private int _asking;

    /// <summary>Reads the model; some 150 ms.</summary>
    /// <param name="directory">A folder as <see cref="EncoderFolder"/> describes it; null for the encoder that ships.</param>
    /// <param name="threads">Threads that batches may use together; null for one a processor.</param>
    /// <exception cref="BadInputException">The folder holds no model that can be used; the message says what is wrong.</exception>
    public OnnxEmbeddingGenerator(string? directory = null, int? threads = null)
    {
        _threads = threads ?? Environment.ProcessorCount;
        ArgumentOutOfRangeException.ThrowIfLessThan(_threads, 1, nameof(threads));
        _workers = new SemaphoreSlim(_threads);
        _folder = directory ?? EncoderFolder.Shipped;
        var folder = EncoderFolder.Read(_folder);
        _settings = folder.Settings;
        var vocabulary = folder.ReadVocabulary();
        _pieces = new BertPieces(vocabulary, _settings.LowerCase);
        _metadata = new EncoderMetadata("CoopAI", null, _settings.Id, _settings.Dimensions, _settings.LongestInput);
        if (!File.Exists(folder.Model)) throw new BadInputException($"The sentence encoder's folder {_folder} holds no {EncoderFolder.ModelName}.");
        try
        {
            // One thread a run: the rows of a matrix are then summed in one order. Runs stand side by side instead.
            using var options = new SessionOptions
            {
                IntraOpNumThreads = 1,
                InterOpNumThreads = 1,
                ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
                LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
                // Lengths vary: what is kept for one of them would only fill the memory.
                EnableCpuMemArena = false,
                EnableMemoryPattern = false,
            };
            _session = new InferenceSession(folder.Model, options);
        }
        catch (OnnxRuntimeException e)
        {
            throw new BadInputException($"{folder.Model} cannot be read as a model ({OneLine(e)}). Fetch it again.", e);
        }

        try
        {
            (_inputs, _output) = Check(folder.Model);
            if (OnnxFile.RowsPickedBy(folder.Model, "input_ids") is { } rows && vocabulary.Count < rows - MostPadding)
                throw new BadInputException($"The vocabulary in {_folder} has {vocabulary.Count} pieces, {EncoderFolder.ModelName} one for each of {rows}: it is of another model, or cut short. Fetch both again.");
            // The last piece of the vocabulary must have its row in the model.
            Try(folder.Model, [_pieces.Begin, vocabulary.Count - 1, _pieces.End], $"its vocabulary has {vocabulary.Count} pieces");
        }
        catch
        {
            _session.Dispose();
            throw;
        }
    }

    /// <summary>The id that travels with an index.</summary>
    public string ModelId => _settings.Id;

    /// <summary>Values of an embedding.</summary>
    public int Dimensions => _settings.Dimensions;

    /// <summary>How many word pieces a text has, unclipped and without the model's marks.</summary>
    public int CountPieces(string text) => _pieces.Count(text);

    /// <summary>One embedding a text, in the order of the texts.</summary>
    /// <param name="options"><see cref="EmbeddedQuestion.Options"/> for questions.</param>
    /// <exception cref="ArgumentException">The options ask for another model or dimension, or a text is null.</exception>
    /// <exception cref="ModelServiceException">The model gives no usable values.</exception>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (options?.Dimensions is { } dimensions && dimensions != _settings.Dimensions) throw new ArgumentException($"{dimensions} dimensions were asked for; {_settings.Id} gives {_settings.Dimensions}.", nameof(options));
        if (options?.ModelId is { } model && model != _settings.Id) throw new ArgumentException($"The model {model} was asked for; this is {_settings.Id}.", nameof(options));
        string[] texts = [.. values];
        if (Array.IndexOf(texts, null) is >= 0 and var missing) throw new ArgumentException($"Text {missing} is null.", nameof(values));

        var prefix = options.IsQuestion() ? _settings.QuestionPrefix : _settings.TextPrefix;
        var (vectors, ids) = (new float[texts.Length][], new long[texts.Length][]);
        if (options.IsQuestion() && texts.Length == 1)
        {
            // Under a hash, so that no question stays in memory longer than its answer takes.
            var key = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(texts[0])));
            if (Remembered(key) is { } known) return Answer([known], 0);
            await EncodeAloneAsync();
            Remember(key, vectors[0]);
        }
        else if (options.IsQuestion() || texts.Length == 1)
        {
            await EncodeAloneAsync();
        }
        else if (texts.Length > 1)
        {
            await Task.Run(() => EncodeBatch(texts, prefix, ids, vectors, cancellationToken), cancellationToken).ConfigureAwait(false);
        }

        return Answer(vectors, ids.Sum(i => (long)i.Length));

        async Task EncodeAloneAsync()
        {
            await _questions.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                EncodeFirst(texts, prefix, ids, vectors, cancellationToken);
            }
            finally
            {
                _questions.Release();
            }
        }

        GeneratedEmbeddings<Embedding<float>> Answer(float[][] found, long pieces) => new(found.Select(v => new Embedding<float>(v) { ModelId = _settings.Id }))
        {
            Usage = new UsageDetails { InputTokenCount = pieces, TotalTokenCount = pieces },
        };
    }

    private float[]? Remembered(string key)
    {
        lock (_remembering)
        {
            foreach (var (known, vector) in _lately)
            {
                if (known == key) return [.. vector];
            }

            return null;
        }
    }

    private void Remember(string key, float[] vector)
    {
        lock (_remembering)
        {
            _lately[_nextLately] = (key, [.. vector]);
            _nextLately = (_nextLately + 1) % Lately;
        }
    }

    /// <summary>The embedding of one text that is no question, on the calling thread.</summary>
    /// <exception cref="ModelServiceException">The model gives no usable values.</exception>
    public float[] Encode(string text)
    {
        var (vectors, ids) = (new float[1][], new long[1][]);
        EncodeFirst([text], _settings.TextPrefix, ids, vectors, CancellationToken.None);
        return vectors[0];
    }

    object? IEmbeddingGenerator.GetService(Type serviceType, object? serviceKey)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType.IsInstanceOfType(_metadata) ? _metadata
            : serviceType.IsInstanceOfType(this) ? this : null;
    }

    public void Dispose()
    {
        _session.Dispose();
        _run.Dispose();
        _workers.Dispose();
        _questions.Dispose();
        _noQuestion.Dispose();
    }

    /// <summary>Before all that is in a batch, on the calling thread.</summary>
    private void EncodeFirst(string[] texts, string prefix, long[][] ids, float[][] vectors, CancellationToken cancellationToken)
    {
        Count(1);
        try
        {
            for (var t = 0; t < texts.Length; t++) ids[t] = _pieces.Encode(prefix + texts[t], _settings.LongestInput);
            foreach (var run in Runs(ids, 1))
            {
                cancellationToken.ThrowIfCancellationRequested();
                Run(run, ids, vectors);
            }
        }
        finally
        {
            Count(-1);
        }

        void Count(int by)
        {
            lock (_counting)
            {
                _asking += by;
                if (_asking == 0) _noQuestion.Set();
                else _noQuestion.Reset();
            }
        }
    }

    private void EncodeBatch(string[] texts, string prefix, long[][] ids, float[][] vectors, CancellationToken cancellationToken)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = _threads, CancellationToken = cancellationToken };
        Parallel.For(0, texts.Length, parallel, t => ids[t] = _pieces.Encode(prefix + texts[t], _settings.LongestInput));
        var runs = Runs(ids, _threads);
        Parallel.For(0, runs.Count, parallel, r =>
        {
            _workers.Wait(cancellationToken);
            try
            {
                _noQuestion.Wait(Patience, cancellationToken);
                Run(runs[r], ids, vectors);
            }
            finally
            {
                _workers.Release();
            }
        });
    }

    /// <summary>Texts of one filled length that are run together, the longest first, so that the last runs are short and the threads end together.</summary>
    private static List<int[]> Runs(long[][] ids, int threads)
    {
        // A small batch is shared out among the threads.
        var most = Math.Clamp(ids.Sum(i => Filled(i.Length)) / threads, 1, PiecesARun);
        return [.. Enumerable.Range(0, ids.Length).GroupBy(t => Filled(ids[t].Length)).OrderByDescending(g => g.Key).SelectMany(g => g.Chunk(Math.Max(1, most / g.Key)))];
    }

    private static int Filled(int length) => (length + Step - 1) / Step * Step;

    private void Run(int[] texts, long[][] ids, float[][] vectors)
    {
        var width = Math.Min(Filled(ids[texts[0]].Length), _settings.LongestInput);
        var (pieces, mask) = (new long[texts.Length * width], new long[texts.Length * width]);
        Array.Fill(pieces, _pieces.Padding);
        for (var row = 0; row < texts.Length; row++)
        {
            ids[texts[row]].CopyTo(pieces, row * width);
            Array.Fill(mask, 1, row * width, ids[texts[row]].Length);
        }

        using var output = Ask(pieces, mask, texts.Length);
        var values = output[0].GetTensorDataAsSpan<float>();
        var size = _settings.Dimensions;
        for (var row = 0; row < texts.Length; row++)
        {
            var vector = new float[size];
            if (_settings.Pooling != EncoderPooling.Mean) values.Slice(_settings.Pooling == EncoderPooling.First ? row * width * size : row * size, size).CopyTo(vector);
            else for (var i = 0; i < ids[texts[row]].Length; i++) TensorPrimitives.Add(vector, values.Slice(((row * width) + i) * size, size), vector);
            var length = Math.Sqrt(TensorPrimitives.Dot<float>(vector, vector));
            if (!double.IsFinite(length) || length == 0)
                throw new ModelServiceException(ModelServiceFault.Malformed, $"The sentence encoder {_settings.Id} in {_folder} gives values that are no numbers or all 0 for a text of {ids[texts[row]].Length} word pieces. Use another model, or fetch it again.");
            TensorPrimitives.Divide(vector, (float)length, vector);
            vectors[texts[row]] = vector;
        }
    }

    private IDisposableReadOnlyCollection<OrtValue> Ask(long[] pieces, long[] mask, int texts)
    {
        long[] shape = [texts, pieces.Length / texts];
        var values = _inputs.Select(name => OrtValue.CreateTensorValueFromMemory(name switch { "input_ids" => pieces, "attention_mask" => mask, _ => new long[pieces.Length] }, shape)).ToArray();
        try
        {
            return _session.Run(_run, _inputs, values, [_output]);
        }
        finally
        {
            foreach (var value in values) value.Dispose();
        }
    }

    /// <summary>The model's inputs and the output that is wanted.</summary>
    private (string[] Inputs, string Output) Check(string file)
    {
        string[] inputs = [.. _session.InputMetadata.Keys];
        if (!inputs.Contains("input_ids", StringComparer.Ordinal) || inputs.Except(Known, StringComparer.Ordinal).Any() || _session.InputMetadata.Values.Any(i => i.ElementDataType != TensorElementType.Int64 || i.Dimensions.Length != 2))
            throw new BadInputException($"{file} has the inputs {Names(_session.InputMetadata)}. A sentence encoder has input_ids, attention_mask and token_type_ids (the last two may be left out), whole numbers of 64 bits, texts by word pieces.");
        var wanted = _settings.Pooling == EncoderPooling.None ? 2 : 3;
        var output = _session.OutputMetadata.FirstOrDefault(o => o.Value.ElementDataType == TensorElementType.Float && o.Value.Dimensions.Length == wanted && o.Value.Dimensions[^1] is var last && (last == _settings.Dimensions || last < 0)).Key;
        return output is not null ? (inputs, output) : throw new BadInputException(
            $"{file} has the outputs {Names(_session.OutputMetadata)}. With the pooling \"{_settings.Pooling}\" in {EncoderFolder.SettingsName} one of {wanted} dimensions with {_settings.Dimensions} floats is needed.");

        static string Names(IReadOnlyDictionary<string, NodeMetadata> nodes) => string.Join(", ", nodes.Select(n => $"{n.Key} ({n.Value.ElementDataType} [{string.Join(", ", n.Value.Dimensions.Select(d => d < 0 ? "any" : d.ToString(CultureInfo.InvariantCulture)))}])"));
    }

    /// <summary>Runs the model once, so that what does not fit comes up at the start.</summary>
    private void Try(string file, long[] ids, string claim)
    {
        try
        {
            var vectors = new float[1][];
            Run([0], [ids], vectors);
        }
        catch (Exception e) when (e is OnnxRuntimeException or ArgumentOutOfRangeException)
        {
            throw new BadInputException($"{file} does not fit its folder: {claim}, but the model fails there ({OneLine(e)}).", e);
        }
        catch (ModelServiceException e)
        {
            throw new BadInputException($"{file} cannot be used: it gives values that are no numbers or all 0. Fetch it again, or use another model.", e);
        }
    }

    private static string OneLine(Exception e)
    {
        var line = e.Message.ReplaceLineEndings(" ");
        return line.Length > 200 ? line[..200] + "…" : line;
    }
}
