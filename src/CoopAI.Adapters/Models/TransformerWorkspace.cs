using static CoopAI.Adapters.Models.MatrixKernel;
using static CoopAI.Adapters.Models.SentenceEncoderWeights;

namespace CoopAI.Adapters.Models;

/// <summary>The scratch memory of one thread, and the forward pass through the encoder on it. Used by one thread at a time.</summary>
internal sealed unsafe class TransformerWorkspace
{
    /// <summary>Token rows that fit in one pass: four texts of the full length, or many short ones. Each pass reads all weights, so fewer would cost more.</summary>
    public const int MaxRows = 4 * UniversalSentenceEncoder.MaxPieces;

    private const int Heads = 4;
    private const int MaxPadded = (UniversalSentenceEncoder.MaxPieces + PanelColumns - 1) / PanelColumns * PanelColumns;

    // One block more than the rows fill: a text's last block reaches past its end, and what it writes there is overwritten or not read.
    private static readonly int RowCapacity = (BlocksFor(MaxRows) + 1) * BlockRows;
    private static readonly int TextRowCapacity = BlocksFor(UniversalSentenceEncoder.MaxPieces) * BlockRows;

    private readonly SentenceEncoderWeights _weights;
    private readonly KernelWidth _width;

    private readonly AlignedFloats _tokens = new(RowCapacity * TokenWidth);
    private readonly AlignedFloats _state = new(RowCapacity * ModelWidth);
    private readonly AlignedFloats _normed = new(RowCapacity * ModelWidth);
    private readonly AlignedFloats _wide = new(RowCapacity * HiddenWidth);    // queries, keys and values; later the hidden layer
    private readonly AlignedFloats _attended = new(RowCapacity * ModelWidth);
    private readonly AlignedFloats _scores = new(TextRowCapacity * MaxPadded);
    private readonly AlignedFloats _keys = new(MaxPadded * MaxPadded);
    private readonly AlignedFloats _values = new(MaxPadded * MaxPadded);
    private readonly AlignedFloats _places = new(MaxRows * HiddenWidth);      // whole numbers of 32 bits
    private readonly AlignedFloats _counts = new(MaxRows);                    // likewise
    private readonly AlignedFloats _means = new(RowCapacity * HiddenWidth);   // one row a text

    public TransformerWorkspace(SentenceEncoderWeights weights, KernelWidth width)
    {
        _weights = weights;
        _width = width;
        Ids = new int[MaxRows];
        Lengths = new int[MaxRows];
    }

    /// <summary>Pieces of the texts of this pass, one text after the other.</summary>
    public int[] Ids { get; }

    /// <summary>Number of pieces of each text, 1 to 128.</summary>
    public int[] Lengths { get; }

    /// <summary>Encodes the texts in <see cref="Ids"/> and <see cref="Lengths"/>; <see cref="Result"/> then holds them.</summary>
    /// <param name="texts">How many texts.</param>
    public void Run(int texts)
    {
        var rows = 0;
        for (var t = 0; t < texts; t++) rows += Lengths[t];
        LookUp(texts, rows);
        Layer(_weights.First, _tokens.Pointer, texts, rows);
        Attend(_weights.Second, _state.Pointer, texts, rows);
        Expand(_weights.Second, rows);

        // The last product is linear and only its mean is wanted: the mean of the hidden rows is multiplied once a text instead.
        Mean(_wide.Pointer, HiddenWidth, texts, _means.Pointer);
        Mean(_state.Pointer, ModelWidth, texts, _attended.Pointer);
        _weights.Second.Contract.Apply(_width, _means.Pointer, texts, _attended.Pointer, KernelMode.Accumulate);
        _weights.Output.Apply(_width, _attended.Pointer, texts, _normed.Pointer);
        for (var t = 0; t < texts; t++) Normalise(_normed.Pointer + (t * ModelWidth));
    }

    /// <summary>The embedding of one text of the last pass: 512 values of length 1.</summary>
    public ReadOnlySpan<float> Result(int text) => _normed.Span.Slice(text * ModelWidth, ModelWidth);

    /// <summary>What a text without any piece becomes: the output layer's answer to a row of zeros.</summary>
    public static float[] Empty(SentenceEncoderWeights weights)
    {
        var row = new float[ModelWidth];
        new ReadOnlySpan<float>(weights.Output.Bias, ModelWidth).CopyTo(row);
        fixed (float* pointer = row) Normalise(pointer);
        return row;
    }

    // The reference adds a token's embedding twice: once alone, once with the position's sinusoid.
    private void LookUp(int texts, int rows)
    {
        var to = _tokens.Pointer;
        var id = 0;
        for (var t = 0; t < texts; t++)
        {
            for (var position = 0; position < Lengths[t]; position++, to += TokenWidth)
            {
                var token = _weights.Embeddings.Pointer + ((nint)Ids[id++] * TokenWidth);
                var signal = _weights.Positions.Pointer + (position * TokenWidth);
                for (var i = 0; i < TokenWidth; i++) to[i] = token[i] + (token[i] + signal[i]);
            }
        }

        new Span<float>(to, ((BlocksFor(rows) * BlockRows) - rows) * TokenWidth).Clear();
    }

    private void Layer(TransformerLayer layer, float* input, int texts, int rows)
    {
        Attend(layer, input, texts, rows);
        Expand(layer, rows);

        // The rectifier leaves some 93 of 100 hidden values at 0.
        layer.Contract.AccumulateSparse(_width, _wide.Pointer, rows, _state.Pointer, (int*)_places.Pointer, (int*)_counts.Pointer);
    }

    // state = residual + attention(norm(input))
    private void Attend(TransformerLayer layer, float* input, int texts, int rows)
    {
        layer.Adjust?.Apply(_width, input, rows, _state.Pointer);
        NormInto(layer.AttentionNorm, input, layer.Width, rows);
        layer.QueryKeyValue.Apply(_width, _normed.Pointer, rows, _wide.Pointer);
        var first = 0;
        for (var t = 0; t < texts; t++)
        {
            for (var head = 0; head < Heads; head++) AttendHead(layer.Width, first, Lengths[t], head);
            first += Lengths[t];
        }

        layer.AttentionOutput.Apply(_width, _attended.Pointer, rows, _state.Pointer, KernelMode.Accumulate);
    }

    private void AttendHead(int width, int first, int length, int head)
    {
        var headWidth = width / Heads;
        var stride = 3 * width;
        var queries = _wide.Pointer + ((nint)first * stride) + (head * headWidth);
        var blocks = BlocksFor(length);
        var panels = PanelsFor(length);
        var padded = panels * PanelColumns;
        PackTransposed(queries + width, stride, headWidth, length, _keys.Pointer);
        Multiply(_width, queries, stride, blocks, headWidth, _keys.Pointer, panels, null, _scores.Pointer, padded, KernelMode.Plain);
        for (var r = 0; r < length; r++) VectorMath.Softmax(_scores.Pointer + (r * padded), length);
        PackColumns(queries + (2 * width), stride, length, headWidth, _values.Pointer);
        var to = _attended.Pointer + ((nint)first * width) + (head * headWidth);
        Multiply(_width, _scores.Pointer, padded, blocks, length, _values.Pointer, PanelsFor(headWidth), null, to, width, KernelMode.Plain);
    }

    // wide = relu(norm(state)·W + b)
    private void Expand(TransformerLayer layer, int rows)
    {
        NormInto(layer.FeedForwardNorm, _state.Pointer, ModelWidth, rows);
        layer.Expand.Apply(_width, _normed.Pointer, rows, _wide.Pointer, KernelMode.Relu);
    }

    private void NormInto(NormWeights norm, float* from, int width, int rows)
    {
        for (var r = 0; r < rows; r++) VectorMath.LayerNorm(from + ((nint)r * width), norm.Scale.Pointer, norm.Bias.Pointer, _normed.Pointer + ((nint)r * width), width);
    }

    private void Mean(float* from, int width, int texts, float* to)
    {
        for (var t = 0; t < texts; t++, to += width)
        {
            new Span<float>(to, width).Clear();
            for (var r = 0; r < Lengths[t]; r++, from += width) VectorMath.Add(from, to, width);
            VectorMath.Scale(to, 1f / Lengths[t], width);
        }
    }

    private static void Normalise(float* row)
    {
        for (var i = 0; i < ModelWidth; i++) row[i] = (float)Math.Tanh(row[i]);
        VectorMath.Scale(row, 1 / MathF.Sqrt(VectorMath.SumOfSquares(row, ModelWidth)), ModelWidth);
    }
}
