using System.Numerics.Tensors;
using CoopAI.Core.Tagging.Learning;

namespace CoopAI.Core.Tagging;

/// <summary>Votes of the nearest labelled texts, by cosine of the centred mean embeddings.</summary>
internal sealed class Neighbours
{
    private readonly IReadOnlyList<TaggingExample> _examples;
    private readonly IReadOnlyList<string> _ids;
    private readonly float[] _centre;
    private readonly float[][] _vectors;
    private readonly double[] _base;
    private readonly int _count;

    public Neighbours(IReadOnlyList<TaggingExample> examples, IReadOnlyList<string> ids, float[] centre, int count)
    {
        (_examples, _ids, _centre, _count) = (examples, ids, centre, count);
        _vectors = [.. examples.Select(e => Centred(e.Text))];
        _base = [.. ids.Select(id =>
        {
            var known = examples.Count(e => e.Labels.ContainsKey(id));
            return (examples.Count(e => e.Labels.TryGetValue(id, out var yes) && yes) + 0.5) / (known + 2.0);
        })];
    }

    /// <summary>Examples by similarity to the text, nearest first, without the text itself; only those more similar than an average text.</summary>
    public IReadOnlyList<(TaggingExample Example, float Similarity)> Nearest(ReadText text)
    {
        var vector = Centred(text);
        var fingerprint = text.Source.Fingerprint;
        return [.. _examples
            .Select((e, i) => (Example: e, Similarity: TensorPrimitives.Dot(vector, _vectors[i])))
            .Where(n => n.Similarity > 0 && !(text.Source.Slug is { } slug && slug == n.Example.Text.Source.Slug) && n.Example.Text.Source.Fingerprint != fingerprint)
            .OrderByDescending(n => n.Similarity).ThenBy(n => n.Example.Key, StringComparer.Ordinal)];
    }

    /// <summary>Log-odds of each principle among the nearest, drawn to its base rate.</summary>
    public float[] Votes(IReadOnlyList<(TaggingExample Example, float Similarity)> nearest)
    {
        var votes = new float[_ids.Count];
        for (var p = 0; p < votes.Length; p++)
        {
            var (yes, all) = (0.5 * _base[p], 0.5);
            foreach (var (example, similarity) in nearest.Take(_count))
            {
                if (!example.Labels.TryGetValue(_ids[p], out var label)) continue;
                all += similarity;
                if (label) yes += similarity;
            }

            var q = Math.Clamp(yes / all, 0.01, 0.99);
            votes[p] = (float)Math.Log(q / (1 - q));
        }

        return votes;
    }

    private float[] Centred(ReadText text)
    {
        var vector = new float[_centre.Length];
        TensorPrimitives.Subtract(text.Embedding, _centre, vector);
        var norm = TensorPrimitives.Norm<float>(vector);
        if (norm > 0) TensorPrimitives.Divide(vector, norm, vector);
        return vector;
    }
}
