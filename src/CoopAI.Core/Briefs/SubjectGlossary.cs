using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Reflection;
using System.Runtime.InteropServices;
using CoopAI.Core.Language;
using CoopAI.Core.Ranking;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Vectors;

namespace CoopAI.Core.Briefs;

/// <summary>Subjects of local government with their names and what people call them otherwise: <c>prompts/reading/subjects.txt</c>.</summary>
/// <remarks>
/// It tells which subject a question is about when it does not use a name of it ("holes in the road"), and whether any case study speaks of that subject.
/// The embeddings of its lines ship for one encoder (<c>subject-vectors.bin</c>, made by <c>tools/train-briefs</c>); with another, words alone count.
/// Immutable and safe for concurrent use.
/// </remarks>
internal sealed class SubjectGlossary
{
    /// <summary>How sharply the best subject stands out, and what shared words count beside a cosine: chosen by cross-validation, flat around these.</summary>
    private const double Sharpness = 0.04;
    private const double WordsShare = 0.15;

    /// <summary>A saying of fewer rare words than this is no better matched for being short.</summary>
    private const double LeastWeight = 6;

    /// <summary>What a name in a sentence counts beside one in the title or among the topics.</summary>
    private const float InSentence = 0.7f;

    private static readonly Lazy<SubjectGlossary> ShippedGlossary = new(() => new SubjectGlossary(Resource("CoopAI.Core.Questions.subjects.txt", s => new StreamReader(s).ReadToEnd())));

    private static readonly Lazy<QuantizedVectors?> ShippedVectors = new(() => Resource("CoopAI.Core.Briefs.subject-vectors.bin", Read));

    private readonly string[][][] _names;
    private readonly (int Subject, string[] Stems)[] _lines;

    private SubjectGlossary(string text)
    {
        var subjects = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(l => l[0] != '#')
            .Select(l => l.Split(": ", 2) is [var names, var sayings] ? (Names: names, Sayings: sayings.Split("; ")) : throw new InvalidOperationException($"subjects.txt: “{l}” has no colon between its names and its sayings.")).ToList();
        _names = [.. subjects.Select(s => s.Names.Split(", ").Select(Stems).Where(n => n.Length > 0).ToArray())];
        Lines = [.. subjects.SelectMany(s => s.Sayings.Prepend(s.Names))];
        _lines = [.. subjects.SelectMany((s, i) => s.Sayings.Prepend(s.Names).Select(l => (i, Stems(l))))];
    }

    public static SubjectGlossary Shipped => ShippedGlossary.Value;

    /// <summary>Vectors of <see cref="Lines"/> that ship; null: none do, or they are of other lines.</summary>
    public static QuantizedVectors? Vectors => ShippedVectors.Value is { } vectors && vectors.Count == Shipped.Lines.Count ? vectors : null;

    public int Count => _names.Length;

    /// <summary>What is encoded: for each subject its names as one line, then each of its sayings.</summary>
    public IReadOnlyList<string> Lines { get; }

    /// <summary>How likely a question is about each subject; and how near it comes to the best.</summary>
    /// <param name="stems">Of the question's content words, each once.</param>
    /// <param name="embedding">Of the question, L2-normalised, by the encoder of <see cref="Vectors"/>; null: by another.</param>
    /// <returns>Shares that add up to 1; nearness in about [0, 1.15].</returns>
    public (float[] Shares, double Nearness) Of(IReadOnlyList<string> stems, QuantizedQuery? embedding, LexicalStatistics statistics)
    {
        var asked = stems.ToDictionary(s => s, statistics.Idf, StringComparer.Ordinal);
        var vectors = embedding is { } query && Vectors is { } shipped && shipped.Dimension == query.Codes.Length ? shipped : null;
        var best = new double[Count];
        Array.Fill(best, double.MinValue);
        for (var i = 0; i < _lines.Length; i++)
        {
            var (subject, line) = _lines[i];
            double shared = 0, all = 0;
            foreach (var stem in line)
            {
                all += statistics.Idf(stem);
                if (asked.TryGetValue(stem, out var idf)) shared += idf;
            }

            best[subject] = Math.Max(best[subject], (vectors?.Dot(i, embedding!) ?? 0) + (WordsShare * shared / Math.Max(all, LeastWeight)));
        }

        var most = best.Max();
        var shares = best.Select(b => (float)Math.Exp((b - most) / Sharpness)).ToArray();
        TensorPrimitives.Divide(shares, TensorPrimitives.Sum<float>(shares), shares);
        return (shares, most);
    }

    /// <summary>For each subject how surely a case study speaks of it: 1 in title or topics, 0.7 in a sentence, else 0.</summary>
    public float[] In(StudyWords study) =>
        [.. _names.Select(names => names.Any(n => n.All(study.Label.Contains)) ? 1 : names.Any(n => n.All(study.All.Contains) && study.Sentences.Any(s => n.All(s.Contains))) ? InSentence : 0)];

    /// <summary>Writes vectors as they ship.</summary>
    public static byte[] Write(QuantizedVectors vectors)
    {
        var bytes = new byte[8 + (vectors.Count * 4) + vectors.Codes.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, vectors.Count);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), vectors.Dimension);
        for (var i = 0; i < vectors.Count; i++) BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(8 + (4 * i)), vectors.Scales[i]);
        MemoryMarshal.AsBytes(vectors.Codes).CopyTo(bytes.AsSpan(8 + (vectors.Count * 4)));
        return bytes;
    }

    private static QuantizedVectors Read(Stream stream)
    {
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        var bytes = memory.ToArray().AsSpan();
        var (count, dimension) = (BinaryPrimitives.ReadInt32LittleEndian(bytes), BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]));
        var scales = new float[count];
        for (var i = 0; i < count; i++) scales[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(8 + (4 * i))..]);
        return QuantizedVectors.From(MemoryMarshal.Cast<byte, sbyte>(bytes[(8 + (count * 4))..]), scales, dimension);
    }

    private static string[] Stems(string text) => [.. SearchWords.Split(text).Select(PorterStemmer.Stem).Distinct(StringComparer.Ordinal)];

    private static T Resource<T>(string name, Func<Stream, T> read)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not in the assembly.");
        return read(stream);
    }
}
